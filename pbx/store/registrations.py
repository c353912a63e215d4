"""Who is registered, so that a restart forgets no phone.

The registrar holds the truth while it runs; rows follow within a tenth of a second. A phone's
number (`phone`) is chosen by the registrar and is the row's id: it stays the same over restarts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select
from sqlmodel import Session, col

from pbx.store.behind import GATHER, Behind
from pbx.store.session import Database
from pbx.tables import Registration, SipAccount


@dataclass(frozen=True, slots=True)
class StoredRegistration:
    """One phone's contact, as kept (RFC 3261 s.10). Moments are aware."""

    phone: int
    account_id: int
    binding: str
    "What tells this phone from the account's others; one row for each (account_id, binding)."
    contact: str
    transport: str
    source_host: str
    source_port: int
    call_id: str
    cseq: int
    registered_at: datetime
    seen_at: datetime
    expires_at: datetime
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class _Gone:
    account_id: int
    binding: str


COLUMNS = tuple(each.name for each in fields(StoredRegistration) if each.name != "phone")


def load_all(session: Session) -> tuple[StoredRegistration, ...]:
    """Every registration kept, expired ones too (the registrar judges by its own clock)."""
    rows = session.connection().execute(
        select(*(_column(name) for name in ("id", *COLUMNS))).order_by(_column("id"))
    )
    return tuple(
        StoredRegistration(phone=phone, **dict(zip(COLUMNS, rest, strict=True)))
        for phone, *rest in rows
    )


def next_phone(kept: Sequence[StoredRegistration]) -> int:
    """The first number free for a new phone."""
    return max((each.phone for each in kept), default=0) + 1


class Registrations:
    """Writes registrations behind the registrar's back. Belongs to the PBX's loop."""

    def __init__(self, database: Database, *, gather: float = GATHER) -> None:
        self._behind: Behind[StoredRegistration | _Gone] = Behind(database, _write, gather=gather)

    def keep(self, registration: StoredRegistration) -> None:
        """A phone registered, moved or refreshed."""
        self._behind.put(registration)

    def drop(self, account_id: int, binding: str) -> None:
        """A phone signed out, was removed, or its time ran out."""
        self._behind.put(_Gone(account_id, binding))

    async def flush(self) -> None:
        """Write what waits, now."""
        await self._behind.flush()

    async def stop(self) -> None:
        """Write what waits, for the end of the process; gives up on a database that is stuck."""
        await self._behind.stop()


def _column(name: str) -> Any:
    return Registration.__table__.c[name]  # type: ignore[attr-defined]


# Deleting first makes an upsert that every database understands.
_DELETE_BINDING = delete(Registration).where(
    _column("account_id") == bindparam("of_account"), _column("binding") == bindparam("of_binding")
)
_DELETE_PHONE = delete(Registration).where(_column("id") == bindparam("of_phone"))


def _write(session: Session, batch: Sequence[StoredRegistration | _Gone]) -> None:
    # Only the last word about each phone counts; a phone that refreshed ten times is one row.
    last = {(each.account_id, each.binding): each for each in batch}
    rows = session.connection()
    rows.execute(
        _DELETE_BINDING,
        [{"of_account": account, "of_binding": binding} for account, binding in last],
    )
    kept = [each for each in last.values() if isinstance(each, StoredRegistration)]
    if not kept:
        return
    # An account deleted meanwhile takes its phones along; the rest of the batch must not suffer.
    accounts = set(rows.scalars(select(col(SipAccount.id))))
    values = [_values(each) for each in kept if each.account_id in accounts]
    if values:
        rows.execute(_DELETE_PHONE, [{"of_phone": each["id"]} for each in values])
        rows.execute(insert(Registration), values)


def _values(registration: StoredRegistration) -> dict[str, Any]:
    return {"id": registration.phone} | {name: getattr(registration, name) for name in COLUMNS}
