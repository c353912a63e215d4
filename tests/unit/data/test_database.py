"""The database: order, locks, troubles, and the revision that every setting moves."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from pbx.store import revision, session
from pbx.store.session import Database, after_commit
from pbx.tables import FeatureOption, Line, Mailbox, OfficeSetting, ServiceNumber
from pbx.tables.outbox import OutboxItem

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
AddLine = Callable[..., int]


def locked_by_another(database: Database) -> sqlite3.Connection:
    other = sqlite3.connect(
        database.engine.url.database or "", isolation_level=None, check_same_thread=False
    )
    other.execute("BEGIN EXCLUSIVE")
    return other


def setting(value: str) -> OfficeSetting:
    return OfficeSetting(name=value, value=value)


def names(session: Session) -> list[str]:
    return sorted(session.exec(select(OfficeSetting.name)))


def now_at(database: Database) -> int:
    with database.reading() as rows:
        return revision.current(rows)


def test_a_block_that_raises_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.session() as rows:
        rows.add(setting("a"))
        rows.flush()
        _ = 1 / 0
    with database.reading() as rows:
        assert names(rows) == []
    assert now_at(database) == 0


async def _write_in_order(database: Database) -> list[str]:
    done: list[str] = []

    async def write(name: str) -> None:
        await database.run(lambda rows: rows.add(setting(name)))
        done.append(name)

    await asyncio.gather(*(write(f"{number:02}") for number in range(20)))
    return done


def test_work_is_done_in_the_order_it_was_handed_in(database: Database) -> None:
    done = asyncio.run(_write_in_order(database))
    assert done == sorted(done) and len(done) == 20


def test_rows_read_in_a_lane_can_be_looked_at_afterwards(
    database: Database, add_line: AddLine
) -> None:
    add_line("201", name="Anna")
    line = asyncio.run(database.read(lambda rows: rows.exec(select(Line)).one()))
    assert (line.name, line.created_at) == ("Anna", NOW)


def test_a_locked_database_makes_writes_wait_and_reads_not(
    database: Database, troubles: list[tuple[str, bool]]
) -> None:
    told = threading.Event()

    def tell(kind: str, over: bool) -> None:
        troubles.append((kind, over))
        told.set()

    database.on_trouble = tell

    async def story() -> None:
        other = locked_by_another(database)
        writing = asyncio.create_task(database.run(lambda rows: rows.add(setting("a"))))
        assert await asyncio.to_thread(told.wait, 10)  # it has waited for a second
        assert await database.read(names) == []
        with pytest.raises(TimeoutError):
            await database.run(lambda rows: rows.add(setting("dropped")), limit=0.05)
        assert not writing.done()
        other.execute("ROLLBACK")
        other.close()
        await writing
        await database.run(lambda rows: rows.add(setting("b")))
        assert await database.read(names) == ["a", "b"]

    asyncio.run(story())
    assert troubles == [("database_slow", False), ("database_slow", True)]


def test_a_write_gives_up_on_a_database_that_stays_locked(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "WAIT", 0.0)
    other = locked_by_another(database)
    with pytest.raises(OperationalError) as refused, database.session() as rows:
        rows.add(setting("a"))
    assert session.is_locked(refused.value)
    other.close()


def test_reading_first_and_writing_later_meets_no_other_writer_in_between(
    database: Database,
) -> None:
    # A transaction that only later asks for the lock would fail here (SQLITE_BUSY_SNAPSHOT).
    other = sqlite3.connect(database.engine.url.database or "", timeout=0, isolation_level=None)
    with database.session() as rows:
        assert names(rows) == []
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("UPDATE revision SET value = 99")
        rows.add(setting("a"))
    other.close()
    assert now_at(database) == 1


def test_a_full_disk_is_told_once_and_its_end_too(
    database: Database, troubles: list[tuple[str, bool]]
) -> None:
    with database.engine.connect() as connection:
        pages = connection.scalar(text("PRAGMA page_count"))
    with database.session() as rows:
        rows.connection().execute(text(f"PRAGMA max_page_count = {pages}"))
    for _ in range(2):
        with pytest.raises(OperationalError) as refused, database.session() as rows:
            rows.connection().execute(text(f"PRAGMA max_page_count = {pages}"))
            rows.add(OfficeSetting(name="big", value="x" * 1_000_000))
        assert session.is_full(refused.value)
    with database.session() as rows:
        rows.connection().execute(text("PRAGMA max_page_count = 100000"))
        rows.add(setting("a"))
    assert troubles == [("disk_full", False), ("disk_full", True)]


def test_deeds_after_a_commit_wait_for_it(database: Database) -> None:
    done: list[str] = []

    def fails() -> None:
        raise OSError("no such file")

    with database.session() as rows:
        after_commit(rows, lambda: done.append("kept"))
        after_commit(rows, fails)
        after_commit(rows, lambda: done.append("also"))
        assert done == []
    assert done == ["kept", "also"]
    with pytest.raises(ZeroDivisionError), database.session() as rows:
        after_commit(rows, lambda: done.append("never"))
        _ = 1 / 0
    assert done == ["kept", "also"]


def test_rows_are_on_the_disk_before_the_files_that_follow_them_go(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def note(name: str) -> Callable[[], None]:
        return lambda: done.append(name)

    monkeypatch.setattr("os.fsync", lambda handle: done.append("disk"))
    with database.session() as rows:
        rows.add(setting("a"))
        after_commit(rows, note("file"))
    assert done == ["disk", "file"]

    def broken(handle: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("os.fsync", broken)
    with database.session() as rows:
        after_commit(rows, note("file"))
    assert done == ["disk", "file"]


def test_every_settings_table_moves_the_revision(database: Database, add_line: AddLine) -> None:
    line = add_line("201")
    before = now_at(database)
    changes: list[Callable[[Session], object]] = [
        lambda rows: setattr(rows.get(Line, line), "name", "Anna"),
        lambda rows: setattr(rows.get(Mailbox, line), "max_messages", 5),
        lambda rows: rows.add(FeatureOption(line_id=line, feature="x", options={"a": 1})),
        lambda rows: rows.add(ServiceNumber(code="*762", app="voicemail_menu")),
        lambda rows: rows.add(setting("a")),
        lambda rows: rows.delete(rows.get(OfficeSetting, "a")),
        lambda rows: rows.execute(update(Line).values(site="Roma")),
        lambda rows: rows.execute(delete(ServiceNumber)),
    ]
    for number, change in enumerate(changes, 1):
        with database.session() as rows:
            change(rows)
        assert now_at(database) == before + number


def test_what_is_no_setting_moves_nothing(database: Database, add_line: AddLine) -> None:
    line = add_line("201", name="Anna")
    before = now_at(database)
    with database.session() as rows:
        rows.add(OutboxItem(kind="x", created_at=NOW, due_at=NOW))
        found = rows.get(Line, line)
        assert found is not None
        found.name = "Anna"
    assert now_at(database) == before


def test_a_savepoint_given_up_takes_only_its_own_change_back(database: Database) -> None:
    done: list[str] = []
    with database.session() as rows:
        after_commit(rows, lambda: done.append("kept"))
        savepoint = rows.begin_nested()
        rows.add(setting("a"))
        rows.flush()
        savepoint.rollback()
        with rows.begin_nested():
            rows.add(setting("b"))
        assert done == []
    assert done == ["kept"]
    assert now_at(database) == 1
    with database.reading() as rows:
        assert names(rows) == ["b"]


def test_another_kind_of_database_address_is_accepted(tmp_path: Path) -> None:
    other = Database(f"sqlite+pysqlite:///{tmp_path}/x.db", tmp_path / "data")
    assert other.is_sqlite
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    with other.session():
        assert (tmp_path / "x.db").stat().st_mode & 0o777 == 0o600
    other.close()
