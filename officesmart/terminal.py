"""What every command begins with: the settings, the database, and plain words when it fails."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

from pbx import config
from pbx.config import Config

if TYPE_CHECKING:
    from pbx.store.session import Database


def fail(text: str) -> NoReturn:
    """Say in one line what went wrong, and end with 1."""
    typer.echo(text, err=True)
    raise typer.Exit(1)


def settings() -> Config:
    """The settings of the environment. Raises BadSetting, which `main` shows."""
    return config.read(os.environ)


def _blamed(chosen: Config) -> str:
    """The setting that says where the database is; an address may hold a password."""
    return "OFFICESMART_DATABASE_URL" if chosen.database_url else f"OFFICESMART_DATA {chosen.data}"


@contextmanager
def office() -> Iterator[tuple[Config, Database]]:
    """The settings and the migrated database; what can go wrong with them is said in one line."""
    from sqlalchemy.exc import DBAPIError, NoSuchModuleError

    from officesmart import migrate
    from pbx.store.session import Database

    chosen = settings()
    try:
        database = Database(chosen.url, chosen.data)
    except OSError as error:
        fail(f"{_blamed(chosen)}: {error.strerror or error}: name a place that may be written")
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        fail(f"OFFICESMART_DATABASE_URL: {error}: install its driver, or leave it out for SQLite")
    try:
        migrate.upgrade(database)
        yield chosen, database
    except migrate.NewerDatabase as error:
        fail(str(error))
    except DBAPIError as error:
        fail(f"the database refused: {error.orig}")
    except OSError as error:
        fail(f"{error.filename or chosen.data}: {error.strerror or error}")
    finally:
        database.close()
