"""What two phones agree on for their sound: offers early and late, every kind of hold, changes."""

# A phone rings now and not a moment later: mypy takes the second assertion for unreachable.
# mypy: no-warn-unreachable
from __future__ import annotations

from pbx.events.kinds import End
from tests.flow.office import FlowOffice, story, story_without_mailbox
from tests.flow.phone import Phone

REQUIRE_100REL = [("Require", "100rel")]


async def talking(office: FlowOffice, *, direct: bool = False) -> tuple[Phone, Phone]:
    """Anna has called Bruno."""
    if direct:
        office.allow_direct_audio()
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    await bruno.answers()
    assert anna.talks and bruno.talks
    return anna, bruno


def hear_each_other(one: Phone, other: Phone) -> bool:
    """Both ways."""
    return one.hears == other.host and other.hears == one.host


def held(office: FlowOffice) -> bool:
    """What the board says."""
    (call,) = office.bus.board.calls.values()
    return call.state == "held"


# --- the first offer -----------------------------------------------------------------------------


@story
async def test_an_invite_without_sdp_gets_our_offer(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202", sdp=b"")
    assert bruno.rings
    await bruno.answers()
    assert anna.talks and hear_each_other(anna, bruno)
    await anna.hangs_up()


@story
async def test_a_late_offer_that_must_be_answered_in_a_prack(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202", sdp=b"", headers=REQUIRE_100REL)
    assert bruno.rings
    await bruno.answers()
    await office.clock.forward(1)
    assert anna.talks and hear_each_other(anna, bruno)
    await anna.hangs_up()


@story
async def test_a_late_offer_answered_with_nothing_usable(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    anna.codings = ()
    anna._answer = lambda dialog: b"v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nt=0 0\r\n"  # type: ignore[method-assign]
    await anna.dials("202", sdp=b"")
    await bruno.answers()
    await office.clock.settle()
    assert not anna.talks and not bruno.talks


@story
async def test_words_before_the_answer_are_heard(office: FlowOffice) -> None:
    anna = await office.phone("201")
    bruno = await office.phone("202", codings=("PCMU",))
    await anna.dials("202")
    await bruno.plays_before_answering()
    assert anna.statuses[-1] == 183 and not anna.talks
    assert anna.hears == bruno.host
    assert anna.ear.far is not None and anna.ear.far.send.name == "PCMU"  # no transcoding
    await bruno.answers()
    assert hear_each_other(anna, bruno)
    assert anna.ear.far.send.name == bruno.ear.far.send.name == "PCMU"  # type: ignore[union-attr]
    await anna.hangs_up()


@story
async def test_words_before_the_answer_of_one_who_then_refuses(office: FlowOffice) -> None:
    anna, desk, cordless = [await office.phone(x) for x in ("201", "202", "202")]
    await anna.dials("202")
    await desk.plays_before_answering()
    assert anna.hears == desk.host
    await desk.refuses_call(486)
    assert cordless.rings and anna.hears == "tone:ringback"
    await cordless.answers()
    assert hear_each_other(anna, cordless)
    await anna.hangs_up()


@story
async def test_words_of_two_before_the_answer_the_first_is_heard(office: FlowOffice) -> None:
    anna, desk, cordless = [await office.phone(x) for x in ("201", "202", "202")]
    await anna.dials("202")
    await desk.plays_before_answering()
    await cordless.plays_before_answering()
    assert anna.hears == desk.host
    await cordless.answers()
    assert hear_each_other(anna, cordless)
    await anna.hangs_up()


@story
async def test_words_before_no_answer_then_the_mailbox(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    await bruno.plays_before_answering()
    await office.clock.forward(30.1)
    assert anna.talks and anna.hears == "mailbox.greeting.unanswered"
    await anna.hangs_up()


@story
async def test_reliable_ringing_for_who_requires_it(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202", headers=REQUIRE_100REL)
    ringing = [m for m in office.wire.seen if m.startswith(b"SIP/2.0 180") and b"RSeq" in m]
    assert ringing and any(m.startswith(b"PRACK") for m in office.wire.seen)
    await bruno.answers()
    assert hear_each_other(anna, bruno)
    await anna.hangs_up()


@story
async def test_reliable_words_and_the_answer_after_their_prack(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202", headers=REQUIRE_100REL)
    office.wire.loses = lambda flow, data: data.startswith(b"PRACK")
    await bruno.plays_before_answering()
    await bruno.answers()
    assert not anna.talks  # our 200 waits for it
    office.wire.loses = lambda flow, data: False
    await office.clock.forward(2)
    assert anna.talks and hear_each_other(anna, bruno)
    await anna.hangs_up()


@story_without_mailbox
async def test_who_requires_it_and_never_pracks_ends_with_504(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    office.wire.loses = lambda flow, data: data.startswith(b"PRACK")
    await anna.dials("202", headers=REQUIRE_100REL)
    await office.clock.forward(33)
    assert 504 in anna.statuses and not bruno.rings
    assert office.story.end is End.VANISHED


@story
async def test_an_answer_without_sdp_is_no_answer(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    bruno.dialog.accept(b"")
    await office.clock.settle()
    assert not bruno.talks
    assert office.served  # as for a phone that cannot be reached
    await anna.hangs_up()


@story
async def test_an_answer_with_a_coding_that_nobody_offered(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    sdp = bruno.says().replace(b"AVP 8 0 101", b"AVP 18").replace(b"8 PCMA", b"18 G729")
    bruno.dialog.accept(sdp)
    await office.clock.settle()
    assert not bruno.talks and office.served
    await anna.hangs_up()
    assert [tried.status for tried in office.story.tried] == [488]


@story
async def test_an_offer_that_cannot_be_read_is_400(office: FlowOffice) -> None:
    anna = await office.phone("201")
    await anna.dials("202", sdp=b"\xff\x00 not an SDP")
    assert anna.statuses == [400]


@story
async def test_a_call_that_begins_one_way_is_not_on_hold(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202", sdp=anna.says("sendonly"))
    await bruno.answers()
    assert bruno.hears == anna.host and anna.hears == "" and not held(office)
    await anna.hangs_up()


# --- hold ----------------------------------------------------------------------------------------


@story
async def test_hold_by_inactive(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    await anna.holds(direction="inactive")
    assert anna.offers[anna.dialog].direction == "inactive"
    assert bruno.hears == "music" and held(office)
    await anna.holds(held=False)
    assert hear_each_other(anna, bruno) and not held(office)
    await anna.hangs_up()


@story
async def test_hold_by_no_address(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    await anna.holds_as_in_1996()
    assert bruno.hears == "music" and held(office)
    await anna.holds(held=False)
    assert hear_each_other(anna, bruno)
    await anna.hangs_up()


@story
async def test_hold_by_update(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    await bruno.holds(update=True)
    assert anna.hears == "music" and held(office)
    assert any(m.startswith(b"UPDATE") for m in office.wire.seen)
    await bruno.holds(held=False, update=True)
    assert hear_each_other(anna, bruno) and not held(office)
    await anna.hangs_up()


@story
async def test_both_hold_and_come_back_in_either_order(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    for first, last in ((anna, bruno), (bruno, anna)):
        await anna.holds()
        await bruno.holds()
        assert "music" not in (anna.hears, bruno.hears)  # nobody listens
        await first.holds(held=False)
        assert first.hears == "music" and held(office)
        await last.holds(held=False)
        assert hear_each_other(anna, bruno) and not held(office)
    await anna.hangs_up()


@story
async def test_hold_and_back_in_one_breath(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    anna.dialog.reinvite(anna.says("sendonly", version=90))
    anna.dialog.reinvite(anna.says("sendrecv", version=91))
    await office.clock.forward(1)
    assert hear_each_other(anna, bruno)
    await anna.hangs_up()


@story
async def test_the_one_on_hold_hangs_up(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    await anna.holds()
    await bruno.hangs_up()
    assert not anna.talks
    assert (office.story.end, office.story.ended_by) == (End.COMPLETED, "callee")


@story
async def test_hold_again_while_on_hold_keeps_the_music(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    await anna.holds()
    await anna.holds(direction="inactive")
    assert bruno.hears == "music" and held(office)
    await anna.holds(held=False)
    assert hear_each_other(anna, bruno)
    await anna.hangs_up()


# --- changes -------------------------------------------------------------------------------------


@story
async def test_another_coding_by_reinvite(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    assert anna.ear.far is not None and anna.ear.far.send.name == "PCMA"
    anna.codings = ("PCMU",)
    await anna.holds(held=False)
    assert anna.ear.far.send.name == "PCMU" and hear_each_other(anna, bruno)
    await anna.hangs_up()


@story
async def test_a_change_without_common_coding_changes_nothing(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    sdp = anna.says(version=9).replace(b"AVP 8 0", b"AVP 18 4").replace(b"8 PCMA", b"18 G729")
    anna.dialog.reinvite(sdp.replace(b"rtpmap:0 PCMU", b"rtpmap:4 G723"))
    await office.clock.settle()
    assert anna.refusals == [488]
    assert anna.talks and hear_each_other(anna, bruno)
    anna.dialog.reinvite(b"nonsense")
    await office.clock.settle()
    assert anna.refusals == [488, 400] and hear_each_other(anna, bruno)
    await anna.hangs_up()


@story
async def test_a_reinvite_without_sdp(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    anna.late_answer = anna.says(version=9)
    anna.dialog.reinvite(b"")
    await office.clock.settle()
    assert not anna.late_answer and hear_each_other(anna, bruno)
    await office.clock.forward(40)
    assert anna.talks
    await anna.hangs_up()


@story
async def test_a_reinvite_without_sdp_that_ends_in_hold_and_back(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    anna.late_answer = anna.says("sendonly", version=9)
    anna.dialog.reinvite(b"")
    await office.clock.settle()
    assert bruno.hears == "music" and held(office)
    anna.late_answer = anna.says(version=10)
    anna.dialog.reinvite(b"")
    await office.clock.settle()
    assert hear_each_other(anna, bruno) and not held(office)
    await anna.hangs_up()


@story
async def test_a_phone_that_moves_to_another_address(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    anna.dialog.reinvite(anna.says(version=9).replace(anna.host.encode(), b"10.0.9.9"))
    await office.clock.settle()
    assert bruno.hears == "10.0.9.9"
    await anna.hangs_up()


@story
async def test_changes_of_both_sides_cross(office: FlowOffice) -> None:
    anna, bruno = await talking(office, direct=True)
    assert anna.offers[anna.dialog].host == bruno.host
    # Bruno holds: we ask Anna back, and in that moment Anna asks for something of her own.
    bruno.dialog.reinvite(bruno.says("sendonly", version=50))
    await anna.holds()
    await office.clock.forward(5)
    assert anna.refusals in ([], [491])
    assert office.node.address[0] == anna.offers[anna.dialog].host
    await office.clock.forward(10)
    assert held(office)
    await anna.holds(held=False)
    await bruno.holds(held=False)
    await office.clock.forward(10)
    assert not held(office)
    assert (
        anna.offers[anna.dialog].host == bruno.host and bruno.offers[bruno.dialog].host == anna.host
    )
    await anna.hangs_up()


@story
async def test_a_change_that_the_phone_takes_back(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    anna.dialog.reinvite(anna.says("sendonly", version=9))
    anna.dialog.end()
    await office.clock.settle()
    assert not bruno.talks and office.story.ended_by == "caller"


# --- sound straight between the phones -----------------------------------------------------------


@story
async def test_direct_sound_refused_by_one_comes_through_us(office: FlowOffice) -> None:
    office.allow_direct_audio()
    anna, bruno = await office.phone("201"), await office.phone("202")
    anna.refuses_changes = 488
    await anna.dials("202")
    await bruno.answers()
    await office.clock.forward(1)
    assert bruno.offers[bruno.dialog].host == "10.0.0.1" and hear_each_other(anna, bruno)
    await anna.hangs_up()


@story
async def test_direct_sound_ends_with_a_reinvite_without_sdp(office: FlowOffice) -> None:
    anna, bruno = await talking(office, direct=True)
    anna.late_answer = anna.says(version=9)
    anna.dialog.reinvite(b"")
    await office.clock.forward(1)
    assert anna.offers[anna.dialog].host == "10.0.0.1" == bruno.offers[bruno.dialog].host
    assert hear_each_other(anna, bruno)
    await anna.hangs_up()


@story
async def test_direct_sound_is_not_missed_here(office: FlowOffice) -> None:
    anna, bruno = await talking(office, direct=True)
    for phone in (anna, bruno):
        stream = next(s for s in office.media.open_streams if s.far and s.far.host == phone.host)
        assert not stream.far.sends  # type: ignore[union-attr]
    await bruno.hangs_up()
