"""Contatti as a browser has it: searched, opened, made, changed, deleted, grouped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from officesmart.components.contact_group import ContactGroupForm
from officesmart.contacts import book, groups
from officesmart.contacts.card import Card, Number
from officesmart.desk import Desk, close_desk, open_desk
from officesmart.pages._contacts_state import NEW, Contacts
from officesmart.pages.codes import Codes
from officesmart.pages.extensions import Extensions
from officesmart.phone import Phone
from pbx.config import Config
from pbx.store.session import Database
from pbx.tables import ShortCode
from tests.unit.administration.conftest import HandClock
from tests.unit.administration.tab import Tab
from tests.unit.contacts.conftest import DAVIDE, GIULIA

FORM = {
    "first_name": "Teresa",
    "last_name": "Olivari",
    "number-0": "02 5550 3300",
    "kind-0": "work",
    "number-1": "335 555 0870",
    "kind-1": "mobile",
}


@pytest.fixture
def here(database: Database, tmp_path: Path) -> Iterator[Desk]:
    yield open_desk(
        Config(data=tmp_path, database_url=database.url), clock=HandClock(), with_phone=Phone()
    )
    close_desk()


@pytest.fixture
def tab(here: Desk) -> Tab:
    return Tab(here, Contacts, who="201")


def titles(tab: Tab) -> list[str]:
    return [row.title for row in tab.rows]


def test_a_contact_is_made_found_and_opened(tab: Tab) -> None:
    tab.does("create")
    assert tab.edited == NEW
    tab.does("save", FORM)
    assert (tab.edited, tab.said, titles(tab)) == (0, "Contatto salvato", ["Teresa Olivari"])
    assert tab.opened == tab.rows[0].id, "what was saved is shown"
    assert [fact.text for fact in tab.facts] == ["02 5550 3300", "335 555 0870"]
    assert [fact.dial for fact in tab.facts] == ["+390255503300", "+393355550870"]
    tab.does("search", "ol te")
    assert titles(tab) == ["Teresa Olivari"]
    tab.does("search", "x")
    assert (titles(tab), tab.everybody) == ([], 1)
    tab.does("clear")
    assert titles(tab) == ["Teresa Olivari"]


def test_what_is_wrong_stays_in_the_form(tab: Tab) -> None:
    tab.does("create")
    tab.does("save", {**FORM, "number-0": "pippo", "email-1": "x"})
    assert set(tab.faults) == {"number-0", "email-1"}
    assert tab.numbers[0].number == "pippo"
    assert tab.numbers[0].fault
    assert (tab.numbers[1].number, tab.values["first_name"]) == ("335 555 0870", "Teresa")
    assert len(tab.numbers) == 3, "no more empty rows than one"
    assert titles(tab) == []


@pytest.mark.parametrize("junk", ["", "x" * 30_000, "🤷", "<b>", "' OR 1=1", "\u202eabc", None, 7])
def test_nothing_typed_breaks_a_form(tab: Tab, junk: object) -> None:
    tab.does("create")
    tab.does("save", dict.fromkeys((*FORM, "email-0", "birthday", "notes", "address-0-city"), junk))
    assert tab.faults or titles(tab)
    tab.does("search", str(junk))


def test_two_tabs_do_not_overwrite_each_other(here: Desk, tab: Tab) -> None:
    tab.does("create")
    tab.does("save", FORM)
    known = tab.rows[0].id
    tab.does("edit", known)
    with here.database.session() as session:
        book.change(
            session, GIULIA, known, Card("Tea", numbers=(Number("work", "202"),)), opened=None
        )
    tab.does("save", {**FORM, "first_name": "Terry"})
    assert "Tea" in tab.theirs
    tab.does("keep_theirs")
    assert tab.values["first_name"] == "Tea"
    tab.does("save", {**FORM, "first_name": "Terry"})
    assert titles(tab) == ["Terry Olivari"]


def test_a_contact_that_is_gone_can_be_made_again(here: Desk, tab: Tab) -> None:
    tab.does("create")
    tab.does("save", FORM)
    tab.does("edit", tab.rows[0].id)
    with here.database.session() as session:
        book.remove(session, GIULIA, [tab.rows[0].id])
    tab.does("save", FORM)
    assert tab.edited == NEW
    tab.does("save", FORM)
    assert titles(tab) == ["Teresa Olivari"]


def test_others_contacts_are_out_of_reach(here: Desk, tab: Tab) -> None:
    with here.database.session() as session:
        his = book.add(session, DAVIDE, Card("Segreto"))
        group = groups.keep(session, DAVIDE, "Suoi", "users", [his])
    for handler in ("expand", "edit", "doom"):
        tab.does(handler, his)
    assert (tab.opened, tab.edited, tab.doomed, tab.facts) == (0, 0, 0, [])
    tab.does("show_group", group)
    assert (tab.group, titles(tab)) == (0, [])
    tab.state.doomed = his
    tab.does("delete")
    with here.database.reading() as session:
        assert book.count(session, DAVIDE) == 1


def test_deleting_asks_first(tab: Tab) -> None:
    tab.does("create")
    tab.does("save", FORM)
    tab.does("doom", tab.rows[0].id)
    assert tab.doomed_name == "Teresa Olivari"
    tab.does("spare")
    assert tab.doomed == 0
    tab.does("doom", tab.rows[0].id)
    tab.does("delete")
    assert (titles(tab), tab.said) == ([], "Contatto eliminato")


def test_a_group_holds_the_list(here: Desk, tab: Tab) -> None:
    for name in ("Ada", "Bea"):
        tab.does("create")
        tab.does("save", {"first_name": name})
    form = Tab(here, ContactGroupForm, who="201", enters=False)
    form.does("create")
    form.does("save", {})
    assert "nome" in form.fault
    form.does("call_it", "Amiche")
    form.does("draw_it", "heart")
    form.does("draw_it", "skull")
    form.does("search", "ad")
    assert [each.title for each in form.candidates] == ["Ada"]
    form.does("choose", form.candidates[0].id)
    form.does("save", {})
    tab.does("news", ["contacts"])
    assert [(each.name, each.icon, each.members) for each in tab.groups] == [("Amiche", "heart", 1)]
    tab.does("show_group", tab.groups[0].id)
    assert titles(tab) == ["Ada"]
    form.does("edit", tab.groups[0].id)
    form.does("doom")
    form.does("delete")
    tab.does("news", ["contacts"])
    assert (tab.groups, tab.group, titles(tab)) == ([], 0, ["Ada", "Bea"])


def test_extensions_are_found_by_name_number_and_site(here: Desk) -> None:
    tab = Tab(here, Extensions, who="201")
    assert [row.extension for row in tab.rows] == ["202", "201"]
    assert [row.presence for row in tab.rows] == ["offline", "offline"]
    tab.does("search", "giu")
    assert [row.name for row in tab.rows] == ["Giulia Ferrante"]
    tab.does("search", "202")
    assert [row.name for row in tab.rows] == ["Davide Conti"]


def test_short_codes_say_whom_they_reach(here: Desk) -> None:
    with here.database.session() as session:
        session.add(ShortCode(code="7001", name="Corriere", number="+390255503300"))
        session.add(ShortCode(code="7002", name="Davide", number="202"))
    tab = Tab(here, Codes, who="201")
    assert [(row.code, row.reaches) for row in tab.rows] == [
        ("7001", "02 5550 3300"),
        ("7002", "Davide Conti (202)"),
    ]
