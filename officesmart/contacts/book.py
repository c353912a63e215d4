"""The address book of one line: found, read, kept, merged, deleted.

Every function takes the line's id and touches no other line's rows: an id that a browser sends
proves nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from officesmart.administration.clash import Clash, differ
from officesmart.administration.rules import Fault
from officesmart.contacts.card import (
    MOST_ADDRESSES,
    MOST_EMAILS,
    MOST_NUMBERS,
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
    within: Collection[int] | None = None,
) -> Found:
    """Contacts whose name, company or numbers begin with every word of the text, by name.

    An empty text finds all. within: only among these contacts. 5,000 contacts: some milliseconds
    (bench/README.md).
    """
    chosen = [col(Contact.line_id) == line_id]
    if within is not None:
        chosen.append(col(Contact.id).in_(within))
    for token in _tokens(text):
        chosen.append(col(Contact.search).contains(f" {token}", autoescape=True))
    total = session.scalar(select(func.count()).select_from(Contact).where(*chosen)) or 0
    rows = session.exec(
        select(Contact)
        .where(*chosen)
        .order_by(col(Contact.search), col(Contact.id))
        .offset(start)
        .limit(limit)
    ).all()
    numbers = _numbers_of(session, [row.id or 0 for row in rows])
    return Found(
        tuple(
            Row(row.id or 0, called(row), row.company, numbers.get(row.id or 0, ())) for row in rows
        ),
        total,
    )


def count(session: Session, line_id: int) -> int:
    """How many contacts the line has."""
    own = select(func.count()).select_from(Contact).where(Contact.line_id == line_id)
    return session.scalar(own) or 0


def read(session: Session, line_id: int, contact_id: int) -> Card | None:
    """One contact; None when this line has none of this id."""
    contact = _own(session, line_id, contact_id)
    return None if contact is None else _card(session, contact)


def cards(session: Session, line_id: int) -> Iterator[Card]:
    """Every contact of a line, by name."""
    numbers: dict[int, list[Number]] = {}
    for contact_id, kind, number in session.exec(
        select(ContactNumber.contact_id, ContactNumber.kind, ContactNumber.number)
        .where(ContactNumber.line_id == line_id)
        .order_by(col(ContactNumber.position), col(ContactNumber.id))
    ):
        numbers.setdefault(contact_id, []).append(Number(kind, number))
    own = select(Contact).where(Contact.line_id == line_id)
    for contact in session.exec(own.order_by(col(Contact.search), col(Contact.id))):
        yield _card_of(contact, tuple(numbers.get(contact.id or 0, ())))


def add(session: Session, line_id: int, typed: Card) -> int:
    """A new contact; its id. Raises Wrong."""
    judged = judge(typed)
    if count(session, line_id) >= MOST:
        judged.faults["first_name"] = FULL
    if judged.faults:
        raise Wrong(judged.faults)
    contact = Contact(line_id=line_id)
    _write(session, contact, judged.card)
    return contact.id or 0


def change(
    session: Session, line_id: int, contact_id: int, typed: Card, *, opened: Card | None
) -> None:
    """A contact as typed; opened: as the form was opened with, None to write whatever is there.

    Raises Wrong, LookupError when it is gone, and Clash when it was changed in the meantime.
    """
    contact = _own(session, line_id, contact_id)
    if contact is None:
        raise LookupError(contact_id)
    judged = judge(typed)
    if judged.faults:
        raise Wrong(judged.faults)
    now = _card(session, contact)
    if opened is not None and now != opened:
        raise Clash(now, differ(opened, now), "", None)
    _write(session, contact, judged.card)


def remove(session: Session, line_id: int, ids: Collection[int]) -> int:
    """Delete contacts; how many there were."""
    own = session.exec(
        select(Contact.id).where(Contact.line_id == line_id, col(Contact.id).in_(ids))
    ).all()
    session.execute(delete(Contact).where(col(Contact.id).in_(own)))
    return len(own)


# --- doubles -----------------------------------------------------------------------------------


def doubles(session: Session, line_id: int, *, limit: int = 50) -> tuple[tuple[Row, ...], ...]:
    """Contacts that look like the same one: the same name, or the same number."""
    found = find(session, line_id, limit=MOST).rows
    leader = {row.id: row.id for row in found}

    def root(one: int) -> int:
        while leader[one] != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    first: dict[str, int] = {}
    for row in found:
        keys = [" ".join(sorted(words_of(row.title))), *(n.number for n in row.numbers)]
        for key in keys:
            if key:
                leader[root(row.id)] = root(first.setdefault(key, row.id))
    together: dict[int, list[Row]] = {}
    for row in found:
        together.setdefault(root(row.id), []).append(row)
    several = [tuple(rows) for rows in together.values() if len(rows) > 1]
    return tuple(several[:limit])


def merge(session: Session, line_id: int, ids: Sequence[int]) -> int:
    """Several contacts become the first of them, which gains what it lacks; its id.

    Groups, and lists of callers that name one of the others, follow. Raises LookupError when one
    is gone, and Wrong when together they have more numbers than a contact may.
    """
    own = [_own(session, line_id, each) for each in dict.fromkeys(ids)]
    contacts = [each for each in own if each is not None]
    if len(contacts) != len(own) or len(contacts) < 2:
        raise LookupError(ids)
    whole = _together([_card(session, each) for each in contacts])
    if len(whole.numbers) > MOST_NUMBERS:
        raise Wrong(
            {
                "numbers": Fault(
                    f"Insieme hanno {len(whole.numbers)} numeri, un contatto ne ha al massimo "
                    f"{MOST_NUMBERS}: toglili prima",
                    f"Together they have {len(whole.numbers)} numbers, a contact has at most "
                    f"{MOST_NUMBERS}: remove some first",
                )
            }
        )
    kept, others = contacts[0], [each.id or 0 for each in contacts[1:]]
    _hand_over(session, kept.id or 0, others)
    _write(session, kept, whole)
    remove(session, line_id, others)
    return kept.id or 0


def _together(cards: Sequence[Card]) -> Card:
    whole = cards[0]
    for other in cards[1:]:
        said = {
            name: getattr(whole, name) or getattr(other, name)
            for name in ("first_name", "last_name", "company", "role", "nickname", "birthday")
        }
        known = {each.number for each in whole.numbers}
        more = tuple(each for each in other.numbers if each.number not in known)
        notes = "\n".join(dict.fromkeys(text for text in (whole.notes, other.notes) if text))
        whole = replace(
            whole,
            **said,
            numbers=(*whole.numbers, *more),
            emails=tuple(dict.fromkeys((*whole.emails, *other.emails)))[:MOST_EMAILS],
            addresses=tuple(dict.fromkeys((*whole.addresses, *other.addresses)))[:MOST_ADDRESSES],
            notes=notes,
        )
    return whole


def _hand_over(session: Session, kept: int, others: Sequence[int]) -> None:
    """Groups and caller lists that name the others name the one that is kept."""
    from pbx.tables import CallerEntry  # a list of callers is no part of the book itself

    groups = session.exec(
        select(ContactGroupMember.group_id).where(
            col(ContactGroupMember.contact_id).in_((kept, *others))
        )
    ).all()
    session.execute(
        delete(ContactGroupMember).where(col(ContactGroupMember.contact_id).in_((kept, *others)))
    )
    session.add_all(
        ContactGroupMember(group_id=group, contact_id=kept) for group in dict.fromkeys(groups)
    )
    for entry in session.exec(
        select(CallerEntry).where(col(CallerEntry.contact_id).in_(others))
    ).all():
        entry.contact_id = kept
        session.add(entry)
    session.flush()


# --- rows --------------------------------------------------------------------------------------


def _tokens(text: str) -> list[str]:
    """Words to look for; a number typed with spaces is one."""
    plain = text[:200]
    if not any(sign.isalpha() for sign in plain) and len(digits(plain)) > 2:
        return [digits(plain)]
    return words_of(plain)[:MOST_TOKENS]


def _own(session: Session, line_id: int, contact_id: int) -> Contact | None:
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


def _card_of(contact: Contact, numbers: tuple[Number, ...]) -> Card:
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


def _write(session: Session, contact: Contact, card: Card) -> None:
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
