"""Attended transfers: two calls of one phone become one call of the two others."""

from __future__ import annotations

from pbx.events.kinds import CallMoved, End
from pbx.sip import agent as sip
from tests.flow.office import FlowOffice, story
from tests.flow.phone import Phone
from tests.flow.test_transfers import hear_each_other, talking


async def consulting(
    office: FlowOffice, *, direct: bool = False
) -> tuple[Phone, Phone, Phone, sip.Dialog, sip.Dialog]:
    """Anna has called Bruno, put him on hold, and talks to Carla; Anna's two calls."""
    if direct:
        office.allow_direct_audio()
    anna, bruno, carla = await talking(office)
    first = anna.dialog
    await anna.holds()
    second = await anna.dials("203")
    await carla.answers()
    if not direct:
        assert bruno.hears == "music" and hear_each_other(anna, carla)
    return anna, bruno, carla, first, second


@story
async def test_attended_keeps_the_sides_of_the_record(office: FlowOffice) -> None:
    anna, bruno, carla, first, second = await consulting(office)
    await anna.joins(first, second)
    assert hear_each_other(bruno, carla)
    (moved,) = [fact for fact in office.facts if isinstance(fact, CallMoved)]
    assert (moved.caller.line, moved.callee.line) == ("203", "202")
    (call,) = office.bus.board.calls.values()
    assert {call.caller.line, call.callee.line} == {"202", "203"}
    assert call.state == "talking"  # whoever held it has left
    await office.clock.forward(6)
    assert not anna.talks
    await bruno.hangs_up()
    consult, call_record = office.stories
    assert (consult.end, consult.ended_by) == (End.TRANSFERRED, "caller")
    assert (call_record.end, call_record.ended_by) == (End.COMPLETED, "callee")
    assert call_record.answered_line == "202"


@story
async def test_attended_the_other_way_round(office: FlowOffice) -> None:
    anna, bruno, carla, first, second = await consulting(office)
    await anna.joins(second, first)  # REFER in the consultation, replacing the first call
    assert hear_each_other(bruno, carla)
    await office.clock.forward(6)
    assert not anna.talks
    await carla.hangs_up()
    assert not bruno.talks


@story
async def test_attended_with_the_third_on_hold(office: FlowOffice) -> None:
    anna, bruno, carla, first, second = await consulting(office)
    await anna.holds(dialog=second)
    assert carla.hears == "music"
    await anna.joins(first, second)
    assert hear_each_other(bruno, carla)
    await anna.hangs_up(first)
    await bruno.hangs_up()


@story
async def test_attended_when_the_third_called(office: FlowOffice) -> None:
    anna, bruno, carla = await talking(office)
    first = anna.dialog
    await anna.holds()
    await carla.dials("201")
    await anna.answers()
    second = anna.dialog
    await anna.joins(first, second)
    assert hear_each_other(bruno, carla)
    await carla.hangs_up()
    await office.clock.forward(6)
    assert not bruno.talks and not anna.talks


@story
async def test_attended_while_the_third_still_rings(office: FlowOffice) -> None:
    anna, bruno, carla = await talking(office)
    first = anna.dialog
    await anna.holds()
    second = await anna.dials("203")
    assert carla.rings
    await anna.joins(first, second)
    assert carla.rings and bruno.hears == "tone:ringback"
    await carla.answers()
    assert hear_each_other(bruno, carla)
    await anna.hangs_up(first)
    await bruno.hangs_up()
    assert not carla.talks


@story
async def test_attended_into_a_mailbox(office: FlowOffice) -> None:
    anna, bruno, carla = await talking(office)
    first = anna.dialog
    await anna.holds()
    carla.refuses = 486
    second = await anna.dials("203")
    assert office.served == [("voicemail_deposit", "203 busy")]
    await anna.joins(first, second)
    assert office.served[1:] == [("voicemail_deposit", "203 busy")]
    assert bruno.hears == "mailbox.greeting.unanswered"
    await bruno.hangs_up()


@story
async def test_attended_when_one_leaves_in_that_instant(office: FlowOffice) -> None:
    anna, bruno, carla, first, second = await consulting(office)
    carla.dialog.end()
    await anna.joins(first, second)
    await office.clock.forward(1)
    assert not carla.talks
    assert anna.reports[-1].startswith("SIP/2.0 481") and anna.dialogs[0] is first
    await anna.hangs_up(first)
    await office.clock.forward(1)
    if bruno.talks:
        await bruno.hangs_up()


@story
async def test_attended_with_a_call_that_is_being_transferred(office: FlowOffice) -> None:
    anna, bruno, carla, first, second = await consulting(office)
    dario = await office.phone("204")
    await anna.transfers("204", dialog=second)  # Carla to Dario...
    await anna.joins(first, second)  # ... and to Bruno, too late
    assert anna.reports[-1].startswith("SIP/2.0 481")
    await dario.answers()
    assert hear_each_other(carla, dario) and bruno.hears == "music"
    await anna.hangs_up(first)
    await carla.hangs_up()


@story
async def test_attended_with_both_ends_direct(office: FlowOffice) -> None:
    anna, bruno, carla, first, second = await consulting(office, direct=True)
    assert carla.offers[carla.dialog].host == anna.host
    await anna.joins(first, second)
    await office.clock.forward(1)
    assert carla.offers[carla.dialog].host == bruno.host
    assert bruno.offers[bruno.dialog].host == carla.host
    await bruno.hangs_up()


@story
async def test_attended_and_then_carried_on_for_long(office: FlowOffice) -> None:
    anna, bruno, carla, first, second = await consulting(office)
    await anna.joins(first, second)
    await office.clock.forward(4000)  # session refreshes go on
    assert hear_each_other(bruno, carla)
    await bruno.transfers("204")
    await office.clock.forward(1)
    assert office.served[-1][1].startswith("204")
    await carla.hangs_up()
