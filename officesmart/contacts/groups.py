"""Groups of contacts (guide 6.1.6): a name, an icon, members."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, func, insert
from sqlmodel import Session, col, select

from officesmart.administration.rules import Fault
from officesmart.administration.typed import Typed
from officesmart.contacts import book
from officesmart.contacts.book import Wrong
from pbx.printable import printable
from pbx.tables import Contact, ContactGroup, ContactGroupMember

ICONS: Mapping[str, tuple[str, str]] = {
    "users": ("Persone", "People"),
    "briefcase": ("Lavoro", "Work"),
    "house": ("Casa", "Home"),
    "heart": ("Personali", "Personal"),
    "truck": ("Fornitori", "Suppliers"),
    "star": ("Importanti", "Important"),
    "building-2": ("Enti e uffici", "Offices"),
    "handshake": ("Clienti", "Customers"),
    "wrench": ("Assistenza", "Maintenance"),
    "package": ("Corrieri", "Couriers"),
    "stethoscope": ("Salute", "Health"),
    "landmark": ("Banche", "Banks"),
}
"Glyphs of a group, with their words."
MOST, LONGEST = 200, 80
MOST_MEMBERS = book.MOST


@dataclass(frozen=True, slots=True)
class Group:
    """A group as shown."""

    id: int
    name: str
    icon: str
    members: tuple[int, ...]


def groups(session: Session, line_id: int) -> tuple[Group, ...]:
    """The groups of a line, by name."""
    rows = session.exec(
        select(ContactGroup).where(ContactGroup.line_id == line_id).order_by(ContactGroup.name)
    ).all()
    members: dict[int, list[int]] = {}
    for group_id, contact_id in session.exec(
        select(ContactGroupMember.group_id, ContactGroupMember.contact_id)
        .where(col(ContactGroupMember.group_id).in_([row.id for row in rows]))
        .order_by(col(ContactGroupMember.contact_id))
    ).all():
        members.setdefault(group_id, []).append(contact_id)
    return tuple(
        Group(row.id or 0, row.name, row.icon, tuple(members.get(row.id or 0, ()))) for row in rows
    )


def keep(
    session: Session,
    line_id: int,
    name: str,
    icon: str,
    members: Collection[int],
    *,
    group_id: int = 0,
) -> int:
    """A group, new (group_id 0) or changed; its id. Raises Wrong, or LookupError when it is gone.

    Members that are no contacts of this line are left out.
    """
    typed = Typed({"name": name})
    plain = typed.text(
        "name", most=LONGEST, needed=Fault("Scrivi un nome per il gruppo", "Name the group")
    )
    group = (
        session.get(ContactGroup, group_id) if group_id else ContactGroup(line_id=line_id, name="")
    )
    if group is None or group.line_id != line_id:
        raise LookupError(group_id)
    same = session.exec(
        select(ContactGroup).where(
            ContactGroup.line_id == line_id,
            func.lower(ContactGroup.name) == plain.lower(),
            ContactGroup.id != (group_id or None) if group_id else True,
        )
    ).first()
    if plain and same is not None:
        typed.wrong(
            "name",
            Fault(
                f"Hai già un gruppo «{same.name}»: scegli un altro nome",
                f"You have a group “{same.name}” already: choose another name",
            ),
        )
    if not group_id and _count(session, line_id) >= MOST:
        typed.wrong("name", Fault(f"Al massimo {MOST} gruppi", f"At most {MOST} groups"))
    if len(members) > MOST_MEMBERS:
        typed.wrong(
            "members",
            Fault(
                f"Un gruppo ha al massimo {MOST_MEMBERS} contatti",
                f"A group has at most {MOST_MEMBERS} contacts",
            ),
        )
    if typed.faults:
        raise Wrong(typed.faults)
    group.name, group.icon = plain, icon if icon in ICONS else "users"
    session.add(group)
    session.flush()
    session.execute(delete(ContactGroupMember).where(col(ContactGroupMember.group_id) == group.id))
    join(session, line_id, group.id or 0, members)
    return group.id or 0


def join(session: Session, line_id: int, group_id: int, members: Collection[int]) -> int:
    """Put contacts of this line into one of its groups; how many were not in it yet.

    Raises LookupError when the group is gone.
    """
    group = session.get(ContactGroup, group_id)
    if group is None or group.line_id != line_id:
        raise LookupError(group_id)
    own = set(session.exec(select(Contact.id).where(Contact.line_id == line_id)).all())
    there = set(
        session.exec(
            select(ContactGroupMember.contact_id).where(ContactGroupMember.group_id == group_id)
        ).all()
    )
    fresh = [each for each in dict.fromkeys(members) if each in own and each not in there]
    if fresh:
        session.execute(
            insert(ContactGroupMember),
            [{"group_id": group_id, "contact_id": each} for each in fresh],
        )
    session.flush()
    return len(fresh)


def named(session: Session, line_id: int, name: str) -> int:
    """The group of this name, made when there is none; 0 when it cannot be made."""
    plain = " ".join(name.split())[:LONGEST].strip()
    known = session.exec(select(ContactGroup).where(ContactGroup.line_id == line_id)).all()
    for each in known:
        if each.name.casefold() == plain.casefold():
            return each.id or 0
    if not plain or not printable(plain) or len(known) >= MOST:
        return 0
    group = ContactGroup(line_id=line_id, name=plain)
    session.add(group)
    session.flush()
    return group.id or 0


def of_contacts(session: Session, line_id: int) -> dict[int, tuple[str, ...]]:
    """The names of each contact's groups; contacts without any are left out."""
    found: dict[int, list[str]] = {}
    for known, name in session.execute(
        select(ContactGroupMember.contact_id, ContactGroup.name)
        .join(ContactGroup, col(ContactGroup.id) == col(ContactGroupMember.group_id))
        .where(ContactGroup.line_id == line_id)
        .order_by(ContactGroup.name)
    ):
        found.setdefault(known, []).append(name)
    return {known: tuple(names) for known, names in found.items()}


def remove(session: Session, line_id: int, group_id: int) -> bool:
    """Delete a group; its contacts stay. False: there was none."""
    group = session.get(ContactGroup, group_id)
    if group is None or group.line_id != line_id:
        return False
    session.delete(group)
    return True


def _count(session: Session, line_id: int) -> int:
    return (
        session.scalar(
            select(func.count()).select_from(ContactGroup).where(ContactGroup.line_id == line_id)
        )
        or 0
    )
