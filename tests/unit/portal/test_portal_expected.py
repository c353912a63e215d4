"""What Home says would happen to a call: always what the exchange itself would do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from officesmart.desk import Desk
from officesmart.expected import Offices, Path, path_of, standing
from pbx.config import Config
from pbx.events import kinds
from pbx.events.board import Board, fold
from pbx.events.kinds import Party
from pbx.routing.callers import LISTS, Caller
from pbx.routing.office import Office, Person, TrunkFacts
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


def test_periods_in_which_nothing_changes_are_told_as_one_ring() -> None:
    plan = {
        "mode": "in_order",
        "periods": [18, 12, 10],
        "phones": [
            {"number": "", "name": "", "rings": [True, True, True], "confirm": None},
            {"number": "202", "name": "Davide", "rings": [False, True, True], "confirm": None},
        ],
    }
    of = office(ring_plan=plan, mailbox={"seconds": 90})
    alone = path(of)  # the colleague's phone is not connected: it does not ring
    assert alone.sentence == "Squilla il tuo telefono; dopo 40 secondi risponde la segreteria."
    assert [stop.when for stop in alone.stops] == ["Arriva", "subito", "dopo 40 s"]
    both = path_of(of, "201", phones=1, registered=frozenset({"201", "202"}), at=NOW, language="it")
    assert [stop.when for stop in both.stops] == ["Arriva", "subito", "dopo 18 s", "dopo 40 s"]


def test_a_forward_that_cannot_be_followed_names_its_number_as_people_write_it() -> None:
    told = path(office(forward_all={"enabled": True, "number": "+393475550182"}))
    assert any("347 555 0182" in why for why in told.because)
    assert not any("+39" in why for why in told.because)


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


MOBILE = "+393331234567"


def in_order(*rows: tuple[str, str, list[bool]]) -> dict[str, Any]:
    phones = [{"number": number, "name": name, "rings": rings} for number, name, rings in rows]
    return {"ring_plan": {"mode": "in_order", "periods": [18, 12, 20], "phones": phones}}


def test_periods_are_told_by_who_joins_and_who_goes_on() -> None:
    whole = replace(
        office(
            **in_order(
                ("", "", [True, True, False]),
                (MOBILE, "Cellulare", [False, True, True]),
            ),
            mailbox={"seconds": 60},
        ),
        trunks={1: TrunkFacts(1, "Linea")},
    )
    found = path(whole)
    assert found.sentence == (
        "Squilla il tuo telefono; dopo 18 secondi si aggiunge Cellulare; "
        "dopo 30 secondi resta Cellulare; dopo 50 secondi risponde la segreteria."
    )
    assert [stop.when for stop in found.stops] == [
        "Arriva", "subito", "dopo 18 s", "dopo 30 s", "dopo 50 s",
    ]  # fmt: skip
    assert found.stops[2].title == "Il tuo telefono e Cellulare"
    assert found.stops[2].detail == "Cellulare: chi risponde preme 1"
    assert path(whole, language="en").sentence == (
        "Your phone rings; after 18 seconds Cellulare joins; after 30 seconds Cellulare goes on; "
        "after 50 seconds voicemail answers."
    )


def test_lists_in_force_are_told_first_and_counted() -> None:
    on = {"enabled": True}
    whole = office(
        selective_reject=on, selective_forward={**on, "number": "202"}, anonymous_reject=on,
        priority_callers=on, do_not_disturb=on,
    )  # fmt: skip
    entry = Caller("number", MOBILE, "Bellandi", 1, frozenset({MOBILE}))
    lists = {name: (entry,) for name in LISTS}
    whole = replace(whole, lines={**whole.lines, "201": replace(whole.lines["201"], callers=lists)})
    found = path(whole)
    assert found.stops[0].title == "Filtri"
    assert found.stops[0].detail == (
        "anonimi rifiutati, 1 rifiutato, 1 inoltrato, 1 sempre ammesso"
    )
    assert found.sentence == (
        "Risponde la segreteria. Chi nasconde il numero sente un annuncio. "
        "Chi è nella lista di rifiuto sente un annuncio. "
        "Chi è nella lista di inoltro va all'interno 202 (Davide Conti). "
        "I chiamanti prioritari squillano comunque."
    )


def test_two_hundred_pages_pay_for_one_decision(here: Desk) -> None:
    offices = Offices(Config(data=here.database.data))
    with here.database.reading() as session:
        now = offices.read(session)

    def asked(of: Office = now, at: datetime = NOW, **more: Any) -> Path:
        how: dict[str, Any] = {"phones": 1, "registered": frozenset({"201"}), "language": "it"}
        return offices.path(of, "201", at=at, **(how | more))

    first = asked()
    assert asked() is first
    assert asked(language="en") is not first
    assert asked(registered=frozenset(), phones=0).sentence != first.sentence
    assert asked(at=NOW.replace(minute=1)) is not first, "hours may have moved"
    draft = replace(now, lines=dict(now.lines))
    assert asked(draft) is not first, "a draft is nobody else's"
    with here.database.session() as session:
        session.add(FeatureOption(line_id=1, feature="do_not_disturb", options={"enabled": True}))
    with here.database.reading() as session:
        assert asked(offices.read(session)).sentence == "Risponde la segreteria."


def test_a_line_is_busy_as_the_exchange_counts_it() -> None:
    """Whoever dials or rings is in a call; whose mailbox answered is in none."""
    giulia, davide = Party("201", "", "201"), Party("202", "", "202")
    board = fold(Board(), kinds.CallStarted("c1", NOW, giulia, davide))
    assert standing(board, NOW).in_call == {"201"}
    board = fold(board, kinds.CallRinging("c1", NOW, davide))
    assert standing(board, NOW).in_call == {"201", "202"}
    assert not standing(board, NOW).busy
    board = fold(board, kinds.CallStarted("c2", NOW, giulia, Party("+390612345678")))
    assert standing(board, NOW).busy == {"201"}
    board = fold(board, kinds.CallAnswered("c1", NOW, davide, "mailbox"))
    assert standing(board, NOW).in_call == {"201"}


def test_a_line_in_a_call_is_told_as_it_is_now() -> None:
    """Without call waiting the line counts as busy while somebody talks on it."""
    talks = frozenset({"201"})
    said: dict[str, Any] = {"phones": 1, "registered": talks, "at": NOW, "language": "it"}
    waits = path_of(office(), "201", in_call=talks, **said)
    assert waits.sentence.startswith("Squilla il tuo telefono")
    alone = office(call_waiting={"enabled": False})
    busy = path_of(alone, "201", in_call=talks, **said)
    assert (busy.sentence, busy.because) == (
        "Risponde la segreteria.",
        ["L'interno 201 è occupato"],
    )
    offices = Offices(Config())
    offices._last = alone
    assert offices.path(alone, "201", **said) != offices.path(alone, "201", in_call=talks, **said)
