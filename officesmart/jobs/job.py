"""What the office does by itself: `schedule` says when, one asyncio task looks, jobs do.

A job is a file in this folder (or in `jobs/` of OFFICESMART_EXTRA) with JOBS, a tuple of Job. A job
is a short coroutine; one that fails is logged and stops no other, one that still runs is not
started a second time.

Portals that share a data folder must not do the same thing twice: only the one that holds the lock
on `jobs.lock` has jobs. The kernel lets go of it when that process ends, however it ends, and
another one takes over at its next look. It is not the PBX's own lock, because a portal may run
without a PBX in its process (OFFICESMART_PBX=remote) and still has to send its mail.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

import pytz  # type: ignore[import-untyped]  # `schedule` takes no other kind of zone
import schedule

from officesmart.desk import Desk
from pbx.discover import modules_in, modules_of

log = logging.getLogger(__name__)

TICK = 1.0  # seconds between looks
GRACE = 5.0  # seconds for a job to end by itself when the portal stops
LOCK = "jobs.lock"

When = Callable[[schedule.Scheduler, Any], schedule.Job]
"Given a scheduler and the office's time zone (for `.at`): `lambda s, zone: s.every(5).seconds`."
Deed = Callable[[Desk], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Job:
    """Something done again and again."""

    name: str
    when: When
    work: Deed
    begin: Deed | None = None
    "Done once before the first work, in the process that has the jobs now."


def found_jobs() -> tuple[Job, ...]:
    """Every job: ours, then those of a customer's folder."""
    extra = os.environ.get("OFFICESMART_EXTRA", "")
    theirs = [Path(extra) / "jobs"] if extra else []
    modules = [*modules_of("officesmart.jobs"), *modules_in(theirs, prefix="extra_job")]
    return tuple(
        job for module in modules for job in getattr(module, "JOBS", ()) if isinstance(job, Job)
    )


class Duty:
    """The lock of the one process that has the jobs."""

    def __init__(self, data: Path) -> None:
        self._path = data / LOCK
        self._file: IO[str] | None = None

    def take(self) -> bool:
        """Whether the jobs are this process's, now. Returns at once."""
        if self._file is not None:
            return True
        file = self._path.open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        self._file = file
        return True

    def leave(self) -> None:
        """Another process may have them."""
        if self._file is not None:
            self._file.close()
            self._file = None


class Jobs:
    """The jobs of one portal. Belongs to the web's loop."""

    def __init__(self, here: Desk, jobs: Iterable[Job]) -> None:
        self._here = here
        self._duty = Duty(here.database.data)
        self._scheduler = schedule.Scheduler()
        self._jobs = {job.name: job for job in jobs}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._begun: set[str] = set()
        self._has = False
        zone = _for_schedule(here.zone)
        for job in self._jobs.values():
            job.when(self._scheduler, zone).do(partial(self._start, job))

    async def run(self) -> None:
        """Look every second, until cancelled; then let what runs end."""
        try:
            while True:
                try:
                    self.tick()
                except Exception:  # one wrong job must not end the others
                    log.exception("the jobs stumbled")
                await asyncio.sleep(TICK)
        finally:
            await self.stop()

    def tick(self) -> None:
        """Start what is due, if the jobs are ours."""
        had, self._has = self._has, self._duty.take()
        if self._has and not had:
            log.info("this process has the jobs: %s", ", ".join(self._jobs))
        if self._has:
            self._scheduler.run_pending()

    def soon(self, name: str) -> None:
        """Start a job now, without waiting for its time; at once again if it is at work."""
        if not self._has:
            return
        if name in self._running:
            self._again.add(name)
        elif name in self._jobs:
            self._start(self._jobs[name])

    async def stop(self) -> None:
        """Wait a little for what runs, then cut it short, and let another process take over."""
        running = list(self._running.values())
        self._has = False
        self._again.clear()
        if running:
            await asyncio.wait(running, timeout=GRACE)
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
        self._duty.leave()

    async def idle(self) -> None:
        """Wait until nothing runs."""
        while self._running:
            await asyncio.wait(list(self._running.values()))

    def _start(self, job: Job) -> None:
        if job.name in self._running:
            log.debug("%s is still at work", job.name)
            return
        task = asyncio.create_task(self._do(job), name=f"job-{job.name}")
        self._running[job.name] = task
        task.add_done_callback(partial(self._done, job))

    def _done(self, job: Job, task: asyncio.Task[None]) -> None:
        del self._running[job.name]
        if job.name in self._again:
            self._again.discard(job.name)
            self._start(job)

    async def _do(self, job: Job) -> None:
        try:
            if job.begin is not None and job.name not in self._begun:
                await job.begin(self._here)
            self._begun.add(job.name)
            await job.work(self._here)
        except Exception:  # whatever it is, the next time may go well
            log.exception("%s failed", job.name)


def _for_schedule(zone: ZoneInfo) -> Any:
    """The same zone in the form that `schedule` knows."""
    return pytz.timezone(zone.key)


_now: Jobs | None = None


async def keep_jobs(here: Desk) -> None:
    """The jobs of this portal for as long as it runs: one task of the lifespan."""
    global _now
    _now = Jobs(here, found_jobs())
    try:
        await _now.run()
    finally:
        _now = None


def soon(name: str) -> None:
    """Start a job now, if this process has the jobs; else its own time comes elsewhere."""
    if _now is not None:
        _now.soon(name)
