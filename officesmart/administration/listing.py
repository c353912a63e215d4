"""The office's lines as a list: every line with what a table shows of it, found by what is typed.

Reads only; what changes lines is in lines.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from pbx.numbers import national
from pbx.tables import Line, Mailbox, Registration, SipAccount, Site

LISTED = ("id", "extension", "name", "number", "site", "role", "active", "welcomed_at")


@dataclass(frozen=True, slots=True)
class Listed:
    """One line in the table."""

    id: int
    extension: str
    name: str
    number: str
    site: str
    role: str
    active: bool
    welcomed_at: datetime | None
    mailbox: bool


def listed(session: Session) -> list[Listed]:
    """Every line, by extension; some 5 ms for 400."""
    columns: list[Any] = [col(getattr(Line, name)) for name in LISTED]
    pick: Any = select
    rows = pick(*columns, func.coalesce(col(Mailbox.enabled), False))
    found = session.connection().execute(
        rows.outerjoin(Mailbox, col(Mailbox.line_id) == col(Line.id))
    )
    return sorted((Listed(*row) for row in found), key=by_extension)


def by_extension(line: Listed) -> tuple[int, str]:
    """99 comes before 100, as people count."""
    return len(line.extension), line.extension


def matches(line: Listed, text: str) -> bool:
    """Whether every word typed is part of the extension, the name, the number or the site."""
    shown = national(line.number)
    hay = f"{line.extension} {line.name} {line.number} {shown} {line.site}".casefold()
    packed = shown.replace(" ", "")
    return all(word in hay or word in packed for word in text.casefold().split())


def sites(session: Session) -> list[str]:
    """Every site of the office."""
    used = session.exec(select(Line.site).distinct().where(col(Line.site) != ""))
    return sorted({*used, *session.exec(select(Site.name))}, key=str.casefold)


def phones_of(session: Session, line_id: int) -> list[tuple[int, int, datetime]]:
    """(phone, account, last seen) of the line's registrations, as kept."""
    found = session.execute(
        select(Registration.id, Registration.account_id, Registration.seen_at)
        .join(SipAccount, col(SipAccount.id) == col(Registration.account_id))
        .where(SipAccount.line_id == line_id)
    )
    return [(phone or 0, account, seen) for phone, account, seen in found]


def line_of_phones(session: Session) -> dict[int, int]:
    """The line id of every registration kept, by phone."""
    found = session.execute(
        select(Registration.id, SipAccount.line_id).join(
            SipAccount, col(SipAccount.id) == col(Registration.account_id)
        )
    )
    return {phone or 0: line for phone, line in found}
