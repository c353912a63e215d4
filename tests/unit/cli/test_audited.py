"""What the terminal does is in the log of changes."""

from __future__ import annotations

from pathlib import Path

from sqlmodel import select

from pbx.store.session import Database
from pbx.tables import AuditEntry
from tests.unit.cli.conftest import Run

LINES = (
    "extension,name,password\n201,Anna Rossi,giallo-cavallo-77\n202,Bruno Neri,verde-lampione-48\n"
)


def deeds(office: Database) -> list[tuple[str, str, str]]:
    with office.reading() as session:
        found = session.exec(select(AuditEntry).order_by(AuditEntry.id)).all()  # type: ignore[arg-type]
    assert all(each.after["system_user"] for each in found)
    return [(each.who, each.what, each.line) for each in found]


def test_import_export_password_and_backups(office: Database, run: Run, tmp_path: Path) -> None:
    file, copy = tmp_path / "lines.csv", tmp_path / "office.tar.gz"
    file.write_text(LINES)
    assert run("import", str(file), "--dry-run").code == 0
    assert deeds(office) == [], "a trial does nothing, so there is nothing to note"
    assert run("import", str(file)).code == 0
    assert deeds(office) == [("", "line_imported", "201"), ("", "line_imported", "202")]
    assert run("export", str(tmp_path / "out.csv")).code == 0
    for which in ("portal", "sip", "pin"):
        assert run("password", "202", "--for", which, "--generate").code == 0
    assert run("backup", str(copy)).code == 0
    assert [what for _, what, _ in deeds(office)[2:]] == [
        *("exported", "portal_reset", "sip_reset", "pin_reset", "backed_up"),
    ]
    assert run("restore", str(copy), "--yes").code == 0
    with Database(office.url, office.data).reading() as session:
        last = session.exec(select(AuditEntry).order_by(AuditEntry.id.desc())).first()  # type: ignore[union-attr]
    assert last is not None and last.what == "restored" and last.after["lines"] == 2
