"""A line's other telephones: remembered with the record of the call, twenty at most."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from pbx.store import history, origins, revision
from pbx.store.records import EndedCall, RecordKeeper
from pbx.store.session import Database
from pbx.tables import Line
from tests.unit.data.conftest import NOW, AddLine

MOBILE = "+393331234567"


def keep(database: Database, *calls: EndedCall) -> None:
    async def story() -> None:
        keeper = RecordKeeper(database)
        for call in calls:
            keeper.keep(call)
        await keeper.flush()

    asyncio.run(story())


def ended(call: str, line: int | None, origin: str, **more: object) -> EndedCall:
    base = EndedCall(
        call_id=call,
        started_at=NOW,
        ended_at=NOW + timedelta(seconds=40),
        from_line_id=line,
        from_web=True,
        origin=origin,
    )
    return replace(base, **more)  # type: ignore[arg-type]


def numbers(database: Database, line: int) -> list[str]:
    with database.reading() as rows:
        return [each.number for each in origins.listed(rows, line)]


def test_a_call_that_went_through_is_remembered_with_its_record(
    database: Database, add_line: AddLine
) -> None:
    anna, bruno = add_line("201"), add_line("202")
    with database.reading() as rows:
        before = revision.current(rows)
    keep(database, ended("one", anna, MOBILE), ended("two", anna, ""))
    assert numbers(database, anna) == [MOBILE] and numbers(database, bruno) == []
    with database.reading() as rows:
        assert {row.call_id for row in history.dialled(rows, anna)} == {"one", "two"}
        assert revision.current(rows) == before, "no call is decided by it"
    later = NOW + timedelta(hours=1)
    keep(database, ended("three", anna, "204"), ended("four", anna, MOBILE, ended_at=later))
    with database.reading() as rows:
        found = origins.listed(rows, anna)
    assert [(each.number, each.used_at) for each in found] == [
        (MOBILE, later),
        ("204", NOW + timedelta(seconds=40)),
    ]


def test_who_is_called_is_not_told_from_which_telephone(
    database: Database, add_line: AddLine
) -> None:
    anna, bruno = add_line("201"), add_line("202")
    why = (
        {"feature": "click_to_dial", "it": "squilla prima il 333 123 4567", "en": ""},
        {"feature": "line", "it": "Chiamata all'interno 202", "en": ""},
    )
    keep(database, ended("one", anna, MOBILE, to_line_id=bruno, because=why))
    with database.reading() as rows:
        (mine,), (his,) = history.dialled(rows, anna), history.missed(rows, bruno)
    assert mine.because == why and [each["feature"] for each in his.because] == ["line"]


def test_the_one_that_was_not_used_for_longest_goes(database: Database, add_line: AddLine) -> None:
    anna, bruno = add_line("201"), add_line("202")
    with database.session() as rows:
        origins.remember(rows, bruno, MOBILE, at=NOW)
        for n in range(origins.MOST):
            origins.remember(rows, anna, f"+3933300000{n:02}", at=NOW + timedelta(minutes=n))
        origins.remember(rows, anna, "+393330000000", at=NOW + timedelta(hours=2))
        origins.remember(rows, anna, MOBILE, at=NOW + timedelta(hours=3))
    left = numbers(database, anna)
    assert len(left) == origins.MOST and left[:2] == [MOBILE, "+393330000000"]
    assert "+393330000001" not in left and numbers(database, bruno) == [MOBILE]


@pytest.mark.parametrize("name", ["", "Cellulare", "x" * 10000, "\u202e<b>\U0001f4de", "'; DROP"])
def test_a_number_is_named_and_forgotten(database: Database, add_line: AddLine, name: str) -> None:
    anna, bruno = add_line("201"), add_line("202")
    with database.session() as rows:
        origins.remember(rows, anna, MOBILE, at=NOW)
        assert origins.rename(rows, anna, MOBILE, name)
        assert not origins.rename(rows, bruno, MOBILE, "mine?")
        assert not origins.forget(rows, bruno, MOBILE)
        origins.remember(rows, anna, MOBILE, at=NOW - timedelta(days=1))
    with database.session() as rows:
        (one,) = origins.listed(rows, anna)
        assert one.name == name[:80] and one.used_at == NOW, "an older use makes it no older"
        assert origins.forget(rows, anna, MOBILE) and not origins.forget(rows, anna, MOBILE)
        assert origins.listed(rows, anna) == ()


def test_a_line_that_is_deleted_during_its_call_stops_no_record(
    database: Database, add_line: AddLine
) -> None:
    anna, bruno = add_line("201"), add_line("202")
    with database.session() as rows:
        rows.delete(rows.exec(select(Line).where(Line.id == anna)).one())
    keep(database, ended("gone", anna, MOBILE), ended("there", bruno, "204"))
    with database.reading() as rows:
        assert [row.call_id for row in history.dialled(rows, bruno)] == ["there"]
    assert numbers(database, bruno) == ["204"]
