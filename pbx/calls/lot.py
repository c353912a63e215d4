"""The park orbits: who waits on which, to whom it comes back, and who takes the call away."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from pbx.calls.keeper import Keeper

if TYPE_CHECKING:
    from pbx.calls.conversation import Conversation
    from pbx.calls.leg import Leg

PROMISED = 30.0
"Seconds that an orbit is kept for who was told its number and has yet to send the call there."


class Place(Keeper):
    """Somebody on an orbit. One takes the call from there, however many dial it."""

    def __init__(self, orbit: str, leg: Leg, *, by: str, since: datetime) -> None:
        self.orbit = orbit
        self.leg = leg
        self.by = by
        "Extension of who parked the call."
        self.since = since
        self.recall: Conversation | None = None
        "The call back to the parker or the operator, while it is under way."
        self._next: asyncio.Future[Leg | None] = asyncio.get_running_loop().create_future()

    def on_gone(self, leg: Leg, why: str) -> None:
        """Who waits has had enough."""
        if not self._next.done():
            self._next.set_result(None)

    def take(self, taker: Leg) -> bool:
        """Give the call to this leg; False when it is too late."""
        if self.leg.gone or taker.gone or self._next.done():
            return False
        if self.recall is not None:
            return self.recall.pick_up(taker)
        self._next.set_result(taker)
        return True

    async def next(self, seconds: float) -> Leg | None:
        """Who takes the call; None when who waits left. Raises TimeoutError after so long."""
        if self.leg.gone:
            return None
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.shield(self._next)
        except TimeoutError:
            if self._next.done():  # in the same instant
                return self._next.result()
            raise


class Lot:
    """All orbits of the office. A restart ends every call, and so empties them."""

    def __init__(self) -> None:
        self.places: dict[str, Place] = {}
        "By orbit."
        self._promised: dict[str, tuple[str, float]] = {}

    def free(self, orbits: Sequence[str], by: str) -> str:
        """The first free one of these, best the one promised to this line; "" when none is."""
        now = asyncio.get_running_loop().time()
        self._promised = {o: said for o, said in self._promised.items() if said[1] > now}
        mine = [orbit for orbit in orbits if self._promised.get(orbit, ("", 0))[0] == by]
        for orbit in (*mine, *orbits):
            promised = self._promised.get(orbit)
            if orbit not in self.places and (promised is None or promised[0] == by):
                return orbit
        return ""

    def promise(self, orbit: str, by: str) -> None:
        """Keep a free orbit for a line that is about to park there."""
        self._promised[orbit] = (by, asyncio.get_running_loop().time() + PROMISED)

    def forget(self, orbit: str) -> None:
        """It does not come after all."""
        self._promised.pop(orbit, None)

    def put(self, place: Place) -> bool:
        """Somebody waits there from now on; whether its parker was told the orbit before."""
        self.places[place.orbit] = place
        return self._promised.pop(place.orbit, None) is not None

    def leave(self, place: Place) -> None:
        """The orbit is free again."""
        if self.places.get(place.orbit) is place:
            del self.places[place.orbit]

    def parked_by(self, lines: Collection[str]) -> list[Place]:
        """What these lines have parked, longest first."""
        mine = (place for place in self.places.values() if place.by in lines)
        return sorted(mine, key=lambda place: place.since)
