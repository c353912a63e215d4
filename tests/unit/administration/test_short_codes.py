"""Short codes: digits that nobody else has, numbers as phones dial them, files of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import select

from officesmart.administration import code_sheet, lines, sheet, short_codes
from officesmart.administration.dialled import read, shown
from officesmart.administration.files import Sent, waiting
from officesmart.desk import Desk
from officesmart.pages.admin_short_codes import FILE, ShortCodes
from pbx.store.session import Database
from pbx.tables import AuditEntry, Line, ShortCode
from tests.unit.administration.conftest import NASTY, NOW, SARA
from tests.unit.administration.tab import Tab

GOOD = {"code": "7001", "name": "Ottica Marzorati", "number": "0 02 5550 7318"}


@pytest.fixture
def tab(here: Desk) -> Tab:
    return Tab(here, ShortCodes)


def kept(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return dict(session.execute(select(ShortCode.code, ShortCode.number)).all())


@pytest.mark.parametrize(
    ("typed", "number", "offer"),
    [
        ("201", "201", ""),
        ("299", "", ""),
        ("0 02 5550 7318", "+390255507318", ""),
        ("002 5550 7318", "+390255507318", ""),
        ("02 5550 7318", "", "0 02 5550 7318"),
        ("+39 02 5550 7318", "", "0 02 5550 7318"),
        ("347 123 4567", "", "0 347 123 4567"),
        ("0163 555021", "", "0 0163 555021"),
        ("0 347 123 4567", "+393471234567", ""),
        ("+44 20 7946 0958", "", "0 0044 20 7946 0958"),
        ("0 0044 20 7946 0958", "+442079460958", ""),
        ("0 800 123 456", "800123456", ""),
        ("0187", "", ""),
        ("ciao", "", ""),
        ("", "", ""),
    ],
)
def test_a_number_is_read_as_a_phone_dials_it(typed: str, number: str, offer: str) -> None:
    found = read(typed, prefix="0", extensions=("201",))
    assert (found.number, found.offer) == (number, offer)
    assert (found.fault is None) == bool(number)
    if number:  # what is shown can be typed again
        assert read(shown(number, "0"), prefix="0", extensions=("201",)).number == number
    if offer:
        assert read(offer, prefix="0", extensions=()).fault is None


def test_without_a_digit_for_outside_numbers_are_as_they_are() -> None:
    assert read("02 5550 7318", prefix="", extensions=()).number == "+390255507318"
    assert read("9 02 5550 7318", prefix="9", extensions=()).number == "+390255507318"
    assert read("02 5550 7318", prefix="9", extensions=()).offer == "9 02 5550 7318"


def test_a_code_is_made_and_an_offer_taken(tab: Tab, database: Database) -> None:
    tab.does("open_new")
    tab.does("save", {**GOOD, "number": "02 5550 7318"})
    assert tab.offer == "0 02 5550 7318" and "numero esterno" in tab.faults["number"]
    tab.does("save", {**GOOD, "number": tab.offer, "for_everybody": "on"})
    assert (tab.said, tab.offer) == ("Codice breve creato", "")
    assert kept(database) == {"7001": "+390255507318"}
    assert [(row.number, row.for_everybody) for row in tab.rows] == [("0 02 5550 7318", True)]
    tab.does("search", "02 55507318")
    assert tab.found == 1


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ("201", "Giulia Ferrante"),
        ("600", "Prova di eco"),
        ("112", "emergenza"),
        ("805", "parcheggio"),
        ("12", "selezione rapida"),
        ("01", "linea esterna"),
        ("187", "servizio nazionale"),
        ("7000", "Portineria"),
    ],
)
def test_digits_that_something_else_has_are_refused(tab: Tab, code: str, named: str) -> None:
    tab.does("open_new")
    tab.does("save", {**GOOD, "code": "7000", "name": "Portineria"})
    tab.does("open_new")
    tab.does("save", {**GOOD, "code": code})
    assert named.lower() in tab.faults["code"].lower()


def test_a_code_that_begins_an_extension_is_told(tab: Tab) -> None:
    tab.does("open_new")
    tab.does("save", {**GOOD, "code": "20199"})
    (told,) = tab.waits
    assert "Giulia Ferrante" in told


def test_a_code_follows_the_extension_it_reaches(here: Desk, tab: Tab, database: Database) -> None:
    tab.does("open_new")
    tab.does("save", {**GOOD, "number": "202"})
    with database.session() as session:
        line = session.exec(select(Line).where(Line.extension == "202")).one()
        base = lines.values_of(session, line.id or 0)
        values = replace(base, extension="302")
        lines.save(session, SARA, line.id or 0, base=base, values=values)
        of = line.id or 0
    assert kept(database) == {"7001": "302"}
    with database.session() as session:
        lines.remove(session, SARA, [of], database.data)
    assert kept(database) == {}
    with database.reading() as session:
        told = [each.what for each in session.exec(select(AuditEntry)) if "code" in each.what]
    assert told == ["code_created", "code_changed", "code_deleted"]


@pytest.mark.parametrize("name", [*GOOD, "for_everybody"])
def test_anything_may_be_typed(tab: Tab, database: Database, name: str) -> None:
    for nasty in NASTY:
        tab.does("open_new")
        tab.does("save", {**GOOD, name: nasty})
    for code, number in kept(database).items():
        assert code.isascii() and code.isdigit() and len(code) <= 7 and number


CSV = (
    "Codice;Nome;Numero;Per tutti\n"
    "7001;Ottica;0 02 5550 7318;si\n"
    "7002;Portineria;203;\n"
    "7003;Nessuno;299;\n"
    "201;Giulia;203;\n"
    "7001;Doppio;203;\n"
    "7000;Vecchio;0 347 123 4567;1\n"
)


def test_a_file_is_tried_and_its_right_rows_taken(tab: Tab, database: Database) -> None:
    with database.session() as session:
        session.add(ShortCode(code="7000", name="Vecchio", number="203"))
    tab.does("ask_import")
    at = NOW
    waiting.put(tab._person.session, FILE, Sent("codici.csv", at, CSV.encode()))
    tab.does("uploaded")
    assert (tab.fresh, tab.moved, tab.same, tab.wrong) == (2, 1, 0, 3)
    assert [row.kind for row in tab.tried[:3]] == ["error"] * 3
    assert "Giulia Ferrante" in tab.tried[1].detail
    tab.does("take_over")
    assert set(kept(database)) == {"7000"}  # not with errors in it
    tab.does("leave_errors_out", True)
    tab.does("take_over")
    assert tab.said == "Codici importati: 2 nuovi, 1 cambiati"
    assert kept(database) == {"7000": "+393471234567", "7001": "+390255507318", "7002": "203"}
    with database.reading() as session:
        log = session.exec(select(AuditEntry)).all()
        assert {(each.what, each.line_name) for each in log} == {
            ("code_imported", "7000"), ("code_imported", "7001"), ("code_imported", "7002"),
        }  # fmt: skip
        again = code_sheet.read(session, code_sheet.export(short_codes.listed(session)).encode())
    assert {each.kind for each in again} == {"same"}


@pytest.mark.parametrize(
    "content",
    [b"", b"\0\1\2", b"a,b\n1,2\n", "codice;nome;numero\n7;Per\u00f2;203\n".encode("latin-1"),
     b"code,name,number\n" + b"1,x,203\n" * 10_001],
)  # fmt: skip
def test_a_file_that_is_none_is_told(database: Database, content: bytes) -> None:
    with database.reading() as session, pytest.raises(sheet.Unreadable):
        code_sheet.read(session, content)


def test_a_file_without_a_header_is_in_the_usual_order(database: Database) -> None:
    with database.reading() as session:
        (row,) = code_sheet.read(session, b"7001,Ottica,203\n")
    assert (row.kind, row.values.number) == ("new", "203")
