"""The four lists of calls of Messaggi e Chiamate: what a search finds in them, a piece at a time.

A year of a busy line is tens of thousands of calls: nobody reads them in one question, and no
search reads calls at all before it knows whom it means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlmodel import Session

from officesmart.contacts.book import tokens
from officesmart.contacts.card import words_of
from officesmart.lists import names_of
from officesmart.naming import People, people_of
from pbx.numbers import digits, national
from pbx.store import history
from pbx.store.history import CallRow, Kind, Side
from pbx.store.session import Database

KINDS: Mapping[str, Kind] = {
    "perse": "missed",
    "effettuate": "dialled",
    "ricevute": "received",
    "rifiutate": "rejected",
}
"By the name of the tab, as addresses have it."
MOST_LISTED = 500
"Calls that the page lists at once at most: who wants older ones searches, or takes the file."
LONGEST_SEARCH = 100  # characters
PIECE = 500
"Calls, or numbers, of one question: some ten milliseconds of the reader's lane."
MOST_SIDES = 5_000
"That one question may name; where a search means more, calls are looked through instead."


@dataclass(frozen=True, slots=True)
class Sought:
    """One of a line's lists, and whom of it a search means."""

    line_id: int
    kind: Kind
    sides: frozenset[Side] | None = None
    "None: everybody."

    def piece(
        self, session: Session, *, limit: int = PIECE, beyond: CallRow | None = None
    ) -> tuple[CallRow, ...]:
        """The newest calls of it, or the newest older than `beyond`; fewer when there are no
        more."""
        if self.sides is None or len(self.sides) <= MOST_SIDES:
            return history.listed(
                session, self.line_id, self.kind, limit=limit, beyond=beyond, sides=self.sides
            )
        found: list[CallRow] = []
        while len(found) < limit:
            read = history.listed(session, self.line_id, self.kind, limit=PIECE, beyond=beyond)
            found += (each for each in read if self._means(each))
            if len(read) < PIECE:
                break
            beyond = read[-1]
        return tuple(found[:limit])

    def _means(self, call: CallRow) -> bool:
        return self.sides is None or (call.number, call.name) in self.sides


async def sought(
    database: Database, line_id: int, kind: Kind, text: str, *, language: str
) -> Sought:
    """Whom a search means: each of its words begins a word of what the reader calls them, or of
    their company, or is part of their number."""
    wanted = tokens(text[:LONGEST_SEARCH])
    if not wanted:
        return Sought(line_id, kind)
    everybody = await database.read(lambda s: history.sides(s, line_id, kind))
    meant: set[Side] = set()
    for start in range(0, len(everybody), PIECE):
        some = everybody[start : start + PIECE]
        meant |= await database.read(partial(_meant, line_id, some, wanted, language))
    return Sought(line_id, kind, frozenset(meant))


def _meant(
    line_id: int, some: Sequence[Side], wanted: Sequence[str], language: str, session: Session
) -> set[Side]:
    people = people_of(session, line_id, {number for number, _ in some})
    return {side for side in some if _is_meant(side, wanted, people, language)}


def _is_meant(side: Side, wanted: Sequence[str], people: People, language: str) -> bool:
    number, told = side
    name, _ = names_of(people.name(number, told), number, language)
    known = people.contacts.get(number)
    words = words_of(f"{name} {known.company if known else ''}")
    written = (digits(number), digits(national(number)))
    return all(
        any(word.startswith(token) for word in words)
        or (token.isdigit() and any(token in each for each in written))
        for token in wanted
    )
