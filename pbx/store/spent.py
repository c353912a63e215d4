"""What calls outside have cost in the last hour, read from the records: a restart forgets nothing
that ended before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from pbx.routing.limits import DEAR, HOUR, Spent
from pbx.tables import CallRecord

LONGEST = timedelta(hours=24)
"Calls that began earlier are not looked for: `ended_at` has no index, `started_at` has."


def last_hour(session: Session, now: datetime) -> tuple[Spent, ...]:
    """The expensive calls of the hour before `now`."""
    rows = session.exec(
        select(CallRecord).where(
            col(CallRecord.started_at) > now - LONGEST, col(CallRecord.ended_at) > now - HOUR
        )
    )
    return tuple(each for row in rows for each in _of(row))


def _of(row: CallRecord) -> Iterable[Spent]:
    for tried in row.phones if isinstance(row.phones, list) else ():
        if not isinstance(tried, Mapping) or tried.get("kind") not in DEAR:
            continue
        talked = tried.get("status") == 200 and row.answered_at is not None
        yield Spent(
            payer=str(tried.get("payer", "")),
            kind=str(tried["kind"]),
            began=row.started_at,
            answered=row.answered_at if talked else None,
            ended=row.ended_at,
        )
