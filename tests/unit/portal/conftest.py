from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from officesmart import migrate
from officesmart.desk import Desk, close_desk, open_desk
from officesmart.phone import Phone
from pbx import credentials
from pbx.config import Config
from pbx.store.session import Database
from pbx.tables import Line, Mailbox
from tests.hashing import cheap_hashing

PASSWORD = "carta-e-penna-72"


class HandClock:
    """A clock that the test moves."""

    zone = ZoneInfo("Europe/Rome")

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def forward(self, **how_much: float) -> None:
        self.moment += timedelta(**how_much)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The office's database, made once and copied for each test."""
    config = Config(data=tmp_path_factory.mktemp("made"))
    database = Database(config.url, config.data)
    migrate.upgrade(database)
    now = HandClock().now()
    with cheap_hashing(), database.session() as session:
        kept = credentials.hash_password(PASSWORD)
        for extension, name, role, number, active in (
            ("201", "Giulia Ferrante", "user", "+390255501201", True),
            ("202", "Davide Conti", "user", "", False),
            ("203", "Sara Lombardi", "admin", "", True),
        ):
            line = Line(
                extension=extension,
                name=name,
                role=role,
                number=number,
                active=active,
                password_hash=kept,
                security_email=f"{extension}@ufficio.example",
                welcomed_at=now,
                created_at=now,
            )
            session.add(line)
            session.flush()
            session.add(Mailbox(line_id=line.id or 0))
    database.close()
    return config.data / "officesmart.db"


@pytest.fixture
def here(tmp_path: Path, made: Path, clock: HandClock, cheap_hashes: None) -> Iterator[Desk]:
    """An office with Giulia (201), Davide (202, switched off) and Sara (203, administrator)."""
    shutil.copy(made, tmp_path)
    yield open_desk(Config(data=tmp_path), clock=clock, with_phone=Phone())
    close_desk()
