"""A small office for the administration's rules."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from officesmart import migrate
from officesmart.administration.audit import Author
from officesmart.desk import Desk, close_desk, open_desk
from officesmart.phone import Phone
from pbx.config import Config
from pbx.store.session import Database
from pbx.tables import Line, Mailbox, ServiceNumber, SipAccount

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
SARA = Author("203", "Sara Lombardi", NOW)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The office's database, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("made")
    database = Database(f"sqlite:///{folder}/office.db", folder)
    migrate.upgrade(database)
    with database.session() as session:
        for extension, name, role, number, site in (
            ("201", "Giulia Ferrante", "user", "+390255501201", "Milano"),
            ("202", "Davide Conti", "user", "", "Lodi"),
            ("203", "Sara Lombardi", "admin", "+390255501203", ""),
        ):
            line = Line(
                extension=extension,
                name=name,
                role=role,
                number=number,
                site=site,
                created_at=NOW,
            )
            session.add(line)
            session.flush()
            assert line.id is not None
            session.add(Mailbox(line_id=line.id))
            session.add(SipAccount(line_id=line.id, username=extension, ha1_md5="m"))
        session.add(ServiceNumber(code="600", app="echo"))
    database.close()
    return folder / "office.db"


@pytest.fixture
def database(tmp_path: Path, made: Path) -> Iterator[Database]:
    """Giulia (201), Davide (202) and Sara (203), who administers; 600 is a service."""
    shutil.copy(made, tmp_path)
    database = Database(f"sqlite:///{tmp_path}/office.db", tmp_path)
    yield database
    database.close()


class HandClock:
    """A clock that the test moves."""

    zone = ZoneInfo("Europe/Rome")

    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        return self.moment


NASTY = (
    "",
    " ",
    "x" * 10_000,
    "🦆☎️👩‍💻",
    "\u202eاسم\u202c",
    "<script>alert(1)</script>",
    "'; DROP TABLE line; --",
    "\0",
    "a\nb",
    "\ud800",
    "²⁰¹",
    None,
    17,
    ["x"],
)
"What a form's field may bring that nobody types."


@pytest.fixture
def here(tmp_path: Path, database: Database) -> Iterator[Desk]:
    """The same office behind the portal."""
    opened = open_desk(
        Config(data=tmp_path, database_url=database.url), clock=HandClock(), with_phone=Phone()
    )
    yield opened
    close_desk()
