"""When telephone, passkey and paper are all lost: the administrator takes the second step away."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col

from officesmart import auth
from officesmart.identity import factors, recovery
from officesmart.identity.told import By, note, warn
from officesmart.tables import Passkey, Totp
from pbx.tables import Line


def drop_factors(session: Session, line: Line, *, by: By, now: datetime) -> bool:
    """The password alone signs in again; whether there was a second step.

    The line's browsers are signed out: whoever has the telephone may be in one. Its owner is told.
    """
    assert line.id is not None
    if not factors(session, line.id).any:
        return False
    session.execute(delete(Totp).where(col(Totp.line_id) == line.id))
    session.execute(delete(Passkey).where(col(Passkey.line_id) == line.id))
    recovery.drop(session, line.id)
    auth.end_all(session, line.id)
    note(session, line, "two_factor_off", by=by, now=now)
    warn(session, line, "two_factor_off", by=by, now=now)
    return True
