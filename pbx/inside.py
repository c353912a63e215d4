"""The link of a PBX in this process (implements `pbx.link.Link`): commands cross to its loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from pbx.calls.asked import TooFast
from pbx.calls.divert import divert
from pbx.events import kinds
from pbx.events.board import Board
from pbx.events.bus import Reader
from pbx.link import Diverted, LinkDown, Placed

if TYPE_CHECKING:
    from pbx.service import Service

T = TypeVar("T")


class OfficeLink:
    """The link of a PBX in this process (implements `pbx.link.Link`)."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._readers: dict[Reader, Callable[[], None]] = {}

    def running(self) -> bool:
        """Whether a PBX answers behind this link."""
        return self._service.running()

    def board(self) -> Board:
        """The live picture, now. Boards are never changed, only replaced: safe from any thread."""
        return self._service.bus.board

    def events(self) -> Reader:
        """Facts from now on, for the loop that calls this."""
        reader = Reader(asyncio.get_running_loop())
        self._readers[reader] = self._service.bus.listen(reader)
        return reader

    def close_events(self, reader: Reader) -> None:
        """Stop feeding a reader."""
        stop = self._readers.pop(reader, None)
        if stop is not None:
            stop()

    async def call(self, line: str, number: str, *, key: str = "", origin: str = "") -> Placed:
        """Ring the line's phones, or the origin, then dial the number for it."""

        async def go() -> Placed:
            try:
                placed = await self._service.hub.place(line, number, key=key, origin=origin)
            except TooFast as wrong:
                return Placed("", wait=wrong.seconds)
            return Placed(placed)

        return await self._cross(go())

    async def hang_up(self, call: str, *, line: str = "") -> bool:
        """End a call; with `line`, only if that extension is one of its sides."""

        async def go() -> bool:
            return self._service.hub.hang_up(call, line=line)

        return await self._cross(go())

    async def divert(self, call: str, *, line: str, to: str) -> Diverted:
        """Send a call that rings at this line somewhere else."""

        async def go() -> Diverted:
            return divert(self._service.hub.calls.get(call), line, to)

        return await self._cross(go())

    async def sign_out_phone(self, phone: int, *, line: str = "") -> bool:
        """Remove a registration; with `line`, only one of that extension."""

        async def go() -> bool:
            return self._service.phones.sign_out(phone, line=line)

        return await self._cross(go())

    async def mailbox_changed(self, line: str) -> None:
        """Relight lamps and tell every page."""

        async def go() -> None:
            self._service.bus.publish(kinds.MailboxChanged(line))

        await self._cross(go())

    async def settings_changed(self) -> None:
        """Read the settings now."""

        async def go() -> None:
            await self._service.snapshots.current()

        await self._cross(go())

    async def try_trunk(self, trunk: int) -> kinds.TrunkChanged | None:
        """Have an outside line try now; how it stands then."""

        async def go() -> kinds.TrunkChanged | None:
            await self._service.snapshots.current()
            return await self._service.trunks.try_now(trunk)

        return await self._cross(go())

    async def _cross(self, deed: Coroutine[Any, Any, T]) -> T:
        loop = self._service.loop
        if loop is None or not self._service.running():
            deed.close()
            raise LinkDown("the PBX is not running")
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(deed, loop))
