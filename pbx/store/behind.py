"""Writing behind: what the loop hands in is gathered for a moment and written in order.

For rows that come in hundreds a second (registrations, call records) and that no call may wait
for. Nothing is given up: a database that refuses is tried again, with what came meanwhile kept in
order behind; only more than MOST rows waiting make the oldest go, and that is logged.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Generic, TypeVar

from sqlmodel import Session

from pbx.store.session import Database, is_full, is_gone, is_locked

log = logging.getLogger(__name__)
T = TypeVar("T")

GATHER = 0.1  # seconds; ten transactions a second, whatever the load
MOST = 100_000  # rows waiting; a day of a busy office's calls, some 100 MB
BATCH = 1000  # rows in one transaction
STOP = 8.0  # seconds at the end of the process for what still waits
PAUSE = (0.5, 30.0)  # seconds before the second try, and at most


class Behind(Generic[T]):
    """Gathers items and writes them in batches. All methods belong to one loop."""

    def __init__(
        self,
        database: Database,
        write: Callable[[Session, Sequence[T]], None],
        *,
        written: Callable[[T], None] | None = None,
        gather: float = GATHER,
    ) -> None:
        """write: puts a batch into a session's transaction, all or nothing, and may be called
        again with the same batch after a failure. written: called on the loop with each item
        once it is committed."""
        self._database = database
        self._write = write
        self._written = written
        self._gather = gather
        self._waiting: list[T] = []
        self._task: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, item: T) -> None:
        """Have an item written soon. Returns at once."""
        self._waiting.append(item)
        if len(self._waiting) > MOST:
            log.error("%d rows wait for the database: the oldest is given up", MOST)
            del self._waiting[0]
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._go(), name="write-behind")

    async def flush(self) -> None:
        """Write everything handed in so far, and come back when it is in the database."""
        while self._waiting or (self._task is not None and not self._task.done()):
            self._hurry.set()
            if self._task is None or self._task.done():
                self._task = asyncio.create_task(self._go(), name="write-behind")
            await asyncio.shield(self._task)

    async def stop(self, limit: float = STOP) -> None:
        """Write everything if the database lets us within `limit` seconds; for the end."""
        try:
            await asyncio.wait_for(self.flush(), limit)
        except TimeoutError:
            log.error("%d rows are lost: the database did not answer", len(self._waiting))
            if self._task is not None:
                self._task.cancel()

    async def _go(self) -> None:
        await self._pause(self._gather)
        pause, size = PAUSE[0], BATCH
        while self._waiting:
            batch = tuple(self._waiting[:size])
            try:
                await self._database.run(partial(self._put_down, batch))
            except Exception as error:  # whatever it is, the next row must not suffer for this one
                if is_locked(error) or is_full(error) or is_gone(error):
                    log.warning("%d rows wait, next try in %.1f s", len(self._waiting), pause)
                    await self._pause(pause)
                    pause = min(2 * pause, PAUSE[1])
                elif len(batch) > 1:
                    size = 1  # one of them is wrong in itself: the others go one by one
                else:
                    log.exception("a row is given up")
                    del self._waiting[0]
                continue
            # What came meanwhile stands behind the batch; nothing else takes from the front
            # unless more than MOST wait.
            del self._waiting[: len(batch)]
            if self._written is not None:
                for item in batch:
                    self._written(item)

    def _put_down(self, batch: Sequence[T], session: Session) -> None:
        self._write(session, batch)

    async def _pause(self, seconds: float) -> None:
        """Wait, unless somebody is in a hurry."""
        try:
            await asyncio.wait_for(self._hurry.wait(), seconds)
        except TimeoutError:
            pass
        self._hurry.clear()
