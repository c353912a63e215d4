"""A call that is not made: who would ring and for how long, where it would end, what did it."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from pbx.routing.decide import decide
from pbx.routing.explain import with_settings
from pbx.routing.facts import CallFacts
from pbx.routing.forwarding import MOST
from pbx.routing.office import Office, TrunkFacts
from pbx.routing.plan import Announce, Mailbox, Reject
from pbx.routing.rehearsal import BEHAVIOURS, Rehearsal, rehearse
from tests.unit.routing.routing_office import NOON, call, office_of
from tests.unit.routing.test_services_properties import DIALLED, LINES, random_office

OFFICE = replace(office_of("201", "202", "203", "204"), trunks={1: TrunkFacts(1, "Linea")})
MOBILE = "+393331234567"
OWN, CELL = {"number": ""}, {"number": MOBILE, "name": "Cellulare"}


def plan(*rows: dict[str, Any], periods: tuple[int, ...] = (18, 12)) -> dict[str, Any]:
    return {"ring_plan": {"mode": "in_order", "periods": list(periods), "phones": list(rows)}}


def story(found: Rehearsal) -> list[tuple[str, int, int, str]]:
    """What happens: kind, when, for how long, by what."""
    return [
        (each.kind, each.at, each.seconds, each.feature)
        for leg in found.legs
        for each in leg.moments
    ]


def test_a_call_that_nobody_takes_ends_in_the_mailbox() -> None:
    found = rehearse(call("202"), OFFICE)
    assert story(found) == [("rings", 0, 30, "ring_plan"), ("mailbox", 30, 0, "mailbox")]
    assert [each.number for each in found.called] == ["202"]
    assert found.end.step == Mailbox("202", "unanswered")


@pytest.mark.parametrize(
    ("does", "kinds", "last"),
    [
        ("answers", ["rings", "answered"], "ring_plan"),
        ("silent", ["rings", "mailbox"], "mailbox"),
        ("in_call", ["rings", "mailbox"], "mailbox"),
        ("busy", ["mailbox"], "busy"),
        ("off", ["mailbox"], "unavailable"),
        ("declines", ["rings", "mailbox"], "mailbox"),
    ],
)
def test_phones_do_as_supposed(does: Any, kinds: list[str], last: str) -> None:
    found = rehearse(call("202"), OFFICE, {"202": does})
    assert [kind for kind, *_ in story(found)] == kinds
    assert found.end.feature == last
    assert found.called[0].behaves == does, "what was supposed can be changed again"


def test_a_declined_call_does_not_wait() -> None:
    assert rehearse(call("202"), OFFICE, {"202": "declines"}).end.at == 0


def test_without_call_waiting_a_call_makes_busy() -> None:
    office = with_settings(OFFICE, "202", {"call_waiting": {"enabled": False}})
    assert rehearse(call("202"), office, {"202": "in_call"}).end.feature == "busy"


def test_a_forward_goes_on_with_the_other_lines_own_decision() -> None:
    office = with_settings(OFFICE, "202", {"forward_all": {"enabled": True, "number": "203"}})
    office = with_settings(
        office, "203", {"forward_no_answer": {"enabled": True, "number": "204", "seconds": 20}}
    )
    found = rehearse(call("202"), office)
    assert [leg.line for leg in found.legs] == ["202", "203", "204"]
    assert story(found) == [
        ("forward", 0, 0, "forward_all"),
        ("rings", 0, 20, "ring_plan"),
        ("forward", 20, 0, "forward_no_answer"),
        ("rings", 20, 45, "ring_plan"),
        ("mailbox", 65, 0, "mailbox"),
    ]
    assert found.end.step == Mailbox("202", "unanswered")


def test_a_loop_is_not_closed() -> None:
    office = with_settings(OFFICE, "202", {"forward_all": {"enabled": True, "number": "203"}})
    office = with_settings(office, "203", {"forward_all": {"enabled": True, "number": "202"}})
    assert [leg.line for leg in rehearse(call("202"), office).legs] == ["202", "203"]


def test_the_busy_forward_of_a_busy_phone() -> None:
    office = with_settings(OFFICE, "202", {"forward_busy": {"enabled": True, "number": "203"}})
    found = rehearse(call("202"), office, {"202": "busy", "203": "answers"})
    assert [kind for kind, *_ in story(found)] == ["forward", "rings", "answered"]
    assert found.legs[0].moments[0].feature == "forward_busy"


def test_periods_ring_one_after_the_other() -> None:
    office = with_settings(
        OFFICE, "202", plan({**OWN, "rings": [True, False]}, {**CELL, "rings": [False, True]})
    )
    office = with_settings(office, "202", {"mailbox": {"seconds": 60}})
    found = rehearse(call("202"), office)
    assert [(at, seconds) for kind, at, seconds, _ in story(found) if kind == "rings"] == [
        (0, 18),
        (18, 12),
    ]
    assert found.end.at == 30
    taken = rehearse(call("202"), office, {MOBILE: "answers"})
    assert taken.end.kind == "answered"
    assert taken.end.called[0].confirm


def test_a_period_without_anybody_is_over_at_once() -> None:
    office = with_settings(
        OFFICE, "202", plan({**OWN, "rings": [False, True]}, {**CELL, "rings": [True, False]})
    )
    found = rehearse(call("202"), office, {MOBILE: "declines"})
    assert [(at, seconds) for kind, at, seconds, _ in story(found) if kind == "rings"] == [
        (0, 0),
        (0, 12),
    ]


def test_whoever_is_forwarded_to_may_decline() -> None:
    office = with_settings(OFFICE, "202", {"forward_all": {"enabled": True, "number": MOBILE}})
    end = rehearse(call("202"), office, {MOBILE: "declines"}).end.step
    assert isinstance(end, Reject) and end.status == 603


def test_the_own_lines_no_ends_the_plan() -> None:
    office = with_settings(
        OFFICE, "202", plan({**OWN, "rings": [True, False]}, {**CELL, "rings": [True, True]})
    )
    found = rehearse(call("202"), office, {"202": "declines"})
    assert [kind for kind, *_ in story(found)] == ["rings", "mailbox"]
    assert found.end.at == 0


def test_a_telephone_that_cannot_ring_is_still_told() -> None:
    office = with_settings(
        OFFICE,
        "202",
        plan({**OWN, "rings": [True, True]}, {"number": "203", "rings": [True, True]}),
    )
    found = rehearse(call("202"), office, {"203": "off"})
    assert [(each.number, each.behaves) for each in found.called] == [
        ("202", "silent"),
        ("203", "off"),
    ]


def test_a_number_outside_that_is_not_reached() -> None:
    office = with_settings(OFFICE, "202", {"forward_all": {"enabled": True, "number": MOBILE}})
    assert rehearse(call("202"), office, {MOBILE: "answers"}).end.kind == "answered"
    assert rehearse(call("202"), office, {MOBILE: "off"}).end.step == Mailbox("202", "unavailable")
    busy = rehearse(call("202"), office, {MOBILE: "busy"}).end.step
    assert isinstance(busy, Reject) and busy.status == 486


def test_every_call_comes_to_an_end_and_begins_as_decided() -> None:
    dice = Random(7)
    for _ in range(400):
        office = random_office(dice)
        facts = CallFacts(
            dialled=dice.choice(DIALLED),
            at=NOON,
            from_line=dice.choice(LINES),
            registered=frozenset(line for line in LINES if dice.random() < 0.7),
        )
        behaves = {line: dice.choice(BEHAVIOURS) for line in LINES if dice.random() < 0.3}
        found = rehearse(facts, office, behaves)
        assert 1 <= len(found.legs) <= MOST + 2
        assert all(leg.moments for leg in found.legs)
        assert found.end.kind not in ("rings", "forward", "splash")
        whens = [each.at for leg in found.legs for each in leg.moments]
        assert whens == sorted(whens)
        for leg in found.legs:
            assert leg.explained.plan == decide(leg.call, office)


def test_an_office_is_not_changed() -> None:
    before: Office = OFFICE
    rehearse(call("202"), before, {"202": "off"})
    assert before is OFFICE


def test_whoever_calls_is_in_that_call() -> None:
    """A forward back to the caller meets a line that talks, and may want no call waiting."""
    office = with_settings(OFFICE, "202", {"forward_all": {"enabled": True, "number": "201"}})
    asked = call("202", from_line="201")
    assert rehearse(asked, office).legs[1].moments[0].kind == "rings"
    office = with_settings(office, "201", {"call_waiting": {"enabled": False}})
    assert rehearse(asked, office).end.step == Mailbox("202", "busy")


def test_a_number_outside_that_cannot_be_reached_is_said() -> None:
    office = with_settings(OFFICE, "202", {"forward_all": {"enabled": True, "number": MOBILE}})
    lines = {**office.lines, "202": replace(office.lines["202"], has_mailbox=False)}
    office = replace(office, lines=lines)
    end = rehearse(call("202"), office, {MOBILE: "off"}).end.step
    assert isinstance(end, Announce) and end.prompt == "announce.unavailable"
    assert isinstance(rehearse(call("202"), office, {MOBILE: "silent"}).end.step, Reject)


def test_a_ring_plan_of_which_nobody_rings_is_what_decides() -> None:
    office = with_settings(OFFICE, "202", plan({"number": "203", "rings": [True, True]}))
    found = rehearse(call("202"), office, {"203": "busy", "202": "silent"})
    assert found.end.step == Mailbox("202", "busy")
    assert found.end.feature == "ring_plan"


def test_a_call_that_goes_on_is_decided_when_it_does() -> None:
    office = with_settings(
        OFFICE, "202", {"forward_no_answer": {"enabled": True, "number": "203", "seconds": 20}}
    )
    first, second = rehearse(call("202"), office).legs
    assert (second.call.at - first.call.at).total_seconds() == 20
