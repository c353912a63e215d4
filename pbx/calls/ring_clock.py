"""How long it may ring: so many seconds from the call, and again as many from the first phone that
rings (behaviour.md s.1.3). A phone that takes a while to be reached rings no shorter for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class RingClock:
    """For one call that rings, at one phone or at many."""

    def __init__(self, over: Callable[[], None]) -> None:
        """over: called when the time is up."""
        self.alerted = False
        "Somebody's phone has rung."
        self._over = over
        self._seconds = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, seconds: float) -> None:
        """So many seconds from now on; whatever was left is forgotten."""
        self._seconds = seconds
        self.stop()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._over)

    def rings(self) -> None:
        """A phone rings. The first one makes the present time begin anew."""
        if not self.alerted:
            self.alerted = True
            self.begin(self._seconds)

    def stop(self) -> None:
        """It will not be over."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
