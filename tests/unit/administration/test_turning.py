"""The hour comes: pages that show it are told once, and then it is quiet again."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from officesmart.desk import Desk
from officesmart.live import Tab as Watched
from officesmart.turning import MOST, Turning, asleep
from pbx.tables import OpeningHours

WEEK = [[["09:00", "18:00"]] for _ in range(5)] + [[], []]


@pytest.fixture
def tabs(here: Desk) -> list[Watched]:
    """An administrator's tab, and somebody's who sees only his line."""
    with here.database.session() as session:
        session.add(OpeningHours(name="Ufficio", week=WEEK))
    made = [
        Watched("a", "s", "203", 3, "x", sees_all=True),
        Watched("b", "t", "201", 1, "x"),
    ]
    for tab in made:
        here.live.watch(tab)
    return made


def at(here: Desk, hour: int, minute: int, second: int = 0, *, day: int = 23) -> Any:
    clock: Any = here.clock
    clock.moment = datetime(2026, 11, day, hour - 1, minute, second, tzinfo=UTC)  # Rome, winter


def test_pages_are_told_when_the_office_opens_and_only_then(
    here: Desk, tabs: list[Watched]
) -> None:
    admin, user = tabs
    turning = Turning(here)
    at(here, 8, 59, 30)
    assert asyncio.run(turning.look()) == pytest.approx(30.05)
    assert admin.owed == set()
    at(here, 9, 0)
    assert asyncio.run(turning.look()) == MOST
    assert (admin.owed, user.owed) == ({"office"}, set())
    admin.owed.clear()
    at(here, 9, 1)
    asyncio.run(turning.look())
    assert admin.owed == set()


def test_midnight_turns_tomorrow_into_today(here: Desk, tabs: list[Watched]) -> None:
    turning = Turning(here)
    at(here, 23, 59, 50)
    assert asyncio.run(turning.look()) == pytest.approx(10.05)
    at(here, 1, 0, day=24)
    asyncio.run(turning.look())
    assert tabs[0].owed == {"office"}


def test_a_clock_set_back_keeps_nobody_busy() -> None:
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert asleep(now, now) > 0
    assert asleep(now, datetime(2026, 11, 23, 8, tzinfo=UTC)) > 0
