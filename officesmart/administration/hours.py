"""Opening hours."""

from __future__ import annotations

from sqlmodel import Session, select

from officesmart.administration.ledger import Option
from pbx.tables import OpeningHours


def options(session: Session) -> list[Option]:
    """Every opening hours, to choose from, by name."""
    found = session.exec(select(OpeningHours)).all()
    rows = [Option(str(each.id), each.name) for each in found]
    return sorted(rows, key=lambda row: row.words.casefold())
