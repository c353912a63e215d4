"""Every night: calls and deleted messages that are older than the office keeps them go for good.

Where the machine is switched off at night, they go when it is on again.

In small steps, so that nobody who calls meanwhile waits for the database. A message's row goes
first; its sound once that is safely kept. The log has it as the office's own deed.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlmodel import Session, col, select

from officesmart.administration import audit, office_settings
from officesmart.administration.audit import Author
from officesmart.desk import Desk
from officesmart.jobs.job import Job
from pbx.store import messages
from pbx.tables import CallRecord, Line, VoiceMessage

log = logging.getLogger(__name__)

NAME = "retention"
BEGINS = timedelta(hours=3, minutes=20)
"After midnight, on the office's clock."
LOOKS = 10  # minutes between looks whether it is time
STEP = 200  # rows of one transaction: some milliseconds of the writer's lane
MOST_STEPS = 5_000
"Of one night; what is left goes the next."


@dataclass(frozen=True, slots=True)
class Limits:
    """What is older than these moments goes."""

    calls: datetime
    messages: datetime


def limits(session: Session, now: datetime) -> Limits:
    """By the office's settings, as of this moment."""
    kept = office_settings.values_of(session)
    return Limits(
        calls=_months_before(now, kept.history_months),
        messages=now - timedelta(days=kept.deleted_days),
    )


def drop_calls(session: Session, before: datetime) -> int:
    """Delete the oldest calls that began before a moment, STEP at most; how many."""
    rows = session.exec(
        select(CallRecord)
        .where(CallRecord.started_at < before)
        .order_by(col(CallRecord.started_at))
        .limit(STEP)
    ).all()
    for row in rows:
        session.delete(row)
    return len(rows)


def drop_messages(here: Desk, before: datetime, session: Session) -> list[str]:
    """Delete messages deleted before a moment, STEP at most; the extensions they were of."""
    rows = session.execute(
        select(VoiceMessage.id, VoiceMessage.line_id, Line.extension)
        .join(Line, col(Line.id) == col(VoiceMessage.line_id))
        .where(VoiceMessage.state == "deleted", col(VoiceMessage.deleted_at) < before)
        .order_by(col(VoiceMessage.deleted_at))
        .limit(STEP)
    ).all()
    data = here.database.data
    return [
        extension
        for message, line, extension in rows
        if messages.purge(session, data, line, message)
    ]


async def work(here: Desk) -> None:
    """Purge what is due, a step at a time."""
    now = here.now()
    due = await here.database.read(lambda s: limits(s, now))
    calls = gone = 0
    lines: set[str] = set()
    for _ in range(MOST_STEPS):
        step = await here.database.run(lambda s: drop_calls(s, due.calls))
        calls += step
        if step < STEP:
            break
    for _ in range(MOST_STEPS):
        of = await here.database.run(partial(drop_messages, here, due.messages))
        gone += len(of)
        lines |= set(of)
        if len(of) < STEP:
            break
    if not calls and not gone:
        return
    author = Author("", "Office Smart", now)
    told = {name: count for name, count in (("records", calls), ("messages", gone)) if count}
    await here.database.run(lambda s: audit.note(s, author, "purged", after=told))
    log.info("purged %d calls and %d messages", calls, gone)
    here.live.owe(lines, "messages")
    here.live.owe_all("records")


def _months_before(moment: datetime, months: int) -> datetime:
    """The same day and time so many months earlier; the month's last day where there is none."""
    total = moment.year * 12 + moment.month - 1 - months
    year, month = divmod(total, 12)
    for day in (moment.day, 30, 29, 28):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


class Nightly:
    """`work` once for each night: at its time, or as soon as this process is there to do it."""

    def __init__(self) -> None:
        self._done: date | None = None

    async def work(self, here: Desk) -> None:
        """Look whether a night has come; what fails is tried again at the next look."""
        night = (here.now().astimezone(here.zone) - BEGINS).date()
        if night != self._done:
            await work(here)
            self._done = night


JOBS = (Job(NAME, lambda s, zone: s.every(LOOKS).minutes, Nightly().work),)
