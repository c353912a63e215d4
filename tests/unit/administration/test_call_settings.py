"""Impostazioni di chiamata (guide 4.1): the page's handlers and its rules."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session, select

from officesmart.call_manager import settings as store
from officesmart.call_manager.settings import CallSettings
from officesmart.desk import Desk
from officesmart.pages._call_settings_state import CallSettingsPage
from officesmart.pages.admin_lines import Lines
from pbx.routing.features import caller_id, mailbox
from pbx.store import options, services
from pbx.store.snapshot import build
from pbx.tables import Line, ShortCode, Trunk
from tests.unit.administration.conftest import NASTY
from tests.unit.administration.tab import Tab
from tests.unit.administration.test_line_services import form


def line_id(session: Session, extension: str = "202") -> int:
    found = session.exec(select(Line.id).where(Line.extension == extension)).one()
    assert found is not None
    return found


def now(here: Desk) -> CallSettings:
    with here.database.reading() as session:
        return store.read(session, line_id(session))


@pytest.fixture
def tab(here: Desk) -> Tab:
    """Davide's page."""
    return Tab(here, CallSettingsPage, who="202")


def test_the_usual_values_and_what_is_saved(here: Desk, tab: Tab) -> None:
    assert tab.values == {
        "hide": False,
        "passes_caller": True,
        "shows_caller": True,
        "needs_all": False,
        "needs_busy": False,
        "needs_no_answer": False,
        "answers": False,
    }
    tab.does("save", {"hide": "on", "shows_caller": "on", "needs_busy": "on"})
    assert tab.said == "Impostazioni salvate"
    assert now(here) == CallSettings(hide=True, passes_caller=False, needs_busy=True)
    with here.database.reading() as session:
        office = build(session)
        assert office.lines["202"].options["forward_busy"] == {"needs_number": True}
        assert "forward_all" not in office.lines["202"].options, "what did not change has no row"
        assert options.read(session, caller_id.Options, "caller_id", line_id(session)).hide
        assert not options.read(
            session, caller_id.Options, "caller_id", line_id(session, "201")
        ).hide


@pytest.mark.parametrize("nasty", NASTY)
def test_a_forged_form_sets_switches_or_nothing(here: Desk, tab: Tab, nasty: Any) -> None:
    tab.does("save", {"hide": nasty, "number": nasty, "line_id": 1, "transfer_number": nasty})
    assert isinstance(now(here).hide, bool)
    with here.database.reading() as session:
        assert store.transfer(build(session), "202").number == ""


def test_two_tabs_the_second_is_told(here: Desk, tab: Tab) -> None:
    other = Tab(here, CallSettingsPage, who="202")
    tab.does("save", {"hide": "on", "passes_caller": "on", "shows_caller": "on"})
    other.does("save", {"needs_all": "on", "passes_caller": "on", "shows_caller": "on"})
    assert other.clash.startswith("Da un'altra pagina o da un telefono è cambiato: nascondi")
    assert not now(here).needs_all
    other.does("keep_mine")
    assert now(here) == CallSettings(hide=True, needs_all=True)


def test_what_a_faster_tab_set_and_took_back_is_not_mine(here: Desk, tab: Tab) -> None:
    other = Tab(here, CallSettingsPage, who="202")
    shown = {"passes_caller": "on", "shows_caller": "on"}
    tab.does("save", {"hide": "on", **shown})
    other.does("save", {"needs_all": "on", **shown})
    tab.does("save", shown)
    other.does("keep_mine")
    assert other.clash, "faster a second time"
    other.does("keep_mine")
    assert now(here) == CallSettings(needs_all=True)


def test_an_administrators_change_is_told_with_the_name(here: Desk, tab: Tab) -> None:
    admin = Tab(here, Lines)
    with here.database.reading() as session:
        of = line_id(session)
    admin.does("open", of)
    admin.does("save_services", form(hide_id="on"))
    tab.does("save", {"needs_all": "on", "passes_caller": "on", "shows_caller": "on"})
    assert tab.clash.startswith("Sara Lombardi ha cambiato: nascondi identificativo")
    tab.does("keep_theirs")
    assert tab.values["hide"] and not tab.values["needs_all"]


def test_a_change_elsewhere_shows_unless_something_is_being_changed(here: Desk, tab: Tab) -> None:
    with here.database.session() as session:
        options.change(session, "caller_id", line_id(session), hide=True)
    tab.does("news", ["settings"])
    assert tab.values["hide"] and not tab.moved
    tab.does("touch")
    with here.database.session() as session:
        options.change(session, "caller_id", line_id(session), hide=False)
    tab.does("news", ["settings"])
    assert tab.moved and tab.values["hide"]
    tab.does("undo")
    assert not tab.moved and not tab.values["hide"]


def test_the_transfer_number_is_the_administrators(here: Desk, tab: Tab) -> None:
    assert tab.transfer_number == ""
    with here.database.session() as session:
        of = line_id(session)
        session.add(ShortCode(code="50", number="+39025550777", name="Corriere"))
        session.add(Trunk(name="Prima", host="sip.example.it", username="x"))
    admin = Tab(here, Lines)
    admin.does("open", of)
    for wrong, why in (
        ("202", "Il numero è quello della linea stessa"),
        ("299", "299 non è un interno"),
        ("0 0033 1 45678901", "L'interno 202 non è abilitato a chiamare"),
        ("x" * 10_000, "Non è un numero"),
        ("<script>", "Non è un numero"),
    ):
        admin.does("save_services", form(transfer_number=wrong))
        assert admin.services_faults["transfer_number"].startswith(why), wrong[:20]
    admin.does("save_services", form(transfer_number="201"))
    tab.does("news", ["settings"])
    assert (tab.transfer_number, tab.transfer_name) == ("201", "Giulia Ferrante")
    admin.does("save_services", form(transfer_number="50"))
    tab.does("news", ["office"])
    assert (tab.transfer_number, tab.transfer_name) == ("50", "Corriere")
    admin.does("save_services", form(transfer_number="0 02 5550 1900"))
    tab.does("news", ["office"])
    assert tab.transfer_number == "0 02 5550 1900" and tab.transfer_why == ""
    with here.database.session() as session:
        session.exec(select(Trunk)).one().enabled = False
        assert services.transfer_number(build(session), "202") == "+390255501900"
    tab.does("news", ["office"])
    assert "nessuna linea esterna" in tab.transfer_why
    admin.does("save_services", form(transfer_number=""))
    tab.does("news", ["office"])
    assert tab.transfer_number == ""
    assert mailbox.Options().transfer_number == ""


def test_which_phone_rings_for_calls_from_the_portal(here: Desk, tab: Tab) -> None:
    tab.does("save", {"shows_caller": "on", "passes_caller": "on", "answers": "on", "phone": "x"})
    assert now(here) == CallSettings(answers=True), "nobody has that phone"
    with here.database.session() as session:
        options.change(session, "click_to_dial", line_id(session), phone="urn:uuid:1")
    again = Tab(here, CallSettingsPage, who="202")
    assert [each.key for each in again.choices] == ["", "urn:uuid:1"], "kept, though not connected"
    again.does("save", {"shows_caller": "on", "passes_caller": "on", "phone": "urn:uuid:1"})
    assert now(here) == CallSettings(phone="urn:uuid:1")
    again.does("save", {"shows_caller": "on", "passes_caller": "on", "phone": ""})
    assert now(here) == CallSettings()
