"""Conflicts of a line's settings for a page, and their remedies done by the server.

What a page sends is only the name of a remedy. Which remedies there are is judged anew from the
rows when one is asked for: an old page, or a forged request, does nothing that is not offered now.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlmodel import Session

from officesmart.i18n import say
from pbx.routing.conflicts import Conflict, Fix, conflicts
from pbx.routing.office import Office
from pbx.store import options
from pbx.tables import CallerEntry

WORST = ("ignored", "partly", "info")
"The gravest first."


@dataclass(frozen=True)
class FixRow:
    """A remedy, for the browser."""

    id: str
    words: str
    feature: str
    chooses: bool
    "The person has to choose another number first."


@dataclass(frozen=True)
class ConflictRow:
    """A conflict, for the browser."""

    severity: str
    words: str
    fixes: list[FixRow] = field(default_factory=list)


@dataclass(frozen=True)
class Warned:
    """What is wrong with one service or one entry of a list, for the browser."""

    severity: str
    "The gravest of them: 'ignored', 'partly' or 'info'."
    rows: list[ConflictRow] = field(default_factory=list)


def warned(found: Sequence[Conflict], language: str) -> dict[str, Warned]:
    """The conflicts by what shows them: a service or list by its name, an entry as 'list:id'.

    A list shows those of its entries too.
    """
    rows: dict[str, list[tuple[Conflict, ConflictRow]]] = {}
    for each in found:
        row = ConflictRow(
            each.severity,
            say(language, it=each.it, en=each.en),
            [
                FixRow(
                    name_of(each, fix),
                    say(language, it=fix.it, en=fix.en),
                    fix.feature,
                    fix.values is None and not fix.remove_entry,
                )
                for fix in each.fixes
            ],
        )
        rows.setdefault(each.on, []).append((each, row))
        if each.entry:
            rows.setdefault(f"{each.on}:{each.entry}", []).append((each, row))
    return {
        on: Warned(
            min((_weight(each, on) for each, _ in these), key=WORST.index),
            [row for _, row in these],
        )
        for on, these in rows.items()
    }


def _weight(conflict: Conflict, on: str) -> str:
    """How grave a conflict is where it is shown: one entry without effect is not the whole list."""
    return (
        "partly"
        if conflict.severity == "ignored" and conflict.entry and ":" not in on
        else (conflict.severity)
    )


def name_of(conflict: Conflict, fix: Fix) -> str:
    """What a remedy is called between page and server; the same as long as it means the same."""
    meant = [
        *(conflict.on, conflict.entry, fix.feature, fix.remove_entry),
        dict(fix.values) if fix.values is not None else None,
    ]
    told = json.dumps(meant, sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def do(session: Session, office: Office, extension: str, wanted: str) -> Fix | None:
    """Do the remedy of this name, in the session's transaction; None when it is not offered (any
    more), or needs a number first.

    office: as the session's rows say it is.
    """
    person = office.lines.get(extension)
    if person is None:
        return None
    for conflict in conflicts(extension, office):
        for fix in conflict.fixes:
            if name_of(conflict, fix) != wanted:
                continue
            if fix.values is not None:
                options.change(session, fix.feature, person.line_id, **fix.values)
                return fix
            entry = session.get(CallerEntry, fix.remove_entry) if fix.remove_entry else None
            if entry is None or entry.line_id != person.line_id:
                return None
            session.delete(entry)
            return fix
    return None
