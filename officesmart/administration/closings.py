"""Closing days: one or a stretch, once or every year, for all opening hours or for some."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, select

from officesmart.administration.keeping import Book, Noun
from officesmart.administration.rules import Fault
from officesmart.administration.typed import Typed
from officesmart.i18n import MONTHS, say
from pbx.tables import ClosingDay, OpeningHours

NAME = 80  # characters
LONGEST = 366  # days of one stretch
YEARS = (2000, 2100)
BAD_DATE = Fault("Scegli un giorno", "Choose a day")


@dataclass(frozen=True, slots=True)
class ClosingValues:
    """A closing day as an administrator sets it."""

    name: str = ""
    first: date | None = None
    last: date | None = None
    "The last closed day itself."
    yearly: bool = False
    hours_id: int | None = None
    "None: for all opening hours."


@dataclass(frozen=True)
class ClosingRow:
    """A closing day in the table, for the browser."""

    id: int
    title: str
    when: str
    first: str
    "ISO, to sort by."
    yearly: bool
    hours: str
    "Empty: all."
    past: bool


def judge(form: Mapping[str, object]) -> tuple[ClosingValues, dict[str, Fault]]:
    """A form as it was sent: its values, and what is wrong by field."""
    typed = Typed(form)
    name = typed.text(
        "name", most=NAME, needed=Fault("Scrivi perché è chiuso", "Say why it is closed")
    )
    first, last = _day(typed, "first", needed=True), _day(typed, "last")
    last = last or first
    if first is not None and last is not None:
        if last < first:
            typed.wrong("last", Fault("Finisce prima di cominciare", "It ends before it begins"))
        elif (last - first).days >= LONGEST:
            typed.wrong(
                "last",
                Fault("È più di un anno: accorciala", "This is more than a year: shorten it"),
            )
    return (
        ClosingValues(name, first, last, typed.on("yearly"), typed.id("hours_id") or None),
        typed.faults,
    )


def _day(typed: Typed, name: str, *, needed: bool = False) -> date | None:
    text = typed.text(name, most=10, needed=BAD_DATE if needed else None)
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        typed.wrong(name, BAD_DATE)
        return None
    if not YEARS[0] <= day.year < YEARS[1]:
        typed.wrong(
            name,
            Fault("Scegli un giorno di questo secolo", "Choose a day of this century"),
        )
        return None
    return day


def _collisions(session: Session, values: ClosingValues, of: int) -> dict[str, Fault]:
    if values.hours_id is not None and session.get(OpeningHours, values.hours_id) is None:
        return {
            "hours_id": Fault(
                "Questi orari non ci sono più: scegline altri",
                "These opening hours are gone: choose others",
            )
        }
    same = select(ClosingDay).where(
        ClosingDay.first == values.first,
        ClosingDay.last == values.last,
        ClosingDay.hours_id == values.hours_id,
    )
    for other in session.exec(same):
        if other.id != of:
            return {
                "first": Fault(
                    f"Quel giorno è già chiuso: {other.name}",
                    f"That day is closed already: {other.name}",
                )
            }
    return {}


def _told(session: Session, values: ClosingValues) -> dict[str, Any]:
    hours = session.get(OpeningHours, values.hours_id) if values.hours_id else None
    told = asdict(values) | {
        "first": values.first.isoformat() if values.first else "",
        "last": values.last.isoformat() if values.last else "",
    }
    del told["hours_id"]
    return told | {"hours": hours.name if hours is not None else ""}


BOOK = Book(
    kind="closing",
    noun=Noun("chiusura", "chiusure", "closing day", "closing days", she=True),
    row=ClosingDay,
    values=ClosingValues,
    names={
        "name": ("motivo", "reason"),
        "first": ("primo giorno", "first day"),
        "last": ("ultimo giorno", "last day"),
        "yearly": ("ogni anno", "every year"),
        "hours_id": ("orari", "opening hours"),
        "hours": ("orari", "opening hours"),
    },
    title=lambda values: values.name,
    collisions=_collisions,
    told=_told,
)


def listed(session: Session, language: str, today: date) -> list[ClosingRow]:
    """Every closing day, the next one first; those that are past last."""
    names = dict(session.execute(select(OpeningHours.id, OpeningHours.name)).all())
    rows = [
        (
            _next(each, today),
            ClosingRow(
                id=each.id or 0,
                title=each.name,
                when=words(language, each.first, each.last, each.yearly),
                first=_next(each, today).isoformat(),
                yearly=each.yearly,
                hours=names.get(each.hours_id, ""),
                past=not each.yearly and each.last < today,
            ),
        )
        for each in session.exec(select(ClosingDay))
    ]
    rows.sort(key=lambda pair: (pair[1].past, pair[0], pair[1].title))
    return [row for _, row in rows]


def _next(each: ClosingDay, today: date) -> date:
    """When it begins, or begins next."""
    if not each.yearly:
        return each.first
    for year in (today.year - 1, today.year, today.year + 1):
        span = each.last - each.first
        try:
            first = each.first.replace(year=year)
        except ValueError:  # 29 February
            first = date(year, 3, 1)
        if first + span >= today:
            return first
    return each.first


def words(language: str, first: date, last: date, yearly: bool) -> str:
    """'25 dicembre, ogni anno', '10-23 agosto 2027', '24 dicembre 2026 - 6 gennaio 2027'."""
    months = MONTHS[language]

    def said(day: date, *, year: bool = True) -> str:
        tail = f" {day.year}" if year and not yearly else ""
        return f"{day.day} {months[day.month - 1]}{tail}"

    if first == last:
        told = said(first)
    elif (first.year, first.month) == (last.year, last.month):
        told = f"{first.day}-{said(last)}"
    else:
        told = f"{said(first, year=first.year != last.year)} - {said(last)}"
    return told + say(language, it=", ogni anno", en=", every year") if yearly else told
