from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from officesmart import migrate
from officesmart.desk import close_desk, open_desk
from officesmart.phone import Phone
from pbx.config import Config
from pbx.store.session import Database
from pbx.tables import Line, ServiceNumber
from tests.unit.mail.office import START, HandClock, Office
from tests.unit.mail.servers import Authority


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with Giulia, who has an address, and Davide, who has none; to copy."""
    config = Config(data=tmp_path_factory.mktemp("mail"))
    database = Database(config.url, config.data)
    migrate.upgrade(database)
    with database.session() as session:
        for extension, name, address in (
            ("201", "Giulia Ferrante", "giulia@example.it"),
            ("202", "Davide Conti", ""),
        ):
            session.add(Line(extension=extension, name=name, email=address, created_at=START))
        if session.get(ServiceNumber, "*86") is None:
            session.add(ServiceNumber(code="*86", app="voicemail_menu"))
    database.close()
    return config.data / "officesmart.db"


@pytest.fixture
def office(tmp_path: Path, made: Path) -> Iterator[Office]:
    shutil.copy(made, tmp_path)
    clock = HandClock()
    yield Office(open_desk(Config(data=tmp_path), clock=clock, with_phone=Phone()), clock)
    close_desk()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))
