"""Pages that say whether the office is open are told when the hour comes.

One task of the server looks when the next opening hours turn; the pages ask nothing by themselves.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, time, timedelta
from typing import NamedTuple

from sqlmodel import Session, select

from officesmart.administration.hours import closings_of
from officesmart.desk import Desk
from pbx.routing import hours as rules
from pbx.tables import OpeningHours

log = logging.getLogger(__name__)

MOST = 60.0  # seconds asleep: hours may be changed meanwhile, or this machine's clock be set


class Standing(NamedTuple):
    """How all opening hours stand at a moment."""

    open: frozenset[int]
    day: str
    "Pages say 'today' and 'tomorrow', so midnight turns too."
    turns: datetime
    "When this is over."


def standing(session: Session, at: datetime) -> Standing:
    """As they stand now. at: in the office's zone."""
    opened, turns = set(), datetime.combine(at.date() + timedelta(days=1), time(), at.tzinfo)
    for each in session.exec(select(OpeningHours)):
        closings = closings_of(session, each.id or 0)
        if rules.is_open(each.week, closings, at):
            opened.add(each.id or 0)
        change = rules.next_change(each.week, closings, at)
        if change is not None:
            turns = min(turns, change[0])
    return Standing(frozenset(opened), at.date().isoformat(), turns)


def asleep(now: datetime, turns: datetime) -> float:
    """Seconds until the next look; a little after the hour, never before it."""
    return min(MOST, max(0.05, (turns - now).total_seconds() + 0.05))


class Turning:
    """Tells the pages; `look` says how long to sleep."""

    def __init__(self, here: Desk) -> None:
        self._here = here
        self._was: Standing | None = None

    async def look(self) -> float:
        """Tell the pages when hours have turned; answers the seconds until the next look."""
        here = self._here
        now = here.now().astimezone(here.zone)
        is_now = await here.database.read(lambda s: standing(s, now))
        if self._was is not None and self._was[:2] != is_now[:2]:
            here.live.owe((), "office")
        self._was = is_now
        return asleep(now, is_now.turns)

    async def keep(self) -> None:
        """For ever."""
        while True:
            try:
                seconds = await self.look()
            except Exception:  # a locked database now is no reason to stop looking
                log.exception("opening hours could not be looked at")
                seconds = MOST
            await asyncio.sleep(seconds)
