"""How migrations reach the database: by the connection they are handed, or by the settings."""

from __future__ import annotations

import os

from sqlmodel import SQLModel

import officesmart.tables  # noqa: F401 - registers the portal's tables
import pbx.tables  # noqa: F401 - registers the PBX's tables
from alembic import context
from pbx import config
from pbx.store.session import Database


def run() -> None:
    """Migrate over the connection in the configuration's attributes, else over our own."""
    connection = context.config.attributes.get("connection")
    if connection is None:
        settings = config.read(os.environ)
        database = Database(settings.url, settings.data)
        with database.engine.connect() as own:
            _migrate(own)
        database.close()
    else:
        _migrate(connection)


def _migrate(connection: object) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,  # SQLite changes a column by copying its table
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
