"""Giving somebody a line: the row, the SIP account, the mailbox, and the secrets' digests.

Used by the first start, the import and the command line. Digests cost processor time, so they are
made before the transaction, on every core.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, delete
from sqlmodel import Session, col, select

from officesmart import auth, places, pointers
from officesmart.identity.secrets import replaced
from officesmart.identity.told import By
from officesmart.tables import PasswordReset, RememberedBrowser, WebSession
from pbx import credentials
from pbx.config import cores
from pbx.store import settings
from pbx.tables import Line, Mailbox, SipAccount


@dataclass(frozen=True, slots=True)
class Secrets:
    """What somebody needs to sign in, in clear; never kept. Empty ones stay as they are."""

    password: str = field(default="", repr=False)
    sip_password: str = field(default="", repr=False)
    pin: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Digests:
    """What is kept of secrets."""

    password: str = ""
    pin: str = ""
    ha1_md5: str = ""
    ha1_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A line as it is to be. A field that is None stays as it is, or begins at its default."""

    extension: str
    name: str | None = None
    email: str | None = None
    number: str | None = None
    "E.164."
    site: str | None = None
    role: str | None = None
    language: str | None = None
    rights: str | None = None
    "Names of pbx.routing.rights.CLASSES, separated by spaces; new lines get the office's own."
    mailbox: bool | None = None
    "Whether it has one in use; new lines have."
    active: bool | None = None
    secrets: Secrets = Secrets()


def made_up(extension: str, *, name: str = "", number: str = "") -> Secrets:
    """Random secrets for a line, which break none of the rules for its own."""
    return Secrets(
        password=credentials.random_password(extension=extension, name=name, number=number),
        sip_password=credentials.random_sip_password(extension=extension, name=name, number=number),
        pin=credentials.random_pin(extension=extension, number=number),
    )


def digests_of(
    enrolments: Iterable[Enrolment], *, each: Callable[[], None] = lambda: None
) -> list[Digests]:
    """The digests of each one's secrets, made on every core; some 30 ms of processor a line.

    each: called after every one, in the caller's thread; what it raises ends the work.
    """
    made = []
    pool = ThreadPoolExecutor(cores())
    try:
        for digests in pool.map(_digest, enrolments):
            made.append(digests)
            each()
    finally:
        pool.shutdown(cancel_futures=True)
    return made


def _digest(enrolment: Enrolment) -> Digests:
    secrets, user = enrolment.secrets, enrolment.extension
    sip = secrets.sip_password
    return Digests(
        password=credentials.hash_password(secrets.password) if secrets.password else "",
        pin=credentials.hash_pin(secrets.pin) if secrets.pin else "",
        ha1_md5=credentials.ha1_md5(user, sip) if sip else "",
        ha1_sha256=credentials.ha1_sha256(user, sip) if sip else "",
    )


OF_LINE = ("name", "email", "number", "site", "role", "language", "rights", "active")
"What of an enrolment is a field of the line's row."
NOBODY = By("", "")
"Whoever imports or types a command; the notice to a line's owner names no one."


def write(
    session: Session,
    enrolments: Sequence[Enrolment],
    digests: Sequence[Digests],
    *,
    at: datetime,
) -> None:
    """Create or update lines with their accounts, mailboxes and sites, in few statements.

    A new portal password closes the line's browsers: whoever knew the old one is out. Somebody else
    knows the new one, so the line's owner is asked for one of his own at the next sign-in.
    """
    said = settings.read_all(session)
    lines = {line.extension: line for line in session.exec(select(Line))}
    spelled = places.ensure(session, [each.site for each in enrolments if each.site])
    for enrolment, digest in zip(enrolments, digests, strict=True):
        line = lines.get(enrolment.extension)
        if line is None:
            line = Line(
                extension=enrolment.extension,
                name=enrolment.name or "",
                rights=said[settings.RIGHTS],
                created_at=at,
            )
            lines[enrolment.extension] = line
            session.add(line)
        for name in OF_LINE:
            value = getattr(enrolment, name)
            if name == "site" and value:
                value = spelled[value.casefold()]
            if name == "number" and value is not None and line.number not in ("", value):
                pointers.left(session, line.number, line.extension)
            if name == "role" and value is not None and line.role != value and line.id:
                auth.step_down(session, line.id)
            if value is not None:
                setattr(line, name, value)
        if digest.password:
            replaced(session, line, "password", line.password_hash, now=at, by=NOBODY)
            line.password_hash, line.welcomed_at = digest.password, None
    session.flush()
    accounts = {account.username: account for account in session.exec(select(SipAccount))}
    mailboxes = {mailbox.line_id: mailbox for mailbox in session.exec(select(Mailbox))}
    closed = []
    for enrolment, digest in zip(enrolments, digests, strict=True):
        line_id = lines[enrolment.extension].id
        assert line_id is not None  # flushed
        account = accounts.get(enrolment.extension)
        if account is None:
            account = SipAccount(line_id=line_id, username=enrolment.extension)
        if digest.ha1_md5:
            account.ha1_md5, account.ha1_sha256 = digest.ha1_md5, digest.ha1_sha256
        mailbox = mailboxes.get(line_id) or new_mailbox(line_id, said)
        if enrolment.mailbox is not None:
            mailbox.enabled = enrolment.mailbox
        if digest.pin:
            line = lines[enrolment.extension]
            replaced(session, line, "pin", mailbox.pin_hash, now=at, by=NOBODY)
            mailbox.pin_hash = digest.pin
        session.add_all((account, mailbox))
        if digest.password:
            closed.append({"of_line": line_id})
    if closed:
        for statement in _CLOSE:
            session.connection().execute(statement, closed)
    session.flush()


def new_mailbox(line_id: int, said: Mapping[str, str]) -> Mailbox:
    """A mailbox with the room that the office gives new ones; said: the office's settings."""
    box = Mailbox(line_id=line_id)
    for name, setting in (
        ("max_messages", settings.MAX_MESSAGES),
        ("max_seconds", settings.MAX_SECONDS),
    ):
        if re.fullmatch(r"[0-9]{1,9}", said[setting]):
            setattr(box, name, int(said[setting]))
    return box


_CLOSE = tuple(
    delete(table).where(col(table.line_id) == bindparam("of_line"))
    for table in (WebSession, RememberedBrowser, PasswordReset)
)
