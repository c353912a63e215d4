"""The menu of a number: what it offers, and putting somebody first from where his number stands."""

from __future__ import annotations

from typing import Any

import pytest

from officesmart.call_manager import lists
from officesmart.components.number_deeds import NumberDeeds, form_of
from officesmart.contacts import book
from officesmart.contacts.card import Card, Number
from officesmart.desk import Desk
from pbx.store import options
from tests.unit.administration.conftest import NASTY
from tests.unit.call_manager.conftest import Piece, line_of

MILAN = "+390255507318"
FIRST = "priority_callers"


@pytest.fixture
def menu(here: Desk) -> Piece:
    return Piece(here, NumberDeeds, "201")


def kept(here: Desk, service: str = FIRST, extension: str = "201") -> list[tuple[str, str, str]]:
    with here.database.reading() as session:
        found = lists.entries(session, line_of(here, extension), service)
        return [(each.kind, each.value, each.name) for each in found]


def contact(here: Desk, number: str, extension: str = "201") -> None:
    with here.database.session() as session:
        card = Card(last_name="Olivari", numbers=(Number("work", number),))
        book.add(session, line_of(here, extension), card)


@pytest.mark.parametrize(
    ("number", "own", "can_add", "can_call_here"),
    [
        (MILAN, False, True, True),
        ("0255507318", False, True, True),
        ("00255507318", False, True, True),  # as a phone dialled it
        ("202", False, True, True),
        ("0202", False, False, False),
        ("+390255501201", True, False, False),
        ("201", True, False, False),
        ("187", False, False, False),
        ("*86", False, False, False),
        ("sip:anna@example.com", False, False, False),
        ("", False, False, False),
    ],
)
def test_only_what_makes_sense_is_offered(
    menu: Piece, number: str, own: bool, can_add: bool, can_call_here: bool
) -> None:
    menu.does("ask", number, True)
    assert (menu.own, menu.can_add, menu.can_call_here) == (own, can_add, can_call_here)
    assert menu.asked == number
    menu.does("ask", number, False)
    assert menu.asked == ""


def test_a_contact_of_mine_is_not_added_again(here: Desk, menu: Piece) -> None:
    contact(here, MILAN, "202")
    menu.does("ask", MILAN, True)
    assert menu.can_add
    contact(here, MILAN)
    menu.does("ask", MILAN, True)
    assert not menu.can_add and menu.can_call_here
    menu.does("to_contacts", MILAN)
    assert menu.toasts[-1].text == "C'è già: è un numero di Olivari"


def test_the_form_opens_with_number_and_name() -> None:
    ottica = "/contatti?nuovo=%2B390255507318&nome=Ottica+Marzorati"
    assert form_of(MILAN, " Ottica Marzorati") == ottica
    assert form_of("202", "Davide Conti") == "/contatti?nuovo=202&nome=Davide+Conti"
    for number_again in ("02 5550 7318", "int. 202", ""):
        assert form_of("202", number_again) == "/contatti?nuovo=202"


def test_somebody_is_put_first_once(here: Desk, menu: Piece) -> None:
    menu.does("put_first", MILAN, "Olivari")
    assert kept(here) == [("number", MILAN, "Olivari")]
    assert "Il servizio è spento" in menu.toasts[-1].text
    with here.database.session() as session:
        options.change(session, FIRST, line_of(here), enabled=True)
    menu.does("put_first", "202", "202")
    assert [each[:2] for each in kept(here)] == [("number", MILAN), ("extension", "202")]
    assert menu.toasts[-1].text == "Aggiunto ai prioritari"
    menu.does("put_first", MILAN, "Olivari")
    menu.does("put_first", "202", "")
    menu.does("put_first", "00255507318", "")
    assert menu.toasts[-1].text == "C'è già, tra i chiamanti prioritari"
    assert len(kept(here)) == 2 and kept(here, extension="202") == []


def test_who_is_there_by_a_beginning_is_there(here: Desk, menu: Piece) -> None:
    with here.database.session() as session:
        entry = lists.Entry(-1, "prefix", "+3902555")
        lists.save(session, line_of(here), FIRST, (entry,), opened=lists.version(()))
    menu.does("put_first", MILAN, "")
    assert menu.toasts[-1].text == "C'è già, tra i chiamanti prioritari"
    assert len(kept(here)) == 1


def test_a_full_list_says_so(here: Desk, menu: Piece) -> None:
    with here.database.session() as session:
        full = tuple(
            lists.Entry(-1 - each, "number", f"+3906555{each:05d}") for each in range(lists.MOST)
        )
        lists.save(session, line_of(here), FIRST, full, opened=lists.version(()))
    menu.does("put_first", MILAN, "")
    assert "L'elenco è pieno" in menu.toasts[-1].text
    assert len(kept(here)) == lists.MOST


def test_who_is_rejected_too_is_told(here: Desk, menu: Piece) -> None:
    with here.database.session() as session:
        entry = lists.Entry(-1, "number", MILAN)
        reject = "selective_reject"
        lists.save(session, line_of(here), reject, (entry,), opened=lists.version(()))
        options.change(session, reject, line_of(here), enabled=True)
        options.change(session, FIRST, line_of(here), enabled=True)
    menu.does("put_first", MILAN, "")
    assert menu.toasts[-1].text.startswith("Aggiunto ai prioritari, ma: ")


@pytest.mark.parametrize("value", [*NASTY, "201", "*", "02555*", "anonimo", "187"])
def test_what_is_forged_gets_nowhere(here: Desk, menu: Piece, value: Any) -> None:
    menu.does("ask", value, True)
    menu.does("ask", value, value)
    menu.does("to_contacts", value)
    menu.does("put_first", value, value)
    menu.does("put_first", value, "x" * 10_000)
    assert [each for each in kept(here) if each[0] != "number"] == []
    assert all(value == "187" for _ in kept(here))
