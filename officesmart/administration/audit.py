"""The log of changes: written with each change, read by the page /admin/registro.

`noting` lets code that knows nothing of the log (the import) write it all the same: what its
transaction changed of lines is compared at the end, inside that transaction.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Text, func, or_
from sqlalchemy import cast as as_type
from sqlmodel import Session, col, select

from pbx.store.session import Database
from pbx.tables import AuditEntry, Line, Mailbox

THINGS = {
    "site": ("la sede", "the site"),
    "number": ("il numero", "the number"),
    "hours": ("gli orari", "the opening hours"),
    "closing": ("la chiusura", "the closing day"),
    "code": ("il codice breve", "the short code"),
    "pickup": ("il Gruppo di Pick-Up", "the pickup group"),
}
"What administrators keep beside lines (keeping.py), as the log calls it."
THING_DEEDS = ("created", "changed", "deleted", "imported")
DEEDS = (
    *("line_created", "line_changed", "line_deleted", "line_imported"),
    *("account_added", "account_changed", "account_removed"),
    *("portal_reset", "sip_reset", "pin_reset", "phone_signed_out"),
    *("exported", "backed_up", "restored", "sheet_printed", "welcome_mailed"),
    "unlocked",
    # What people do to their own sign-in (officesmart/identity).
    *("password_changed", "pin_changed", "security_email_asked", "security_email_changed"),
    *("two_factor_on", "two_factor_off", "recovery_codes_made", "recovery_code_used"),
    *("passkey_added", "passkey_removed"),
    *("browser_signed_out", "browser_forgotten", "signed_out_everywhere"),
    *(f"{thing}_{deed}" for thing in THINGS for deed in THING_DEEDS),
    *("log_exported", "mail_retried", "mail_given_up", "mail_removed", "mail_tested"),
    *("role_taken", "role_left", "viewed_as", "view_ended"),
    *("trunk_created", "trunk_changed", "trunk_moved", "trunk_deleted"),
    *("dialling_changed", "rule_kept", "rule_removed", "rights_changed", "limits_changed"),
    *("star_code_changed", "star_codes_reset", "office_changed", "mailboxes_set"),
    *("music_changed", "purged", "services_changed"),
    "set_by_code",  # written by pbx/store/services.py
)
NOTED = ("extension", "name", "email", "number", "site", "role", "language", "active", "rights")
"What of a line's own row is compared."


@dataclass(frozen=True, slots=True)
class Author:
    """Who does something, and when."""

    extension: str
    name: str
    at: datetime
    system_user: str = ""
    "Whose terminal it was, for the command line."


def command_line(at: datetime) -> Author:
    """Whoever is at the terminal of the machine."""
    try:
        account = getpass.getuser()
    except (OSError, KeyError):  # a container may know its user by number only
        account = str(os.getuid())
    return Author("", "", at, account)


def note(
    session: Session,
    author: Author,
    what: str,
    *,
    line: str = "",
    line_name: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write one entry into this session's transaction. What did not change is left out."""
    assert what in DEEDS, what
    old, new = dict(before or {}), dict(after or {})
    if author.system_user:
        new["system_user"] = author.system_user
    same = {name for name in old.keys() & new.keys() - {"user"} if old[name] == new[name]}
    session.add(
        AuditEntry(
            at=author.at,
            who=author.extension,
            who_name=author.name,
            line=line,
            line_name=line_name,
            what=what,
            before={name: value for name, value in old.items() if name not in same},
            after={name: value for name, value in new.items() if name not in same},
        )
    )


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the log, newest first."""

    entries: tuple[AuditEntry, ...]
    total: int


def search(session: Session, text: str, *, offset: int = 0, limit: int = 50) -> Found:
    """Entries in which every word of `text` appears: names, extensions, fields or values."""
    chosen = select(AuditEntry)
    for word in text.split()[:8]:
        like = f"%{_escaped(word[:80])}%"
        chosen = chosen.where(
            or_(
                *(
                    column.like(like, escape="\\")
                    for column in (
                        col(AuditEntry.who),
                        col(AuditEntry.who_name),
                        col(AuditEntry.line),
                        col(AuditEntry.line_name),
                        col(AuditEntry.what),
                        as_type(col(AuditEntry.before), Text),
                        as_type(col(AuditEntry.after), Text),
                    )
                )
            )
        )
    total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    newest = chosen.order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc())
    rows = session.exec(newest.offset(offset).limit(limit)).all()
    return Found(tuple(rows), total)


def last_change(session: Session, line: str) -> AuditEntry | None:
    """The latest change of this line's own fields, as far as the log knows."""
    return session.exec(
        select(AuditEntry)
        .where(
            AuditEntry.line == line,
            col(AuditEntry.what).in_(("line_changed", "line_imported", "line_created")),
        )
        .order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc())
    ).first()


def last_of(session: Session, thing: str, name: str) -> AuditEntry | None:
    """The latest change of a thing of this name, as far as the log knows."""
    return session.exec(
        select(AuditEntry)
        .where(
            AuditEntry.line_name == name,
            col(AuditEntry.what).in_([f"{thing}_{deed}" for deed in THING_DEEDS]),
        )
        .order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc())
    ).first()


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


class _Noting:
    """A database whose writing sessions note what they change of lines."""

    def __init__(self, database: Database, author: Author, what: str) -> None:
        self._database, self._author, self._what = database, author, what

    def reading(self) -> AbstractContextManager[Session]:
        """As it is."""
        return self._database.reading()

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Compared at the end, before the commit."""
        with self._database.session() as session:
            was = _lines(session)
            yield session
            session.flush()
            for extension, now in _lines(session).items():
                if was.get(extension) != now:
                    note(
                        session,
                        self._author,
                        self._what,
                        line=extension,
                        line_name=now["name"],
                        before=was.get(extension),
                        after=now,
                    )


def noting(database: Database, author: Author, what: str) -> Database:
    """The same database for a deed that asks only for sessions, with its changes in the log."""
    return cast(Database, _Noting(database, author, what))


def _lines(session: Session) -> dict[str, dict[str, Any]]:
    columns: tuple[Any, ...] = tuple(getattr(Line, name) for name in NOTED)
    columns += (col(Mailbox.enabled).label("mailbox"),)
    found = session.connection().execute(select(*columns).select_from(Line).outerjoin(Mailbox))
    return {row.extension: dict(row._mapping) for row in found}
