"""A second phone takes a call over: INVITE with Replaces (RFC 3891)."""

from __future__ import annotations

from pbx.events.kinds import End
from tests.flow.office import FlowOffice, story
from tests.flow.test_transfers import hear_each_other, talking


@story
async def test_ones_own_second_phone_takes_the_call_over(office: FlowOffice) -> None:
    anna, bruno, _ = await talking(office)
    cordless = await office.phone("202")
    await cordless.takes_over(bruno.dialog)
    assert cordless.talks and not bruno.talks and hear_each_other(anna, cordless)
    (call,) = office.bus.board.calls.values()
    assert (call.caller.line, call.callee.line) == ("201", "202")
    await cordless.hangs_up()
    assert not anna.talks
    assert (office.story.end, office.story.ended_by) == (End.COMPLETED, "callee")


@story
async def test_the_callers_second_phone_takes_the_call_over(office: FlowOffice) -> None:
    anna, bruno, _ = await talking(office)
    cordless = await office.phone("201")
    await cordless.takes_over(anna.dialog)
    assert hear_each_other(cordless, bruno) and not anna.talks
    await cordless.hangs_up()
    assert not bruno.talks and office.story.ended_by == "caller"


@story
async def test_a_call_taken_over_from_hold(office: FlowOffice) -> None:
    anna, bruno, _ = await talking(office)
    cordless = await office.phone("202")
    await bruno.holds()
    assert anna.hears == "music"
    await cordless.takes_over(bruno.dialog)
    assert hear_each_other(anna, cordless)
    (call,) = office.bus.board.calls.values()
    assert call.state == "talking"
    await anna.hangs_up()


@story
async def test_direct_sound_follows_who_takes_over(office: FlowOffice) -> None:
    office.allow_direct_audio()
    anna, bruno, _ = await talking(office)
    cordless = await office.phone("202")
    await cordless.takes_over(bruno.dialog)
    await office.clock.forward(1)
    assert anna.offers[anna.dialog].host == cordless.host
    await anna.hangs_up()


@story
async def test_a_stranger_takes_nothing_over(office: FlowOffice) -> None:
    anna, bruno, carla = await talking(office)
    await carla.takes_over(bruno.dialog)
    assert carla.statuses == [403] and hear_each_other(anna, bruno)
    await anna.hangs_up()


@story
async def test_taking_over_what_is_not_there(office: FlowOffice) -> None:
    anna, bruno, _ = await talking(office)
    cordless = await office.phone("202")
    gone = bruno.dialog
    await cordless.takes_over(gone, early_only=True)
    assert cordless.statuses == [486] and hear_each_other(anna, bruno)
    await bruno.hangs_up()
    await cordless.takes_over(gone)
    assert cordless.statuses[-1] == 481
    await cordless.dials("x", headers=[("Replaces", "nonsense")])
    assert cordless.statuses[-1] in (400, 481)


@story
async def test_taking_over_a_call_that_still_rings_is_486(office: FlowOffice) -> None:
    anna, desk, cordless = [await office.phone(x) for x in ("201", "202", "202")]
    await anna.dials("202")
    await cordless.takes_over(desk.dialog)
    assert cordless.statuses[-1] in (481, 486)
    await desk.answers()
    assert hear_each_other(anna, desk)
    await anna.hangs_up()


@story
async def test_taking_over_a_call_to_the_mailbox_is_refused(office: FlowOffice) -> None:
    anna, second = await office.phone("201"), await office.phone("201")
    await anna.dials("*86")
    await second.takes_over(anna.dialog)
    assert not second.talks and second.statuses[-1] == 481 and anna.talks
    await anna.hangs_up()


@story
async def test_taking_over_while_a_transfer_rings_is_refused(office: FlowOffice) -> None:
    anna, bruno, carla = await talking(office)
    cordless = await office.phone("202")
    await bruno.transfers("203")
    await cordless.takes_over(bruno.dialog)
    assert not cordless.talks and cordless.statuses[-1] == 481
    await carla.answers()
    assert hear_each_other(anna, carla)
    await anna.hangs_up()


@story
async def test_taking_over_without_a_port_is_503(office: FlowOffice) -> None:
    anna, bruno, _ = await talking(office)
    cordless = await office.phone("202")
    office.media.full = True
    await cordless.takes_over(bruno.dialog)
    assert cordless.statuses[-1] == 503 and hear_each_other(anna, bruno)
    await anna.hangs_up()


@story
async def test_taking_over_a_call_that_ends_meanwhile(office: FlowOffice) -> None:
    anna, bruno, _ = await talking(office)
    cordless = await office.phone("202")
    office.media.seconds = 1.0
    await cordless.takes_over(bruno.dialog)
    await anna.hangs_up()
    await office.clock.forward(2)
    assert not cordless.talks and cordless.statuses[-1] == 481


@story
async def test_who_takes_over_changes_his_mind(office: FlowOffice) -> None:
    anna, bruno, _ = await talking(office)
    cordless = await office.phone("202")
    office.media.seconds = 1.0
    await cordless.takes_over(bruno.dialog)
    await cordless.hangs_up()
    await office.clock.forward(2)
    assert hear_each_other(anna, bruno)
    await anna.hangs_up()
