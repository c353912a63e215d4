"""Caller lists: what is typed and pasted, the draft, its conflicts, and saving it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from sqlmodel import Session, select

from officesmart.administration.typed import NO_NUMBER
from officesmart.call_manager import lists, typed_callers
from officesmart.call_manager.lists import Entry
from officesmart.components.caller_list_state import CallerLists
from officesmart.contacts import book
from officesmart.contacts.card import Card, Number
from officesmart.desk import Desk
from pbx.routing.office import Office
from pbx.tables import CallerEntry, Contact, ContactGroup, ContactGroupMember, Line
from tests.unit.administration.conftest import NASTY
from tests.unit.call_manager.conftest import Piece, line_of

REJECT, FORWARD = "selective_reject", "selective_forward"


def office_of(here: Desk) -> Office:
    with here.database.reading() as session:
        return here.offices.read(session)


def kept(here: Desk, service: str = REJECT, extension: str = "201") -> list[tuple[str, str]]:
    with here.database.reading() as session:
        found = lists.entries(session, line_of(here, extension), service)
        return [(each.kind, each.value or each.name) for each in found]


def put(here: Desk, service: str, kind: str, value: str, extension: str = "201") -> int:
    with here.database.session() as session:
        row = CallerEntry(line_id=line_of(here, extension), service=service, kind=kind, value=value)
        session.add(row)
        session.flush()
        return row.id or 0


def contact(session: Session, line_id: int, last: str, *numbers: str) -> int:
    told = tuple(Number("work", number) for number in numbers)
    return book.add(session, line_id, Card(last_name=last, numbers=told))


@pytest.fixture
def page(here: Desk) -> Piece:
    opened = Piece(here, CallerLists, "201")
    opened.does("open", REJECT)
    return opened


@pytest.mark.parametrize(
    ("typed", "entry"),
    [
        ("02 5550 7318", ("number", "+390255507318")),
        ("+39 02 5550 7318", ("number", "+390255507318")),
        ("0039 02 5550 7318", ("number", "+390255507318")),
        ("347 555 0182", ("number", "+393475550182")),
        ("+44 20 7946 0958", ("number", "+442079460958")),
        ("39066*", ("prefix", "+39066")),
        ("066*", ("prefix", "+39066")),
        ("02 555*", ("prefix", "+3902555")),
        ("+4420*", ("prefix", "+4420")),
        ("0044*", ("prefix", "+44")),
        ("335*", ("prefix", "+39335")),
        ("39335*", ("prefix", "+39335")),
        ("202", ("extension", "202")),
        ("Anonimo", ("anonymous", "")),
    ],
)
def test_an_entry_is_read_without_the_outside_0(
    here: Desk, typed: str, entry: tuple[str, str]
) -> None:
    found = typed_callers.read(typed, office_of(here))
    assert found.fault is None and found.entry is not None
    assert (found.entry.kind, found.entry.value) == entry


@pytest.mark.parametrize(
    ("typed", "offer"),
    [
        ("0 02 5550 7318", "02 5550 7318"),
        ("0 347 555 0182", "347 555 0182"),
        ("03475550182", "347 555 0182"),
        ("0 02555*", "02555*"),
        ("0347555018*", "347555018*"),
    ],
)
def test_with_the_outside_0_the_number_without_it_is_offered(
    here: Desk, typed: str, offer: str
) -> None:
    found = typed_callers.read(typed, office_of(here))
    assert found.entry is None and found.offer == offer
    assert found.fault is not None and "senza lo 0" in found.fault.it
    assert typed_callers.read(offer, office_of(here)).entry is not None


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "Scrivi un numero"),
        ("299", "non è un interno"),
        ("1*", "almeno due cifre"),
        ("*", "almeno due cifre"),
        ("02*55", "alla fine"),
        ("1" * 41, "41 cifre"),
        ("02 55x", "non è un numero"),
        ("📞", "non è un numero"),
        ("02 5550 7318 int. 5", "non è un numero"),
        ("<b>02</b>", "non è un numero"),
    ],
)
def test_what_is_no_entry_is_refused_with_its_reason(here: Desk, typed: str, reason: str) -> None:
    found = typed_callers.read(typed, office_of(here))
    assert found.entry is None and found.fault is not None
    assert reason in found.fault.it.replace("Non è un", "non è un")


def test_a_pasted_text_is_taken_line_by_line(here: Desk, page: Piece) -> None:
    page.does("add", {"number": "02 5550 7318\n0 347 555 0182\nciao\n02 5550 7318\n\n02 5550 9*"})
    assert [row.title for row in page.rows] == ["02 5550 7318", "347 555 0182", "0255509*"]
    assert [(each.text, each.why) for each in page.told] == [
        ("ciao", NO_NUMBER.it),
        ("02 5550 7318", "È già in questo elenco"),
    ]
    assert page.news == "Aggiunti 3, lasciati fuori 2"
    assert kept(here) == []  # until Conferma


def test_ten_thousand_lines_are_refused_kindly_and_quickly(here: Desk, page: Piece) -> None:
    text = "\n".join(f"02 5550 {n:04}" for n in range(10_000))
    began = time.process_time()
    page.does("add", {"number": text})
    assert time.process_time() - began < 1
    assert page.rows == [] and "10000 righe" in page.fault and "100 voci" in page.fault


def test_a_hundred_entries_are_the_most(here: Desk, page: Piece) -> None:
    page.does("add", {"number": "\n".join(f"02 5550 {n:04}" for n in range(1000, 1101))})
    assert len(page.rows) == 100 and "pieno" in page.told[0].why
    page.does("add", {"number": "347 555 0182"})
    assert len(page.rows) == 100 and "pieno" in page.fault
    page.does("pick", "extension", "202", True)
    assert len(page.rows) == 100
    page.does("confirm")
    assert len(kept(here)) == 100
    with here.database.session() as session:  # a draft of 101 gets no further either
        line, now = line_of(here), lists.entries(session, line_of(here), REJECT)
        one_more = (*now, Entry(-1, "number", "+393475550182"))
        (left,) = lists.save(session, line, REJECT, one_more, opened=lists.version(now))
        assert left.fault == lists.FULL


def test_edits_count_with_conferma_and_the_list_can_be_emptied_and_put_back(
    here: Desk, page: Piece
) -> None:
    page.does("add", {"number": "02 5550 7318"})
    page.does("add", {"number": "anonimo"})
    page.does("confirm")
    assert page.saved == REJECT and not page.showing
    assert kept(here) == [("number", "+390255507318"), ("anonymous", "")]
    page.does("known_saved")
    page.does("open", REJECT)
    page.does("ask_clear")
    assert page.asking == "clear"
    page.does("clear")
    assert page.rows == [] and page.dirty
    page.does("leave")
    assert page.asking == "leave"
    page.does("close")
    assert len(kept(here)) == 2  # undone by not pressing Conferma
    page.does("open", REJECT)
    page.does("remove", page.rows[0].id)
    page.does("put_back")
    assert len(page.rows) == 2 and not page.dirty
    page.does("clear")
    page.does("confirm")
    assert kept(here) == [] and "vuoto" in page.said


def test_the_offered_number_is_one_click(here: Desk, page: Piece) -> None:
    page.does("add", {"number": "0 347 555 0182"})
    assert page.offer == "347 555 0182" and page.typed == "0 347 555 0182"
    page.does("take_offer")
    assert [row.title for row in page.rows] == ["347 555 0182"] and page.fault == ""


def test_contacts_groups_and_colleagues_are_ticked(here: Desk, page: Piece) -> None:
    with here.database.session() as session:
        line = line_of(here)
        one = contact(session, line, "Olivari", "+390163555021", "+393355550870")
        contact(session, line, "Bellandi", "+390255507741")
        theirs = contact(session, line_of(here, "202"), "Segreto", "+390255500000")
        group = ContactGroup(line_id=line, name="Corrieri")
        session.add(group)
        session.flush()
        session.add(ContactGroupMember(group_id=group.id or 0, contact_id=one))
    page.does("choose_from", "contacts")
    assert [each.title for each in page.choices] == ["Corrieri", "Bellandi", "Olivari"]
    page.does("search", "oli")
    (found,) = page.choices
    page.does("pick", found.kind, found.id, True)
    assert page.choices[0].ticked
    page.does("pick", "group", str(group.id), True)
    page.does("pick", "contact", str(theirs), True)  # somebody else's: not there
    page.does("choose_from", "colleagues")
    assert [each.title for each in page.choices] == ["Davide Conti", "Sara Lombardi"]
    page.does("pick", "extension", "202", True)
    assert [(row.title, row.detail) for row in page.rows] == [
        ("Olivari", "2 numeri, segue il contatto"),
        ("Corrieri", "gruppo, 1 contatto"),
        ("Davide Conti", "interno 202"),
    ]
    page.does("pick", "extension", "202", False)
    page.does("done")
    page.does("confirm")
    assert kept(here) == [("contact", "Olivari"), ("group", "Corrieri")]


def test_an_empty_address_book_says_so(here: Desk, page: Piece) -> None:
    page.does("choose_from", "contacts")
    assert page.nobody and page.choices == []
    page.does("leave")
    assert page.choosing == "" and page.showing


def test_a_contact_that_went_meanwhile_is_left_out_and_told(here: Desk, page: Piece) -> None:
    with here.database.session() as session:
        one = contact(session, line_of(here), "Olivari", "+390163555021")
    page.does("pick", "contact", str(one), True)
    with here.database.session() as session:
        session.delete(session.get_one(Contact, one))
    page.does("confirm")
    assert kept(here) == [] and "senza 1 voce:" in page.said


def test_the_second_editor_is_told_and_may_keep_both(here: Desk, page: Piece) -> None:
    page.does("add", {"number": "347 555 0182"})
    put(here, REJECT, "number", "+390255507318")
    page.does("confirm")
    assert page.asking == "clash" and len(kept(here)) == 1
    page.does("keep_mine")
    assert [row.title for row in page.rows] == ["02 5550 7318", "347 555 0182"]
    page.does("confirm")
    assert len(kept(here)) == 2
    page.does("open", REJECT)
    page.does("add", {"number": "202"})
    put(here, REJECT, "anonymous", "")
    page.does("confirm")
    page.does("keep_theirs")
    assert [row.kind for row in page.rows] == ["number", "number", "anonymous"] and not page.dirty


def test_a_conflict_shows_before_conferma_and_its_remedy_counts_with_it(
    here: Desk, page: Piece
) -> None:
    put(here, FORWARD, "number", "+390255507741")
    put(here, FORWARD, "extension", "202")
    page.does("add", {"number": "02 5550 7741"})
    (row,) = page.rows
    assert row.severity == "info" and "lista di inoltro" in row.warnings[0]
    page.does("explain", row.id)
    assert page.warned == row.id
    (other, own) = row.remedies
    assert (other.words, own.words) == (
        "Togli dalla lista di rifiuto",
        "Togli dalla lista di inoltro",
    )
    page.does("mend", own.id)
    assert page.rows[0].severity == "" and len(kept(here, FORWARD)) == 2  # not yet
    page.does("confirm")
    assert kept(here, FORWARD) == [("extension", "202")]
    page.does("open", REJECT)
    page.does("add", {"number": "202"})
    here_, _ = page.rows[1].remedies
    page.does("mend", here_.id)  # the draft's own entry goes
    assert len(page.rows) == 1 and len(kept(here, FORWARD)) == 1


def test_other_peoples_entries_stay(here: Desk, page: Piece) -> None:
    theirs = put(here, REJECT, "number", "+390255507318", "202")
    page.does("remove", theirs)
    page.does("mend", "0" * 16)
    page.does("confirm")
    with here.database.session() as session:
        line, now = line_of(here), lists.entries(session, line_of(here), REJECT)
        lists.save(session, line, REJECT, now, opened=lists.version(now), elsewhere=[theirs])
        forged = Entry(theirs, "number", "+390255507318")
        lists.save(session, line, REJECT, [*now, forged], opened=lists.version(now))
    assert kept(here, extension="202") == [("number", "+390255507318")]
    assert kept(here) == []


def test_no_service_has_no_list(here: Desk, page: Piece) -> None:
    page.does("close")
    page.does("open", "forward_all")
    assert not page.showing
    page.does("confirm")
    with here.database.session() as session, pytest.raises(KeyError):
        lists.save(session, 1, "forward_all", (), opened="")
    with here.database.reading() as session:
        assert session.exec(select(CallerEntry)).all() == []
        assert len(session.exec(select(Line)).all()) == 3


@pytest.mark.parametrize("value", NASTY)
def test_nothing_typed_or_forged_gets_into_a_list(here: Desk, value: Any) -> None:
    page = Piece(here, CallerLists, "201")
    page.does("open", REJECT)
    page.does("add", {"number": value})
    if isinstance(value, str):
        page.does("search", value)
        page.does("pick", value, value, True)
        page.does("choose_from", value)
        page.does("mend", value)
    page.does("confirm")
    assert kept(here) == []
