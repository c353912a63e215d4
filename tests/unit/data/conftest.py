"""An office's database for a test: migrated once, copied for each."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from officesmart import migrate
from pbx.store.session import Database
from pbx.tables import Line, Mailbox, SipAccount

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def empty_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database file without rows."""
    folder = tmp_path_factory.mktemp("empty")
    database = Database(f"sqlite:///{folder}/office.db", folder)
    migrate.upgrade(database)
    database.close()
    return folder / "office.db"


@pytest.fixture
def troubles() -> list[tuple[str, bool]]:
    """What the administrator was told."""
    return []


@pytest.fixture
def database(
    empty_office: Path, tmp_path: Path, troubles: list[tuple[str, bool]]
) -> Iterator[Database]:
    """An empty office."""
    shutil.copy(empty_office, tmp_path / "office.db")
    database = Database(
        f"sqlite:///{tmp_path}/office.db",
        tmp_path,
        on_trouble=lambda kind, over: troubles.append((kind, over)),
    )
    yield database
    database.close()


AddLine = Callable[..., int]


@pytest.fixture
def add_line(database: Database) -> AddLine:
    """Adds a line with a SIP account and a mailbox; answers its id."""

    def add(extension: str, *, name: str = "", number: str = "", mailbox: bool = True) -> int:
        with database.session() as session:
            line = Line(extension=extension, name=name or extension, number=number, created_at=NOW)
            session.add(line)
            session.flush()
            assert line.id is not None
            session.add(SipAccount(line_id=line.id, username=extension, ha1_md5="m"))
            if mailbox:
                session.add(Mailbox(line_id=line.id))
            return line.id

    return add
