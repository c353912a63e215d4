"""The address book of one line: found, read, kept, deleted.

Every function takes the line's id and touches no other line's rows: an id that a browser sends
proves nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, func, literal
from sqlmodel import Session, col, select

from officesmart.administration.clash import Clash, differ
from officesmart.administration.rules import Fault
from officesmart.contacts.card import (
    Address,
    Card,
    Number,
    judge,
    search_text,
    tail,
    words_of,
)
from pbx.numbers import digits
from pbx.store.contacts import called
from pbx.tables import Contact, ContactGroupMember, ContactNumber

MOST = 20_000
"Contacts of one line."
PAGE = 100
FULL = Fault(
    f"La rubrica ha già {MOST:,} contatti: elimina quelli che non servono".replace(",", "."),
    f"The address book has {MOST:,} contacts already: delete those that nobody needs",
)
MOST_TOKENS = 6
SOME = 500
"Rows that one statement names."


@dataclass(frozen=True, slots=True)
class Row:
    """A contact in the list."""

    id: int
    title: str
    company: str
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found."""

    rows: tuple[Row, ...]
    total: int


class Wrong(Exception):
    """A card that may not be kept; `faults` by field."""

    def __init__(self, faults: dict[str, Fault]) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


def find(
    session: Session,
    line_id: int,
    text: str = "",
    *,
    start: int = 0,
    limit: int = PAGE,
    group: int = 0,
    only: Collection[int] | None = None,
) -> Found:
    """Contacts whose name, company or numbers begin with every word of the text, by name.

    An empty text finds all. group: only among its members; 0 for all. only: of these ids.
    5,000 contacts: some milliseconds (bench/README.md).
    """
    chosen = _wanted(line_id, text, group)
    if only is not None:
        chosen.append(col(Contact.id).in_(only))
    page = (
        select(col(Contact.id), func.count().over() if tokens(text) else literal(0))
        .where(*chosen)
        .order_by(col(Contact.search), col(Contact.id))
        .offset(start)
        .limit(limit)
    )
    hits = session.execute(page).all()
    shown, total = [known for known, _ in hits], hits[0][1] if hits else 0
    # Searched words are counted in the pass that finds them: another would take as long again.
    # All contacts of a line, and what a page behind the last leaves unsaid, are counted by index.
    if not total and (hits or start):
        total = session.scalar(select(func.count()).select_from(Contact).where(*chosen)) or 0
    named = {row.id: row for row in session.exec(select(Contact).where(col(Contact.id).in_(shown)))}
    numbers = _numbers_of(session, shown)
    return Found(
        tuple(
            Row(known, called(named[known]), named[known].company, numbers.get(known, ()))
            for known in shown
        ),
        total,
    )


def namesakes(session: Session, line_id: int, card: Card, *, most: int = 3) -> tuple[Row, ...]:
    """Contacts of this line that have the card's very name, in any order of its words."""
    wanted = sorted(words_of(card.title))
    if not wanted:
        return ()
    found = find(session, line_id, card.title, limit=PAGE).rows
    return tuple(row for row in found if sorted(words_of(row.title)) == wanted)[:most]


def ids(session: Session, line_id: int, text: str = "", *, group: int = 0) -> tuple[int, ...]:
    """All that `find` finds, by name."""
    return tuple(session.exec(select(Contact.id).where(*_wanted(line_id, text, group))).all())  # type: ignore[arg-type]


def count(session: Session, line_id: int) -> int:
    """How many contacts the line has."""
    own = select(func.count()).select_from(Contact).where(Contact.line_id == line_id)
    return session.scalar(own) or 0


def read(session: Session, line_id: int, contact_id: int) -> Card | None:
    """One contact; None when this line has none of this id."""
    contact = owned(session, line_id, contact_id)
    return None if contact is None else _card(session, contact)


def cards(session: Session, line_id: int) -> Iterator[Card]:
    """Every contact of a line, by name."""
    return (card for _, card in cards_by_id(session, line_id))


def cards_by_id(
    session: Session, line_id: int, *, only: Collection[int] | None = None
) -> Iterator[tuple[int, Card]]:
    """Every contact of a line with its id, by name. only: of these ids.

    Of 20,000 contacts, rows as they are: mapped objects would take twice the time.
    """
    numbers: dict[int, list[Number]] = {}
    for contact_id, kind, number in session.exec(
        select(ContactNumber.contact_id, ContactNumber.kind, ContactNumber.number)
        .where(ContactNumber.line_id == line_id)
        .order_by(col(ContactNumber.position), col(ContactNumber.id))
    ):
        numbers.setdefault(contact_id, []).append(Number(kind, number))
    table = Contact.__table__  # type: ignore[attr-defined]
    own = select(table).where(col(Contact.line_id) == line_id)
    for row in session.execute(own.order_by(col(Contact.search), col(Contact.id))):
        if only is None or row.id in only:
            yield row.id, _card_of(row, tuple(numbers.get(row.id, ())))


def add(session: Session, line_id: int, typed: Card) -> int:
    """A new contact; its id. Raises Wrong."""
    judged = judge(typed)
    if count(session, line_id) >= MOST:
        judged.faults["first_name"] = FULL
    if judged.faults:
        raise Wrong(judged.faults)
    contact = Contact(line_id=line_id)
    write(session, contact, judged.card)
    return contact.id or 0


def change(
    session: Session, line_id: int, contact_id: int, typed: Card, *, opened: Card | None
) -> None:
    """A contact as typed; opened: as the form was opened with, None to write whatever is there.

    Raises Wrong, LookupError when it is gone, and Clash when it was changed in the meantime.
    """
    contact = owned(session, line_id, contact_id)
    if contact is None:
        raise LookupError(contact_id)
    judged = judge(typed)
    if judged.faults:
        raise Wrong(judged.faults)
    now = _card(session, contact)
    if opened is not None and now != opened:
        raise Clash(now, differ(opened, now), "", None)
    write(session, contact, judged.card)


def remove(session: Session, line_id: int, ids: Collection[int]) -> int:
    """Delete contacts; how many there were."""
    wanted = set(ids)
    own = [
        known
        for known in session.exec(select(Contact.id).where(Contact.line_id == line_id))
        if known in wanted
    ]
    for start in range(0, len(own), SOME):
        some = own[start : start + SOME]
        session.execute(delete(Contact).where(col(Contact.id).in_(some)))
    return len(own)


# --- rows --------------------------------------------------------------------------------------


def _wanted(line_id: int, text: str, group: int) -> list[ColumnElement[bool]]:
    chosen = [col(Contact.line_id) == line_id]
    if group:
        members = select(ContactGroupMember.contact_id).where(ContactGroupMember.group_id == group)
        chosen.append(col(Contact.id).in_(members))
    for token in tokens(text):
        chosen.append(col(Contact.search).contains(f" {token}", autoescape=True))
    return chosen


def tokens(text: str) -> list[str]:
    """Words that a search looks for; a number typed with spaces is one."""
    plain = text[:200]
    if not any(sign.isalpha() for sign in plain) and len(digits(plain)) > 2:
        return [digits(plain)]
    return words_of(plain)[:MOST_TOKENS]


def owned(session: Session, line_id: int, contact_id: int) -> Contact | None:
    """The row of one of this line's contacts; None for any other id."""
    contact = session.get(Contact, contact_id)
    return contact if contact is not None and contact.line_id == line_id else None


def _numbers_of(session: Session, ids: Sequence[int]) -> dict[int, tuple[Number, ...]]:
    rows = session.exec(
        select(ContactNumber.contact_id, ContactNumber.kind, ContactNumber.number)
        .where(col(ContactNumber.contact_id).in_(ids))
        .order_by(col(ContactNumber.position), col(ContactNumber.id))
    ).all()
    found: dict[int, list[Number]] = {}
    for contact_id, kind, number in rows:
        found.setdefault(contact_id, []).append(Number(kind, number))
    return {contact_id: tuple(numbers) for contact_id, numbers in found.items()}


def _card(session: Session, contact: Contact) -> Card:
    known = contact.id or 0
    return _card_of(contact, _numbers_of(session, [known]).get(known, ()))


def _card_of(contact: Any, numbers: tuple[Number, ...]) -> Card:
    return Card(
        first_name=contact.first_name,
        last_name=contact.last_name,
        company=contact.company,
        role=contact.role,
        nickname=contact.nickname,
        numbers=numbers,
        emails=tuple(contact.emails),
        addresses=tuple(Address(**each) for each in contact.addresses),
        birthday=contact.birthday,
        notes=contact.notes,
    )


def write(session: Session, contact: Contact, card: Card) -> None:
    """Put a judged card into its row, with its numbers."""
    for name in ("first_name", "last_name", "company", "role", "nickname", "birthday", "notes"):
        setattr(contact, name, getattr(card, name))
    contact.emails = list(card.emails)
    contact.addresses = [
        {name: getattr(each, name) for name in Address.__dataclass_fields__}
        for each in card.addresses
    ]
    contact.search = search_text(card)
    session.add(contact)
    session.flush()
    known = contact.id or 0
    now = _numbers_of(session, [known]).get(known, ())
    if now == card.numbers:
        return
    session.execute(delete(ContactNumber).where(col(ContactNumber.contact_id) == known))
    session.add_all(
        ContactNumber(
            contact_id=known,
            line_id=contact.line_id,
            kind=each.kind,
            number=each.number,
            tail=tail(each.number),
            position=place,
        )
        for place, each in enumerate(card.numbers)
    )
    session.flush()
