"""A line of an office in a database of its own, and a clock that the test moves."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from officesmart import migrate
from officesmart.identity.told import By
from officesmart.tables import RememberedBrowser, WebSession
from pbx import credentials
from pbx.store.session import Database
from pbx.tables import AuditEntry, Line, Mailbox, OutboxItem
from tests.hashing import cheap_hashing

PASSWORD = "carta-e-penna-72"
PIN = "738291"
GIULIA = By("201", "Giulia Ferrante", "192.0.2.7")
SARA = By("203", "Sara Lombardi", "192.0.2.9")


@dataclass
class Office:
    """What a test asks for."""

    database: Database
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 10, 0, tzinfo=UTC))

    @property
    def data(self) -> Path:
        return self.database.data

    def forward(self, **how_much: float) -> datetime:
        self.now += timedelta(**how_much)
        return self.now

    def line(self, session: Session, extension: str = "201") -> Line:
        return session.exec(select(Line).where(Line.extension == extension)).one()

    def mails(self) -> list[tuple[str, str, str]]:
        """Every mail owed so far: kind, address, what."""
        with self.database.reading() as session:
            rows = session.exec(select(OutboxItem).order_by(col(OutboxItem.id)))
            return [(r.kind, r.payload["to"], r.payload.get("what", "")) for r in rows]

    def deeds(self) -> list[tuple[str, str, str]]:
        """Every entry of the log: who, what, about whom."""
        with self.database.reading() as session:
            rows = session.exec(select(AuditEntry).order_by(col(AuditEntry.id)))
            return [(r.who, r.what, r.line) for r in rows]

    def everything(self) -> str:
        """All that log and outbox hold, to look for secrets in."""
        with self.database.reading() as session:
            rows = [*session.exec(select(AuditEntry)), *session.exec(select(OutboxItem))]
            return " ".join(str(row.model_dump()) for row in rows)


@pytest.fixture(scope="session")
def one_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The office's database, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("made")
    database = Database(f"sqlite:///{folder}/office.db", folder)
    migrate.upgrade(database)
    office = Office(database)
    with cheap_hashing(), database.session() as session:
        for extension, name, number in (
            ("201", "Giulia Ferrante", "+390255501201"),
            ("203", "Sara Lombardi", ""),
        ):
            line = Line(
                extension=extension,
                name=name,
                number=number,
                security_email=f"{extension}@example.it",
                password_hash=credentials.hash_password(PASSWORD),
                created_at=office.now,
            )
            session.add(line)
            session.flush()
            session.add(Mailbox(line_id=line.id or 0, pin_hash=credentials.hash_pin(PIN)))
            for token in ("here", "there") if extension == "201" else ("sara",):
                session.add(
                    WebSession(
                        token_hash=token,
                        line_id=line.id or 0,
                        created_at=office.now,
                        last_activity_at=office.now,
                        user_agent=f"browser {token}",
                    )
                )
            session.add(
                RememberedBrowser(
                    line_id=line.id or 0,
                    token_hash=f"kept {extension}",
                    created_at=office.now,
                    used_at=office.now,
                )
            )
    database.close()
    return folder / "office.db"


@pytest.fixture
def office(tmp_path: Path, one_made: Path, cheap_hashes: None) -> Iterator[Office]:
    """Giulia (201, with mailbox, two browsers and a remembered one) and Sara (203, one browser)."""
    shutil.copy(one_made, tmp_path)
    database = Database(f"sqlite:///{tmp_path}/office.db", tmp_path)
    yield Office(database)
    database.close()
