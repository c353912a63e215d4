"""The browsers of one person: signed in, and remembered (*Ricordami*).

What ends here ends in the database; whoever calls tells the open pages (live.py) afterwards, and
each finds out by itself that its session is gone.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from officesmart import auth
from officesmart.identity.told import By, note, warn
from officesmart.tables import RememberedBrowser, WebSession
from pbx.tables import Line


def of_line(session: Session, line_id: int, now: datetime) -> list[WebSession]:
    """The browsers signed in now, the one used last first."""
    return list(
        session.exec(
            select(WebSession)
            .where(
                WebSession.line_id == line_id,
                WebSession.waits_for == "",
                col(WebSession.last_activity_at) > now - auth.IDLE,
            )
            .order_by(col(WebSession.last_activity_at).desc(), col(WebSession.id).desc())
        )
    )


def remembered(session: Session, line_id: int) -> list[RememberedBrowser]:
    """The browsers that need no second step, the one used last first."""
    return list(
        session.exec(
            select(RememberedBrowser)
            .where(RememberedBrowser.line_id == line_id)
            .order_by(col(RememberedBrowser.used_at).desc(), col(RememberedBrowser.id).desc())
        )
    )


def sign_out(session: Session, line: Line, which: int, *, by: By, now: datetime) -> str:
    """End one session of this line; answers its hash, '' when it was gone or another's."""
    row = session.get(WebSession, which)
    if row is None or row.line_id != line.id:
        return ""
    ended = row.token_hash
    note(session, line, "browser_signed_out", by=by, now=now, before={"browser": row.user_agent})
    session.delete(row)
    session.flush()
    return ended


def forget(session: Session, line: Line, which: int, *, by: By, now: datetime) -> bool:
    """Forget one remembered browser of this line: it needs the second step again."""
    row = session.get(RememberedBrowser, which)
    if row is None or row.line_id != line.id:
        return False
    note(session, line, "browser_forgotten", by=by, now=now, before={"browser": row.user_agent})
    session.delete(row)
    session.flush()
    return True


def sign_out_everywhere(
    session: Session, line: Line, *, by: By, now: datetime, keep: str = ""
) -> None:
    """*Esci ovunque*: every browser, remembered ones too; `keep` may stay."""
    auth.end_all(session, line.id or 0, but=keep)
    note(session, line, "signed_out_everywhere", by=by, now=now)
    warn(session, line, "signed_out_everywhere", by=by, now=now)
