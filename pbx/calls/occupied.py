"""Which lines have calls now, and which can take no further one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from pbx.routing.facts import APPEARANCES


class Occupied:
    """Counts the sides of calls by line: those that dial, ring, talk or are held. Kept by the legs
    themselves; belongs to the PBX's loop."""

    def __init__(self) -> None:
        self._calls: Counter[str] = Counter()

    def begin(self, line: str) -> None:
        """A phone of this line has one call more; '' (nobody of the office) is not counted."""
        if line:
            self._calls[line] += 1

    def end(self, line: str) -> None:
        """And one less."""
        if line in self._calls:
            self._calls[line] -= 1
            if self._calls[line] <= 0:
                del self._calls[line]

    def calls(self, line: str) -> int:
        """How many it has."""
        return self._calls[line]

    def in_call(self) -> frozenset[str]:
        """Lines with at least one."""
        return frozenset(self._calls)

    def busy(self, phones: Callable[[str], int]) -> frozenset[str]:
        """Lines with every appearance of their phones taken. phones: how many a line has."""
        return frozenset(
            line
            for line, calls in self._calls.items()
            if calls >= APPEARANCES and calls >= APPEARANCES * max(1, phones(line))
        )
