"""Who a number belongs to in a person's address book (behaviour.md s.10).

E.164 decides; where one side lacks its country, the last nine digits do.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session, col, select

from pbx.numbers import LAST_DIGITS, digits, same_number, to_e164
from pbx.tables import Contact, ContactNumber


@dataclass(frozen=True, slots=True)
class Known:
    """A contact, as somebody who calls is shown."""

    contact_id: int
    name: str
    company: str = ""
    kind: str = ""
    "Of the number that was recognised: 'work', 'mobile', ..."


def known(session: Session, line_id: int, number: str) -> Known | None:
    """The contact of this line that has this number; None when there is none."""
    return known_all(session, line_id, (number,)).get(number)


def known_all(session: Session, line_id: int, numbers: Collection[str]) -> dict[str, Known]:
    """The contacts behind several numbers at once, by number; the first entered wins."""
    tails = {number: digits(to_e164(number) or number)[-LAST_DIGITS:] for number in numbers}
    wanted = {tail for tail in tails.values() if tail}
    if not wanted:
        return {}
    rows = session.exec(
        select(ContactNumber, Contact)
        .join(Contact, col(Contact.id) == col(ContactNumber.contact_id))
        .where(ContactNumber.line_id == line_id, col(ContactNumber.tail).in_(wanted))
        .order_by(col(ContactNumber.id))
    ).all()
    found: dict[str, Known] = {}
    for number in numbers:
        for row, contact in rows:
            if row.tail == tails[number] and same_number(row.number, number):
                found[number] = Known(contact.id or 0, called(contact), contact.company, row.kind)
                break
    return found


def called(contact: Contact) -> str:
    """What a contact is called."""
    names = " ".join(part for part in (contact.first_name, contact.last_name) if part)
    return names or contact.company or contact.nickname
