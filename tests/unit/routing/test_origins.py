"""From which telephone a call may begin: what the page's choice means, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pbx.routing.decide import decide
from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.features.click_to_dial import ANSWERS, SECONDS
from pbx.routing.office import Office, ShortCode, TrunkFacts
from pbx.routing.origins import Refused, meant, refused
from pbx.routing.plan import Outside, Reject, Ring
from tests.unit.routing.routing_office import call, office_of, person

OFFICE = replace(
    person(office_of("201", "202"), "203", number="+390255501203"),
    trunks={1: TrunkFacts(1, "Linea")},
    short_codes={"700": ShortCode("700", "0612345678", "Roma")},
)


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("", ""),
        ("201", ""),
        ("202", "202"),
        ("02 5550 1203", "203"),
        ("0 02 5550 1203", "203"),
        ("333 123 4567", "+393331234567"),
        ("0 333 123 4567", "+393331234567"),
        ("+39 (333) 123-4567", "+393331234567"),
        ("0039 06 1234 5678", "+390612345678"),
        ("*600", "*600"),
        ("nobody", "nobody"),
        ("1" * 10000, "1" * 64),
    ],
)
def test_what_is_asked_for(typed: str, origin: str) -> None:
    assert meant(typed, "201", OFFICE) == origin


def own(office: Office = OFFICE, **facts: Any) -> tuple[CallFacts, Office]:
    return call("201", arrival=Arrival.SERVICE, **facts), office


def test_the_own_phones_ring_whatever_the_line_has_set() -> None:
    lines = dict(OFFICE.lines)
    lines["201"] = replace(lines["201"], options={"do_not_disturb": {"enabled": True}})
    facts, office = own(replace(OFFICE, lines=lines), busy=frozenset({"201"}))
    plan = decide(facts, office)
    assert plan.steps[0] == Ring(("201",), SECONDS)
    assert isinstance(plan.steps[-1], Reject) and len(plan.steps) == 2
    assert refused(plan, facts, office) is None


@pytest.mark.parametrize(("talks", "alert"), [(False, ANSWERS), (True, "")])
def test_phones_that_answer_by_themselves_cut_nobody_off(talks: bool, alert: str) -> None:
    lines = dict(OFFICE.lines)
    lines["201"] = replace(lines["201"], options={"click_to_dial": {"auto_answer": True}})
    facts, office = own(replace(OFFICE, lines=lines), in_call=frozenset({"201"} if talks else ()))
    (first, _) = decide(facts, office).steps
    assert isinstance(first, Ring) and first.alert == alert


def test_a_line_that_is_switched_off_calls_from_nowhere() -> None:
    lines = {**OFFICE.lines, "201": replace(OFFICE.lines["201"], active=False)}
    for office in (replace(OFFICE, lines=lines), office_of("202")):
        facts, _ = own(office)
        found = refused(decide(facts, office), facts, office)
        assert found is not None and found.status == 480 and "non è attivo" in found.it


def test_nobody_elses_call_rings_like_that() -> None:
    """A reminder, or a call of another line, is not the line's own click."""
    for facts in (call("202", arrival=Arrival.SERVICE), call("201")):
        assert all("portale" not in each.it for each in decide(facts, OFFICE).because)


def judged(number: str, **facts: Any) -> Refused | None:
    asked = call(number, **facts)
    return refused(decide(asked, OFFICE), asked, OFFICE)


def test_a_telephone_is_one_and_a_service_is_not() -> None:
    assert judged("+393331234567") is None
    assert judged("700") is None, "a short code for a number outside"
    assert isinstance(decide(call("700"), OFFICE).steps[0], Outside)
    assert judged("202") is None
    for number, status, words in (
        ("112", 403, "emergenza"),
        ("0112", 403, "emergenza"),
        ("*600", 404, "non è un telefono"),
        ("*86", 404, "non è un telefono"),
        ("299", 404, "299"),
    ):
        found = judged(number)
        assert found is not None and found.status == status and words in found.it and found.en
    away = judged("202", registered=frozenset({"201"}))
    assert away is not None and away.it == "L'interno 202 non ha telefoni collegati"
    busy = judged("202", busy=frozenset({"202"}))
    assert busy is not None and (busy.status, busy.it) == (486, "L'interno 202 è occupato")
