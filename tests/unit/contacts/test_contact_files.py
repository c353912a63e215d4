"""Contacts come in from any programme's file and go out again."""

from __future__ import annotations

import base64
import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlmodel import Session, select

from officesmart.contacts import book, csv_file, incoming, vcards
from officesmart.contacts.card import Address, Card, Number
from officesmart.contacts.incoming import BadFile, Incoming
from pbx.store.session import Database
from pbx.tables import ContactNumber
from tests.unit.contacts.conftest import GIULIA

FULL = Card(
    "Mario",
    "Rossi",
    "ACME; S.p.A.",
    "Dir, gen",
    "Super",
    (
        Number("work", "+390255501201"),
        Number("mobile", "+393471234567"),
        Number("sip", "sip:m@acme.it"),
    ),
    ("m@acme.it",),
    (Address("work", "Via Roma 1", "Roma", "00100", "RM", "Italia"),),
    date(1980, 1, 2),
    "uno\ndue",
)


def through_csv(text: str | bytes) -> list[Card]:
    sheet = csv_file.read(text if isinstance(text, bytes) else text.encode())
    return [one.card for one in csv_file.cards(sheet, sheet.guess())]


def test_csv_out_and_in_again() -> None:
    assert through_csv(csv_file.write([FULL])) == [FULL]


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_vcards_out_and_in_again(version: str) -> None:
    written = vcards.write([FULL, Card(company="Solo Srl")], version=version)
    assert f"VERSION:{version}" in written
    assert [one.card for one in vcards.read(written.encode())] == [FULL, Card(company="Solo Srl")]


def test_no_cell_is_a_formula() -> None:
    evil = Card("=cmd|' /C calc'!A0", "@SUM(1)", "+1+1", notes="-2+3")
    (row,) = list(csv.reader(io.StringIO(csv_file.write([evil]).lstrip("\ufeff"))))[1:]
    assert not any(cell.startswith(("=", "@", "+", "-", "\t", "\r")) for cell in row if cell)
    assert through_csv(csv_file.write([evil])) == [evil]


@pytest.mark.parametrize(
    "content",
    [
        "Nome;Cognome;Cellulare\nPiù;Àgata;347 1234567\n".encode("latin-1"),
        "Nome\tCognome\tCellulare\nPiù\tÀgata\t347 1234567\n".encode("utf-16"),
        "\ufeffNome,Cognome,Cellulare\r\nPiù,Àgata,347 1234567\r\n".encode(),
    ],
)
def test_old_codings_and_separators_are_read(content: bytes) -> None:
    numbers = (Number("mobile", "347 1234567"),)
    assert through_csv(content) == [Card("Più", "Àgata", numbers=numbers)]


def test_headings_of_other_programmes_are_recognised() -> None:
    outlook = csv_file.Sheet(
        ("First Name", "Last Name", "Company", "Business Phone", "Mobile Phone", "E-mail Address"),
        (),
    )
    assert outlook.guess() == ("first_name", "last_name", "company", "work", "mobile", "email")
    google = csv_file.Sheet(("Name", "Phone 1 - Value", "E-mail 1 - Value", "Xyz"), ())
    assert google.guess() == ("name", "number", "email", "")


def test_sixty_columns_are_no_trouble() -> None:
    header = ",".join(f"c{n}" for n in range(58))
    rows = through_csv(f"Nome,Telefono,{header}\nAda,201,{'x,' * 57}x\n")
    assert rows == [Card("Ada", numbers=(Number("work", "201"),))]


@pytest.mark.parametrize("content", [b"", b"Nome\n", b"\x00\x01\x02", b"a,b\n" * 20_002])
def test_what_is_no_file_of_contacts_is_refused(content: bytes) -> None:
    with pytest.raises(BadFile) as bad:
        csv_file.read(content)
    assert bad.value.it
    with pytest.raises(BadFile):
        vcards.read(content)


@given(some.binary(max_size=300))
def test_no_bytes_break_the_readers(content: bytes) -> None:
    for read, text in (
        (csv_file.read, content),
        (vcards.read, content),
        (vcards.read, b"BEGIN:VCARD\n" + content + b"\nEND:VCARD"),
    ):
        try:
            read(text)
        except BadFile:
            pass


def test_cards_of_old_and_new_programmes() -> None:
    photo = base64.b64encode(b"jpeg" * 4000).decode()
    folded = "\r\n ".join(photo[n : n + 74] for n in range(0, len(photo), 74))
    text = (
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Mario Rossi\r\nN:Rossi;Mario;;;\r\n"
        'TEL;VALUE=uri;TYPE="voice,cell":tel:+39-347-123-4567;ext=3\r\n'
        "ORG:ACME;Vendite\r\nBDAY:19800102\r\n"
        f"PHOTO;ENCODING=b;TYPE=JPEG:{folded}\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Verd=C3=AC;Luca\r\n"
        "TEL;CELL:3471234567\r\nTEL;HOME;FAX:0255501299\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\r\nthis is no card\r\nEND:VCARD\r\n"
    )
    mario, luca, broken = vcards.read(text.encode())
    assert mario.card.numbers == (Number("mobile", "+39-347-123-4567"),)
    assert mario.card.company == "ACME Vendite"
    assert mario.card.birthday == date(1980, 1, 2)
    assert mario.lost == (vcards.PHOTO,)
    assert luca.card.title == "Luca Verdì"
    assert luca.card.numbers == (Number("mobile", "3471234567"), Number("fax", "0255501299"))
    assert broken.card == Card()


def test_a_trial_says_what_becomes_of_each(session: Session) -> None:
    book.add(session, GIULIA, Card("Ada", numbers=(Number("work", "201"),)))
    source = [
        Incoming("2", Card("Ada", numbers=(Number("mobile", "201"),))),
        Incoming("3", Card("Bea", numbers=(Number("work", "pippo"), Number("work", "202")))),
        Incoming("4", Card("Bea", numbers=(Number("work", "202"),))),
        Incoming("5", Card(numbers=(Number("work", "02 5550 1299"),))),
        Incoming("6", Card(role="niente")),
    ]
    trial = incoming.try_out(session, GIULIA, source)
    assert [each.outcome for each in trial.verdicts] == ["same", "new", "same", "new", "left_out"]
    assert trial.verdicts[1].faults[0].it.startswith("«pippo»: "), "the wrong number is named"
    assert trial.verdicts[3].title == "02 5550 1299"
    assert incoming.take_over(session, GIULIA, trial.chosen) == 2
    assert [row.title for row in book.find(session, GIULIA).rows] == ["02 5550 1299", "Ada", "Bea"]
    again = incoming.try_out(session, GIULIA, source)
    assert again.count("new") == 0


def test_ten_thousand_rows_tell_how_far_they_are(session: Session) -> None:
    source = [
        Incoming(str(n), Card(f"Nome{n}", numbers=(Number("work", f"02555{n:05}"),)))
        for n in range(1_200)
    ]
    judged: list[int] = []
    trial = incoming.try_out(session, GIULIA, source, told=judged.append)
    assert judged == [500, 1000]
    written: list[int] = []
    assert incoming.take_over(session, GIULIA, trial.chosen, told=written.append) == 1_200
    assert written == [500, 1000, 1200]
    assert book.find(session, GIULIA, "nome1199").total == 1


def test_merging_puts_numbers_behind_those_that_are_there(session: Session) -> None:
    ada = Card("Ada", "Bo", numbers=(Number("work", "+390255501201"),))
    known = book.add(session, GIULIA, ada)
    rows = select(ContactNumber).where(ContactNumber.contact_id == known)
    (before,) = session.exec(rows).all()
    source = [
        Incoming("2", Card("Bo", "Ada", numbers=(Number("mobile", "3355550870"),))),
        Incoming("3", Card("Ada", "Bo", numbers=(Number("home", "02 5550 1299"),), role="Capo")),
    ]
    trial = incoming.try_out(session, GIULIA, source)
    assert [each.outcome for each in trial.verdicts] == ["merged", "merged"]
    assert incoming.take_over(session, GIULIA, trial.chosen) == 2
    card = book.read(session, GIULIA, known)
    assert card is not None and card.role == "Capo"
    assert [each.number for each in card.numbers] == [
        "+390255501201",
        "+393355550870",
        "+390255501299",
    ]
    assert {row.id: row.position for row in session.exec(rows)}[before.id] == 0
    assert [row.id for row in book.find(session, GIULIA, "3355").rows] == [known]
    assert incoming.try_out(session, GIULIA, source).count("same") == 2


def test_an_import_that_is_cut_short_leaves_nothing(database: Database) -> None:
    with database.session() as session:
        book.add(session, GIULIA, Card("Nome3", numbers=(Number("work", "201"),)))
    source = [
        Incoming(str(n), Card(f"Nome{n}", numbers=(Number("work", f"02555{n:05}"),)))
        for n in range(1_200)
    ]
    with database.reading() as session:
        trial = incoming.try_out(session, GIULIA, source)
    assert (trial.count("new"), trial.count("merged")) == (1_199, 1)

    for last in (1000, 1200):  # among the new ones, and after what is merged

        def told(done: int, last: int = last) -> None:
            if done == last:
                raise InterruptedError

        with pytest.raises(InterruptedError), database.session() as session:
            incoming.take_over(session, GIULIA, trial.chosen, told=told)
        with database.reading() as session:
            (row,) = book.find(session, GIULIA).rows
            assert [each.number for each in row.numbers] == ["201"]


def test_cards_are_read_while_they_are_judged(session: Session) -> None:
    raw = vcards.split(b"BEGIN:VCARD\nFN:Ida Neri\nTEL:0255501201\nEND:VCARD\n" * 600)
    judged: list[int] = []
    trial = incoming.try_out(session, GIULIA, vcards.cards(raw), told=judged.append)
    assert judged == [500]
    assert (trial.count("new"), trial.count("same")) == (1, 599)


# --- files that are made to hurt --------------------------------------------------------------


def test_no_line_of_a_card_keeps_the_office_waiting() -> None:
    """Patterns hold up every thread, the calls' too; with vobject's own this test never ends."""
    lines = (
        "TEL;TYPE=" + "," * 60,
        "TEL;a=" + '"a",' * 5_000 + "1",
        "TEL" + ";a=" * 5_000,
        'TEL;a=,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"x:1',
        "a" * 20_000,
    )
    for line in lines:
        (one,) = vcards.read(f"BEGIN:VCARD\nFN:Ida Neri\n{line}\nEND:VCARD\n".encode())
        assert one.card.first_name == "Ida", line[:20]


def test_lines_with_every_kind_of_parameter_are_read() -> None:
    card = (
        "BEGIN:VCARD\nVERSION:3.0\nFN:Ida Neri\n"
        'item1.TEL;TYPE="work,voice",pref;X-A="a;b:c":02 5550 1201\n'
        "TEL;CELL;VOICE:333 1234567\nTEL;type=HOME,FAX:02 5550 1202\nEND:VCARD\n"
    )
    (one,) = vcards.read(card.encode())
    assert {each.kind: each.number for each in one.card.numbers} == {
        "work": "02 5550 1201",
        "mobile": "333 1234567",
        "fax": "02 5550 1202",
    }


def test_cards_that_never_end_are_none() -> None:
    """Two megabytes of beginnings took the square of it, with every other thread held up."""
    with pytest.raises(BadFile):
        vcards.read(b"BEGIN:VCARD\n" * 200_000)
    card = b"BEGIN:VCARD\nFN:Ida Neri\nEND:VCARD\n"
    assert len(vcards.read(card + b"BEGIN:VCARD\n" * 200_000)) == 1
    with pytest.raises(BadFile):
        vcards.read(card * (incoming.MOST_ROWS + 1))


def test_a_card_that_is_a_book_is_named_and_left_out() -> None:
    big = b"BEGIN:VCARD\nFN:Ida Neri\nNOTE:" + b"x" * 70_000 + b"\nEND:VCARD\n"
    (one, other) = vcards.read(big + b"BEGIN:VCARD\nFN:Ugo Bo\nEND:VCARD\n")
    assert one.lost == (vcards.BROKEN,) and other.card.first_name == "Ugo"
    photo = b"PHOTO;ENCODING=b;TYPE=JPEG:" + b"\r\n QUJD" * 20_000 + b"\r\n"
    (kept,) = vcards.read(b"BEGIN:VCARD\r\nFN:Ida Neri\r\n" + photo + b"END:VCARD\r\n")
    assert kept.card.first_name == "Ida" and kept.lost == (vcards.PHOTO,)


def test_nothing_of_a_card_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    vcards.read(b"BEGIN:VCARD\nFN:Ida Neri\nsegreto 333\nEND:VCARD\n")
    assert "segreto" not in caplog.text


def test_a_cell_of_blanks_or_of_thousands_of_numbers_is_read_at_once() -> None:
    blanks = "Nome,Telefono,Gruppi\n" + ("Ida," + " " * 19_000 + "1,\n") * 200
    assert len(through_csv(blanks)) == 200
    many = ";".join(f"02555{n:05d}" for n in range(1_800))
    (card,) = through_csv(f'Nome,Telefono\nIda,"{many}"\n')
    assert 6 < len(card.numbers) < 100


def test_a_file_of_too_many_rows_is_not_read_to_its_end() -> None:
    with pytest.raises(BadFile):
        csv_file.read(b"Nome\n" + b"a\n" * 2_000_000)
    assert len(csv_file.read(b"Nome\n" + b"a\n" * incoming.MOST_ROWS).rows) == incoming.MOST_ROWS
