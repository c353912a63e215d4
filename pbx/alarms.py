"""What the administrator is told when something outside goes wrong: on Centralino, and by mail.

Listens to the bus and to the meter; rows are written behind the calls' backs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from sqlmodel import Session

from pbx.clock import Clock
from pbx.events import kinds
from pbx.events.bus import Bus
from pbx.routing.limits import HOUR, Hit
from pbx.store import alarms
from pbx.store.behind import Behind
from pbx.store.session import Database

AGAIN = 60.0
"Seconds after which a limit that is met again is told again: a burst is one piece of news."

_Deed = Callable[[Session], object]


class Alarms:
    """Belongs to the PBX's loop."""

    def __init__(self, database: Database, bus: Bus, clock: Clock) -> None:
        self._behind: Behind[_Deed] = Behind(database, _do)
        self._bus = bus
        self._clock = clock
        self._over: dict[str, asyncio.TimerHandle] = {}
        self._told: dict[str, float] = {}

    def limit_met(self, met: Hit) -> None:
        """A limit against toll fraud did its work."""
        loop = asyncio.get_running_loop()
        kind = f"limit_{met.line or 'office'}"
        now = loop.time()
        if now - self._told.get(kind, -AGAIN) < AGAIN:
            return
        self._told[kind] = now
        at = self._clock.now()
        it, en = met.words()
        self._bus.publish(kinds.Trouble(kind, at, it, en))
        self._behind.put(lambda session: alarms.limit_met(session, met, at))
        if kind in self._over:
            self._over[kind].cancel()
        self._over[kind] = loop.call_later(HOUR.total_seconds(), self._quiet, kind, it, en)

    def on_fact(self, fact: kinds.Event) -> None:
        """An outside line went down, or came back."""
        if isinstance(fact, kinds.TrunkChanged) and fact.state != "trying":
            why = (fact.why.it, fact.why.en)
            self._behind.put(
                lambda session: alarms.trunk_moved(
                    session, fact.trunk, fact.name, fact.state, why, fact.at
                )
            )
        elif isinstance(fact, kinds.TrunkGone):
            at = self._clock.now()
            self._behind.put(
                lambda session: alarms.trunk_moved(session, fact.trunk, "", "off", ("", ""), at)
            )

    async def stop(self) -> None:
        """Write what waits."""
        for timer in self._over.values():
            timer.cancel()
        await self._behind.stop()

    def _quiet(self, kind: str, it: str, en: str) -> None:
        """An hour without it."""
        self._over.pop(kind, None)
        self._told.pop(kind, None)
        self._bus.publish(kinds.Trouble(kind, self._clock.now(), it, en, over=True))


def _do(session: Session, batch: Sequence[_Deed]) -> None:
    for deed in batch:
        deed(session)
