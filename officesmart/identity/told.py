"""What every change of identity leaves behind: an entry in the log and a mail to its owner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from officesmart import mail
from officesmart.administration import audit
from officesmart.administration.audit import Author
from pbx.tables import Line


@dataclass(frozen=True, slots=True)
class By:
    """Who changes something, and from where."""

    extension: str
    name: str
    address: str = ""
    "The network address of the browser; empty when there is none."


def note(
    session: Session,
    line: Line,
    deed: str,
    *,
    by: By,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """An entry in the log of changes, with the address it was done from."""
    told = dict(after or {})
    if by.address:
        told["address"] = by.address
    audit.note(
        session,
        Author(by.extension, by.name, now),
        deed,
        line=line.extension,
        line_name=line.name,
        before=before,
        after=told,
    )


def warn(
    session: Session, line: Line, what: str, *, by: By, now: datetime, to: tuple[str, ...] = ()
) -> None:
    """Owe the notice mail. to: instead of the security address (it changed: the old and the new).

    A line without one is told nowhere: its mail for messages may be read by others.
    """
    for address in dict.fromkeys(to or (line.security_email,)):
        if not address:
            continue
        try:
            mail.owe(
                session,
                "security_notice",
                to=address,
                cause=f"line {line.id}",
                at=now,
                payload={
                    "what": what,
                    "at": now.isoformat(),
                    "address": by.address,
                    "by": "" if by.extension == line.extension else by.name,
                },
                language=line.language,
                name=line.name,
            )
        except mail.BadAddress:
            # An address of older days that no mail can reach: the change itself must not fail.
            continue
