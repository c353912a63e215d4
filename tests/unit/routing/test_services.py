"""Forwards, do-not-disturb and mailbox: each alone, and which of two wins (behaviour.md s.1)."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from pbx.routing.decide import decide
from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.office import Office, TrunkFacts
from pbx.routing.plan import (
    Announce,
    Forward,
    Mailbox,
    Outside,
    Plan,
    Reject,
    Ring,
    Step,
)
from tests.unit.routing.routing_office import call, office_of, person

Options = dict[str, dict[str, Any]]
AWAY = frozenset({"201", "203", "204", "205"})
"Who is registered when 202 is not."

ALL: Options = {"forward_all": {"enabled": True, "number": "203"}}
BUSY: Options = {"forward_busy": {"enabled": True, "number": "204"}}
LATE: Options = {"forward_no_answer": {"enabled": True, "number": "205", "seconds": 20}}
GONE: Options = {"forward_unavailable": {"enabled": True, "number": "206"}}
QUIET: Options = {"do_not_disturb": {"enabled": True}}
SLOW: Options = {"mailbox": {"seconds": 60}}


def office(*settings: Options, **changes: Any) -> Office:
    """201 to 209, of whom 202 has these settings."""
    whole = office_of(*(str(number) for number in range(201, 210) if number != 202))
    options: Options = {}
    for each in settings:
        options |= each
    return replace(person(whole, "202", options=options), **changes)


def goes(plan: Plan) -> list[object]:
    """The steps in short: (forwarded to, cause), seconds of ringing, the mailbox, a status."""
    return [_short(step) for step in plan.steps]


def _short(step: Step) -> object:
    match step:
        case Forward():
            return step.number, step.cause
        case Ring():
            return step.seconds
        case Mailbox():
            return f"{step.line} {step.greeting}"
        case Announce() | Reject():
            return step.status
    return step


def told(plan: Plan) -> set[str]:
    return {reason.feature for reason in plan.because}


# --- one service -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "facts", "steps"),
    [
        (ALL, {}, [("203", 302)]),
        (BUSY, {}, [30, "202 unanswered"]),
        (BUSY, {"busy": frozenset({"202"})}, [("204", 486)]),
        (LATE, {}, [20, ("205", 408)]),
        (GONE, {}, [30, "202 unanswered"]),
        (GONE, {"registered": AWAY}, [("206", 503)]),
        (QUIET, {}, ["202 busy"]),
        ({}, {}, [30, "202 unanswered"]),
    ],
)
def test_each_service_alone(settings: Options, facts: Any, steps: list[object]) -> None:
    assert goes(decide(call("202", **facts), office(settings))) == steps


def test_a_forward_that_waits_is_kept_for_when_it_is_needed() -> None:
    plan = decide(call("202"), office(BUSY, GONE))
    assert plan.on_busy is not None
    assert plan.on_unavailable is not None
    assert _short(plan.on_busy[0]) == ("204", 486)
    assert _short(plan.on_unavailable[0]) == ("206", 503)
    assert {"forward_busy", "forward_unavailable"} <= told(plan)


def test_the_facts_of_a_forwarded_call() -> None:
    (step,) = decide(call("202"), office(ALL)).steps
    assert isinstance(step, Forward)
    assert step.by == "202"
    assert step.call.from_line == "201"
    assert step.call.dialled == "203"
    assert (step.call.diverted_by, step.call.causes) == (("202",), (302,))


@pytest.mark.parametrize("settings", [ALL, BUSY, LATE, GONE])
def test_what_is_switched_off_does_nothing(settings: Options) -> None:
    off = {name: {**one, "enabled": False} for name, one in settings.items()}
    for facts in (call("202"), call("202", registered=AWAY), call("202", busy=frozenset({"202"}))):
        assert decide(facts, office(off)).steps == decide(facts, office()).steps


def test_without_mailbox_do_not_disturb_is_busy() -> None:
    whole = person(office(), "202", has_mailbox=False, options=QUIET)
    assert goes(decide(call("202"), whole)) == [486]


# --- two services ------------------------------------------------------------------------------

NORMAL, OFF, TALKS = call("202"), call("202", registered=AWAY), call("202", busy=frozenset({"202"}))

WINS: dict[tuple[str, str], tuple[list[object], list[object], list[object]]] = {
    # What happens when the line is free, when it is away, when it is busy.
    ("all", "busy"): ([("203", 302)],) * 3,  # type: ignore[dict-item]
    ("all", "late"): ([("203", 302)],) * 3,  # type: ignore[dict-item]
    ("all", "gone"): ([("203", 302)],) * 3,  # type: ignore[dict-item]
    ("all", "quiet"): ([("203", 302)],) * 3,  # type: ignore[dict-item]
    ("all", "slow"): ([("203", 302)],) * 3,  # type: ignore[dict-item]
    ("busy", "late"): ([20, ("205", 408)], ["202 unavailable"], [("204", 486)]),
    ("busy", "gone"): ([30, "202 unanswered"], [("206", 503)], [("204", 486)]),
    ("busy", "quiet"): ([("204", 486)],) * 3,  # type: ignore[dict-item]
    ("busy", "slow"): ([60, "202 unanswered"], ["202 unavailable"], [("204", 486)]),
    ("late", "gone"): ([20, ("205", 408)], [("206", 503)], ["202 busy"]),
    ("late", "quiet"): (["202 busy"],) * 3,  # type: ignore[dict-item]
    ("late", "slow"): ([20, ("205", 408)], ["202 unavailable"], ["202 busy"]),
    ("gone", "quiet"): (["202 busy"],) * 3,  # type: ignore[dict-item]
    ("gone", "slow"): ([60, "202 unanswered"], [("206", 503)], ["202 busy"]),
    ("quiet", "slow"): (["202 busy"],) * 3,  # type: ignore[dict-item]
}
SETTINGS = {"all": ALL, "busy": BUSY, "late": LATE, "gone": GONE, "quiet": QUIET, "slow": SLOW}


@pytest.mark.parametrize("pair", list(combinations(SETTINGS, 2)), ids=" and ".join)
def test_which_of_two_wins(pair: tuple[str, str]) -> None:
    whole = office(*(SETTINGS[name] for name in pair))
    found = tuple(goes(decide(facts, whole)) for facts in (NORMAL, OFF, TALKS))
    assert found == WINS[pair]


def test_the_office_may_put_do_not_disturb_first() -> None:
    plan = decide(NORMAL, office(ALL, QUIET, dnd_first=True))
    assert goes(plan) == ["202 busy"]
    assert any("prima viene «Non disturbare»" in reason.it for reason in plan.because)
    plan = decide(NORMAL, office(ALL, QUIET, BUSY, dnd_first=True))
    assert goes(plan) == [("204", 486)]


def test_the_explanation_names_do_not_disturb_that_has_no_effect() -> None:
    plan = decide(NORMAL, office(ALL, QUIET))
    assert any("«Non disturbare» non ha effetto" in reason.it for reason in plan.because)
    assert any("has no effect" in reason.en for reason in plan.because)


# --- timers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("forward", "box", "steps"),
    [
        (20, 30, [20, ("205", 408)]),
        (30, 30, [30, ("205", 408)]),  # equal: the forward wins
        (31, 30, [30, "202 unanswered"]),
        (200, 300, [200, ("205", 408)]),  # longer than the ring plan: the own phones ring on
        (5, 0, ["202 unanswered"]),
    ],
)
def test_the_smaller_timer_wins(forward: int, box: int, steps: list[object]) -> None:
    late = {"forward_no_answer": {**LATE["forward_no_answer"], "seconds": forward}}
    plan = decide(NORMAL, office(late, {"mailbox": {"seconds": box}}))
    assert goes(plan) == steps
    if forward > box:
        assert any("prima dell'inoltro" in reason.it for reason in plan.because)


def test_without_mailbox_the_forward_stands_alone() -> None:
    whole = person(office(), "202", has_mailbox=False, options=LATE)
    assert goes(decide(NORMAL, whole)) == [20, ("205", 408)]


# --- forwarded calls ---------------------------------------------------------------------------


def forwarded(to: str, *by: str, **changes: Any) -> CallFacts:
    """A call that these have forwarded."""
    return call(to, diverted_by=by, causes=(302,) * len(by), **changes)


def test_a_forwarded_call_goes_back_to_who_forwarded_it_first() -> None:
    plan = decide(forwarded("203", "202", "204"), office())
    assert goes(plan) == [45, "202 unanswered"]
    assert "202" in plan.because[-1].it
    away = decide(forwarded("202", "204", registered=AWAY), office())
    assert goes(away) == ["204 unavailable"]
    whole = person(office(), "202", has_mailbox=False)
    assert goes(decide(forwarded("203", "202"), whole)) == [30, "203 unanswered"]


def test_who_is_forwarded_to_may_forward_again() -> None:
    assert goes(decide(forwarded("202", "204"), office(ALL))) == [("203", 302)]
    plan = decide(forwarded("202", "204"), office(LATE))
    assert goes(plan) == [20, ("205", 408)]


@pytest.mark.parametrize("settings", [ALL, {"forward_all": {"enabled": True, "number": "202"}}])
def test_a_forward_that_closes_a_loop_is_ignored(settings: Options) -> None:
    plan = decide(forwarded("202", "203"), office(settings))
    assert goes(plan) == [45, "203 unanswered"]
    assert any("ignorat" in reason.it and "ignored" in reason.en for reason in plan.because)


def test_a_forward_to_the_own_direct_number_is_a_loop_too() -> None:
    mine = {"forward_all": {"enabled": True, "number": "+390255501202"}}
    whole = person(office(), "202", number="+390255501202", options=mine)
    assert goes(decide(NORMAL, whole)) == [30, "202 unanswered"]


def test_the_fifth_forward_is_the_last() -> None:
    assert goes(decide(forwarded("202", "205", "206", "207", "208"), office(ALL))) == [("203", 302)]
    plan = decide(forwarded("202", "204", "205", "206", "207", "208"), office())
    assert plan.steps == (Announce("announce.too_many_forwards", 480, "Temporarily Unavailable"),)


@pytest.mark.parametrize("number", ["", "299", "nonsense", "*86", "9" * 32])
def test_a_forward_that_leads_nowhere_is_passed_over(number: str) -> None:
    settings = {"forward_all": {"enabled": True, "number": number}}
    plan = decide(NORMAL, office(settings))
    assert goes(plan) == [30, "202 unanswered"]
    assert "forward_all" in told(plan)


def test_a_line_switched_off_takes_no_forward() -> None:
    whole = person(office(ALL), "203", active=False)
    assert goes(decide(NORMAL, whole)) == [30, "202 unanswered"]


# --- to the outside ----------------------------------------------------------------------------

MOBILE: Options = {"forward_all": {"enabled": True, "number": "+393331234567"}}
LINE = {1: TrunkFacts(1, "Linea")}


def test_a_forward_outside_needs_the_right_of_who_forwards() -> None:
    plan = decide(NORMAL, office(MOBILE, trunks=LINE))
    assert goes(plan) == [("+393331234567", 302)]
    (step,) = plan.steps
    assert isinstance(step, Forward)
    # The caller may not call mobiles; who forwards may.
    whole = person(office(MOBILE, trunks=LINE), "201", rights=frozenset({"internal"}))
    (out,) = decide(step.call, whole).steps
    assert isinstance(out, Outside)
    assert (out.number, out.seconds) == ("+393331234567", 45)
    barred = person(
        office(trunks=LINE), "202", options=MOBILE, rights=frozenset({"internal", "national"})
    )
    plan = decide(NORMAL, barred)
    assert goes(plan) == [30, "202 unanswered"]
    assert any("non è abilitato" in reason.it for reason in plan.because)
    assert goes(decide(NORMAL, office(MOBILE))) == [30, "202 unanswered"]  # no outside line


def test_what_no_trunk_carries_ends_in_the_mailbox() -> None:
    (step,) = decide(NORMAL, office(MOBILE, trunks=LINE)).steps
    assert isinstance(step, Forward)
    plan = decide(step.call, office(MOBILE, trunks=LINE))
    assert plan.on_unavailable == (Mailbox("202", "unavailable"),)


# --- groups ------------------------------------------------------------------------------------


@pytest.mark.parametrize("settings", [ALL, BUSY, LATE, GONE])
@pytest.mark.parametrize("facts", [NORMAL, OFF, TALKS], ids=["free", "away", "busy"])
def test_a_groups_call_knows_no_personal_forward(settings: Options, facts: CallFacts) -> None:
    hunt = replace(facts, arrival=Arrival.HUNT)
    assert decide(hunt, office(settings)).steps == decide(hunt, office()).steps


def test_a_group_passes_over_who_does_not_want_to_be_disturbed() -> None:
    hunt = replace(NORMAL, arrival=Arrival.HUNT)
    assert goes(decide(hunt, office(QUIET, BUSY))) == [486]
