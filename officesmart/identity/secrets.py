"""Password, mailbox PIN and security e-mail: judged, kept, told to their owner.

Nothing here keeps what was typed. Checking a new secret against the old ones costs some 16 ms of
processor each: call these in the writer's lane, not on the loop.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets as chance
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from officesmart import auth, mail
from officesmart.identity.told import By, note, warn
from officesmart.tables import EmailProof, PastSecret
from pbx import credentials
from pbx.credentials import Fault
from pbx.tables import AuditEntry, Line, Mailbox

KEPT = {"password": 3, "pin": 5}
"How many secrets before the new one may not come back; of the PIN behaviour 2 says five."
CODE_DIGITS = 8
CODE_GOOD = timedelta(hours=24)  # a mail may be slow, and its reader at home
CODE_TRIES = 5
MOST_CODES_AN_HOUR = 5  # mails to addresses that may be anybody's


def password_faults(session: Session, line: Line, new: str) -> list[Fault]:
    """Every rule that a new portal password of this line breaks."""
    faults = list(
        credentials.password_faults(
            new, extension=line.extension, name=line.name, number=line.number
        )
    )
    if not faults and _was_used(session, line, "password", line.password_hash, new):
        faults.append(
            Fault(
                "used",
                it=f"È la password di adesso, o una delle ultime {KEPT['password']}",
                en=f"It is the present password, or one of the last {KEPT['password']}",
            )
        )
    return faults


def pin_faults(
    session: Session, line: Line, new: str, *, four_allowed: bool = False
) -> list[Fault]:
    """Every rule that a new mailbox PIN of this line breaks."""
    faults = list(
        credentials.pin_faults(
            new, extension=line.extension, number=line.number, four_allowed=four_allowed
        )
    )
    box = session.get(Mailbox, line.id)
    present = box.pin_hash if box is not None else ""
    if not faults and _was_used(session, line, "pin", present, new):
        faults.append(
            Fault(
                "used",
                it=f"È il PIN di adesso, o uno degli ultimi {KEPT['pin']}",
                en=f"It is the present PIN, or one of the last {KEPT['pin']}",
            )
        )
    return faults


def set_password(
    session: Session, line: Line, new: str, *, now: datetime, by: By, keep: str = ""
) -> list[Fault]:
    """A new portal password, or why not; then nothing is changed.

    Ends every session of the line but the one with the hash `keep`; remembered browsers are
    forgotten.
    """
    faults = password_faults(session, line, new)
    if faults:
        return faults
    _retire(session, line, "password", line.password_hash, now)
    line.password_hash = credentials.hash_password(new)
    session.add(line)
    auth.end_all(session, line.id or 0, but=keep)
    note(session, line, "password_changed", by=by, now=now)
    warn(session, line, "password", by=by, now=now)
    return []


def set_pin(
    session: Session,
    line: Line,
    new: str,
    *,
    now: datetime,
    by: By,
    four_allowed: bool = False,
) -> list[Fault]:
    """A new mailbox PIN, or why not. A line without a mailbox keeps it for when it has one."""
    faults = pin_faults(session, line, new, four_allowed=four_allowed)
    if faults:
        return faults
    box = session.get(Mailbox, line.id) or Mailbox(line_id=line.id or 0, enabled=False)
    _retire(session, line, "pin", box.pin_hash, now)
    box.pin_hash = credentials.hash_pin(new)
    session.add(box)
    note(session, line, "pin_changed", by=by, now=now)
    warn(session, line, "mailbox_pin", by=by, now=now)
    return []


def replaced(
    session: Session, line: Line, kind: str, present: str, *, now: datetime, by: By
) -> None:
    """Somebody else gives the line a new password or PIN: the owner is told, the old one kept.

    kind: 'password' or 'pin'. present: the digest that goes; '' for none.
    """
    if present and line.id is not None:
        # Those too old are forgotten at the next change by hand: an import does thousands at once.
        session.add(PastSecret(line_id=line.id, kind=kind, secret_hash=present, until=now))
    warn(session, line, "password" if kind == "password" else "mailbox_pin", by=by, now=now)


# -- the security e-mail ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Waiting:
    """An address that was asked for and is not proved yet."""

    address: str
    until: datetime


def waiting_email(session: Session, line_id: int, now: datetime) -> Waiting | None:
    """The address that waits for its code, if one does."""
    row = session.get(EmailProof, line_id)
    if row is None or now - row.asked_at >= CODE_GOOD or row.tries >= CODE_TRIES:
        return None
    return Waiting(row.address, row.asked_at + CODE_GOOD)


def set_security_email(
    session: Session, line: Line, address: str, *, now: datetime, by: By
) -> list[Fault]:
    """Ask for another security address: a code goes there, and it counts once that is given.

    Until then the old one stays. Asking again (for the same or another) voids the code before.
    """
    typed = address.strip()
    try:
        mail.read_address(typed)
    except mail.BadAddress:
        return [
            Fault(
                "address",
                it="Non è un indirizzo e-mail: scrivilo come nome@esempio.it",
                en="This is no e-mail address: write it like name@example.com",
            )
        ]
    if typed.casefold() == line.security_email.casefold():
        return [
            Fault(
                "same",
                it="È già il tuo indirizzo e-mail di sicurezza",
                en="It is your security e-mail address already",
            )
        ]
    if _codes_since(session, line, now - timedelta(hours=1)) >= MOST_CODES_AN_HOUR:
        return [
            Fault(
                "many",
                it="Ti abbiamo già mandato molti codici: riprova fra un'ora",
                en="We have sent you many codes already: try again in an hour",
            )
        ]
    code = "".join(chance.choice("0123456789") for _ in range(CODE_DIGITS))
    cancel_security_email(session, line.id or 0)
    session.add(
        EmailProof(
            line_id=line.id or 0,
            address=typed,
            code_hash=_code_hash(line.id or 0, typed, code),
            asked_at=now,
        )
    )
    mail.owe(
        session,
        "email_code",
        to=typed,
        cause=f"line {line.id}",
        at=now,
        payload={"code": code, "hours": int(CODE_GOOD.total_seconds() // 3600)},
        language=line.language,
        name=line.name,
    )
    note(session, line, "security_email_asked", by=by, now=now, after={"security_email": typed})
    return []


def confirm_security_email(
    session: Session, line: Line, code: str, *, now: datetime, by: By
) -> list[Fault]:
    """Give the code that was mailed: the address counts from now on.

    The notice goes to the old address and to the new one. A wrong code counts: commit all the same.
    """
    waits = waiting_email(session, line.id or 0, now)
    if waits is None:
        return [
            Fault(
                "over",
                it="Il codice non vale più: fattene mandare un altro",
                en="The code is no longer good: have another one sent",
            )
        ]
    row = session.get_one(EmailProof, line.id)
    plain = "".join(sign for sign in code[:40] if sign.isascii() and sign.isdigit())
    if not hmac.compare_digest(row.code_hash, _code_hash(line.id or 0, row.address, plain)):
        row.tries += 1
        session.add(row)
        left = CODE_TRIES - row.tries
        return [
            Fault(
                "code",
                it="Il codice non è quello che ti abbiamo mandato"
                + (f": puoi provare ancora {left} volte" if left > 1 else ""),
                en="This is not the code we sent you"
                + (f": you can try {left} more times" if left > 1 else ""),
            )
        ]
    old, new = line.security_email, row.address
    session.delete(row)
    line.security_email = new
    session.add(line)
    note(
        session,
        line,
        "security_email_changed",
        by=by,
        now=now,
        before={"security_email": old},
        after={"security_email": new},
    )
    warn(session, line, "security_email", by=by, now=now, to=(old, new) if old else (new,))
    return []


def cancel_security_email(session: Session, line_id: int) -> bool:
    """Let go of an address that waits for its code; whether there was one."""
    row = session.get(EmailProof, line_id)
    if row is None:
        return False
    session.delete(row)
    session.flush()
    return True


def _codes_since(session: Session, line: Line, at: datetime) -> int:
    """How many codes were asked for since then, as the log of changes has it."""
    asked = select(func.count()).where(
        AuditEntry.what == "security_email_asked",
        AuditEntry.line == line.extension,
        col(AuditEntry.at) > at,
    )
    return session.exec(asked).one()


def _code_hash(line_id: int, address: str, code: str) -> str:
    # Few digits: what protects them is that five tries and a day are all there is.
    return hashlib.sha256(f"{line_id} {address} {code}".encode()).hexdigest()


# -- the last ones ------------------------------------------------------------------------------


def _was_used(session: Session, line: Line, kind: str, present: str, new: str) -> bool:
    past = [row.secret_hash for row in _past(session, line.id or 0, kind)[: KEPT[kind]]]
    return any(credentials.verify(kept, new) for kept in (present, *past) if kept)


def _past(session: Session, line_id: int, kind: str) -> list[PastSecret]:
    return list(
        session.exec(
            select(PastSecret)
            .where(PastSecret.line_id == line_id, PastSecret.kind == kind)
            .order_by(col(PastSecret.until).desc(), col(PastSecret.id).desc())
        )
    )


def _retire(session: Session, line: Line, kind: str, present: str, now: datetime) -> None:
    """Keep the digest of the secret that goes; those too old to matter are forgotten."""
    if present:
        session.add(PastSecret(line_id=line.id or 0, kind=kind, secret_hash=present, until=now))
        session.flush()
    old = [row.id for row in _past(session, line.id or 0, kind)[KEPT[kind] :]]
    if old:
        session.execute(delete(PastSecret).where(col(PastSecret.id).in_(old)))
