"""Numbers: one truth with the lines, targets by the hour, blocks, and calls that follow at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from officesmart import import_csv
from officesmart.administration import closings, lines, numbers, short_codes, sites
from officesmart.administration.audit_words import changes
from officesmart.administration.numbers import NumberValues
from officesmart.administration.rules import LineValues
from officesmart.desk import Desk
from officesmart.pages.admin_numbers import Numbers
from pbx.routing.decide import decide
from pbx.routing.facts import CallFacts
from pbx.routing.plan import Announce, Mailbox, Ring, Step
from pbx.store.session import Database
from pbx.store.snapshot import build
from pbx.tables import AuditEntry, DirectNumber, Line, OpeningHours, Trunk
from tests.unit.administration.conftest import NASTY, NOW, SARA
from tests.unit.administration.tab import Tab

ROME = ZoneInfo("Europe/Rome")
MAIN = "+390255501200"
GOOD = {"number": "02 5550 1200", "label": "Centralino", "kind": "line", "target": "202"}
OFFICE = [[["09:00", "18:00"]]] * 5 + [[], []]


@pytest.fixture
def tab(here: Desk) -> Tab:
    with here.database.session() as session:
        session.add(OpeningHours(name="Ufficio", week=OFFICE))
        session.add(Trunk(name="Gestore", host="sip.example.it"))
    return Tab(here, Numbers)


def make(tab: Tab, **form: str) -> None:
    tab.does("open_new")
    tab.does("save", {**GOOD, **form})
    assert tab.said == "Numero creato", tab.faults


def own(database: Database) -> dict[str, str]:
    """Each line's own number."""
    with database.reading() as session:
        return dict(session.execute(select(Line.extension, Line.number)).all())


def call(database: Database, number: str, at: datetime = NOW) -> Step:
    """The first step of a call from outside to this number, by the rows as they are."""
    with database.reading() as session:
        office = build(session)
    phones = frozenset(office.lines)
    plan = decide(CallFacts(dialled=number, at=at, from_trunk=1, registered=phones), office)
    return plan.steps[0]


def test_numbers_of_lines_are_in_the_list(tab: Tab) -> None:
    assert [(row.title, row.reaches, row.id < 0) for row in tab.rows] == [
        ("02 5550 1201", "201 Giulia Ferrante", True),
        ("02 5550 1203", "203 Sara Lombardi", True),
    ]


def test_a_number_given_here_is_the_lines_own(tab: Tab, database: Database) -> None:
    assert isinstance(call(database, MAIN), Announce)
    make(tab)
    assert own(database)["202"] == MAIN
    assert call(database, MAIN) == Ring(("202",), 30)
    # A second one reaches it, but the first stays its own.
    make(tab, number="02 5550 1299")
    assert own(database)["202"] == MAIN
    assert call(database, "+390255501299") == Ring(("202",), 30)
    with database.reading() as session:
        log = session.exec(select(AuditEntry)).all()
    assert [(each.what, each.line_name) for each in log] == [
        ("number_created", "02 5550 1200"),
        ("line_changed", "Davide Conti"),
        ("number_created", "02 5550 1299"),
    ]


def test_a_number_that_moves_leaves_its_line(tab: Tab, database: Database) -> None:
    giulia = tab.rows[0].id
    tab.does("open", giulia)
    assert (tab.card.number, tab.card.target) == ("02 5550 1201", "201")
    tab.does("save", {**GOOD, "number": tab.card.number, "target": "202"})
    assert tab.opened > 0 and tab.said == "Numero salvato"
    assert (own(database)["201"], own(database)["202"]) == ("", "+390255501201")
    assert call(database, "+390255501201") == Ring(("202",), 30)
    # And on to something that is no line.
    tab.does("save", {**GOOD, "number": "02 5550 1201", "kind": "mailbox", "target": "201"})
    assert own(database)["202"] == ""
    assert isinstance(call(database, "+390255501201"), Mailbox)


def test_a_number_that_is_changed_is_changed_at_its_line(tab: Tab, database: Database) -> None:
    tab.does("open", tab.rows[0].id)
    tab.does("save", {**GOOD, "number": "02 5550 1288", "target": "201"})
    assert own(database)["201"] == "+390255501288"
    assert [row.e164 for row in tab.rows] == ["+390255501203", "+390255501288"]


def test_deleting_takes_it_from_the_line_too(tab: Tab, database: Database) -> None:
    make(tab)
    tab.does("select_all")
    tab.does("ask_delete", 0)
    assert len(tab.ask_names) == 3
    tab.does("delete")
    assert tab.said == "3 numeri eliminati" and set(own(database).values()) == {""}
    assert tab.total == 0
    assert isinstance(call(database, MAIN), Announce)


@pytest.mark.parametrize(
    ("number", "named"),
    [("02 5550 1201", "Giulia Ferrante (interno 201)"), ("+39 02 5550 1200", "202 Davide Conti")],
)
def test_the_same_number_twice_names_the_other(tab: Tab, number: str, named: str) -> None:
    make(tab)
    tab.does("open_new")
    tab.does("save", {**GOOD, "number": number, "target": "203"})
    assert named in tab.faults["number"]


def test_a_line_is_not_given_what_reaches_something_else(tab: Tab, database: Database) -> None:
    make(tab, kind="mailbox", target="202")
    with database.session() as session:
        values = LineValues(extension="301", name="x", number=MAIN)
        (fault,) = lines.collisions(session, values).values()
    assert "Casella di 202 Davide Conti" in fault.it
    content = b"extension,name,number\n301,Ada,0255501200\n"
    with pytest.raises(import_csv.Refused):
        import_csv.import_lines(database, content, at=NOW, dry_run=True)


def save_line(session: Session, of: str, **fields: Any) -> None:
    line = session.exec(select(Line).where(Line.extension == of)).one()
    base = lines.values_of(session, line.id or 0)
    lines.save(session, SARA, line.id or 0, base=base, values=replace(base, **fields))


def test_what_is_done_at_the_line_is_so_here(tab: Tab, database: Database) -> None:
    make(tab, label="")
    make(tab, number="02 5550 1299", label="Vendite")
    with database.session() as session:
        save_line(session, "202", number="+390255501277", extension="302")
    tab.does("everything")
    assert {row.e164: row.reaches for row in tab.rows if "Davide" in row.reaches} == {
        "+390255501277": "302 Davide Conti",
        "+390255501299": "302 Davide Conti",
    }
    with database.session() as session:
        gone = session.exec(select(Line.id).where(Line.extension == "302")).one()
        lines.remove(session, SARA, [gone or 0], database.data)
        session.flush()
        (row,) = session.exec(select(DirectNumber)).all()
        assert (row.number, row.target) == ("+390255501299", "")
        told = session.exec(select(AuditEntry).where(AuditEntry.what == "number_changed")).all()
    assert [each.after for each in told] == [{"target": "302"}, {"target": ""}]
    tab.does("everything")
    assert [row.lost for row in tab.rows] == [False, False, True]


def test_open_and_closed_reach_different_things(tab: Tab, database: Database) -> None:
    hours = tab.hours_options[0].value
    closed = {"hours_id": hours, "closed_kind": "announcement",
              "closed_target": "announce.office_closed"}  # fmt: skip
    make(tab, **closed)
    monday, night = (datetime(2026, 11, 23, hour, tzinfo=ROME) for hour in (10, 22))
    assert call(database, MAIN, monday) == Ring(("202",), 30)
    step = call(database, MAIN, night)
    assert isinstance(step, Announce) and step.prompt == "announce.office_closed"
    (row,) = [row for row in tab.rows if row.e164 == MAIN]
    assert (row.hours, row.closed) == ("Ufficio", "Annuncio «I nostri uffici sono chiusi»")
    # The same by «Prova»; a Sunday now.
    tab.does("try_call", {"moment": ""})
    assert tab.tried_at == "adesso" and tab.tried[0].glyph == "announce"
    tab.does("try_call", {"moment": "2026-11-23T10:00"})
    # Nobody's phone is registered here: it goes on to the mailbox.
    assert tab.tried[0].words == "Casella vocale di 202 Davide Conti"
    assert any("aperto" in why for why in tab.reasons)
    tab.does("try_call", {"moment": "domani"})
    assert tab.try_fault


def test_a_closing_day_counts_from_the_next_call_on(tab: Tab, database: Database) -> None:
    hours = tab.hours_options[0].value
    make(tab, hours_id=hours, closed_kind="mailbox", closed_target="201")
    tuesday = datetime(2026, 12, 8, 10, tzinfo=ROME)
    assert call(database, MAIN, tuesday) == Ring(("202",), 30)
    with database.session() as session:
        values = closings.ClosingValues("Immacolata", tuesday.date(), tuesday.date(), True)
        closings.BOOK.create(session, SARA, values)
    step = call(database, MAIN, tuesday)
    assert isinstance(step, Mailbox) and step.line == "201"


def test_a_code_and_a_sites_number_count_from_the_next_call_on(database: Database) -> None:
    with database.session() as session:
        site = sites.SiteValues(name="Lodi", number="+390371555000")
        sites.BOOK.create(session, SARA, site)
        code = short_codes.CodeValues("7001", "Sara", "203")
        short_codes.BOOK.create(session, SARA, code)
    with database.reading() as session:
        office = build(session)
    assert office.lines["202"].shown == "+390371555000"
    inside = CallFacts(dialled="7001", at=NOW, from_line="201", registered=frozenset({"203"}))
    assert decide(inside, office).steps[0] == Ring(("203",), 30)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"number": ""}, "number"),
        ({"number": "123"}, "number"),
        ({"target": "299"}, "target"),
        ({"target": ""}, "target"),
        ({"kind": "fax", "target": "1"}, "target"),
        ({"kind": "service", "target": "rm"}, "target"),
        ({"kind": "announcement", "target": "x"}, "target"),
        ({"kind": "number", "target": "ciao"}, "target"),
        ({"kind": "number", "target": "02 5550 1201"}, "target"),
        ({"kind": "number", "target": "02 5550 1200"}, "target"),
        ({"hours_id": "77"}, "hours_id"),
        ({"trunk_id": "77"}, "trunk_id"),
        ({"hours_id": "1", "closed_kind": "line", "closed_target": "9"}, "closed_target"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(tab: Tab, form: dict[str, str], field: str) -> None:
    tab.does("open_new")
    tab.does("save", {**GOOD, **form})
    assert {name for name, said in tab.faults.items() if said} == {field}


@pytest.mark.parametrize("name", [*GOOD, "trunk_id", "hours_id", "closed_kind", "closed_target"])
def test_anything_may_be_typed(tab: Tab, database: Database, name: str) -> None:
    for nasty in NASTY:
        tab.does("open_new")
        tab.does("save", {**GOOD, "hours_id": "1", name: nasty})


def test_anything_may_be_typed_into_a_block_and_a_search(tab: Tab, database: Database) -> None:
    for nasty in NASTY:
        tab.does("try_block", {"first": nasty, "last": nasty, "extension": nasty})
        tab.does("search", nasty if isinstance(nasty, str) else "")
        tab.does("try_call", {"moment": nasty})
    assert tab.block_rows == []


def test_what_was_typed_is_kept_only_when_it_is_right(tab: Tab, database: Database) -> None:
    for nasty in NASTY:
        for name in ("number", "label", "target"):
            tab.does("open_new")
            tab.does("save", {**GOOD, name: nasty})
    with database.reading() as session:
        for row in session.exec(select(DirectNumber)):
            assert row.number.startswith("+39") and len(row.label) <= numbers.LABEL


@pytest.mark.parametrize(
    "typed",
    ["0255501201", "02 5550 1201", "+39 02 5550 1201", "0039 02 55501201", "0 02 5550 1201",
     "55501201", "1201", "giulia", "0039 02 5550 12", "+39025550 1201"],
)  # fmt: skip
def test_a_number_is_found_in_any_form(tab: Tab, typed: str) -> None:
    tab.does("search", typed)
    assert "+390255501201" in {row.e164 for row in tab.rows}, typed


def test_a_block_is_previewed_and_added(tab: Tab, database: Database) -> None:
    trunk = tab.trunk_options[0].value
    tab.does("ask_block")
    tab.does("try_block", {"first": "+39 02 5550 1200", "last": "1299", "extension": "200",
                           "block_trunk": trunk})  # fmt: skip
    assert len(tab.block_rows) == 100
    assert (tab.block_new, tab.block_there, tab.block_without) == (1, 2, 97)
    assert tab.block_rows[2].name == "Davide Conti"
    tab.does("add_block")
    assert tab.said == "1 numero aggiunto"
    with database.reading() as session:
        (row,) = session.exec(select(DirectNumber)).all()
    assert (row.number, row.target, row.trunk_id) == ("+390255501202", "202", int(trunk))
    assert own(database)["202"] == "+390255501202"
    assert call(database, "+390255501202") == Ring(("202",), 30)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (("", "1299", "200"), "first"),
        (("02 5550 1200", "", "200"), "last"),
        (("02 5550 1200", "1100", "200"), "last"),
        (("02 5550 1200", "06 5550 1299", "200"), "last"),
        (("02 5550 1200", "9999", "2000"), "last"),
        (("02 5550 1200", "1299", "x"), "extension"),
        (("02 5550 1200", "1299", "950"), "extension"),
    ],
)
def test_a_block_that_makes_no_sense_is_told(
    tab: Tab, form: tuple[str, str, str], field: str
) -> None:
    tab.does("ask_block")
    tab.does("try_block", dict(zip(("first", "last", "extension"), form, strict=True)))
    assert {name for name, said in tab.block_faults.items() if said} == {field}
    assert tab.block_rows == []


def test_the_second_administrator_is_told(here: Desk, tab: Tab) -> None:
    make(tab)
    other = Tab(here, Numbers)
    other.does("open", tab.opened)
    other.does("save", {**GOOD, "label": "Reception"})
    tab.does("save", {**GOOD, "target": "203"})
    assert tab.clash.startswith("Sara Lombardi ha cambiato: etichetta")
    tab.does("keep_mine")
    assert (tab.card.label, tab.card.target) == ("Reception", "203")
    assert numbers.at_line(numbers.at_line(7)) == 7
    assert NumberValues().kind == "line"


def test_the_log_says_it_in_words(tab: Tab, database: Database) -> None:
    make(tab, kind="announcement", target="announce.congestion")
    with database.reading() as session:
        (entry,) = session.exec(select(AuditEntry)).all()
    told = {each.name: each.after for each in changes("it", entry)}
    assert told["numero"] == "02 5550 1200"
    assert told["tipo di destinazione"] == "Annuncio"
    assert told["destinazione"] == "Tutte le linee sono occupate"
