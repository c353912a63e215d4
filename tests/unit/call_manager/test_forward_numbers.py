"""Forwarding numbers: what is typed, the list, and the dialog that chooses from it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from officesmart.call_manager import numbers
from officesmart.components.number_picker_state import NumberPicker
from officesmart.contacts import book
from officesmart.contacts.card import Card, Number
from officesmart.desk import Desk
from pbx.routing.office import Office
from pbx.store import options
from pbx.tables import ForwardNumber, Line, ShortCode, Trunk
from tests.unit.administration.conftest import NASTY
from tests.unit.call_manager.conftest import Piece, line_of


def office_of(here: Desk) -> Office:
    with here.database.reading() as session:
        return here.offices.read(session)


def read(here: Desk, text: str, extension: str = "201") -> numbers.Read:
    office = office_of(here)
    return numbers.read(text, office.lines[extension], office)


@pytest.fixture
def picker(here: Desk) -> Piece:
    return Piece(here, NumberPicker, "201")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0 347 555 0182", "+393475550182"),
        ("\u202a0 347/5550182\u202c", "+393475550182"),
        ("٠٣٤٧٥٥٥٠١٨٢", "+393475550182"),
        ("Cell.: 0 347.555.0182", "+393475550182"),
        ("0 02 5550 7318", "+390255507318"),
        ("0 0044 20 7946 0958", "+442079460958"),
        ("0800 123456", "800123456"),
        ("202", "202"),
        ("7001", "7001"),
    ],
)
def test_a_number_is_read_as_a_phone_dials_it(here: Desk, typed: str, kept: str) -> None:
    with here.database.session() as session:
        session.add(ShortCode(code="7001", name="Fornitore", number="+390255507318"))
        for line in session.exec(select(Line)):
            line.rights = "internal national mobile international freephone special"
    found = read(here, typed)
    assert (found.number, found.fault) == (kept, None)


@pytest.mark.parametrize(
    ("typed", "offer"),
    [("347 555 0182", "0 347 555 0182"), ("+39 02 5550 7318", "0 02 5550 7318")],
)
def test_who_leaves_the_0_out_is_offered_it(here: Desk, typed: str, offer: str) -> None:
    found = read(here, typed)
    assert (found.number, found.offer) == ("", offer)
    assert found.fault is not None and found.fault.it == "Manca lo 0"
    assert read(here, offer).number != ""


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "Scrivi il numero"),
        ("   ", "Scrivi il numero"),
        ("0347 555 01b2", "solo cifre"),
        ("📞 347", "non è un interno"),
        ("²³⁴", "solo cifre"),
        ("0 02 5550 7318 int. 5", "solo cifre"),
        ("<b>0347</b>", "solo cifre"),
        ("\u202e0347", "numero di servizio"),
        ("1" * 40, "40 cifre"),
        ("x" * 10_000, "solo cifre"),
        ("299", "non è un interno"),
        ("201", "della linea stessa"),
        ("0 02 5550 1201", "della linea stessa"),
        ("02 5550 1201", "della linea stessa"),
        ("0112", "emergenza"),
        ("118", "emergenza"),
        ("0899 123456", "non è abilitato"),
        ("+1 212 555 0100", "non è abilitato"),
    ],
)
def test_what_cannot_be_forwarded_to_is_refused_with_its_reason(
    here: Desk, typed: str, reason: str
) -> None:
    found = read(here, typed)
    assert found.number == "" and found.offer == ""
    assert found.fault is not None and reason in found.fault.it


def test_a_number_can_be_kept_while_no_outside_line_is_up(here: Desk) -> None:
    with here.database.session() as session:
        session.exec(select(Trunk)).one().enabled = False
    found = read(here, "0 347 555 0182")
    assert found.number == "+393475550182"
    assert found.warning is not None and "nessuna linea esterna" in found.warning.it


def test_adding_ticks_the_number_and_conferma_tells_it(here: Desk, picker: Piece) -> None:
    picker.does("open", "forward_busy")
    assert picker.showing and picker.rows == [] and picker.explain
    picker.does("add", {"name": "Cellulare", "number": "0 347 555 0182"})
    (row,) = picker.rows
    assert (row.name, row.led, row.written, row.uses) == ("Cellulare", "0", "347 555 0182", 0)
    assert picker.chosen == "+393475550182"
    picker.does("confirm")
    assert (picker.decided, picker.decided_name) == ("+393475550182", "Cellulare")
    assert (picker.purpose, picker.showing) == ("forward_busy", False)
    picker.does("told")
    assert picker.decided == ""
    picker.does("open", "forward_busy", "+393475550182")
    assert picker.chosen == "+393475550182"
    assert not picker.explain  # it was told once


def test_the_correction_is_one_click(here: Desk, picker: Piece) -> None:
    picker.does("open", "forward_busy")
    picker.does("add", {"name": "Casa", "number": "3475550182"})
    assert picker.faults["number"] == "Manca lo 0" and picker.offer == "0 347 555 0182"
    picker.does("take_offer")
    assert [(row.name, row.number) for row in picker.rows] == [("Casa", "+393475550182")]
    assert not any(picker.faults.values()) and picker.offer == ""


def test_conferma_takes_what_stands_in_the_field(here: Desk, picker: Piece) -> None:
    picker.does("open", "forward_busy")
    picker.does("typed", "347")
    picker.does("confirm")
    assert picker.showing and "347 non è un interno" in picker.faults["number"]
    picker.does("typed", "202")
    picker.does("confirm")
    assert (picker.decided, picker.decided_name) == ("202", "Davide Conti")


def test_a_number_used_once_is_not_saved(here: Desk, picker: Piece) -> None:
    picker.does("open", "ring_plan")
    picker.does("use_once", True)
    picker.does("add", {"name": "Ferie", "number": "0 347 555 0182"})
    (row,) = picker.rows
    assert (row.id, picker.chosen, picker.saved) == (0, "+393475550182", 0)
    picker.does("confirm")
    assert picker.decided == "+393475550182"
    with here.database.reading() as session:
        assert session.exec(select(ForwardNumber)).all() == []


def test_a_number_in_use_is_deleted_only_when_its_services_were_named(
    here: Desk, picker: Piece
) -> None:
    line = line_of(here)
    with here.database.session() as session:
        session.add(ForwardNumber(line_id=line, name="Casa", number="+393475550182"))
        for feature in ("forward_busy", "forward_unavailable"):
            options.change(session, feature, line, enabled=True, number="+393475550182")
    picker.does("open", "forward_busy")
    (row,) = picker.rows
    assert row.uses == 2
    picker.does("remove", row.id)
    assert picker.ask_words == "«Inoltro su occupato» e «Inoltro se non disponibile»"
    assert len(picker.rows) == 1
    picker.does("keep")
    picker.does("remove", row.id)
    picker.does("remove", row.id)
    assert picker.rows == [] and picker.removed == "Casa"
    picker.does("put_back")
    assert [each.number for each in picker.rows] == ["+393475550182"]


def test_a_number_without_a_name_is_called_as_its_contact(here: Desk, picker: Piece) -> None:
    line, other = line_of(here), line_of(here, "202")
    with here.database.session() as session:
        for number, name in (("+393475550182", ""), ("+393475550183", "Casa")):
            session.add(ForwardNumber(line_id=line, name=name, number=number))
        for owner, who in ((line, "Marta"), (other, "Of somebody else")):
            for number in ("347 555 0182", "347 555 0183", "347 555 0184"):
                book.add(session, owner, Card(who, numbers=(Number("mobile", number),)))
        options.change(session, "forward_busy", line, enabled=True, number="+393475550184")
    picker.does("open", "forward_busy")
    assert sorted(row.name for row in picker.rows) == ["Casa", "Marta"]
    with here.database.reading() as session:
        assert numbers.names(session, line) == {
            "+393475550182": "Marta",
            "+393475550183": "Casa",
            "+393475550184": "Marta",
        }


def test_fifty_numbers_are_the_most(here: Desk, picker: Piece) -> None:
    line = line_of(here)
    with here.database.session() as session:
        for n in range(numbers.MOST):
            session.add(ForwardNumber(line_id=line, name="", number=f"+3934755501{n:02}"))
    picker.does("open", "forward_busy")
    picker.does("add", {"name": "", "number": "0 347 555 0250"})
    assert "pieno" in picker.faults["number"] and len(picker.rows) == 50
    picker.does("add", {"name": "Lui", "number": "0 347 555 0117"})  # there already: named
    assert not any(picker.faults.values()) and "Lui" in [row.name for row in picker.rows]


def test_other_peoples_numbers_are_theirs(here: Desk, picker: Piece) -> None:
    with here.database.session() as session:
        row = ForwardNumber(line_id=line_of(here, "202"), name="X", number="203")
        session.add(row)
        session.flush()
        theirs = row.id
    picker.does("open", "forward_busy")
    assert picker.rows == []
    picker.does("remove", theirs)
    with here.database.reading() as session, pytest.raises(numbers.Gone):
        numbers.remove(session, line_of(here), theirs or 0)
    with here.database.reading() as session:
        assert len(session.exec(select(ForwardNumber)).all()) == 1
    picker.does("choose", "203")
    picker.does("confirm")
    assert picker.decided == "" and picker.nothing


@pytest.mark.parametrize("value", NASTY)
def test_nothing_typed_or_forged_gets_into_the_list(here: Desk, value: Any) -> None:
    picker = Piece(here, NumberPicker, "201")
    picker.does("open", "forward_busy")
    picker.does("add", {"name": value, "number": value})
    picker.does("open", "ring_plan", "x" * 900)
    assert picker.rows == []
