"""Whether the office is open, and until when."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from pbx.routing.hours import Closing, closed_on, is_open, next_change, week_faults

ROME = ZoneInfo("Europe/Rome")
WORKDAY = [["09:00", "13:00"], ["14:00", "18:00"]]
WEEK = [*([WORKDAY] * 5), [["09:00", "12:00"]], []]
ALWAYS = [[["00:00", "24:00"]]] * 7
NEVER: list[list[list[str]]] = [[]] * 7
CHRISTMAS = Closing(date(2025, 12, 24), date(2026, 1, 6), yearly=True, name="Natale")
BRIDGE = Closing(date(2026, 12, 7), date(2026, 12, 8), name="Ponte")


def moment(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ROME, fold=fold)


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        ("2026-11-23 08:59:59", False),  # a Monday
        ("2026-11-23 09:00", True),
        ("2026-11-23 12:59:59", True),
        ("2026-11-23 13:00", False),
        ("2026-11-23 14:00", True),
        ("2026-11-23 18:00", False),
        ("2026-11-28 11:00", True),
        ("2026-11-28 14:00", False),
        ("2026-11-29 11:00", False),
        ("2026-12-07 11:00", False),
        ("2026-12-09 11:00", True),
        ("2026-12-24 10:00", False),
        ("2027-01-04 10:00", False),  # a later year, over New Year
        ("2027-01-07 10:00", True),
        ("2026-12-23 10:00", True),
    ],
)
def test_open_and_closed(at: str, open_: bool) -> None:
    assert is_open(WEEK, (CHRISTMAS, BRIDGE), moment(at)) is open_


@pytest.mark.parametrize(
    ("at", "then", "open_"),
    [
        ("2026-11-23 08:00", "2026-11-23 09:00", True),
        ("2026-11-23 09:00", "2026-11-23 13:00", False),
        ("2026-11-27 18:00", "2026-11-28 09:00", True),
        ("2026-11-28 12:00", "2026-11-30 09:00", True),
        ("2026-12-23 18:00", "2027-01-07 09:00", True),
        ("2026-12-05 12:30", "2026-12-09 09:00", True),
    ],
)
def test_the_next_change(at: str, then: str, open_: bool) -> None:
    assert next_change(WEEK, (CHRISTMAS, BRIDGE), moment(at)) == (moment(then), open_)


def test_an_office_that_never_changes() -> None:
    assert next_change(NEVER, (), moment("2026-11-23 08:00")) is None
    assert next_change(ALWAYS, (), moment("2026-11-23 08:00")) is None
    assert is_open(ALWAYS, (), moment("2026-11-23 23:59:59"))
    assert next_change(ALWAYS, (BRIDGE,), moment("2026-11-23 08:00")) == (
        moment("2026-12-07 00:00"),
        False,
    )
    assert next_change(ALWAYS, (BRIDGE,), moment("2026-12-07 08:00")) == (
        moment("2026-12-09 00:00"),
        True,
    )


def test_nights_on_which_the_clock_is_changed() -> None:
    night = [*([[]] * 6), [["01:00", "02:30"], ["03:00", "04:00"]]]
    # 2026-10-25: three o'clock becomes two; half past two comes twice.
    assert is_open(night, (), moment("2026-10-25 02:15"))
    assert is_open(night, (), moment("2026-10-25 02:15", fold=1))
    assert next_change(night, (), moment("2026-10-25 02:45")) == (moment("2026-10-25 03:00"), True)
    # 2026-03-29: two o'clock becomes three; half past two is never.
    change = next_change(night, (), moment("2026-03-29 01:30"))
    assert change is not None and change[0] == moment("2026-03-29 02:30") and not change[1]


def test_which_closing_day_it_is() -> None:
    found = closed_on((CHRISTMAS, BRIDGE), date(2026, 12, 8))
    assert found is BRIDGE
    assert closed_on((CHRISTMAS,), date(2026, 12, 8)) is None
    leap = Closing(date(2024, 2, 29), date(2024, 2, 29), yearly=True)
    assert closed_on((leap,), date(2028, 2, 29)) is leap
    assert closed_on((leap,), date(2026, 3, 1)) is None


@pytest.mark.parametrize(
    ("week", "words"),
    [
        (WEEK, ""),
        (ALWAYS, ""),
        (NEVER, ""),
        ([], "sette giorni"),
        ("lunedì", "sette giorni"),
        (None, "sette giorni"),
        ([[["9:00", "13:00"]], *NEVER[1:]], "08:30"),
        ([[["09:00", "25:00"]], *NEVER[1:]], "08:30"),
        ([[["24:00", "24:00"]], *NEVER[1:]], "08:30"),
        ([[["09:00"]], *NEVER[1:]], "08:30"),
        ([[9, 13], *NEVER[1:]], "08:30"),
        ([7, *NEVER[1:]], "non leggibile"),
        ([[["13:00", "09:00"]], *NEVER[1:]], "prima dell'inizio"),
        ([[["09:00", "09:00"]], *NEVER[1:]], "prima dell'inizio"),
        ([[["14:00", "18:00"], ["09:00", "14:30"]], *NEVER[1:]], "sovrappongono"),
        ([[["09:00", "13:00"], ["13:00", "14:00"]], *NEVER[1:]], ""),
        ([[[f"0{hour}:00", f"0{hour}:30"] for hour in range(7)], *NEVER[1:]], "al massimo 6"),
    ],
)
def test_a_week_that_cannot_be(week: object, words: str) -> None:
    faults = week_faults(week)
    assert [words in fault.it for fault in faults] == ([True] if words else [])
    assert all(fault.en for fault in faults)


def test_a_stored_week_that_cannot_be_read_is_closed() -> None:
    assert not is_open([[["x", "y"]]], (), moment("2026-11-23 10:00"))
    assert not is_open([], (), moment("2026-11-23 10:00"))
