"""What Home says would happen to a call: always what the exchange itself would do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from officesmart.desk import Desk
from officesmart.expected import Offices, Path, path_of
from pbx.config import Config
from pbx.routing.office import Office, Person
from pbx.tables import FeatureOption

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def office(**options: Any) -> Office:
    me = Person(1, "201", "Giulia Ferrante", has_mailbox=True, options=options)
    other = Person(2, "202", "Davide Conti", has_mailbox=True)
    return Office(lines={"201": me, "202": other})


def path(of: Office, *, phones: int = 1, language: str = "it") -> Path:
    registered = frozenset({"201"}) if phones else frozenset()
    return path_of(of, "201", phones=phones, registered=registered, at=NOW, language=language)


@pytest.mark.parametrize(
    ("options", "phones", "sentence", "kinds"),
    [
        ({}, 1, "Squilla il tuo telefono; dopo 30 secondi risponde la segreteria.",
         "rings mailbox"),
        ({}, 3, "Squillano insieme i tuoi 3 telefoni; dopo 30 secondi risponde la segreteria.",
         "rings mailbox"),
        ({}, 0, "Risponde la segreteria.", "mailbox"),
        ({"mailbox": {"seconds": 12}}, 1,
         "Squilla il tuo telefono; dopo 12 secondi risponde la segreteria.", "rings mailbox"),
        ({"do_not_disturb": {"enabled": True}}, 1, "Risponde la segreteria.", "mailbox"),
        ({"forward_all": {"enabled": True, "number": "202"}}, 1,
         "La chiamata va all'interno 202 (Davide Conti).", "forward"),
        ({"forward_no_answer": {"enabled": True, "number": "202", "seconds": 20}}, 1,
         "Squilla il tuo telefono; dopo 20 secondi la chiamata va all'interno 202 (Davide Conti).",
         "rings forward"),
    ],
)  # fmt: skip
def test_the_sentence_is_the_decision(
    options: dict[str, Any], phones: int, sentence: str, kinds: str
) -> None:
    found = path(office(**options), phones=phones)
    assert found.sentence == sentence
    assert [stop.kind for stop in found.stops] == ["arrives", *kinds.split()]
    assert [stop.goes_on for stop in found.stops][-1] is False


def test_english_says_the_same() -> None:
    assert (
        path(office(), language="en").sentence
        == "Your phone rings; after 30 seconds voicemail answers."
    )


def test_without_a_mailbox_the_call_ends() -> None:
    bare = office()
    bare = replace(bare, lines={"201": replace(bare.lines["201"], has_mailbox=False)})
    assert path(bare).stops[-1].kind == "ends"
    assert path(bare, phones=0).stops[-1].kind == "ends"


def test_it_says_why_nothing_rings() -> None:
    quiet = path(office(do_not_disturb={"enabled": True}))
    assert quiet.because and "disturbato" in quiet.because[0]
    assert path(office()).because == []


def test_a_line_that_is_gone_has_no_path() -> None:
    found = path_of(office(), "299", phones=0, registered=frozenset(), at=NOW, language="it")
    assert found == Path()


def test_a_setting_counts_from_the_next_look(here: Desk) -> None:
    offices = Offices(Config(data=here.database.data))
    with here.database.reading() as session:
        before = offices.read(session)
        assert offices.read(session) is before, "nothing moved: nothing is read"
    with here.database.session() as session:
        session.add(FeatureOption(line_id=1, feature="do_not_disturb", options={"enabled": True}))
    with here.database.reading() as session:
        assert path(offices.read(session)).sentence == "Risponde la segreteria."
