"""What the network, phones and our own workers do wrong, and that each call ends all the same."""

from __future__ import annotations

from pbx.events.kinds import End
from pbx.hub import CALLS
from pbx.sip import agent as sip
from pbx.sip.digest import answer as digest_answer
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


# --- strangers and limits ------------------------------------------------------------------------


@story
async def test_an_invite_without_credentials_is_401_and_nothing_else(office: FlowOffice) -> None:
    anna = await office.phone("201")
    bare = anna.agent.invite(
        f"sip:202@{OFFICE[0]}",
        flow=anna.flow,
        from_=f"<sip:201@{OFFICE[0]}>",
        to=f"<sip:202@{OFFICE[0]}>",
        sdp=anna.says(),
    )
    bare.owner = anna._on_event
    await office.clock.settle()
    assert anna.statuses == [401] and not office.stories
    assert office.node.agent.dialogs() == 0


@story
async def test_wrong_password_and_unknown_user_are_the_same_401(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    answers = []
    for line, password in (("201", "wrong"), ("999", "wrong"), ("x" * 300, "wrong")):
        anna.line, anna.password = line, password
        before = len(office.wire.seen)
        await anna.dials("202")
        assert anna.statuses[-1] == 401 and not bruno.dialogs
        refusal = [m for m in office.wire.seen[before:] if m.startswith(b"SIP/2.0 4")][-1]
        names = [row.partition(b":")[0] for row in refusal.partition(b"\r\n\r\n")[0].split(b"\r\n")]
        answers.append(names)
    assert answers[0] == answers[1] == answers[2]
    assert not office.stories


@story
async def test_ten_wrong_passwords_make_a_pause(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    bruno.password = "wrong"
    for _ in range(10):
        assert await bruno.registers() in (401, 403)
    bruno.password = anna.password
    assert await bruno.registers() == 403
    assert await anna.registers() == 200  # nobody else pays for it
    await office.clock.forward(61)
    assert await bruno.registers() == 200


@story
async def test_no_hop_left_is_483(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202", headers=[("Max-Forwards", "0")])
    assert anna.statuses == [483] and not bruno.dialogs


@story
async def test_hops_are_counted(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202", headers=[("Max-Forwards", "2")])
    assert bruno.rings and bruno.dialog.invite.max_forwards == 1
    await anna.hangs_up()


@story
async def test_a_full_house_says_when_to_try_again(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    (theirs,) = [office.hub.dial("204", "202")]
    await office.clock.settle()
    office.hub.calls |= dict.fromkeys((f"call {n}" for n in range(CALLS)), None)  # type: ignore[arg-type]
    await anna.dials("202")
    assert anna.statuses[-1] == 503 and not bruno.dialogs and theirs
    refusal = next(m for m in reversed(office.wire.seen) if m.startswith(b"SIP/2.0 503"))
    assert b"Retry-After: 5" in refusal
    office.hub.calls.clear()
    await anna.dials("202")
    assert bruno.rings
    await anna.hangs_up()


@story
async def test_a_transferred_or_forwarded_call_is_no_way_round_the_password(
    office: FlowOffice,
) -> None:
    anna, bruno = await talking(office)
    stranger = Phone(office.wire, office.clock, office.media, "201", "10.0.0.99")
    for method, status in (("REFER", 405), ("NOTIFY", 481), ("BYE", 481), ("MESSAGE", 405)):
        before = len(office.wire.seen)
        await stranger._ask(method, "202", [("Refer-To", f"<sip:203@{OFFICE[0]}>")])
        replies = [m for m in office.wire.seen[before:] if m.startswith(b"SIP/2.0")]
        assert replies[-1].startswith(b"SIP/2.0 %d" % status), method
    assert anna.hears == bruno.host
    await anna.hangs_up()


@story
async def test_an_old_proof_is_not_taken_twice(office: FlowOffice) -> None:
    anna = await office.phone("201")
    contact = [("Contact", f"<sip:201@{anna.host}>"), ("Expires", "600")]
    first = await anna._ask("REGISTER", "201", contact)
    assert first.response is not None
    proof = digest_answer(
        first.response.get_all("WWW-Authenticate"),
        user="201",
        password=anna.password,
        method="REGISTER",
        uri=f"sip:{OFFICE[0]}",
    )
    assert (await anna._ask("REGISTER", "201", [*contact, ("Authorization", proof)])).status == 200
    assert (await anna._ask("REGISTER", "201", [*contact, ("Authorization", proof)])).status == 401


@story
async def test_options_is_answered_to_anybody(office: FlowOffice) -> None:
    stranger = Phone(office.wire, office.clock, office.media, "", "10.0.0.99")
    heard = await stranger._ask("OPTIONS", "x", [])
    assert heard.status == 200 and heard.response is not None
    assert "INVITE" in heard.response.get_all("Allow")
    assert "application/sdp" in heard.response.get("Accept")
