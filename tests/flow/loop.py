"""An event loop whose clock is moved by hand: whole calls in no time at all.

Timers fire only when a test moves the clock, in their order, each with everything it sets off done
before the next. Nothing sleeps.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

T = TypeVar("T")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HAIR = 1e-9  # seconds; asyncio fires what is due that soon, so the clock has to be there
SETTLE = 2000  # turns of the loop after which something is going round in circles


class HandLoop(asyncio.SelectorEventLoop):
    """asyncio with a clock of our own."""

    def __init__(self) -> None:
        super().__init__()
        self.moment = 1000.0

    def time(self) -> float:
        """Seconds; stands still until moved."""
        return self.moment

    def next_timer(self) -> float | None:
        """When the next live timer is due."""
        live = [h.when() for h in self._scheduled if not h.cancelled()]  # type: ignore[attr-defined]
        return min(live, default=None)

    def busy(self) -> bool:
        """Whether callbacks wait to be run."""
        return len(self._ready) > 0  # type: ignore[attr-defined]


class HandClock:
    """The wall clock of the same time."""

    def __init__(self, loop: HandLoop) -> None:
        self._loop = loop
        self._start = loop.moment
        self.zone = ZoneInfo("Europe/Rome")

    def now(self) -> datetime:
        """A Monday morning, and what has been added by hand."""
        return MONDAY + timedelta(seconds=self._loop.moment - self._start)

    async def settle(self) -> None:
        """Let everything that can happen now happen."""
        for _ in range(SETTLE):
            await asyncio.sleep(0)
            if not self._loop.busy():
                return
        waiting = list(self._loop._ready)[:5]  # type: ignore[attr-defined]
        raise AssertionError(f"the office does not come to rest: {waiting}")

    async def turns(self, number: int) -> None:
        """Let so many turns of the loop pass: for what happens in the same instant."""
        for _ in range(number):
            await asyncio.sleep(0)

    async def forward(self, seconds: float) -> None:
        """Let this much time pass, timer by timer."""
        end = self._loop.moment + seconds
        await self.settle()
        while (due := self._loop.next_timer()) is not None and due <= end + HAIR:
            self._loop.moment = max(self._loop.moment, due)
            await self.settle()
        self._loop.moment = max(end, self._loop.moment)
        await self.settle()


class Faults(logging.Handler):
    """What went wrong behind the story's back: errors logged, callbacks and tasks that failed."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.found.append(self.format(record))


def run(story: Coroutine[Any, Any, T], *, faults: bool = False) -> T:
    """Run one story on a loop of its own. Fails when anything fails in the office, unless `faults`
    says that the story is about just that."""
    heard = Faults()
    gc.collect(0)
    gc.freeze()  # what is there already need not be looked through each time
    logging.getLogger().addHandler(heard)
    try:
        with asyncio.Runner(loop_factory=HandLoop) as runner:
            answer = runner.run(story)
        gc.collect()  # tasks whose failure nobody looked at complain when they are collected
    finally:
        logging.getLogger().removeHandler(heard)
    assert faults or not heard.found, "\n".join(heard.found)
    return answer
