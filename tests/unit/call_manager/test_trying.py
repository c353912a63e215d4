"""Prova una chiamata: what a browser sends, judged; what would become of the call, told."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session

from officesmart.components.trial_state import Trial
from officesmart.desk import Desk
from pbx.store import options
from pbx.tables import CallerEntry
from tests.unit.administration.conftest import NASTY
from tests.unit.call_manager.conftest import Piece, line_of


@pytest.fixture
def tab(here: Desk) -> Piece:
    return Piece(here, Trial, "201")


def sets(here: Desk, feature: str, *, of: str = "201", **values: Any) -> None:
    with here.database.session() as session:
        options.change(session, feature, line_of(here, of), **values)


def lists(
    here: Desk, service: str, kind: str, value: str = "", name: str = "", *, of: str = "201"
) -> int:
    def add(session: Session) -> int:
        entry = CallerEntry(
            line_id=line_of(here, of), service=service, kind=kind, value=value, name=name
        )
        session.add(entry)
        session.flush()
        return entry.id or 0

    with here.database.session() as session:
        return add(session)


def opened(tab: Piece) -> Any:
    return tab.does("open_trial")


def test_it_opens_with_a_colleague_who_calls_now(tab: Piece) -> None:
    seen = opened(tab)
    assert seen.trying and seen.who == "colleague" and seen.wrong == {}
    assert "201" not in {each.value for each in seen.colleague_choices}
    assert seen.outcome.kind == "mailbox", "no phone of 201 is registered"
    (own,) = seen.outcome.phones
    assert (own.number, own.name, own.behaves) == ("201", "Il tuo telefono", "off")


def test_phones_behave_as_supposed(tab: Piece) -> None:
    opened(tab)
    seen = tab.does("behave", "201", "silent")
    assert [each.title for each in seen.outcome.legs[0].moments][0] == "Squilla il tuo telefono"
    assert seen.outcome.legs[0].moments[0].detail == "Per 30 secondi"
    seen = tab.does("behave", "201", "answers")
    assert seen.outcome.kind == "answered"
    assert seen.outcome.phones[0].behaves == "answers"
    tab.does("behave", "201", "explodes")
    tab.does("behave", "299", "busy")
    assert seen.behaves == {"201": "answers"}


def test_an_anonymous_caller_is_refused_by_the_setting_that_does_so(tab: Piece, here: Desk) -> None:
    sets(here, "anonymous_reject", enabled=True)
    opened(tab)
    seen = tab.does("suppose", "who", "anonymous")
    assert seen.outcome.kind == "ends"
    assert "numeri nascosti" in seen.outcome.outcome
    assert seen.outcome.why == "Gestione chiamate anonime"
    (moment,) = seen.outcome.legs[0].moments
    assert moment.feature == "anonymous_reject"
    states = {each.feature: each.state for each in seen.outcome.legs[0].stages}
    assert states["anonymous_reject"] == "decided"
    assert states["selective_reject"] == "not_reached"
    assert "Gestione" not in tab.does("suppose", "who", "colleague").outcome.why


def test_somebody_of_a_list(tab: Piece, here: Desk) -> None:
    sets(here, "selective_reject", enabled=True)
    entry = lists(here, "selective_reject", "number", "+390255507741", "Bellandi")
    lists(here, "priority_callers", "prefix", "+39066")
    lists(here, "priority_callers", "anonymous")
    seen = opened(tab)
    assert [each.words for each in seen.listed_choices] == [
        "Bellandi · Rifiuto intelligente",
        "+39066* · Chiamanti prioritari",
        "Anonimo · Chiamanti prioritari",
    ]
    seen = tab.does("suppose", "who", "listed")
    assert seen.listed == f"selective_reject:{entry}"
    assert seen.outcome.why == "Rifiuto intelligente"
    seen = tab.does("suppose", "listed", seen.listed_choices[1].value)
    assert seen.wrong == {} and seen.outcome.why != "Rifiuto intelligente"
    seen = tab.does("suppose", "listed", "selective_reject:999")
    assert "listed" in seen.wrong and seen.outcome.legs == []


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("02 5550 7741", ""),
        ("+39 347 555 0182", ""),
        ("0 347 555 0182", ""),
        ("0039025550774", ""),
        ("", "Scrivi il numero"),
        ("202", "scegli «Un collega»"),
        ("abc", "scrivilo come"),
        ("1" * 40, "scrivilo come"),
    ],
)
def test_a_typed_number_is_judged(tab: Piece, typed: str, fault: str) -> None:
    opened(tab)
    tab.does("suppose", "who", "number")
    seen = tab.does("try_form", {"number": typed})
    if fault:
        assert fault in seen.wrong["number"]
        assert seen.outcome.outcome == ""
    else:
        assert seen.wrong == {} and seen.outcome.outcome


@pytest.mark.parametrize("nasty", NASTY)
def test_nothing_that_is_sent_breaks_it(tab: Piece, nasty: Any) -> None:
    said = "" if isinstance(nasty, str) else "che non si può leggere"
    opened(tab)
    for field in ("who", "colleague", "number", "listed", "reached", "at", "behaves", nasty):
        seen = tab.does("suppose", field, nasty)
        assert seen.trying
    assert said in tab.said if said else tab.said == ""
    assert bool(seen.wrong) is isinstance(nasty, str)
    tab.does("another_time", nasty)
    tab.does("behave", nasty, nasty)
    tab.does("try_form", {"number": nasty, str(nasty): nasty})
    assert said in tab.said if said else tab.said == ""


@pytest.mark.parametrize(
    ("at", "wrong"),
    [("2026-12-01T14:30", False), ("0001-01-01T00:00", True), ("9999-12-31T23:59", True),
     ("domani", True)],
)  # fmt: skip
def test_another_moment(tab: Piece, at: str, wrong: bool) -> None:
    opened(tab)
    seen = tab.does("another_time", "then")
    assert seen.at and not seen.wrong
    seen = tab.does("suppose", "at", at)
    assert ("at" in seen.wrong) is wrong
    assert tab.does("another_time", "now").at == ""


def test_a_forward_inside_goes_on_under_a_heading(tab: Piece, here: Desk) -> None:
    opened(tab)
    other = tab.state.colleague_choices[0]
    sets(here, "forward_all", enabled=True, number=other.value)
    sets(here, "do_not_disturb", enabled=True)
    seen = tab.does("suppose", "who", "anonymous")
    first, second = seen.outcome.legs
    assert first.heading == "" and other.value in second.heading
    assert first.moments[-1].why == "Inoltra ad un altro telefono"
    assert other.value in {each.number for each in seen.outcome.phones}


SECRET = "+393331112223"


@pytest.mark.parametrize(
    ("feature", "values"),
    [
        ("forward_all", {"enabled": True, "number": SECRET}),
        ("forward_busy", {"enabled": True, "number": SECRET}),
        ("forward_no_answer", {"enabled": True, "number": SECRET}),
        ("forward_unavailable", {"enabled": True, "number": SECRET}),
        ("anonymous_reject", {"enabled": True}),
        ("selective_reject", {"enabled": True}),
        ("selective_forward", {"enabled": True, "number": SECRET}),
        ("priority_callers", {"enabled": True}),
        (
            "ring_plan",
            {"mode": "together", "phones": [{"number": SECRET, "name": "Mamma"}]},
        ),
    ],
)
@pytest.mark.parametrize("does", ["silent", "busy"])
def test_a_colleagues_settings_are_told_to_nobody(
    tab: Piece, here: Desk, feature: str, values: dict[str, Any], does: str
) -> None:
    """Who forwards to a colleague and supposes calls must not read his lists and numbers off."""
    opened(tab)
    other = tab.state.colleague_choices[0].value
    sets(here, "forward_all", enabled=True, number=other)
    tab.does("suppose", "who", "number")
    tab.does("try_form", {"number": "333 987 6543"})

    def tried() -> list[Any]:
        found = []
        for who in ("number", "anonymous"):
            tab.does("suppose", "who", who)
            tab.does("behave", other, does)
            found.append(tab.state.outcome)
        return found

    before = tried()
    assert len(before[0].legs) == 2 and before[0].legs[1].moments
    sets(here, feature, of=other, **values)
    for service in ("selective_reject", "selective_forward", "priority_callers"):
        lists(here, service, "number", "+393339876543", "Un nome", of=other)
    assert tried() == before
    assert all(not leg.stages for leg in before[0].legs[1:])
    assert all(not each.feature for leg in before[0].legs[1:] for each in leg.moments)
    assert "riservate" in before[0].legs[1].heading
