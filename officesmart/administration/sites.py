"""Sites (sedi): where the office is, what its lines show outside, when it is open.

Lines name their site (`Line.site`), so a site that is renamed or deleted takes its lines along in
the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from officesmart.administration.audit import Author
from officesmart.administration.keeping import Book, Noun
from officesmart.administration.rules import Fault
from officesmart.administration.typed import Typed
from officesmart.places import spellings
from pbx.numbers import national
from pbx.tables import Line, OpeningHours, PickupGroup, Site

NAME, ADDRESS = 80, 200  # characters
NEW_SITE = " +"
"""In a choice of sites: one that is made now. No site is called so, as no name begins with a
space."""


@dataclass(frozen=True, slots=True)
class SiteValues:
    """A site as an administrator sets it."""

    name: str = ""
    address: str = ""
    number: str = ""
    "E.164, or empty."
    hours_id: int | None = None


@dataclass(frozen=True)
class SiteRow:
    """A site in the table, for the browser."""

    id: int
    title: str
    address: str
    number: str
    "As people write it."
    e164: str
    hours: str
    lines: int


def judge(form: Mapping[str, object]) -> tuple[SiteValues, dict[str, Fault]]:
    """A form as it was sent: its values, and what is wrong by field."""
    typed = Typed(form)
    values = SiteValues(
        name=typed.text(
            "name", most=NAME, needed=Fault("Scrivi il nome della sede", "Give the site a name")
        ),
        address=typed.text("address", most=ADDRESS),
        number=typed.number("number"),
        hours_id=typed.id("hours_id") or None,
    )
    return values, typed.faults


def chosen(names: Collection[str], choice: str, fresh: str) -> tuple[str, dict[str, Fault]]:
    """The site that a form means, and what is wrong with it by field ('site' or 'new_site').

    names: the sites there are. A site is made only by who says so: NEW_SITE, and its name.
    """
    if choice != NEW_SITE:
        if choice and choice not in names:
            return "", {
                "site": Fault(
                    "Questa sede non c'è più: scegline un'altra",
                    "This site is gone: choose another",
                )
            }
        return choice, {}
    typed = Typed({"name": fresh})
    name = typed.text(
        "name", most=NAME, needed=Fault("Scrivi il nome della sede", "Give the site a name")
    )
    if typed.faults:
        return "", {"new_site": typed.faults["name"]}
    same = next((each for each in names if each.casefold() == name.casefold()), None)
    if same is not None:
        return "", {
            "new_site": Fault(
                f"C'è già una sede {same}: sceglila dall'elenco",
                f"There is already a site {same}: choose it from the list",
            )
        }
    return name, {}


def _collisions(session: Session, values: SiteValues, of: int) -> dict[str, Fault]:
    faults = {}
    same = spellings(session).get(values.name.casefold())
    taken = same is not None and (
        session.exec(select(Site.id).where(Site.name == same)).first() != of
    )
    if taken:
        faults["name"] = Fault(
            f"C'è già una sede {same}: scegli un altro nome",
            f"There is already a site {same}: choose another name",
        )
    if values.hours_id is not None and session.get(OpeningHours, values.hours_id) is None:
        faults["hours_id"] = Fault(
            "Questi orari non ci sono più: scegline altri",
            "These opening hours are gone: choose others",
        )
    return faults


def _lines_along(session: Session, before: SiteValues, after: SiteValues) -> None:
    if before.name and before.name != after.name:
        _move(session, before.name, after.name)


def _move(session: Session, old: str, new: str) -> None:
    """Lines and pickup groups of a site go to another."""
    session.execute(update(Line).where(col(Line.site) == old).values(site=new))
    session.execute(update(PickupGroup).where(col(PickupGroup.site) == old).values(site=new))


def _told(session: Session, values: SiteValues) -> dict[str, Any]:
    hours = session.get(OpeningHours, values.hours_id) if values.hours_id else None
    told = asdict(values)
    del told["hours_id"]
    return told | {"hours": hours.name if hours is not None else ""}


BOOK = Book(
    kind="site",
    noun=Noun("sede", "sedi", "site", "sites", she=True),
    row=Site,
    values=SiteValues,
    names={
        "name": ("nome", "name"),
        "address": ("indirizzo", "address"),
        "number": ("numero in uscita", "number shown outside"),
        "hours_id": ("orari", "opening hours"),
        "hours": ("orari", "opening hours"),
        "lines": ("linee", "lines"),
        "moved_to": ("linee spostate a", "lines moved to"),
    },
    title=lambda values: values.name,
    collisions=_collisions,
    along=_lines_along,
    told=_told,
)


def listed(session: Session) -> list[SiteRow]:
    """Every site, by name."""
    hours = dict(session.execute(select(OpeningHours.id, OpeningHours.name)).all())
    lines = lines_of(session)
    rows = [
        SiteRow(
            id=site.id or 0,
            title=site.name,
            address=site.address,
            number=national(site.number) if site.number else "",
            e164=site.number,
            hours=hours.get(site.hours_id, ""),
            lines=lines.get(site.name, 0),
        )
        for site in session.exec(select(Site))
    ]
    return sorted(rows, key=lambda row: row.title.casefold())


def lines_of(session: Session) -> dict[str, int]:
    """How many lines are at each site, by its name."""
    found = session.execute(select(Line.site, func.count()).group_by(col(Line.site)))
    return {site: count for site, count in found}


def remove(
    session: Session, author: Author, ids: Collection[int], *, to: int = 0
) -> tuple[str, ...]:
    """Delete sites; their lines go to the site `to`, or (0, or gone meanwhile) to none."""
    goes = session.get(Site, to) if to and to not in ids else None
    new = goes.name if goes is not None else ""
    counts = lines_of(session)
    gone = []
    for site in session.exec(select(Site).where(col(Site.id).in_(ids))).all():
        values = BOOK.read(site)
        before = _told(session, values) | {"lines": counts.get(site.name, 0)}
        BOOK.note(session, author, "deleted", values, before, {"moved_to": new} if new else {})
        _move(session, site.name, new)
        session.delete(site)
        gone.append(site.name)
    session.flush()
    return tuple(gone)
