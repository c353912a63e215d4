"""Applications are files: found, started with the house in hand, and guarded."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from pbx.apps.app import Context, apps, bound
from pbx.calls.api import HungUp
from pbx.events.bus import Bus
from pbx.routing.office import Office
from tests.unit.apps.conftest import House
from tests.unit.apps.fakecall import FakeCall


def context_of(house: House) -> Context:
    async def office() -> Office:
        return house.office()

    return Context(office, house.database, Bus(), house.clock)


def test_ours_are_found() -> None:
    assert {"echo", "voicemail_deposit", "voicemail_menu"} <= set(apps())


def test_the_echo_says_what_it_is_and_echoes(house: House) -> None:
    call = house.run("echo", FakeCall(reactions={"echo.intro": ["1"]}))
    assert call.answered
    assert call.heard == ["echo.intro", "echo"]


def test_hash_ends_the_echo(house: House) -> None:
    call = house.run("echo", FakeCall(reactions={"echo": ["1", "#"]}))
    assert call.heard == ["echo.intro", "echo", "mailbox.goodbye"]


def test_a_customers_application_is_found_and_may_replace_ours(
    house: House, tmp_path: Path
) -> None:
    folder = tmp_path / "extra"
    folder.mkdir()
    (folder / "clock.py").write_text(
        "from pbx.apps.app import App\n"
        "async def run(call, context, argument):\n"
        "    await call.play('tell.' + argument)\n"
        "APP = App('echo', run)\n"
    )
    (folder / "broken.py").write_text("import nothing_of_this_name\n")
    call = FakeCall()
    logging.disable(logging.ERROR)
    try:
        started = bound(context_of(house), [folder])
    finally:
        logging.disable(logging.NOTSET)
    asyncio.run(started["echo"](call, "time"))
    assert call.heard == ["tell.time"]
    assert call.hung_up_by == "office"


def test_a_caller_who_hung_up_is_no_failure(house: House) -> None:
    call = FakeCall()
    call.hung_up_by = "caller"
    with pytest.raises(HungUp):
        asyncio.run(bound(context_of(house))["echo"](call, ""))


def test_what_is_owed_is_finished_before_the_house_stops(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    done = []

    async def go() -> None:
        context = context_of(house)
        began = asyncio.Event()

        async def deed() -> None:
            await began.wait()
            done.append("kept")

        async def wrong() -> None:
            raise ValueError

        context.owe(deed())
        context.owe(wrong())
        began.set()
        await context.settle()

    asyncio.run(go())
    assert done == ["kept"]


def test_a_stop_does_not_wait_for_ever(house: House) -> None:
    async def go() -> bool:
        context = context_of(house)
        task = context.owe(asyncio.Event().wait())
        await context.settle(0.0)
        still_owed = not task.done()
        task.cancel()
        return still_owed

    assert asyncio.run(go())
