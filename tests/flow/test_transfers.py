"""Blind transfers, by either side, and everybody who changes his mind meanwhile."""

from __future__ import annotations

from pbx.events.kinds import End
from tests.flow.office import FlowOffice, story, story_without_mailbox
from tests.flow.phone import OFFICE, Phone


async def talking(office: FlowOffice) -> tuple[Phone, Phone, Phone]:
    """Anna has called Bruno; Carla is free."""
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    await anna.dials("202")
    await bruno.answers()
    return anna, bruno, carla


def hear_each_other(one: Phone, other: Phone) -> bool:
    """Both ways."""
    return one.hears == other.host and other.hears == one.host


@story
async def test_who_transfers_may_leave_at_once(office: FlowOffice) -> None:
    anna, bruno, carla = await talking(office)
    await bruno.transfers("203")
    await bruno.hangs_up()
    assert carla.rings and anna.talks
    await carla.answers()
    assert hear_each_other(anna, carla)
    await office.clock.forward(10)
    await anna.hangs_up()
    assert not carla.talks
    first, second = office.stories
    assert (first.end, first.ended_by, first.answered_line) == (End.TRANSFERRED, "callee", "202")
    assert (second.end, second.ended_by, second.answered_line) == (End.COMPLETED, "caller", "203")


@story
async def test_the_caller_transfers_the_one_he_called(office: FlowOffice) -> None:
    anna, bruno, carla = await talking(office)
    await anna.transfers("203")
    assert carla.rings and bruno.hears == "tone:ringback"
    assert carla.dialog.invite.from_.user == "202"
    await carla.answers()
    assert hear_each_other(bruno, carla)
    await anna.hangs_up()
    await bruno.hangs_up()
    assert not carla.talks


@story_without_mailbox
async def test_nobody_answers_the_transfer_and_it_comes_back(office: FlowOffice) -> None:
    anna, bruno, carla = await talking(office)
    await bruno.transfers("203")
    await bruno.hangs_up()
    await office.clock.forward(121)
    assert not carla.rings and anna.talks
    assert bruno.rings and anna.hears == "tone:ringback"
    await bruno.answers()
    assert hear_each_other(anna, bruno)
    await anna.hangs_up()
    assert not bruno.talks


@story_without_mailbox
async def test_nobody_answers_and_who_transferred_neither(office: FlowOffice) -> None:
    anna, bruno, carla = await talking(office)
    await bruno.transfers("203")
    await bruno.hangs_up()
    await carla.refuses_call(486)
    assert bruno.rings
    await office.clock.forward(121)
    assert anna.hears == "tone:busy"
    await office.clock.forward(11)
    assert not anna.talks


@story_without_mailbox
async def test_a_busy_target_and_the_transferor_waits(office: FlowOffice) -> None:
    anna, bruno, carla = await talking(office)
    carla.refuses = 486
    await bruno.transfers("203")
    assert bruno.reports[-1] == "SIP/2.0 486 Busy Here"
    assert hear_each_other(anna, bruno)
    await bruno.hangs_up()
    assert not anna.talks


@story
async def test_a_transfer_into_the_mailbox(office: FlowOffice) -> None:
    anna, bruno, carla = await talking(office)
    await bruno.transfers("203")
    await office.clock.forward(30.1)
    assert bruno.reports[-1] == "SIP/2.0 200 OK"
    assert anna.hears == "mailbox.greeting.unanswered"
    assert office.served == [("voicemail_deposit", "203 unanswered")]
    await office.clock.forward(6)
    assert not bruno.talks and anna.talks
    await anna.hangs_up()


@story
async def test_the_moved_one_hangs_up_while_it_rings(office: FlowOffice) -> None:
    anna, bruno, carla = await talking(office)
    await bruno.transfers("203")
    await anna.hangs_up()
    assert not carla.rings
    await office.clock.forward(6)
    assert not bruno.talks
    assert [each.end for each in office.stories] == [End.CANCELLED, End.COMPLETED]


@story
async def test_both_leave_while_it_rings(office: FlowOffice) -> None:
    anna, bruno, carla = await talking(office)
    await bruno.transfers("203")
    await bruno.hangs_up()
    await anna.hangs_up()
    assert not carla.rings and len(bruno.dialogs) == 1


@story
async def test_a_transfer_to_a_service(office: FlowOffice) -> None:
    anna, bruno, _ = await talking(office)
    await bruno.transfers("*600")
    assert office.served == [("echo", "")] and bruno.reports[-1] == "SIP/2.0 200 OK"
    await bruno.hangs_up()
    assert anna.talks
    await anna.hangs_up()
    assert office.story.answered_by == "service"


@story
async def test_a_transfer_to_an_unknown_number(office: FlowOffice) -> None:
    anna, bruno, _ = await talking(office)
    await bruno.transfers("299")
    assert anna.hears == "announce.unknown_number"
    await office.clock.forward(15)
    assert bruno.reports[-1] == "SIP/2.0 404 Not Found" and hear_each_other(anna, bruno)
    await anna.hangs_up()


@story
async def test_a_transfer_to_an_unknown_number_by_one_who_left(office: FlowOffice) -> None:
    anna, bruno, _ = await talking(office)
    await bruno.transfers("299")
    await bruno.hangs_up()
    await office.clock.forward(15)
    assert bruno.rings
    await bruno.answers()
    assert hear_each_other(anna, bruno)
    await bruno.hangs_up()


@story
async def test_a_transfer_back_to_oneself(office: FlowOffice) -> None:
    anna, bruno, _ = await talking(office)
    await bruno.transfers("202")
    assert bruno.rings
    await bruno.answers()
    assert hear_each_other(anna, bruno)
    await anna.hangs_up()


@story
async def test_two_transfers_at_once_the_first_counts(office: FlowOffice) -> None:
    anna, bruno, carla = await talking(office)
    to = ("Refer-To", f"<sip:203@{OFFICE[0]}>")
    bruno.dialog.request("REFER", headers=[to])
    bruno.dialog.request("REFER", headers=[to])
    await office.clock.settle()
    assert sorted(status for method, status in bruno.replies if method == "REFER") == [202, 491]
    await bruno.transfers("204")
    assert bruno.replies[-1] == ("REFER", 603)
    await carla.answers()
    assert len(carla.dialogs) == 1 and hear_each_other(anna, carla)
    await anna.hangs_up()


@story
async def test_both_sides_transfer_at_once(office: FlowOffice) -> None:
    anna, bruno, carla = await talking(office)
    to = ("Refer-To", f"<sip:203@{OFFICE[0]}>")
    anna.dialog.request("REFER", headers=[to])
    bruno.dialog.request("REFER", headers=[to])
    await office.clock.settle()
    assert {anna.replies[-1][1], bruno.replies[-1][1]} >= {202}
    await carla.answers()
    await office.clock.forward(10)
    assert carla.talks
    await carla.hangs_up()


@story
async def test_a_transfer_without_reports(office: FlowOffice) -> None:
    anna, bruno, carla = await talking(office)
    await bruno.transfers("203", headers=[("Refer-Sub", "false")])
    accepted = next(m for m in office.wire.seen if m.startswith(b"SIP/2.0 202"))
    assert b"Refer-Sub: false" in accepted
    await carla.answers()
    assert not bruno.reports and hear_each_other(anna, carla)
    await anna.hangs_up()


@story
async def test_a_transfer_to_nowhere_is_400(office: FlowOffice) -> None:
    anna, bruno, _ = await talking(office)
    for target in ("", "nonsense", f"<sip:{OFFICE[0]}>"):
        bruno.dialog.request("REFER", headers=[("Refer-To", target)] if target else [])
        await office.clock.settle()
        assert bruno.replies[-1] == ("REFER", 400), target
        assert hear_each_other(anna, bruno)
    await anna.hangs_up()


@story
async def test_a_transfer_of_one_on_hold(office: FlowOffice) -> None:
    anna, bruno, carla = await talking(office)
    await bruno.holds()
    assert anna.hears == "music"
    await bruno.transfers("203")
    assert anna.hears == "tone:ringback"
    await carla.answers()
    assert hear_each_other(anna, carla)
    await bruno.hangs_up()
    await anna.hangs_up()


@story
async def test_a_transferred_call_is_transferred_again(office: FlowOffice) -> None:
    anna, bruno, carla = await talking(office)
    dario = await office.phone("204")
    await bruno.transfers("203")
    await carla.answers()
    await carla.transfers("204")
    await dario.answers()
    assert hear_each_other(anna, dario)
    await office.clock.forward(10)
    assert not bruno.talks and not carla.talks
    await dario.hangs_up()
    assert not anna.talks and len(office.stories) == 3


@story
async def test_the_portal_hangs_up_a_call_that_was_just_transferred(office: FlowOffice) -> None:
    anna, bruno, carla = await talking(office)
    (old,) = office.hub.calls
    await bruno.transfers("203")
    await carla.answers()
    assert office.hub.hang_up(old, line="202")
    await office.clock.forward(1)
    assert hear_each_other(anna, carla)  # theirs is another call now
    await anna.hangs_up()


@story
async def test_the_portal_hangs_up_while_a_transfer_rings(office: FlowOffice) -> None:
    anna, bruno, carla = await talking(office)
    (old,) = office.hub.calls
    await bruno.transfers("203")
    assert office.hub.hang_up(old)
    await office.clock.forward(1)
    assert not anna.talks and not bruno.talks and not carla.rings


@story
async def test_a_worker_lost_while_a_transfer_rings(office: FlowOffice) -> None:
    anna, bruno, carla = await talking(office)
    await bruno.transfers("203")
    office.media.lose_worker()
    await office.clock.forward(1)
    assert not anna.talks and not bruno.talks and not carla.rings
    assert {each.end for each in office.stories} == {End.MEDIA_LOST}


@story
async def test_a_transfer_of_direct_sound(office: FlowOffice) -> None:
    office.allow_direct_audio()
    anna, bruno, carla = await talking(office)
    assert anna.offers[anna.dialog].host == bruno.host
    await bruno.transfers("203")
    await carla.answers()
    await office.clock.forward(1)
    assert anna.offers[anna.dialog].host == carla.host
    assert carla.offers[carla.dialog].host == anna.host
    await anna.hangs_up()


@story
async def test_direct_sound_and_a_third_without_it(office: FlowOffice) -> None:
    office.allow_direct_audio(("201", "202"))
    anna, bruno, carla = await talking(office)
    assert anna.offers[anna.dialog].host == bruno.host
    await bruno.transfers("203")
    await carla.answers()
    await office.clock.forward(1)
    assert anna.offers[anna.dialog].host == OFFICE[0] and hear_each_other(anna, carla)
    await anna.hangs_up()
