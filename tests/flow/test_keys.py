"""Keys: how they travel between two phones, and what an application gets of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from pbx.calls.api import Call, HungUp
from pbx.media.engine import Recorded, Tone
from tests.flow.loop import run
from tests.flow.office import FlowOffice, story
from tests.flow.phone import Phone

LONG = Tone("beep", 10.0)


# --- between two phones --------------------------------------------------------------------------


async def talking(office: FlowOffice) -> tuple[Phone, Phone]:
    """Anna has called Bruno."""
    anna, bruno = await office.phone("201"), await office.phone("202")
    await anna.dials("202")
    await bruno.answers()
    return anna, bruno


@story
async def test_keys_by_info_are_pressed_on_the_other_side(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    await anna.sends_info("Signal=5\r\nDuration=160\r\n")
    await anna.sends_info("#", "application/dtmf")
    await anna.sends_info("10", "application/dtmf")
    await bruno.sends_info("Signal= 1 \nDuration= 250")
    assert bruno.ear.sent_digits == "5#*" and anna.ear.sent_digits == "1"
    assert [status for method, status in anna.replies if method == "INFO"] == [200] * 3
    await anna.hangs_up()


@story
async def test_keys_that_came_with_the_sound_are_not_doubled(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    await anna.presses("123")
    assert bruno.ear.sent_digits == "" and anna.ear.sent_digits == ""
    await anna.hangs_up()


@story
async def test_info_that_is_no_key_is_answered(office: FlowOffice) -> None:
    anna, bruno = await talking(office)
    await anna.sends_info("", "")
    await anna.sends_info("<media_control/>", "application/media_control+xml")
    await anna.sends_info("Signal=99\r\n")
    await anna.sends_info("Signal=" + "5" * 3000)
    assert {status for method, status in anna.replies if method == "INFO"} == {200}
    assert not bruno.ear.sent_digits
    await anna.hangs_up()


@story
async def test_keys_by_info_reach_an_application(office: FlowOffice) -> None:
    got: list[str] = []

    async def app(call: Call, argument: str) -> None:
        await call.answer()
        got.append(await call.get_dtmf(4, 5.0))

    office.apps["echo"] = app
    anna = await office.phone("201")
    await anna.dials("*600")
    await anna.sends_info("Signal=4\r\n")
    await anna.presses("2")
    await anna.sends_info("Signal=11\r\n")  # the closing #
    assert got == ["42"]
    await office.clock.settle()


# --- an application's verbs ----------------------------------------------------------------------

Deed = Callable[[FlowOffice, Phone, Call], Awaitable[None]]


def serving(deed: Deed) -> Callable[[], None]:
    """A test in which Anna is in an application; `deed` is the application and the story."""

    def test() -> None:
        async def whole() -> None:
            office = FlowOffice()
            done: list[str] = []

            async def app(call: Call, argument: str) -> None:
                await call.answer()
                await asyncio.sleep(0.1)  # for the 200 to arrive
                await deed(office, anna, call)
                done.append("done")

            office.apps["echo"] = app
            anna = await office.phone("201")
            await anna.dials("*600")
            for _ in range(400):
                if done or office.stories:
                    break
                await office.clock.forward(0.25)
            await office.clock.settle()
            assert done == ["done"], "the application did not come to its end"
            await office.at_rest()

        run(whole())

    test.__name__ = deed.__name__
    return test


async def later(office: FlowOffice, seconds: float, deed: Callable[[], object]) -> None:
    """Have the caller do something in a while."""
    asyncio.get_running_loop().call_later(seconds, deed)


def leaves(phone: Phone) -> None:
    """Hang up, now."""
    phone.dialog.end()
    phone.pump()


@serving
async def test_a_key_cuts_a_prompt_short_and_waits(
    office: FlowOffice, anna: Phone, call: Call
) -> None:
    began = asyncio.get_running_loop().time()
    await later(office, 2.0, lambda: anna.ear.press("5"))
    assert await call.play(LONG) == "5"
    assert asyncio.get_running_loop().time() - began < 2.6
    assert await call.get_dtmf() == "5"


@serving
async def test_a_key_that_may_not_cut_is_kept(office: FlowOffice, anna: Phone, call: Call) -> None:
    began = asyncio.get_running_loop().time()
    await later(office, 2.0, lambda: anna.ear.press("5"))
    assert await call.play(LONG, stop_on="#") == ""
    assert asyncio.get_running_loop().time() - began >= 10
    assert await call.get_dtmf() == "5"


@serving
async def test_nothing_may_cut(office: FlowOffice, anna: Phone, call: Call) -> None:
    await later(office, 1.0, lambda: anna.ear.press("5"))
    assert await call.play(LONG, stop_on="") == ""
    call.forget_digits()
    assert await call.get_dtmf(1, 1.0) == ""


@serving
async def test_a_key_pressed_ahead_skips_the_prompt(
    office: FlowOffice, anna: Phone, call: Call
) -> None:
    began = asyncio.get_running_loop().time()
    anna.ear.press("3")
    anna.ear.press("4")
    assert await call.play(LONG) == "3"
    assert await call.play(LONG) == "3"
    assert await call.get_dtmf(2) == "34"
    assert asyncio.get_running_loop().time() == began


@serving
async def test_the_key_that_cut_is_told_behind_one_that_did_not(
    office: FlowOffice, anna: Phone, call: Call
) -> None:
    await later(office, 1.0, lambda: anna.ear.press("7"))
    await later(office, 2.0, lambda: anna.ear.press("1"))
    assert await call.play(LONG, stop_on="1*") == "1"
    assert await call.get_dtmf(2) == "71"


@serving
async def test_a_key_ahead_of_the_one_that_may_cut(
    office: FlowOffice, anna: Phone, call: Call
) -> None:
    began = asyncio.get_running_loop().time()
    anna.ear.press("7")
    anna.ear.press("1")
    assert await call.play(LONG, stop_on="1*") == "1"
    assert asyncio.get_running_loop().time() == began


@serving
async def test_a_key_in_the_very_instant_of_the_prompt(
    office: FlowOffice, anna: Phone, call: Call
) -> None:
    began = asyncio.get_running_loop().time()
    asyncio.get_running_loop().call_soon(lambda: anna.ear.press("5"))
    assert await call.play(LONG) == "5"
    assert asyncio.get_running_loop().time() - began < 1


@serving
async def test_digits_end_by_hash_length_and_time(
    office: FlowOffice, anna: Phone, call: Call
) -> None:
    for keys, length, expected in (
        ("12#", 9, "12"),
        ("1234", 3, "123"),
        ("#", 4, ""),
        ("#", 1, "#"),
        ("5", 1, "5"),
        ("**", 2, "**"),
    ):
        call.forget_digits()
        for key in keys:
            anna.ear.press(key)
        assert await call.get_dtmf(length, 1.0) == expected, keys
    call.forget_digits()
    anna.ear.press("#")
    assert await call.get_dtmf(1, 1.0, end="") == "#"
    await later(office, 0.9, lambda: anna.ear.press("1"))
    await later(office, 1.8, lambda: anna.ear.press("2"))
    began = asyncio.get_running_loop().time()
    assert await call.get_dtmf(5, 1.0) == "12"  # a second after each key
    assert 2.7 < asyncio.get_running_loop().time() - began < 3.1


@serving
async def test_hanging_up_raises_in_every_verb(office: FlowOffice, anna: Phone, call: Call) -> None:
    await later(office, 1.0, lambda: leaves(anna))
    with pytest.raises(HungUp):
        await call.play(LONG)
    for verb in (
        lambda: call.play(LONG),
        lambda: call.get_dtmf(),
        lambda: call.answer(),
        lambda: call.echo(),
        lambda: call.record(Path("never.wav")),
        lambda: call.transfer("202"),
        lambda: call.deny(),
    ):
        with pytest.raises(HungUp):
            await verb()
    await call.hangup()


@serving
async def test_hanging_up_raises_while_keys_are_awaited(
    office: FlowOffice, anna: Phone, call: Call
) -> None:
    await later(office, 1.0, lambda: leaves(anna))
    with pytest.raises(HungUp):
        await call.get_dtmf(4, 30.0)


@serving
async def test_the_echo_ends_by_hash_or_by_leaving(
    office: FlowOffice, anna: Phone, call: Call
) -> None:
    await later(office, 1.0, lambda: anna.ear.press("1"))
    await later(office, 2.0, lambda: anna.ear.press("#"))
    assert await call.echo() == "#"
    await later(office, 1.0, lambda: leaves(anna))
    with pytest.raises(HungUp):
        await call.echo()


def test_a_recording_ends_by_key_limit_or_hang_up(tmp_path: Path) -> None:
    async def whole() -> None:
        office = FlowOffice()
        made: list[Recorded] = []

        async def app(call: Call, argument: str) -> None:
            await call.answer()
            made.append(await call.record(tmp_path / "1.wav", seconds=180))
            call.forget_digits()
            made.append(await call.record(tmp_path / "2.wav", seconds=5))
            made.append(await call.record(tmp_path / "3.wav", seconds=180))
            with pytest.raises(HungUp):
                await call.play(LONG)

        office.apps["echo"] = app
        anna = await office.phone("201")
        await anna.dials("*600")
        await office.clock.forward(4)
        await anna.presses("1#")
        await office.clock.forward(10)
        await anna.hangs_up()
        await office.clock.settle()
        assert [(each.ended, each.digit) for each in made] == [
            ("digit", "#"),
            ("limit", ""),
            ("hung_up", ""),
        ]
        await office.at_rest()

    run(whole())


def test_an_application_hands_its_caller_on() -> None:
    async def whole() -> None:
        office = FlowOffice(mailbox=False)
        back: list[str] = []

        async def app(call: Call, argument: str) -> None:
            await call.answer()
            await call.transfer("202")
            back.append("back")
            await office.clock.turns(3)
            assert anna.hears == ""  # no ringing tone any more
            await call.transfer("203")
            back.append("never")

        office.apps["echo"] = app
        anna, bruno, carla = [await office.phone(x) for x in ("201", "202", "203")]
        await anna.dials("*600")
        assert bruno.rings and anna.hears == "tone:ringback"
        await bruno.refuses_call(486)
        assert carla.rings and back == ["back"]
        await carla.answers()
        assert anna.hears == carla.host and back == ["back"]
        await office.clock.forward(60)
        assert anna.talks
        await anna.hangs_up()
        await office.at_rest()
        assert office.stories[0].end.value in ("transferred", "busy")

    run(whole())


def test_an_application_may_refuse(tmp_path: Path) -> None:
    async def whole() -> None:
        office = FlowOffice()

        async def app(call: Call, argument: str) -> None:
            await call.deny(486, "Busy Here")

        office.apps["echo"] = app
        anna = await office.phone("201")
        await anna.dials("*600")
        assert anna.statuses[-1] == 486
        await office.at_rest()
        assert office.story.ended_by == "office" and office.story.status == 486

    run(whole())
