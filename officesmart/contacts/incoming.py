"""Contacts that come from elsewhere: judged one by one, then taken over together.

A source is anything that gives `Incoming`s: a CSV file (csv_file.py), a vCard file (vcards.py);
a directory or an address book on a server would be another file like those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import func, insert
from sqlmodel import Session, select

from officesmart.administration.rules import Fault
from officesmart.contacts.book import FULL, MOST, cards, count
from officesmart.contacts.card import Card, judge, search_text, tail
from pbx.numbers import national
from pbx.tables import Contact, ContactNumber

MOST_BYTES = 20_000_000
MOST_ROWS = 20_000
BATCH = 500
"Rows between two words about the progress."


class BadFile(Exception):
    """The file as a whole cannot be read; nothing was taken over."""

    def __init__(self, it: str, en: str) -> None:
        super().__init__(en)
        self.it, self.en = it, en


@dataclass(frozen=True, slots=True)
class Incoming:
    """One contact of a source, as found there."""

    where: str
    "For people: '12' for a row, 'Mario Rossi' for a card."
    card: Card
    lost: tuple[Fault, ...] = ()
    "What the source had and we do not keep (a photo, a third address)."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What would become of one of them."""

    where: str
    title: str
    outcome: str
    "'new', 'same' (it is there already) or 'left_out'."
    card: Card
    faults: tuple[Fault, ...] = ()
    "Why it is left out, or what of it is not taken over."


@dataclass(slots=True)
class Trial:
    """The dry run of an import."""

    verdicts: list[Verdict] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        """How many of an outcome."""
        return sum(each.outcome == outcome for each in self.verdicts)

    @property
    def cards(self) -> list[Card]:
        """Those that would be added."""
        return [each.card for each in self.verdicts if each.outcome == "new"]


def try_out(
    session: Session,
    line_id: int,
    source: Iterable[Incoming],
    *,
    told: Callable[[int], None] = lambda done: None,
) -> Trial:
    """Judge every contact of a source; nothing is written. told: how many are judged so far.

    A contact whose names and numbers are all there already is not added again, so that the same
    file may be taken over twice.
    """
    there = {_likeness(card) for card in cards(session, line_id)}
    room = MOST - count(session, line_id)
    trial, taken = Trial(), 0
    for place, one in enumerate(source, 1):
        judged = judge(one.card)
        # A wrong number or address is left out, the contact is not; without a name it is.
        faults = (*judged.faults.values(), *one.lost)
        card = judged.card
        if not card.title and card.numbers:
            card = _named_by_number(card)
            faults = one.lost
        likeness = _likeness(card)
        if not card.title:
            outcome = "left_out"
        elif likeness in there:
            outcome, faults = "same", ()
        elif taken >= room:
            outcome, faults = "left_out", (FULL,)
        else:
            outcome = "new"
            taken += 1
            there.add(likeness)
        trial.verdicts.append(Verdict(one.where, card.title, outcome, card, faults))
        if place % BATCH == 0:
            told(place)
    return trial


def take_over(
    session: Session,
    line_id: int,
    chosen: Sequence[Card],
    *,
    told: Callable[[int], None] = lambda done: None,
) -> int:
    """Add them all in the session's transaction; how many. Each card has been judged."""
    room = MOST - count(session, line_id)
    if len(chosen) > room:
        raise BadFile(FULL.it, FULL.en)
    first = (session.scalar(select(func.max(Contact.id))) or 0) + 1
    for start in range(0, len(chosen), BATCH):
        some = chosen[start : start + BATCH]
        session.execute(insert(Contact), [_row(line_id, first + n, c) for n, c in enumerate(some)])
        numbers = [
            each for n, card in enumerate(some) for each in _numbers(line_id, first + n, card)
        ]
        if numbers:
            session.execute(insert(ContactNumber), numbers)
        first += len(some)
        told(start + len(some))
    return len(chosen)


def _named_by_number(card: Card) -> Card:
    """A contact that only has a number is called by it."""
    return replace(card, nickname=national(card.numbers[0].number))


def _likeness(card: Card) -> tuple[str, frozenset[str]]:
    return card.title.casefold(), frozenset(each.number for each in card.numbers)


def _row(line_id: int, known: int, card: Card) -> dict[str, object]:
    return {
        "id": known,
        "line_id": line_id,
        "first_name": card.first_name,
        "last_name": card.last_name,
        "company": card.company,
        "role": card.role,
        "nickname": card.nickname,
        "emails": list(card.emails),
        "addresses": [
            {name: getattr(each, name) for name in each.__dataclass_fields__}
            for each in card.addresses
        ],
        "birthday": card.birthday,
        "notes": card.notes,
        "search": search_text(card),
    }


def _numbers(line_id: int, contact_id: int, card: Card) -> Iterator[dict[str, object]]:
    for place, each in enumerate(card.numbers):
        yield {
            "contact_id": contact_id,
            "line_id": line_id,
            "kind": each.kind,
            "number": each.number,
            "tail": tail(each.number),
            "position": place,
        }
