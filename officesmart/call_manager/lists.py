"""Caller lists (guide 3.4.2): whose calls a service is for, one list per service.

A list is edited as a draft and counts when it is saved: whole, or not at all. What is typed is read
by `typed_callers`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlmodel import Session, col, select

from officesmart.administration.rules import Fault
from officesmart.contacts import groups as contact_groups
from pbx.routing.callers import LISTS, Caller
from pbx.routing.office import Office
from pbx.store.contacts import called
from pbx.tables import CallerEntry, Contact, ContactGroup, ContactNumber

MOST = 100
"Entries of a list (behaviour.md s.1.6)."

TWICE = Fault("È già in questo elenco", "It is in this list already")
FULL = Fault(
    f"L'elenco è pieno: tiene {MOST} voci. Eliminane qualcuna prima di aggiungerne",
    f"The list is full: it holds {MOST} entries. Delete some before adding more",
)
GONE = Fault("Non c'è più in rubrica", "It is no longer in the address book")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a list."""

    id: int
    "Of the row; negative in a draft, for one that is not saved yet."
    kind: str
    "Of `routing.callers.KINDS`."
    value: str = ""
    name: str = ""
    contact_id: int = 0
    group_id: int = 0

    @property
    def meant(self) -> tuple[str, str, int, int]:
        """What makes two entries the same."""
        of_the_book = self.kind in ("contact", "group")
        return self.kind, "" if of_the_book else self.value, self.contact_id, self.group_id


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A piece of a pasted text that is not in the list, and why."""

    text: str
    fault: Fault


@dataclass
class Moved(Exception):
    """The list was changed since it was opened; nothing was saved."""

    theirs: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Detail:
    """What an entry of the address book means now."""

    name: str
    numbers: frozenset[str] = field(default_factory=frozenset)
    members: int = 0
    "Contacts of a group."


# -- what there is ------------------------------------------------------------------------------


def entries(session: Session, line_id: int, service: str) -> tuple[Entry, ...]:
    """A list, in the order in which it grew."""
    rows = session.exec(
        select(CallerEntry)
        .where(CallerEntry.line_id == line_id, CallerEntry.service == service)
        .order_by(col(CallerEntry.id))
    )
    return tuple(
        Entry(
            row.id or 0, row.kind, row.value, row.name, row.contact_id or 0, row.group_id or 0
        )
        for row in rows
    )  # fmt: skip


def version(found: Sequence[Entry]) -> str:
    """The same as long as the list is the same: what it was opened with (an ETag)."""
    told = "\n".join(f"{each.id} {each.meant}" for each in found)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def details(session: Session, line_id: int, found: Sequence[Entry]) -> dict[int, Detail]:
    """What the entries from the address book mean now, by the entry's id."""
    wanted = {each.contact_id for each in found if each.kind == "contact"}
    groups = {}
    if any(each.kind == "group" for each in found):
        groups = {each.id: each for each in contact_groups.groups(session, line_id)}
    members = {each.group_id: groups[each.group_id].members for each in found
               if each.kind == "group" and each.group_id in groups}  # fmt: skip
    wanted.update(contact for of_group in members.values() for contact in of_group)
    names, numbers = _contacts(session, line_id, wanted)
    told = {}
    for each in found:
        if each.kind == "contact" and each.contact_id in names:
            told[each.id] = Detail(names[each.contact_id], numbers.get(each.contact_id, _NONE))
        elif each.kind == "group" and each.group_id in groups:
            of_group = members[each.group_id]
            all_ = frozenset(n for contact in of_group for n in numbers.get(contact, _NONE))
            told[each.id] = Detail(groups[each.group_id].name, all_, len(of_group))
    return told


_NONE: frozenset[str] = frozenset()


def _contacts(
    session: Session, line_id: int, ids: set[int]
) -> tuple[dict[int, str], dict[int, frozenset[str]]]:
    """Names and numbers of this line's contacts of these ids."""
    if not ids:
        return {}, {}
    rows = session.exec(
        select(Contact).where(Contact.line_id == line_id, col(Contact.id).in_(ids))
    ).all()
    names = {row.id or 0: called(row) for row in rows}
    numbers: dict[int, set[str]] = {}
    for row in session.exec(
        select(ContactNumber).where(
            ContactNumber.line_id == line_id, col(ContactNumber.contact_id).in_(ids)
        )
    ):
        if row.number.removeprefix("+").isdecimal():
            numbers.setdefault(row.contact_id, set()).add(row.number)
    return names, {contact: frozenset(all_) for contact, all_ in numbers.items()}


# -- saving -------------------------------------------------------------------------------------


def save(
    session: Session,
    line_id: int,
    service: str,
    wanted: Sequence[Entry],
    *,
    opened: str,
    elsewhere: Sequence[int] = (),
) -> tuple[LeftOut, ...]:
    """Make the list what the draft says; answers what could not be kept any more.

    opened: the version that the draft began with. elsewhere: ids of entries of the line's other
    lists that go, because one of this list has their place. Raises Moved, and KeyError for no
    service.
    """
    if service not in LISTS:
        raise KeyError(service)
    now = entries(session, line_id, service)
    if version(now) != opened:
        raise Moved(now)
    kept = {each.id for each in wanted}
    _delete(session, line_id, [each.id for each in now if each.id not in kept])
    _delete(session, line_id, elsewhere)
    present = [each for each in now if each.id in kept]
    known = {each.meant for each in present}
    left_out = []
    for each in wanted:
        if each.id > 0 or each.meant in known:
            continue
        fault = FULL if len(present) >= MOST else _gone(session, line_id, each)
        if fault is not None:
            left_out.append(LeftOut(each.name or each.value, fault))
            continue
        known.add(each.meant)
        present.append(each)
        session.add(
            CallerEntry(
                line_id=line_id,
                service=service,
                kind=each.kind,
                value=each.value,
                name=each.name,
                contact_id=each.contact_id or None,
                group_id=each.group_id or None,
            )
        )
        session.flush()  # one after the other: a list keeps the order in which it grew
    return tuple(left_out)


def merged(
    opened: Sequence[Entry], mine: Sequence[Entry], theirs: Sequence[Entry]
) -> tuple[Entry, ...]:
    """Theirs, with what I added and took away over it."""
    had, have = {each.meant for each in opened}, {each.meant for each in mine}
    stay = [each for each in theirs if each.meant in have or each.meant not in had]
    known = {each.meant for each in theirs}
    # One of mine that they have taken away is added anew: its row is gone.
    fresh = [each for each in mine if each.meant not in known and each.meant not in had]
    return (*stay, *fresh)


def as_caller(entry: Entry, detail: Detail | None, office: Office) -> Caller:
    """An entry as routing sees it, also one that is not saved."""
    numbers: frozenset[str] = _NONE
    if detail is not None:
        numbers = detail.numbers
    elif entry.kind in ("number", "extension"):
        numbers = frozenset((entry.value, *_other_forms(entry.value, office)))
    return Caller(entry.kind, entry.value, entry.name, entry.id, numbers)


def drafted(
    office: Office,
    extension: str,
    service: str,
    draft: Sequence[Caller],
    elsewhere: Sequence[int] = (),
) -> Office:
    """The office as if a draft were saved: what conflicts does it make?"""
    person = office.lines[extension]
    gone = set(elsewhere)
    lists = {
        name: tuple(each for each in callers if each.entry_id not in gone)
        for name, callers in person.callers.items()
    }
    changed = replace(person, callers={**lists, service: tuple(draft)})
    return replace(office, lines={**office.lines, extension: changed})


def _other_forms(value: str, office: Office) -> tuple[str, ...]:
    """A colleague's other forms: his number for the extension, the extension for a number."""
    line = value if value in office.lines else office.numbers.get(value, "")
    direct = office.direct_numbers.get(value)
    if not line and direct is not None and direct.kind == "line":
        line = direct.target
    person = office.lines.get(line)
    if person is None:
        return ()
    others = (number for number, each in office.direct_numbers.items() if each.target == line)
    return tuple(form for form in (line, person.number, *others) if form)


def _gone(session: Session, line_id: int, entry: Entry) -> Fault | None:
    """Whether what an entry points at is there and this line's."""
    if entry.kind == "contact":
        contact = session.get(Contact, entry.contact_id)
        return None if contact is not None and contact.line_id == line_id else GONE
    if entry.kind == "group":
        group = session.get(ContactGroup, entry.group_id)
        return None if group is not None and group.line_id == line_id else GONE
    return None


def _delete(session: Session, line_id: int, ids: Sequence[int]) -> None:
    for entry_id in ids:
        row = session.get(CallerEntry, entry_id)
        if row is not None and row.line_id == line_id:
            session.delete(row)
    session.flush()
