"""The database's file is moved away under a running office, and comes back."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from pbx.config import Config
from pbx.store import behind
from pbx.store.behind import Behind
from pbx.store.session import Database, is_gone
from pbx.store.snapshot import Snapshots
from pbx.tables import OfficeSetting

GONE, BACK = ("database_gone", False), ("database_gone", True)


def file(database: Database) -> Path:
    return Path(database.engine.url.database or "")


def note(database: Database, name: str) -> None:
    with database.session() as rows:
        rows.add(OfficeSetting(name=name, value=name))


def noted(database: Database) -> list[str]:
    with database.reading() as rows:
        return sorted(rows.exec(select(OfficeSetting.name)))


def move(database: Database, there: Path) -> None:
    for part in ("", "-wal", "-shm"):
        path = Path(f"{file(database)}{part}")
        if path.exists():
            path.rename(Path(f"{there}{part}"))


def test_what_cannot_be_kept_is_refused_and_nothing_empty_takes_its_place(
    database: Database, troubles: list[tuple[str, bool]], tmp_path: Path
) -> None:
    note(database, "before")
    move(database, tmp_path / "elsewhere.db")
    with pytest.raises(OperationalError) as caught:
        note(database, "meanwhile")
    assert is_gone(caught.value)
    with pytest.raises(OperationalError):
        noted(database)
    assert not file(database).exists()
    assert troubles == [GONE]

    for part in ("", "-wal", "-shm"):
        path = tmp_path / f"elsewhere.db{part}"
        if path.exists():
            path.rename(f"{file(database)}{part}")
    note(database, "after")
    assert noted(database) == ["after", "before"]
    assert troubles == [GONE, BACK]


def test_a_restored_copy_is_read_and_written_at_once(
    database: Database, troubles: list[tuple[str, bool]], tmp_path: Path
) -> None:
    note(database, "kept")
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = tmp_path / "copy.db"
    shutil.copy(file(database), copy)
    note(database, "later")
    copy.replace(file(database))
    for part in ("-wal", "-shm"):
        Path(f"{file(database)}{part}").unlink(missing_ok=True)
    assert noted(database) == ["kept"]
    note(database, "new")
    assert noted(database) == ["kept", "new"]
    assert troubles == []


def test_rows_written_behind_wait_for_it(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(behind, "PAUSE", (0.0, 0.01))

    def write(session: Session, names: object) -> None:
        for name in names:  # type: ignore[attr-defined]
            session.add(OfficeSetting(name=name, value=""))

    async def story() -> None:
        rows: Behind[str] = Behind(database, write, gather=0.0)
        move(database, tmp_path / "elsewhere.db")
        rows.put("one")
        while "database_gone" not in database._troubles:
            await asyncio.sleep(0)
        rows.put("two")
        for part in ("", "-wal", "-shm"):
            path = tmp_path / f"elsewhere.db{part}"
            if path.exists():
                path.rename(f"{file(database)}{part}")
        await asyncio.wait_for(rows.flush(), 10)

    note(database, "before")
    asyncio.run(story())
    assert noted(database) == ["before", "one", "two"]


def test_calls_go_on_with_the_office_as_it_was(database: Database, tmp_path: Path) -> None:
    async def story() -> None:
        snapshots = Snapshots(database, Config(data=tmp_path))
        note(database, "outside.prefix")
        first = await snapshots.current()
        move(database, tmp_path / "elsewhere.db")
        assert await snapshots.current() is first
        assert not file(database).exists()
        for part in ("", "-wal", "-shm"):
            path = tmp_path / f"elsewhere.db{part}"
            if path.exists():
                path.rename(f"{file(database)}{part}")
        note(database, "more")
        assert (await snapshots.current()).revision > first.revision
        snapshots.close()

    asyncio.run(story())
