"""A portal in another process reaches the PBX through a socket in the data folder."""

from __future__ import annotations

import asyncio
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pbx.door import NAME, Door
from pbx.events import kinds
from pbx.events.board import Board
from pbx.events.bus import Bus, Reader
from pbx.events.kinds import End, Party
from pbx.link import Diverted, LinkDown, Placed
from pbx.remote import RemoteLink

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class OneBus:
    """A link over a bus on this loop, that remembers what it was asked."""

    def __init__(self) -> None:
        self.bus = Bus()
        self.asked: list[tuple[object, ...]] = []
        self._stops: dict[Reader, object] = {}

    def running(self) -> bool:
        return True

    def board(self) -> Board:
        return self.bus.board

    def events(self) -> Reader:
        reader = Reader(asyncio.get_running_loop())
        self._stops[reader] = self.bus.listen(reader)
        return reader

    def close_events(self, reader: Reader) -> None:
        self._stops.pop(reader)()  # type: ignore[operator]

    async def call(self, line: str, number: str, *, key: str = "", origin: str = "") -> Placed:
        self.asked.append((line, number, key, origin))
        return Placed("c9") if number == "202" else Placed("", wait=6)

    async def hang_up(self, call: str, *, line: str = "") -> bool:
        return False

    async def divert(self, call: str, *, line: str, to: str) -> Diverted:
        self.asked.append((call, line, to))
        return Diverted(False, "È già finita", "It is already over")

    async def sign_out_phone(self, phone: int, *, line: str = "") -> bool:
        raise LinkDown("it stops")

    async def mailbox_changed(self, line: str) -> None:
        self.asked.append((line,))

    async def settings_changed(self) -> None:
        self.asked.append(("settings",))

    async def try_trunk(self, trunk: int) -> kinds.TrunkChanged | None:
        if trunk != 3:
            return None
        return kinds.TrunkChanged(3, "Primo", "down", kinds.Why("giù", "down"), NINE)


async def until(holds: object) -> None:
    async with asyncio.timeout(5):
        while not holds():  # type: ignore[operator]
            await asyncio.sleep(0.005)


def test_commands_and_facts_cross(tmp_path: Path) -> None:
    async def story() -> None:
        here = OneBus()
        here.bus.publish(kinds.WorkerChanged(0, 12, True))
        door = Door(here, tmp_path)
        await door.open()
        assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600
        link = RemoteLink(tmp_path)
        with pytest.raises(LinkDown):
            await link.call("201", "202")
        keeping = asyncio.create_task(link.keep_up())
        await until(lambda: link.board().workers)
        facts = link.events()
        assert await link.call("201", "202", key="k", origin="+393331234567") == Placed("c9")
        assert here.asked == [("201", "202", "k", "+393331234567")]
        assert await link.call("201", "203") == Placed("", wait=6), "too many calls"
        del here.asked[1:]
        assert await link.hang_up("c9") is False
        with pytest.raises(LinkDown, match="it stops"):
            await link.sign_out_phone(1)
        told_of = await link.divert("c9", line="201", to="mailbox")
        assert told_of == Diverted(False, "È già finita", "It is already over")
        assert here.asked[-1] == ("c9", "201", "mailbox")
        await link.mailbox_changed("201")
        told = await link.try_trunk(3)
        assert told is not None and (told.state, told.why.it) == ("down", "giù")
        assert await link.try_trunk(4) is None
        said: list[kinds.Event] = [
            kinds.CallStarted("c9", NINE, Party("201"), Party("202"), True, "+393331234567"),
            kinds.OriginRinging("c9", NINE),
            kinds.CallEnded("c8", NINE, End.FORBIDDEN, "office", kinds.Why("no", "no")),
        ]
        for fact in said:
            here.bus.publish(fact)
        heard: list[object] = []
        async for fact in facts:
            heard.append(fact)
            if len(heard) == len(said):
                break
        assert heard == said
        call = link.board().calls["c9"]
        assert (call.origin, call.origin_ringing) == ("+393331234567", True)
        await door.close()
        await until(lambda: not link.running())
        assert not link.board().calls
        keeping.cancel()

    asyncio.run(story())


def test_nonsense_at_the_door_is_answered_and_goes_on(tmp_path: Path) -> None:
    async def story() -> None:
        door = Door(OneBus(), tmp_path)
        await door.open()
        reader, writer = await asyncio.open_unix_connection(str(tmp_path / NAME))
        assert b"board" in await reader.readline()
        lines = (b"nonsense\n", b'{"map":[["number",1],["do","__init__"],["with",{"map":[]}]]}\n')
        for line in lines:
            writer.write(line)
            assert b"wrong" in await reader.readline()
        writer.close()
        await door.close()

    asyncio.run(story())
