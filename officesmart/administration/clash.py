"""Two people change the same thing: the second is told who changed what.

A form is saved against the values it was opened with. Plain frozen dataclasses on both sides; the
log of changes says who it was.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from officesmart.i18n import say, when
from pbx.tables import AuditEntry

V = TypeVar("V")


@dataclass
class Clash(Exception):
    """Somebody else saved first; nothing was changed."""

    theirs: Any
    "The values as they are now."
    fields: tuple[str, ...]
    "What they changed."
    who: str
    "Their name; empty when the log does not know."
    at: datetime | None


class Earlier(Protocol):
    """What was saved first: a Clash, or what other drafts raise instead."""

    fields: tuple[str, ...]
    who: str
    at: datetime | None


def differ(old: Any, new: Any) -> tuple[str, ...]:
    """The fields that differ between two values of one kind."""
    before, after = asdict(old), asdict(new)
    return tuple(name for name in before if before[name] != after[name])


def merged(base: V, mine: V, theirs: V) -> V:
    """Theirs, with what I changed over it."""
    return replace(theirs, **{name: getattr(mine, name) for name in differ(base, mine)})  # type: ignore[type-var]


def blamed(now: Any, moved: tuple[str, ...], entry: AuditEntry | None) -> Clash:
    """The Clash that the log's entry explains; None: what changed it leaves none there, such as a
    star code or another window of one's own."""
    if entry is None:
        return Clash(now, moved, "", None)
    return Clash(now, moved, entry.who_name or entry.who, entry.at)


def touched(entry: AuditEntry | None, moved: tuple[str, ...]) -> AuditEntry | None:
    """The log's entry, if it tells of any of these fields."""
    return entry if entry is not None and {*entry.after} & {*moved} else None


def refuse_old(
    session: Session, base: Any, now: Any, *, deeds: Collection[str], about: str = ""
) -> None:
    """Raise Clash when what is there is no longer what the form was opened with.

    deeds: how the log calls changes of such a thing; about: its name there (`line_name`).
    """
    moved = differ(base, now)
    if not moved:
        return
    entry = session.exec(
        select(AuditEntry)
        .where(col(AuditEntry.what).in_(deeds), AuditEntry.line_name == about)
        .order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc())
    ).first()
    raise blamed(now, moved, touched(entry, moved))


def told(
    other: Earlier,
    names: Mapping[str, tuple[str, str]],
    language: str,
    *,
    now: datetime,
    zone: ZoneInfo,
) -> str:
    """Who changed which fields, and when; names: of the fields, in Italian and English."""
    who = other.who or say(language, it="Qualcun altro", en="Somebody else")
    fields = named(other, names, language)
    at = f" ({when(language, other.at, now, zone)})" if other.at is not None else ""
    return say(language, it=f"{who} ha cambiato: {fields}{at}", en=f"{who} changed: {fields}{at}")


def named(other: Earlier, names: Mapping[str, tuple[str, str]], language: str) -> str:
    """The fields that were changed, as a person reads them."""
    both = (names.get(name, (name, name)) for name in other.fields)
    return ", ".join(say(language, it=it, en=en) for it, en in both)
