"""The outbox: deeds owed, written with their cause, acted on by jobs until done or given up.

Rows of a kind that nobody acts on yet (no mail server is set) simply wait.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from pbx.tables import OutboxItem

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
GIVE_UP = timedelta(hours=24)
"A deed that failed for a day is given up (behaviour 4.4)."


def owe(
    session: Session,
    kind: str,
    *,
    cause: str,
    at: datetime,
    payload: Mapping[str, Any] | None = None,
) -> OutboxItem:
    """Note a deed in the transaction of its cause. Flushed, so that the row has its id."""
    item = OutboxItem(kind=kind, cause=cause, payload=dict(payload or {}), created_at=at, due_at=at)
    session.add(item)
    session.flush()
    return item


def due(
    session: Session, at: datetime, *, kinds: Sequence[str], limit: int = 20
) -> tuple[OutboxItem, ...]:
    """Deeds of these kinds whose time has come, oldest first."""
    found = session.exec(
        select(OutboxItem)
        .where(
            OutboxItem.state == "waiting",
            col(OutboxItem.kind).in_(kinds),
            col(OutboxItem.due_at) <= at,
        )
        .order_by(col(OutboxItem.due_at), col(OutboxItem.id))
        .limit(limit)
    )
    return tuple(found)


def waiting(session: Session, *, kinds: Sequence[str] = ()) -> int:
    """How many deeds wait, for the page that says so; of all kinds when none is named."""
    count = select(func.count()).select_from(OutboxItem).where(OutboxItem.state == "waiting")
    if kinds:
        count = count.where(col(OutboxItem.kind).in_(kinds))
    return session.exec(count).one()


def done(session: Session, item_id: int) -> None:
    """The deed is done."""
    item = session.get(OutboxItem, item_id)
    if item is not None:
        item.state, item.error = "done", ""
        item.tries += 1


def failed(session: Session, item_id: int, *, at: datetime, error: str) -> bool:
    """The deed failed: try again later, each pause twice the last. False: given up after a day.

    A deed that first waited long (no mail server was set) has its day from the first try on.
    """
    item = session.get(OutboxItem, item_id)
    if item is None or item.state != "waiting":
        return False
    if item.tries == 0:
        item.payload = {**item.payload, "first_try": at.isoformat()}
    item.tries += 1
    item.error = error[:500]
    began = datetime.fromisoformat(item.payload["first_try"])
    if at - began >= GIVE_UP:
        item.state = "given_up"
        return False
    item.due_at = at + min(FIRST_PAUSE * 2 ** (item.tries - 1), LONGEST_PAUSE)
    return True
