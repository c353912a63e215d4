"""The link of a PBX in another process, through its door in the data folder.

The portal's own loop keeps it: it connects, and connects again for as long as it lives; in between
it is honest about not running. The board is kept here, folded from the same facts.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from pathlib import Path
from typing import Any

from pbx import plain
from pbx.door import LINE, NAME
from pbx.events.board import Board, fold
from pbx.events.bus import Reader
from pbx.events.kinds import TrunkChanged
from pbx.link import Diverted, LinkDown, Placed

log = logging.getLogger(__name__)
AGAIN = 0.5  # seconds between two attempts to reach the door
ANSWER = 10.0  # seconds a command may take


class RemoteLink:
    """Implements `pbx.link.Link` over a socket. `keep_up` must run as a task."""

    def __init__(self, data: Path) -> None:
        self._path = data / NAME
        self._board = Board()
        self._readers: set[Reader] = set()
        self._writer: asyncio.StreamWriter | None = None
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}

    def running(self) -> bool:
        """Whether a PBX answers behind this link."""
        return self._writer is not None

    def board(self) -> Board:
        """The live picture, now."""
        return self._board

    def events(self) -> Reader:
        """Facts from now on, for the loop that calls this."""
        reader = Reader(asyncio.get_running_loop())
        self._readers.add(reader)
        return reader

    def close_events(self, reader: Reader) -> None:
        """Stop feeding a reader."""
        self._readers.discard(reader)

    async def keep_up(self) -> None:
        """Stay connected, for ever."""
        while True:
            try:
                reader, self._writer = await asyncio.open_unix_connection(
                    str(self._path), limit=LINE
                )
                while line := await reader.readline():
                    self._take(plain.read(line))
            except (OSError, ValueError) as wrong:
                log.debug("no PBX at %s: %s", self._path, wrong)
            finally:
                self._lost()
            await asyncio.sleep(AGAIN)

    def _take(self, said: dict[str, Any]) -> None:
        if "board" in said:
            self._board = said["board"]
        elif "fact" in said:
            self._board = fold(self._board, said["fact"])
            for reader in self._readers:
                reader(said["fact"])
        else:
            waiting = self._waiting.pop(said["number"], None)
            if waiting is None or waiting.done():
                return
            if "wrong" in said:
                waiting.set_exception(LinkDown(said["wrong"]))
            else:
                waiting.set_result(said["answer"])

    def _lost(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._writer, self._board = None, Board()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(LinkDown("the PBX went away"))
        self._waiting.clear()

    async def _ask(self, command: str, *args: Any, **options: Any) -> Any:
        if self._writer is None:
            raise LinkDown("the PBX is not running")
        number = next(self._numbers)
        waiting = self._waiting[number] = asyncio.get_running_loop().create_future()
        asked = {"number": number, "do": command, "with": {"args": args, "options": options}}
        self._writer.write(plain.write(asked).encode() + b"\n")
        try:
            async with asyncio.timeout(ANSWER):
                return await waiting
        except TimeoutError as late:
            raise LinkDown("the PBX does not answer") from late
        finally:
            self._waiting.pop(number, None)

    async def call(self, line: str, number: str, *, key: str = "", origin: str = "") -> Placed:
        """Ring the line's phones, or the origin, then dial the number for it."""
        placed = await self._ask("call", line, number, key=key, origin=origin)
        assert isinstance(placed, Placed)
        return placed

    async def hang_up(self, call: str, *, line: str = "") -> bool:
        """End a call; with `line`, only if that extension is one of its sides."""
        return bool(await self._ask("hang_up", call, line=line))

    async def divert(self, call: str, *, line: str, to: str) -> Diverted:
        """Send a call that rings at this line somewhere else."""
        told = await self._ask("divert", call, line=line, to=to)
        assert isinstance(told, Diverted)
        return told

    async def sign_out_phone(self, phone: int, *, line: str = "") -> bool:
        """Remove a registration; with `line`, only one of that extension."""
        return bool(await self._ask("sign_out_phone", phone, line=line))

    async def mailbox_changed(self, line: str) -> None:
        """Relight lamps and tell every page."""
        await self._ask("mailbox_changed", line)

    async def settings_changed(self) -> None:
        """Read the settings now."""
        await self._ask("settings_changed")

    async def try_trunk(self, trunk: int) -> TrunkChanged | None:
        """Have an outside line try now; how it stands then."""
        told = await self._ask("try_trunk", trunk)
        assert told is None or isinstance(told, TrunkChanged)
        return told
