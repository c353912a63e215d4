"""A line's speed dials as rows: its page and the codes *75 and #75 write them here."""

from __future__ import annotations

from sqlmodel import Session, select

from pbx.tables import SpeedDial


def read(session: Session, line_id: int, code: str) -> SpeedDial | None:
    """What a code of the line calls; None when it is free."""
    return session.exec(
        select(SpeedDial).where(SpeedDial.line_id == line_id, SpeedDial.code == code)
    ).first()


def put(session: Session, line_id: int, code: str, number: str, name: str = "") -> None:
    """Give a code a number; what it called before is forgotten, its name too."""
    row = read(session, line_id, code) or SpeedDial(line_id=line_id, code=code, number=number)
    row.number, row.name = number, name
    session.add(row)
    session.flush()


def clear(session: Session, line_id: int, code: str) -> bool:
    """Free a code; False when it was free already."""
    row = read(session, line_id, code)
    if row is None:
        return False
    session.delete(row)
    session.flush()
    return True
