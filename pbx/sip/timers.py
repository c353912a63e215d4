"""What is to be done later: a heap of deeds with their moments.

The hand that advances it owns the clock: nothing here asks what time it is by itself. Cancelling
only marks; marked entries leave when their moment comes or when they outnumber the living.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable

CROWD = 2048  # entries; below this, marked ones are not worth sweeping out


class Timer:
    """One deed waiting for its moment."""

    __slots__ = ("_timers", "deed")

    def __init__(self, timers: Timers, deed: Callable[[], object] | None) -> None:
        self._timers = timers
        self.deed = deed

    def cancel(self) -> None:
        """Forget it. Twice, or after it was done, does no harm."""
        if self.deed is not None:
            self.deed = None
            self._timers.forgotten()


class Timers:
    """All that waits, in the order of its moments."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self._heap: list[tuple[float, int, Timer]] = []
        self._count = 0
        self._dead = 0

    def after(self, seconds: float, deed: Callable[[], object]) -> Timer:
        """Do `deed` in so many seconds."""
        timer = Timer(self, deed)
        self._count += 1
        heapq.heappush(self._heap, (self.now() + seconds, self._count, timer))
        return timer

    def forgotten(self) -> None:
        """A timer was cancelled: sweep when the cancelled ones are the most."""
        self._dead += 1
        if self._dead > CROWD and self._dead * 2 > len(self._heap):
            self._heap = [entry for entry in self._heap if entry[2].deed is not None]
            heapq.heapify(self._heap)
            self._dead = 0

    def next(self) -> float | None:
        """The moment of the first deed, or None."""
        heap = self._heap
        while heap and heap[0][2].deed is None:
            heapq.heappop(heap)
            self._dead -= 1
        return heap[0][0] if heap else None

    def run(self) -> None:
        """Do all that is due; what a deed adds for this very moment waits for the next call."""
        moment, last = self.now(), self._count
        kept: list[tuple[float, int, Timer]] = []
        while (first := self.next()) is not None and first <= moment:
            entry = heapq.heappop(self._heap)
            deed = entry[2].deed
            if entry[1] > last:
                kept.append(entry)
            elif deed is not None:
                entry[2].deed = None
                deed()
        for entry in kept:
            heapq.heappush(self._heap, entry)

    def __len__(self) -> int:
        """How many still have something to do."""
        return sum(1 for entry in self._heap if entry[2].deed is not None)
