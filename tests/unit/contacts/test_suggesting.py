"""The dialler suggests who may be meant: contacts, colleagues, codes, recent calls."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from officesmart.contacts import book
from officesmart.contacts.card import Card, Number
from officesmart.suggesting import MOST, MOST_CONTACTS, suggest
from pbx.tables import CallRecord, ShortCode
from tests.unit.contacts.conftest import DAVIDE, GIULIA, NOW


@pytest.fixture
def full(session: Session) -> Session:
    numbers = (Number("work", "0163 555021"), Number("fax", "0163 555099"))
    book.add(session, GIULIA, Card("Davide", "Olivari", numbers=numbers))
    session.add(ShortCode(code="7001", name="Corriere Davvero", number="+390255503300"))
    for n, number in enumerate(("+390302020202", "+390302020202", "202", "")):
        session.add(
            CallRecord(
                call_id=f"c{n}",
                started_at=NOW,
                ended_at=NOW,
                to_line_id=GIULIA,
                caller_number=number,
                caller_name="Davines" if number else "",
                why="no_answer",
            )
        )
    session.flush()
    return session


def found(session: Session, text: str, line: int = GIULIA) -> list[tuple[str, str, str]]:
    return [(each.kind, each.name, each.dial) for each in suggest(session, line, text, "it")]


def test_everybody_who_may_be_meant_comes_once(full: Session) -> None:
    assert found(full, "dav") == [
        ("contact", "Davide Olivari", "+390163555021"),
        ("extension", "Davide Conti", "202"),
        ("code", "Corriere Davvero", "7001"),
        ("recent", "Davines", "+390302020202"),
    ]


def test_a_fax_is_nobody_to_talk_to(full: Session) -> None:
    assert all("099" not in dial for _, _, dial in found(full, "olivari"))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("0163", ["Davide Olivari"]),
        ("+39 0163", ["Davide Olivari"]),
        ("20", ["Davide Conti"]),  # and not oneself
        ("0163 555", ["Davide Olivari"]),
        ("0 0163 555", ["Davide Olivari"]),
        ("00163555", ["Davide Olivari"]),
        ("0163/555-021", ["Davide Olivari"]),
        ("70", ["Corriere Davvero"]),
        ("03020", ["Davines"]),
        ("", []),
        ("   ", []),
        ("%", []),
        ("🤷", []),
        ("x" * 5_000, []),
    ],
)
def test_digits_and_names_find_by_their_beginning(
    full: Session, text: str, names: list[str]
) -> None:
    assert sorted(name for _, name, _ in found(full, text)) == sorted(names)


def test_others_contacts_are_not_suggested(full: Session) -> None:
    assert [kind for kind, _, _ in found(full, "olivari", DAVIDE)] == []


@pytest.mark.parametrize("text", ["d'ang", "D’ANG", "dang", "d ang", "angelo", "nico", "NICOLO'"])
def test_accents_and_apostrophes_are_found_as_people_type_them(full: Session, text: str) -> None:
    book.add(full, GIULIA, Card("Nicolò", "D'Angelo", numbers=(Number("work", "02 5550 1299"),)))
    assert found(full, text) == [("contact", "Nicolò D'Angelo", "+390255501299")]


def test_each_number_of_a_contact_says_its_kind(full: Session) -> None:
    numbers = (Number("work", "02 5550 1299"), Number("mobile", "335 555 0870"))
    book.add(full, GIULIA, Card("Ada", "Neri", numbers=numbers))
    told = [(each.dial, each.label) for each in suggest(full, GIULIA, "ada", "it")]
    assert told == [("+390255501299", "lavoro"), ("+393355550870", "cellulare")]


def test_a_recent_call_is_one_however_it_was_dialled(full: Session) -> None:
    full.add(
        CallRecord(
            call_id="out",
            started_at=NOW,
            ended_at=NOW,
            from_line_id=GIULIA,
            dialled="00302020202",
            why="no_answer",
        )
    )
    full.flush()
    assert [dial for _, _, dial in found(full, "0302")] == ["+390302020202"]


def test_all_contacts_that_fit_and_colleagues_too(full: Session) -> None:
    for n in range(50):
        book.add(full, GIULIA, Card(f"Davina{n}", numbers=(Number("work", f"3{n:02}"),)))
    told = [kind for kind, _, _ in found(full, "da")]
    assert told.count("contact") == MOST_CONTACTS
    assert "extension" in told and len(told) <= MOST
