"""Advanced services: a click switches them, or asks first for what they lack."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from officesmart.call_manager import services
from officesmart.components.services import Services
from officesmart.desk import Desk
from pbx.routing.names import name_of
from pbx.store import options
from pbx.tables import CallerEntry
from tests.unit.call_manager.conftest import Piece, line_of


@pytest.fixture
def column(here: Desk) -> Piece:
    return Piece(here, Services, "201")


def answer(column: Piece, handler: str, *arguments: Any) -> str:
    """What the handler asks the browser to do next; '' for nothing."""
    state = column.state
    found = asyncio.run(state.event_handlers[handler].fn(state, *arguments))
    if found is None:
        return ""
    said = ",".join(str(value).strip('"') for _, value in found.args)
    return f"{found.handler.fn.__qualname__}({said})"


def is_on(here: Desk, service: str, extension: str = "201") -> bool:
    with here.database.reading() as session:
        return services.read(session, line_of(here, extension))[service].on


def list_one(here: Desk, service: str) -> None:
    with here.database.session() as session:
        session.add(
            CallerEntry(
                line_id=line_of(here), service=service, kind="number", value="+390255507318"
            )
        )


def test_a_click_switches_at_once_and_annulla_takes_it_back(here: Desk, column: Piece) -> None:
    column.does("toggle", "anonymous_reject", True)
    assert is_on(here, "anonymous_reject") and column.tiles["anonymous_reject"].on
    assert column.said == "Gestione chiamate anonime: attivo"
    column.does("toggle", "anonymous_reject", True)  # the click came twice
    assert is_on(here, "anonymous_reject") and len(column.toasts) == 1
    back = column.toasts[-1].back
    assert back == "anonymous_reject:off"
    column.does("take_back", back)
    assert not is_on(here, "anonymous_reject")
    column.does("toggle", "call_waiting", False)  # on from the beginning
    assert not is_on(here, "call_waiting")


def test_without_its_list_a_service_opens_it_and_goes_on_when_it_was_saved(
    here: Desk, column: Piece
) -> None:
    assert (
        answer(column, "toggle", "selective_reject", True) == "CallerLists.open(selective_reject)"
    )
    assert not is_on(here, "selective_reject")
    list_one(here, "selective_reject")
    assert answer(column, "listed", "selective_reject") == ""
    assert is_on(here, "selective_reject")


def test_a_list_opened_by_its_link_switches_nothing_on(here: Desk, column: Piece) -> None:
    answer(column, "toggle", "priority_callers", True)
    answer(column, "open_list", "priority_callers")
    list_one(here, "priority_callers")
    answer(column, "listed", "priority_callers")
    assert not is_on(here, "priority_callers") and column.tiles["priority_callers"].listed == 1


def test_the_smart_forward_asks_for_the_list_and_then_for_the_number(
    here: Desk, column: Piece
) -> None:
    assert (
        answer(column, "toggle", "selective_forward", True) == "CallerLists.open(selective_forward)"
    )
    list_one(here, "selective_forward")
    asked = answer(column, "listed", "selective_forward")
    assert asked.startswith("NumberPicker.open(selective_forward")
    answer(column, "choose_number", "selective_forward", "+393475550182", "Cellulare")
    assert is_on(here, "selective_forward")
    assert column.tiles["selective_forward"].number == "0 347 555 0182"


def test_a_number_is_judged_when_it_is_chosen(here: Desk, column: Piece) -> None:
    for number, reason in (
        ("201", "della linea stessa"),
        ("x" * 5000, "non è un interno"),
        ("", "non è un interno"),
        ("899123456", "non è abilitato"),
    ):
        column.does("choose_number", "forward_unavailable", number, "")
        assert reason in column.said, number
        assert not is_on(here, "forward_unavailable")
    column.does("choose_number", "busy", "202", "")  # another panel's
    column.does("choose_number", "forward_unavailable", "202", "Davide")
    assert is_on(here, "forward_unavailable")
    assert column.tiles["forward_unavailable"].number == "Davide Conti, int. 202"
    with here.database.reading() as session:
        assert services.read(session, line_of(here, "202"))["forward_unavailable"].number == ""


def test_a_number_changed_while_it_is_off_does_not_switch_it_on(here: Desk, column: Piece) -> None:
    with here.database.session() as session:
        options.change(session, "forward_unavailable", line_of(here), enabled=False, number="202")
    column.does("choose_number", "forward_unavailable", "203", "")
    assert not is_on(here, "forward_unavailable") and "numero cambiato" in column.said


@pytest.mark.parametrize("forged", ["", "do_not_disturb", "x" * 10_000, "<b>", "anonymous_reject:"])
def test_what_is_no_service_is_nobodys(here: Desk, column: Piece, forged: str) -> None:
    for handler in ("take_back", "open_list", "open_number", "listed"):
        assert answer(column, handler, forged) == ""
    assert answer(column, "toggle", forged, True) == ""
    assert not is_on(here, "anonymous_reject")


def test_every_service_has_words_in_both_languages() -> None:
    for service in services.SERVICES:
        assert service not in name_of(service)
