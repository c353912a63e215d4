"""The other telephones from which a line has made calls on its pages ("altri numeri"; guide 11).

A number is remembered once a call from there went through, in the transaction of its record, or
when its owner writes it down; of more than `MOST` the one that was not used for longest goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from pbx.tables import OtherNumber

MOST = 20
NAME = 80
"Characters of a name."


@dataclass(frozen=True, slots=True)
class Origin:
    """Another telephone of a line."""

    id: int
    number: str
    "An extension or E.164."
    name: str
    used_at: datetime


def remember(
    session: Session, line_id: int, number: str, *, at: datetime, name: str | None = None
) -> None:
    """The line used this number, an extension or E.164, at this moment. name: what it is called
    from now on; None: as before."""
    row = _row(session, line_id, number)
    row = row or OtherNumber(line_id=line_id, number=number, used_at=at)
    row.used_at = max(row.used_at, at)
    if name is not None:
        row.name = name[:NAME]
    session.add(row)
    session.flush()
    for old in _rows(session, line_id)[MOST:]:
        session.delete(old)
    session.flush()


def listed(session: Session, line_id: int) -> tuple[Origin, ...]:
    """The line's other telephones, last used first."""
    return tuple(
        Origin(row.id or 0, row.number, row.name, row.used_at) for row in _rows(session, line_id)
    )


def rename(session: Session, line_id: int, number: str, name: str) -> bool:
    """Call it otherwise; False when the line has no such number (any more)."""
    row = _row(session, line_id, number)
    if row is None:
        return False
    row.name = name.strip()[:NAME]
    session.add(row)
    session.flush()
    return True


def forget(session: Session, line_id: int, number: str) -> bool:
    """Take it off the list; False when it was not there."""
    row = _row(session, line_id, number)
    if row is None:
        return False
    session.delete(row)
    session.flush()
    return True


def _row(session: Session, line_id: int, number: str) -> OtherNumber | None:
    return session.exec(
        select(OtherNumber).where(OtherNumber.line_id == line_id, OtherNumber.number == number)
    ).first()


def _rows(session: Session, line_id: int) -> list[OtherNumber]:
    """Last used first."""
    return list(
        session.exec(
            select(OtherNumber)
            .where(OtherNumber.line_id == line_id)
            .order_by(col(OtherNumber.used_at).desc(), col(OtherNumber.id).desc())
        )
    )
