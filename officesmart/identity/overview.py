"""What the profile page shows of a line's sign-in, read in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from officesmart.identity import Factors, factors, passkeys, secrets, sessions
from officesmart.identity.secrets import Waiting
from officesmart.tables import Passkey, RememberedBrowser, Totp, WebSession
from pbx.tables import AuditEntry, Line, Mailbox, Registration, SipAccount

DEEDS = (
    *("password_changed", "portal_reset", "pin_changed", "pin_reset"),
    *("security_email_asked", "security_email_changed"),
    *("two_factor_on", "two_factor_off", "recovery_codes_made", "recovery_code_used"),
    *("passkey_added", "passkey_removed"),
    *("browser_signed_out", "browser_forgotten", "signed_out_everywhere", "phone_signed_out"),
    *("sip_reset", "account_added", "account_removed"),
)
"What of the log of changes concerns how a line is signed in to."
LATEST = 10


@dataclass(frozen=True, slots=True)
class Known:
    """One phone's row: what the board does not say."""

    account: str
    "User and, where there is one, label of its SIP account."
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything of one line. Rows, for the server only; the page picks what it shows."""

    line: Line
    box: Mailbox | None
    factors: Factors
    totp_since: datetime | None
    keys: list[Passkey]
    sessions: list[WebSession]
    remembered: list[RememberedBrowser]
    waits: Waiting | None
    deeds: list[AuditEntry]
    phones: dict[int, Known]
    password_at: datetime | None
    pin_at: datetime | None


def overview(session: Session, line_id: int, now: datetime) -> Overview:
    """Read it."""
    line = session.get_one(Line, line_id)
    seed = session.get(Totp, line_id)
    box = session.get(Mailbox, line_id)
    return Overview(
        line=line,
        box=box if box is not None and box.enabled else None,
        factors=factors(session, line_id),
        totp_since=seed.confirmed_at if seed is not None else None,
        keys=passkeys.of_line(session, line_id),
        sessions=sessions.of_line(session, line_id, now),
        remembered=sessions.remembered(session, line_id),
        waits=secrets.waiting_email(session, line_id, now),
        deeds=_deeds(session, line, DEEDS, LATEST),
        phones=_phones(session, line_id),
        password_at=_last(session, line, "password_changed", "portal_reset"),
        pin_at=_last(session, line, "pin_changed", "pin_reset"),
    )


def _deeds(session: Session, line: Line, what: tuple[str, ...], limit: int) -> list[AuditEntry]:
    """Entries about this line; those of whoever had the extension before are not its own."""
    return list(
        session.exec(
            select(AuditEntry)
            .where(
                AuditEntry.line == line.extension,
                col(AuditEntry.at) >= line.created_at,
                col(AuditEntry.what).in_(what),
            )
            .order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc())
            .limit(limit)
        )
    )


def _last(session: Session, line: Line, *what: str) -> datetime | None:
    found = _deeds(session, line, what, 1)
    return found[0].at if found else None


def _phones(session: Session, line_id: int) -> dict[int, Known]:
    rows = session.exec(
        select(Registration, SipAccount)
        .join(SipAccount, col(SipAccount.id) == col(Registration.account_id))
        .where(SipAccount.line_id == line_id)
    )
    return {
        row.id or 0: Known(" · ".join(filter(None, (acc.username, acc.label))), row.seen_at)
        for row, acc in rows
    }
