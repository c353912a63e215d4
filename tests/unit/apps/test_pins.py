"""How often a PIN may be tried."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pbx.apps.pins import FREE, PinGuard

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def wrong(guard: PinGuard, times: int, *, own: bool = False, now: datetime = NOW) -> None:
    for _ in range(times):
        guard.wrong("201", own_phone=own, now=now)


def closed(guard: PinGuard, *, own: bool = False, now: datetime = NOW) -> bool:
    return guard.is_closed("201", own_phone=own, now=now)


def test_three_calls_of_mistakes_cost_nothing_until_the_last() -> None:
    guard = PinGuard()
    wrong(guard, FREE - 1)
    assert FREE == 9
    assert not closed(guard)
    wrong(guard, 1)
    assert closed(guard)


def test_it_opens_on_the_second_and_closes_for_longer() -> None:
    guard = PinGuard()
    wrong(guard, 9)
    later = NOW + timedelta(seconds=60)
    assert closed(guard, now=later - timedelta(microseconds=1))
    assert not closed(guard, now=later)
    wrong(guard, 2, now=later)
    assert not closed(guard, now=later)
    wrong(guard, 1, now=later)
    assert closed(guard, now=later + timedelta(seconds=299))
    assert not closed(guard, now=later + timedelta(seconds=300))


def test_the_own_phone_is_counted_apart() -> None:
    guard = PinGuard()
    wrong(guard, 9)
    assert not closed(guard, own=True)
    wrong(guard, 9, own=True)
    assert closed(guard, own=True)


def test_the_right_pin_forgets_everything() -> None:
    guard = PinGuard()
    wrong(guard, 8)
    guard.right("201", own_phone=False)
    wrong(guard, 8)
    assert not closed(guard)
