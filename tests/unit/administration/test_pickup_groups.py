"""Pickup groups: who is in them, what is refused, and what their people see."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, select

from officesmart.administration import sites
from officesmart.administration.audit import Author
from officesmart.administration.pickup_groups import MEMBER, judge
from officesmart.desk import Desk
from officesmart.line import parked_rows
from officesmart.pages.admin_pickup import PickupGroups
from officesmart.pages.pickup import MyPickup
from pbx.events.board import Board, Parked
from pbx.events.kinds import Party
from pbx.store.session import Database
from pbx.store.snapshot import build
from pbx.tables import AuditEntry, Line, PickupGroup, PickupMember, Site
from tests.unit.administration.conftest import NASTY, NOW
from tests.unit.administration.tab import Tab


@pytest.fixture
def tab(here: Desk) -> Tab:
    with here.database.session() as session:
        session.add(Site(name="Milano"))
    return Tab(here, PickupGroups)


def ids(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return dict(session.execute(select(Line.extension, Line.id)).all())


def form(
    database: Database, *lines: str, name: str = "Vendite", **more: object
) -> dict[str, object]:
    of = ids(database)
    return {"name": name, "site": "Milano", **{f"{MEMBER}{of[x]}": "on" for x in lines}, **more}


def test_a_group_is_made_and_the_pbx_knows_it(tab: Tab, database: Database) -> None:
    tab.does("open_new")
    assert [each.extension for each in tab.people] == ["201", "202", "203"]
    assert not any(each.chosen for each in tab.people)
    tab.does("save", form(database, "202", "201", hunt_calls="on"))
    assert tab.said == "Gruppo creato"
    (row,) = tab.rows
    assert (row.title, row.site, row.lines, row.hunt_calls) == ("Vendite", "Milano", 2, True)
    assert [each.extension for each in tab.people if each.chosen] == ["201", "202"]
    with database.reading() as session:
        (group,) = build(session).pickup.values()
        entry = session.exec(select(AuditEntry)).one()
    assert (group.lines, group.hunt_calls) == (frozenset({"201", "202"}), True)
    assert (entry.what, entry.line_name) == ("pickup_created", "Vendite")
    assert entry.after["members"] == "201, 202"


def test_members_change_and_the_log_says_who(tab: Tab, database: Database) -> None:
    tab.does("open_new")
    tab.does("save", form(database, "201", "202"))
    tab.does("save", form(database, "203"))
    with database.reading() as session:
        (group,) = build(session).pickup.values()
        last = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
    assert group.lines == {"203"}
    assert last is not None and (last.before["members"], last.after["members"]) == (
        "201, 202",
        "203",
    )


def test_the_second_of_two_administrators_is_told(here: Desk, tab: Tab, database: Database) -> None:
    tab.does("open_new")
    tab.does("save", form(database, "201"))
    other = Tab(here, PickupGroups)
    other.does("open", other.rows[0].id)
    tab.does("save", form(database, "201", "202"))
    other.does("save", form(database, "203"))
    assert "linee" in other.clash
    other.does("keep_mine")
    with database.reading() as session:
        (group,) = build(session).pickup.values()
    assert group.lines == {"203"}


def test_what_is_refused(tab: Tab, database: Database) -> None:
    tab.does("open_new")
    tab.does("save", form(database, "201", name=""))
    assert tab.faults["name"]
    tab.does("save", form(database, "201", site="Atlantide"))
    assert tab.faults["site"]
    tab.does("save", {**form(database), f"{MEMBER}99999": "on"})
    assert tab.faults["members"]
    tab.does("save", form(database, "201"))
    tab.does("open_new")
    tab.does("save", form(database, "202", name="VENDITE"))
    assert "C'è già un gruppo Vendite" in tab.faults["name"]
    with database.reading() as session:
        assert len(session.exec(select(PickupGroup)).all()) == 1


@pytest.mark.parametrize("nasty", NASTY)
def test_nasty_names_and_members(tab: Tab, database: Database, nasty: str) -> None:
    tab.does("open_new")
    tab.does("save", {"name": nasty, "site": nasty, "hunt_calls": nasty, f"m-{nasty}": "on"})
    tab.does("seek", nasty)
    with database.reading() as session:
        assert not session.exec(select(PickupMember)).all()


def test_a_flood_of_members_is_refused() -> None:
    _, faults = judge({"name": "x", **{f"{MEMBER}{n}": "on" for n in range(1, 600)}})
    assert "members" in faults


def test_a_site_takes_its_groups_along(tab: Tab, database: Database) -> None:
    tab.does("open_new")
    tab.does("save", form(database, "201"))
    author = Author("203", "Sara", NOW)
    with database.session() as session:
        site = session.exec(select(Site).where(Site.name == "Milano")).one()
        base = sites.BOOK.read(site)
        after = replace(base, name="Milano 2")
        sites.BOOK.save(session, author, site.id or 0, base=base, values=after)
    with database.session() as session:
        assert session.exec(select(PickupGroup.site)).one() == "Milano 2"
        site_id = session.exec(select(Site.id).where(Site.name == "Milano 2")).one()
        sites.remove(session, author, [site_id or 0])
        assert session.exec(select(PickupGroup.site)).one() == ""


def test_a_line_that_goes_leaves_its_groups(tab: Tab, database: Database) -> None:
    tab.does("open_new")
    tab.does("save", form(database, "201", "202"))
    with database.session() as session:
        session.delete(session.exec(select(Line).where(Line.extension == "202")).one())
    with database.reading() as session:
        (group,) = build(session).pickup.values()
    assert group.lines == {"201"}


# --- the page of its people --------------------------------------------------------------------


def test_my_groups_with_their_people(here: Desk, tab: Tab, database: Database) -> None:
    tab.does("open_new")
    tab.does("save", form(database, "201", "202"))
    tab.does("open_new")
    tab.does("save", form(database, "203", name="Altri"))
    mine = Tab(here, MyPickup, "201")
    assert [(each.name, each.site, each.lines) for each in mine.groups] == [
        ("Vendite", "Milano", 2)
    ]
    assert mine.opened == mine.groups[0].id  # the only one is open at once
    assert [
        (each.extension, each.mine) for each in sorted(mine.members, key=lambda m: m.extension)
    ] == [
        ("201", True),
        ("202", False),
    ]
    assert {each.presence for each in mine.members} == {"offline"}
    mine.does("close")
    mine.does("news", ["calls"])
    assert mine.opened == 0 and not mine.members
    nobody = Tab(here, MyPickup, "203")
    other = nobody.groups[0].id
    mine.does("open", other)  # forged: no group of mine
    assert mine.opened == 0 and not mine.members


def test_parked_calls_as_rows() -> None:
    board = Board(
        parked={
            "802": Parked("802", "b", "203", Party("+390255501200"), NOW),
            "801": Parked("801", "a", "201", Party("204", "Dario", "204"), NOW),
        }
    )
    later = NOW + timedelta(seconds=5)
    rows = parked_rows(board, later)
    assert [(each.orbit, each.who, each.by, each.age) for each in rows] == [
        ("801", "Dario", "201", 5000),
        ("802", "02 5550 1200", "203", 5000),
    ]
    assert [each.orbit for each in parked_rows(board, later, by={"203"})] == ["802"]
