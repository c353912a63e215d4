"""One history for all tables: up, down again, and no difference to the models."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlmodel import SQLModel

import officesmart.tables  # noqa: F401 - registers the portal's tables
from officesmart import migrate
from pbx.store import revision
from pbx.store.session import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/office.db", tmp_path)
    yield database
    database.close()


def test_an_empty_database_gets_every_table_once(database: Database) -> None:
    assert migrate.at(database) == ""
    assert migrate.upgrade(database)
    assert migrate.at(database) == migrate.head()
    assert not migrate.upgrade(database)
    tables = set(inspect(database.engine).get_table_names())
    assert tables == set(SQLModel.metadata.tables) | {"alembic_version"}
    with database.reading() as session:
        assert revision.current(session) == 0


def test_the_models_are_what_the_history_makes(database: Database) -> None:
    migrate.upgrade(database)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_down_again_leaves_nothing_and_up_again_works(database: Database) -> None:
    migrate.upgrade(database)
    migrate.to(database, "base")
    assert inspect(database.engine).get_table_names() == ["alembic_version"]
    assert migrate.upgrade(database)


def test_foreign_keys_hold_after_a_migration(database: Database) -> None:
    migrate.upgrade(database)
    with database.engine.connect() as connection:
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_a_newer_database_is_left_alone(database: Database) -> None:
    migrate.upgrade(database)
    with database.session() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = 'f00d'"))
    with pytest.raises(migrate.NewerDatabase, match="f00d"):
        migrate.upgrade(database)
