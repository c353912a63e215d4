"""The meter: what leaves the office at once and in an hour, and what may not any more.

A place is looked for and taken in one step, with no await between: two hundred calls at once are
judged one after the other, each with all before it counted. The limits themselves are
`routing.limits`; what earlier processes spent comes from the records (`remember`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from pbx.clock import Clock
from pbx.routing.limits import HOUR, Hit, Spent, Use, hit, limits_for, used
from pbx.routing.office import Office
from pbx.routing.plan import Outside

log = logging.getLogger(__name__)

WARNINGS = (60.0, 10.0)
"Seconds before the end of an allowance at which both sides of a dear call hear a beep."
SOON = 0.02  # seconds; a timer may be early by as much


@dataclass(eq=False, slots=True)
class Place:
    """One call outside that was let out; given back by `over`."""

    spent: Spent
    number: str
    forwarded: bool
    caller: object
    "Whose call it is: several numbers that ring for one caller are one call until one answers."
    warn: Callable[[], None]
    stop: Callable[[Hit], None]
    over: Callable[[], None] = lambda: None
    "The call is over, or came to nothing. Twice does no harm."
    talks: Callable[[], None] = lambda: None
    "It was answered: its minutes count from now on."
    warned: set[float] = field(default_factory=set)


class Meter:
    """Counts calls outside. Belongs to the PBX's loop."""

    def __init__(
        self,
        clock: Clock,
        office: Callable[[], Office],
        *,
        told: Callable[[Hit], None] | None = None,
    ) -> None:
        """office: the latest snapshot, without waiting. told: hears of every limit that is met."""
        self._clock = clock
        self._office = office
        self._told = told
        self._live: dict[Place, None] = {}
        self._past: list[Spent] = []
        self._timer: asyncio.TimerHandle | None = None

    def remember(self, spent: Iterable[Spent]) -> None:
        """What was spent before this process, from the records."""
        self._past.extend(each for each in spent if each.dear)

    def admit(
        self,
        step: Outside,
        caller: object,
        *,
        warn: Callable[[], None] = lambda: None,
        stop: Callable[[Hit], None] = lambda _: None,
    ) -> Place | Hit:
        """A place for this call, or the limit that stands against it.

        warn: the allowance of minutes is about to end. stop: it has ended, and so must the call.
        """
        now = self._clock.now()
        spent = Spent(step.payer, "emergency" if step.emergency else step.kind, now)
        place = Place(spent, step.number, step.forwarded, caller, warn, stop)
        if step.emergency:
            return place
        self._forget()
        met = hit(
            self._office(),
            step.payer,
            step.number,
            dear=spent.dear,
            forwarded=step.forwarded,
            mine=self.use(step.payer, beside=place),
            all_=self.use(None, beside=place),
        )
        if met is not None:
            self._tell(met)
            return met
        self._live[place] = None
        place.over = lambda: self._over(place)
        place.talks = lambda: self._talks(place)
        return place

    def use(self, line: str | None, *, beside: Place | None = None) -> Use:
        """What a line, or (None) the office, has under way and has spent in the last hour.

        beside: not counting what rings for the same caller already: the answer is for one more.
        """
        callers: set[tuple[str, int]] = set()
        forwarded: set[tuple[str, int]] = set()
        for place in self._live:
            if line not in (None, place.spent.payer) or _same_call(place, beside):
                continue
            key = (place.spent.payer, id(place.caller))
            callers.add(key)
            if place.forwarded:
                forwarded.add(key)
        spent = (*self._past, *(place.spent for place in self._live))
        calls, seconds = used(spent, self._clock.now(), line=line)
        return Use(len(callers), len(forwarded), calls, seconds)

    # --- a place's life ------------------------------------------------------------------------

    def _talks(self, place: Place) -> None:
        if place in self._live and place.spent.answered is None:
            place.spent = replace(place.spent, answered=self._clock.now())
            self._look()

    def _over(self, place: Place) -> None:
        if place not in self._live:
            return
        del self._live[place]
        if place.spent.dear:
            self._past.append(replace(place.spent, ended=self._clock.now()))
            self._look()

    def _forget(self) -> None:
        """What is older than an hour counts no more."""
        since = self._clock.now() - HOUR
        self._past = [
            each for each in self._past if max(each.ended or each.began, each.began) > since
        ]

    # --- minutes -------------------------------------------------------------------------------

    def _look(self) -> None:
        """Warn and end dear calls whose allowance runs out, and look again when the next does."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        talking = [p for p in self._live if p.spent.dear and p.spent.answered is not None]
        waits: list[float] = []
        stopped: dict[Place, Hit] = {}
        for line in {None, *(place.spent.payer for place in talking)} if talking else ():
            if line == "":
                continue
            places = [p for p in talking if line in (None, p.spent.payer)]
            most, left = self._left(line)
            ends = left / len(places)
            if ends <= SOON:
                for place in places:
                    stopped.setdefault(place, _ended(place, most, line or ""))
                continue
            self._warn(places, ends)
            waits.append(ends - max((at for at in WARNINGS if at < ends - SOON), default=0.0))
        if waits:
            self._timer = asyncio.get_running_loop().call_later(min(waits), self._look)
        for place, met in stopped.items():
            self._tell(met)
            place.stop(met)

    def _left(self, line: str | None) -> tuple[int, float]:
        """The allowance of minutes, and the seconds that are left of it."""
        limits = limits_for(self._office(), line or "")
        most = limits.office_dear_minutes if line is None else limits.dear_minutes
        return most, most * 60 - self.use(line).dear_seconds

    def _warn(self, places: Sequence[Place], ends: float) -> None:
        due = {at for at in WARNINGS if ends <= at + SOON}
        for place in places:
            if due - place.warned:
                place.warned |= due
                place.warn()

    def _tell(self, met: Hit) -> None:
        log.info("limit %s of %s met", met.limit, met.line or "the office")
        if self._told is not None:
            self._told(met)


def _same_call(place: Place, beside: Place | None) -> bool:
    """Whether the two ring for the same caller, and neither talks yet."""
    return (
        beside is not None
        and place.caller is beside.caller
        and place.spent.payer == beside.spent.payer
        and place.spent.answered is None
    )


def _ended(place: Place, most: int, line: str) -> Hit:
    return Hit(
        "dear_minutes", most, line=line, payer=place.spent.payer, number=place.number, ended=True
    )
