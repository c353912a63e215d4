"""Contacts that were deleted or merged by mistake, put back as they were.

What `remember` answers is kept by the page that asked, for as long as its tab is open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete
from sqlmodel import Session, col, select

from officesmart.contacts.book import FULL, MOST, SOME, Wrong, count, owned, read, write
from officesmart.contacts.card import Card
from pbx.tables import CallerEntry, Contact, ContactGroup, ContactGroupMember


@dataclass(frozen=True, slots=True)
class Remembered:
    """A contact as it was, with what named it."""

    id: int
    card: Card
    groups: tuple[int, ...]
    lists: tuple[tuple[str, str], ...]
    "Of each list of callers that named it, the service and the name shown there."


def remember(session: Session, line_id: int, ids: Collection[int]) -> tuple[Remembered, ...]:
    """These contacts of the line as they are now."""
    wanted = [known for known in dict.fromkeys(ids) if owned(session, line_id, known)]
    groups: dict[int, list[int]] = defaultdict(list)
    lists: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for start in range(0, len(wanted), SOME):
        some = wanted[start : start + SOME]
        for group, known in session.execute(
            select(ContactGroupMember.group_id, ContactGroupMember.contact_id).where(
                col(ContactGroupMember.contact_id).in_(some)
            )
        ):
            groups[known].append(group)
        for entry in session.exec(select(CallerEntry).where(col(CallerEntry.contact_id).in_(some))):
            lists[entry.contact_id or 0].append((entry.service, entry.name))
    found = ((known, read(session, line_id, known)) for known in wanted)
    return tuple(
        Remembered(known, card, tuple(groups[known]), tuple(lists[known]))
        for known, card in found
        if card is not None
    )


def put_back(session: Session, line_id: int, remembered: Collection[Remembered]) -> int:
    """The contacts as they were; how many. One that is still there (the first of a merge) is
    written as it was; the others come back with their groups and lists. Raises Wrong when the
    address book is full."""
    gone = [each for each in remembered if owned(session, line_id, each.id) is None]
    if count(session, line_id) + len(gone) > MOST:
        raise Wrong({"first_name": FULL})
    own = select(ContactGroup.id).where(ContactGroup.line_id == line_id)
    groups = set(session.exec(own).all())
    for each in remembered:
        contact = owned(session, line_id, each.id)
        if contact is None:
            taken = session.get(Contact, each.id) is not None
            contact = Contact(id=None if taken else each.id, line_id=line_id)
        write(session, contact, each.card)
        known = contact.id or 0
        member = col(ContactGroupMember.contact_id) == known
        session.execute(delete(ContactGroupMember).where(member))
        session.add_all(
            ContactGroupMember(group_id=group, contact_id=known)
            for group in each.groups
            if group in groups
        )
        # What a merge had handed over to this one goes back to where it came from.
        session.execute(delete(CallerEntry).where(col(CallerEntry.contact_id) == known))
        session.add_all(
            CallerEntry(
                line_id=line_id, service=service, kind="contact", name=name, contact_id=known
            )
            for service, name in each.lists
        )
    session.flush()
    return len(remembered)
