"""Opening hours: is the office open at a given moment, and when does that change.

Pure: the moment is an argument, aware, in the zone of the office (`at.astimezone(office.zone)`).
Closing days beat the week.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

Week = Sequence[Sequence[Sequence[str]]]
"""Seven days from Monday, each a list of ['HH:MM', 'HH:MM'], as `OpeningHours.week` keeps it.

'24:00' ends a day; somebody open past midnight has a second piece on the next day."""

MOST_PIECES = 6
"Pieces of one day."
FAR = 800
"Days after which a change is looked for no more: two years of summer holidays at most."
DAYS_IT = ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica")
DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Closed(Protocol):
    """A stretch of closed days; a row of `ClosingDay` is one."""

    @property
    def first(self) -> date:
        """The first closed day."""
        ...

    @property
    def last(self) -> date:
        """The last one, closed itself."""
        ...

    @property
    def yearly(self) -> bool:
        """Again each year, by day and month; may go over the end of a year."""
        ...


@dataclass(frozen=True, slots=True)
class Closing:
    """A stretch of closed days, by itself."""

    first: date
    last: date
    yearly: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a week, in both languages; day 0 is Monday, -1 the whole week."""

    day: int
    it: str
    en: str


def is_open(hours: Week, closing_days: Iterable[Closed], at: datetime) -> bool:
    """Whether somebody is there at this moment. A day that cannot be read is closed."""
    if closed_on(closing_days, at.date()) is not None:
        return False
    minute = at.hour * 60 + at.minute
    return any(start <= minute < end for start, end in _pieces(hours, at.weekday()))


def closed_on(closing_days: Iterable[Closed], day: date) -> Closed | None:
    """The closing days that this day is one of; None on an ordinary day."""
    return next((each for each in closing_days if _covers(each, day)), None)


def next_change(
    hours: Week, closing_days: Iterable[Closed], at: datetime
) -> tuple[datetime, bool] | None:
    """When it opens or closes next, and whether it is open then; None when it never changes.

    The answer is in the zone of `at`. On a night when the clock is put back or forward, a piece's
    end is where the wall says so.
    """
    days = tuple(closing_days)
    now = is_open(hours, days, at)
    for wall in _boundaries(hours, at):
        # Walls are compared as moments: one o'clock comes twice a year.
        if wall.astimezone(UTC) > at.astimezone(UTC) and is_open(hours, days, wall) != now:
            return wall, not now
    return None


def week_faults(week: object) -> list[Fault]:
    """What is wrong with a week, as a form or a stored row has it; none when it can be used."""
    if not isinstance(week, list | tuple) or len(week) != len(DAYS_IT):
        return [Fault(-1, "La settimana non ha sette giorni", "The week does not have seven days")]
    faults = []
    for day, pieces in enumerate(week):
        fault = _day_fault(day, pieces)
        if fault is not None:
            faults.append(fault)
    return faults


def minutes(text: object, *, end: bool = False) -> int:
    """'HH:MM' as minutes of the day; end: '24:00' is 1440. Raises ValueError."""
    if not isinstance(text, str):
        raise ValueError("no time")
    if end and text == "24:00":
        return 24 * 60
    if re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text) is None:
        raise ValueError(f"{text[:10]!r} is no time")
    return int(text[:2]) * 60 + int(text[3:])


# --- inside ------------------------------------------------------------------------------------


def _covers(each: Closed, day: date) -> bool:
    if not each.yearly:
        return each.first <= day <= each.last
    first, last = (each.first.month, each.first.day), (each.last.month, each.last.day)
    here = (day.month, day.day)
    if first <= last:
        return first <= here <= last
    return here >= first or here <= last  # over New Year


def _pieces(hours: Week, day: int) -> list[tuple[int, int]]:
    """The day's pieces in minutes; what is no piece is left out."""
    if day >= len(hours):
        return []
    found = []
    for piece in hours[day]:
        try:
            start, end = piece
            found.append((minutes(start), minutes(end, end=True)))
        except (TypeError, ValueError):
            continue
    return found


def _boundaries(hours: Week, at: datetime) -> Iterator[datetime]:
    """Every moment from the day of `at` on at which something may change, in order."""
    for ahead in range(FAR):
        day = at.date() + timedelta(days=ahead)
        walls = {0, *(edge for piece in _pieces(hours, day.weekday()) for edge in piece)}
        for minute in sorted(walls - {24 * 60}):
            yield datetime.combine(day, time(minute // 60, minute % 60), at.tzinfo)


def _day_fault(day: int, pieces: object) -> Fault | None:
    it, en = DAYS_IT[day], DAYS_EN[day]
    if not isinstance(pieces, list | tuple):
        return Fault(day, f"{it}: orario non leggibile", f"{en}: times that cannot be read")
    if len(pieces) > MOST_PIECES:
        return Fault(
            day,
            f"{it}: al massimo {MOST_PIECES} fasce in un giorno",
            f"{en}: at most {MOST_PIECES} periods a day",
        )
    read = []
    for piece in pieces:
        try:
            start, end = piece
            read.append((minutes(start), minutes(end, end=True)))
        except (TypeError, ValueError):
            return Fault(
                day,
                f"{it}: scrivi gli orari come 08:30 e 13:00",
                f"{en}: write the times like 08:30 and 13:00",
            )
    if any(start >= end for start, end in read):
        return Fault(
            day,
            f"{it}: la fine viene prima dell'inizio; dopo mezzanotte usa il giorno seguente",
            f"{en}: it ends before it begins; after midnight use the next day",
        )
    read.sort()
    if any(end > following for (_, end), (following, _) in zip(read, read[1:], strict=False)):
        return Fault(day, f"{it}: due fasce si sovrappongono", f"{en}: two periods overlap")
    return None
