"""What happens to a call, one office story each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pbx.routing.decide import decide
from pbx.routing.facts import Arrival
from pbx.routing.office import ServiceCode
from pbx.routing.plan import Announce, Mailbox, Plan, Reject, Ring, Service, Step
from tests.unit.routing.routing_office import OFFICE, call, office_of, person


def because(plan: Plan) -> tuple[str, ...]:
    return tuple(reason.feature for reason in plan.because)


def test_a_colleague_rings_and_then_the_mailbox_answers() -> None:
    plan = decide(call("202"), office_of("201", "202"))
    assert plan.to_line == "202"
    assert plan.steps == (Ring(("202",), 30), Mailbox("202", "unanswered"))
    assert plan.on_busy == (Mailbox("202", "busy"),)
    assert plan.on_unavailable == (Mailbox("202", "unavailable"),)
    assert because(plan) == ("line", "ring_plan", "mailbox")


def test_a_line_without_mailbox_is_released_with_the_status_of_its_phones() -> None:
    plan = decide(call("202"), office_of("201", "202", has_mailbox=False))
    assert plan.steps == (Ring(("202",), 120), Reject(480, "Temporarily Unavailable"))
    assert plan.on_busy == (Reject(486, "Busy Here"),)
    assert plan.on_unavailable == (
        Announce("announce.unavailable", 480, "Temporarily Unavailable"),
    )


def test_nobody_registered_means_the_mailbox_at_once() -> None:
    plan = decide(call("202", registered=frozenset()), office_of("201", "202"))
    assert plan.steps == (Mailbox("202", "unavailable"),)
    assert because(plan) == ("line", "unavailable")


def test_nobody_registered_and_no_mailbox_means_480() -> None:
    plan = decide(call("202", registered=frozenset()), office_of("202", has_mailbox=False))
    assert plan.steps == (Announce("announce.unavailable", 480, "Temporarily Unavailable"),)


def test_a_busy_line_goes_to_its_mailbox_with_the_busy_greeting() -> None:
    plan = decide(call("202", busy=frozenset({"202"})), office_of("202"))
    assert plan.steps == (Mailbox("202", "busy"),)


def test_a_busy_line_without_mailbox_is_busy() -> None:
    plan = decide(call("202", busy=frozenset({"202"})), office_of("202", has_mailbox=False))
    assert plan.steps == (Reject(486, "Busy Here"),)


def test_unregistered_comes_before_busy() -> None:
    """behaviour.md s.1.1: step 8 before step 9."""
    facts = call("202", busy=frozenset({"202"}), registered=frozenset())
    assert decide(facts, office_of("202")).steps == (Mailbox("202", "unavailable"),)


@pytest.mark.parametrize(
    ("line", "office", "seconds"),
    [({"mailbox": {"seconds": 12}}, {}, 12), ({}, {"mailbox": {"seconds": 45}}, 45)],
)
def test_the_mailbox_timer_is_an_option_of_the_line_or_the_office(
    line: Any, office: Any, seconds: int
) -> None:
    whole = replace(person(OFFICE, "202", options=line), options=office)
    assert decide(call("202"), whole).steps[0] == Ring(("202",), seconds)


def test_the_lines_option_beats_the_offices() -> None:
    whole = person(OFFICE, "202", options={"mailbox": {"seconds": 12}})
    whole = replace(whole, options={"mailbox": {"seconds": 45}})
    assert decide(call("202"), whole).steps[0] == Ring(("202",), 12)


def test_a_mailbox_timer_of_zero_rings_no_phone() -> None:
    whole = person(OFFICE, "202", options={"mailbox": {"seconds": 0}})
    assert decide(call("202"), whole).steps == (Mailbox("202", "unanswered"),)


@pytest.mark.parametrize("wrong", ["soon", -1, 10_000, None, [], {"a": 1}])
def test_a_stored_option_that_does_not_fit_is_passed_over(wrong: Any) -> None:
    whole = person(OFFICE, "202", options={"mailbox": {"seconds": wrong, "unheard_of": 1}})
    assert decide(call("202"), whole).steps[0] == Ring(("202",), 30)


@pytest.mark.parametrize("stored", [{"mailbox": "broken"}, {"mailbox": None}, {"mailbox": [1]}])
def test_options_that_are_no_table_are_passed_over(stored: Any) -> None:
    whole = person(OFFICE, "202", options=stored)
    assert decide(call("202"), whole).steps[0] == Ring(("202",), 30)


@pytest.mark.parametrize("dialled", ["299", "2", "anna", "", " ", "1530", "202 ", "２０２"])
def test_what_nobody_has_is_not_found(dialled: str) -> None:
    plan = decide(call(dialled), office_of("201", "202"))
    assert plan.steps == (Announce("announce.unknown_number", 404, "Not Found"),)
    assert because(plan) == ("unknown_number",)


def test_a_line_switched_off_is_not_found_and_the_history_says_why() -> None:
    plan = decide(call("202"), office_of("202", active=False))
    assert plan.steps == (Announce("announce.unknown_number", 404, "Not Found"),)
    assert plan.because[0].it == "L'interno 202 è disattivato"
    assert plan.because[0].en == "Extension 202 is switched off"


@pytest.mark.parametrize(
    "dialled",
    ["+390612345678", "00390612345678", "0612345678", "00612345678", "000390612345678"],
)
def test_our_own_number_in_every_form_stays_in_the_office(dialled: str) -> None:
    office = person(office_of("201"), "202", number="+390612345678")
    plan = decide(call(dialled), office)
    assert plan.to_line == "202"
    assert plan.steps[0] == Ring(("202",), 30)
    assert "own_number" in because(plan)


@pytest.mark.parametrize(
    "dialled", ["+390699999999", "0699999999", "03331234567", "3331234567", "0800123456"]
)
def test_an_outside_number_is_not_a_wrong_number(dialled: str) -> None:
    plan = decide(call(dialled), office_of("201", "202"))
    assert plan.steps == (Announce("announce.no_outside_line", 503, "Service Unavailable"),)
    assert because(plan) == ("outside_number",)


@pytest.mark.parametrize("dialled", ["112", "0112", "118"])
def test_an_emergency_number_beats_everything_and_is_honest(dialled: str) -> None:
    office = person(office_of("201"), dialled)
    office = replace(office, services={dialled: ServiceCode(dialled, "echo")})
    plan = decide(call(dialled), office)
    assert plan.steps == (Announce("announce.no_outside_line", 503, "Service Unavailable"),)
    assert because(plan) == ("emergency_call",)
    assert "nessuna linea esterna" in plan.because[0].it


@pytest.mark.parametrize(
    ("dialled", "step"),
    [
        ("*86", Service("voicemail_menu")),
        ("*86#", Service("voicemail_menu")),
        ("*86*202", Service("voicemail_menu", "202")),
        ("*600", Service("echo")),
        ("*87202", Service("voicemail_deposit", "202")),
        ("*87*202#", Service("voicemail_deposit", "202")),
        ("*87299", Announce("announce.unknown_number", 404, "Not Found")),
        ("*87", Announce("announce.code_incomplete", 484, "Address Incomplete")),
        ("*86202", Announce("announce.unknown_code", 404, "Not Found")),
        ("*99", Announce("announce.unknown_code", 404, "Not Found")),
        ("#21#", Announce("announce.unknown_code", 404, "Not Found")),
        ("*", Announce("announce.unknown_code", 404, "Not Found")),
    ],
)
def test_service_codes(dialled: str, step: Step) -> None:
    plan = decide(call(dialled), office_of("201", "202"))
    assert plan.steps == (step,)
    assert because(plan) == ("service_code",)
    assert plan.to_line == ""


def test_the_longest_service_code_wins() -> None:
    services = {
        "*8": ServiceCode("*8", "pickup", with_extension=True),
        "*86": ServiceCode("*86", "voicemail_menu", with_extension=True),
    }
    office = replace(office_of("202"), services=services)
    assert decide(call("*86202"), office).steps == (Service("voicemail_menu", "202"),)


def test_a_service_code_may_be_plain_digits() -> None:
    office = replace(office_of("202"), services={"900": ServiceCode("900", "echo")})
    assert decide(call("900"), office).steps == (Service("echo"),)
    assert decide(call("202"), office).to_line == "202"


def test_dialling_oneself_opens_the_own_mailbox() -> None:
    plan = decide(call("201", by="201"), office_of("201"))
    assert plan.steps == (Service("voicemail_menu", "201"),)
    assert because(plan) == ("line", "own_line")


def test_dialling_oneself_without_a_mailbox_is_busy() -> None:
    plan = decide(call("201", by="201"), office_of("201", has_mailbox=False))
    assert plan.steps == (Reject(486, "Busy Here"),)


def test_a_call_that_comes_back_to_its_own_line_rings() -> None:
    facts = call("201", by="201", arrival=Arrival.RECALL)
    assert decide(facts, office_of("201")).steps[0] == Ring(("201",), 30, alert="recall")


def test_a_group_never_ends_in_a_members_mailbox() -> None:
    """behaviour.md s.1.1: a hunt arrival passes over the member's own mailbox."""
    office = office_of("202")
    ringing = decide(call("202", arrival=Arrival.HUNT), office)
    busy = decide(call("202", arrival=Arrival.HUNT, busy=frozenset({"202"})), office)
    gone = decide(call("202", arrival=Arrival.HUNT, registered=frozenset()), office)
    branches = (ringing.steps, ringing.on_busy, ringing.on_unavailable, busy.steps, gone.steps)
    assert not any(isinstance(step, Mailbox) for steps in branches for step in steps or ())
    assert ringing.steps[0] == Ring(("202",), 120)


@pytest.mark.parametrize("key", ["*", "9", "+", "a", "#"])
def test_a_number_without_end_costs_no_time_and_fills_no_record(key: str) -> None:
    plan = decide(call(key * 65_000), office_of("202"))
    assert isinstance(plan.steps[0], Announce)
    assert len(plan.because[0].en) < 200
