"""The services of a line, set by an administrator beside its own star codes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest
from sqlmodel import Session, col, select

from officesmart.administration import line_services as store
from officesmart.administration.audit_words import changes
from officesmart.administration.line_services import ServiceValues
from officesmart.administration.sites import NEW_SITE, chosen
from officesmart.desk import Desk
from officesmart.pages.admin_lines import Lines
from officesmart.pages.admin_numbers import Numbers
from pbx.routing.features import forward_no_answer
from pbx.store import options, revision, services
from pbx.store.session import Database
from pbx.store.snapshot import build
from pbx.tables import AuditEntry, DirectNumber, Line, OpeningHours, ShortCode, Site, Trunk
from tests.unit.administration.conftest import NASTY
from tests.unit.administration.tab import Tab


def line_id(session: Session, extension: str) -> int:
    found = session.exec(select(Line.id).where(Line.extension == extension)).one()
    assert found is not None
    return found


def form(**said: Any) -> dict[str, Any]:
    """The form as a browser sends it: a switch that is off is not there."""
    empty = {f"{name}_number": "" for name in store.KINDS}
    return {**empty, "forward_no_answer_seconds": "25", **said}


def log(database: Database) -> list[AuditEntry]:
    with database.reading() as session:
        return list(session.exec(select(AuditEntry).order_by(col(AuditEntry.id))))


@pytest.fixture
def tab(here: Desk) -> Tab:
    """Giulia's line in the panel."""
    with here.database.session() as session:
        session.add(Site(name="Milano"))
        session.add(ShortCode(code="50", number="+39025550777", name="Corriere"))
        of = line_id(session, "201")
    tab = Tab(here, Lines)
    tab.does("open", of)
    return tab


def test_the_seconds_are_bounded_as_the_feature_is() -> None:
    field = forward_no_answer.Options.model_fields["seconds"]
    bounds = {type(each).__name__: each for each in field.metadata}
    assert (bounds["Ge"].ge, bounds["Le"].le) == store.SECONDS


def test_what_is_saved_counts_from_the_next_call_on(tab: Tab, database: Database) -> None:
    with database.reading() as session:
        before = revision.current(session)
    tab.does("save_services", form(forward_all="on", forward_all_number="202", hide_id="on"))
    assert tab.said == "Servizi salvati"
    with database.reading() as session:
        assert revision.current(session) > before
        person = build(session).lines["201"]
    assert person.options["forward_all"] == {"enabled": True, "number": "202"}
    assert person.options["caller_id"] == {"hide": True}
    assert "do_not_disturb" not in person.options
    assert "202 (Davide Conti)" in tab.now_sentence


def test_the_log_says_what_changed_in_words(tab: Tab, database: Database) -> None:
    tab.does("save_services", form(do_not_disturb="on", forward_busy_number="202"))
    (entry,) = log(database)
    assert (entry.what, entry.line, entry.who) == ("services_changed", "201", "203")
    assert [(each.name, each.before, each.after) for each in changes("it", entry)] == [
        ("non disturbare", "no", "sì"),
        ("numero dell'inoltro su occupato", "", "202"),
    ]


def test_a_star_code_shows_at_once(tab: Tab, here: Desk) -> None:
    stamp = tab.services_stamp
    with here.database.session() as session:
        services.do(session, line_id(session, "201"), "do_not_disturb.on")
        services.do(session, line_id(session, "201"), "forward_no_answer.on", number="202")
    tab.does("news", ["settings"])
    assert tab.services.do_not_disturb and tab.services.forward_no_answer
    assert tab.services.forward_no_answer_number == "202"
    assert tab.services_stamp > stamp
    assert any("disturbat" in why for why in tab.now_because)


def test_a_star_code_takes_nothing_from_who_is_typing(tab: Tab, here: Desk) -> None:
    tab.does("touch_services")
    stamp = tab.services_stamp
    with here.database.session() as session:
        services.do(session, line_id(session, "201"), "do_not_disturb.on")
    tab.does("news", ["settings"])
    assert (tab.services_stamp, tab.services_moved) == (stamp, True)
    tab.does("save_services", form(hide_id="on"))
    assert tab.services_clash == "Qualcun altro ha cambiato: non disturbare"
    tab.does("keep_my_services")
    assert tab.services.do_not_disturb and tab.services.hide_id
    assert tab.services_clash == ""


def test_the_second_administrator_is_told_who_was_first(tab: Tab, here: Desk) -> None:
    other = Tab(here, Lines)
    other.does("open", tab.opened)
    tab.does("save_services", form(do_not_disturb="on"))
    other.does("save_services", form(forward_all="on", forward_all_number="202"))
    assert other.services_clash.startswith("Sara Lombardi ha cambiato: non disturbare")
    other.does("keep_their_services")
    assert other.services.do_not_disturb and not other.services.forward_all


@pytest.mark.parametrize(
    ("said", "field", "words"),
    (
        ({"forward_all": "on"}, "forward_all_number", "Scrivi a quale numero"),
        ({"forward_busy": "on", "forward_busy_number": "299"}, "forward_busy_number", "299"),
        (
            {"forward_all": "on", "forward_all_number": "201"},
            "forward_all_number",
            "della linea stessa",
        ),
        (
            {"forward_all": "on", "forward_all_number": "0 02 5550 1999"},
            "forward_all_number",
            "nessuna linea esterna",
        ),
        ({"forward_no_answer_seconds": "4"}, "forward_no_answer_seconds", "da 5 a 420"),
        ({"forward_no_answer_seconds": "uno"}, "forward_no_answer_seconds", "da 5 a 420"),
    ),
)
def test_what_cannot_be_followed_is_said_beside_its_field(
    tab: Tab, database: Database, said: dict[str, Any], field: str, words: str
) -> None:
    tab.does("save_services", form(**said))
    assert words in tab.services_faults[field]
    assert log(database) == []


def test_an_outside_number_is_kept_as_star_codes_keep_it(
    tab: Tab, here: Desk, database: Database
) -> None:
    with here.database.session() as session:
        session.add(Trunk(name="Fuori", host="sip.example.com"))
    tab.does("save_services", form(forward_all="on", forward_all_number="0 02 5550 1999"))
    assert tab.services.forward_all_number == "0 02 5550 1999"
    with database.reading() as session:
        assert store.values_of(session, tab.opened).forward_all_number == "+390255501999"
    (entry,) = log(database)
    assert [each.after for each in changes("it", entry)] == ["sì", "02 5550 1999"]


def test_a_right_that_the_line_has_not_is_named(tab: Tab, here: Desk) -> None:
    with here.database.session() as session:
        session.add(Trunk(name="Fuori", host="sip.example.com"))
    tab.does("save_services", form(forward_all="on", forward_all_number="0 0044 20 7946 0958"))
    assert "non è abilitato" in tab.services_faults["forward_all_number"]


def test_a_number_that_nobody_touched_hinders_nothing(
    tab: Tab, here: Desk, database: Database
) -> None:
    with here.database.session() as session:
        options.change(session, "forward_busy", tab.opened, enabled=False, number="299")
    tab.does("news", ["settings"])
    tab.does("save_services", form(forward_busy_number="299", do_not_disturb="on"))
    assert tab.said == "Servizi salvati"


def test_a_short_code_may_be_forwarded_to(tab: Tab, here: Desk) -> None:
    with here.database.session() as session:
        session.add(Trunk(name="Fuori", host="sip.example.com"))
    tab.does("save_services", form(forward_all="on", forward_all_number="50"))
    assert (tab.said, tab.services.forward_all_number) == ("Servizi salvati", "50")


@pytest.mark.parametrize("bad", NASTY)
def test_what_nobody_types_breaks_nothing(tab: Tab, database: Database, bad: Any) -> None:
    tab.does(
        "save_services",
        form(
            forward_all="on",
            forward_all_number=bad,
            forward_no_answer_seconds=bad,
            forward_busy=bad,
        ),
    )
    assert tab.services_faults["forward_all_number"]
    with database.reading() as session:
        assert store.values_of(session, tab.opened) == ServiceValues()


def test_saving_what_is_there_notes_nothing(tab: Tab, database: Database) -> None:
    tab.does("save_services", form())
    assert (tab.said, log(database)) == ("Servizi salvati", [])


def test_the_numbers_of_a_line_lead_to_their_page(tab: Tab, here: Desk) -> None:
    with here.database.session() as session:
        hours = OpeningHours(name="Ufficio", week=[[] for _ in range(7)])
        session.add(hours)
        session.flush()
        session.add_all(
            [
                DirectNumber(number="+390255501200", kind="line", target="201", label="Ufficio"),
                DirectNumber(
                    number="+390255501300", kind="service", target="echo",
                    hours_id=hours.id, closed_kind="mailbox", closed_target="201",
                ),
                DirectNumber(number="+390255501400", kind="line", target="202"),
            ]
        )  # fmt: skip
    tab.does("news", ["office"])
    assert [asdict(each) for each in tab.reached_by] == [
        {"number": "02 5550 1201", "label": "", "closed": False},
        {"number": "02 5550 1200", "label": "Ufficio", "closed": False},
        {"number": "02 5550 1300", "label": "", "closed": True},
    ]
    assert tab.numbers_link == "/admin/numeri?cerca=201%20Giulia%20Ferrante"
    numbers = Tab(here, Numbers)
    numbers.does("search", "201 Giulia Ferrante")
    assert [row.title for row in numbers.rows] == ["02 5550 1200", "02 5550 1201", "02 5550 1300"]


@pytest.mark.parametrize(
    ("choice", "fresh", "site", "fault"),
    (
        ("Milano", "", "Milano", ""),
        ("", "", "", ""),
        ("Torino", "", "", "site"),
        (NEW_SITE, "Torino", "Torino", ""),
        (NEW_SITE, "", "", "new_site"),
        (NEW_SITE, "milano", "", "new_site"),
        (NEW_SITE, "x" * 81, "", "new_site"),
        (NEW_SITE, "a\nb", "", "new_site"),
    ),
)
def test_a_site_is_made_only_by_who_says_so(choice: str, fresh: str, site: str, fault: str) -> None:
    got, faults = chosen(["Milano", "Lodi"], choice, fresh)
    assert (got, [*faults]) == (site, [fault] if fault else [])


def test_the_panel_makes_no_site_by_a_slip(tab: Tab, database: Database) -> None:
    fields = {"extension": "201", "name": "Giulia Ferrante", "number": "02 5550 1201"}
    tab.does("save", {**fields, "site": "Milnao", "active": "on", "mailbox": "on"})
    assert tab.faults["site"]
    tab.does("choose_form_site", NEW_SITE)
    assert tab.new_site
    sent = {**fields, "site": NEW_SITE, "new_site": "Torino", "active": "on", "mailbox": "on"}
    tab.does("save", sent)
    assert (tab.said, tab.card.site, tab.new_site) == ("Linea salvata", "Torino", False)
    with database.reading() as session:
        assert {*session.exec(select(Site.name))} == {"Milano", "Torino"}
