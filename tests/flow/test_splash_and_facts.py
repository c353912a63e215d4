"""How phones are asked to ring, the ring splash of a forward, and what the office knows of its
lines when it decides: who talks, who is busy, who has called for help."""

# A phone rings now and not a moment later: mypy takes the second assertion for unreachable.
# mypy: no-warn-unreachable
from __future__ import annotations

from dataclasses import replace

from pbx.routing.decide import decide
from pbx.routing.facts import CallFacts
from pbx.routing.office import Office
from pbx.routing.plan import Plan, Ring
from tests.flow.office import FlowOffice, story
from tests.flow.test_calls_out import with_provider
from tests.flow.test_ring_plan import option, reason_of
from tests.flow.test_ringing import ends_in_mailbox


def judged(office: FlowOffice) -> list[CallFacts]:
    """Every call's facts, as they are decided about from now on."""
    seen: list[CallFacts] = []

    def watched(facts: CallFacts, settings: Office) -> Plan:
        seen.append(facts)
        return decide(facts, settings)

    office.switch.decide = watched
    return seen


@story
async def test_a_ring_splash_is_half_a_second_and_nothing_waits_for_it(office: FlowOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    option(office, "202", "forward_all", enabled=True, number="203", notify=True)
    await anna.dials("202")
    assert carla.rings and bruno.rings, "in the same moment"
    assert bruno.dialog.invite.get_all("Alert-Info") == [
        "<http://www.notused.com>;info=ring-splash",
        "<urn:alert:duration:short>",
    ]
    assert "201" in bruno.dialog.invite.get("From")
    await office.clock.forward(0.51)
    assert not bruno.rings and carla.rings
    assert b"completed elsewhere" in reason_of(office, "CANCEL")[0]
    await carla.answers()
    assert anna.hears == carla.host
    await anna.hangs_up()
    assert [each.line for each in office.story.tried] == ["203"]


@story
async def test_a_splash_that_is_answered_is_nobodys_call(office: FlowOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    option(office, "202", "forward_all", enabled=True, number="203", notify=True)
    await anna.dials("202")
    await bruno.answers()
    await office.clock.forward(1)
    assert not bruno.talks and carla.rings and not anna.talks
    await anna.hangs_up()


@story
async def test_no_splash_while_the_line_is_in_a_call(office: FlowOffice) -> None:
    anna, bruno, carla, dario = [await office.phone(x) for x in ("201", "202", "203", "204")]
    await bruno.dials("204")
    await dario.answers()
    option(office, "202", "forward_all", enabled=True, number="203", notify=True)
    before = len(bruno.dialogs)
    await anna.dials("202")
    await office.clock.forward(1)
    assert len(bruno.dialogs) == before and carla.rings
    await anna.hangs_up()
    await bruno.hangs_up(bruno.dialogs[0])


@story
async def test_the_way_of_ringing_is_told_to_the_phones(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    office.switch.decide = lambda facts, settings: replace(
        decide(facts, settings), steps=(Ring(("202",), 20, alert="priority"),)
    )
    await anna.dials("202")
    assert bruno.dialog.invite.get("Alert-Info") == "<http://www.notused.com>;info=priority"
    await anna.hangs_up()
    office.switch.decide = decide
    await anna.dials("202")
    assert not bruno.dialog.invite.has("Alert-Info")
    await anna.hangs_up()


@story
async def test_who_does_not_want_to_see_callers_does_not(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    option(office, "202", "caller_id", shows_caller=False)
    await anna.dials("202")
    invite = bruno.dialog.invite
    assert invite.from_.uri.endswith("anonymous.invalid")
    assert not invite.has("P-Asserted-Identity")
    await anna.hangs_up()


# --- facts ---------------------------------------------------------------------------------------


@story
async def test_a_line_is_in_a_call_from_its_first_ring_to_its_end(office: FlowOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    facts = judged(office)
    await anna.dials("202")
    assert facts[-1].in_call == {"201"}
    await carla.dials("204")
    assert facts[-1].in_call == {"201", "202", "203"} and not facts[-1].busy
    await carla.hangs_up()
    await bruno.answers()
    await carla.dials("204")
    assert facts[-1].in_call == {"201", "202", "203"}
    await carla.hangs_up()
    await anna.hangs_up()
    await office.clock.settle()
    await carla.dials("204")
    assert facts[-1].in_call == {"203"}
    await carla.hangs_up()


@story
async def test_two_calls_for_each_phone_are_all_it_can_take(office: FlowOffice) -> None:
    anna, bruno, carla, dario = [await office.phone(x) for x in ("201", "202", "203", "204")]
    facts = judged(office)
    await anna.dials("202")
    await bruno.answers()
    await carla.dials("202")
    await bruno.answers()
    await dario.dials("202")
    assert "202" in facts[-1].busy and len(bruno.dialogs) == 2
    assert office.served == [("voicemail_deposit", "202 busy")]
    await dario.hangs_up()
    cordless = await office.phone("202")
    await dario.dials("202")
    assert "202" not in facts[-1].busy and cordless.rings
    for phone in (anna, carla, dario):
        await phone.hangs_up()


@story
async def test_a_forwarded_call_is_judged_by_what_is_true_by_then(office: FlowOffice) -> None:
    anna, bruno, carla, dario = [await office.phone(x) for x in ("201", "202", "203", "204")]
    option(office, "202", "forward_no_answer", enabled=True, number="203", seconds=10)
    facts = judged(office)
    await anna.dials("202")
    await carla.dials("204")
    await dario.answers()
    await office.clock.forward(11)
    assert facts[-1].dialled == "203" and facts[-1].in_call == {"201", "203", "204"}
    assert not bruno.rings
    await anna.hangs_up()
    await carla.hangs_up(carla.dialogs[0])


@story
async def test_who_called_for_help_is_known_for_an_hour(office: FlowOffice) -> None:
    provider = await with_provider(office)
    anna, bruno = await office.phone("201"), await office.phone("202")
    facts = judged(office)
    await bruno.dials("112")
    assert provider.rings
    await provider.answers()
    await anna.dials("203")
    assert facts[-1].needed_help == {"202"}
    await anna.hangs_up()
    await office.clock.forward(600)
    await bruno.hangs_up()
    await office.clock.forward(3599)
    await anna.registers()
    await anna.dials("203")
    assert facts[-1].needed_help == {"202"}, "an hour from its end"
    await anna.hangs_up()
    await office.clock.forward(2)
    await anna.dials("203")
    assert not facts[-1].needed_help
    await anna.hangs_up()


@story
async def test_a_decline_is_not_forwarded_as_unanswered(office: FlowOffice) -> None:
    """Behaviour 1.2: whoever declines sends the caller to the mailbox, whatever the timers."""
    option(office, "202", "forward_no_answer", enabled=True, number="203", seconds=10)
    option(office, "202", "mailbox", seconds=60)
    anna, desk, carla = [await office.phone(line) for line in ("201", "202", "203")]
    await anna.dials("202")
    await desk.refuses_call(603)
    assert not carla.rings
    await ends_in_mailbox(office, anna, "unanswered")
