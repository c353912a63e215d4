"""`officesmart unlock`: who is shut out, and letting them in."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlmodel import select

from officesmart import patience
from pbx.store.session import Database
from pbx.tables import AuditEntry, Line
from tests.unit.cli.conftest import Run


def shut_out(office: Database, *accounts: str) -> None:
    now = datetime.now(UTC)
    with office.session() as session:
        session.add(Line(extension="201", name="Giulia", number="+390255501201", created_at=now))
        for account in accounts:
            for _ in range(patience.ONE.free):
                patience.count(session, account, "192.0.2.9", now, patience.ONE)


def test_nobody_is_shut_out(office: Database, run: Run) -> None:
    assert run("unlock").out == "Nobody is shut out.\n"


def test_it_lists_and_opens_a_line_under_all_its_names(office: Database, run: Run) -> None:
    shut_out(office, "201", "+390255501201", "?abc")
    said = run("unlock").out
    assert said.count("201 Giulia, from 192.0.2.9: 1 min more") == 2
    assert "an unknown number, from 192.0.2.9" in said
    assert run("unlock", "201").out == "Unlocked.\n"
    assert "201" not in run("unlock").out
    with office.reading() as session:
        entry = session.exec(select(AuditEntry)).one()
    assert (entry.what, entry.line, entry.line_name, entry.who) == ("unlocked", "201", "Giulia", "")


def test_it_opens_an_address(office: Database, run: Run) -> None:
    shut_out(office, "201", "?abc")
    assert run("unlock", "--address", "192.0.2.9").out == "Unlocked.\n"
    assert run("unlock").out == "Nobody is shut out.\n"
    assert run("unlock", "--address", "192.0.2.9").out == "Nothing was locked.\n"


def test_a_line_that_is_not_there_is_said(office: Database, run: Run) -> None:
    done = run("unlock", "999")
    assert done.code == 1 and "there is no line 999" in done.err
