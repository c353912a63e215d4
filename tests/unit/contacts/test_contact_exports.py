"""Exports of other programmes are read whole, and our own come back without a loss."""

from __future__ import annotations

from datetime import date

import pytest

from officesmart.contacts import csv_file, vcards
from officesmart.contacts.card import Address, Card, Number, judge
from officesmart.contacts.incoming import BadFile, Incoming

FULL = Card(
    "Ada",
    "Rossi " + "x" * 290,
    "ACME; S.p.A.",
    "Dir, gen",
    "'=Super",
    (
        Number("mobile", "+393471234567"),
        Number("work", "+390255501201"),
        Number("other", "+390255501202"),
        Number("home", "+390255501203"),
        Number("fax", "+390255501204"),
        Number("work", "201"),
    ),
    ("m@acme.it", "casa@acme.it"),
    (
        Address("home", "Via Roma 1", "Roma", "00100", "RM", "Italia"),
        Address("work", "=1+1", "Forlì", "47121", "FC", "Italia"),
    ),
    date(1980, 1, 2),
    "-uno\ndue\n\n'tre; quattro",
)


def read_csv(content: bytes) -> list[Incoming]:
    sheet = csv_file.read(content)
    return list(csv_file.cards(sheet, sheet.guess()))


def test_our_own_csv_comes_back_whole() -> None:
    (one,) = read_csv(csv_file.write([(FULL, ("Fornitori; carta",))]).encode())
    assert (one.card, one.groups) == (FULL, ("Fornitori; carta",))
    (two,) = read_csv(csv_file.write([(Card("Bea"), ("A", "B"))]).encode())
    assert two.groups == ("A", "B")
    assert judge(one.card).card == FULL


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_our_own_vcards_come_back_whole(version: str) -> None:
    text = vcards.write([(FULL, ("Fornitori, carta", "Clienti"))], version=version)
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75, "folded (RFC 6350 s.3.2)"
    (one,) = vcards.read(text.encode())
    assert one.card == FULL
    assert set(one.groups) == {"Fornitori, carta", "Clienti"}


def test_google_says_kinds_in_columns_of_their_own() -> None:
    text = (
        "First Name,Middle Name,Last Name,Phonetic First Name,Nickname,Organization Name,"
        "Organization Title,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,"
        "E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,"
        "Phone 2 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,"
        "Address 1 - City,Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,"
        "Address 1 - Country,Website 1 - Value\n"
        "Anna,Maria,Bianchi,,Annina,Cartiera,Ordini,1980-01-02,ciao,https://x/y.jpg,"
        '"* myContacts ::: Fornitori",* Work,a@x.it,Home,b@x.it,Mobile,+39 347 123 4567,'
        '"Work Fax","02 5550 1204 ::: 02 5550 1205",Home,"Via 1, Roma",Via 1,Roma,,RM,00100,'
        "Italia,https://x\n"
    )
    (one,) = read_csv(text.encode())
    assert one.card == Card(
        "Anna Maria",
        "Bianchi",
        "Cartiera",
        "Ordini",
        "Annina",
        (
            Number("mobile", "+39 347 123 4567"),
            Number("fax", "02 5550 1204"),
            Number("fax", "02 5550 1205"),
        ),
        ("a@x.it", "b@x.it"),
        (Address("home", "Via 1", "Roma", "00100", "RM", "Italia"),),
        date(1980, 1, 2),
        "ciao",
    )
    assert one.groups == ("Fornitori",)


def test_outlook_in_its_old_coding() -> None:
    text = (
        '"Title","First Name","Last Name","Company","Department","Job Title","Business Street",'
        '"Business City","Business State","Business Postal Code","Business Country/Region",'
        '"Home Street","Home City","Business Fax","Business Phone","Business Phone 2","Home Phone",'
        '"Mobile Phone","Birthday","Categories","E-mail Address","E-mail Type",'
        '"E-mail Display Name","E-mail 2 Address","Notes"\r\n'
        '"","Niccolò","Però","Cittàdella","","Capo","Via 1","Forlì","FC","47121","Italia",'
        '"Corso 2","Bari","02 5550 1204","02 5550 1201","02 5550 1202","02 5550 1203",'
        '"347 123 4567",'
        '"0/0/00","Fornitori;Clienti","a@x.it","SMTP","Niccolò (a@x.it)","b@x.it","€ 5"\r\n'
    )
    (one,) = read_csv(text.encode("cp1252"))
    assert (one.card.first_name, one.card.role, one.card.notes) == ("Niccolò", "Capo", "€ 5")
    assert one.card.emails == ("a@x.it", "b@x.it")
    assert {(each.kind, each.number[-1]) for each in one.card.numbers} == {
        *(("work", "1"), ("work", "2"), ("home", "3"), ("fax", "4"), ("mobile", "7")),
    }
    assert [(each.kind, each.city) for each in one.card.addresses] == [
        ("work", "Forlì"),
        ("home", "Bari"),
    ]
    assert one.groups == ("Fornitori", "Clienti")
    assert one.lost == (), "0/0/00 is how Outlook says that there is none"


def test_outlook_in_italian() -> None:
    text = (
        "Nome;Cognome;Società;Posizione;Via (uff.);Città (uff.);Telefono (uff.);Telefono (ab.);"
        "Cellulare;Fax (uff.);Indirizzo posta elettronica\n"
        "Ada;Rossi;ACME;Capo;Via 1;Roma;201;202;203;204;a@x.it\n"
    )
    (one,) = read_csv(text.encode("utf-16-le"))
    assert [each.kind for each in one.card.numbers] == ["work", "mobile", "home", "fax"]
    assert (one.card.company, one.card.addresses[0].city) == ("ACME", "Roma")


def test_an_apple_card_and_its_labels() -> None:
    text = (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Apple Inc.//macOS 14.0//EN\r\n"
        "N:Rossi;Ada;;;\r\nFN:Ada Rossi\r\nORG:ACME;\r\nTITLE:Capo\r\n"
        "EMAIL;type=INTERNET;type=HOME;type=pref:a@x.it\r\n"
        "TEL;type=HOME;type=VOICE:02 5550 1203\r\n"
        "TEL;type=IPHONE;type=CELL;type=VOICE;type=pref:347 123 4567\r\n"
        "item1.TEL:02 5550 1201\r\nitem1.X-ABLabel:_$!<Other>!$_\r\n"
        "item2.ADR;type=WORK;type=pref:;;Via 1\\, int. 2;Roma;RM;00100;Italia\r\n"
        "item2.X-ABADR:it\r\nBDAY;X-APPLE-OMIT-YEAR=1604:1604-05-03\r\n"
        "CATEGORIES:Fornitori,myContacts\r\nNOTE:uno\\ndue\r\n"
        "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD\r\n AAAAA\r\nEND:VCARD\r\n"
    )
    (one,) = vcards.read(text.encode())
    assert [(each.kind, each.number) for each in one.card.numbers] == [
        ("mobile", "347 123 4567"),
        ("home", "02 5550 1203"),
        ("other", "02 5550 1201"),
    ]
    assert one.card.addresses == (
        Address("work", "Via 1, int. 2", "Roma", "00100", "RM", "Italia"),
    )
    assert (one.card.birthday, one.card.notes) == (None, "uno\ndue")
    assert one.groups == ("Fornitori",)
    assert vcards.PHOTO in one.lost


def test_old_cards_in_an_old_coding() -> None:
    """2.1 breaks quoted-printable lines with =, and says the coding of each field."""
    text = (
        "BEGIN:VCARD\r\nVERSION:2.1\r\n"
        "N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Per=F2;Niccol=F2\r\n"
        "ADR;WORK;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;;Via =\r\nForl=C3=AC 1;Roma;;;\r\n"
        "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:uno=0D=0A=\r\ndue\r\n"
        "TEL;CELL;PREF:347 123 4567\r\nEND:VCARD\r\n"
    )
    (one,) = vcards.read(text.encode())
    assert (one.card.last_name, one.card.first_name) == ("Però", "Niccolò")
    assert one.card.addresses[0].street == "Via Forlì 1"
    assert judge(one.card).card.notes == "uno\ndue"


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"PK\x03\x04" + b"x" * 99, "Excel"),
        (b"%PDF-1.7\n1;2\n", "PDF"),
        (b"a;b\n\0\1\2\n", "testo"),
    ],
)
def test_what_is_no_table_is_told_by_its_name(content: bytes, word: str) -> None:
    with pytest.raises(BadFile) as bad:
        csv_file.read(content)
    assert word in bad.value.it


def test_a_spreadsheet_that_names_its_separator() -> None:
    (one,) = read_csv(b"sep=|\nNome|Numero\nAda, la prima|201\n")
    assert one.card == Card("Ada, la prima", numbers=(Number("work", "201"),))


def test_a_date_that_is_none_is_told() -> None:
    (one,) = read_csv(b"Nome,Compleanno\nAda,ieri\n")
    assert one.lost == (csv_file.BAD_DAY,)
