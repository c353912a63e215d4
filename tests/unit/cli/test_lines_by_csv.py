"""Lines from and to CSV: judged row by row, taken over together, in force at once."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from officesmart import csv_rows, enrol, import_csv
from officesmart.enrol import Enrolment, Secrets
from officesmart.tables import WebSession
from pbx import credentials
from pbx.config import Config
from pbx.store.session import Database
from pbx.store.snapshot import Snapshots
from pbx.tables import Line, Mailbox, SipAccount

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
Run = Callable[..., Any]
HEADER = "extension,name,email,password,sip_password,mailbox_pin,number,site,role,language\n"
ANNA = "201,Anna Rossi,anna@example.com,giallo-cavallo-77,,738291,06 1234 5678,Roma,admin,it\n"


def lines(office: Database) -> dict[str, Line]:
    with office.reading() as rows:
        return {line.extension: line for line in rows.exec(select(Line))}


def take(office: Database, text: str, **more: Any) -> import_csv.Imported:
    return import_csv.import_lines(office, text.encode(), at=NOW, **more)


def refused(office: Database, text: str, **more: bool) -> list[str]:
    with pytest.raises(import_csv.Refused) as told:
        take(office, text, **more)
    return [str(row) for row in told.value.rows]


def test_a_new_line_gets_everything(office: Database) -> None:
    done = take(office, HEADER + ANNA)
    assert (done.created, done.updated) == (("201",), ())
    anna = lines(office)["201"]
    assert (anna.name, anna.email, anna.site) == ("Anna Rossi", "anna@example.com", "Roma")
    assert (anna.number, anna.role, anna.language) == ("+390612345678", "admin", "it")
    assert anna.created_at == NOW
    assert credentials.verify(anna.password_hash, "giallo-cavallo-77")
    with office.reading() as rows:
        account = rows.exec(select(SipAccount)).one()
        mailbox = rows.exec(select(Mailbox)).one()
    # Only the SIP password was left empty, so only that one was made up.
    (made_up,) = done.made_up
    assert (made_up.secrets.password, made_up.secrets.pin) == ("", "")
    sip = made_up.secrets.sip_password
    assert (account.username, account.line_id) == ("201", anna.id)
    assert account.ha1_md5 == credentials.ha1_md5("201", sip)
    assert account.ha1_sha256 == credentials.ha1_sha256("201", sip)
    assert mailbox.line_id == anna.id and credentials.verify(mailbox.pin_hash, "738291")


def test_an_update_keeps_what_is_empty_and_what_has_no_column(office: Database) -> None:
    take(office, HEADER + ANNA)
    before = lines(office)["201"]
    done = take(office, "extension;name;email;role\n201;Anna Verdi;;\n")
    assert (done.created, done.updated, done.made_up) == ((), ("201",), ())
    after = lines(office)["201"]
    assert (after.name, after.email, after.role) == ("Anna Verdi", "", "admin")
    assert (after.number, after.site) == (before.number, before.site)
    assert after.password_hash == before.password_hash
    with office.reading() as rows:
        assert len(rows.exec(select(SipAccount)).all()) == 1
        assert credentials.verify(rows.exec(select(Mailbox)).one().pin_hash, "738291")


def test_a_new_password_signs_browsers_out(office: Database) -> None:
    take(office, HEADER + ANNA + "202,Bruno Neri,,,,,,,,\n")
    ids = {each: line.id or 0 for each, line in lines(office).items()}
    with office.session() as rows:
        for extension, line in ids.items():
            rows.add(
                WebSession(token_hash=extension, line_id=line, created_at=NOW, last_activity_at=NOW)
            )
    take(office, "extension,name,password\n201,Anna Rossi,verde-tavolo-88\n202,Bruno Neri,\n")
    with office.reading() as rows:
        assert rows.exec(select(WebSession.token_hash)).all() == ["202"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("2,Anna,,,,,,,,\n", "line 2: extension: '2' is not 2 to 6 digits"),
        ("20a,Anna,,,,,,,,\n", "line 2: extension: '20a' is not 2 to 6 digits"),
        ("112,Anna,,,,,,,,\n", "line 2: extension: 112 is an emergency number"),
        ("201,,,,,,,,,\n", "line 2: name: is empty"),
        (f"201,{'x' * 121},,,,,,,,\n", "line 2: name: has more than 120 characters"),
        ("201,An\x07na,,,,,,,,\n", "line 2: name: has a character that cannot be shown"),
        ("201,Anna,anna,,,,,,,\n", "line 2: email: 'anna' is no mail address"),
        ("201,Anna,a@b.c;d@e.f,,,,,,,\n", "line 2: email: 'a@b.c;d@e.f' is no mail address"),
        ("201,Anna,,,,,12,,,\n", "line 2: number: '12' is no telephone number"),
        ("201,Anna,,,,,,,boss,\n", "line 2: role: 'boss' is neither user nor admin"),
        ("201,Anna,,,,,,,,de\n", "line 2: language: 'de' is neither it nor en"),
        ("201,Anna,,short-9,,,,,,\n", "line 2: password: The password has fewer"),
        ("201,Anna,,,secret201x,,,,,\n", "line 2: sip_password: The password contains"),
        ("201,Anna,,,,1234,,,,\n", "line 2: mailbox_pin: The PIN must have 6 to 10 digits"),
        ("201,Anna\n", "line 2: 2 cells, the header has 10"),
        ("201,Anna,,,,,,,,,,\n", "line 2: 12 cells, the header has 10"),
        ("\n\n201,A,,,,,,,,\n201,B,,,,,,,,\n", "line 5: extension: 201 is on line 4 too"),
        (
            "201,A,,,,,0612345678,,,\n202,B,,,,,+390612345678,,,\n",
            "line 3: number: +390612345678 is on line 2 too",
        ),
        ('201,"Anna\nMaria",,,,,,,,\n2,B,,,,,,,,\n', "line 4: extension: '2' is"),
        ('201,"Anna,,,,,,,,\n', "line 1: this is no CSV file"),
        ("", "line 1: the file has no lines"),
    ],
)
def test_a_bad_row_is_told_with_its_line_and_reason(office: Database, rows: str, said: str) -> None:
    told = refused(office, HEADER + rows)
    assert any(each.startswith(said) for each in told), told
    assert lines(office) == {}


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("extension,nome\n", "unknown column 'nome'"),
        ("extension\n", "no column 'name'"),
        ("name,email\n", "no column 'extension'"),
        ("extension,name,name\n", "column 'name' twice"),
    ],
)
def test_a_wrong_header_is_told(office: Database, header: str, said: str) -> None:
    (told,) = refused(office, header + "201,Anna\n")
    assert said in told and csv_rows.COLUMNS[-1] in told


def test_every_bad_row_is_told_and_nothing_is_taken_over(office: Database) -> None:
    told = refused(office, HEADER + ANNA + "2,B,,,,,,,,\n203,,x,,,,,,,\n")
    assert [each.split(":")[0] for each in told] == ["line 3", "line 4", "line 4"]
    assert lines(office) == {}


def test_what_is_not_utf8_is_told_with_its_line(office: Database) -> None:
    with pytest.raises(import_csv.Refused) as told:
        import_csv.import_lines(
            office, HEADER.encode() + "201,Nicolò,,,,,,,,\n".encode("latin-1"), at=NOW
        )
    assert str(told.value.rows[0]).startswith("line 2: this is not UTF-8")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_files_as_spreadsheets_write_them(
    office: Database, encoding: str, delimiter: str, newline: str
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=newline)
    writer.writerow(["Extension", " name ", "site"])
    writer.writerow(["201", 'Nicolò "Nico" D\'Amico; e figli', "Roma, Milano"])
    import_csv.import_lines(office, out.getvalue().encode(encoding), at=NOW)
    assert lines(office)["201"].name == 'Nicolò "Nico" D\'Amico; e figli'
    assert lines(office)["201"].site == "Roma, Milano"


def test_the_account_of_a_line_that_moved_is_not_taken_over(office: Database) -> None:
    take(office, HEADER + ANNA)
    with office.session() as session:
        session.exec(select(Line)).one().extension = "301"
        (kept,) = session.exec(select(SipAccount.ha1_md5)).all()
    new = "201,Bruno Neri,,,,,,,,\n"
    assert refused(office, HEADER + new) == [
        "line 2: extension: a phone of 301 signs in as 201: remove that account first"
    ]
    with office.reading() as session:
        assert session.exec(select(SipAccount.ha1_md5)).all() == [kept]


def test_a_number_of_somebody_else_is_refused_unless_he_gives_it_up(office: Database) -> None:
    take(office, HEADER + ANNA)
    taken = "202,Bruno Neri,,,,,0612345678,,,\n"
    assert refused(office, HEADER + taken) == ["line 2: number: +390612345678 is the number of 201"]
    take(office, HEADER + ANNA.replace("06 1234 5678", "") + taken)
    assert {each: line.number for each, line in lines(office).items()} == {
        "201": "",
        "202": "+390612345678",
    }


def test_the_last_administrator_stays_one(office: Database) -> None:
    take(office, HEADER + ANNA)
    demoted = "extension,name,role\n201,Anna Rossi,user\n"
    assert refused(office, demoted) == ["line 2: role: no administrator would be left"]
    take(office, demoted + "202,Bruno Neri,admin\n")
    assert lines(office)["201"].role == "user"


def test_weak_secrets_only_when_they_are_allowed(office: Database) -> None:
    weak = HEADER + "1001,Line 1001,,secret1001,secret1001,1234,,,,\n"
    assert len(refused(office, weak)) >= 3
    take(office, weak, allow_weak=True)
    assert credentials.verify(lines(office)["1001"].password_hash, "secret1001")
    with office.reading() as rows:
        account = rows.exec(select(SipAccount)).one()
    assert account.ha1_md5 == credentials.ha1_md5("1001", "secret1001")
    assert refused(office, weak.replace("1234", "12"), allow_weak=True) == [
        "line 2: mailbox_pin: is not 4 to 10 digits"
    ]


def test_the_running_office_sees_it_at_the_next_call(office: Database, run: Run) -> None:
    path = office.data / "lines.csv"
    path.write_text(HEADER + ANNA)

    async def story() -> None:
        snapshots = Snapshots(office, Config(data=office.data))
        assert (await snapshots.current()).lines == {}
        assert (await asyncio.to_thread(run, "import", path)).code == 0
        assert (await snapshots.current()).lines["201"].name == "Anna Rossi"
        assert (await snapshots.current()).accounts["201"].extension == "201"
        snapshots.close()

    asyncio.run(story())


def test_import_command(office: Database, run: Run, data: Path, tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text(HEADER + ANNA + "202,Bruno Neri,,,,,,,,\n")
    dry = run("import", path, "--dry-run")
    assert (dry.code, lines(office)) == (0, {})
    assert "would create 2 lines and update 0" in dry.out
    done = run("import", path)
    assert done.code == 0 and "Created 2 lines, updated 0" in done.out
    (secret,) = data.glob("credentials-*.csv")
    assert str(secret) in done.out
    assert secret.stat().st_mode & 0o777 == 0o600
    told = {row["extension"]: row for row in csv.DictReader(io.StringIO(secret.read_text()))}
    assert told["201"]["password"] == "" and told["201"]["sip_password"]
    assert credentials.verify(lines(office)["202"].password_hash, told["202"]["password"])
    # The file can be imported again as it is.
    assert run("import", secret, "--dry-run").code == 0


def test_import_command_with_bad_rows(office: Database, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text(HEADER + "2,A,,,,,,,,\n" * 300)
    done = run("import", path)
    assert done.code == 1 and lines(office) == {}
    assert f"{path}: line 2: extension: '2' is not 2 to 6 digits" in done.err
    assert "and 100 more" in done.err
    assert done.err.strip().endswith("nothing was imported, 300 errors")
    missing = run("import", tmp_path / "none.csv")
    assert (missing.code, missing.err.strip()) == (
        1,
        f"{tmp_path}/none.csv: No such file or directory",
    )


def test_what_is_exported_can_be_imported(office: Database, run: Run, tmp_path: Path) -> None:
    take(office, HEADER + ANNA + '202,"Neri, Bruno",,,,,,,,en\n')
    before = lines(office)
    path = tmp_path / "out.csv"
    done = run("export", path)
    assert done.code == 0 and "2 lines written" in done.out
    assert path.read_text().startswith(HEADER.strip() + ",rights,mailbox,active\n")
    assert "argon2" not in path.read_text()
    assert run("import", path).code == 0
    assert lines(office) == before


def test_no_name_is_a_formula_for_a_spreadsheet(office: Database, run: Run, tmp_path: Path) -> None:
    """Whoever opens the file must not run what somebody was called."""
    evil = "=HYPERLINK(1)"
    take(office, HEADER + ANNA + f"202,{evil},,,,,,,,en\n")
    before = lines(office)
    path = tmp_path / "out.csv"
    assert run("export", path).code == 0
    assert f",'{evil}," in path.read_text() and f",{evil}," not in path.read_text()
    assert run("import", path).code == 0
    assert lines(office) == before
    made = Enrolment("202", name=evil, secrets=Secrets("-a'b", "@c", "123456"))
    assert f"202,'{evil},-a'b,@c,123456" in import_csv.secrets_csv((made,))


def test_a_secret_in_a_file_is_taken_to_the_letter() -> None:
    rows, faults = csv_rows.parse(b"extension,name,password\n201,Anna,'=verde-lampione-48\n")
    assert not faults and rows[0].enrolment.secrets.password == "'=verde-lampione-48"


def test_four_hundred_lines_take_few_statements(
    office: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy import event

    monkeypatch.setattr(enrol, "_digest", lambda one: enrol.Digests("p", "h", "m", "s"))
    asked: list[str] = []
    event.listen(office.engine, "before_cursor_execute", lambda *told: asked.append(str(told[2])))
    rows = "".join(f"{n},Line {n},,secret{n},secret{n},,,,,\n" for n in range(1001, 1401))
    take(office, HEADER + rows, allow_weak=True)
    assert len(lines(office)) == 400
    # Each new row may cost an INSERT of its own, and nothing more.
    assert len(asked) < 3 * 400 + 40


@given(st.binary(max_size=300))
def test_whatever_the_file_holds_is_answered(content: bytes) -> None:
    rows, faults = csv_rows.parse(HEADER.encode() + content)
    assert rows or faults
    assert all(str(fault) and fault.line >= 1 for fault in faults)


@given(st.lists(st.lists(st.text(max_size=12), min_size=10, max_size=10), max_size=4))
def test_whatever_the_cells_hold_is_answered(cells: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(cells)
    text = HEADER + out.getvalue()
    rows, faults = csv_rows.parse(text.encode("utf-8", "replace"), allow_weak=True)
    assert rows or faults
