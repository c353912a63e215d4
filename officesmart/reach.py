"""Reaching the PBX that runs on a data folder, from the terminal.

What the terminal changes is in the database and counts for the next call, told or not; telling
makes open pages and lamps move at once. So a PBX that does not run, or does not answer, is no
failure.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

from pbx.link import Board, LinkDown
from pbx.remote import RemoteLink

T = TypeVar("T")
log = logging.getLogger(__name__)
SOCKET = "pbx.sock"
LIMIT = 3.0  # seconds for everything
LOOK = 0.02  # seconds


def tell(data: Path, *, mailboxes: Sequence[str] = ()) -> bool:
    """Settings changed, and these lines' messages too. Whether somebody heard it."""

    async def told(link: RemoteLink) -> bool:
        await link.settings_changed()
        for line in mailboxes:
            await link.mailbox_changed(line)
        return True

    # A socket is there while a PBX runs; without one nobody is waited for.
    return (data / SOCKET).exists() and asyncio.run(_ask(data, told)) is True


def board(data: Path) -> Board | None:
    """The live picture; None when no PBX answers."""

    async def shown(link: RemoteLink) -> Board:
        # The board is the first thing that comes; one without workers is shown once time is up.
        with suppress(TimeoutError):
            async with asyncio.timeout(LIMIT / 2):
                await _until(lambda: bool(link.board().workers))
        return link.board()

    return asyncio.run(_ask(data, shown))


async def _ask(data: Path, what: Callable[[RemoteLink], Awaitable[T]]) -> T | None:
    try:
        async with asyncio.timeout(LIMIT), _connected(data) as link:
            return await what(link)
    except (TimeoutError, LinkDown) as error:
        log.info("no PBX answers at %s: %r", data, error)
        return None


@asynccontextmanager
async def _connected(data: Path) -> AsyncIterator[RemoteLink]:
    link = RemoteLink(data)
    keeping = asyncio.create_task(link.keep_up())
    try:
        await _until(link.running)
        yield link
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping


async def _until(is_so: Callable[[], bool]) -> None:
    while not is_so():  # noqa: ASYNC110 - a link says nothing when it comes up
        await asyncio.sleep(LOOK)
