"""The terminal, as an administrator uses it: words in, words and an exit code out."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from officesmart.cli import app
from pbx.store.session import Database


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own, and no other setting."""
    for name in [name for name in os.environ if name.startswith("OFFICESMART_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OFFICESMART_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture(scope="session")
def empty_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database file without lines."""
    from officesmart import migrate

    folder = tmp_path_factory.mktemp("empty")
    database = Database(f"sqlite:///{folder}/office.db", folder)
    migrate.upgrade(database)
    database.close()
    return folder / "office.db"


@pytest.fixture
def office(data: Path, empty_office: Path) -> Iterator[Database]:
    """The database, beside the commands, as a running server has it open."""
    data.mkdir(mode=0o700)
    shutil.copy(empty_office, data / "officesmart.db")
    database = Database(f"sqlite:///{data}/officesmart.db", data)
    yield database
    database.close()


class Said:
    """What a command answered."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


Run = Callable[..., Said]


@pytest.fixture
def run(data: Path) -> Run:
    """Runs a command; anything but a clean exit fails the test."""

    def command(*words: str, typed: str = "") -> Said:
        got = CliRunner().invoke(app, [str(word) for word in words], input=typed)
        if got.exception is not None and not isinstance(got.exception, SystemExit):
            raise got.exception
        return Said(got.exit_code, got.stdout, got.stderr)

    return command
