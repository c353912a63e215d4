"""The address book: kept as typed but clean, found by beginnings, never another line's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlmodel import Session, col, select

from officesmart.administration.clash import Clash
from officesmart.contacts import book, doubles, groups
from officesmart.contacts.book import Wrong
from officesmart.contacts.card import NO_NAME, Address, Card, Number, judge, reachable, search_text
from pbx.store import contacts, revision
from pbx.tables import CallerEntry, ContactGroupMember, ContactNumber
from tests.unit.contacts.conftest import DAVIDE, GIULIA

MARIO = Card(
    "Mario",
    "Rossi",
    "Acme S.p.A.",
    numbers=(Number("work", "02 5550 1299"), Number("mobile", "347 123 4567")),
    emails=("mario@acme.it",),
    addresses=(Address("work", "Via Roma 1", "Milano"),),
)


def titles(session: Session, text: str = "", line: int = GIULIA) -> list[str]:
    return [row.title for row in book.find(session, line, text).rows]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("02 5550 1299", "+390255501299"),
        ("+39 02 5550 1299", "+390255501299"),
        ("0039 02/5550-1299", "+390255501299"),
        ("(02) 5550.1299", "+390255501299"),
        ("347 1234567", "+393471234567"),
        ("tel:+39-347-123-4567", "+393471234567"),
        ("800 123456", "800123456"),
        ("201", "201"),
        ("187", "187"),
        ("+44 20 7946 0000", "+442079460000"),
        ("sip:mario@acme.it", "sip:mario@acme.it"),
        ("", ""),
        ("casa", ""),
        ("1" * 40, ""),
        ("🤷", ""),
        ("sip:", ""),
        ("347' OR 1=1 --", ""),
    ],
)
def test_numbers_are_kept_in_one_form(typed: str, kept: str) -> None:
    assert reachable(typed) == kept


@given(some.text(max_size=60))
def test_no_text_breaks_a_number(text: str) -> None:
    assert len(reachable(text)) <= 80


def test_a_contact_is_found_by_beginnings(session: Session) -> None:
    book.add(session, GIULIA, MARIO)
    book.add(session, GIULIA, Card("Élodie", "D'Angiò", nickname="Lola"))
    book.add(session, GIULIA, Card(company="Forno Rossini"))
    book.add(session, DAVIDE, Card("Mario", "Bianchi"))
    assert titles(session) == ["Élodie D'Angiò", "Forno Rossini", "Mario Rossi"]
    assert titles(session, "ro ma") == ["Mario Rossi"]
    assert titles(session, "ROSS") == ["Forno Rossini", "Mario Rossi"]
    assert titles(session, "elo ang") == ["Élodie D'Angiò"]
    assert titles(session, "ossi") == []
    assert titles(session, "acm") == ["Mario Rossi"]
    assert titles(session, "0255") == ["Mario Rossi"]
    assert titles(session, "02 5550 12") == ["Mario Rossi"]
    assert titles(session, "+39 347") == ["Mario Rossi"]
    assert titles(session, "347") == ["Mario Rossi"]
    assert titles(session, "%") == titles(session)
    assert titles(session, "_ario") == []
    assert titles(session, "mario", DAVIDE) == ["Mario Bianchi"]


def test_a_search_says_how_many_there_are(session: Session) -> None:
    for number in range(7):
        book.add(session, GIULIA, Card("Ada", f"N{number}"))
    found = book.find(session, GIULIA, "ada", start=4, limit=2)
    assert [row.title for row in found.rows] == ["Ada N4", "Ada N5"]
    assert found.total == 7


def test_what_is_kept_comes_back(session: Session) -> None:
    known = book.add(session, GIULIA, MARIO)
    card = book.read(session, GIULIA, known)
    assert card is not None
    assert card.numbers == (Number("work", "+390255501299"), Number("mobile", "+393471234567"))
    assert card.addresses == MARIO.addresses
    assert book.read(session, DAVIDE, known) is None


@pytest.mark.parametrize(
    ("card", "field"),
    [
        (Card(), "first_name"),
        (Card(role="capo"), "first_name"),
        (Card("a" * 301), "first_name"),
        (Card("a\x00b"), "first_name"),
        (Card("A", numbers=(Number("work", "abc"),)), "number-0"),
        (Card("A", numbers=tuple(Number("work", f"20{n}") for n in range(7))), "number-6"),
        (Card("A", emails=("x@",)), "email-0"),
        (Card("A", emails=("a@b.it", "c@d.it", "e@f.it")), "email-2"),
        (Card("A", notes="x" * 4001), "notes"),
        (Card("A", addresses=tuple(Address(city=c) for c in "abc")), "address-2"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(session: Session, card: Card, field: str) -> None:
    with pytest.raises(Wrong) as wrong:
        book.add(session, GIULIA, card)
    assert field in wrong.value.faults
    assert titles(session) == []


def test_names_of_every_kind_are_kept(session: Session) -> None:
    for name in (
        "x" * 300,
        "🤷 Ünal",
        "<script>alert(1)</script>",
        "'; DROP TABLE contact; --",
        "שלום",
    ):
        known = book.add(session, GIULIA, Card(name))
        card = book.read(session, GIULIA, known)
        assert card is not None
        assert card.title == name
        assert titles(session, name)[:1] == [name] or not search_text(card).strip()


def test_a_second_tab_is_told(session: Session) -> None:
    known = book.add(session, GIULIA, MARIO)
    opened = book.read(session, GIULIA, known)
    book.change(session, GIULIA, known, Card("Maria", "Rossi"), opened=opened)
    with pytest.raises(Clash) as clash:
        book.change(session, GIULIA, known, Card("Marco", "Rossi"), opened=opened)
    assert "first_name" in clash.value.fields
    book.change(session, GIULIA, known, Card("Marco", "Rossi"), opened=None)
    assert titles(session) == ["Marco Rossi"]
    with pytest.raises(LookupError):
        book.change(session, DAVIDE, known, Card("Ladro"), opened=None)


def test_deleting_takes_only_ones_own(session: Session) -> None:
    mine, his = book.add(session, GIULIA, MARIO), book.add(session, DAVIDE, MARIO)
    assert book.remove(session, GIULIA, [mine, his, 999]) == 1
    assert titles(session, line=DAVIDE) == ["Mario Rossi"]
    assert len(session.exec(select(ContactNumber)).all()) == 2


def test_doubles_become_one(session: Session) -> None:
    first = book.add(session, GIULIA, MARIO)
    second = book.add(session, GIULIA, Card("Rossi", "Mario", emails=("m@casa.it",)))
    third = book.add(session, GIULIA, Card("M.", numbers=(Number("home", "3471234567"),)))
    book.add(session, GIULIA, Card("Anna"))
    group = groups.keep(session, GIULIA, "Amici", "heart", [second])
    session.add(
        CallerEntry(line_id=GIULIA, service="priority_callers", kind="contact", contact_id=third)
    )
    assert doubles.doubles(session, GIULIA) == ((first, second, third),)
    assert doubles.merge(session, GIULIA, [first, second, third]) == first
    card = book.read(session, GIULIA, first)
    assert card is not None
    assert card.emails == ("mario@acme.it", "m@casa.it")
    assert [each.number for each in card.numbers] == ["+390255501299", "+393471234567"]
    assert titles(session) == ["Anna", "Mario Rossi"]
    assert groups.groups(session, GIULIA)[0].members == (first,)
    assert groups.groups(session, GIULIA)[0].id == group
    entry = session.exec(select(CallerEntry)).one()
    assert entry.contact_id == first
    assert doubles.doubles(session, GIULIA) == ()
    with pytest.raises(LookupError):
        doubles.merge(session, DAVIDE, [first, first])


def test_a_merge_loses_no_number(session: Session) -> None:
    ids = [
        book.add(
            session, GIULIA, Card("A", numbers=tuple(Number("work", f"2{n}{m}") for m in range(4)))
        )
        for n in range(2)
    ]
    with pytest.raises(Wrong):
        doubles.merge(session, GIULIA, ids)
    assert titles(session) == ["A", "A"]


def test_a_caller_is_known_by_any_form_of_the_number(session: Session) -> None:
    known = book.add(session, GIULIA, MARIO)
    for number in ("+390255501299", "0255501299", "+393471234567", "3471234567"):
        found = contacts.known(session, GIULIA, number)
        assert found is not None
        assert (found.contact_id, found.name) == (known, "Mario Rossi")
    assert contacts.known(session, GIULIA, "+390255501298") is None
    assert contacts.known(session, GIULIA, "+49255501299") is None
    assert contacts.known(session, GIULIA, "") is None
    assert contacts.known(session, DAVIDE, "+390255501299") is None


def test_groups_have_a_name_of_their_own(session: Session) -> None:
    mine, his = book.add(session, GIULIA, MARIO), book.add(session, DAVIDE, MARIO)
    group = groups.keep(session, GIULIA, " Lavoro ", "briefcase", [mine, his, 999])
    assert groups.groups(session, GIULIA) == (groups.Group(group, "Lavoro", "briefcase", (mine,)),)
    groups.keep(session, DAVIDE, "Lavoro", "nonsense", [])
    for name in ("lavoro", "", "x" * 81):
        with pytest.raises(Wrong):
            groups.keep(session, GIULIA, name, "users", [])
    groups.keep(session, GIULIA, "LAVORO", "house", [], group_id=group)
    with pytest.raises(LookupError):
        groups.keep(session, DAVIDE, "Mio", "users", [], group_id=group)
    assert not groups.remove(session, DAVIDE, group)
    groups.keep(session, GIULIA, "LAVORO", "house", [mine], group_id=group)
    assert groups.remove(session, GIULIA, group)
    session.flush()
    assert titles(session) == ["Mario Rossi"]
    rows = session.exec(select(ContactGroupMember).where(col(ContactGroupMember.group_id) == group))
    assert not rows.all()


def test_a_changed_number_moves_the_settings(session: Session) -> None:
    """Lists of callers name contacts: routing has to see their new numbers."""
    known = book.add(session, GIULIA, MARIO)
    before = revision.current(session)
    book.change(
        session, GIULIA, known, Card("Mario", numbers=(Number("work", "202"),)), opened=None
    )
    assert revision.current(session) > before


def test_judging_is_idempotent() -> None:
    once = judge(MARIO).card
    assert judge(once).card == once


def test_an_extension_behind_a_number_goes_to_the_notes() -> None:
    found = judge(Card(first_name="Anna", numbers=(Number("work", "02 5550 1201 (int. 203)"),)))
    assert found.faults == {}
    assert found.card.numbers == (Number("work", "+390255501201"),)
    assert found.card.notes == "02 5550 1201 int. 203"
    again = judge(replace(found.card, notes="Chiama la mattina"))
    assert again.card.notes == "Chiama la mattina"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("0 02 5550 1201", "senza lo 0 di uscita: 02 5550 1201"),
        (
            "+39 2 5550 1201",
            "Manca lo 0 del prefisso, che in Italia si compone sempre: 02 5550 1201",
        ),
        ("02 5550 1201 / 335 123 4567", "Sono più numeri"),
        ("800 CHIAMA", "Ha delle lettere"),
        ("ciao", "Non è un numero"),
    ],
)
def test_a_number_that_cannot_be_kept_says_what_was_meant(typed: str, said: str) -> None:
    faults = judge(Card(first_name="Anna", numbers=(Number("work", typed),))).faults
    assert said in faults["number-0"].it


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467 Bianchi", None),  # one emoji of three
        ("\u0645\u06cc\u200c\u0631\u0648\u062f", None),  # Persian
        ("\u202aMario\u202c \u200eRossi\ufeff", "Mario Rossi"),
    ],
)
def test_names_of_every_writing_are_kept(typed: str, kept: str | None) -> None:
    found = judge(Card(first_name=typed, notes=typed))
    assert found.faults == {}
    assert (found.card.first_name, found.card.notes) == (kept or typed, kept or typed)


@pytest.mark.parametrize("typed", ["\u200d", " \u200c \u200e", "\u202e"])
def test_a_name_that_nobody_sees_is_none(typed: str) -> None:
    assert judge(Card(first_name=typed)).faults["first_name"] == NO_NAME
