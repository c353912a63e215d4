"""Who a number belongs to in a person's address book (behaviour.md s.10).

E.164 decides; where one side lacks its country, the last nine digits do.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from pbx.numbers import LAST_DIGITS, digits, same_number, to_e164
from pbx.store.session import Database
from pbx.tables import Contact, ContactNumber

# Put together once: that alone is half of what asking costs.
ASK = (
    columns(
        *(col(each) for each in (ContactNumber.line_id, ContactNumber.tail)),
        col(ContactNumber.number),
        *(col(each) for each in (Contact.first_name, Contact.last_name)),
        *(col(each) for each in (Contact.company, Contact.nickname)),
    )
    .join(Contact, col(Contact.id) == col(ContactNumber.contact_id))
    .where(
        col(ContactNumber.line_id).in_(bindparam("lines", expanding=True)),
        col(ContactNumber.tail).in_(bindparam("tails", expanding=True)),
    )
    .order_by(col(ContactNumber.id))
)
"Contacts of some lines whose numbers end so."


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
    tails = {number: _tail(number) for number in numbers}
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


def names(session: Session, wanted: Collection[tuple[int, str]]) -> dict[tuple[int, str], str]:
    """What several lines (by id) call several numbers, each by its own contacts only.

    For calls as they begin: one indexed question about columns, no objects.
    """
    tails = {each: tail for each in wanted if (tail := _tail(each[1]))}
    lines = [line_id for line_id, _ in wanted]
    rows: Sequence[Any] = (
        session.connection().execute(ASK, {"lines": lines, "tails": list(tails.values())}).all()
    )
    found: dict[tuple[int, str], str] = {}
    for each, tail in tails.items():
        for row in rows:
            if (row.line_id, row.tail) == (each[0], tail) and same_number(row.number, each[1]):
                found[each] = title(row.first_name, row.last_name, row.company, row.nickname)
                break
    return found


def address_books(
    database: Database,
) -> Callable[[Collection[tuple[int, str]]], Awaitable[dict[tuple[int, str], str]]]:
    """`names`, asked on the reader's thread."""
    return lambda wanted: database.read(lambda session: names(session, wanted))


def _tail(number: str) -> str:
    return digits(to_e164(number) or number)[-LAST_DIGITS:]


def title(first: str, last: str, company: str = "", nickname: str = "") -> str:
    """What somebody of these names is called."""
    if first and last:
        return f"{first} {last}"
    return first or last or company or nickname


def called(contact: Contact) -> str:
    """What a contact is called."""
    return title(contact.first_name, contact.last_name, contact.company, contact.nickname)
