"""The link over a socket in the data folder: a portal in another process reaches the PBX here.

One JSON value a line. Each visitor first gets the board, then every fact; its commands carry a
number that the answer repeats. The socket is the owner's alone (mode 0600): who can open it could
read the database as well.
"""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path
from typing import Any

from pbx import plain
from pbx.events.bus import Reader
from pbx.link import Link, LinkDown

log = logging.getLogger(__name__)
NAME = "pbx.sock"
LINE = 1 << 20  # bytes; a board of a full office
COMMANDS = frozenset(
    {
        *("call", "hang_up", "sign_out_phone", "mailbox_changed", "settings_changed"),
        *("try_trunk", "divert"),
    }
)


class Door:
    """Serves a link on a Unix socket. Belongs to the PBX's loop."""

    def __init__(self, link: Link, data: Path) -> None:
        self._link = link
        self._path = data / NAME
        self._server: asyncio.Server | None = None
        self._visitors: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Listen; what a crash left behind at this path goes (the data folder's lock is ours)."""
        self._path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(self._visit, str(self._path), limit=LINE)
        finally:
            os.umask(before)

    async def close(self) -> None:
        """Send everybody away."""
        if self._server is not None:
            self._server.close()
            for visitor in tuple(self._visitors):
                visitor.cancel()
            self._path.unlink(missing_ok=True)

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        facts = self._link.events()
        telling = asyncio.create_task(self._tell(facts, writer))
        me = asyncio.current_task()
        assert me is not None
        self._visitors.add(me)
        try:
            while line := await reader.readline():
                writer.write(await self._answer(line))
        except (ConnectionError, ValueError, asyncio.CancelledError) as end:
            log.debug("a visitor left: %r", end)
        finally:
            telling.cancel()
            self._link.close_events(facts)
            self._visitors.discard(me)
            writer.close()

    async def _tell(self, facts: Reader, writer: asyncio.StreamWriter) -> None:
        writer.write(_line({"board": self._link.board()}))
        try:
            async for fact in facts:
                writer.write(_line({"fact": fact}))
                await writer.drain()
        except ConnectionError:
            writer.close()

    async def _answer(self, line: bytes) -> bytes:
        number: Any = None
        try:
            asked = plain.read(line)
            number, name, said = asked["number"], asked["do"], asked["with"]
            if name not in COMMANDS:
                raise ValueError(f"no command {name}")
            answer = await getattr(self._link, name)(*said["args"], **said["options"])
        except (ValueError, KeyError, TypeError, LinkDown) as wrong:
            return _line({"number": number, "wrong": str(wrong)})
        return _line({"number": number, "answer": answer})


def _line(value: object) -> bytes:
    return plain.write(value).encode() + b"\n"
