"""Guessing passwords gets slower and slower, and only for who guesses."""

from __future__ import annotations

from pbx.peers.guard import FORGET, FREE, PAUSES, SOURCES, Guard


def guess(guard: Guard, host: str, times: int, now: float) -> None:
    for _ in range(times):
        guard.wrong(host, now)


def test_pauses_grow() -> None:
    guard, now = Guard(), 0.0
    for pause in (*PAUSES, PAUSES[-1]):
        guess(guard, "203.0.113.9", FREE, now)
        assert guard.paused("203.0.113.9", now) == pause
        now += pause
        assert guard.paused("203.0.113.9", now) == 0


def test_a_few_mistakes_and_other_addresses_go_free() -> None:
    guard = Guard()
    guess(guard, "203.0.113.9", FREE - 1, 0)
    assert guard.paused("203.0.113.9", 0) == 0
    guess(guard, "203.0.113.9", 1, 0)
    assert guard.paused("203.0.113.9", 0) > 0 and guard.paused("203.0.113.10", 0) == 0


def test_right_or_long_quiet_forgives() -> None:
    guard = Guard()
    guess(guard, "203.0.113.9", FREE - 1, 0)
    guard.right("203.0.113.9")
    guess(guard, "203.0.113.9", FREE - 1, 0)
    guess(guard, "203.0.113.9", 1, FORGET + 1)
    assert guard.paused("203.0.113.9", FORGET + 1) == 0


def test_this_machine_is_never_paused() -> None:
    guard = Guard()
    for host in ("127.0.0.1", "127.8.8.8", "::1"):
        guess(guard, host, 10 * FREE, 0)
        assert guard.paused(host, 0) == 0


def test_the_table_is_bounded() -> None:
    guard = Guard()
    for number in range(SOURCES + 50):
        guard.wrong(f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}", 0)
    assert len(guard._sources) == SOURCES
