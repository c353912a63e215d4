"""How people prove who they are: passwords and PINs, authenticators, paper codes, passkeys.

Plain functions over a session, for the pages and routes that ask. Each change writes the log and
owes the notice to the security address in the transaction that it is given.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from officesmart.tables import Passkey, RecoveryCode, Totp


@dataclass(frozen=True, slots=True)
class Factors:
    """What a line can prove itself with beside the password."""

    totp: bool = False
    passkeys: int = 0
    recovery_left: int = 0

    @property
    def any(self) -> bool:
        """Whether signing in asks for a second step."""
        return self.totp or self.passkeys > 0


def factors(session: Session, line_id: int) -> Factors:
    """What this line has set up and confirmed."""
    seed = session.get(Totp, line_id)
    keys = select(func.count()).select_from(Passkey).where(col(Passkey.line_id) == line_id)
    codes = (
        select(func.count())
        .select_from(RecoveryCode)
        .where(col(RecoveryCode.line_id) == line_id, col(RecoveryCode.used_at).is_(None))
    )
    return Factors(
        totp=seed is not None and seed.confirmed_at is not None,
        passkeys=session.exec(keys).one(),
        recovery_left=session.exec(codes).one(),
    )
