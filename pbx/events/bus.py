"""The bus: facts from the PBX's loop to whoever listens, there or in another thread.

Nothing a listener does can hold the PBX up: listeners on the loop are plain functions that must
return at once, and readers elsewhere get a bounded queue that drops its oldest fact when full.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable

from pbx.events.board import Board, fold
from pbx.events.kinds import Event

log = logging.getLogger(__name__)
QUEUE = 4096  # facts; some 20 s of a busy office


class Bus:
    """Publishes facts and keeps the board. All methods but `follow` belong to the PBX's loop."""

    def __init__(self) -> None:
        self.board = Board()
        self._listeners: list[Callable[[Event], None]] = []

    def listen(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Call `listener` with every fact from now on; the answer stops that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def publish(self, event: Event) -> None:
        """Tell everybody. A listener that raises is logged and stops nobody else."""
        self.board = fold(self.board, event)
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception:  # one listener's fault must not end a call
                log.exception("a listener failed on %s", type(event).__name__)


class Reader:
    """Facts for one reader on another loop (the web's), bounded; iterate to read."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._facts: deque[Event] = deque(maxlen=QUEUE)
        self._news = asyncio.Event()

    def __call__(self, event: Event) -> None:
        """Take a fact; called on the PBX's thread."""
        self._facts.append(event)
        try:
            self._loop.call_soon_threadsafe(self._news.set)
        except RuntimeError:  # the reader's loop has ended before ours
            self._facts.clear()

    async def __aiter__(self) -> AsyncIterator[Event]:
        """Every fact in order, for ever."""
        while True:
            await self._news.wait()
            self._news.clear()
            while self._facts:
                yield self._facts.popleft()
