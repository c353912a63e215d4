"""The second step by an authenticator application: time-based codes (RFC 6238).

The seed is sealed (pbx/vault.py). A code is good in its own step of 30 s and in the one before and
after (s.5.2), and once: a step that was used, and any before it, is not taken again.
"""

from __future__ import annotations

import hmac
import io
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pyotp
import segno
from sqlmodel import Session

from officesmart.identity import factors, recovery
from officesmart.identity.told import By, note, warn
from officesmart.tables import Totp
from pbx import vault
from pbx.tables import Line

STEP = 30  # seconds, RFC 6238 s.4.1
DIGITS = 6
WINDOW = 1  # steps, RFC 6238 s.5.2
ISSUER = "Office Smart"


@dataclass(frozen=True, slots=True)
class Setup:
    """What an authenticator application needs, once."""

    secret: str = field(repr=False)
    "Base32, to be typed by hand."
    uri: str = field(repr=False)
    "otpauth://..., to be read as a picture."


def begin(session: Session, data: Path, line: Line) -> Setup:
    """A new seed for this line; it counts once `confirm` has seen a code of it.

    One that is already in use stays in use until then: `confirm` is refused while it is on, so
    begin only when `factors(...).totp` is False. Raises OSError, vault.Unreadable.
    """
    assert line.id is not None
    secret = pyotp.random_base32()
    row = session.get(Totp, line.id) or Totp(line_id=line.id, sealed_secret="")
    if row.confirmed_at is not None:
        raise ValueError("switch it off first")
    row.sealed_secret, row.last_step = vault.seal(data, secret), 0
    session.add(row)
    session.flush()
    user = line.number or line.extension
    return Setup(secret, pyotp.TOTP(secret).provisioning_uri(name=user, issuer_name=ISSUER))


def picture(uri: str) -> str:
    """The QR code of an address as an SVG document; dark on white, whatever the theme."""
    out = io.BytesIO()
    segno.make(uri, error="m").save(out, kind="svg", scale=5, border=3, dark="#000", light="#fff")
    return out.getvalue().decode()


def confirm(
    session: Session, data: Path, line: Line, code: str, *, now: datetime, by: By
) -> tuple[str, ...]:
    """The first code: from now on it is asked for. Answers the recovery codes, () when wrong."""
    assert line.id is not None
    row = session.get(Totp, line.id)
    if row is None or row.confirmed_at is not None or not _accept(row, data, code, now):
        return ()
    row.confirmed_at = now
    session.add(row)
    codes = recovery.first_codes(session, line)
    note(session, line, "two_factor_on", by=by, now=now)
    warn(session, line, "two_factor_on", by=by, now=now)
    return codes


def check_totp(session: Session, data: Path, line_id: int, code: str, now: datetime) -> bool:
    """Whether this code is good now; then it is used up. False while it is not switched on.

    Counting wrong ones is the caller's. Raises OSError, vault.Unreadable.
    """
    row = session.get(Totp, line_id)
    if row is None or row.confirmed_at is None or not _accept(row, data, code, now):
        return False
    session.add(row)
    return True


def switch_off(session: Session, line: Line, *, now: datetime, by: By) -> bool:
    """No codes any more. Recovery codes go too, unless passkeys still need them."""
    row = session.get(Totp, line.id)
    if row is None:
        return False
    was_on = row.confirmed_at is not None
    session.delete(row)
    session.flush()
    if was_on:
        if not factors(session, line.id or 0).passkeys:
            recovery.drop(session, line.id or 0)
        note(session, line, "two_factor_off", by=by, now=now)
        warn(session, line, "two_factor_off", by=by, now=now)
    return was_on


def _accept(row: Totp, data: Path, code: str, now: datetime) -> bool:
    """Compare with every step in the window, whichever fits: time must not tell which."""
    plain = "".join(sign for sign in code[:20] if sign.isascii() and sign.isdigit())
    clock = pyotp.TOTP(vault.unseal(data, row.sealed_secret), digits=DIGITS, interval=STEP)
    present = int(now.timestamp()) // STEP
    fits = 0
    for step in range(present - WINDOW, present + WINDOW + 1):
        right = hmac.compare_digest(clock.generate_otp(step), plain)
        if right and step > row.last_step:
            fits = step
    if not fits:
        return False
    row.last_step = fits
    return True
