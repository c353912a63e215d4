"""Selezione rapida: the list as its owner edits it, and what a forged message may not do."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session, select

from officesmart import quick_dial
from officesmart.administration.lines import Refused
from officesmart.administration.typed import Typed
from officesmart.contacts import book
from officesmart.contacts.card import Card, Number
from officesmart.desk import Desk
from officesmart.pages._quick_dial_state import QuickDials
from officesmart.quick_dial import Dial, Judged, Moved
from pbx.routing.dialplan import SPEED_DIAL
from pbx.store import services, speed_dials
from pbx.store.dialplan import read_dial_plan
from pbx.store.snapshot import build
from pbx.tables import Line, ShortCode, SpeedDial
from tests.unit.administration.tab import Tab

BRUNO = Dial("5", "202", "Davide")
MOBILE = "+393331234567"


def line_of(session: Session, extension: str = "201") -> int:
    return session.exec(select(Line.id).where(Line.extension == extension)).one() or 0


def judged(session: Session, *dials: Dial, **form: object) -> Judged:
    session.flush()
    return quick_dial.judge(Typed(form), dials, read_dial_plan(session), build(session))


def saved(session: Session, base: tuple[Dial, ...], *wanted: Dial) -> tuple[Dial, ...]:
    return quick_dial.save(
        session,
        line_of(session),
        base=base,
        wanted=wanted,
        plan=read_dial_plan(session),
        office=build(session),
    )


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        ("202", "202"), ("0 333 123 4567", MOBILE), ("112", "112"), ("0187", "0187"),
        ("7001", "7001"), ("0 02 5550 1203", "203"),
    ],
)  # fmt: skip
def test_what_a_speed_dial_may_call(here: Desk, number: str, kept: str) -> None:
    with here.database.session() as session:
        session.add(ShortCode(code="7001", name="Corriere", number=MOBILE))
        found = judged(session, code="12", number=number, name=" Uno ")
        assert not found.faults
        assert found.dial == Dial("12", kept, "Uno")


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({}, {"code", "number"}),
        ({"code": "4", "number": "202"}, {"code"}),
        ({"code": "50", "number": "202"}, {"code"}),
        ({"code": "5", "number": "203"}, {"code"}),  # it has a number already
        ({"code": "6", "number": "299"}, {"number"}),
        ({"code": "6", "number": "5"}, {"number"}),
        ({"code": "6", "number": "1" * 10_000}, {"number"}),
        ({"code": "6" * 10_000, "number": "202"}, {"code"}),
        ({"code": "6", "number": "\U0001f600"}, {"number"}),
        ({"code": "6", "number": "<b>1</b>"}, {"number"}),
        ({"code": "6", "number": "'; DROP TABLE line"}, {"number"}),
        ({"code": "6", "number": "202", "name": "x" * 81}, {"name"}),
        ({"code": "6", "number": "202", "name": "a\u202eb"}, {"name"}),
        ({"code": ["6"], "number": {"a": 1}}, {"code", "number"}),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    here: Desk, form: dict[str, Any], wrong: set[str]
) -> None:
    with here.database.session() as session:
        assert set(judged(session, BRUNO, **form).faults) == wrong


def test_who_leaves_the_0_out_is_offered_it(here: Desk) -> None:
    with here.database.session() as session:
        found = judged(session, code="6", number="333 123 4567")
        assert "number" in found.faults
        assert found.offer.startswith("0 ")
        assert judged(session, code="6", number=found.offer).dial.number == MOBILE


def test_an_extension_with_the_same_digits_and_a_barred_number_are_said(here: Desk) -> None:
    with here.database.session() as session:
        session.add(Line(extension="12", name="Magazzino", created_at=here.now()))
        session.flush()
        plan, office = read_dial_plan(session), build(session)
        said = quick_dial.warnings(Dial("12", "202"), "201", plan, office)
        assert "12# è la selezione rapida" in said[0].it
        said = quick_dial.warnings(Dial("7", "+442079460000"), "201", plan, office)
        assert len(said) == 1
        assert quick_dial.warnings(Dial("7", "202"), "201", plan, office) == ()
        assert quick_dial.warnings(Dial("7", "112"), "201", plan, office) == ()


def test_the_list_is_saved_as_a_whole(here: Desk) -> None:
    with here.database.session() as session:
        now = saved(session, (), Dial("12", MOBILE), BRUNO)
        assert now == quick_dial.listed(session, line_of(session)) == (BRUNO, Dial("12", MOBILE))
        assert len(quick_dial.free(now)) == len(SPEED_DIAL) - 2
        now = saved(session, now, Dial("5", "203"))
        assert now == quick_dial.listed(session, line_of(session)) == (Dial("5", "203"),)
        assert saved(session, now) == ()
        assert session.exec(select(SpeedDial)).all() == []


def test_a_list_that_moved_meanwhile_is_not_overwritten(here: Desk) -> None:
    with here.database.session() as session:
        services.do(session, line_of(session), "speed_dial.on", number="203", place="9")
        with pytest.raises(Moved) as moved:
            saved(session, (), BRUNO)
        assert moved.value.now == (Dial("9", "203"),)


@pytest.mark.parametrize(
    "forged",
    [
        (Dial("4", "202"),), (Dial("5", "299"),), (Dial("5", ""),), (Dial("5", "x" * 99),),
        (BRUNO, Dial("5", "203")), (Dial("5", "202", "x" * 81),), (Dial("5", "03331234567"),),
    ],
)  # fmt: skip
def test_a_forged_list_is_refused(here: Desk, forged: tuple[Dial, ...]) -> None:
    with here.database.session() as session:
        with pytest.raises(Refused):
            saved(session, (), *forged)
        assert quick_dial.listed(session, line_of(session)) == ()


# --- the page ------------------------------------------------------------------------------------


def kept(here: Desk, extension: str = "201") -> tuple[Dial, ...]:
    with here.database.reading() as session:
        return quick_dial.listed(session, line_of(session, extension))


def test_added_applied_and_deleted(here: Desk) -> None:
    tab = Tab(here, QuickDials, "201")
    tab.does("add", {"code": "5", "number": "202", "name": ""})
    assert tab.draft and tab.changes == 1 and tab.rows[0].fresh
    assert (tab.rows[0].name, tab.rows[0].written) == ("Davide Conti", "202")
    assert "5" not in tab.free
    assert kept(here) == ()
    tab.does("apply", {})
    assert kept(here) == (Dial("5", "202"),) and tab.draft == ""
    tab.does("apply", {})
    assert tab.said == "Nessuna modifica da applicare"
    tab.does("remove", "5")
    tab.does("undo")
    assert tab.draft == "" and len(tab.rows) == 1
    tab.does("ask_clear")
    assert tab.asking
    tab.does("clear")
    tab.does("apply", {})
    assert kept(here) == ()
    assert Tab(here, QuickDials, "202").rows == []


def test_a_number_without_a_name_is_called_what_the_contact_is_called(here: Desk) -> None:
    with here.database.session() as session:
        speed_dials.put(session, line_of(session), "20", MOBILE, "")
        speed_dials.put(session, line_of(session), "21", "202", "")
    tab = Tab(here, QuickDials, who="201")
    assert {row.code: row.name for row in tab.rows if row.code in ("20", "21")} == {
        "20": "", "21": "Davide Conti",
    }  # fmt: skip
    with here.database.session() as session:
        card = Card("Zeno", numbers=(Number("mobile", MOBILE),))
        book.add(session, line_of(session), card)
    tab.does("news", ["contacts"])
    assert next(row.name for row in tab.rows if row.code == "20") == "Zeno"


def test_what_is_refused_stays_in_the_form_and_the_offer_is_taken(here: Desk) -> None:
    tab = Tab(here, QuickDials, "201")
    tab.does("add", {"code": "6", "number": "333 123 4567", "name": "Corriere"})
    assert tab.faults["number"] and tab.failed == 1
    assert (tab.typed_code, tab.typed_name) == ("6", "Corriere")
    tab.does("take_offer")
    tab.does("add", {"code": "6", "number": tab.typed_number, "name": "Corriere"})
    assert not any(tab.faults.values())
    tab.does("apply", {})
    assert kept(here) == (Dial("6", MOBILE, "Corriere"),)


def test_a_code_dialled_meanwhile_shows_and_is_asked_about(here: Desk) -> None:
    tab = Tab(here, QuickDials, "201")

    def dials(code: str, number: str) -> None:
        with here.database.session() as session:
            speed_dials.put(session, line_of(session), code, number)

    dials("9", "203")
    tab.does("news", ["settings"])
    assert [each.code for each in tab.rows] == ["9"] and not tab.clash
    tab.does("add", {"code": "5", "number": "202"})
    dials("10", "203")
    tab.does("apply", {})
    assert tab.clash
    tab.does("apply", {})
    assert tab.clash and "5" not in [each.code for each in kept(here)], "asked first"
    tab.does("keep_theirs")
    assert [each.code for each in tab.rows] == ["9", "10"] and not tab.clash and not tab.draft
    tab.does("remove", "9")
    dials("11", "203")
    tab.does("news", ["settings"])
    assert tab.clash
    tab.does("keep_mine")
    assert [each.code for each in kept(here)] == ["10"] and not tab.clash


def test_forged_messages_do_no_harm(here: Desk) -> None:
    tab = Tab(here, QuickDials, "201")
    tab.does("add", {"code": 5, "number": None, "more": "x"})
    tab.does("remove", "\U0001f600" * 100)
    tab.does("keep_theirs")
    tab.does("apply", {"draft": "x"})
    assert kept(here) == () and tab.rows == []
