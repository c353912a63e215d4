"""The part of the snapshot that says who is special to a line: its caller lists, with contacts and
groups resolved to their numbers; its speed dials; its pickup groups.

Core statements over one connection, like snapshot.py, which calls it. Ten thousand entries are read
in some 30 ms.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select

from pbx.routing.callers import KINDS, LISTS, Caller
from pbx.routing.office import DirectNumber, SpeedDial
from pbx.tables import (
    CallerEntry,
    ContactGroupMember,
    ContactNumber,
    Line,
    PickupMember,
)
from pbx.tables import SpeedDial as SpeedDialRow

Lists = dict[str, tuple[Caller, ...]]
NONE: frozenset[str] = frozenset()


def lists(rows: Connection, direct: Mapping[str, DirectNumber]) -> dict[int, Lists]:
    """The caller lists by line id and service, entries in the order in which they were added.

    direct: the office's own numbers: a colleague is met by extension and by number.
    """
    entries = _entries(rows)
    if not entries:
        return {}
    resolved = [each for each in entries if each[3] in ("contact", "group")]
    numbers_of = _contact_numbers(rows) if resolved else {}
    members_of = _members(rows) if resolved else {}
    forms = _both_forms(rows, direct)
    found: dict[int, dict[str, list[Caller]]] = {}
    for entry, line_id, service, kind, value, name, contact, group in entries:
        if service not in LISTS or kind not in KINDS:
            continue
        numbers = NONE
        if kind == "contact":
            numbers = frozenset(numbers_of.get(contact, ()))
        elif kind == "group":
            members = members_of.get(group, ())
            numbers = frozenset(n for each in members for n in numbers_of.get(each, ()))
        elif value and kind != "prefix":
            numbers = forms.get(value) or frozenset((value,))
        of_line = found.setdefault(line_id, {})
        of_line.setdefault(service, []).append(Caller(kind, value, name, entry, numbers))
    return {
        line_id: {service: tuple(callers) for service, callers in of_line.items()}
        for line_id, of_line in found.items()
    }


def speed_dials(rows: Connection) -> dict[int, dict[str, SpeedDial]]:
    """The speed dials by line id and code."""
    found: defaultdict[int, dict[str, SpeedDial]] = defaultdict(dict)
    for line_id, code, number, name in _rows(
        rows, SpeedDialRow, "line_id", "code", "number", "name"
    ):
        found[line_id][code] = SpeedDial(number, name)
    return dict(found)


def pickup_groups(rows: Connection) -> dict[int, frozenset[int]]:
    """The pickup groups by line id."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for line_id, group in _rows(rows, PickupMember, "line_id", "group_id"):
        found[line_id].add(group)
    return {line_id: frozenset(groups) for line_id, groups in found.items()}


def _entries(rows: Connection) -> list[tuple[Any, ...]]:
    """The entries as plain rows, oldest first."""
    table = _columns(CallerEntry)
    names = ("id", "line_id", "service", "kind", "value", "name", "contact_id", "group_id")
    asked = select(*(table[name] for name in names)).order_by(table.id)
    return [tuple(row) for row in rows.execute(asked)]


def _contact_numbers(rows: Connection) -> dict[int, list[str]]:
    """Numbers of the contacts that lists name, themselves or by a group: an office has hundreds of
    thousands of others. SIP addresses call nobody's telephone."""
    entry, member = _columns(CallerEntry), _columns(ContactGroupMember)
    numbers = _columns(ContactNumber)
    named = select(entry.contact_id).where(entry.contact_id.is_not(None))
    grouped = select(member.contact_id).where(member.group_id.in_(_groups_named()))
    asked = select(numbers.contact_id, numbers.number).where(
        numbers.contact_id.in_(named.union(grouped))
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for contact, number in rows.execute(asked):
        if number.removeprefix("+").isdecimal():
            found[contact].append(number)
    return found


def _members(rows: Connection) -> dict[int, list[int]]:
    """Contacts of the groups that lists name."""
    member = _columns(ContactGroupMember)
    asked = select(member.group_id, member.contact_id).where(member.group_id.in_(_groups_named()))
    found: defaultdict[int, list[int]] = defaultdict(list)
    for group, contact in rows.execute(asked):
        found[group].append(contact)
    return found


def _groups_named() -> Any:
    entry = _columns(CallerEntry)
    return select(entry.group_id).where(entry.group_id.is_not(None))


def _columns(table: type) -> Any:
    return table.__table__.c  # type: ignore[attr-defined]


def _both_forms(rows: Connection, direct: Mapping[str, DirectNumber]) -> dict[str, frozenset[str]]:
    """Extension, or a number of it, to all of these."""
    forms: defaultdict[str, set[str]] = defaultdict(set)
    for extension, number in _rows(rows, Line, "extension", "number"):
        forms[extension].update(each for each in (extension, number) if each)
    for number, each in direct.items():
        if each.kind == "line" and each.target in forms:
            forms[each.target].add(number)
    return {form: frozenset(all_) for all_ in forms.values() for form in all_}


def _rows(rows: Connection, table: type, *names: str) -> Iterable[Any]:
    columns = _columns(table)
    return rows.execute(select(*(columns[name] for name in names)))
