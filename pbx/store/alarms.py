"""Alarms: what the administrator must hear of by mail, as rows of the outbox.

A row says what happened and is written by the exchange; whom it is mailed to is the portal's to
know (`officesmart/jobs/alarms.py`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from pbx.routing.limits import HOUR, Hit
from pbx.store import outbox
from pbx.tables import OutboxItem

KIND = "alarm"
PATIENCE = timedelta(minutes=2)
"""How long an outside line is down before it is worth a mail: a provider that restarts is back by
then, and calls have gone by the next line all the while."""


def limit_met(session: Session, met: Hit, at: datetime) -> bool:
    """Owe a mail about a limit; at most one for a line (or the office) in an hour. False: there
    was one."""
    cause = f"limit {met.line or 'office'}"
    last = _last(session, cause)
    if last is not None and at - last.created_at < HOUR:
        return False
    it, en = met.words()
    outbox.owe(
        session,
        KIND,
        cause=cause,
        at=at,
        payload={"what": "limit", "line": met.line, "it": it, "en": en, "at": at.isoformat()},
    )
    return True


def trunk_moved(
    session: Session, trunk: int, name: str, state: str, why: tuple[str, str], at: datetime
) -> None:
    """An outside line went down or came back: one mail each, however often it is told.

    One that is back before PATIENCE has passed is no news; one that was switched off or removed
    is down by the administrator's own hand.
    """
    cause = f"trunk {trunk}"
    last = _last(session, cause)
    known_down = last is not None and last.payload.get("what") == "trunk_down"
    told = {"trunk": trunk, "name": name, "it": why[0], "en": why[1], "at": at.isoformat()}
    if state == "down" and not known_down:
        row = outbox.owe(session, KIND, cause=cause, at=at, payload={"what": "trunk_down", **told})
        row.due_at = at + PATIENCE
    elif state in ("up", "off") and known_down:
        assert last is not None
        if last.state == "waiting":
            session.delete(last)
        else:
            what = {"what": "trunk_up" if state == "up" else "trunk_off", **told}
            row = outbox.owe(
                session,
                KIND,
                cause=cause,
                at=at,
                payload={**what, "since": last.payload.get("at", "")},
            )
            if state == "off":  # nothing to tell; but the next outage is a new one
                row.state = "done"


def _last(session: Session, cause: str) -> OutboxItem | None:
    return session.exec(
        select(OutboxItem)
        .where(OutboxItem.kind == KIND, OutboxItem.cause == cause)
        .order_by(col(OutboxItem.id).desc())
    ).first()
