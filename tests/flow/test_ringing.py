"""Who takes a call, and what happens when nobody does: busy, refused, away, forwarded."""

# A phone rings now and not a moment later: mypy takes the second assertion for unreachable.
# mypy: no-warn-unreachable
from __future__ import annotations

import asyncio

from pbx.events.kinds import CallStarted, End
from tests.flow.office import FlowOffice, story, story_of_a_fault, story_without_mailbox
from tests.flow.phone import Phone


def statuses(office: FlowOffice) -> list[tuple[str, int]]:
    """Line and final status of each phone of the last call."""
    return [(tried.line, tried.status) for tried in office.story.tried]


# --- who takes it --------------------------------------------------------------------------------


@story
async def test_two_phones_answer_in_the_same_instant(office: FlowOffice) -> None:
    anna = await office.phone("201")
    desk, cordless = await office.phone("202"), await office.phone("202")
    await anna.dials("202")
    for phone in (desk, cordless):
        phone.dialog.accept(phone._answer(phone.dialog))
    await office.clock.settle()
    assert desk.talks and not cordless.talks
    assert anna.hears == desk.host and desk.hears == anna.host
    assert sum(m.startswith(b"BYE") for m in office.wire.seen) == 1
    await anna.hangs_up()
    assert statuses(office) == [("202", 200), ("202", 487)]


@story
async def test_an_answer_that_crosses_our_cancel_is_ended(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    office.wire.loses = lambda flow, data: flow.host == bruno.host and data.startswith(b"CANCEL")
    await anna.hangs_up()
    assert bruno.rings  # it has not heard of it
    await bruno.answers()
    assert not bruno.talks
    assert office.story.end is End.CANCELLED


@story
async def test_the_caller_leaves_in_the_instant_of_the_answer(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    bruno.dialog.accept(bruno._answer(bruno.dialog))
    anna.dialog.end()
    await office.clock.settle()
    assert not anna.talks and not bruno.talks
    assert office.story.end in (End.CANCELLED, End.COMPLETED)
    assert (office.story.end is End.CANCELLED) == (not office.story.answered_by)
    assert office.story.ended_by == "caller"


@story
async def test_the_caller_leaves_before_anything_was_decided(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    office.snapshot.seconds = 2.0
    await anna.dials("202")
    await office.clock.forward(1)
    await anna.hangs_up()
    await office.clock.forward(5)
    assert not bruno.dialogs
    assert office.wire.seen[-1].startswith(b"ACK")  # to the 487
    assert not office.stories or office.story.end is End.CANCELLED


@story
async def test_the_caller_leaves_while_its_sound_is_set_up(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    office.media.seconds = 1.0
    await anna.dials("202")
    await anna.hangs_up()
    await office.clock.forward(5)
    assert not bruno.rings
    assert (office.story.end, office.story.ended_by) == (End.CANCELLED, "caller")
    assert office.story.status == 487


@story
async def test_the_caller_leaves_while_the_phones_sound_is_set_up(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    office.media.seconds = 1.0
    await anna.dials("202")
    await office.clock.forward(1.5)
    await anna.hangs_up()
    await office.clock.forward(5)
    assert not bruno.dialogs
    assert (office.story.end, office.story.ended_by) == (End.CANCELLED, "caller")
    assert all(status for _, status in statuses(office))


@story
async def test_the_callers_name_and_number_are_shown(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    invite = bruno.dialog.invite
    assert '"Anna Bianchi" <sip:201@' in invite.get("P-Asserted-Identity")
    ringing = [m for m in office.wire.seen if m.startswith(b"SIP/2.0 180")]
    assert b'P-Asserted-Identity: "Bruno Conti" <sip:202@' in ringing[-1]
    (started,) = [fact for fact in office.facts if isinstance(fact, CallStarted)]
    assert (started.caller.name, started.callee.name) == ("Anna Bianchi", "Bruno Conti")
    await anna.hangs_up()


@story
async def test_a_name_cannot_break_out_of_its_quotes(office: FlowOffice) -> None:
    office.sets("201", name='An\\na" <sip:999@evil>\r\nEvil: y')
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    assert bruno.dialog.invite.from_.user == "201"
    assert not bruno.dialog.invite.has("Evil")
    await anna.hangs_up()


@story
async def test_a_line_may_dial_another_of_its_own_numbers(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await bruno.dials("+390255501201")
    assert anna.rings
    await anna.answers()
    assert bruno.hears == anna.host
    await bruno.hangs_up()
    assert office.story.to_line == "201"


# --- nobody takes it -----------------------------------------------------------------------------


async def ends_in_mailbox(office: FlowOffice, caller: Phone, cause: str) -> None:
    """The caller is in 202's mailbox, for this reason; and leaves."""
    assert office.served == [("voicemail_deposit", f"202 {cause}")]
    assert caller.talks and caller.hears == "mailbox.greeting.unanswered"
    (call,) = office.bus.board.calls_of("201")
    assert call.answered_by == "mailbox"
    await caller.hangs_up()  # in the middle of the greeting
    await office.clock.settle()
    assert (office.story.end, office.story.ended_by) == (End.COMPLETED, "caller")
    assert office.story.answered_by == "mailbox" and not office.story.answered_line
    assert office.story.to_line == "202"


@story
async def test_no_answer_for_thirty_seconds_is_the_mailbox(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    await office.clock.forward(29.9)
    assert bruno.rings and not office.served
    await office.clock.forward(0.2)
    assert not bruno.rings
    cancel = next(m for m in reversed(office.wire.seen) if m.startswith(b"CANCEL"))
    assert b"Reason" not in cancel  # it is a missed call
    await ends_in_mailbox(office, anna, "unanswered")
    assert statuses(office) == [("202", 487)]
    assert office.story.tried[0].seconds == 30


@story
async def test_the_thirty_seconds_begin_with_the_first_ringing(office: FlowOffice) -> None:
    anna, slow = await office.phone("201"), await office.phone("202")
    slow.keeps_quiet = True
    await anna.dials("202")
    await office.clock.forward(6)  # a mobile that has to be woken up
    slow.dialog.ring(180)
    await office.clock.forward(20)
    slow.dialog.ring(180)  # again: that begins nothing anew
    await office.clock.forward(9.9)
    assert slow.rings and not office.served
    await office.clock.forward(0.2)
    assert not slow.rings
    await ends_in_mailbox(office, anna, "unanswered")


@story
async def test_a_phone_that_says_nothing_is_not_waited_for_longer(office: FlowOffice) -> None:
    anna, quiet = await office.phone("201"), await office.phone("202")
    quiet.keeps_quiet = True
    await anna.dials("202")
    await office.clock.forward(30.1)
    await ends_in_mailbox(office, anna, "unanswered")


@story
async def test_busy_is_the_mailbox_with_the_busy_greeting(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    bruno.refuses = 486
    await anna.dials("202")
    await ends_in_mailbox(office, anna, "busy")
    assert statuses(office) == [("202", 486)]


@story
async def test_busy_everywhere_is_the_mailbox_too(office: FlowOffice) -> None:
    anna, desk, cordless = [await office.phone(line) for line in ("201", "202", "202")]
    desk.refuses, cordless.refuses = 486, 600
    await anna.dials("202")
    await ends_in_mailbox(office, anna, "busy")


@story
async def test_a_busy_phone_leaves_the_other_its_thirty_seconds(office: FlowOffice) -> None:
    anna, desk, cordless = [await office.phone(line) for line in ("201", "202", "202")]
    desk.refuses = 486
    await anna.dials("202")
    await office.clock.forward(29)
    assert cordless.rings
    await office.clock.forward(2)
    await ends_in_mailbox(office, anna, "unanswered")


@story
async def test_a_decline_stops_the_other_phones_and_is_the_mailbox(office: FlowOffice) -> None:
    anna, desk, cordless = [await office.phone(line) for line in ("201", "202", "202")]
    await anna.dials("202")
    await desk.refuses_call(603)
    assert not cordless.rings
    await ends_in_mailbox(office, anna, "unanswered")
    assert dict(statuses(office)) == {"202": 487} and office.story.tried[0].status == 603
    assert "rifiutata da un telefono dell'interno 202" in office.story.because[-1].it


@story
async def test_nobody_registered_is_the_mailbox(office: FlowOffice) -> None:
    anna = await office.phone("201")
    await anna.dials("202")
    await ends_in_mailbox(office, anna, "unavailable")
    assert not office.story.tried


@story
async def test_a_phone_that_cannot_be_reached_is_the_mailbox(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    bruno.refuses = 480
    await anna.dials("202")
    await ends_in_mailbox(office, anna, "unavailable")


@story
async def test_a_phone_that_does_not_answer_at_all_is_the_mailbox(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    office.wire.leave(bruno)
    await anna.dials("202")
    await office.clock.forward(33)
    assert office.served and anna.talks
    await anna.hangs_up()


@story
async def test_a_phone_without_our_codings_is_passed_over(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    bruno.refuses = 488
    await anna.dials("202")
    await ends_in_mailbox(office, anna, "unavailable")


@story
async def test_a_phone_gone_between_decision_and_ringing(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    office.media.seconds = 1.0
    await anna.dials("202")
    await bruno.registers(0)
    await office.clock.forward(1.2)
    await ends_in_mailbox(office, anna, "unavailable")


@story
async def test_ones_own_number_is_ones_own_mailbox(office: FlowOffice) -> None:
    anna, second = await office.phone("201"), await office.phone("201")
    await anna.dials("201")
    assert office.served == [("voicemail_menu", "201")] and not second.dialogs
    await anna.hangs_up()


# --- and nobody has a mailbox --------------------------------------------------------------------


@story_without_mailbox
async def test_busy_without_mailbox_is_486(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    bruno.refuses = 486
    await anna.dials("202")
    assert anna.statuses[-1] == 486
    assert (office.story.end, office.story.status) == (End.BUSY, 486)


@story_without_mailbox
async def test_no_answer_without_mailbox_is_480_and_says_why(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    await office.clock.forward(119)
    assert bruno.rings
    await office.clock.forward(2)
    assert not bruno.rings
    assert anna.statuses[-1] == 480
    assert (office.story.end, office.story.ended_by) == (End.NO_ANSWER, "office")


@story_without_mailbox
async def test_a_decline_without_mailbox_is_told_as_one(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    await bruno.refuses_call(603)
    assert anna.statuses[-1] == 603
    assert (office.story.end, office.story.status) == (End.DECLINED, 603)


@story_without_mailbox
async def test_nobody_registered_without_mailbox_is_said_and_480(office: FlowOffice) -> None:
    anna = await office.phone("201")
    await anna.dials("202")
    assert anna.hears == "announce.unavailable" and not anna.talks
    await office.clock.forward(30)
    assert anna.statuses == [183, 480]
    assert office.story.end is End.UNAVAILABLE


@story
async def test_a_wrong_number_is_said_and_404(office: FlowOffice) -> None:
    anna = await office.phone("201")
    await anna.dials("299")
    assert anna.hears == "announce.unknown_number"
    await office.clock.forward(30)
    assert anna.statuses == [183, 404]
    assert office.story.end is End.NOT_FOUND and office.story.answered_at is None


@story
async def test_the_caller_leaves_in_the_middle_of_an_announcement(office: FlowOffice) -> None:
    anna = await office.phone("201")
    await anna.dials("299")
    await office.clock.forward(0.5)
    await anna.hangs_up()
    await office.clock.forward(1)
    assert office.story.ended_by == "caller"


@story
async def test_an_announcement_to_a_late_offer_is_only_a_status(office: FlowOffice) -> None:
    anna = await office.phone("201")
    await anna.dials("299", sdp=b"")
    await office.clock.forward(1)
    assert anna.statuses == [404]


@story
async def test_no_ports_left_is_503(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    office.media.full = True
    await anna.dials("202")
    assert anna.statuses[-1] == 503 and not bruno.dialogs
    refusal = next(m for m in reversed(office.wire.seen) if m.startswith(b"SIP/2.0 503"))
    assert b"Retry-After" in refusal
    assert office.story.status == 503


@story
async def test_ports_only_for_the_caller_is_still_a_message(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    office.media.limit = 1
    await anna.dials("202")
    assert not bruno.dialogs
    await ends_in_mailbox(office, anna, "unavailable")
    assert statuses(office) == [("202", 503)]


@story_of_a_fault
async def test_settings_that_cannot_be_read_are_500_and_no_silence(office: FlowOffice) -> None:
    anna = await office.phone("201")
    office.snapshot.broken = True
    await anna.dials("202")
    assert anna.statuses[-1] == 500
    assert (await anna.asks("REGISTER", "201", expires=600)).status == 500


@story_of_a_fault
async def test_an_application_that_fails_is_500(office: FlowOffice) -> None:
    async def broken(call: object, argument: str) -> None:
        raise RuntimeError("a mistake of ours")

    office.apps["echo"] = broken
    anna = await office.phone("201")
    await anna.dials("*600")
    assert anna.statuses[-1] == 500 and office.story.end is End.FAILED


@story
async def test_an_answer_in_the_instant_of_the_mailbox(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    loop = asyncio.get_running_loop()
    loop.call_at(loop.time() + 30, lambda: bruno.dialog.accept(bruno._answer(bruno.dialog)))
    await office.clock.forward(31)
    assert bruno.talks != bool(office.served)  # one of them has the call, and only one
    await anna.hangs_up()
    assert not bruno.talks
