"""A small office for the administration's rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from officesmart import migrate
from officesmart.administration.audit import Author
from pbx.store.session import Database
from pbx.tables import Line, Mailbox, ServiceNumber, SipAccount

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
SARA = Author("203", "Sara Lombardi", NOW)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Giulia (201), Davide (202) and Sara (203), who administers; 600 is a service."""
    database = Database(f"sqlite:///{tmp_path}/office.db", tmp_path)
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
    yield database
    database.close()
