"""One's own contact names whoever called, before the name that came with the call."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from officesmart.contacts import book
from officesmart.contacts.card import Card, Number
from officesmart.lists import CallLine, Reader, call_days
from officesmart.naming import people_of
from pbx.store.history import CallRow
from tests.unit.contacts.conftest import DAVIDE, GIULIA

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


@pytest.fixture
def known(session: Session) -> Session:
    book.add(session, GIULIA, Card("Teresa", "Olivari", numbers=(Number("work", "0163 555021"),)))
    book.add(session, GIULIA, Card("Il collega", numbers=(Number("work", "202"),)))
    return session


def shown(session: Session, number: str, name: str = "", line: int = GIULIA) -> CallLine:
    call = CallRow(1, "c", number, name, NOW, 0, "", "busy", False, None, False, ())
    people = people_of(session, line, [number])
    (day,) = call_days([call], Reader("it", ZoneInfo("Europe/Rome"), NOW, people))
    return day.rows[0]


@pytest.mark.parametrize("number", ["+390163555021", "00163555021", "0163555021"])
def test_any_form_of_the_number_is_known(known: Session, number: str) -> None:
    row = shown(known, number, "CARTIERA SPA")
    assert (row.name, row.can_add) == ("Teresa Olivari", False)


def test_a_contact_comes_before_the_name_of_the_extension(known: Session) -> None:
    assert shown(known, "202", "Davide Conti").name == "Il collega"
    assert shown(known, "202", "Davide Conti", DAVIDE).name == "Davide Conti"


def test_who_is_not_known_can_be_added(known: Session) -> None:
    assert shown(known, "+390163555022").can_add
    assert not shown(known, "").can_add, "withheld"
    assert not shown(known, "203").can_add, "a colleague"
    assert shown(known, "+390163555021", line=DAVIDE).can_add, "Giulia's contacts are hers"


def test_a_call_says_why_it_went_where_it_went() -> None:
    because = ({"feature": "busy", "it": "L'interno 201 è occupato", "en": "201 is busy"},)
    call = CallRow(1, "c", "202", "Davide", NOW, 0, "", "busy", False, None, False, because)
    for language, words in (("it", "L'interno 201 è occupato"), ("en", "201 is busy")):
        (day,) = call_days([call], Reader(language, ZoneInfo("Europe/Rome"), NOW))
        assert day.rows[0].why == [words]
