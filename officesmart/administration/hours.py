"""Opening hours: a week as people write it, who uses it, and whether it is open now.

A day is one line of text, '09:00–13:00, 14:00–18:00'; what was typed more freely ('9-13 14.30-18')
is read too. What a week means for a call is pbx.routing.hours.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from officesmart.administration.audit import Author
from officesmart.administration.keeping import Book, Noun
from officesmart.administration.option import Option
from officesmart.administration.rules import Fault
from officesmart.administration.typed import Typed
from officesmart.i18n import DAYS, clock, day, say
from pbx.numbers import national
from pbx.routing import hours as rules
from pbx.tables import ClosingDay, DirectNumber, OpeningHours, Site

NAME, LONGEST_DAY = 80, 120  # characters
DAY = tuple(f"day{number}" for number in range(7))
"The fields of a week, from Monday."
PIECE = re.compile(
    r"(\d{1,2})(?:[:.h](\d{2}))?\s*(?:-|–|—|\ba\b|\bto\b)\s*(\d{1,2})(?:[:.h](\d{2}))?"
)
CLOSED = ("chiuso", "closed", "-", "–", "—")
ALL_DAY = ("24h", "h24", "sempre", "always", "tutto il giorno", "all day")
UNREADABLE = Fault(
    "Scrivi gli orari così: 9-13, 14:30-18. Vuoto: chiuso",
    "Write the times like this: 9-13, 14:30-18. Empty: closed",
)


@dataclass(frozen=True, slots=True)
class HoursValues:
    """Opening hours as an administrator sets them; a day is its text."""

    name: str = ""
    day0: str = ""
    day1: str = ""
    day2: str = ""
    day3: str = ""
    day4: str = ""
    day5: str = ""
    day6: str = ""


@dataclass(frozen=True)
class HoursRow:
    """Opening hours in the table, for the browser."""

    id: int
    title: str
    open: bool
    now: str
    "'chiude oggi alle 18:00'; empty when it never changes."
    week: str
    users: str
    "Who uses them; empty: nobody."


# -- a day as text ------------------------------------------------------------------------------


def read_day(text: str) -> list[list[str]] | Fault:
    """The pieces of a day as they are kept, or what is wrong with them."""
    plain = " ".join(text.casefold().split())
    if not plain or plain in CLOSED:
        return []
    if plain in ALL_DAY:
        return [["00:00", "24:00"]]
    if re.sub(r"[\s,;e&+]|\band\b", "", PIECE.sub("", plain)):
        return UNREADABLE
    pieces = [
        [f"{int(found[1]):02}:{found[2] or '00'}", f"{int(found[3]):02}:{found[4] or '00'}"]
        for found in PIECE.finditer(plain)
    ]
    week: list[list[list[str]]] = [[] for _ in DAY]
    week[0] = pieces
    for fault in rules.week_faults(week):
        # The day's name stands beside the field already.
        return Fault(*(_upper(words.partition(": ")[2] or words) for words in (fault.it, fault.en)))
    return sorted(pieces)


def write_day(pieces: object) -> str:
    """A day as people read it; what cannot be read is a closed day."""
    if not isinstance(pieces, list | tuple):
        return ""
    return ", ".join("–".join(map(str, piece)) for piece in pieces if len(piece) == 2)


def judge(form: Mapping[str, object]) -> tuple[HoursValues, dict[str, Fault]]:
    """A form as it was sent: its values, and what is wrong by field."""
    typed = Typed(form)
    name = typed.text(
        "name", most=NAME, needed=Fault("Scrivi un nome per gli orari", "Give the hours a name")
    )
    days = {}
    for each in DAY:
        read = read_day(typed.text(each, most=LONGEST_DAY))
        if isinstance(read, Fault):
            typed.wrong(each, read)
        else:
            days[each] = write_day(read)
    return HoursValues(name=name, **days), typed.faults


# -- the book -----------------------------------------------------------------------------------


class HoursBook(Book[OpeningHours, HoursValues]):
    """The week stands in one column."""

    def read(self, row: OpeningHours) -> HoursValues:
        """A row's values."""
        week = [*(row.week if isinstance(row.week, list) else []), *([[]] * 7)][:7]
        return HoursValues(row.name, *(write_day(pieces) for pieces in week))

    def _write(self, session: Session, row: OpeningHours, values: HoursValues) -> None:
        row.name, row.week = values.name, week_of(values)
        session.add(row)
        session.flush()


def week_of(values: HoursValues) -> list[list[list[str]]]:
    """The week as it is kept."""
    days = [read_day(getattr(values, each)) for each in DAY]
    return [[] if isinstance(each, Fault) else each for each in days]


def _collisions(session: Session, values: HoursValues, of: int) -> dict[str, Fault]:
    for other in session.exec(select(OpeningHours)):
        if other.id != of and other.name.casefold() == values.name.casefold():
            return {
                "name": Fault(
                    f"Ci sono già orari di nome {other.name}: scegli un altro nome",
                    f"There are already opening hours named {other.name}: choose another name",
                )
            }
    return {}


BOOK = HoursBook(
    kind="hours",
    noun=Noun("orario", "orari", "opening hours", "opening hours"),
    row=OpeningHours,
    values=HoursValues,
    names={
        "name": ("nome", "name"),
        **{each: (it, en) for each, it, en in zip(DAY, DAYS["it"], DAYS["en"], strict=True)},
        "used_by": ("usati da", "used by"),
        "moved_to": ("sostituiti da", "replaced by"),
    },
    title=lambda values: values.name,
    collisions=_collisions,
)


def remove(
    session: Session, author: Author, ids: Collection[int], *, to: int = 0
) -> tuple[str, ...]:
    """Delete opening hours; who uses them has those of `to`, or (0) none: always open."""
    goes = session.get(OpeningHours, to) if to and to not in ids else None
    used = users(session)
    gone = []
    for row in session.exec(select(OpeningHours).where(col(OpeningHours.id).in_(ids))).all():
        values = BOOK.read(row)
        before = BOOK.told(session, values)
        if row.id in used:
            before["used_by"] = ", ".join(used[row.id])
        after = {"moved_to": goes.name} if goes is not None and row.id in used else {}
        BOOK.note(session, author, "deleted", values, before, after)
        target = goes.id if goes is not None else None
        for table in (Site, DirectNumber):
            session.execute(
                update(table).where(col(table.hours_id) == row.id).values(hours_id=target)
            )
        for closing in session.exec(select(ClosingDay).where(ClosingDay.hours_id == row.id)):
            session.delete(closing)
        session.delete(row)
        gone.append(row.name)
    session.flush()
    return tuple(gone)


# -- looking ------------------------------------------------------------------------------------


def options(session: Session) -> list[Option]:
    """Every opening hours, to choose from, by name."""
    found = session.exec(select(OpeningHours)).all()
    rows = [Option(str(each.id), each.name) for each in found]
    return sorted(rows, key=lambda row: row.words.casefold())


def users(session: Session) -> dict[int, list[str]]:
    """Who uses each opening hours: sites by name, numbers as people write them."""
    found: dict[int, list[str]] = {}
    for hours, name in session.execute(select(Site.hours_id, Site.name).order_by(Site.name)):
        if hours is not None:
            found.setdefault(hours, []).append(name)
    numbers = select(DirectNumber.hours_id, DirectNumber.number).order_by(DirectNumber.number)
    for hours, number in session.execute(numbers):
        if hours is not None:
            found.setdefault(hours, []).append(national(number))
    return found


def closings_of(session: Session, hours: int) -> list[rules.Closing]:
    """The closing days that concern these opening hours: their own and everybody's."""
    return [
        rules.Closing(each.first, each.last, each.yearly, each.name)
        for each in session.exec(select(ClosingDay))
        if each.hours_id is None or each.hours_id == hours
    ]


def listed(session: Session, language: str, at: datetime) -> list[HoursRow]:
    """Every opening hours as it stands at this moment (in the office's zone), by name."""
    used = users(session)
    rows = []
    for each in session.exec(select(OpeningHours)):
        of = each.id or 0
        is_open, then = standing(each.week, closings_of(session, of), language, at)
        rows.append(
            HoursRow(
                id=of,
                title=each.name,
                open=is_open,
                now=then,
                week=summary(language, BOOK.read(each)),
                users=", ".join(used.get(of, ())),
            )
        )
    return sorted(rows, key=lambda row: row.title.casefold())


def standing(
    week: rules.Week, closings: Sequence[rules.Closing], language: str, at: datetime
) -> tuple[bool, str]:
    """Whether it is open, and when that changes: 'chiude oggi alle 18:00'."""
    is_open = rules.is_open(week, closings, at)
    change = rules.next_change(week, closings, at)
    if change is None:
        closing = rules.closed_on(closings, at.date())
        return is_open, getattr(closing, "name", "") if not is_open else ""
    moment, opens = change
    away = (moment.date() - at.date()).days
    if away == 0:
        when = say(language, it="oggi", en="today")
    elif away == 1:
        when = say(language, it="domani", en="tomorrow")
    elif away < 7:
        when = DAYS[language][moment.weekday()]
    else:
        when = day(language, moment.date())
    hour = clock(moment, moment.tzinfo)  # type: ignore[arg-type]
    if opens:
        return is_open, say(language, it=f"apre {when} alle {hour}", en=f"opens {when} at {hour}")
    return is_open, say(language, it=f"chiude {when} alle {hour}", en=f"closes {when} at {hour}")


def summary(language: str, values: HoursValues) -> str:
    """The week in a line: 'lun-ven 09:00–18:00; sab 09:00–13:00'."""
    days = [getattr(values, each) for each in DAY]
    short = [name[:3] for name in DAYS[language]]
    said, start = [], 0
    for place in range(1, 8):
        if place < 7 and days[place] == days[start]:
            continue
        if days[start]:
            last = place - 1
            names = short[start] if last == start else f"{short[start]}-{short[last]}"
            said.append(f"{names} {days[start]}")
        start = place
    return "; ".join(said) or say(language, it="sempre chiuso", en="always closed")


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]
