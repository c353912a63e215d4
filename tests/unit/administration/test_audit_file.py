"""The log as a file, and what the terminal writes into it."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select

from officesmart import mail
from officesmart.administration import audit, audit_words
from officesmart.administration.audit import Author
from officesmart.administration.audit_file import in_rows
from officesmart.cells import as_typed, plain, written
from officesmart.desk import Desk
from officesmart.pages.admin_mail import Posta
from pbx.store.session import Database
from pbx.tables import AuditEntry
from tests.unit.administration.conftest import NOW, SARA
from tests.unit.administration.tab import Tab

ROME = ZoneInfo("Europe/Rome")


def rows(database: Database, language: str = "it") -> list[list[str]]:
    with database.reading() as session:
        found = audit.search(session, "").entries
    return list(csv.reader(written(in_rows(found, language=language, zone=ROME), begins=False)))


def test_each_field_has_a_row(database: Database) -> None:
    with database.session() as session:
        before, after = {"name": "Davide", "site": ""}, {"name": "=cmd()", "site": "Lodi"}
        audit.note(
            session, SARA, "line_changed", line="202", line_name="D", before=before, after=after
        )
        audit.note(session, SARA, "exported")
    head, *found = rows(database)
    assert head[:4] == ["quando", "interno", "chi", "che cosa"]
    assert [row[3] for row in found] == ["ha esportato le linee", *["ha cambiato la linea"] * 2]
    assert found[1][4:] == ["202 D", "nome", "Davide", "'=cmd()"]
    assert rows(database, "en")[1][3] == "exported the lines"


@pytest.mark.parametrize("cell", ["=1+1", "+39*2", "-1", "@x", "\tx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert plain(cell) == "'" + cell
    assert as_typed(plain(cell)) == cell


@pytest.mark.parametrize("cell", ["+390255501201", "", "'ndrangheta", "O'Neill", "201"])
def test_what_is_no_formula_stays_as_it_is(cell: str) -> None:
    assert plain(cell) == cell == as_typed(cell)


def test_the_terminal_is_named_with_its_user(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "marta")
    author = audit.command_line(datetime.now(UTC))
    with database.session() as session:
        audit.note(session, author, "backed_up", after={"file": "a.tar.gz"})
    found = rows(database)
    assert [row[2] for row in found[1:]] == ["Riga di comando"] * 2
    assert ["utente del sistema", "", "marta"] in [row[5:] for row in found]
    assert Author("", "", NOW).system_user == ""


def test_what_is_done_to_mail_is_noted(here: Desk) -> None:
    with here.database.session() as session:
        owed = mail.owe(
            session, "test_mail", to="a@example.com", cause="x", at=NOW, payload={"by": "Sara"}
        )
        row = owed.id or 0
    tab = Tab(here, Posta)
    tab.does("retry", row)
    tab.does("retry", 999)  # gone: nothing is done, nothing is noted
    tab.does("retry_all")
    tab.does("give_up", row)
    tab.does("remove", row)
    with here.database.reading() as session:
        found = session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()
    assert [each.what for each in found] == [
        *("mail_retried", "mail_retried", "mail_given_up", "mail_removed"),
    ]
    assert found[0].after == {"kind": "Mail di prova", "to": "a@example.com"}
    assert found[1].after == {"many": 1} and {each.who for each in found} == {"203"}


def test_every_deed_has_words() -> None:
    assert set(audit.DEEDS) <= set(audit_words.DEEDS)
