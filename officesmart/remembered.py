"""Remembered browsers (guide 2.2, *Ricordami*): the number is filled in, one step is skipped.

A random token in a cookie of its own, good for 30 days from its last use and changed at each
sign-in; the database keeps digests. It never stands for the password. When the token before the
present one turns up later than a moment after it was changed, somebody holds a copy: the browser is
forgotten, and its owner told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, or_, select

from officesmart.auth import Browser, hash_of, new_token
from officesmart.tables import RememberedBrowser
from pbx.tables import Line

COOKIE = "officesmart_browser"
LASTS = timedelta(days=30)
MOMENT = timedelta(seconds=60)
"Two tabs may send the same token; an answer may be on its way."
MOST = 20  # browsers of one line; the one unused for longest gives way

Stolen = Callable[[Session, int], None]
"Told the line of a browser that turned out to be copied, in the same transaction."


@dataclass(frozen=True, slots=True)
class Known:
    """What a browser's token says."""

    line_id: int
    row: int
    fresh: bool
    "It is the present token, and may be changed; not the one before, within its moment."


def look(session: Session, token_hash: str, now: datetime, stolen: Stolen) -> Known | None:
    """Whose browser this is; None for nobody's, or no longer. A copy ends the browser."""
    row = _row(session, token_hash)
    if row is None:
        return None
    if now - row.used_at >= LASTS:
        return None
    fresh = row.token_hash == token_hash
    if not fresh and now - row.used_at > MOMENT:
        line_id = row.line_id
        session.delete(row)
        session.flush()
        stolen(session, line_id)
        return None
    assert row.id is not None
    return Known(row.line_id, row.id, fresh)


def number(session: Session, token_hash: str, now: datetime) -> str:
    """What to fill in: the line's own number, else its extension; '' when nobody is remembered.

    Only reads: a copy is dealt with when somebody signs in with it, and is told nothing here.
    """
    row = _row(session, token_hash)
    if row is None or row.token_hash != token_hash or now - row.used_at >= LASTS:
        return ""
    line = session.get(Line, row.line_id)
    return (line.number or line.extension) if line is not None and line.active else ""


def change(session: Session, known: Known, *, browser: Browser, now: datetime) -> str:
    """It was used: a new token for its cookie; '' to leave the cookie, which is new already."""
    row = session.get(RememberedBrowser, known.row)
    if row is None or not known.fresh:
        return ""
    token = new_token()
    row.last_hash, row.token_hash, row.used_at = row.token_hash, hash_of(token), now
    row.ip, row.user_agent = browser.address[:45], browser.user_agent[:200]
    session.add(row)
    session.flush()
    return token


def remember(session: Session, line_id: int, *, browser: Browser, now: datetime) -> str:
    """A browser more; answers the token for its cookie."""
    token = new_token()
    session.add(
        RememberedBrowser(
            line_id=line_id,
            token_hash=hash_of(token),
            created_at=now,
            used_at=now,
            ip=browser.address[:45],
            user_agent=browser.user_agent[:200],
        )
    )
    session.flush()
    rows = session.exec(
        select(RememberedBrowser)
        .where(RememberedBrowser.line_id == line_id)
        .order_by(col(RememberedBrowser.used_at).desc(), col(RememberedBrowser.id).desc())
        .offset(MOST)
    ).all()
    for row in rows:
        session.delete(row)
    session.flush()
    return token


def forget(session: Session, token_hash: str) -> None:
    """This browser no more."""
    row = _row(session, token_hash)
    if row is not None:
        session.delete(row)
        session.flush()


def settle(
    session: Session,
    line_id: int,
    kept: Known | None,
    wanted: bool,
    *,
    browser: Browser,
    old: str,
    now: datetime,
) -> str | None:
    """Somebody is in: what becomes of the cookie. '' takes it away, None leaves it as it is.

    kept: the remembered browser that let him in; wanted: *Ricordami*; old: what the cookie held.
    """
    if wanted:
        if kept is not None:
            return change(session, kept, browser=browser, now=now) or None
        if old:
            forget(session, hash_of(old))
        return remember(session, line_id, browser=browser, now=now)
    if kept is not None:  # the box was emptied
        forget(session, hash_of(old))
        return ""
    return None


def sweep(session: Session, now: datetime) -> None:
    """Forget those whose 30 days are over."""
    session.execute(delete(RememberedBrowser).where(col(RememberedBrowser.used_at) <= now - LASTS))


def _row(session: Session, token_hash: str) -> RememberedBrowser | None:
    if not token_hash:
        return None
    return session.exec(
        select(RememberedBrowser).where(
            or_(
                col(RememberedBrowser.token_hash) == token_hash,
                col(RememberedBrowser.last_hash) == token_hash,
            )
        )
    ).first()
