"""Contacts that come from elsewhere: judged one by one, then taken over together.

A source is anything that gives `Incoming`s: a CSV file (csv_file.py), a vCard file (vcards.py);
a directory or an address book on a server would be another file like those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Literal, Protocol

from sqlalchemy import delete, func, insert, update
from sqlmodel import Session, col, select

from officesmart.administration.rules import Fault
from officesmart.contacts import groups
from officesmart.contacts.book import FULL, MOST, cards_by_id, count
from officesmart.contacts.card import Card, judge, search_text, tail
from officesmart.contacts.doubles import adds_nothing, joined, left_over, name_key
from pbx.numbers import national
from pbx.tables import Contact, ContactNumber

MOST_BYTES = 20_000_000
MOST_ROWS = 20_000
SAMPLE = 60  # letters of a wrong value, as shown
BATCH = 500
"Rows between two words about the progress."
NO_ROOM = Fault(
    "Il contatto non ha posto per tutto: quello che c'è già resta, il di più no",
    "The contact has no room for all of it: what is there stays, the rest is left out",
)


class BadFile(Exception):
    """The file as a whole cannot be read; nothing was taken over."""

    def __init__(self, it: str, en: str) -> None:
        super().__init__(en)
        self.it, self.en = it, en


class Source(Protocol):
    """Where contacts come from: a file that was read, later a directory or a server."""

    def __iter__(self) -> Iterator[Incoming]:
        """Its contacts, one by one."""


SameName = Literal["merge", "skip", "add"]
"What becomes of one whose name is in the address book already."


@dataclass(frozen=True, slots=True)
class Incoming:
    """One contact of a source, as found there."""

    where: str
    "For people: '12' for a row, 'Mario Rossi' for a card."
    card: Card
    lost: tuple[Fault, ...] = ()
    "What the source had and we do not keep (a photo, a third address)."
    groups: tuple[str, ...] = ()
    "Names of the groups that it is in there."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What would become of one of them."""

    where: str
    title: str
    outcome: str
    """'new', 'merged' (into the contact of that name), 'skipped' (there is one of that name),
    'same' (all of it is there already) or 'left_out'."""
    card: Card
    faults: tuple[Fault, ...] = ()
    "Why it is left out, or what of it is not taken over."
    groups: tuple[str, ...] = ()
    into: int = 0
    "The contact that it is merged into."


ByCompany = dict[str, list[tuple[int, Card]]]
"""Contacts of one name by the `name_key` of their company ("" for none); two of each at most: more
could not be told apart either, and an address book may be 20,000 of one name."""


@dataclass(slots=True)
class Trial:
    """The dry run of an import."""

    verdicts: list[Verdict] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        """How many of an outcome."""
        return sum(each.outcome == outcome for each in self.verdicts)

    @property
    def chosen(self) -> list[Verdict]:
        """Those that would be added or merged."""
        return [each for each in self.verdicts if each.outcome in ("new", "merged")]


def try_out(
    session: Session,
    line_id: int,
    source: Source | Iterable[Incoming],
    *,
    same_name: SameName = "merge",
    told: Callable[[int], None] = lambda done: None,
) -> Trial:
    """Judge every contact of a source; nothing is written. told: how many are judged so far.

    A contact of which all is there already is not added again, so that the same file may be taken
    over twice. same_name: what becomes of one whose name one contact has, with no other company.
    """
    there: set[tuple[str, frozenset[str]]] = set()
    by_name: dict[str, ByCompany] = {}
    for known, card in cards_by_id(session, line_id):
        there.add(_likeness(card))
        companies = by_name.setdefault(name_key(card.title), {})
        alike = companies.setdefault(name_key(card.company), [])
        if len(alike) < 2:
            alike.append((known, card))
    room = MOST - count(session, line_id)
    trial, taken = Trial(), 0
    for place, one in enumerate(source, 1):
        judged = judge(one.card)
        # A wrong number or address is left out, the contact is not; without a name it is.
        faults = (*_named(one.card, judged.faults), *one.lost)
        card = judged.card
        if not card.title and card.numbers:
            card = _named_by_number(card)
            faults = one.lost
        title, said = card.title, _likeness(card)
        into, before = _known_as(by_name.get(name_key(title), {}), card)
        outcome = "new"
        if not title:
            outcome = "left_out"
        elif before is not None and adds_nothing(before, card):
            outcome, faults = "same", ()
        elif before is None and said in there:
            outcome, faults = "same", ()
        elif before is not None and same_name == "merge":
            outcome = "merged"
            faults = (*faults, NO_ROOM) if left_over(before, card) else faults
        elif before is not None and same_name == "skip":
            outcome, faults = "skipped", ()
        elif taken >= room:
            outcome, faults = "left_out", (FULL,)
        if outcome == "new":
            taken += 1
            there.add(said)
        trial.verdicts.append(
            Verdict(
                one.where,
                title,
                outcome,
                card,
                faults,
                one.groups,
                into if outcome == "merged" else 0,
            )
        )
        if place % BATCH == 0:
            told(place)
    return trial


def take_over(
    session: Session,
    line_id: int,
    chosen: Sequence[Verdict],
    *,
    told: Callable[[int], None] = lambda done: None,
) -> int:
    """Add or merge them all in the session's transaction; how many. Each has been judged.

    One whose contact was deleted since the trial is added.
    """
    wanted = {each.into for each in chosen if each.into}
    own = dict(cards_by_id(session, line_id, only=wanted)) if wanted else {}
    fresh = [each for each in chosen if each.into not in own]
    if len(fresh) > MOST - count(session, line_id):
        raise BadFile(FULL.it, FULL.en)
    first = (session.scalar(select(func.max(Contact.id))) or 0) + 1
    members: dict[str, list[int]] = {}
    for start in range(0, len(fresh), BATCH):
        some = fresh[start : start + BATCH]
        session.execute(
            insert(Contact), [_row(line_id, first + n, each.card) for n, each in enumerate(some)]
        )
        numbers = [
            row for n, each in enumerate(some) for row in _numbers(line_id, first + n, each.card)
        ]
        if numbers:
            session.execute(insert(ContactNumber), numbers)
        for n, each in enumerate(some):
            for group in each.groups:
                members.setdefault(group, []).append(first + n)
        first += len(some)
        told(start + len(some))
    changed: dict[int, Card] = {}
    for each in chosen:
        if each.into in own:
            changed[each.into] = joined(changed.get(each.into, own[each.into]), each.card)
            for group in each.groups:
                members.setdefault(group, []).append(each.into)
    _change(session, line_id, own, changed, lambda done: told(len(fresh) + done))
    for name, ids in members.items():
        if group_id := groups.named(session, line_id, name):
            groups.join(session, line_id, group_id, ids)
    return len(chosen)


def _change(
    session: Session,
    line_id: int,
    own: Mapping[int, Card],
    changed: Mapping[int, Card],
    told: Callable[[int], None],
) -> None:
    """Write contacts as they become; one statement for each few hundred. own: as they are.

    A number that is there keeps its row: merging puts others behind it.
    """
    rows = list(changed.items())
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        session.execute(update(Contact), [_row(line_id, known, card) for known, card in some])
        anew = {
            known
            for known, card in some
            if card.numbers[: len(own[known].numbers)] != own[known].numbers
        }
        if anew:
            session.execute(delete(ContactNumber).where(col(ContactNumber.contact_id).in_(anew)))
        numbers = [
            row
            for known, card in some
            for row in _numbers(
                line_id, known, card, behind=0 if known in anew else len(own[known].numbers)
            )
        ]
        if numbers:
            session.execute(insert(ContactNumber), numbers)
        told(start + len(some))
    session.expire_all()


def _known_as(same: ByCompany, card: Card) -> tuple[int, Card | None]:
    """The one contact that a card is about; none when several could be meant, or when the
    companies say that it is another person."""
    company = name_key(card.company)
    fits = chain(same.get("", ()), same.get(company, ())) if company else chain(*same.values())
    two = list(islice(fits, 2))
    return two[0] if len(two) == 1 else (0, None)


def _named(card: Card, faults: Mapping[str, Fault]) -> list[Fault]:
    """The faults of a card with what is wrong in front: the row shows nothing else of it."""
    values = {f"number-{place}": each.number for place, each in enumerate(card.numbers)}
    values |= {f"email-{place}": email for place, email in enumerate(card.emails)}
    return [
        Fault(f"«{values[name][:SAMPLE]}»: {each.it}", f"“{values[name][:SAMPLE]}”: {each.en}")
        if values.get(name, "").strip()
        else each
        for name, each in faults.items()
    ]


def _named_by_number(card: Card) -> Card:
    """A contact that only has a number is called by it."""
    return replace(card, nickname=national(card.numbers[0].number))


def _likeness(card: Card) -> tuple[str, frozenset[str]]:
    said = f"{card.title}\n{card.company}".casefold()
    return said, frozenset(each.number for each in card.numbers)


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


def _numbers(
    line_id: int, contact_id: int, card: Card, *, behind: int = 0
) -> Iterator[dict[str, object]]:
    """Rows of a card's numbers; behind: without the first so many."""
    for place, each in enumerate(card.numbers[behind:], behind):
        yield {
            "contact_id": contact_id,
            "line_id": line_id,
            "kind": each.kind,
            "number": each.number,
            "tail": tail(each.number),
            "position": place,
        }
