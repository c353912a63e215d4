"""Files before they are imports: encodings, headers, what each row would do; and the log of it."""

from __future__ import annotations

import pytest
from sqlmodel import select

from officesmart import import_csv
from officesmart.administration import audit, importing, sheet
from officesmart.administration.importing import Trial
from officesmart.administration.sheet import Unreadable
from pbx.store.session import Database
from pbx.tables import AuditEntry, Line, Mailbox, Site
from tests.unit.administration.conftest import NOW, SARA


def trial(database: Database, content: str, *, leave_out: bool = False) -> Trial:
    read = sheet.read(content.encode())
    means = sheet.suggest(read.header)
    return importing.judge(database, read, means, leave_out=leave_out)


def test_a_header_in_our_words_or_theirs_is_understood() -> None:
    assert sheet.suggest(("Interno", "Nome e cognome", "E-MAIL", "Reparto")) == (
        "extension", "name", "email", "",
    )  # fmt: skip
    assert sheet.suggest(("extension", "SIP_Password", "extension")) == (
        "extension", "sip_password", "",
    )  # fmt: skip


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_separators_and_the_mark_of_utf8_do_not_matter(separator: str, mark: bytes) -> None:
    read = sheet.read(mark + f"interno{separator}nome\n204{separator}Zoè\n".encode())
    assert read.header == ("interno", "nome")
    assert read.rows == ((2, ("204", "Zoè")),)


def test_latin_1_is_recognised_and_read_only_when_asked() -> None:
    content = "interno;nome\n204;Zoè Però\n".encode("latin-1")
    with pytest.raises(Unreadable) as caught:
        sheet.read(content)
    assert caught.value.latin and "CSV UTF-8" in caught.value.fault.it
    assert sheet.read(content, latin=True).rows[0][1] == ("204", "Zoè Però")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"PK\x03\x04\x00\x00", b"\x00\x01", b"\x81\xff"])
def test_what_is_no_csv_says_so(content: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        sheet.read(content, latin=True)
    assert caught.value.fault.it and not caught.value.latin


def test_a_file_without_a_header_keeps_its_first_row(database: Database) -> None:
    read = sheet.read(b"204;Marta\n2X;Omar\n")
    assert read.headless and len(read.rows) == 2
    done = importing.judge(database, read, ("extension", "name"))
    assert [(row.line, row.kind) for row in done.rows] == [(1, "new"), (2, "error")]


def test_columns_must_be_enough_and_different() -> None:
    assert sheet.complete(("extension", "")) is not None
    assert sheet.complete(("extension", "name", "name")) is not None
    assert sheet.complete(("extension", "name", "")) is None


def test_each_row_says_what_it_would_do(database: Database) -> None:
    done = trial(
        database,
        "interno;nome;numero;sede\n"
        "204;Marta;02 5550 1204;Milano\n"
        "\n"
        "201;Giulia Verdi;02 5550 1201;Milano\n"
        '202;"Davide Conti";;Lodi\n'
        "25A;Omar;;\n"
        "205;Lina;02 5550 1203;\n"
        "600;Eco;;\n"
        "206;Zeno\n"
        "207;Uno;;\n"
        "207;Due;;\n",
    )
    assert [(row.line, row.kind) for row in done.rows] == [
        (2, "new"), (4, "changed"), (5, "same"), (6, "error"), (7, "error"), (8, "error"),
        (9, "error"), (10, "new"), (11, "error"),
    ]  # fmt: skip
    by_line = {row.line: row for row in done.rows}
    assert by_line[4].changes == (("name", "Giulia Ferrante", "Giulia Verdi"),)
    said = {line: row.faults[0][1].it for line, row in by_line.items() if row.faults}
    assert "203" in said[7] and "Prova di eco" in said[8]
    assert "2 celle" in said[9] and "riga 10" in said[11]


def test_a_row_of_several_lines_does_not_move_the_others(database: Database) -> None:
    done = trial(database, 'nome,interno\n"a\nb",204\nOmar,2X\n')
    assert [(row.line, row.kind) for row in done.rows] == [(2, "error"), (4, "error")]


def test_rows_with_errors_can_be_left_out(database: Database) -> None:
    content = "interno,nome\n2X,Omar\n204,Marta\n"
    with pytest.raises(import_csv.Refused):
        import_csv.import_lines(database, trial(database, content).content, at=NOW)
    done = trial(database, content, leave_out=True)
    imported = import_csv.import_lines(database, done.content, at=NOW)
    assert imported.created == ("204",)


def test_the_last_administrator_is_kept_by_the_trial(database: Database) -> None:
    done = trial(database, "interno,nome,ruolo\n203,Sara,user\n")
    assert done.count("error") == 1
    assert "amministratore" in done.rows[0].faults[0][1].it


def test_an_import_is_in_the_log_line_by_line(database: Database) -> None:
    noted = audit.noting(database, SARA, "line_imported")
    content = (
        b"extension,name,password\n204,Marta,carta-penna-72\n201,Giulia Verdi,\n202,Davide Conti,\n"
    )
    import_csv.import_lines(noted, content, at=NOW)
    with database.reading() as session:
        entries = session.exec(select(AuditEntry)).all()
        assert {(each.line, each.who) for each in entries} == {("201", "203"), ("204", "203")}
    told = " ".join(f"{each.before}{each.after}" for each in entries)
    assert "Giulia Verdi" in told and "carta" not in told


def test_a_refused_import_leaves_no_trace(database: Database) -> None:
    noted = audit.noting(database, SARA, "line_imported")
    with pytest.raises(import_csv.Refused):
        import_csv.import_lines(noted, b"extension,name\n2,x\n", at=NOW)
    with database.reading() as session:
        assert session.exec(select(AuditEntry)).all() == []
        assert len(session.exec(select(Line)).all()) == 3


@pytest.mark.parametrize(
    "nasty", ["x" * 10_000, "🦆☎️", "\u202eاسم", "<b>x</b>", "'; DROP TABLE line; --", '"', "=1+1"]
)
def test_nasty_cells_are_judged_not_obeyed(database: Database, nasty: str) -> None:
    quoted = '"' + nasty.replace('"', '""') + '"'
    done = trial(database, f"interno,nome,sede\n204,{quoted},{quoted}\n205,Lina,Milano\n")
    assert [row.line for row in done.rows] == [2, 3]
    assert done.rows[1].kind == "new"


def test_ten_thousand_rows_are_judged(database: Database) -> None:
    rows = "".join(f"{10_000 + n},Persona {n}\n" for n in range(10_000))
    assert trial(database, "interno,nome\n" + rows).count("new") == 10_000


def test_an_import_tells_how_far_it_is(database: Database) -> None:
    told = import_csv.Progress()
    content = b"extension,name\n204,Marta\n205,Omar\n206,Lina\n"
    import_csv.import_lines(database, content, at=NOW, progress=told)
    assert (told.done, told.total, told.writing) == (3, 3, True)


def test_an_import_that_is_stopped_writes_nothing(database: Database) -> None:
    class Impatient(import_csv.Progress):
        def row(self) -> None:
            super().row()
            self.stop = self.done == 1

    told = Impatient()
    with pytest.raises(import_csv.Stopped):
        import_csv.import_lines(
            database, b"extension,name\n204,Marta\n205,Omar\n206,Lina\n", at=NOW, progress=told
        )
    assert told.done == 1 and not told.writing
    with database.reading() as session:
        assert session.exec(select(Line).where(Line.extension == "204")).first() is None


def test_rights_are_read_and_given_back(database: Database) -> None:
    done = trial(
        database, "interno;nome;diritti\n204;Marta;premium internal\n201;Giulia Ferrante;none\n"
    )
    assert [row.kind for row in done.rows] == ["new", "changed"]
    import_csv.import_lines(database, done.content, at=NOW)
    with database.reading() as session:
        said = dict(session.exec(select(Line.extension, Line.rights)).all())
        assert said["204"] == "internal premium" and said["201"] == ""
        text = import_csv.export(session)
    again = trial(database, text)
    assert {row.kind for row in again.rows} == {"same"}  # what is exported changes nothing


def test_a_file_of_older_days_leaves_rights_alone(database: Database) -> None:
    import_csv.import_lines(database, b"extension,name\n201,Giulia F\n", at=NOW)
    with database.reading() as session:
        rights = session.exec(select(Line.rights).where(Line.extension == "201")).one()
    assert rights == "internal national mobile"


@pytest.mark.parametrize("rights", ["everything", "internal none", "🦆", "x" * 300, "<b>'; --"])
def test_unknown_rights_are_refused_with_the_words_there_are(
    database: Database, rights: str
) -> None:
    (row,) = trial(database, f'interno;nome;diritti\n204;Marta;"{rights}"\n').rows
    ((column, fault),) = {each[0]: each for each in row.faults}.values()
    assert column == "rights" and "internal o national" in fault.it


def test_doubles_and_emergency_numbers_are_named(database: Database) -> None:
    done = trial(database, "interno;nome\n1000;Ada\n1000;Doppia\n112;Aiuto\n")
    doubled, emergency = (row.faults[0][1].it for row in done.rows if row.kind == "error")
    assert doubled == "1000 c'è già alla riga 2: togli una delle due"
    assert "112 è un numero di emergenza" in emergency


def test_mailbox_and_activity_are_foreseen_and_done(database: Database) -> None:
    content = (
        "interno;nome;casella;attiva\n"
        "201;Giulia Ferrante;no;sì\n"
        "202;Davide Conti;;no\n"
        "203;Sara Lombardi;yes;yes\n"
        "204;Marta Riva;no;no\n"
        "205;Lina Rota;forse;\n"
    )
    done = trial(database, content, leave_out=True)
    by_line = {row.line: row for row in done.rows}
    assert by_line[2].changes == (("mailbox", "yes", "no"),)
    assert by_line[3].changes == (("active", "yes", "no"),)
    assert [by_line[line].kind for line in (4, 5, 6)] == ["same", "new", "error"]
    assert by_line[6].faults[0][1].it == "Scrivi sì o no"
    import_csv.import_lines(audit.noting(database, SARA, "line_imported"), done.content, at=NOW)
    with database.reading() as session:
        lines = {line.extension: line for line in session.exec(select(Line))}
        enabled = {box.line_id: box.enabled for box in session.exec(select(Mailbox))}
        notes = {each.line: each for each in session.exec(select(AuditEntry))}
        exported = import_csv.export(session)
    found = {each: (line.active, enabled[line.id or 0]) for each, line in lines.items()}
    assert found == {
        "201": (True, False),
        "202": (False, True),
        "203": (True, True),
        "204": (False, False),
    }
    assert (notes["201"].before, notes["201"].after) == ({"mailbox": True}, {"mailbox": False})
    assert "201,Giulia Ferrante,,,,,+390255501201,Milano,user,it," in exported
    assert [row.split(",")[-2:] for row in exported.splitlines()[1:]] == [
        ["no", "yes"], ["yes", "no"], ["yes", "yes"], ["no", "no"],
    ]  # fmt: skip
    again = trial(database, exported)
    assert {row.kind for row in again.rows} == {"same"}


def test_a_file_without_these_columns_leaves_them(database: Database) -> None:
    with database.session() as session:
        line = session.exec(select(Line).where(Line.extension == "202")).one()
        line.active = False
        session.add(line)
    done = trial(database, "interno;nome\n202;Davide Conti\n204;Marta Riva\n")
    import_csv.import_lines(database, done.content, at=NOW)
    with database.reading() as session:
        active = dict(session.execute(select(Line.extension, Line.active)).all())
    assert (active["202"], active["204"]) == (False, True)


def test_the_last_administrator_is_not_suspended_by_a_file(database: Database) -> None:
    done = trial(database, "interno;nome;attiva\n203;Sara Lombardi;no\n")
    assert done.rows[0].kind == "error"
    assert [column for column, _ in done.rows[0].faults] == ["active"]


def test_a_site_in_other_capitals_is_the_same(database: Database) -> None:
    with database.session() as session:
        session.add(Site(name="Milano"))
    done = trial(database, "interno;nome;sede\n201;Giulia Ferrante;MILANO\n")
    assert (done.rows[0].kind, done.sites) == ("same", ())
