"""Phones that forward by themselves (302): followed as any dialled number, and never for ever."""

from __future__ import annotations

from tests.flow.office import FlowOffice, story, story_without_mailbox
from tests.flow.test_ringing import statuses


@story
async def test_a_phones_own_forward_is_followed(office: FlowOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    bruno.forwards = "203"
    await anna.dials("202")
    assert carla.rings and 180 in anna.statuses
    await carla.answers()
    assert anna.hears == carla.host
    await anna.hangs_up()
    assert statuses(office) == [("202", 302), ("203", 200)]
    assert (office.story.to_line, office.story.answered_line) == ("202", "203")


@story
async def test_forwards_may_follow_each_other(office: FlowOffice) -> None:
    anna, bruno, carla, dario = [await office.phone(x) for x in ("201", "202", "203", "204")]
    bruno.forwards, carla.forwards = "203", "204"
    await anna.dials("202")
    assert dario.rings
    await dario.answers()
    assert anna.hears == dario.host
    await anna.hangs_up()


@story
async def test_a_forward_may_reach_a_service(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    bruno.forwards = "*600"
    await anna.dials("202")
    assert office.served == [("echo", "")]
    await anna.hangs_up()


@story
async def test_a_loop_of_forwards_ends_in_the_mailbox(office: FlowOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    bruno.forwards, carla.forwards = "203", "202"
    await anna.dials("202")
    await office.clock.forward(31)
    assert len(bruno.dialogs) <= 2 and len(carla.dialogs) <= 2
    assert [app for app, _ in office.served] == ["voicemail_deposit"]
    await anna.hangs_up()


@story
async def test_a_forward_to_itself_ends_in_the_mailbox(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    bruno.forwards = "202"
    await anna.dials("202")
    await office.clock.forward(31)
    assert len(bruno.dialogs) <= 2
    assert [app for app, _ in office.served] == ["voicemail_deposit"]
    await anna.hangs_up()


@story_without_mailbox
async def test_a_loop_of_forwards_without_mailbox_is_no_3xx(office: FlowOffice) -> None:
    anna, bruno, carla = [await office.phone(line) for line in ("201", "202", "203")]
    bruno.forwards, carla.forwards = "203", "202"
    await anna.dials("202")
    await office.clock.forward(200)
    assert anna.statuses[-1] == 480


@story
async def test_a_forward_to_nowhere_is_passed_over(office: FlowOffice) -> None:
    anna, bruno = await office.phone("201"), await office.phone("202")
    bruno.refuses = 302  # without a Contact
    await anna.dials("202")
    await office.clock.forward(1)
    assert [app for app, _ in office.served] == ["voicemail_deposit"]
    await anna.hangs_up()
