"""How a line's owner gets in, as an administrator sees it, and the mail that explains it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from officesmart import mail
from officesmart.administration import audit
from officesmart.administration.audit import Author
from officesmart.administration.lines import Gone, Refused
from officesmart.administration.rules import Fault
from pbx.tables import Line, Mailbox


@dataclass(frozen=True, slots=True)
class AccessFacts:
    """One line's way in. The security e-mail is its owner's alone to change."""

    welcomed_at: datetime | None
    security_email: str
    mail_to: str
    "Where instructions go: the line's own address, else the security one; '' for neither."
    has_pin: bool


def access_of(session: Session, line_id: int) -> AccessFacts:
    """How this line's owner gets in. Raises Gone."""
    line = session.get(Line, line_id)
    if line is None:
        raise Gone
    box = session.get(Mailbox, line_id)
    return AccessFacts(
        welcomed_at=line.welcomed_at,
        security_email=line.security_email,
        mail_to=line.email or line.security_email,
        has_pin=box is not None and bool(box.pin_hash),
    )


NO_ADDRESS = Fault(
    "La linea non ha un'e-mail: scrivila in Generale, o stampa il foglio di benvenuto",
    "The line has no e-mail: write it under General, or print the welcome sheet",
)


def send_instructions(session: Session, author: Author, line_id: int) -> str:
    """Owe the mail that says how to sign in; answers its address. Raises Gone, Refused."""
    line = session.get(Line, line_id)
    if line is None:
        raise Gone
    to = line.email or line.security_email
    if not to:
        raise Refused({"": NO_ADDRESS})
    try:
        mail.owe(
            session,
            "welcome",
            to=to,
            cause=f"line {line.id}",
            at=author.at,
            payload={"line": line.id},
            language=line.language,
            name=line.name,
        )
    except mail.BadAddress as bad:
        raise Refused({"": NO_ADDRESS}) from bad
    audit.note(
        session,
        author,
        "welcome_mailed",
        line=line.extension,
        line_name=line.name,
        after={"to": to},
    )
    return to
