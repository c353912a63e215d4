"""Contatti as a browser has it: searched, opened, made, changed, deleted, grouped."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from officesmart.components.contact_group_state import ContactGroupForm
from officesmart.contacts import book, groups
from officesmart.contacts.card import Card, Number
from officesmart.desk import Desk, close_desk, open_desk
from officesmart.pages._contact_doubles_state import ContactDoubles
from officesmart.pages._contacts_chosen import ContactsChosen
from officesmart.pages._contacts_state import NEW, Contacts
from officesmart.pages.codes import Codes
from officesmart.pages.extensions import Extensions
from officesmart.phone import Phone
from pbx.config import Config
from pbx.store.session import Database
from pbx.tables import CallRecord, ShortCode, VoiceMessage
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


def test_keeping_mine_keeps_what_only_somebody_else_changed(here: Desk, tab: Tab) -> None:
    tab.does("create")
    tab.does("save", FORM)
    known = tab.rows[0].id
    tab.does("edit", known)

    def elsewhere(**said: Any) -> None:
        with here.database.session() as session:
            card = book.read(session, GIULIA, known)
            assert card is not None
            book.change(session, GIULIA, known, replace(card, **said), opened=None)

    elsewhere(company="Falco", numbers=(Number("work", "202"),))
    tab.does("save", {**FORM, "first_name": "Terry"})
    elsewhere(company="", nickname="Tea")
    tab.does("keep_mine")
    assert tab.theirs and tab.edited == known, "faster a second time"
    tab.does("keep_mine")
    with here.database.reading() as session:
        card = book.read(session, GIULIA, known)
    assert card is not None and not tab.theirs and not tab.edited
    assert (card.first_name, card.company, card.nickname) == ("Terry", "", "Tea")
    assert card.numbers == (Number("work", "202"),)


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
    for handler in ("expand", "edit"):
        tab.does(handler, his)
    assert (tab.opened, tab.edited, tab.facts) == (0, 0, [])
    tab.does("show_group", group)
    assert (tab.group, titles(tab)) == (0, [])
    chosen = Tab(here, ContactsChosen, who="201", enters=False)
    chosen.does("doom", his)
    assert (chosen.doomed, chosen.doomed_name) == ([], "")
    chosen.state.doomed = [his]
    chosen.does("delete")
    assert chosen.gone == ""
    with here.database.reading() as session:
        assert book.count(session, DAVIDE) == 1


def test_deleting_asks_first_and_can_be_taken_back(here: Desk, tab: Tab) -> None:
    tab.does("create")
    tab.does("save", FORM)
    chosen = Tab(here, ContactsChosen, who="201", enters=False)
    chosen.does("doom", tab.rows[0].id)
    assert chosen.doomed_name == "Teresa Olivari"
    chosen.does("spare")
    assert chosen.doomed == []
    chosen.does("delete")
    tab.does("news", ["contacts"])
    assert titles(tab) == ["Teresa Olivari"], "nobody was asked"
    chosen.does("doom", tab.rows[0].id)
    chosen.does("delete")
    tab.does("news", ["contacts"])
    assert (titles(tab), tab.opened) == ([], 0)
    assert chosen.gone == "Teresa Olivari eliminato dai contatti"
    chosen.does("put_back")
    chosen.does("put_back")
    tab.does("news", ["contacts"])
    assert titles(tab) == ["Teresa Olivari"]


def test_several_are_chosen_grouped_and_deleted(here: Desk, tab: Tab) -> None:
    with here.database.session() as session:
        mine = [book.add(session, GIULIA, Card(f"Ada {n}")) for n in range(3)]
        his = book.add(session, DAVIDE, Card("Suo"))
        group = groups.keep(session, GIULIA, "Clienti", "users", [])
        others = groups.keep(session, DAVIDE, "Suoi", "users", [])
    chosen = Tab(here, ContactsChosen, who="201", enters=False)
    chosen.does("begin")
    chosen.does("choose_all", "ada", 0)
    assert sorted(chosen.chosen) == mine
    chosen.does("choose", mine[0])
    chosen.does("choose", his)
    chosen.does("into_group", others)
    assert "non c'è più" in chosen.said
    chosen.does("into_group", group)
    assert chosen.said == "2 contatti aggiunti al gruppo"
    for contact in (mine[1], his, 999_999):
        chosen.does("choose", contact)
    chosen.does("doom_chosen")
    assert len(chosen.doomed) == 3
    chosen.does("delete")
    assert chosen.gone == f"{Card('Ada 1').title} eliminato dai contatti"
    with here.database.session() as session:
        assert book.read(session, DAVIDE, his) is not None
        assert groups.groups(session, GIULIA)[0].members == (mine[2],)
        assert groups.groups(session, DAVIDE)[0].members == ()
    chosen.does("put_back")
    with here.database.session() as session:
        assert groups.groups(session, GIULIA)[0].members == (mine[1], mine[2])


def test_doubles_are_merged_told_apart_and_taken_back(here: Desk, tab: Tab) -> None:
    with here.database.session() as session:
        first = book.add(session, GIULIA, Card("Teresa", "Olivari", "Cartiera"))
        second = book.add(
            session, GIULIA, Card("Olivari", "Teresa", "Valsesia", numbers=(Number("work", "203"),))
        )
        book.add(session, GIULIA, Card("Gianni"))
        book.add(session, GIULIA, Card("Gianni"))
        his = book.add(session, DAVIDE, Card("Suo"))
    doubles = Tab(here, ContactDoubles, who="201", enters=False)
    doubles.does("look")
    assert doubles.many == 4
    doubles.does("merge")
    doubles.does("compare")
    assert (doubles.comparing, doubles.stays, doubles.left) == (True, first, 1)
    for forged in (his, 999, -1):
        doubles.does("keep", forged)
        doubles.does("include", forged)
        doubles.does("prefer", "company", forged)
        doubles.does("prefer", "line_id", forged)
        doubles.does("drop", str(forged))
    assert doubles.stays == first
    assert [each.name for each in doubles.fields] == ["first_name", "last_name", "company"]
    doubles.does("keep", second)
    doubles.does("prefer", "company", first)
    company = doubles.fields[2]
    assert [(each.text, each.chosen) for each in company.choices] == [
        ("Valsesia", False),
        ("Cartiera", True),
    ]
    doubles.does("merge")
    assert doubles.merged == "2 contatti uniti in Olivari Teresa"
    with here.database.session() as session:
        card = book.read(session, GIULIA, second)
        assert card is not None
        assert (card.company, book.read(session, GIULIA, first)) == ("Cartiera", None)
    assert [each.title for each in doubles.sides] == ["Gianni", "Gianni"], "the next ones"
    doubles.does("tell_apart")
    assert (doubles.comparing, doubles.many) == (False, 0)
    doubles.does("undo")
    doubles.does("look")
    assert doubles.many == 2
    doubles.does("compare")
    with here.database.session() as session:
        book.remove(session, GIULIA, [second])
    doubles.does("merge")
    assert "nel frattempo" in doubles.said
    assert not doubles.comparing


def test_a_new_contact_of_a_known_name_is_asked_about(here: Desk, tab: Tab) -> None:
    tab.does("create")
    tab.does("save", FORM)
    kept = tab.rows[0].id
    again = {"first_name": "Teresa", "last_name": "Olivari", "number-0": "203"}
    tab.does("create")
    tab.does("save", again)
    assert [each.id for each in tab.namesakes] == [kept]
    assert tab.edited == NEW
    tab.does("add_to", kept)
    assert (tab.edited, tab.everybody, len(tab.facts)) == (0, 1, 3)
    tab.does("create")
    tab.does("save", again)
    tab.does("create_anyway")
    assert (tab.edited, tab.everybody) == (0, 2)
    tab.does("create_anyway")
    tab.does("add_to", kept)
    assert tab.everybody == 2, "nothing was asked"


def test_a_full_contact_says_what_it_has_no_room_for(here: Desk, tab: Tab) -> None:
    numbers = {f"number-{n}": f"20{n}" for n in range(6)}
    tab.does("create")
    tab.does("save", {"first_name": "Ada", **numbers})
    kept = tab.rows[0].id
    tab.does("create")
    tab.does("save", {"first_name": "Ada", "number-0": "02 5550 1299"})
    tab.does("add_to", kept)
    assert tab.edited == kept
    assert "02 5550 1299" in tab.faults["numbers"]
    tab.does("save", {"first_name": "Ada", **numbers, "number-5": "02 5550 1299"})
    assert (tab.edited, tab.facts[5].dial) == (0, "+390255501299")


@pytest.mark.parametrize("day", ["ieri", "31/02/2020", "1604-01-01", 7])
def test_a_birthday_that_is_none_is_said(tab: Tab, day: object) -> None:
    tab.does("create")
    tab.does("save", {**FORM, "birthday": day})
    assert set(tab.faults) == {"birthday"}
    assert titles(tab) == []


def test_pages_of_a_long_list(here: Desk, tab: Tab) -> None:
    with here.database.session() as session:
        ids = [book.add(session, GIULIA, Card(f"Ada{n:03}")) for n in range(150)]
    tab.does("search", "ada")
    assert (len(tab.rows), tab.start, tab.total) == (100, 0, 150)
    tab.does("turn", 1)
    assert (tab.rows[0].title, len(tab.rows)) == ("Ada100", 50)
    with here.database.session() as session:
        book.remove(session, GIULIA, ids[100:])
    tab.does("news", ["contacts"])
    assert (tab.start, len(tab.rows)) == (0, 100)
    for _ in range(3):
        tab.does("turn", -1)
    assert tab.start == 0


def test_what_was_found_is_marked(here: Desk, tab: Tab) -> None:
    tab.does("create")
    tab.does("save", {**FORM, "last_name": "Olìvari", "company": "Cartiera Valsesia"})
    tab.does("search", "oli val")
    row = tab.rows[0]
    assert [(part.text, part.found) for part in row.title_parts] == [
        ("Teresa ", False),
        ("Olì", True),
        ("vari", False),
    ]
    assert [part.text for part in row.company_parts if part.found] == ["Val"]
    for typed, marked in (("33555", "335 55"), ("+39335", "335"), ("0039 3355", "335 5")):
        tab.does("search", typed)
        assert tab.rows[0].number == "335 555 0870", "the number that was searched for"
        assert [part.text for part in tab.rows[0].number_parts if part.found] == [marked]


def test_the_last_time_is_told(here: Desk, tab: Tab) -> None:
    tab.does("create")
    tab.does("save", FORM)
    assert not [fact for fact in tab.more if fact.label == "Ultima volta"]
    calls: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("a", {"from_line_id": GIULIA, "dialled": "+393355550870"}, "chiamata senza risposta"),
        ("b", {"to_line_id": GIULIA, "caller_number": "3355550870"}, "chiamata persa"),
        ("c", {"to_line_id": DAVIDE, "caller_number": "3355550870"}, "chiamata persa"),
    )
    for call, to, said in calls:
        at = here.now() + timedelta(minutes=ord(call))
        with here.database.session() as session:
            session.add(CallRecord(call_id=call, started_at=at, ended_at=at, **to))
        tab.does("news", ["contacts"])
        (last,) = [fact for fact in tab.more if fact.label == "Ultima volta"]
        assert last.text.endswith(said)
    with here.database.session() as session:
        session.add(
            VoiceMessage(
                line_id=GIULIA,
                call_id="b",
                caller_number="+393355550870",
                left_at=here.now(),
                seconds=3,
                file="x.wav",
            )
        )
    tab.does("news", ["contacts"])
    (last,) = [fact for fact in tab.more if fact.label == "Ultima volta"]
    assert last.text.endswith("messaggio in segreteria"), "the missed call left it"


def test_an_address_loaded_again_asks_for_no_second_contact(tab: Tab) -> None:
    def come(number: str, name: str = "") -> None:
        asyncio.run(tab.state._new_with(number, name))

    come("+390255507318", "Ottica Marzorati")
    assert (tab.edited, tab.values["first_name"], tab.values["last_name"]) == (
        NEW, "Ottica", "Marzorati",
    )  # fmt: skip
    tab.does("save", {"first_name": "", "number-0": "pippo"})
    assert tab.faults
    come("+390255507318", "Ottica Marzorati")
    assert tab.faults, "what is being typed stays"
    come("+390255507319")
    assert (tab.edited, tab.values["first_name"], tab.faults) == (NEW, "", {})
    tab.does("save", {"first_name": "Ottica", "kind-0": "work", "number-0": "02 5550 7319"})
    come("+390255507319")
    assert (tab.edited, titles(tab)) == (0, ["Ottica"]) and tab.opened


def test_a_group_holds_the_list(here: Desk, tab: Tab) -> None:
    for name in ("Ada", "Bea"):
        tab.does("create")
        tab.does("save", {"first_name": name})
    form = Tab(here, ContactGroupForm, who="201", enters=False)
    form.does("create")
    form.does("save", {})
    assert "nome" in form.fault and not form.changed
    form.does("call_it", "Amiche")
    assert form.changed
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
    form.does("save", {})
    assert form.group and not form.changed, "nothing was changed, and the form stays"
    form.does("choose", form.candidates[0].id)
    assert form.changed
    form.does("choose", form.candidates[0].id)
    assert not form.changed
    form.does("doom")
    form.does("delete")
    tab.does("news", ["contacts"])
    assert (tab.groups, tab.group, titles(tab)) == ([], 0, ["Ada", "Bea"])


def test_the_bin_of_a_group_asks_and_leaves_its_contacts(here: Desk, tab: Tab) -> None:
    with here.database.session() as session:
        member = book.add(session, GIULIA, Card("Ada"))
        group = groups.keep(session, GIULIA, "Amiche", "heart", [member])
        theirs = groups.keep(session, 2, "Altrui", "users", [])
    form = Tab(here, ContactGroupForm, who="201", enters=False)
    form.does("doom_group", theirs)
    assert form.doomed == 0, "another line's"
    form.does("doom_group", group)
    assert (form.doomed, form.doomed_name) == (group, "Amiche")
    form.does("spare_group")
    form.does("delete_group")
    tab.does("news", ["contacts"])
    assert [each.name for each in tab.groups] == ["Amiche"], "Annulla"
    form.does("doom_group", group)
    form.does("delete_group")
    tab.does("news", ["contacts"])
    assert (tab.groups, titles(tab)) == ([], ["Ada"])
    with here.database.session() as session:
        assert groups.groups(session, 2)


def test_the_second_editor_of_a_group_is_told(here: Desk, tab: Tab) -> None:
    with here.database.session() as session:
        ids = [book.add(session, GIULIA, Card(name)) for name in ("Ada", "Bea")]
        group = groups.keep(session, GIULIA, "Amiche", "heart", [])
    one, other = (Tab(here, ContactGroupForm, who="201", enters=False) for _ in range(2))
    for form, contact in ((one, ids[0]), (other, ids[1])):
        form.does("edit", group)
        form.does("choose", contact)
    one.does("save", {})
    other.does("save", {})
    assert other.group == group
    assert "con 1 contatto." in other.fault
    other.does("save", {})
    assert other.group == 0
    with here.database.session() as session:
        assert groups.groups(session, GIULIA)[0].members == (ids[1],)


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
