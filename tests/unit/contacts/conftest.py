"""An office of two people with address books."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session

from officesmart import migrate
from pbx.store.session import Database
from pbx.tables import Line

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
GIULIA, DAVIDE = 1, 2


@pytest.fixture(scope="session")
def two_people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The office, to copy."""
    folder = tmp_path_factory.mktemp("contacts")
    database = Database(f"sqlite:///{folder}/office.db", folder)
    migrate.upgrade(database)
    with database.session() as session:
        session.add(Line(id=GIULIA, extension="201", name="Giulia Ferrante", created_at=NOW))
        session.add(Line(id=DAVIDE, extension="202", name="Davide Conti", created_at=NOW))
    database.close()
    return folder / "office.db"


@pytest.fixture
def database(two_people: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(two_people, tmp_path)
    database = Database(f"sqlite:///{tmp_path}/office.db", tmp_path)
    yield database
    database.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.session() as session:
        yield session
