"""Every pair of services on one line: which of the two acts (behaviour.md s.1.1)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

import pytest

from pbx.routing.callers import Caller
from pbx.routing.decide import decide
from pbx.routing.facts import CallFacts
from pbx.routing.office import Office, TrunkFacts
from pbx.routing.plan import Announce, Forward, Mailbox, Plan, Reject, Ring, Splash, Step
from tests.unit.routing.routing_office import call, office_of, person

ME = "202"
STRANGER = "+393331112222"
MOBILE = "+393471234567"
AWAY = frozenset(str(line) for line in range(201, 210) if line != 202)
KNOWN = (
    Caller("number", STRANGER, "Maria Bianchi", 1, frozenset((STRANGER,))),
    Caller("anonymous", "", "", 2),
)
"A list that has the caller, whether he shows his number or not."


@dataclass(frozen=True)
class Service:
    """A service switched on, the moment in which it acts, and what it does alone."""

    alone: list[object]
    options: dict[str, dict[str, Any]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    lists: tuple[str, ...] = ()


ON = {"enabled": True}
PLAN = {
    "mode": "in_order",
    "periods": [10, 15],
    "phones": [
        {"rings": [True]},
        {"number": "208", "rings": [False, True]},
        {"number": MOBILE, "name": "Cellulare", "rings": [True, True]},
    ],
}
SERVICES = {
    "help": Service(
        [(60, "202", "priority"), "202 unanswered"], facts={"needed_help": frozenset({ME})}
    ),
    "barred": Service([403], {"barred_incoming": ON}),
    "anonymous": Service([433], {"anonymous_reject": ON}, {"withheld": True}),
    "reject": Service([603], {"selective_reject": ON}, lists=("selective_reject",)),
    "priority": Service(
        [(30, "202", "priority"), "202 unanswered"],
        {"priority_callers": ON},
        lists=("priority_callers",),
    ),
    "selective": Service(
        [("207", 302)],
        {"selective_forward": {"enabled": True, "number": "207"}},
        lists=("selective_forward",),
    ),
    "all": Service([("203", 302)], {"forward_all": {"enabled": True, "number": "203"}}),
    "quiet": Service(["202 busy"], {"do_not_disturb": ON}),
    "gone": Service(
        [("206", 503)],
        {"forward_unavailable": {"enabled": True, "number": "206"}},
        {"registered": AWAY},
    ),
    "busy": Service(
        [("204", 486)],
        {"forward_busy": {"enabled": True, "number": "204"}, "call_waiting": {"enabled": False}},
        {"in_call": frozenset({ME})},
    ),
    "plan": Service(
        [(10, "202 +393471234567", ""), (15, "208 +393471234567", ""), "202 unanswered"],
        {"ring_plan": PLAN},
    ),
    "late": Service(
        [(20, "202", ""), ("205", 408)],
        {"forward_no_answer": {"enabled": True, "number": "205", "seconds": 20}},
    ),
    "voice": Service([(12, "202", ""), "202 unanswered"], {"mailbox": {"seconds": 12}}),
}

BOTH: dict[tuple[str, str], list[object]] = {
    # Priority marks the call, then whatever rings rings so; only do-not-disturb gives way to it.
    ("priority", "quiet"): [(30, "202", "priority"), "202 unanswered"],
    ("priority", "gone"): [("206", 503)],
    ("priority", "busy"): [("204", 486)],
    ("priority", "plan"): [
        *((10, "202 +393471234567", "priority"), (15, "208 +393471234567", "priority")),
        "202 unanswered",
    ],
    ("priority", "late"): [(20, "202", "priority"), ("205", 408)],
    ("priority", "voice"): [(12, "202", "priority"), "202 unanswered"],
    # Who wants quiet counts as busy: the busy forward takes the call.
    ("quiet", "busy"): [("204", 486)],
    # Step 8: another telephone makes the line available, its own phones are left out.
    ("gone", "plan"): [(10, MOBILE, ""), (15, "208 +393471234567", ""), "202 unanswered"],
    # s.1.3: the forward cuts the plan; the mailbox's timer cuts it too.
    ("plan", "late"): [(10, "202 +393471234567", ""), (10, "208 +393471234567", ""), ("205", 408)],
    ("plan", "voice"): [
        *((10, "202 +393471234567", ""), (2, "208 +393471234567", "")),
        "202 unanswered",
    ],
}
"Pairs in which both have their part; in all others one of the two does what it does alone."

WINS = """
            barred anonymous reject priority selective all  quiet gone busy plan late voice
help        help   help      help   help     help      help help  help help help help help
barred      -      barred    barred barred   barred    barred barred barred barred barred barred barred
anonymous   -      -         anonymous anonymous anonymous anonymous anonymous anonymous anonymous anonymous anonymous anonymous
reject      -      -         -      reject   reject    reject reject reject reject reject reject reject
priority    -      -         -      -        selective all  +     +    +    +    +    +
selective   -      -         -      -        -         selective selective selective selective selective selective selective
all         -      -         -      -        -         -    all   all  all  all  all  all
quiet       -      -         -      -        -         -    -     quiet +   quiet quiet quiet
gone        -      -         -      -        -         -    -     -    gone +    gone gone
busy        -      -         -      -        -         -    -     -    -    busy busy busy
plan        -      -         -      -        -         -    -     -    -    -    +    +
late        -      -         -      -        -         -    -     -    -    -    -    voice
"""  # noqa: E501
"Row and column are both on; the cell says who acts. +: see BOTH."


def table() -> dict[tuple[str, str], str]:
    """WINS, read."""
    head, *rows = (line.split() for line in WINS.strip().splitlines())
    return {
        (row[0], column): cell
        for row in rows
        for column, cell in zip(head, row[1:], strict=True)
        if cell != "-"
    }


def with_services(*names: str, **changes: Any) -> tuple[CallFacts, Office]:
    """A stranger calls 202, who has these services on, at a moment in which they would act."""
    options: dict[str, Any] = {}
    facts: dict[str, Any] = {}
    lists: dict[str, tuple[Caller, ...]] = {}
    for each in map(SERVICES.__getitem__, names):
        options |= each.options
        facts |= each.facts
        lists |= dict.fromkeys(each.lists, KNOWN)
    whole = office_of(*(str(number) for number in range(201, 210) if number != 202))
    office = replace(
        person(whole, ME, options=options, callers=lists),
        trunks={1: TrunkFacts(1, "Linea")},
        **changes,
    )
    asked = call(ME, by="", from_trunk=1, caller_number=STRANGER, caller_name="", **facts)
    return asked, office


def goes(plan: Plan) -> list[object]:
    return [_short(step) for step in plan.steps]


def _short(step: Step) -> object:
    match step:
        case Ring(lines, seconds, outside, alert):
            return seconds, " ".join((*lines, *(each.out.number for each in outside))), alert
        case Forward():
            return step.number, step.cause
        case Mailbox():
            return f"{step.line} {step.greeting}"
        case Announce() | Reject():
            return step.status
        case Splash():
            return "splash"
    return step


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_alone(name: str) -> None:
    assert goes(decide(*with_services(name))) == SERVICES[name].alone


def test_the_table_has_every_pair() -> None:
    assert set(table()) == set(combinations(SERVICES, 2))
    assert {pair for pair, cell in table().items() if cell == "+"} == set(BOTH)


@pytest.mark.parametrize("pair", list(combinations(SERVICES, 2)), ids="-".join)
def test_which_of_two_acts(pair: tuple[str, str]) -> None:
    winner = table()[pair]
    expected = BOTH[pair] if winner == "+" else SERVICES[winner].alone
    plan = decide(*with_services(*pair))
    assert goes(plan) == expected
    # Whatever acts is named; a pair in which both do names both.
    acting = pair if winner == "+" else (winner,)
    named = {reason.feature for reason in plan.because}
    for each in acting:
        assert named & {*FEATURE_OF[each]}, (each, named)


FEATURE_OF = {
    "help": ("emergency_ring_back",),
    "barred": ("barred_incoming",),
    "anonymous": ("anonymous_reject",),
    "reject": ("selective_reject",),
    "priority": ("priority_callers",),
    "selective": ("selective_forward",),
    "all": ("forward_all",),
    "quiet": ("do_not_disturb",),
    "gone": ("unavailable", "ring_plan"),
    "busy": ("busy", "forward_busy"),
    "plan": ("ring_plan",),
    "late": ("forward_no_answer",),
    "voice": ("mailbox",),
}


# --- the order that an office may turn round ---------------------------------------------------


def test_do_not_disturb_first_makes_forward_all_inert() -> None:
    assert goes(decide(*with_services("all", "quiet", dnd_first=True))) == ["202 busy"]


def test_a_priority_caller_is_forwarded_even_when_do_not_disturb_comes_first() -> None:
    facts, office = with_services("all", "quiet", dnd_first=True)
    lists = {"priority_callers": KNOWN}
    options = {**office.lines[ME].options, "priority_callers": ON}
    office = replace(
        office,
        lines={**office.lines, ME: replace(office.lines[ME], options=options, callers=lists)},
    )
    assert goes(decide(facts, office)) == [("203", 302)]
