"""One change to many lines: what it would do to each, and then what it did.

Each line is judged by the rules of one (lines.py). What is refused for one line does not hold the
others up: it is told with its reason, and the rest is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session

from officesmart.administration import lines
from officesmart.administration.audit import Author
from officesmart.administration.lines import Gone, Refused
from officesmart.administration.rules import Fault

FIELDS = ("active", "site", "rights", "language", "mailbox")
"What may be set for many lines at once."
MOST = 1000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one line."""

    line_id: int
    extension: str
    name: str
    kind: str
    "'will' (before) or 'done' (after), 'same', 'refused' or 'gone'."
    fault: Fault | None = None


def foresee(
    session: Session, author: Author, ids: Sequence[int], change: dict[str, Any]
) -> list[Outcome]:
    """What the change would do to each line; nothing is done."""
    _check(change)
    found, gone = [], set[int]()
    for line_id in ids[:MOST]:
        try:
            now = lines.values_of(session, line_id)
        except Gone:
            continue  # nothing will happen to what is not there
        after = replace(now, **change)
        if after == now:
            found.append(Outcome(line_id, now.extension, now.name, "same"))
            continue
        faults = lines.standing_faults(session, author, {*gone, line_id}, now, after)
        if not faults and (not after.active or after.role != "admin"):
            gone.add(line_id)
        found.append(_outcome(line_id, now.extension, now.name, "will", faults))
    return sorted(found, key=_by_extension)


def change_each(
    session: Session, author: Author, ids: Sequence[int], change: dict[str, Any]
) -> list[Outcome]:
    """Change each line that may be changed, in one transaction."""
    _check(change)
    found = []
    for line_id in ids[:MOST]:
        try:
            now = lines.values_of(session, line_id)
            after = replace(now, **change)
            if after == now:
                found.append(Outcome(line_id, now.extension, now.name, "same"))
                continue
            lines.save(session, author, line_id, base=now, values=after)
        except Gone:
            found.append(Outcome(line_id, "", "", "gone"))
        except Refused as refused:
            found.append(_outcome(line_id, now.extension, now.name, "refused", refused.faults))
        else:
            found.append(Outcome(line_id, now.extension, now.name, "done"))
    return sorted(found, key=_by_extension)


def _check(change: dict[str, Any]) -> None:
    strange = change.keys() - {*FIELDS}
    if strange or not change:
        raise ValueError(f"not to be set for many lines: {', '.join(sorted(strange)) or 'nothing'}")


def _outcome(
    line_id: int, extension: str, name: str, kind: str, faults: dict[str, Fault]
) -> Outcome:
    first = next(iter(faults.values()), None)
    return Outcome(line_id, extension, name, "refused" if first else kind, first)


def _by_extension(each: Outcome) -> tuple[int, str]:
    return len(each.extension), each.extension
