"""Limits against toll fraud as an administrator sets them, and the mails they cause."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from officesmart.administration import outside_limits as store
from officesmart.administration.audit_words import changes
from officesmart.administration.outside_limits import LimitValues
from officesmart.desk import Desk
from officesmart.jobs import alarms as job
from officesmart.mailing.kinds import KINDS, Around, Ready
from officesmart.pages.admin_dialling import Dialling
from pbx.routing.features.outside_limits import Options
from pbx.routing.limits import OF_A_LINE, Hit, LimitOptions, limits_for
from pbx.store import alarms, outbox
from pbx.store.records import EndedCall, _write
from pbx.store.snapshot import build
from pbx.store.spent import last_hour
from pbx.tables import AuditEntry, Line, OpeningHours, OutboxItem
from tests.unit.administration.conftest import NASTY
from tests.unit.administration.tab import Tab


def limits_of(here: Desk, line: str = "") -> LimitOptions:
    """What a call would be held to now."""
    with here.database.reading() as session:
        return limits_for(build(session), line)


def form(**said: Any) -> dict[str, Any]:
    """As a browser sends it."""
    return {**{name: "" for name in store.NUMBERS}, "closed_hours": "0", **said}


def test_bounds_and_usual_values_are_those_of_the_feature() -> None:
    assert Options() == Options.model_validate(LimitOptions().model_dump())
    for name, most in store.MOST.items():
        for kind in (Options, LimitOptions):
            bounds = {type(each).__name__: each for each in kind.model_fields[name].metadata}
            assert (bounds["Ge"].ge, bounds["Le"].le) == (0, most), name
    assert {field for field in Options.model_fields} == {*store.FIELDS}


def test_the_sheet_is_saved_acts_at_once_and_is_logged(here: Desk) -> None:
    tab = Tab(here, Dialling)
    assert tab.limits["calls"] == "6" and tab.limits["office_dear_minutes"] == "120"
    tab.does("save_limits", form(calls="2", dear_minutes="0", office_calls="30"))
    assert tab.said == "Limiti salvati"
    now = limits_of(here, "201")
    assert (now.calls, now.dear_minutes, now.forwards) == (2, 0, 3)
    assert limits_of(here).office_calls == 30
    with here.database.reading() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.what == "limits_changed")).one()
    assert entry.before["calls"] == 6 and entry.after["calls"] == 2
    assert "chiamate esterne insieme, per linea" in [each.name for each in changes("it", entry)]


@pytest.mark.parametrize("nasty", [each for each in NASTY if each not in ("", " ", None, 17)])
def test_what_nobody_types_is_told_beside_its_field(here: Desk, nasty: Any) -> None:
    tab = Tab(here, Dialling)
    tab.does("save_limits", form(calls=nasty, closed_hours=nasty))
    if isinstance(nasty, str) and "\0" not in nasty:  # with that in it nothing is read at all
        assert tab.limits_faults["calls"] == "Scrivi un numero da 0 a 999"
    tab.does("add_own", {"line": nasty, "calls": nasty})
    assert limits_of(here).calls == 6
    assert tab.own_limits == []


def test_numbers_out_of_bounds(here: Desk) -> None:
    tab = Tab(here, Dialling)
    tab.does("save_limits", form(calls="1000", office_dear_minutes="-1"))
    assert tab.limits_faults["calls"] and tab.limits_faults["office_dear_minutes"]
    assert tab.limits_failed == 1 and limits_of(here).calls == 6


def test_a_bar_while_closed_needs_hours(here: Desk) -> None:
    tab = Tab(here, Dialling)
    tab.does("save_limits", form(closed_bar="on"))
    assert tab.limits_faults["closed_hours"].startswith("Scegli l'orario")
    with here.database.session() as session:
        session.add(OpeningHours(name="Sede"))
    tab.does("enter")
    tab.does("save_limits", form(closed_bar="on", closed_hours=tab.hours_choices[1].value))
    assert limits_of(here).closed_bar and limits_of(here).closed_hours > 0


def test_the_second_administrator_is_told_who_changed_what(here: Desk) -> None:
    one, two = Tab(here, Dialling), Tab(here, Dialling)
    one.does("save_limits", form(calls="2"))
    two.does("save_limits", form(forwards="1"))
    assert two.limits_clash.startswith("Sara Lombardi ha cambiato: chiamate esterne insieme")
    assert limits_of(here).forwards == 3
    two.does("keep_my_limits")
    now = limits_of(here)
    assert (now.calls, now.forwards) == (2, 1)


def test_a_line_gets_limits_of_its_own_and_loses_them(here: Desk) -> None:
    tab = Tab(here, Dialling)
    tab.does("add_own", {"line": "202", "dear_calls": "99", "calls": "", "forwards": "0"})
    assert limits_of(here, "202").dear_calls == 99 and limits_of(here, "202").forwards == 0
    assert limits_of(here, "201").dear_calls == 20
    (row,) = tab.own_limits
    assert (row.line, row.calls, row.dear_calls) == ("202 Davide Conti", 6, 99)
    tab.does("remove_own", row.id)
    assert limits_of(here, "202").dear_calls == 20 and tab.own_limits == []
    tab.does("remove_own", row.id)
    tab.does("remove_own", 10**12)
    with here.database.reading() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.line == "202")).all()
    assert [entry.what for entry in entries] == ["limits_changed"] * 2


def test_judging_a_line_takes_the_offices_value_for_an_empty_field() -> None:
    values, faults = store.judge_line({"calls": "", "forwards": "x"}, LimitValues(calls=4))
    assert values["calls"] == 4 and list(faults) == ["forwards"]
    assert {*values} == {*OF_A_LINE}


# -- alarms -------------------------------------------------------------------------------------


def owed(session: Session, kind: str) -> list[OutboxItem]:
    found = select(OutboxItem).where(OutboxItem.kind == kind).order_by(col(OutboxItem.id))
    return list(session.exec(found))


def administrators_have_mail(here: Desk) -> None:
    with here.database.session() as session:
        sara = session.exec(select(Line).where(Line.extension == "203")).one()
        sara.email, sara.language = "sara@example.it", "en"
        giulia = session.exec(select(Line).where(Line.extension == "201")).one()
        giulia.email = "giulia@example.it"


def test_one_mail_for_a_line_and_hour_to_administrators_only(here: Desk) -> None:
    administrators_have_mail(here)
    now = here.now()
    met = Hit("calls", 6, "201", "201", "+393331234567")
    with here.database.session() as session:
        assert alarms.limit_met(session, met, now)
        assert not alarms.limit_met(session, met, now + timedelta(minutes=59))
        assert alarms.limit_met(session, Hit("calls", 60, "", "201", "+393331234567"), now)
        assert alarms.limit_met(session, met, now + timedelta(minutes=60))
        assert job.announce(session, now) == 2
        assert job.announce(session, now) == 0, "the third is of an hour later"
        rows = owed(session, "limit_met")
        assert [row.payload["to"] for row in rows] == ["sara@example.it"] * 2
        assert rows[0].payload["line"] == "201 Giulia Ferrante"
        assert "extension 201 has reached the limit of 6" in rows[0].payload["en"]
        assert job.announce(session, now + timedelta(hours=1)) == 1


def test_an_outage_is_mailed_once_and_so_is_its_end(here: Desk) -> None:
    administrators_have_mail(here)
    now = here.now()
    why = ("il fornitore non risponde", "the provider does not answer")
    with here.database.session() as session:
        for minute in range(4):
            alarms.trunk_moved(session, 1, "Primo", "down", why, now + timedelta(minutes=minute))
        assert job.announce(session, now + timedelta(seconds=119)) == 0, "it may be back at once"
        assert job.announce(session, now + timedelta(minutes=2)) == 1
        later = now + timedelta(hours=2)
        alarms.trunk_moved(session, 1, "Primo", "up", ("", ""), later)
        alarms.trunk_moved(session, 1, "Primo", "up", ("", ""), later)
        assert job.announce(session, later) == 1
        down, up = owed(session, "trunk_moved")
        assert (down.payload["state"], up.payload["state"]) == ("down", "up")
        assert up.payload["since"] == now.isoformat()
        alarms.trunk_moved(session, 1, "Primo", "down", why, later)
        assert job.announce(session, later + timedelta(minutes=3)) == 1, "a new outage"


def test_a_short_outage_and_a_line_switched_off_are_no_mail(here: Desk) -> None:
    administrators_have_mail(here)
    now = here.now()
    with here.database.session() as session:
        alarms.trunk_moved(session, 1, "Primo", "down", ("", ""), now)
        alarms.trunk_moved(session, 1, "Primo", "up", ("", ""), now + timedelta(seconds=90))
        assert job.announce(session, now + timedelta(hours=1)) == 0
        alarms.trunk_moved(session, 1, "Primo", "down", ("", ""), now)
        assert job.announce(session, now + timedelta(hours=1)) == 1
        alarms.trunk_moved(session, 1, "Primo", "off", ("", ""), now)
        alarms.trunk_moved(session, 1, "Primo", "up", ("", ""), now)
        assert job.announce(session, now + timedelta(hours=9)) == 0


def test_without_an_address_nobody_is_mailed_and_nothing_waits_for_ever(here: Desk) -> None:
    now = here.now()
    with here.database.session() as session:
        alarms.limit_met(session, Hit("calls", 6, "201", "201", "112"), now)
        assert job.announce(session, now) == 0
        assert outbox.due(session, now, kinds=(alarms.KIND,)) == ()


def test_letters_are_made_of_what_is_owed(here: Desk) -> None:
    administrators_have_mail(here)
    now = here.now()
    with here.database.session() as session:
        alarms.limit_met(session, Hit("dear_minutes", 60, "201", "201", "+33145678901"), now)
        alarms.trunk_moved(session, 1, "Primo", "down", ("non risponde", "does not answer"), now)
        job.announce(session, now + timedelta(minutes=2))
        for kind, title in (("limit_met", "A limit against"), ("trunk_moved", "Trunk “Primo”")):
            (row,) = owed(session, kind)
            ready = KINDS[kind].write(session, row, Around(here.zone))
            assert isinstance(ready, Ready) and ready.letter.title.startswith(title)
            assert ready.to == "sara@example.it"


# -- after a restart ----------------------------------------------------------------------------


def test_the_last_hour_is_read_from_the_records(here: Desk) -> None:
    now = here.now()

    def record(name: str, kind: str, *, began: int, ended: int, status: int = 200) -> EndedCall:
        start = now - timedelta(minutes=began)
        return EndedCall(
            name,
            start,
            now - timedelta(minutes=ended),
            answered_at=start if status == 200 else None,
            phones=({"line": "", "phone": "x", "status": status, "payer": "201", "kind": kind},),
        )

    with here.database.session() as session:
        _write(
            session,
            [
                record("a", "international", began=90, ended=30),
                record("b", "premium", began=20, ended=20, status=404),
                record("c", "national", began=20, ended=10),
                record("d", "international", began=90, ended=61),
            ],
        )
        found = last_hour(session, now)
    assert sorted((each.kind, each.seconds(now)) for each in found) == [
        ("international", 1800.0),
        ("premium", 0.0),
    ]


def test_a_line_that_is_switched_off_keeps_its_way_to_help(here: Desk) -> None:
    with here.database.session() as session:
        session.exec(select(Line).where(Line.extension == "202")).one().active = False
    with here.database.reading() as session:
        office = build(session)
    assert "202" not in office.accounts
    assert office.suspended["202"].extension == "202" and {*office.suspended} == {"202"}
