"""Recovery codes: ten on paper, each good once, for who has lost the telephone.

Shown once; kept as SHA-256. 15 signs of an alphabet of 31 are 74 bits: no list of guesses gets
through those, so a slow hash would only slow the office down.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from officesmart.identity.told import By, note, warn
from officesmart.tables import RecoveryCode
from pbx.credentials import ALPHABET
from pbx.tables import Line

CODES = 10
GROUPS, GROUP = 3, 5  # 'abcde-fghjk-mnpqr'


def new_codes(session: Session, line: Line, *, now: datetime, by: By) -> tuple[str, ...]:
    """Ten new codes, in clear: to be shown once. Those before are void."""
    codes = _replace(session, line)
    note(session, line, "recovery_codes_made", by=by, now=now)
    warn(session, line, "recovery_codes", by=by, now=now)
    return codes


def first_codes(session: Session, line: Line) -> tuple[str, ...]:
    """Ten codes as part of switching the second step on, which is told by itself."""
    return _replace(session, line)


def use_recovery(session: Session, line_id: int, code: str, now: datetime) -> bool:
    """Whether this is one of the line's codes; then it is used up. Noted in the log."""
    wanted = _hash(line_id, code)
    found = None
    # All are compared, so that time does not tell which one is near.
    for row in session.exec(
        select(RecoveryCode).where(
            RecoveryCode.line_id == line_id, col(RecoveryCode.used_at).is_(None)
        )
    ):
        if hmac.compare_digest(row.code_hash, wanted):
            found = row
    if found is None:
        return False
    found.used_at = now
    session.add(found)
    line = session.get_one(Line, line_id)
    note(session, line, "recovery_code_used", by=By(line.extension, line.name), now=now)
    return True


def drop(session: Session, line_id: int) -> None:
    """Forget every code of the line."""
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.line_id) == line_id))


def _replace(session: Session, line: Line) -> tuple[str, ...]:
    assert line.id is not None
    drop(session, line.id)
    codes = tuple(_code() for _ in range(CODES))
    for code in codes:
        session.add(RecoveryCode(line_id=line.id, code_hash=_hash(line.id, code)))
    session.flush()
    return codes


def _code() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))


def _hash(line_id: int, code: str) -> str:
    """However it was typed: capitals, spaces and hyphens do not count."""
    plain = "".join(sign for sign in code[:100].lower() if sign in ALPHABET)
    return hashlib.sha256(f"{line_id} {plain}".encode()).hexdigest()
