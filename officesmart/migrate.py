"""Bringing the database to the shape this version needs (alembic, one history).

Asked at every start, so the usual answer (nothing to do) is found without loading alembic.
"""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from pbx.store.session import Database

_ONE = threading.Lock()
HISTORY = Path(__file__).resolve().parents[1] / "alembic"


class NewerDatabase(Exception):
    """The database was made by a version that this one does not know."""


def steps() -> dict[str, str]:
    """Each step of the history and the one before it ("" for the first)."""
    found = {}
    for path in sorted((HISTORY / "versions").glob("*.py")):
        source = path.read_text(encoding="utf-8")
        step = re.search(r'^revision\b.*?= "(\w+)"', source, re.M)
        before = re.search(r'^down_revision\b.*?= "(\w+)"', source, re.M)
        if step:
            found[step[1]] = before[1] if before else ""
    return found


def head() -> str:
    """The step that this version's tables are at."""
    history = steps()
    last = set(history) - set(history.values())
    if len(last) != 1:
        raise RuntimeError(f"the history has {len(last)} ends, it must have one: {sorted(last)}")
    return last.pop()


def at(database: Database) -> str:
    """The step the database is at; "" for an empty one."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.scalar(text("SELECT version_num FROM alembic_version")) or "")


def upgrade(database: Database) -> bool:
    """Bring the database to this version's shape; whether there was anything to do.

    Raises NewerDatabase for one that is ahead of us: going on would lose what we do not know.
    """
    now = at(database)
    if now == head():
        return False
    if now and now not in steps():
        raise NewerDatabase(
            f"the database is at step {now}, which this version does not know: start the version "
            "that made it, or restore a backup of this one"
        )
    to(database, "head")
    return True


def to(database: Database, step: str) -> None:
    """Bring the database to a step of the history, forwards or back ("base": empty)."""
    from alembic.config import Config

    from alembic import command

    config = Config()
    config.set_main_option("script_location", str(HISTORY))
    backwards = step == "base" or (step != "head" and step in _before(at(database)))
    # Alembic keeps its context in modules: one at a time in a process. Between processes the
    # write lock, taken before the step is read, makes the second one find nothing to do.
    with _ONE, database.engine.execution_options(office_write=True).connect() as connection:
        config.attributes["connection"] = connection
        if database.is_sqlite:
            # A column is changed by copying its table and dropping the old one: with foreign keys
            # on, that would delete all rows that point there. Not possible inside a transaction.
            _foreign_keys(connection, on=False)
        try:
            (command.downgrade if backwards else command.upgrade)(config, step)
            connection.commit()
        finally:
            if database.is_sqlite:
                _foreign_keys(connection, on=True)


def _before(step: str) -> set[str]:
    """The steps that came before this one."""
    history, found = steps(), set()
    while step := history.get(step, ""):
        found.add(step)
    return found


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    raw: Any = connection.connection.driver_connection
    raw.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")
