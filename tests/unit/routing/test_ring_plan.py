"""The ring plan: who rings when, who is passed over and why, and what a form may not set."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pbx.routing.decide import decide
from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.feature import read_options
from pbx.routing.features.ring_plan import Options, faults
from pbx.routing.office import Office, ShortCode, TrunkFacts
from pbx.routing.plan import Forward, Mailbox, Outside, OutsidePhone, Plan, Reject, Ring
from pbx.routing.rights import Rule
from tests.unit.routing.routing_office import call, office_of, person

MOBILE = "+393471234567"
OTHERS = frozenset(str(number) for number in range(201, 210) if number != 202)
OWN = {"rings": [True, True]}
CARLA = {"number": "203", "name": "Carla", "rings": [False, True]}
CELL = {"number": MOBILE, "name": "Cellulare", "rings": [False, True]}


def ordered(*phones: dict[str, Any], periods: tuple[int, ...] = (10, 15)) -> dict[str, Any]:
    return {"mode": "in_order", "periods": list(periods), "phones": list(phones)}


def together(*phones: dict[str, Any]) -> dict[str, Any]:
    return {"mode": "together", "phones": list(phones)}


def office(plan: dict[str, Any], line: dict[str, Any] | None = None, **more: Any) -> Office:
    """202 has this plan; 203 to 206 are colleagues; there is an outside line."""
    whole = office_of("201", "203", "204", "205", "206")
    whole = person(
        whole,
        "202",
        **{"number": "+390255501202", "shown": "+390255501202", **(line or {})},
        options={"ring_plan": plan, **more},
    )
    return replace(whole, trunks={1: TrunkFacts(1, "Linea")})


def rings(plan: Plan) -> list[tuple[str, int]]:
    """Who rings in each period, and how long."""
    return [
        (" ".join((*step.lines, *(each.out.number for each in step.outside))), step.seconds)
        for step in plan.steps
        if isinstance(step, Ring)
    ]


def told(plan: Plan) -> str:
    return "\n".join(reason.it for reason in plan.because)


# --- who rings when ----------------------------------------------------------------------------


def test_in_order_is_period_by_period() -> None:
    plan = decide(call("202"), office(ordered(OWN, CARLA, CELL)))
    assert rings(plan) == [("202", 10), (f"202 203 {MOBILE}", 15)]
    assert plan.steps[-1] == Mailbox("202", "unanswered")
    assert "poi Person 202, Person 203, Cellulare per 15 s" in told(plan)


def test_together_is_one_period_until_a_timer() -> None:
    whole = office(together(OWN, CARLA, CELL))
    assert rings(decide(call("202"), whole)) == [(f"202 203 {MOBILE}", 30)]
    late = {"enabled": True, "number": "204", "seconds": 22}
    whole = office(together(OWN, CARLA), forward_no_answer=late)
    assert rings(decide(call("202"), whole)) == [("202 203", 22)]


def test_the_end_of_the_plan_comes_before_the_mailbox_timer() -> None:
    plan = decide(call("202"), office(ordered(OWN, periods=(5, 6)), mailbox={"seconds": 60}))
    assert rings(plan) == [("202", 5), ("202", 6)]
    assert plan.steps[-1] == Mailbox("202", "unanswered")
    assert "entro 11 secondi, casella vocale" in told(plan)


def test_without_mailbox_the_end_of_the_plan_ends_the_call() -> None:
    plan = decide(call("202"), office(ordered(OWN), {"has_mailbox": False}))
    assert plan.steps[-1] == Reject(480, "Temporarily Unavailable")


def test_what_is_left_until_the_forward_the_own_phone_rings_alone() -> None:
    late = {"enabled": True, "number": "205", "seconds": 40}
    plan = decide(call("202"), office(ordered(OWN, CARLA), forward_no_answer=late, mailbox={}))
    # The mailbox's 30 s are shorter than the forward's 40.
    assert rings(plan) == [("202", 10), ("202 203", 15), ("202", 5)]
    slow = {"seconds": 60}
    plan = decide(call("202"), office(ordered(OWN, CARLA), forward_no_answer=late, mailbox=slow))
    assert rings(plan) == [("202", 10), ("202 203", 15), ("202", 15)]
    assert isinstance(plan.steps[-1], Forward)


def test_an_equal_time_is_the_forwards() -> None:
    late = {"enabled": True, "number": "205", "seconds": 25}
    plan = decide(
        call("202"), office(ordered(OWN), forward_no_answer=late, mailbox={"seconds": 25})
    )
    assert isinstance(plan.steps[-1], Forward)
    assert sum(seconds for _, seconds in rings(plan)) == 25


def test_the_mailbox_of_who_forwarded_takes_the_call_after_its_time() -> None:
    facts = call("202", diverted_by=("203",), causes=(302,))
    plan = decide(facts, office(ordered(OWN, periods=(60, 60))))
    assert rings(plan) == [("202", 45)]
    assert plan.steps[-1] == Mailbox("203", "unanswered")


@pytest.mark.parametrize(
    "plan",
    [
        {"mode": "own", "phones": [CELL], "periods": [9]},
        {"mode": "in_order", "phones": [], "periods": [10]},
        {"mode": "in_order", "phones": [OWN], "periods": []},
        {"mode": "in_order", "phones": [{"rings": [False]}], "periods": [10]},
        {"mode": "together", "phones": []},
        {"mode": "sideways"},
        {"mode": "in_order", "phones": [OWN], "periods": [61]},
        {"mode": "in_order", "phones": [OWN], "periods": [5] * 7},
        {"mode": "in_order", "phones": [OWN] * 11, "periods": [5]},
        {"mode": "together", "phones": "202"},
        {"mode": "together", "phones": [{"number": None}]},
        {"mode": ["together"], "phones": {"a": 1}, "periods": "x"},
    ],
)
def test_without_a_plan_or_with_a_broken_one_the_own_phones_ring(plan: dict[str, Any]) -> None:
    assert rings(decide(call("202"), office(plan))) == [("202", 30)]


@pytest.mark.parametrize("arrival", [Arrival.HUNT, Arrival.RECALL, Arrival.SERVICE])
def test_a_call_that_is_not_for_the_person_rings_the_own_phones(arrival: Arrival) -> None:
    plan = decide(call("202", arrival=arrival), office(ordered(CARLA, CELL)))
    assert [who for who, _ in rings(plan)] == ["202"]


# --- who is passed over ------------------------------------------------------------------------


def with_option(whole: Office, extension: str, **options: Any) -> Office:
    changed = replace(whole.lines[extension], options=options)
    return replace(whole, lines={**whole.lines, extension: changed})


@pytest.mark.parametrize(
    ("options", "facts", "why"),
    [
        ({"do_not_disturb": {"enabled": True}}, {}, "non vuole essere disturbato"),
        ({}, {"busy": frozenset({"203"})}, "è occupato"),
        ({"call_waiting": {"enabled": False}}, {"in_call": frozenset({"203"})}, "è occupato"),
        ({}, {"registered": frozenset({"201", "202"})}, "nessun telefono è collegato"),
        ({"barred_incoming": {"enabled": True}}, {}, "non può ricevere chiamate"),
        ({}, {"from_line": "203", "caller_number": "203"}, "è chi chiama"),
        ({}, {"diverted_by": ("203",), "causes": (302,)}, "ha inoltrato lui la chiamata"),
    ],
)
def test_a_colleague_rings_as_a_member_of_a_group_does(options: Any, facts: Any, why: str) -> None:
    whole = with_option(office(ordered(OWN, CARLA)), "203", **options)
    plan = decide(call("202", **facts), whole)
    assert rings(plan)[:2] == [("202", 10), ("202", 15)]
    assert f"Person 203 non squilla: {why}" in told(plan)


@pytest.mark.parametrize(
    "options",
    [
        {"forward_all": {"enabled": True, "number": "204"}},
        {"forward_busy": {"enabled": True, "number": "204"}},
        {"selective_reject": {"enabled": True}},
        {"call_waiting": {"enabled": False}},
    ],
)
def test_a_colleagues_own_services_do_not_matter(options: Any) -> None:
    whole = with_option(office(ordered(OWN, CARLA)), "203", **options)
    assert rings(decide(call("202"), whole)) == [("202", 10), ("202 203", 15)]


def test_a_phone_outside_obeys_the_rights_of_the_line() -> None:
    plan = decide(call("202"), office(ordered(OWN, CELL), {"rights": frozenset({"internal"})}))
    assert rings(plan) == [("202", 10), ("202", 15)]
    assert "Cellulare non squilla: l'interno 202 non è abilitato" in told(plan)
    barred = replace(office(ordered(OWN, CELL)), rules={"3": Rule("3", "mobile", barred=True)})
    assert rings(decide(call("202"), barred)) == [("202", 10), ("202", 15)]
    no_line = replace(office(ordered(OWN, CELL)), trunks={})
    assert rings(decide(call("202"), no_line)) == [("202", 10), ("202", 15)]


@pytest.mark.parametrize("number", ["112", "0112", "999", "", "*86", "abc", "+39", "700"])
def test_what_is_no_telephone_is_passed_over(number: str) -> None:
    odd = {"number": number or "0", "rings": [True, True]}
    plan = decide(call("202"), office(ordered(OWN, odd)))
    assert rings(plan) == [("202", 10), ("202", 15)]


def test_who_calls_from_the_mobile_of_the_plan_does_not_ring_it() -> None:
    facts = call("202", by="", from_trunk=1, caller_number="3471234567")
    plan = decide(facts, office(ordered(OWN, CELL)))
    assert rings(plan) == [("202", 10), ("202", 15)]
    assert "Cellulare non squilla: è il telefono che chiama" in told(plan)


@pytest.mark.parametrize("own", ["202", "+390255501202", "0255501202"])
def test_the_own_number_is_the_own_phones(own: str) -> None:
    plan = decide(call("202"), office(ordered({"number": own, "rings": [True]}, CARLA)))
    assert rings(plan) == [("202", 10), ("203", 15)]


def test_a_short_code_is_what_it_stands_for() -> None:
    whole = replace(
        office(ordered(OWN, {"number": "700", "name": "Portineria", "rings": [True]})),
        short_codes={"700": ShortCode("700", MOBILE, "Portineria", for_everybody=True)},
    )
    whole = replace(
        whole, lines={**whole.lines, "202": replace(whole.lines["202"], rights=frozenset())}
    )
    assert rings(decide(call("202"), whole))[0] == (f"202 {MOBILE}", 10)


# --- when the own phones are away, or nobody is left -------------------------------------------

AWAY: dict[str, Any] = {"registered": OTHERS}
GONE = {"enabled": True, "number": "206"}


def test_a_telephone_elsewhere_makes_the_line_available() -> None:
    whole = office(ordered(OWN, CELL), forward_unavailable=GONE)
    plan = decide(call("202", **AWAY), whole)
    assert rings(plan) == [(MOBILE, 15)]
    assert plan.on_unavailable is not None
    (step,) = plan.on_unavailable
    assert isinstance(step, Forward) and step.cause == 503


def test_without_one_it_is_not() -> None:
    whole = office(ordered(OWN, CELL), {"rights": frozenset()}, forward_unavailable=GONE)
    (step,) = decide(call("202", **AWAY), whole).steps
    assert isinstance(step, Forward) and step.cause == 503


def test_a_plan_of_colleagues_who_all_talk_counts_as_busy() -> None:
    whole = office(ordered(CARLA), forward_busy={"enabled": True, "number": "206"})
    (step,) = decide(call("202", busy=frozenset({"203"})), whole).steps
    assert isinstance(step, Forward) and step.cause == 486
    (step,) = decide(call("202", registered=frozenset({"202"})), whole).steps
    assert step == Mailbox("202", "unavailable")


def test_a_forward_without_own_phones_comes_at_the_end_of_the_plan() -> None:
    late = {"enabled": True, "number": "205", "seconds": 40}
    plan = decide(call("202", **AWAY), office(ordered(CELL, CARLA), forward_no_answer=late))
    assert rings(plan) == [(f"203 {MOBILE}", 15)]
    assert isinstance(plan.steps[-1], Forward)


# --- what a phone outside is asked and shown ---------------------------------------------------


def only_outside(plan: Plan) -> OutsidePhone:
    (phone,) = {each for step in plan.steps if isinstance(step, Ring) for each in step.outside}
    return phone


@pytest.mark.parametrize(("said", "asked"), [(None, True), (True, True), (False, False)])
def test_press_one_is_asked_unless_switched_off(said: bool | None, asked: bool) -> None:
    phone = only_outside(decide(call("202"), office(ordered(OWN, {**CELL, "confirm": said}))))
    assert phone.confirm is asked
    assert phone.name == "Cellulare"


STRANGER: dict[str, Any] = {"by": "", "from_trunk": 1, "caller_number": "+393331112222"}


@pytest.mark.parametrize(
    ("caller_id", "facts", "shown"),
    [
        ({}, {}, ("+390255501202", "+393331112222", False)),
        ({"passes_caller": False}, {}, ("+390255501202", "", False)),
        ({"passes_caller": False, "hide": True}, {}, ("+390255501202", "", True)),
        ({}, {"withheld": True}, ("+390255501202", "+393331112222", True)),
        ({"passes_caller": False}, {"withheld": True}, ("+390255501202", "", False)),
    ],
)
def test_whom_a_phone_outside_sees(caller_id: Any, facts: Any, shown: Any) -> None:
    whole = office(ordered(OWN, CELL), caller_id=caller_id)
    out = only_outside(decide(call("202", **STRANGER, **facts), whole)).out
    assert (out.shown, out.caller, out.withheld) == shown
    assert (out.number, out.trunks) == (MOBILE, (1,))


def test_the_own_phones_show_who_calls_unless_switched_off() -> None:
    assert not any(s.hides_caller for s in _rings(call("202"), office(ordered(OWN))))
    hidden = office(ordered(OWN), caller_id={"shows_caller": False})
    assert all(step.hides_caller for step in _rings(call("202"), hidden))


def _rings(facts: CallFacts, whole: Office) -> list[Ring]:
    return [step for step in decide(facts, whole).steps if isinstance(step, Ring)]


def test_no_trunk_is_left_by_a_caller_who_may_not_himself() -> None:
    """The line's right counts, not the caller's: a colleague without rights rings my mobile."""
    whole = office(ordered(OWN, CELL))
    poor = replace(whole.lines["201"], rights=frozenset({"internal"}))
    whole = replace(whole, lines={**whole.lines, "201": poor})
    assert isinstance(only_outside(decide(call("202"), whole)).out, Outside)


# --- what a form may set -----------------------------------------------------------------------


def fault_fields(values: Any, **line: Any) -> list[str]:
    whole = office({}, line)
    return [each.field for each in faults(values, whole.lines["202"], whole)]


def test_a_right_plan_has_no_fault_and_is_read_as_it_is() -> None:
    values = ordered({"rings": [True] * 6}, CARLA, CELL, periods=(1, 60, 18, 18, 18, 18))
    assert fault_fields(values) == []
    read = read_options(Options, values)
    assert (read.mode, read.periods) == ("in_order", (1, 60, 18, 18, 18, 18))
    assert [phone.number for phone in read.phones] == ["", "203", MOBILE]
    assert fault_fields({"mode": "own"}) == fault_fields({}) == []
    assert fault_fields(together(OWN, CELL)) == []


ROW = {"rings": [True]}


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"mode": "sideways"}, ["mode"]),
        ({"mode": ["own"]}, ["mode"]),
        (ordered(ROW, periods=(5,) * 7), ["periods"]),
        (ordered(ROW, periods=(61,)), ["periods.0"]),
        (ordered(ROW, periods=(5, 0)), ["periods.1"]),
        (ordered(ROW) | {"periods": [True]}, ["periods.0"]),
        (ordered(ROW) | {"periods": [5.5]}, ["periods.0"]),
        (ordered(ROW) | {"periods": ["5"]}, ["periods.0"]),
        (ordered(ROW) | {"periods": "55"}, ["phones"]),
        (ordered(ROW) | {"phones": {"0": ROW}}, ["phones"]),
        (ordered(*[{"number": str(201 + n), **ROW} for n in range(11)]), None),
        (ordered(ROW, ROW), ["phones.1"]),
        (ordered(ROW, {"number": "202", **ROW}), ["phones.1"]),
        (ordered(ROW, {"number": "+390255501202", **ROW}), ["phones.1"]),
        (ordered(CELL, {"number": "03471234567", **ROW}), ["phones.1"]),
        (ordered(ROW, {"number": "999", **ROW}), ["phones.1"]),
        (ordered(ROW, {"number": "0112", **ROW}), ["phones.1"]),
        (ordered(ROW, {"number": "0892424", **ROW}), ["phones.1"]),
        (ordered(ROW, {"number": "2" * 40, **ROW}), ["phones.1"]),
        (ordered(ROW, {"number": "📞", **ROW}), ["phones.1"]),
        (ordered(ROW, {"number": "203", "name": "x" * 10_000, **ROW}), ["phones.1"]),
        (ordered(ROW, {"number": "203", "name": "a\nb", **ROW}), ["phones.1"]),
        (ordered(ROW, {"number": 203, **ROW}), ["phones.1"]),
        (ordered(ROW, {"number": "203", "rings": [1]}), ["phones.1"]),
        (ordered(ROW, {"number": "203", "rings": [True] * 7}), ["phones.1"]),
        (ordered(ROW, {"number": "203", "confirm": "yes", **ROW}), ["phones.1"]),
        (ordered(ROW, "203"), ["phones.1"]),  # type: ignore[arg-type]
        (ordered(), ["phones"]),
        (ordered(ROW, periods=()), ["periods"]),
        (ordered({"rings": [False, False, True]}), ["phones"]),
        (together(), ["phones"]),
    ],
)
def test_what_a_form_or_a_forged_request_may_not_set(
    values: dict[str, Any], fields: list[str] | None
) -> None:
    found = fault_fields(values)
    assert found == fields if fields is not None else "phones" in found


def test_a_number_that_the_line_may_not_call_is_a_fault() -> None:
    values = together(OWN, CELL)
    assert fault_fields(values, rights=frozenset({"internal"})) == ["phones.1"]
