"""What people call the other side: their own contact before every other name (behaviour s.10).

The same order as on the displays of their phones (pbx/calls/naming.py): contact, extension, short
code, and the name that came with the call.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from pbx.events.kinds import Party
from pbx.numbers import is_extension
from pbx.routing import who
from pbx.store import contacts, settings
from pbx.store.contacts import Known
from pbx.store.session import Database
from pbx.tables import Line, ShortCode

log = logging.getLogger(__name__)
PATIENCE = 0.5  # seconds that a page waits for names; then it shows those that came with the call


@dataclass(frozen=True, slots=True)
class People:
    """Whoever has certain numbers, as one line calls them."""

    contacts: Mapping[str, Known] = field(default_factory=dict)
    "By number, as it was asked for."
    office: Mapping[str, str] = field(default_factory=dict)
    "Names of extensions and short codes, of who is no contact."
    asked: frozenset[str] = frozenset()

    def shown(self, party: Party) -> Known:
        """A side of a call: its name ("" for none), and the contact that it is, if it is one."""
        if found := self.contacts.get(party.number):
            return found
        own = party.name if party.line else ""
        return Known(0, own or self.office.get(party.number, "") or party.name)

    def name(self, number: str, told: str = "") -> str:
        """The same for a number of the past. told: the name that was kept with it, which for an
        extension is whose it was then."""
        if found := self.contacts.get(number):
            return found.name
        if told and is_extension(number):
            return told
        return self.office.get(number, "") or told


def people_of(session: Session, line_id: int, numbers: Iterable[str]) -> People:
    """Everybody behind these numbers, as dialled or as told, in a few indexed questions."""
    wanted = frozenset(number for number in numbers if number)
    if not wanted:
        return People()
    lines = session.exec(
        select(Line.extension, Line.number, Line.name).where(
            col(Line.extension).in_(wanted) | col(Line.number).in_(wanted)
        )
    ).all()
    of_line = {key: each for each in lines for key in (each[1], each[0]) if key}
    prefix = settings.read(session, settings.OUTSIDE_PREFIX)
    ways: dict[str, tuple[str, ...]] = {}
    for number in wanted:
        colleague = of_line.get(number)
        if colleague is not None:
            ways[number] = tuple(dict.fromkeys(x for x in (number, *colleague[:2]) if x))
        else:
            ways[number] = who.written_ways(number, prefix)
    known = contacts.known_all(session, line_id, {way for each in ways.values() for way in each})
    mine = {
        number: next(known[way] for way in each if way in known)
        for number, each in ways.items()
        if not known.keys().isdisjoint(each)
    }
    strangers = wanted - mine.keys()
    office = {number: of_line[number][2] for number in strangers if number in of_line}
    office |= _short_codes(session, {n: ways[n] for n in strangers if n not in of_line})
    return People(mine, office, wanted)


def _short_codes(session: Session, ways: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    if not ways:
        return {}
    rows = session.exec(
        select(ShortCode.code, ShortCode.number, ShortCode.name).order_by(col(ShortCode.code))
    ).all()
    codes = {code: name for code, _, name in rows}
    dialled = who.by_number(tuple((number, name) for _, number, name in rows if name))
    found = {n: codes.get(n, "") or who.code_name(each, dialled) for n, each in ways.items()}
    return {number: name for number, name in found.items() if name}


async def catch_up(
    database: Database, line_id: int, people: People, numbers: Collection[str]
) -> People:
    """The same people, and whoever of these numbers was not asked about yet.

    A database that is slow or away is not waited for: who is not known then is asked about anew
    the next time.
    """
    missing = frozenset(number for number in numbers if number) - people.asked
    if not missing:
        return people
    try:
        found = await database.read(lambda s: people_of(s, line_id, missing), limit=PATIENCE)
    except (TimeoutError, SQLAlchemyError) as error:
        log.warning("names cannot be read now: %r", error)
        return people
    return People(
        {**people.contacts, **found.contacts},
        {**people.office, **found.office},
        people.asked | found.asked,
    )
