"""Jobs: one process has them, one failure stops no other, and none runs twice at once."""

from __future__ import annotations

import asyncio
import datetime as real
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import schedule

from officesmart.desk import Desk
from officesmart.jobs import job, outbox_mail
from officesmart.jobs.job import Duty, Job, Jobs, found_jobs
from tests.unit.mail.office import Office, story


class WallClock:
    """What `schedule` takes for the time of day."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)

    def forward(self, **how_much: float) -> None:
        self.moment += timedelta(**how_much)


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Iterator[WallClock]:
    clock = WallClock()

    class HandTime(real.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            # `schedule` keeps its times naive, in the machine's own zone.
            return (
                clock.moment.astimezone(tz)
                if tz
                else clock.moment.astimezone().replace(tzinfo=None)
            )

    shim = SimpleNamespace(**{name: getattr(real, name) for name in dir(real) if name[0] != "_"})
    shim.datetime = HandTime
    monkeypatch.setattr(schedule, "datetime", shim)
    yield clock


def every(seconds: int) -> Any:
    return lambda s, zone: s.every(seconds).seconds


class Works:
    """A job's deed that counts, and waits or fails when told to."""

    def __init__(self) -> None:
        self.times = 0
        self.fails = False
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def __call__(self, here: Desk) -> None:
        self.times += 1
        if self.fails:
            raise RuntimeError("no")
        await self.may_end.wait()


async def a_while() -> None:
    """Whatever can go on without anybody's help has gone on."""
    for _ in range(20):
        await asyncio.sleep(0)


@story
async def test_a_job_runs_when_it_is_due(office: Office, wall: WallClock) -> None:
    work = Works()
    jobs = Jobs(office.here, [Job("work", every(5), work)])
    for seconds, times in ((0, 0), (4, 0), (1, 1), (1, 1), (5, 2)):
        wall.forward(seconds=seconds)
        jobs.tick()
        await jobs.idle()
        assert work.times == times
    await jobs.stop()


@story
async def test_one_that_fails_stops_no_other_and_is_tried_again(
    office: Office, wall: WallClock
) -> None:
    bad, good = Works(), Works()
    bad.fails = True
    jobs = Jobs(office.here, [Job("bad", every(5), bad), Job("good", every(5), good)])
    for _ in range(3):
        wall.forward(seconds=5)
        jobs.tick()
        await jobs.idle()
    assert (bad.times, good.times) == (3, 3)
    await jobs.stop()


@story
async def test_one_that_is_slow_is_not_started_twice(office: Office, wall: WallClock) -> None:
    slow, other = Works(), Works()
    slow.may_end.clear()
    jobs = Jobs(office.here, [Job("slow", every(5), slow), Job("other", every(5), other)])
    for _ in range(4):
        wall.forward(seconds=5)
        jobs.tick()
        await a_while()
    assert (slow.times, other.times) == (1, 4)
    slow.may_end.set()
    await jobs.idle()
    wall.forward(seconds=5)
    jobs.tick()
    await jobs.idle()
    assert slow.times == 2
    await jobs.stop()


@story
async def test_asked_for_while_at_work_means_once_more(office: Office, wall: WallClock) -> None:
    work = Works()
    work.may_end.clear()
    jobs = Jobs(office.here, [Job("work", every(3600), work)])
    jobs.soon("work")
    assert work.times == 0, "the jobs may be another process's: nobody has looked yet"
    jobs.tick()
    for _ in range(3):
        jobs.soon("work")
        await asyncio.sleep(0)
    work.may_end.set()
    await jobs.idle()
    assert work.times == 2
    jobs.soon("unknown")
    await jobs.stop()


@story
async def test_what_comes_first_comes_once(office: Office, wall: WallClock) -> None:
    begun, work = Works(), Works()
    begun.fails = True
    jobs = Jobs(office.here, [Job("work", every(5), work, begin=begun)])
    wall.forward(seconds=5)
    jobs.tick()
    await jobs.idle()
    assert (begun.times, work.times) == (1, 0)
    begun.fails = False
    for _ in range(3):
        wall.forward(seconds=5)
        jobs.tick()
        await jobs.idle()
    assert (begun.times, work.times) == (2, 3)
    await jobs.stop()


@pytest.mark.parametrize("day", [datetime(2026, 10, 23), datetime(2027, 3, 26)])
def test_the_night_begins_on_the_offices_clock(
    office: Office, wall: WallClock, day: datetime
) -> None:
    """03:40 in Rome, on both sides of a change of the clocks."""
    wall.moment = day.replace(hour=8, tzinfo=UTC)
    work = Works()
    ran = []

    async def told() -> None:
        jobs = Jobs(office.here, [Job("night", lambda s, z: s.every().day.at("03:40", z), work)])
        for _ in range(4 * 24 * 6):
            wall.forward(minutes=10)
            before = work.times
            jobs.tick()
            await jobs.idle()
            if work.times > before:
                ran.append(wall.moment.astimezone(office.here.zone).strftime("%d %H:%M"))
        await jobs.stop()

    asyncio.run(told())
    assert ran == [f"{day.day + later} 03:40" for later in (1, 2, 3, 4)]


@story
async def test_stopping_waits_a_little_then_cuts_short(
    office: Office, wall: WallClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "GRACE", 0.05)
    stuck = Works()
    stuck.may_end.clear()
    jobs = Jobs(office.here, [Job("stuck", every(5), stuck)])
    wall.forward(seconds=5)
    jobs.tick()
    await a_while()
    await asyncio.wait_for(jobs.stop(), 5)
    assert stuck.times == 1
    other = Duty(office.here.database.data)
    assert other.take(), "another process may take over"
    other.leave()


# -- one process --------------------------------------------------------------------------------


@story
async def test_a_second_portal_does_nothing_until_the_first_is_gone(
    office: Office, wall: WallClock
) -> None:
    one, two = Works(), Works()
    first = Jobs(office.here, [Job("work", every(5), one)])
    second = Jobs(office.here, [Job("work", every(5), two)])
    for _ in range(2):
        wall.forward(seconds=5)
        first.tick()
        second.tick()
        await asyncio.gather(first.idle(), second.idle())
    second.soon("work")
    assert (one.times, two.times) == (2, 0)
    await first.stop()
    wall.forward(seconds=5)
    second.tick()
    await second.idle()
    assert two.times == 1
    await second.stop()


def test_a_process_that_was_killed_lets_go(tmp_path: Path) -> None:
    holds = (
        "import sys; from pathlib import Path; from officesmart.jobs.job import Duty\n"
        "duty = Duty(Path(sys.argv[1])); print(duty.take(), flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holds, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == "True"
        duty = Duty(tmp_path)
        assert not duty.take()
        other.kill()
        other.wait()
        assert duty.take() and duty.take()
        duty.leave()


# -- which --------------------------------------------------------------------------------------


def test_the_jobs_are_found() -> None:
    found = {each.name: each for each in found_jobs()}
    assert {"outbox_mail", "outbox_sweep"} <= set(found)
    assert found["outbox_mail"].work == outbox_mail.postroom.work


def test_a_customers_job_is_found_and_a_broken_one_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "theirs.py").write_text(
        "from officesmart.jobs.job import Job\n"
        "async def work(here): ...\n"
        "JOBS = (Job('theirs', lambda s, zone: s.every(60).seconds, work),)\n"
    )
    (tmp_path / "jobs" / "wrong.py").write_text("1 / 0\n")
    monkeypatch.setenv("OFFICESMART_EXTRA", str(tmp_path))
    assert "theirs" in {each.name for each in found_jobs()}


@story
async def test_the_portal_keeps_them_and_a_page_can_hurry_one(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = asyncio.Event()

    async def work(here: Desk) -> None:
        started.set()

    monkeypatch.setattr(job, "found_jobs", lambda: (Job("work", every(3600), work),))
    monkeypatch.setattr(job, "TICK", 0.001)
    keeping = asyncio.create_task(job.keep_jobs(office.here))
    job.soon("work")  # before the portal is up: nothing

    async def hurry() -> None:
        while not started.is_set():
            job.soon("work")
            await asyncio.sleep(0)

    await asyncio.wait_for(hurry(), 5)
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    job.soon("work")  # after it is down: nothing
