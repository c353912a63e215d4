"""Opening hours and closing days: read as people write them, followed by who uses them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from officesmart.administration import closings, hours, public_holidays
from officesmart.administration.hours import HoursValues
from officesmart.administration.rules import Fault
from officesmart.desk import Desk
from officesmart.pages.admin_closings import Closings
from officesmart.pages.admin_hours import Hours
from pbx.routing.hours import Closing, week_faults
from pbx.store import revision
from pbx.store.session import Database
from pbx.tables import AuditEntry, ClosingDay, DirectNumber, OpeningHours, Site
from tests.unit.administration.conftest import NASTY, SARA
from tests.unit.administration.tab import Tab

ROME = ZoneInfo("Europe/Rome")
WEEK = {"name": "Ufficio", **dict.fromkeys(hours.DAY[:5], "9-13 14.30-18"), "day5": "9-12"}
SUMMER = {"name": "Ferie", "first": "2027-08-10", "last": "2027-08-23", "hours_id": ""}


@pytest.fixture
def tab(here: Desk) -> Tab:
    opened = Tab(here, Hours)
    opened.does("open_new")
    opened.does("save", WEEK)
    return opened


@pytest.fixture
def days(here: Desk) -> Tab:
    return Tab(here, Closings)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", []),
        ("chiuso", []),
        ("9-13", [["09:00", "13:00"]]),
        ("14-18, 9-13", [["09:00", "13:00"], ["14:00", "18:00"]]),
        ("09:00–13:00; 14.30–18", [["09:00", "13:00"], ["14:30", "18:00"]]),
        ("9h30-12h45 e 20-24", [["09:30", "12:45"], ["20:00", "24:00"]]),
        ("sempre", [["00:00", "24:00"]]),
    ],
)
def test_a_day_is_read_as_people_write_it(typed: str, kept: list[list[str]]) -> None:
    assert hours.read_day(typed) == kept
    assert hours.read_day(hours.write_day(kept)) == kept


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("13-9", "La fine viene prima"),
        ("9-13, 12-18", "Due fasce si sovrappongono"),
        ("9-25", "Scrivi gli orari"),
        ("9:61-10", "Scrivi gli orari"),
        ("mattina", "Scrivi gli orari"),
        ("9-10 11-12 13-14 15-16 17-18 19-20 21-22", "Al massimo 6"),
    ],
)
def test_what_is_wrong_with_a_day_is_said(typed: str, said: str) -> None:
    fault = hours.read_day(typed)
    assert isinstance(fault, Fault) and fault.it.startswith(said) and fault.en


def test_hours_are_kept_and_shown_as_they_stand(tab: Tab, database: Database) -> None:
    assert tab.said == "Orario creato"
    with database.reading() as session:
        (row,) = session.exec(select(OpeningHours)).all()
        assert row.week[4] == [["09:00", "13:00"], ["14:30", "18:00"]] and row.week[6] == []
    (shown,) = tab.rows  # a Sunday afternoon
    assert (shown.open, shown.now) == (False, "apre domani alle 09:00")
    assert shown.week == "lun-ven 09:00–13:00, 14:30–18:00; sab 09:00–12:00"


def test_a_wrong_day_is_told_beside_its_field(tab: Tab, database: Database) -> None:
    tab.does("save", {**WEEK, "day2": "18-9", "day3": "9-13 12-14"})
    assert {name for name, said in tab.faults.items() if said} == {"day2", "day3"}
    tab.does("open_new")
    tab.does("save", {**WEEK, "name": "UFFICIO"})
    assert "Ufficio" in tab.faults["name"]


def test_two_who_change_different_days_keep_both(here: Desk, tab: Tab) -> None:
    of = tab.rows[0].id
    other = Tab(here, Hours)
    other.does("open", of)
    tab.does("open", of)
    other.does("save", {**WEEK, "day0": "8-12"})
    tab.does("save", {**WEEK, "day5": ""})
    assert tab.clash == "Sara Lombardi ha cambiato: lunedì (oggi alle 16:00)"
    tab.does("keep_mine")
    assert (tab.card.day0, tab.card.day5) == ("08:00–12:00", "")


def test_who_uses_hours_is_told_and_given_others(tab: Tab, database: Database) -> None:
    of = tab.rows[0].id
    tab.does("open_new")
    tab.does("save", {**WEEK, "name": "Portineria"})
    with database.session() as session:
        session.add(Site(name="Milano", hours_id=of))
        session.add(DirectNumber(number="+390255501200", target="201", hours_id=of))
        session.add(ClosingDay(name="x", first=SUN, last=SUN, hours_id=of))
    tab.does("open", of)
    assert tab.users == ["Milano", "02 5550 1200"]
    tab.does("ask_delete", of)
    assert tab.ask_users == "Milano, 02 5550 1200"
    (porter,) = tab.others
    tab.does("choose_target", porter.value)
    tab.does("delete")
    with database.reading() as session:
        assert session.exec(select(Site.hours_id)).all() == [int(porter.value)]
        assert session.exec(select(DirectNumber.hours_id)).all() == [int(porter.value)]
        assert session.exec(select(ClosingDay)).all() == []
        entry = session.exec(select(AuditEntry).where(AuditEntry.what == "hours_deleted")).one()
    assert entry.after == {"moved_to": "Portineria"}
    tab.does("ask_delete", int(porter.value))
    tab.does("delete")
    with database.reading() as session:
        assert session.exec(select(Site.hours_id)).all() == [None]


SUN = date(2026, 11, 22)


def test_what_changes_next_is_told_from_every_side() -> None:
    week = hours.week_of(HoursValues(**dict.fromkeys(hours.DAY[:5], "9-18")))

    def at(day: int, hour: int, **closed: Any) -> tuple[bool, str]:
        moment = datetime(2026, 12, day, hour, tzinfo=ROME)
        days = [Closing(**closed)] if closed else []
        return hours.standing(week, days, "it", moment)

    assert at(1, 10) == (True, "chiude oggi alle 18:00")
    assert at(4, 20) == (False, "apre lunedì alle 09:00")
    away = dict(first=date(2026, 12, 1), last=date(2026, 12, 11), name="Ponte")
    assert at(1, 10, **away) == (False, "apre lunedì 14 dicembre alle 09:00")
    always = hours.standing(
        [[["00:00", "24:00"]]] * 7, [], "en", datetime(2026, 12, 1, tzinfo=ROME)
    )
    assert always == (True, "")


@pytest.mark.parametrize("name", WEEK)
def test_anything_may_be_typed_into_hours(tab: Tab, database: Database, name: str) -> None:
    tab.does("open", tab.rows[0].id)
    for nasty in NASTY:
        tab.does("save", {**WEEK, name: nasty})
        with database.reading() as session:
            (row,) = session.exec(select(OpeningHours)).all()
            assert 0 < len(row.name) <= hours.NAME and not week_faults(row.week)


# -- closing days -------------------------------------------------------------------------------


def test_a_stretch_of_days_is_kept(days: Tab, database: Database) -> None:
    with database.reading() as session:
        before = revision.current(session)
    days.does("open_new")
    days.does("save", SUMMER)
    assert [(row.title, row.when) for row in days.rows] == [("Ferie", "10-23 agosto 2027")]
    with database.reading() as session:
        assert revision.current(session) > before
    days.does("open_new")
    days.does("save", SUMMER)
    assert "Ferie" in days.faults["first"]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"name": ""}, "name"),
        ({"first": ""}, "first"),
        ({"first": "2027-02-30"}, "first"),
        ({"first": "1026-01-01"}, "first"),
        ({"last": "2027-08-01"}, "last"),
        ({"last": "2028-08-23"}, "last"),
        ({"hours_id": "77"}, "hours_id"),
    ],
)
def test_what_is_wrong_with_a_closing_day_is_said(
    days: Tab, form: dict[str, str], field: str
) -> None:
    days.does("open_new")
    days.does("save", {**SUMMER, **form})
    assert {name for name, said in days.faults.items() if said} == {field}


@pytest.mark.parametrize("name", SUMMER)
def test_anything_may_be_typed_into_closings(days: Tab, database: Database, name: str) -> None:
    for nasty in NASTY:
        days.does("open_new")
        days.does("save", {**SUMMER, name: nasty})
    with database.reading() as session:
        for row in session.exec(select(ClosingDay)):
            assert 0 < len(row.name) <= closings.NAME and row.first <= row.last


def test_the_next_one_comes_first_and_the_past_last(days: Tab, database: Database) -> None:
    with database.session() as session:
        for name, first, yearly in (
            ("passata", date(2026, 3, 1), False),
            ("Natale", date(2020, 12, 25), True),
            ("Epifania", date(2020, 1, 6), True),
            ("ponte", date(2026, 12, 7), False),
        ):
            session.add(ClosingDay(name=name, first=first, last=first, yearly=yearly))
    days.does("everything")
    assert [row.title for row in days.rows] == ["ponte", "Natale", "Epifania", "passata"]
    assert [row.past for row in days.rows] == [False, False, False, True]


def test_the_holidays_of_italy_and_the_patron_of_milan(days: Tab, database: Database) -> None:
    days.does("ask_import")
    names = {each.name: each.when for each in days.offered}
    assert names["Natale"] == "25 dicembre, ogni anno"
    assert "Pasqua" in " ".join(names) and len(days.place_options) > 100
    days.does("choose_place", "MI")
    patron = next(each for each in days.offered if "Ambrogio" in each.name)
    assert patron.when == "7 dicembre, ogni anno"
    days.does("choose_holiday", days.offered[0].place, False)
    days.does("choose_holiday", days.offered[0].place, False)  # the click came twice
    count = days.chosen
    assert count == len(days.offered) - 1
    days.does("take_over")
    assert days.said == f"{count} chiusure aggiunte" and days.total == count
    days.does("ask_import")
    assert [each.there for each in days.offered].count(False) == 1 and days.chosen == 1
    days.does("choose_holiday", next(each.place for each in days.offered if each.there), True)
    assert days.chosen == 1
    with database.reading() as session:
        easter = session.exec(select(ClosingDay).where(ClosingDay.yearly == False)).all()  # noqa: E712
        assert {row.first.year for row in easter} == {2027, 2028}
        log = session.exec(select(AuditEntry.what).distinct()).all()
    assert log == ["closing_imported"]


@pytest.mark.parametrize("country", public_holidays.COUNTRIES)
def test_every_country_offered_has_its_holidays(country: str) -> None:
    for language in ("it", "en"):
        found = public_holidays.of(country, "", language, 2026)
        assert len(found) > 5 and any(each.yearly for each in found)
    assert all(each.words for each in public_holidays.places(country))


def test_an_unknown_country_and_place_are_harmless(days: Tab) -> None:
    days.does("choose_country", "XX")
    days.does("choose_country", "CH")
    days.does("choose_place", "';--")
    assert (days.country, days.place) == ("CH", "")
    assert public_holidays.of("XX", "", "it", 2026) == []


def test_a_night_over_new_year_is_one_stretch(database: Database) -> None:
    said = closings.words("it", date(2026, 12, 24), date(2027, 1, 6), False)
    assert said == "24 dicembre 2026 - 6 gennaio 2027"
    with database.session() as session:
        values = closings.ClosingValues("x", date(2026, 12, 24), date(2027, 1, 6), True)
        closings.BOOK.create(session, SARA, values)
        (row,) = closings.listed(session, "it", date(2027, 1, 2))
    assert (row.first, row.past) == ("2026-12-24", False)
