"""Forgets what the door no longer needs: ended sessions, used links, old failures, old browsers."""

from __future__ import annotations

from sqlmodel import Session

from officesmart import auth, patience, remembered, resets
from officesmart.desk import Desk
from officesmart.jobs.job import Job

EVERY = 10  # minutes


async def clean(here: Desk) -> None:
    """All of it, in one transaction."""
    now = here.now()

    def work(session: Session) -> None:
        auth.end_idle(session, now)
        patience.sweep(session, now)
        remembered.sweep(session, now)
        resets.sweep(session, now)

    await here.database.run(work)


JOBS = (Job("door_cleaning", lambda s, zone: s.every(EVERY).minutes, clean),)
