"""Mail, for whoever owes one: write the row in your own transaction, and the rest happens.

    owe(session, "security_notice", to=line.email, cause=f"line {line.id}", at=now,
        payload={"what": "password"}, language=line.language, name=line.name)

What is sent is in mailing/letters.py, how in mailing/post.py, when in jobs/outbox_mail.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from officesmart.i18n import known
from officesmart.mailing.envelope import Address, BadAddress, read_address
from officesmart.mailing.kinds import KINDS, NOTICE, set_notice, wants_notice
from officesmart.mailing.letters import CHANGES
from officesmart.mailing.queue import Counts, counts
from pbx.events.kinds import Trouble
from pbx.store import outbox
from pbx.tables import OutboxItem

TOPIC = "mail"
"What open pages are told when the outbox moved (live.py)."
GIVEN_UP = "mail_given_up"


def owe(
    session: Session,
    kind: str,
    *,
    to: str,
    cause: str,
    at: datetime,
    payload: Mapping[str, Any] | None = None,
    language: str = "it",
    name: str = "",
) -> OutboxItem:
    """Note a mail in the transaction of its cause; one row for each address.

    to: the address as typed. payload: what the kind needs: 'link' (and 'minutes') for
    password_reset, 'what' (one of CHANGES; 'address', 'by', 'at' if known) for security_notice,
    'by' for test_mail, 'line' (its id) for welcome. name: the reader's. Raises BadAddress, and
    ValueError for a kind that is unknown or lacks something.
    """
    told = dict(payload or {})
    if kind not in KINDS:
        raise ValueError(f"no such kind of mail: {kind!r}")
    lacking = KINDS[kind].needs - told.keys()
    if lacking:
        raise ValueError(f"{kind} needs {', '.join(sorted(lacking))}")
    if "what" in told and told["what"] not in CHANGES:
        raise ValueError(f"no such change: {told['what']!r}")
    read_address(to)
    told |= {"to": to.strip(), "name": name, "language": known(language)}
    return outbox.owe(session, kind, cause=cause, at=at, payload=told)


def trouble(session: Session, now: datetime) -> Trouble | None:
    """For the administrator's pages: mail that was given up and that nobody has looked after."""
    lost = counts(session).given_up
    if not lost:
        return None
    one = lost == 1
    return Trouble(
        GIVEN_UP,
        now,
        it="Un messaggio di posta non è stato spedito: guarda in Posta."
        if one
        else f"{lost} messaggi di posta non sono stati spediti: guarda in Posta.",
        en="One mail could not be sent: see Mail."
        if one
        else f"{lost} mails could not be sent: see Mail.",
    )


__all__ = [
    "CHANGES",
    "GIVEN_UP",
    "KINDS",
    "NOTICE",
    "TOPIC",
    "Address",
    "BadAddress",
    "Counts",
    "counts",
    "owe",
    "read_address",
    "set_notice",
    "trouble",
    "wants_notice",
]
