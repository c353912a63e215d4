"""Who is at the browser: sessions, what opens them, and what ends them.

A session is a random token in an HttpOnly cookie; the database keeps only its SHA-256. What the
pages are told about a session is that hash, so a script on a page never sees what opens a door.
Until everything that is asked at the door is done (second factor, first sign-in), a session `waits`
and is nobody's: `person_of` answers None, and only the pages of the door know it (`halfway_of`).
How one gets in is in door.py and forgotten.py.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, delete, or_, select, update

from officesmart.tables import PasswordReset, RememberedBrowser, WebSession
from pbx.tables import Line

COOKIE = "officesmart"
IDLE = timedelta(minutes=30)  # fixed by guide
WARNING = timedelta(minutes=28)  # behaviour.md section 2
TOUCH = timedelta(seconds=20)  # a session's last use is written no more often than this
FACTOR, WELCOME = "factor", "welcome"
"What a session may wait for: the second factor, the first sign-in."
FACTOR_WITHIN = timedelta(minutes=10)  # after the password; then it is asked again


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in, as of this moment in the database."""

    line_id: int
    extension: str
    name: str
    number: str
    admin: bool
    "May take the administrator's role."
    language: str
    session: str
    "The hash of the token."
    seen_at: datetime
    elevated: bool = False
    "Is in the administrator's role now (role.py)."
    proved_at: datetime | None = None
    "When the person last proved who they are with all that is asked of them."
    viewed_by: int = 0
    "The administrator's line that looks at the portal as this line does, and may only read."
    viewer: str = ""
    "That administrator's name."


@dataclass(frozen=True, slots=True)
class Halfway:
    """Whose session waits at the door, and what for."""

    line_id: int
    extension: str
    number: str
    email: str
    "What the first sign-in begins with: the security e-mail, else the line's own."
    language: str
    waits_for: str
    session: str
    "The hash of the token."


@dataclass(frozen=True, slots=True)
class Browser:
    """Where somebody signs in from."""

    address: str
    user_agent: str = ""


def hash_of(token: str) -> str:
    """What the database keeps of a token. The token is 256 random bits: no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    """256 random bits, for a cookie or a link."""
    return secrets.token_urlsafe(32)


# -- who ----------------------------------------------------------------------------------------


def person_of(session: Session, token_hash: str, now: datetime) -> Person | None:
    """Whose session this is; None when it never was, waits at the door, has ended, or the line is
    switched off."""
    found = _found(session, token_hash, now)
    if found is None or found[0].waits_for:
        return None
    row, line = found
    if row.views_line_id is not None and row.admin_since is not None and line.role == "admin":
        shown = session.get(Line, row.views_line_id)
        if shown is not None:
            return _viewed(shown, line, row)
    return _person(line, row)


def halfway_of(session: Session, token_hash: str, now: datetime) -> Halfway | None:
    """Whose session waits at the door; None when it waits for nothing, or no longer."""
    found = _found(session, token_hash, now)
    if found is None or not found[0].waits_for:
        return None
    row, line = found
    if row.waits_for == FACTOR and now - row.created_at >= FACTOR_WITHIN:
        return None
    assert line.id is not None
    return Halfway(
        line_id=line.id,
        extension=line.extension,
        number=line.number,
        email=line.security_email or line.email,
        language=line.language,
        waits_for=row.waits_for,
        session=row.token_hash,
    )


def line_of(session: Session, account: str) -> Line | None:
    """The line with this extension or number."""
    if not account:
        return None
    either = or_(col(Line.extension) == account, col(Line.number) == account)
    return session.exec(select(Line).where(either)).first()


# -- beginning, going on ------------------------------------------------------------------------


def open_session(
    session: Session,
    line: Line,
    token: str,
    *,
    browser: Browser,
    old_token: str,
    now: datetime,
    waits_for: str = "",
    proved: bool = True,
) -> Person:
    """A new session; the browser's old one ends.

    proved: everything was asked; not when a remembered browser stood for the second factor.
    """
    assert line.id is not None
    if old_token:
        end(session, hash_of(old_token))
    end_idle(session, now)
    row = WebSession(
        token_hash=hash_of(token),
        line_id=line.id,
        created_at=now,
        last_activity_at=now,
        ip=browser.address[:45],
        user_agent=browser.user_agent[:200],
        waits_for=waits_for,
        proved_at=now if proved and not waits_for else None,
    )
    session.add(row)
    session.flush()
    return _person(line, row)


def rotate(session: Session, token_hash: str, now: datetime) -> str:
    """A new token for a session whose powers grow; the old one is worth nothing from now on.

    The caller puts it into the browser's cookie (session_routes.with_session), and its pages load
    anew. '' when there is no such session.
    """
    row = session_row(session, token_hash)
    if row is None or now - row.last_activity_at >= IDLE:
        return ""
    token = new_token()
    row.token_hash, row.last_activity_at = hash_of(token), now
    session.add(row)
    session.flush()
    return token


def touch(session: Session, token_hash: str, now: datetime) -> None:
    """The person did something: the half hour starts anew. An ended session stays ended."""
    row = session_row(session, token_hash)
    if row is not None and TOUCH <= now - row.last_activity_at < IDLE:
        row.last_activity_at = now
        session.add(row)


def left(session: Session, token_hash: str, now: datetime) -> float:
    """Seconds until this session ends by itself; 0 when it has."""
    person = person_of(session, token_hash, now)
    return (person.seen_at + IDLE - now).total_seconds() if person is not None else 0.0


def session_row(session: Session, token_hash: str) -> WebSession | None:
    """The row of a session, whether it still counts or not."""
    if not token_hash:
        return None
    return session.exec(select(WebSession).where(WebSession.token_hash == token_hash)).first()


# -- ending -------------------------------------------------------------------------------------


def end(session: Session, token_hash: str) -> None:
    """Sign out."""
    session.exec(_without(col(WebSession.token_hash) == token_hash))


def end_idle(session: Session, now: datetime) -> None:
    """Forget the sessions that nobody used for half an hour."""
    session.exec(_without(col(WebSession.last_activity_at) <= now - IDLE))


def end_all(session: Session, line_id: int, *, but: str = "") -> tuple[str, ...]:
    """Sign a line out everywhere, for whoever changed the password or asked for it.

    Its remembered browsers and unused reset links end too. but: the hash of the session that may
    stay. Answers the hashes of those that ended, whose open pages the caller tells
    (`live.owe_session`).
    """
    ended = tuple(each for each in sessions_of(session, line_id) if each != but)
    session.execute(
        delete(WebSession).where(
            col(WebSession.line_id) == line_id, col(WebSession.token_hash) != but
        )
    )
    session.execute(delete(RememberedBrowser).where(col(RememberedBrowser.line_id) == line_id))
    session.execute(delete(PasswordReset).where(col(PasswordReset.line_id) == line_id))
    session.flush()
    return ended


def step_down(session: Session, line_id: int) -> None:
    """The line's role has changed: nobody stays in the one it had, nor comes back into it without
    a new proof."""
    session.execute(
        update(WebSession)
        .where(col(WebSession.line_id) == line_id)
        .values(admin_since=None, views_line_id=None, proved_at=None)
    )
    session.flush()


def sessions_of(session: Session, line_id: int) -> tuple[str, ...]:
    """The hashes of a line's sessions."""
    found = session.exec(select(WebSession.token_hash).where(WebSession.line_id == line_id))
    return tuple(found.all())


def _without(condition: Any) -> Any:
    return delete(WebSession).where(condition)


def _found(session: Session, token_hash: str, now: datetime) -> tuple[WebSession, Line] | None:
    if not token_hash:
        return None
    found = session.exec(
        select(WebSession, Line)
        .join(Line, col(Line.id) == col(WebSession.line_id))
        .where(WebSession.token_hash == token_hash)
    ).first()
    if found is None:
        return None
    row, line = found
    if not line.active or now - row.last_activity_at >= IDLE:
        return None
    return row, line


def _person(line: Line, row: WebSession) -> Person:
    assert line.id is not None
    return Person(
        line_id=line.id,
        extension=line.extension,
        name=line.name,
        number=line.number,
        admin=line.role == "admin",
        language=line.language,
        session=row.token_hash,
        seen_at=row.last_activity_at,
        elevated=line.role == "admin" and row.admin_since is not None,
        proved_at=row.proved_at,
    )


def _viewed(shown: Line, administrator: Line, row: WebSession) -> Person:
    """The line that an administrator looks at: its data, no role at all."""
    assert administrator.id is not None
    return replace(
        _person(shown, row),
        admin=False,
        elevated=False,
        language=administrator.language,
        viewed_by=administrator.id,
        viewer=administrator.name,
    )
