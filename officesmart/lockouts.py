"""Letting somebody try again at the door, noted in the log; for the page and the command."""

from __future__ import annotations

from sqlmodel import Session, select

from officesmart import patience
from officesmart.administration import audit
from officesmart.administration.audit import Author
from pbx.tables import Line


def unlock(session: Session, author: Author, *, extension: str = "", address: str = "") -> bool:
    """Forget what a line, or an address, has tried in vain; whether there was anything."""
    gone = patience.unlock(session, extension=extension, address=address)
    if not gone:
        return False
    line = session.exec(select(Line).where(Line.extension == extension)).first()
    audit.note(
        session,
        author,
        "unlocked",
        line=extension,
        line_name=line.name if line is not None else "",
        before={"address": address} if address else {},
    )
    return True
