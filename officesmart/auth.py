"""Who is at the browser: signing in and out, sessions that end by themselves, and patience.

A session is a random token in an HttpOnly cookie; the database keeps only its SHA-256. What the
pages are told about a session is that hash, so a script on a page never sees what opens a door.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, delete, or_, select

from officesmart.tables import WebSession
from pbx.credentials import verify
from pbx.numbers import SEPARATORS, is_extension, to_e164
from pbx.store.session import Database
from pbx.tables import Line

COOKIE = "officesmart"
IDLE = timedelta(minutes=30)  # fixed by guide
WARNING = timedelta(minutes=28)  # behaviour.md section 2
TOUCH = timedelta(seconds=20)  # a session's last use is written no more often than this
LADDER = (60, 300, 900, 3600)  # seconds shut out, after the fifth failure and each one more
FAILURES = 5
FAILURES_ANYWHERE = 60  # from one address, over all accounts
FORGET = timedelta(hours=24)
ANYBODY = ""  # stands for every account together
REMEMBERED = 20_000  # pairs of account and address; the oldest give way
AT_ONCE = 2  # hashes; each takes a core for a while


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
class SignedIn:
    """The door opened."""

    token: str
    "For the cookie only."
    person: Person


@dataclass(frozen=True, slots=True)
class Refused:
    """The door stayed shut; the same words for an unknown number and a wrong password."""

    seconds: float = 0.0
    "How long to wait before trying again; 0: at once."


@dataclass(frozen=True, slots=True)
class Browser:
    """Where somebody signs in from."""

    address: str
    user_agent: str = ""


def hash_of(token: str) -> str:
    """What the database keeps of a token. The token is 256 random bits: no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def account_of(typed: str) -> str:
    """The one name of an account, however it was typed: an extension, or a number in E.164."""
    plain = SEPARATORS.sub("", typed.strip())[:32]
    return plain if is_extension(plain) else to_e164(plain) or plain


@dataclass(slots=True)
class _Failures:
    count: int = 0
    last: datetime | None = None
    shut_until: datetime | None = None


@dataclass(slots=True)
class Patience:
    """How often somebody may be wrong: five times, then 1, 5, 15 and 60 minutes in between.

    In memory: a restart forgives, which costs an attacker more than it gives.
    """

    limit: int = FAILURES
    _seen: OrderedDict[tuple[str, str], _Failures] = field(default_factory=OrderedDict)

    def wait(self, account: str, address: str, now: datetime) -> float:
        """Seconds until this account may be tried again from this address; 0: now."""
        known = self._seen.get((account, address))
        if known is None or known.shut_until is None:
            return 0.0
        return max(0.0, (known.shut_until - now).total_seconds())

    def failed(self, account: str, address: str, now: datetime) -> None:
        """A wrong try."""
        key = (account, address)
        known = self._seen.setdefault(key, _Failures())
        self._seen.move_to_end(key)
        if known.last is not None and now - known.last > FORGET:
            known.count = 0
        known.count, known.last = known.count + 1, now
        if known.count >= self.limit:
            step = min(known.count - self.limit, len(LADDER) - 1)
            known.shut_until = now + timedelta(seconds=LADDER[step])
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)

    def passed(self, account: str, address: str) -> None:
        """A right one: all is forgotten."""
        self._seen.pop((account, address), None)


class Door:
    """Signing in: patience with those who are wrong, and the same time for each of them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._one = Patience()
        self._all = Patience(limit=FAILURES_ANYWHERE)
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def sign_in(
        self, typed: str, password: str, *, browser: Browser, now: datetime, old_token: str = ""
    ) -> SignedIn | Refused:
        """A new session, or why not. The browser's old session ends when a new one begins."""
        account, address = account_of(typed), browser.address
        seconds = self._seconds(account, address, now)
        if seconds > 0:
            return Refused(seconds)
        # Counted before it is checked, so that tries sent all at once count too.
        self._one.failed(account, address, now)
        self._all.failed(ANYBODY, address, now)
        line = await self._database.read(lambda session: _line_of(session, account))
        # With nothing to compare to, verify does the same work: time must not tell who exists.
        known = line.password_hash if line is not None and line.active else ""
        async with self._at_once:
            right = await asyncio.to_thread(verify, known, password)
        if line is None or not right:
            return Refused(self._seconds(account, address, now))
        self._one.passed(account, address)
        self._all.passed(ANYBODY, address)
        token = secrets.token_urlsafe(32)
        return SignedIn(
            token,
            await self._database.run(
                lambda s: _open(s, line, token, browser=browser, old_token=old_token, now=now)
            ),
        )

    async def prove(
        self, who: Person, password: str, *, address: str, now: datetime
    ) -> Refused | None:
        """Whether the person who is signed in knows the password, with the same patience."""
        account = who.extension
        seconds = self._seconds(account, address, now)
        if seconds > 0:
            return Refused(seconds)
        self._one.failed(account, address, now)
        line = await self._database.read(lambda session: session.get(Line, who.line_id))
        known = line.password_hash if line is not None and line.active else ""
        async with self._at_once:
            right = await asyncio.to_thread(verify, known, password)
        if not right:
            return Refused(self._seconds(account, address, now))
        self._one.passed(account, address)
        return None

    def _seconds(self, account: str, address: str, now: datetime) -> float:
        return max(self._one.wait(account, address, now), self._all.wait(ANYBODY, address, now))


def person_of(session: Session, token_hash: str, now: datetime) -> Person | None:
    """Whose session this is; None when it never was, has ended, or the line is switched off."""
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
    if row.views_line_id is not None and row.admin_since is not None and line.role == "admin":
        shown = session.get(Line, row.views_line_id)
        if shown is not None:
            return _viewed(shown, line, row)
    return _person(line, row)


def touch(session: Session, token_hash: str, now: datetime) -> None:
    """The person did something: the half hour starts anew. An ended session stays ended."""
    row = _session_row(session, token_hash)
    if row is not None and TOUCH <= now - row.last_activity_at < IDLE:
        row.last_activity_at = now
        session.add(row)


def end(session: Session, token_hash: str) -> None:
    """Sign out."""
    session.exec(_without(col(WebSession.token_hash) == token_hash))


def end_idle(session: Session, now: datetime) -> None:
    """Forget the sessions that nobody used for half an hour."""
    session.exec(_without(col(WebSession.last_activity_at) <= now - IDLE))


def _without(condition: Any) -> Any:
    return delete(WebSession).where(condition)


def _line_of(session: Session, account: str) -> Line | None:
    if not account:
        return None
    either = or_(col(Line.extension) == account, col(Line.number) == account)
    return session.exec(select(Line).where(either)).first()


def _session_row(session: Session, token_hash: str) -> WebSession | None:
    return session.exec(select(WebSession).where(WebSession.token_hash == token_hash)).first()


def _open(
    session: Session,
    line: Line,
    token: str,
    *,
    browser: Browser,
    old_token: str,
    now: datetime,
) -> Person:
    assert line.id is not None
    if old_token:
        end(session, hash_of(old_token))
    end_idle(session, now)
    row = WebSession(
        token_hash=hash_of(token),
        line_id=line.id,
        created_at=now,
        last_activity_at=now,
        proved_at=now,
        ip=browser.address[:45],
        user_agent=browser.user_agent[:200],
    )
    session.add(row)
    return _person(line, row)


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
