"""Who has called for help lately: for an hour his phones ring whatever is set, since whoever was
called for help may call back (behaviour.md s.1.1, step 0).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

LATELY = timedelta(minutes=60)


class Help:
    """Lines that made an emergency call, and when. Belongs to the PBX's loop."""

    def __init__(self) -> None:
        self._called: dict[str, datetime] = {}

    def called(self, line: str, at: datetime) -> None:
        """This line calls, or called, an emergency number; '' is nobody's line."""
        if line:
            self._called[line] = max(at, self._called.get(line, at))

    def remember(self, called: Iterable[tuple[str, datetime]]) -> None:
        """What the records say of earlier processes."""
        for line, at in called:
            self.called(line, at)

    def lately(self, now: datetime) -> frozenset[str]:
        """Lines that did within the last hour."""
        for line, at in tuple(self._called.items()):
            if now - at > LATELY:
                del self._called[line]
        return frozenset(self._called)
