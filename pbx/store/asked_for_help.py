"""Who called an emergency number in the last hour, read from the records: after a restart the
help may still call back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from pbx.tables import CallRecord

LATELY = timedelta(minutes=60)
LONGEST = timedelta(hours=24)
"Calls that began earlier are not looked for: `ended_at` has no index, `started_at` has."


def asked_for_help(session: Session, now: datetime) -> tuple[tuple[str, datetime], ...]:
    """Extensions with an emergency call that went on within the hour before `now`, and when it
    ended."""
    rows = session.exec(
        select(CallRecord).where(
            col(CallRecord.started_at) > now - LONGEST, col(CallRecord.ended_at) > now - LATELY
        )
    )
    return tuple(
        (str(tried.get("payer", "")), row.ended_at)
        for row in rows
        for tried in (row.phones if isinstance(row.phones, list) else ())
        if isinstance(tried, Mapping) and tried.get("kind") == "emergency"
    )
