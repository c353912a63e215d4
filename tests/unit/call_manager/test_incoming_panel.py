"""One line's incoming settings: what is right, what is kept, whose changes stay."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError
from sqlmodel import Session, select

from officesmart.administration import line_services
from officesmart.administration.clash import Clash
from officesmart.administration.lines import Gone, Refused
from officesmart.call_manager import incoming, judging, panel, wording
from officesmart.call_manager.incoming import FIELDS, Incoming, PlanRow, options_of
from pbx.routing.features import forward_no_answer, mailbox, ring_plan
from pbx.routing.features.service_code import FORWARDS
from pbx.routing.office import Office
from pbx.store import services
from pbx.store.session import Database
from pbx.store.snapshot import build
from pbx.tables import Line
from tests.unit.administration.conftest import SARA

MOBILE = "+393475550182"
OWN = PlanRow(rings=(True, False))
CELL = PlanRow(MOBILE, "Cellulare", (False, True))
PLAN = Incoming(mode="in_order", periods=(18, 12), phones=(OWN, CELL))


def line_id(session: Session, extension: str = "201") -> int:
    found = session.exec(select(Line.id).where(Line.extension == extension)).one()
    assert found is not None
    return found


@pytest.fixture
def house(database: Database) -> Office:
    with database.reading() as session:
        return build(session)


def keep(database: Database, values: Incoming, *, base: Incoming | None = None) -> Incoming:
    with database.session() as session:
        of = line_id(session)
        was = panel.read(session, of) if base is None else base
        return panel.save(session, of, base=was, values=values, office=build(session))


def read(database: Database) -> Incoming:
    with database.reading() as session:
        return panel.read(session, line_id(session))


def wrong(house: Office, values: Incoming) -> dict[str, str]:
    return {
        name: fault.it
        for name, fault in judging.faults(values, extension="201", office=house).items()
    }


def test_the_bounds_are_those_of_the_features() -> None:
    for name, field in (
        ("no_answer_seconds", forward_no_answer.Options.model_fields["seconds"]),
        ("mailbox_seconds", mailbox.Options.model_fields["seconds"]),
    ):
        bounds = {type(each).__name__: each for each in field.metadata}
        assert (bounds["Ge"].ge, bounds["Le"].le) == judging.SECONDS[name]
    plan = ring_plan.Options
    full: dict[str, Any] = {
        "mode": "in_order",
        "periods": (incoming.PERIOD_SECONDS,) * incoming.PERIODS,
        "phones": [{"number": f"30{n}"} for n in range(incoming.PHONES)],
    }
    assert plan.model_validate(full).periods
    for name, more in (
        ("periods", (*full["periods"], 1)),
        ("periods", (incoming.PERIOD_SECONDS + 1,)),
        ("phones", [*full["phones"], {"number": "399"}]),
        ("mode", "forward"),
    ):
        with pytest.raises(ValidationError):
            plan.model_validate(full | {name: more})
    assert {*FORWARDS} >= {"forward_all", "forward_busy", "forward_no_answer"}


def test_what_is_saved_is_read_again_and_heard_by_routing(database: Database) -> None:
    values = replace(
        PLAN,
        do_not_disturb=True,
        busy=True,
        busy_number="202",
        no_answer=True,
        no_answer_number="203",
        no_answer_seconds=55,
        mailbox_seconds=60,
    )
    assert keep(database, values) == values
    assert read(database) == values
    with database.reading() as session:
        options = build(session).lines["201"].options
    assert options["ring_plan"]["periods"] == [18, 12]
    assert options["forward_busy"] == {"enabled": True, "number": "202"}
    assert options["do_not_disturb"] == {"enabled": True}


def test_only_what_changed_is_written(database: Database) -> None:
    keep(database, replace(Incoming(), busy=True, busy_number="202"))
    with database.reading() as session:
        assert {*build(session).lines["201"].options} == {"forward_busy"}


def test_each_field_has_a_place_and_a_name() -> None:
    kept = options_of(PLAN)
    assert {(f, o) for f, row in kept.items() for o in row} == {*incoming.KEPT.values()}
    assert {*incoming.NAMES} == {*FIELDS}


def test_another_version_as_soon_as_anything_is_different() -> None:
    assert incoming.version(PLAN) == incoming.version(replace(PLAN))
    for other in (
        replace(PLAN, periods=(18, 13)),
        replace(PLAN, phones=(OWN, replace(CELL, confirm=False))),
        replace(PLAN, busy=True),
    ):
        assert incoming.version(other) != incoming.version(PLAN)


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        (replace(PLAN, periods=(9,) * 7), "periods", "Al massimo 6 periodi"),
        (replace(PLAN, periods=(18, 61)), "periods", "da 1 a 60"),
        (replace(PLAN, periods=(0, 12)), "periods", "da 1 a 60"),
        (replace(PLAN, periods=(-5, 12)), "periods", "da 1 a 60"),
        (replace(PLAN, periods=()), "periods", "Aggiungi un periodo"),
        (
            replace(PLAN, phones=tuple(PlanRow(f"{n}") for n in range(300, 311))),
            "phones",
            "Al massimo 10 telefoni",
        ),
        (replace(PLAN, phones=()), "phones", "almeno un telefono"),
        (replace(PLAN, mode="together", phones=()), "phones", "almeno un telefono"),
        (replace(PLAN, phones=(OWN, OWN)), "phones", "due volte"),
        (replace(PLAN, phones=(OWN, CELL, CELL)), "phones", "due volte"),
        (replace(PLAN, phones=(OWN, PlanRow("201"))), "phones", "linea stessa"),
        (replace(PLAN, phones=(OWN, PlanRow("299"))), "phones", "non è un interno"),
        (replace(PLAN, phones=(OWN, PlanRow("+2348012345678"))), "phones", ""),
        (replace(PLAN, phones=(OWN, PlanRow("🦆"))), "phones", ""),
        (replace(PLAN, phones=(replace(OWN, rings=(False, False)),)), "periods", "Nessun telefono"),
        (replace(PLAN, mode="<script>"), "mode", "Scegli"),
        (replace(PLAN, mode="forward"), "mode", "Scegli"),
        (Incoming(forward=True), "forward_number", "Scegli a quale numero"),
        (Incoming(busy=True, busy_number="201"), "busy_number", "linea stessa"),
        (Incoming(busy=True, busy_number="'; DROP TABLE line; --"), "busy_number", ""),
        (Incoming(no_answer=True, no_answer_number="1" * 40), "no_answer_number", ""),
        (Incoming(no_answer_seconds=4), "no_answer_seconds", "da 5 a 420"),
        (Incoming(no_answer_seconds=421), "no_answer_seconds", "da 5 a 420"),
        (Incoming(mailbox_seconds=-1), "mailbox_seconds", "da 0 a 420"),
        (
            replace(PLAN, no_answer=True, no_answer_number="202", no_answer_seconds=30),
            "no_answer_seconds",
            "Lo squillo in sequenza dura 30 s: il valore deve essere più lungo",
        ),
    ],
)
def test_what_no_plan_may_hold_is_refused_whoever_sends_it(
    database: Database, house: Office, values: Incoming, field: str, said: str
) -> None:
    assert said in wrong(house, values)[field]
    before = read(database)
    with pytest.raises(Refused) as refused:
        keep(database, values)
    assert field in refused.value.faults
    assert read(database) == before


def test_a_number_that_was_right_once_stops_nobody_from_changing_something_else(
    database: Database,
) -> None:
    keep(database, replace(Incoming(), busy=True, busy_number="202"))
    with database.session() as session:
        line = session.get(Line, line_id(session, "202"))
        assert line is not None
        line.active = False
    now = read(database)
    keep(database, replace(now, do_not_disturb=True))
    assert read(database).do_not_disturb
    with pytest.raises(Refused):
        keep(database, replace(read(database), busy_number="2020"))


def test_the_remedy_for_a_wait_that_is_too_short_is_accepted(house: Office) -> None:
    short = replace(PLAN, no_answer=True, no_answer_number="202", no_answer_seconds=12)
    assert judging.long_enough(short) == 35
    assert wrong(house, replace(short, no_answer_seconds=35)) == {}
    assert judging.too_short(replace(short, forward=True)) is None
    assert judging.too_short(replace(short, mode="together")) is None


def test_what_is_hardly_meant_is_said_with_its_remedy() -> None:
    def said(values: Incoming, **how: bool) -> list[str]:
        return [each.on for each in judging.warnings(values, has_mailbox=how.get("box", True))]

    early = replace(PLAN, mailbox_seconds=20)
    (warning,) = judging.warnings(early, has_mailbox=True)
    assert "La segreteria risponde a 20 s" in warning.it
    assert warning.remedy is not None and warning.remedy.mailbox_seconds == 30
    assert said(warning.remedy) == []
    assert said(early, box=False) == []
    never = replace(PLAN, no_answer=True, no_answer_number="202", no_answer_seconds=50)
    (warning,) = judging.warnings(never, has_mailbox=True)
    assert "non inoltra mai" in warning.it
    assert warning.remedy is not None and said(warning.remedy) == []
    silent = replace(PLAN, phones=(OWN,), mailbox_seconds=60)
    assert said(silent) == ["periods"]
    long = replace(
        PLAN, periods=(60, 60, 60), phones=(PlanRow(rings=(True,) * 3),), mailbox_seconds=200
    )
    assert "170 s" in judging.warnings(long, has_mailbox=True)[-1].it
    assert said(replace(silent, forward=True)) == []


def test_the_second_of_two_editors_is_told_what_the_first_changed(database: Database) -> None:
    base = read(database)
    with database.session() as session:
        services.do(session, line_id(session), "do_not_disturb.on")
    with pytest.raises(Clash) as clash:
        keep(database, replace(base, busy=True, busy_number="202"), base=base)
    assert (clash.value.fields, clash.value.who) == (("do_not_disturb",), "")
    assert not read(database).busy
    mine = incoming.merged(base, replace(base, busy=True, busy_number="202"), clash.value.theirs)
    assert keep(database, mine, base=clash.value.theirs).do_not_disturb
    assert read(database).busy_number == "202"


def test_an_administrator_is_named_and_a_star_code_after_him_is_not_blamed_on_him(
    database: Database,
) -> None:
    base = read(database)
    with database.session() as session:
        of = line_id(session)
        was = line_services.values_of(session, of)
        line_services.save(
            session,
            SARA,
            of,
            base=was,
            values=replace(was, forward_busy=True, forward_busy_number="202"),
            office=build(session),
        )
    with pytest.raises(Clash) as clash:
        keep(database, replace(base, do_not_disturb=True), base=base)
    assert (clash.value.who, clash.value.fields) == ("Sara Lombardi", ("busy", "busy_number"))
    with database.session() as session:
        services.do(session, line_id(session), "forward_busy.on", number="203")
    with pytest.raises(Clash) as clash:
        keep(database, replace(base, do_not_disturb=True), base=base)
    assert clash.value.who == ""


def test_a_line_that_is_gone(database: Database) -> None:
    with database.reading() as session, pytest.raises(Gone):
        panel.read(session, 4711)


def test_a_phone_s_switches_stay_with_its_periods_when_two_edits_are_put_together() -> None:
    mine = replace(PLAN, periods=(18, 42))
    theirs = incoming.with_period(PLAN)
    both = incoming.merged(PLAN, mine, theirs)
    assert (both.periods, both.phones) == (mine.periods, mine.phones)


def test_the_plan_grows_and_shrinks_within_its_bounds() -> None:
    plan = incoming.begun(Incoming(mode="in_order"))
    assert (plan.periods, plan.phones) == ((18,), (PlanRow(rings=(True,)),))
    for _ in range(9):
        plan = incoming.with_period(plan)
    assert len(plan.periods) == 6 and plan.phones[0].rings == (True,) * 6
    for _ in range(9):
        plan = incoming.without_period(plan, 0)
    assert plan.periods == (18,)
    for n in range(9):
        plan = incoming.with_phone(plan, f"30{n}", "")
    with pytest.raises(ValueError, match="400"):
        incoming.with_phone(plan, "400", "")
    plan = incoming.without_phone(plan, "")
    assert incoming.with_phone(plan, "", "").phones[0].number == ""
    with pytest.raises(ValueError, match="301"):
        incoming.with_phone(plan, "301", "")


@pytest.mark.parametrize(
    "change",
    [
        lambda plan: incoming.with_length(plan, 0, 61),
        lambda plan: incoming.with_length(plan, 0, 0),
        lambda plan: incoming.with_length(plan, 2, 10),
        lambda plan: incoming.with_length(plan, -1, 10),
        lambda plan: incoming.with_switch(plan, "5", 0, True),
        lambda plan: incoming.with_switch(plan, "", -1, True),
        lambda plan: incoming.with_confirm(plan, "-1", True),
        lambda plan: incoming.without_phone(plan, "9"),
    ],
)
def test_what_is_not_there_is_not_changed(change: Any) -> None:
    with pytest.raises(ValueError, match="p"):
        change(PLAN)


def test_changes_are_told_in_both_languages(house: Office) -> None:
    now = replace(
        PLAN,
        do_not_disturb=True,
        periods=(18, 42),
        phones=(OWN, CELL, PlanRow("202", "", (False, True))),
        busy=True,
        busy_number="202",
        mailbox_seconds=70,
    )
    told = wording.changes(PLAN, now, office=house, names={}, language="it")
    assert told == (
        "Stato: Non Disturbare",
        "Periodo 2: 42 s invece di 12 s",
        "Telefono aggiunto: Davide Conti",
        "Inoltro su occupato: acceso",
        "Su occupato: a Davide Conti, int. 202",
        "Segreteria: 70 s invece di 30 s",
    )
    assert len(wording.changes(PLAN, now, office=house, names={}, language="en")) == len(told)
    every = Incoming(
        do_not_disturb=True,
        mode="together",
        periods=(1,),
        phones=(CELL,),
        forward=True,
        forward_number="202",
        forward_notify=True,
        busy=True,
        busy_number="203",
        no_answer=True,
        no_answer_number="202",
        no_answer_seconds=99,
        mailbox_seconds=98,
    )
    assert incoming.differ(Incoming(), every) == FIELDS
    for name in FIELDS:
        one = replace(PLAN, **{name: getattr(every, name)})
        assert wording.changes(PLAN, one, office=house, names={}, language="en"), name


FORGED = ("+39<b>x</b>1", "\u202e2041", "☎️5", "x" * 31 + "1", "112", "892424", "9999")


@pytest.mark.parametrize("number", FORGED)
@pytest.mark.parametrize("field", ["forward_number", "busy_number", "no_answer_number"])
def test_a_number_is_judged_while_its_forward_is_off(
    house: Office, field: str, number: str
) -> None:
    """A forged request must not lay a number down that a later click, or *21#, puts in force."""
    assert field in wrong(
        house,
        replace(Incoming(), **{field: number}),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("number", FORGED)
def test_a_phone_is_judged_while_only_the_own_ones_ring(house: Office, number: str) -> None:
    row = PlanRow(number, "x", (True,))
    assert "phones" in wrong(house, Incoming(mode="own", periods=(18,), phones=(row,)))


def test_one_phone_under_two_numbers_is_one(house: Office) -> None:
    did = "+390255501202"
    house = replace(house, numbers={**house.numbers, did: "202"})
    rows = (PlanRow("202", "", (True,)), PlanRow(did, "", (True,)))
    assert "phones" in wrong(house, Incoming(mode="in_order", periods=(18,), phones=rows))


def test_a_name_that_would_turn_the_page_round(house: Office) -> None:
    for name in ("Maria\u202e", "a\nb", "a\x07", "x" * 81):
        row = PlanRow(MOBILE, name, (True,))
        assert "phones" in wrong(house, Incoming(mode="in_order", periods=(18,), phones=(row,)))
    row = PlanRow(MOBILE, "Zoë 🙂 <b>", (True,))
    assert not wrong(house, Incoming(mode="in_order", periods=(18,), phones=(row,)))
