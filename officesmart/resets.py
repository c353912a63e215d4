"""Links that set a new password: mailed, good for 30 minutes and once, the newest only."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, delete, select

from officesmart import auth, mail
from officesmart.portal_address import portal_address
from officesmart.tables import PasswordReset
from pbx.config import Config
from pbx.tables import Line

log = logging.getLogger(__name__)

PAGE = "/accesso/nuova-password"
LASTS = timedelta(minutes=30)
AN_HOUR = timedelta(hours=1)
MOST_AN_HOUR = 3  # mails to one person; more would be somebody's annoyance
KEPT = timedelta(days=1)


def ask(session: Session, account: str, config: Config, *, now: datetime) -> bool:
    """Owe a mail with a link to whoever this account is; whether there was anybody to write to.

    Nobody is told which: the account may not exist, have no security e-mail, or have asked three
    times within the hour.
    """
    line = auth.line_of(session, account)
    if line is None or line.id is None or not line.active or not line.security_email:
        return False
    recent = session.scalar(
        select(func.count())
        .select_from(PasswordReset)
        .where(PasswordReset.line_id == line.id, col(PasswordReset.asked_at) > now - AN_HOUR)
    )
    if (recent or 0) >= MOST_AN_HOUR:
        log.info("%s asked for too many reset links", line.extension)
        return False
    token = auth.new_token()
    session.add(PasswordReset(line_id=line.id, token_hash=auth.hash_of(token), asked_at=now))
    # After the #: browsers send that part to no server, so no log on the way has it.
    link = f"{portal_address(session, config).url}{PAGE}#{token}"
    try:
        mail.owe(
            session,
            "password_reset",
            to=line.security_email,
            cause=f"line {line.id}",
            at=now,
            payload={"link": link, "minutes": int(LASTS.total_seconds() // 60)},
            language=line.language,
            name=line.name,
        )
    except mail.BadAddress:
        log.warning("line %s has a security address that cannot be used", line.extension)
        return False
    return True


def find(session: Session, code: str, now: datetime) -> tuple[PasswordReset, Line] | None:
    """Whose link this is; None when it is unknown, used, too old, or not the newest."""
    if not code or len(code) > 100:
        return None
    row = session.exec(
        select(PasswordReset).where(PasswordReset.token_hash == auth.hash_of(code))
    ).first()
    if row is None or now - row.asked_at >= LASTS:
        return None
    newest = session.scalar(
        select(func.max(PasswordReset.id)).where(PasswordReset.line_id == row.line_id)
    )
    line = session.get(Line, row.line_id)
    if newest != row.id or line is None or not line.active:
        return None
    return row, line


def sweep(session: Session, now: datetime) -> None:
    """Forget links that nobody can use any more."""
    session.execute(delete(PasswordReset).where(col(PasswordReset.asked_at) < now - KEPT))
