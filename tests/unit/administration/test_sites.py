"""Sites: lines follow them, two administrators keep out of each other's way."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from officesmart import import_csv
from officesmart.administration import importing, sheet, sites
from officesmart.desk import Desk
from officesmart.pages.admin_sites import Sites
from pbx.printable import printable
from pbx.store import revision
from pbx.store.session import Database
from pbx.store.snapshot import build
from pbx.tables import AuditEntry, Line, Site
from tests.unit.administration.conftest import NASTY, NOW
from tests.unit.administration.tab import Tab

GOOD = {"name": "Milano", "address": "Via Torino 2", "number": "02 5550 1200", "hours_id": ""}


def names(database: Database) -> dict[str, str]:
    """The site of each line."""
    with database.reading() as session:
        return dict(session.execute(select(Line.extension, Line.site)).all())


def log(database: Database) -> list[AuditEntry]:
    with database.reading() as session:
        return list(session.exec(select(AuditEntry).order_by(col(AuditEntry.id))))


@pytest.fixture
def tab(here: Desk) -> Tab:
    with here.database.session() as session:
        session.add_all([Site(name="Milano"), Site(name="Lodi", address="Via Roma 1")])
    return Tab(here, Sites)


def test_a_new_site_is_kept_shown_and_noted(tab: Tab, database: Database) -> None:
    tab.does("open_new")
    tab.does("save", {**GOOD, "name": "Torino"})
    assert tab.said == "Sede creata"
    assert [(row.title, row.number, row.lines) for row in tab.rows] == [
        ("Lodi", "", 1),
        ("Milano", "", 1),
        ("Torino", "02 5550 1200", 0),
    ]
    (entry,) = log(database)
    assert (entry.what, entry.line_name, entry.who) == ("site_created", "Torino", "203")
    assert entry.after["number"] == "+390255501200"


def test_renaming_takes_the_lines_along(tab: Tab, database: Database) -> None:
    with database.reading() as session:
        before = revision.current(session)
    tab.does("open", tab.rows[1].id)
    tab.does("save", {**GOOD, "name": "Milano centro"})
    assert tab.said == "Sede salvata"
    assert names(database) == {"201": "Milano centro", "202": "Lodi", "203": ""}
    with database.reading() as session:
        assert build(session).revision > before


def test_deleting_asks_where_the_lines_go(tab: Tab, database: Database) -> None:
    lodi, milano = tab.rows
    tab.does("select_all")
    tab.does("select", lodi.id, False)
    tab.does("ask_delete", 0)
    assert (tab.asking, tab.ask_names, tab.ask_lines) == ("delete", ["Milano"], 1)
    assert [each.words for each in tab.others] == ["Lodi"]
    tab.does("choose_target", str(lodi.id))
    tab.does("delete")
    assert tab.said == "1 sede eliminata"
    assert names(database)["201"] == "Lodi"
    assert log(database)[-1].after == {"moved_to": "Lodi"}
    tab.does("ask_delete", lodi.id)
    tab.does("choose_target", "99")
    tab.does("delete")
    assert set(names(database).values()) == {""}


def test_the_same_name_is_refused_however_it_is_written(tab: Tab) -> None:
    tab.does("open_new")
    tab.does("save", {**GOOD, "name": "MILANO"})
    assert "C'è già una sede Milano" in tab.faults["name"] and tab.failed == 1


def test_the_second_administrator_is_told_and_chooses(here: Desk, tab: Tab) -> None:
    other = Tab(here, Sites, "203")
    lodi = tab.rows[0].id
    tab.does("open", lodi)
    other.does("open", lodi)
    other.does("save", {"name": "Lodi", "address": "Via Nuova 9", "number": "", "hours_id": ""})
    tab.does("save", {"name": "Lodi", "address": "Via Roma 1", "number": "02 5550 1299"})
    assert tab.clash == "Sara Lombardi ha cambiato: indirizzo (oggi alle 16:00)"
    tab.does("keep_mine")
    with here.database.reading() as session:
        kept = session.get(Site, lodi)
        assert kept is not None
        assert (kept.address, kept.number) == ("Via Nuova 9", "+390255501299")


def test_one_that_is_gone_is_told(here: Desk, tab: Tab) -> None:
    tab.does("open", tab.rows[0].id)
    other = Tab(here, Sites)
    other.does("ask_delete", tab.rows[0].id)
    other.does("delete")
    tab.does("save", GOOD)
    assert "Un altro amministratore" in tab.said and tab.opened == 0


def test_searching_and_sorting(tab: Tab) -> None:
    tab.does("search", "roma")
    assert [row.title for row in tab.rows] == ["Lodi"]
    tab.does("search", "niente")
    assert (tab.found, tab.total) == (0, 2)
    tab.does("everything")
    tab.does("sort", "title")
    tab.does("sort", "title")
    assert [row.title for row in tab.rows] == ["Milano", "Lodi"]
    tab.does("sort", "__class__")
    tab.does("turn", 5)
    assert tab.found == 2


@pytest.mark.parametrize("name", GOOD)
def test_anything_may_be_typed(tab: Tab, here: Desk, name: str) -> None:
    for nasty in NASTY:
        tab.does("open_new")
        tab.does("save", {**GOOD, "name": "Torino", name: nasty})
    with here.database.reading() as session:
        for each in session.exec(select(Site)):
            assert 0 < len(each.name) <= sites.NAME and printable(each.name)
            assert len(each.address) <= sites.ADDRESS and each.number[:3] in ("", "+39")


def test_an_import_makes_the_sites_it_names(database: Database) -> None:
    content = b"extension,name,site\n301,Ada,lodi\n302,Bea,Torino\n303,Cino,TORINO\n"
    with database.session() as session:
        session.add(Site(name="Lodi"))
    done = import_csv.import_lines(database, content, at=NOW, dry_run=True)
    assert done.sites == ("Torino",)
    with pytest.raises(import_csv.Refused) as refused:
        import_csv.import_lines(database, content, at=NOW, new_sites=False)
    assert [(row.line, row.column) for row in refused.value.rows] == [(3, "site"), (4, "site")]
    import_csv.import_lines(database, content, at=NOW)
    found = names(database)
    assert (found["301"], found["302"], found["303"]) == ("Lodi", "Torino", "Torino")
    with database.reading() as session:
        assert set(session.exec(select(Site.name))) == {"Lodi", "Torino"}


def test_a_trial_says_which_sites_it_would_make(database: Database) -> None:
    read = sheet.read(b"interno;nome;sede\n301;Ada;Torino\n302;Bea;Como\n")
    columns = ("extension", "name", "site")
    done = importing.judge(database, read, columns)
    assert (done.sites, done.count("new")) == (("Torino", "Como"), 2)
    refused = importing.judge(database, read, columns, new_sites=False)
    assert refused.count("error") == 2 and "Non c'è una sede" in refused.rows[0].faults[0][1].it
