"""Contacts that look like the same one: found, put side by side, made one, or said to be two.

Every function takes the line's id and touches no other line's rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from sqlalchemy import delete
from sqlmodel import Session, col, select

from officesmart.administration.rules import Fault
from officesmart.contacts.book import Wrong, owned, read, remove, write
from officesmart.contacts.card import (
    LONGEST_NOTES,
    MOST_ADDRESSES,
    MOST_EMAILS,
    MOST_NUMBERS,
    Address,
    Card,
    Number,
    words_of,
)
from pbx.store.contacts import title
from pbx.tables import (
    CallerEntry,
    Contact,
    ContactApart,
    ContactGroupMember,
    ContactNumber,
)

MOST_TOGETHER = 6
"Contacts that are put side by side; more of the same name come in turns."
SWITCHBOARD = 20
"A number that more contacts share is their company's and says nothing about who they are."
FIELDS = ("first_name", "last_name", "company", "role", "nickname", "birthday")
"Of which the one that is kept has one value."


@dataclass(frozen=True, slots=True)
class Differs:
    """A field in which contacts say different things."""

    field: str
    values: tuple[tuple[int, str], ...]
    "Who says what, the first of each value; a birthday as 1980-12-31."


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Contacts that may become one, and what they have between them."""

    contacts: tuple[tuple[int, Card], ...]
    differs: tuple[Differs, ...]
    numbers: tuple[Number, ...]
    emails: tuple[str, ...]
    addresses: tuple[Address, ...]


def doubles(session: Session, line_id: int, *, limit: int = 200) -> tuple[tuple[int, ...], ...]:
    """Ids of contacts that look like one, together; at most MOST_TOGETHER each.

    The same name in any order is one, and so is the same number under names of which one is a
    shortened form of the other (T. Olivari); colleagues behind one switchboard are not. Each
    contact and each number is looked at once, so that 20,000 take a part of a second.
    """
    words = {
        known: words_of(title(*names))
        for known, *names in session.execute(
            select(  # type: ignore[call-overload]
                Contact.id,
                Contact.first_name,
                Contact.last_name,
                Contact.company,
                Contact.nickname,
            )
            .where(Contact.line_id == line_id)
            .order_by(Contact.id)
        )
    }
    parted = _apart(session, line_id)
    leader = {known: known for known in words}

    def root(one: int) -> int:
        while leader[one] != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    def join(one: int, other: int) -> None:
        leader[max(root(one), root(other))] = min(root(one), root(other))

    for same in _same_name(words):
        for one in same[1:]:
            before = next(
                (each for each in same if each != one and (each, one) not in parted), None
            )
            if before is not None:
                join(before, one)
    for sharing in _same_number(session, line_id):
        for one, other in combinations(sharing, 2):
            if (one, other) not in parted and _alike(words[one], words[other]):
                join(one, other)
    together: dict[int, list[int]] = defaultdict(list)
    for known in words:
        together[root(known)].append(known)
    several = [tuple(ids[:MOST_TOGETHER]) for ids in together.values() if len(ids) > 1]
    return tuple(several[:limit])


def side_by_side(session: Session, line_id: int, ids: Sequence[int]) -> SideBySide:
    """Contacts and what they have between them; the first is the one that stays.

    Raises LookupError when one is gone, or when they are not two at least.
    """
    found = [(known, read(session, line_id, known)) for known in dict.fromkeys(ids)]
    contacts = tuple((known, card) for known, card in found if card is not None)
    if len(contacts) != len(found) or not 2 <= len(contacts) <= MOST_TOGETHER:
        raise LookupError(ids)
    cards = [card for _, card in contacts]
    differs = []
    for field in FIELDS:
        words: dict[str, int] = {}
        for known, card in contacts:
            if text := said(card, field):
                words.setdefault(text, known)
        if len(words) > 1:
            differs.append(Differs(field, tuple((known, text) for text, known in words.items())))
    return SideBySide(
        contacts,
        tuple(differs),
        _numbers(cards),
        _emails(cards),
        tuple(dict.fromkeys(each for card in cards for each in card.addresses)),
    )


def merge(
    session: Session,
    line_id: int,
    ids: Sequence[int],
    *,
    wins: Mapping[str, int] | None = None,
    dropped: Collection[str] = (),
) -> int:
    """Several contacts become the first of them; its id.

    It keeps what it says and gains what it lacks; wins: for a field, the contact whose word counts
    instead. dropped: numbers and e-mail addresses that are left out, and addresses as
    'address-0'. Groups, and lists of callers that name one of the others, follow. Raises
    LookupError when one is gone, and Wrong ('numbers', 'emails', 'addresses', 'notes') while there
    is more than a contact may have: nothing is lost unasked.
    """
    together = side_by_side(session, line_id, ids)
    chosen = dict(together.contacts)
    values = {}
    for field in FIELDS:
        winner = chosen.get((wins or {}).get(field, 0))
        first = next(
            (getattr(c, field) for _, c in together.contacts if getattr(c, field)),
            getattr(together.contacts[0][1], field),
        )
        values[field] = (getattr(winner, field) if winner is not None else None) or first
    whole = Card(
        **values,
        numbers=tuple(each for each in together.numbers if each.number not in dropped),
        emails=tuple(each for each in together.emails if each not in dropped),
        addresses=tuple(
            each for n, each in enumerate(together.addresses) if f"address-{n}" not in dropped
        ),
        notes="\n".join(dict.fromkeys(c.notes for _, c in together.contacts if c.notes)),
    )
    if faults := _too_much(whole):
        raise Wrong(faults)
    kept, *others = (known for known, _ in together.contacts)
    _hand_over(session, kept, others)
    contact = owned(session, line_id, kept)
    assert contact is not None
    write(session, contact, whole)
    remove(session, line_id, others)
    return kept


def apart(session: Session, line_id: int, ids: Sequence[int]) -> None:
    """Non sono doppi: these are not offered together again."""
    own = sorted({known for known in ids[:MOST_TOGETHER] if owned(session, line_id, known)})
    for one, other in combinations(own, 2):
        if session.get(ContactApart, (one, other)) is None:
            session.add(ContactApart(contact_id=one, other_id=other))
    session.flush()


def joined(card: Card, other: Card) -> Card:
    """A card with what another adds to it: what it says stays, and no more than there is room for.

    Numbers and addresses beyond the most that a contact has are left out: see `left_over`.
    """
    values = {field: getattr(card, field) or getattr(other, field) for field in FIELDS}
    notes = "\n".join(dict.fromkeys(text for text in (card.notes, other.notes) if text))
    return replace(
        card,
        **values,
        numbers=_numbers((card, other))[:MOST_NUMBERS],
        emails=_emails((card, other))[:MOST_EMAILS],
        addresses=tuple(dict.fromkeys((*card.addresses, *other.addresses)))[:MOST_ADDRESSES],
        notes=notes if len(notes) <= LONGEST_NOTES else card.notes,
    )


def left_over(card: Card, other: Card) -> bool:
    """Whether `joined` has no room for all of it."""
    notes = "\n".join(dict.fromkeys(text for text in (card.notes, other.notes) if text))
    return (
        len(_numbers((card, other))) > MOST_NUMBERS
        or len(_emails((card, other))) > MOST_EMAILS
        or len(dict.fromkeys((*card.addresses, *other.addresses))) > MOST_ADDRESSES
        or len(notes) > LONGEST_NOTES
    )


def adds_nothing(card: Card, other: Card) -> bool:
    """Whether all that another says is there already."""
    if not {each.number for each in other.numbers} <= {each.number for each in card.numbers}:
        return False
    return joined(card, other) == card and not left_over(card, other)


def name_key(text: str) -> str:
    """What two spellings of one name have in common: its words in any order."""
    return " ".join(sorted(words_of(text)))


# --- insides -----------------------------------------------------------------------------------


def said(card: Card, field: str) -> str:
    """What a card says in one of FIELDS; a birthday as 1980-12-31."""
    if field == "birthday":
        return card.birthday.isoformat() if card.birthday else ""
    return str(getattr(card, field))


def _numbers(cards: Sequence[Card]) -> tuple[Number, ...]:
    kept: dict[str, Number] = {}
    for card in cards:
        for each in card.numbers:
            kept.setdefault(each.number, each)
    return tuple(kept.values())


def _emails(cards: Sequence[Card]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for card in cards:
        for each in card.emails:
            kept.setdefault(each.casefold(), each)
    return tuple(kept.values())


def _same_name(words: Mapping[int, list[str]]) -> Iterator[list[int]]:
    by_name: dict[str, list[int]] = defaultdict(list)
    for known, said in words.items():
        if said:
            by_name[" ".join(sorted(said))].append(known)
    yield from (ids for ids in by_name.values() if len(ids) > 1)


def _same_number(session: Session, line_id: int) -> Iterator[list[int]]:
    by_number: dict[str, set[int]] = defaultdict(set)
    for known, number in session.execute(
        select(ContactNumber.contact_id, ContactNumber.number).where(
            ContactNumber.line_id == line_id
        )
    ):
        by_number[number].add(known)
    yield from (sorted(ids) for ids in by_number.values() if 2 <= len(ids) <= SWITCHBOARD)


def _alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether each word of the shorter name begins a word of the longer."""
    short, long = sorted((one, other), key=len)
    left = list(long)
    for word in short:
        found = next((each for each in left if each.startswith(word) or word.startswith(each)), "")
        if not found:
            return False
        left.remove(found)
    return bool(short)


def _apart(session: Session, line_id: int) -> set[tuple[int, int]]:
    """Both orders of every pair."""
    rows = session.execute(
        select(ContactApart.contact_id, ContactApart.other_id)
        .join(Contact, col(Contact.id) == col(ContactApart.contact_id))
        .where(Contact.line_id == line_id)
    )
    return {pair for one, other in rows for pair in ((one, other), (other, one))}


def _too_much(card: Card) -> dict[str, Fault]:
    faults = {}
    for field, there, most, it, en in (
        ("numbers", len(card.numbers), MOST_NUMBERS, "numeri", "numbers"),
        ("emails", len(card.emails), MOST_EMAILS, "e-mail", "e-mail addresses"),
        ("addresses", len(card.addresses), MOST_ADDRESSES, "indirizzi", "addresses"),
        ("notes", len(card.notes), LONGEST_NOTES, "caratteri di note", "characters of notes"),
    ):
        if there > most:
            more = there - most
            faults[field] = Fault(
                f"Insieme hanno {there} {it}, un contatto ne ha al massimo {most}: togline {more}",
                f"Together they have {there} {en}, a contact has at most {most}: leave {more} out",
            )
    return faults


def _hand_over(session: Session, kept: int, others: Sequence[int]) -> None:
    """Groups and caller lists that name the others name the one that is kept."""
    member = col(ContactGroupMember.contact_id)
    groups = session.exec(
        select(ContactGroupMember.group_id).where(member.in_((kept, *others)))
    ).all()
    session.execute(delete(ContactGroupMember).where(member.in_((kept, *others))))
    session.add_all(
        ContactGroupMember(group_id=group, contact_id=kept) for group in dict.fromkeys(groups)
    )
    listed = session.exec(
        select(CallerEntry).where(col(CallerEntry.contact_id).in_((kept, *others)))
    ).all()
    there = {entry.service for entry in listed if entry.contact_id == kept}
    for entry in listed:
        if entry.contact_id == kept:
            continue
        if entry.service in there:  # the list names it already
            session.delete(entry)
            continue
        there.add(entry.service)
        entry.contact_id = kept
        session.add(entry)
    session.flush()
