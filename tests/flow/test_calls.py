"""Two phones and a call: ringing, answering, refusing, leaving, in every order."""

# A phone rings now and not a moment later: mypy takes the second assertion for unreachable.
# mypy: no-warn-unreachable
from __future__ import annotations

from pbx.calls.api import Call
from pbx.events.kinds import End
from tests.flow.office import FlowOffice, story


@story
async def test_one_rings_the_other_and_they_hear_each_other(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    assert bruno.rings and 180 in anna.statuses
    assert bruno.dialog.invite.from_.display == "Anna Bianchi"
    assert bruno.dialog.invite.from_.user == "201"
    await bruno.answers()
    assert anna.talks and bruno.talks
    assert anna.hears == bruno.host and bruno.hears == anna.host
    (call,) = office.bus.board.calls_of("202")
    assert call.state == "talking"
    await office.clock.forward(65)
    await bruno.hangs_up()
    assert not anna.talks
    told = office.story
    assert (told.end, told.ended_by, told.answered_by) == (End.COMPLETED, "callee", "person")
    assert told.answered_at and told.ended_at
    assert (told.ended_at - told.answered_at).total_seconds() == 65
    assert [(t.line, t.status) for t in told.tried] == [("202", 200)]
    assert told.because


@story
async def test_all_phones_of_a_line_ring_and_the_others_stop(office: FlowOffice) -> None:
    anna = await office.phone("201")
    desk, cordless = await office.phone("202"), await office.phone("202")
    await anna.dials("202")
    assert desk.rings and cordless.rings
    await cordless.answers()
    assert cordless.talks and not desk.rings
    cancel = next(m for m in reversed(office.wire.seen) if m.startswith(b"CANCEL"))
    assert b'Reason: SIP;cause=200;text="Call completed elsewhere"' in cancel
    await anna.hangs_up()
    assert not cordless.talks
    assert {t.status for t in office.story.tried} == {200, 487}


@story
async def test_the_caller_gives_up(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    await anna.hangs_up()
    assert not bruno.rings
    assert (office.story.end, office.story.ended_by) == (End.CANCELLED, "caller")
    assert office.story.status == 487


@story
async def test_one_phone_is_busy_and_the_other_answers(office: FlowOffice) -> None:
    anna = await office.phone("201")
    desk, cordless = await office.phone("202"), await office.phone("202")
    desk.refuses = 486
    await anna.dials("202")
    assert cordless.rings
    await cordless.answers()
    assert anna.talks
    await anna.hangs_up()


@story
async def test_hold_plays_music_to_the_other(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    await bruno.answers()
    await anna.holds()
    assert bruno.hears == "music" and anna.hears == ""
    assert office.bus.board.calls_of("201")[0].state == "held"
    await anna.holds(held=False)
    assert bruno.hears == anna.host and anna.hears == bruno.host
    assert office.bus.board.calls_of("201")[0].state == "talking"
    await anna.hangs_up()


@story
async def test_blind_transfer(office: FlowOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    await anna.dials("202")
    await bruno.answers()
    await bruno.transfers("203")
    assert carla.rings and anna.hears == "tone:ringback"
    assert carla.dialog.invite.from_.user == "201"
    await carla.answers()
    assert anna.hears == carla.host and carla.hears == anna.host
    assert bruno.reports == ["SIP/2.0 100 Trying", "SIP/2.0 200 OK"]
    await bruno.hangs_up()
    await office.clock.forward(10)
    assert anna.talks and carla.talks
    assert office.stories[0].end is End.TRANSFERRED
    await carla.hangs_up()
    assert not anna.talks


@story
async def test_a_blind_transfer_to_nobody_comes_back(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    await bruno.answers()
    await bruno.holds()
    await bruno.transfers("999")
    await office.clock.forward(15)
    assert bruno.reports[-1] == "SIP/2.0 404 Not Found"
    assert anna.hears == "music"
    await bruno.holds(held=False)
    assert anna.hears == bruno.host
    await anna.hangs_up()
    assert not bruno.talks


@story
async def test_attended_transfer_joins_the_two_others(office: FlowOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    first = await anna.dials("202")
    await bruno.answers()
    await anna.holds()
    second = await anna.dials("203")
    await carla.answers()
    await anna.joins(first, second)
    assert bruno.hears == carla.host and carla.hears == bruno.host
    assert anna.reports[-1] == "SIP/2.0 200 OK"
    await office.clock.forward(10)
    assert bruno.talks and carla.talks
    await bruno.hangs_up()
    assert not carla.talks


@story
async def test_nobody_may_join_a_strangers_call(office: FlowOffice) -> None:
    anna, bruno, carla, dario = [await office.phone(x) for x in ("201", "202", "203", "204")]
    theirs = await anna.dials("202")
    await bruno.answers()
    mine = await carla.dials("204")
    await dario.answers()
    await carla.joins(mine, theirs)
    assert ("REFER", 403) in carla.replies or ("REFER", 481) in carla.replies
    assert anna.hears == bruno.host and carla.hears == dario.host
    await anna.hangs_up()
    await carla.hangs_up()


@story
async def test_no_common_codec_is_488(office: FlowOffice) -> None:
    anna, _ = await office.phone("201", codings=("G722",)), await office.phone("202")
    sdp = (
        anna.says()
        .replace(b"RTP/AVP 9", b"RTP/AVP 18")
        .replace(b"rtpmap:9 G722", b"rtpmap:18 G729")
    )
    await anna.dials("202", sdp=sdp)
    assert anna.statuses[-1] == 488


@story
async def test_a_phone_that_vanished_is_found_out(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    await bruno.answers()
    office.wire.leave(bruno)
    bruno.ear.fall_silent()
    await office.clock.forward(40)
    assert office.story.end is End.VANISHED
    assert not anna.talks


@story
async def test_a_lost_worker_ends_its_call_with_a_reason(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    await bruno.answers()
    bruno.ear.lose()
    await office.clock.settle()
    assert not anna.talks and not bruno.talks
    assert office.story.end is End.MEDIA_LOST


@story
async def test_direct_sound_and_back_for_hold(office: FlowOffice) -> None:
    office.allow_direct_audio()
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    await bruno.answers()
    assert bruno.offers[bruno.dialog].host == anna.host
    assert anna.offers[anna.dialog].host == bruno.host
    await anna.holds()
    assert bruno.offers[bruno.dialog].host == "10.0.0.1" and bruno.hears == "music"
    await anna.holds(held=False)
    assert bruno.offers[bruno.dialog].host == anna.host
    await bruno.hangs_up()


@story
async def test_click_to_dial_rings_the_own_phone_first(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    call = office.hub.dial("201", "202", key="k1")
    assert office.hub.dial("201", "202", key="k1") == call
    await office.clock.settle()
    assert anna.rings and not bruno.rings
    assert not office.bus.board.calls[call].origin_answered
    await anna.answers()
    assert bruno.rings and anna.hears == "tone:ringback"
    assert office.bus.board.calls[call].origin_answered
    await bruno.answers()
    assert anna.hears == bruno.host and bruno.hears == anna.host
    assert office.hub.hang_up(call, line="203") is False
    assert office.hub.hang_up(call, line="202") is True
    await office.clock.settle()
    assert not anna.talks and not bruno.talks
    assert office.story.from_web and office.story.ended_by == "portal"


@story
async def test_a_key_that_comes_with_another_number_is_another_call(office: FlowOffice) -> None:
    """A page that heard no answer keeps its key; whoever types another number then means that."""
    await office.phone("201")
    call = office.hub.dial("201", "202", key="k1")
    assert office.hub.dial("201", "203", key="k1") != call


@story
async def test_wrong_password_and_unknown_user_look_the_same(office: FlowOffice) -> None:
    anna = await office.phone("201")
    anna.password = "wrong"
    assert await anna.registers() == 401
    known = anna.events[-1]
    anna.line = "999"
    assert await anna.registers() == 401
    unknown = anna.events[-1]
    names = [
        [name for name, _ in event.response.headers()]  # type: ignore[union-attr]
        for event in (known, unknown)
    ]
    assert names[0] == names[1]


@story
async def test_a_decline_at_the_portal_stops_the_phones_and_goes_on(office: FlowOffice) -> None:
    async def mailbox(call: Call, argument: str) -> None:
        await call.answer()
        await call.get_dtmf(seconds=60)

    office.apps["voicemail_deposit"] = mailbox
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    (call,) = office.bus.board.calls_of("202")
    assert office.hub.hang_up(call.call, line="203") is False
    assert office.hub.hang_up(call.call, line="202") is True
    await office.clock.settle()
    assert not bruno.rings and anna.talks
    assert office.bus.board.calls[call.call].answered_by == "mailbox"
    assert office.hub.hang_up(call.call, line="201") is True
    await office.clock.settle()
    assert not anna.talks and office.story.ended_by == "portal"
