"""The phones outside the office that ring beside its own: at most so many, each number once.

What one of them is, and that whoever answers is asked whether he takes the call, is `far_phone.py`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from pbx.calls.rung import Rung
from pbx.media.engine import MediaGone, NoPorts
from pbx.routing import plan as steps
from pbx.sip.reason import ELSEWHERE

log = logging.getLogger(__name__)
MOST = 20  # rung at once for one call


class Far(Protocol):
    """A phone outside the office while it rings; `calls/far_phone.py` is it."""

    deciding: bool
    "It answered, and whoever did so is asked whether he takes the call."

    async def run(self) -> Rung:
        """Until it takes the call, or will not."""
        ...

    def leave(self, said: str, *, headers: Sequence[tuple[str, str]] = ()) -> None:
        """Nobody waits for it any more, for this reason."""
        ...


class FarPhones:
    """Those of one ring plan, by number."""

    def __init__(
        self,
        make: Callable[[steps.OutsidePhone, Callable[[], None]], Far] | None,
        *,
        rings: Callable[[], None],
        ended: Callable[[Rung], None],
    ) -> None:
        """make: a phone that is told what to call when it rings; None: there are none. rings: one
        does. ended: how it ended with one that was not let go."""
        self._make = make
        self._rings = rings
        self._ended = ended
        self._open: dict[str, Far] = {}
        self._out: set[str] = set()
        "Busy, away or unwilling: not called again."
        self._jobs: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """How many ring, or are asked."""
        return len(self._open)

    @property
    def deciding(self) -> bool:
        """Somebody has answered one of them, and is being asked."""
        return any(far.deciding for far in self._open.values())

    def call(self, phone: steps.OutsidePhone) -> None:
        """Call it, unless it rings already or would not."""
        number = phone.out.number
        known = number in self._open or number in self._out
        if known or self._make is None or len(self._open) >= MOST:
            return
        far = self._open[number] = self._make(phone, self._rings)
        job = asyncio.get_running_loop().create_task(self._follow(number, far))
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)

    def keep(self, numbers: Collection[str], said: str) -> None:
        """Let go those of other numbers, for this reason; not one that is being asked."""
        for number, far in tuple(self._open.items()):
            if number not in numbers and not far.deciding:
                del self._open[number]
                far.leave(said)

    def leave(self, said: str, *, headers: Sequence[tuple[str, str]] = ()) -> None:
        """Let go of them all, for this reason."""
        for far in tuple(self._open.values()):
            far.leave(said, headers=headers)
        self._open.clear()

    async def _follow(self, number: str, far: Far) -> None:
        """One of them, to its end."""
        rung = Rung("unavailable", status=503)
        try:
            rung = await far.run()
        except (NoPorts, MediaGone) as error:
            log.warning("no sound for a phone outside: %s", error)
        except Exception:
            log.exception("a phone outside failed")
        if self._open.get(number) is not far:  # it was let go meanwhile
            if rung.leg is not None:
                rung.leg.end(headers=[ELSEWHERE])
            return
        del self._open[number]
        if rung.leg is None:
            self._out.add(number)
        self._ended(rung)
