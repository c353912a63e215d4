"""The administrator's role (guide 2.4): taken for a while, by who has just proved who they are.

A line that may administer signs in as a person like any other. The role is taken in the same
session, with the password (and the second factor) again when the last proof is older than FRESH,
and the session's token changes. From there an administrator may look at the portal as another line
sees it: reading only, with an entry in the log and a mail to that person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, select

from officesmart import auth, mail
from officesmart.administration import audit
from officesmart.administration.audit import Author
from officesmart.auth import Person
from officesmart.tables import WebSession
from pbx.tables import Line

FRESH = timedelta(minutes=15)  # behaviour.md section 2


@dataclass(frozen=True, slots=True)
class Shown:
    """The line that an administrator now sees the portal as."""

    extension: str
    name: str
    told: bool
    "Whether there was an address to tell the person at."


def is_fresh(who: Person, now: datetime) -> bool:
    """Whether the last full proof of identity is good enough to take the role on."""
    return who.proved_at is not None and now - who.proved_at < FRESH


def take(
    session: Session, who: Person, token: str, *, now: datetime, address: str, proved: bool
) -> bool:
    """Take the role on, under a new token; False when the session or the right to it has gone.

    proved: the person has just now given everything that is asked of them.
    """
    row, line = _mine(session, who.session)
    if row is None or line is None or line.role != "admin" or not line.active:
        return False
    row.token_hash = auth.hash_of(token)
    row.admin_since, row.views_line_id = now, None
    row.last_activity_at = now
    if proved:
        row.proved_at = now
    session.add(row)
    audit.note(session, _author(line, now), "role_taken", after={"address": address})
    return True


def leave(session: Session, who: Person, *, now: datetime) -> bool:
    """Back to the person's own role; False when they were in it."""
    row, line = _mine(session, who.session)
    if row is None or line is None or row.admin_since is None:
        return False
    row.admin_since = row.views_line_id = None
    session.add(row)
    audit.note(session, _author(line, now), "role_left")
    return True


def look_as(
    session: Session, who: Person, extension: str, *, now: datetime, address: str
) -> Shown | None:
    """See the portal as this line does; None when there is no such line, or no right to it.

    The person is told by mail, in the same transaction.
    """
    row, line = _mine(session, who.session)
    shown = session.exec(select(Line).where(Line.extension == extension)).first()
    if row is None or line is None or shown is None or not who.elevated or shown.id == line.id:
        return None
    row.views_line_id = shown.id
    session.add(row)
    _note_view(session, _author(line, now), "viewed_as", shown, address)
    to = address_of(shown)
    if to:
        mail.owe(
            session,
            "security_notice",
            to=to,
            at=now,
            cause=f"view of {shown.extension}",
            name=shown.name,
            language=shown.language,
            payload={
                "what": "viewed_as",
                "by": f"{line.name} ({line.extension})",
                "at": now.isoformat(),
            },
        )
    return Shown(shown.extension, shown.name, bool(to))


def stop_looking(session: Session, who: Person, *, now: datetime) -> str:
    """Back to the administrator's own eyes; the line that was shown, '' when there was none."""
    row, line = _mine(session, who.session)
    if row is None or line is None or row.views_line_id is None:
        return ""
    shown = session.get(Line, row.views_line_id)
    row.views_line_id = None
    session.add(row)
    if shown is None:
        return ""
    _note_view(session, _author(line, now), "view_ended", shown)
    return shown.extension


def address_of(line: Line) -> str:
    """Where this person is told; '' when there is no usable address."""
    for typed in (line.security_email, line.email):
        if not typed:
            continue
        try:
            mail.read_address(typed)
        except mail.BadAddress:  # kept before addresses were judged
            continue
        return typed
    return ""


def _mine(session: Session, token_hash: str) -> tuple[WebSession | None, Line | None]:
    row = session.exec(select(WebSession).where(WebSession.token_hash == token_hash)).first()
    return row, session.get(Line, row.line_id) if row is not None else None


def _note_view(session: Session, author: Author, what: str, shown: Line, address: str = "") -> None:
    after = {"address": address} if address else {}
    audit.note(session, author, what, line=shown.extension, line_name=shown.name, after=after)


def _author(line: Line, now: datetime) -> Author:
    return Author(line.extension, line.name, now)
