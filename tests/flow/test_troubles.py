"""What the network, phones and our own workers do wrong, and that each call ends all the same."""

# A phone rings now and not a moment later: mypy takes the second assertion for unreachable.
# mypy: no-warn-unreachable
from __future__ import annotations

from pbx.events.kinds import End
from pbx.sip import agent as sip
from tests.flow.office import FlowOffice, story
from tests.flow.phone import OFFICE, Phone


async def talking(office: FlowOffice) -> tuple[Phone, Phone]:
    """Anna has called Bruno."""
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    await bruno.answers()
    return anna, bruno


class Loses:
    """Loses the first messages that begin so, on their way to a host."""

    def __init__(self, start: bytes, host: str, times: int = 1) -> None:
        self.start, self.host, self.left = start, host, times

    def __call__(self, flow: sip.Flow, data: bytes) -> bool:
        if self.left and flow.host == self.host and data.startswith(self.start):
            self.left -= 1
            return True
        return False


# --- lost on the way -----------------------------------------------------------------------------


@story
async def test_a_lost_ack(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    office.wire.loses = Loses(b"ACK", OFFICE[0])
    await bruno.answers()
    await office.clock.forward(5)
    assert anna.talks and anna.hears == bruno.host
    await office.clock.forward(60)
    assert anna.talks and bruno.talks
    await anna.hangs_up()


@story
async def test_no_ack_ever_ends_the_call(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    office.wire.loses = Loses(b"ACK", OFFICE[0], 10_000)
    await bruno.answers()
    await office.clock.forward(33)
    assert not bruno.talks and not anna.talks
    assert office.story.end is End.VANISHED


@story
async def test_a_lost_bye(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    office.wire.loses = Loses(b"BYE", OFFICE[0], 3)
    await anna.hangs_up()
    assert bruno.talks
    await office.clock.forward(5)
    assert not bruno.talks and office.story.end is End.COMPLETED


@story
async def test_a_lost_bye_of_ours(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    office.wire.loses = Loses(b"BYE", bruno.host, 3)
    await anna.hangs_up()
    await office.clock.forward(5)
    assert not bruno.talks


@story
async def test_lost_invites_and_answers_are_repeated(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    office.wire.loses = Loses(b"INVITE", bruno.host, 2)
    await anna.dials("202")
    await office.clock.forward(3)
    assert bruno.rings
    office.wire.loses = Loses(b"SIP/2.0 200", OFFICE[0], 2)
    await bruno.answers()
    await office.clock.forward(3)
    assert anna.talks and anna.hears == bruno.host
    office.wire.loses = Loses(b"SIP/2.0 200", anna.host, 2)
    await anna.hangs_up()
    await office.clock.forward(3)
    assert not bruno.talks


@story
async def test_a_lost_cancel_is_repeated(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    office.wire.loses = Loses(b"CANCEL", bruno.host, 2)
    await anna.hangs_up()
    assert bruno.rings
    await office.clock.forward(3)
    assert not bruno.rings


@story
async def test_everything_twice(office: FlowOffice) -> None:
    office.wire.twice = True
    anna, bruno = await talking(office)
    assert len(bruno.dialogs) == 1 and anna.hears == bruno.host
    await anna.holds()
    assert bruno.hears == "music"
    await anna.holds(held=False)
    await anna.hangs_up()
    assert len(office.stories) == 1


@story
async def test_every_third_datagram_is_lost(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    count = 0

    def loses(flow: sip.Flow, data: bytes) -> bool:
        nonlocal count
        count += 1
        return count % 3 == 0

    office.wire.loses = loses
    for _ in range(5):
        await anna.dials("202")
        await office.clock.forward(10)
        if bruno.rings:
            await bruno.answers()
        await office.clock.forward(10)
        await anna.hangs_up()
        await office.clock.forward(10)
    assert len(office.stories) == 5
    office.wire.loses = lambda flow, data: False


# --- phones that go ------------------------------------------------------------------------------


@story
async def test_a_silent_phone_that_answers_keeps_its_call(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    for _ in range(3):
        bruno.ear.fall_silent()
        await office.clock.forward(40)
    assert anna.talks and bruno.talks and anna.hears == bruno.host
    await anna.hangs_up()


@story
async def test_a_phone_that_answers_the_question_with_an_error_is_alive(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    bruno.replies_to_options = 405
    bruno.ear.fall_silent()
    await office.clock.forward(40)
    assert anna.talks
    await anna.hangs_up()


@story
async def test_a_phone_that_lost_its_call_ends_it(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    bruno.restarts()
    bruno.ear_of_host().fall_silent()
    await office.clock.forward(10)
    assert not anna.talks and office.story.end is End.VANISHED


@story
async def test_the_caller_vanishes_while_it_rings(office: FlowOffice) -> None:
    anna, _ = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    office.wire.leave(anna)
    await office.clock.forward(31)
    assert office.served
    await office.clock.forward(200)  # nobody acknowledges the mailbox's answer
    assert office.story.end is End.VANISHED


@story
async def test_a_phone_that_vanishes_from_its_mailbox(office: FlowOffice) -> None:
    anna = await office.phone("201")
    await anna.dials("*86")
    office.wire.leave(anna)
    anna.ear.fall_silent()
    await office.clock.forward(40)
    assert office.story.end is End.VANISHED


@story
async def test_a_session_that_nobody_refreshes_ends(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    office.wire.leave(bruno)
    await office.clock.forward(1900)
    assert not anna.talks
    assert office.story.end is End.VANISHED


@story
async def test_a_long_call_is_refreshed_and_goes_on(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    await office.clock.forward(4 * 3600)
    assert anna.talks and bruno.talks and anna.hears == bruno.host
    assert not held_or_moved(office)
    await anna.hangs_up()
    told = office.story
    assert told.ended_at and told.answered_at
    assert (told.ended_at - told.answered_at).total_seconds() == 4 * 3600


def held_or_moved(office: FlowOffice) -> bool:
    """Whether the board shows anything but two who talk."""
    return any(call.state != "talking" for call in office.bus.board.calls.values())


# --- workers that go -----------------------------------------------------------------------------


@story
async def test_a_worker_lost_while_it_rings(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    office.media.lose_worker()
    await office.clock.settle()
    assert not bruno.rings and anna.statuses[-1] == 500
    assert (office.story.end, office.story.ended_by) == (End.MEDIA_LOST, "office")


@story
async def test_a_worker_lost_with_one_phone_that_rings(office: FlowOffice) -> None:
    anna, desk, cordless = [await office.phone(x) for x in ("201", "202", "202")]
    await anna.dials("202")
    desk.ear.lose()
    await office.clock.settle()
    assert not desk.rings and cordless.rings
    await cordless.answers()
    assert anna.hears == cordless.host
    await anna.hangs_up()


@story
async def test_a_worker_lost_while_a_phone_is_being_called(office: FlowOffice) -> None:
    anna, desk, cordless = [await office.phone(x) for x in ("201", "202", "202")]
    office.media.seconds = 1.0
    await anna.dials("202")
    await office.clock.forward(1.5)
    office.media.lose_worker()
    await office.clock.forward(2)
    assert not desk.dialogs and not cordless.dialogs
    assert office.story.end is End.MEDIA_LOST


@story
async def test_a_worker_lost_in_an_application(office: FlowOffice) -> None:
    anna = await office.phone("201")
    await anna.dials("*86")
    office.media.lose_worker()
    await office.clock.settle()
    assert not anna.talks
    assert (office.story.end, office.story.ended_by) == (End.MEDIA_LOST, "office")


@story
async def test_a_worker_lost_during_an_announcement(office: FlowOffice) -> None:
    anna = await office.phone("201")
    await anna.dials("299")
    office.media.lose_worker()
    await office.clock.settle()
    assert anna.statuses[-1] == 500


@story
async def test_a_worker_lost_ends_only_its_own_calls(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    carla, dario = await office.phone("203"), await office.phone("204")
    await carla.dials("204")
    await dario.answers()
    anna.ear.lose()
    bruno.ear.lose()
    await office.clock.settle()
    assert not anna.talks and carla.talks and carla.hears == dario.host
    bye = next(m for m in reversed(office.wire.seen) if m.startswith(b"BYE"))
    assert b"Reason:" in bye
    await carla.hangs_up()
