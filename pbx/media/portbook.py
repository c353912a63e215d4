"""Which RTP ports are free: the parent's book of one worker's share of the range.

Pure. Pairs (even RTP port, odd RTCP port after it) are bound by the worker some time before they
are needed, so that opening a stream costs no round trip. A pair that is given back rests before
its next call: the last packets of the old one must not reach it. The pair that rested longest
goes out first, and when there is no other, one goes out before its rest is over.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

REST_SECONDS = 5.0
LOW_WATER = 64
BATCH = 64
"Pairs to bind at a time: about a millisecond of the worker's."


def pairs(first: int, last: int, *, share: int = 0, shares: int = 1) -> list[int]:
    """The even ports of a range whose odd neighbour is in it too; every n-th for n workers."""
    return list(range(first + first % 2, last, 2))[share::shares]


class PortBook:
    """The pairs of one worker."""

    def __init__(self, ports: Iterable[int]) -> None:
        self._unbound = deque(ports)
        self._ready: deque[tuple[int, float]] = deque()
        self._asked = 0

    def take(self, now: float) -> int | None:
        """A port for a new stream, or None: then wait while `binding`, or there is none."""
        if not self._ready:
            return None
        port, since = self._ready[0]
        if now - since < REST_SECONDS and (self._unbound or self._asked):
            return None
        self._ready.popleft()
        return port

    def give_back(self, port: int, now: float) -> None:
        """A stream was closed."""
        self._ready.append((port, now))

    def to_bind(self, now: float) -> list[int]:
        """The pairs that the worker should bind now; empty most of the time."""
        if self._asked or not self._unbound:
            return []
        rested = 0
        for _, since in self._ready:
            if now - since < REST_SECONDS:
                break
            rested += 1
            if rested >= LOW_WATER:
                return []
        batch = [self._unbound.popleft() for _ in range(min(BATCH, len(self._unbound)))]
        self._asked = len(batch)
        return batch

    def bound(self, ports: Iterable[int]) -> None:
        """The worker's answer: those of the batch that it could have. The others are in use by
        somebody else and are left alone."""
        self._asked = 0
        # Ahead of those that rest: they never carried a call.
        self._ready.extendleft((port, float("-inf")) for port in reversed(list(ports)))

    @property
    def binding(self) -> bool:
        """A batch is on its way."""
        return bool(self._asked)
