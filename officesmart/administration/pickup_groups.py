"""Pickup groups (Gruppi di Pick-Up, guide 8): lines whose people answer each other's calls."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import object_session
from sqlmodel import Session, col, select

from officesmart.administration.keeping import Book, Noun
from officesmart.administration.option import Option
from officesmart.administration.rules import Fault
from officesmart.administration.typed import Typed
from pbx.tables import Line, PickupGroup, PickupMember, Site

NAME, MOST = 80, 500  # characters; lines of one group
MEMBER = "m-"
"How the field of a line begins: m-12 for the line with id 12."


@dataclass(frozen=True, slots=True)
class GroupValues:
    """A group as an administrator sets it."""

    name: str = ""
    site: str = ""
    hunt_calls: bool = False
    members: tuple[int, ...] = ()
    "Ids of lines, in their order."


@dataclass(frozen=True)
class GroupRow:
    """A group in the table, for the browser."""

    id: int
    title: str
    site: str
    lines: int
    members: str
    "Extensions and names, for searching."
    hunt_calls: bool


@dataclass(frozen=True)
class Candidate:
    """A line that may be a member, for the browser."""

    field: str
    extension: str
    name: str
    site: str
    chosen: bool


def judge(form: Mapping[str, object]) -> tuple[GroupValues, dict[str, Fault]]:
    """A form as it was sent: its values, and what is wrong by field."""
    typed = Typed(form)
    name = typed.text(
        "name", most=NAME, needed=Fault("Scrivi il nome del gruppo", "Give the group a name")
    )
    site = typed.text("site", most=NAME)
    ids = [
        int(key.removeprefix(MEMBER))
        for key in form
        if isinstance(key, str) and re.fullmatch(rf"{MEMBER}[0-9]{{1,9}}", key) and typed.on(key)
    ]
    if len(ids) > MOST:
        typed.wrong(
            "members",
            Fault(f"Al massimo {MOST} linee in un gruppo", f"At most {MOST} lines in a group"),
        )
    return GroupValues(name, site, typed.on("hunt_calls"), tuple(sorted(set(ids)))), typed.faults


@dataclass(frozen=True)
class _Groups(Book[PickupGroup, GroupValues]):
    """A group's members are rows of their own."""

    def read(self, row: PickupGroup) -> GroupValues:
        session = object_session(row)
        assert session is not None
        members = session.scalars(
            select(PickupMember.line_id)
            .where(PickupMember.group_id == row.id)
            .order_by(col(PickupMember.line_id))
        )
        return GroupValues(row.name, row.site, row.hunt_calls, tuple(members))

    def _write(self, session: Session, row: PickupGroup, values: GroupValues) -> None:
        row.name, row.site, row.hunt_calls = values.name, values.site, values.hunt_calls
        session.add(row)
        session.flush()
        session.execute(delete(PickupMember).where(col(PickupMember.group_id) == row.id))
        session.add_all(PickupMember(group_id=row.id or 0, line_id=line) for line in values.members)
        session.flush()


def _collisions(session: Session, values: GroupValues, of: int) -> dict[str, Fault]:
    faults = {}
    wanted = values.name.casefold()
    for other, name in session.exec(select(PickupGroup.id, PickupGroup.name)):
        if other != of and name.casefold() == wanted:
            faults["name"] = Fault(
                f"C'è già un gruppo {name}: scegli un altro nome",
                f"There is already a group {name}: choose another name",
            )
    if (
        values.site
        and session.exec(select(Site.id).where(Site.name == values.site)).first() is None
    ):
        faults["site"] = Fault(
            "Questa sede non c'è più: scegline un'altra", "This site is gone: choose another"
        )
    there = set(session.exec(select(Line.id)))
    if not set(values.members) <= there:
        faults["members"] = Fault(
            "Una delle linee scelte non c'è più: riapri il gruppo",
            "One of the chosen lines is gone: open the group again",
        )
    return faults


def _told(session: Session, values: GroupValues) -> dict[str, Any]:
    found = session.exec(
        select(Line.extension).where(col(Line.id).in_(values.members)).order_by(Line.extension)
    )
    return asdict(values) | {"members": ", ".join(found)}


BOOK = _Groups(
    kind="pickup",
    noun=Noun("gruppo", "gruppi", "group", "groups"),
    row=PickupGroup,
    values=GroupValues,
    names={
        "name": ("nome", "name"),
        "site": ("sede", "site"),
        "hunt_calls": ("chiamate dei gruppi di ricerca", "calls of hunt groups"),
        "members": ("linee", "lines"),
    },
    title=lambda values: values.name,
    collisions=_collisions,
    told=_told,
)


def listed(session: Session) -> list[GroupRow]:
    """Every group, by name."""
    members: dict[int, list[str]] = {}
    found = session.exec(
        select(PickupMember.group_id, Line.extension, Line.name)
        .join(Line, col(Line.id) == PickupMember.line_id)
        .order_by(Line.extension)
    )
    for group, extension, name in found:
        members.setdefault(group, []).append(f"{extension} {name}")
    rows = [
        GroupRow(
            id=group.id or 0,
            title=group.name,
            site=group.site,
            lines=len(members.get(group.id or 0, ())),
            members=", ".join(members.get(group.id or 0, ())),
            hunt_calls=group.hunt_calls,
        )
        for group in session.exec(select(PickupGroup))
    ]
    return sorted(rows, key=lambda row: row.title.casefold())


def candidates(session: Session, chosen: tuple[int, ...]) -> list[Candidate]:
    """Every line; members first, then by extension."""
    lines = session.exec(select(Line.id, Line.extension, Line.name, Line.site)).all()
    mine = set(chosen)
    rows = [
        Candidate(f"{MEMBER}{line}", extension, name, site, line in mine)
        for line, extension, name, site in lines
    ]
    return sorted(rows, key=lambda row: (not row.chosen, len(row.extension), row.extension))


def site_options(session: Session) -> list[Option]:
    """The sites a group may be at."""
    return [Option(name, name) for name in session.exec(select(Site.name).order_by(Site.name))]
