"""The popup of an incoming call: what it shows, and what its buttons may ask for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from officesmart import ringing
from officesmart.components.incoming_call_state import IncomingCall
from officesmart.contacts import book
from officesmart.contacts.card import Card, Number
from officesmart.desk import Desk, close_desk, open_desk
from officesmart.live import Tab as OpenTab
from officesmart.pages.home import Home
from officesmart.phone import Phone
from officesmart.ringing import Met, meet
from pbx.config import Config
from pbx.events import kinds
from pbx.events.board import Board, Rings, fold
from pbx.events.kinds import Diverted, Party, Through
from pbx.link import LinkDown, NoLink
from pbx.store.session import Database
from pbx.tables import CallRecord, Line
from tests.unit.administration.conftest import HandClock
from tests.unit.administration.tab import Tab
from tests.unit.contacts.conftest import DAVIDE, GIULIA, NOW

MARCO = "+390255507741"
ALL = ("decline", "mailbox", "colleague")


class Office(NoLink):
    """A link whose board the test makes, that remembers what it was asked."""

    def __init__(self) -> None:
        self.now = Board()
        self.asked: list[tuple[str, ...]] = []
        self.answer = Diverted(True, "Chiamata inoltrata a Davide Conti", "Call forwarded")
        self.down = False

    def running(self) -> bool:
        return True

    def board(self) -> Board:
        return self.now

    def happens(self, *events: kinds.Event) -> None:
        for event in events:
            self.now = fold(self.now, event)

    async def divert(self, call: str, *, line: str, to: str) -> Diverted:
        if self.down:
            raise LinkDown("gone")
        self.asked.append((call, line, to))
        return self.answer

    async def hang_up(self, call: str, *, line: str = "") -> bool:
        self.asked.append((call, line, "decline"))
        return True


def rings(
    office: Office,
    clock: HandClock,
    call: str = "c1",
    who: Party | None = None,
    line: str = "201",
    through: Through | None = None,
    may: tuple[str, ...] = ALL,
) -> None:
    """A call begins to ring at a line."""
    at, caller = clock.now(), who or Party(MARCO)
    to = Party(line, "", line)
    office.happens(
        kinds.CallStarted(call, at, caller, to),
        kinds.CallRinging(call, at, to),
        kinds.LineRings(call, at, line, through or Through(), may),
    )


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def here(database: Database, tmp_path: Path, office: Office, clock: HandClock) -> Iterator[Desk]:
    phone = Phone()
    phone.use(office)  # type: ignore[arg-type]
    with database.session() as session:
        session.add(Line(extension="203", name="Sara Lombardi", created_at=NOW))
        session.add(Line(extension="204", name="Niccolò D'Àngelo", created_at=NOW))
        session.add(Line(extension="205", name="Chi è via", active=False, created_at=NOW))
    yield open_desk(Config(data=tmp_path, database_url=database.url), clock=clock, with_phone=phone)
    close_desk()


@pytest.fixture
def tab(here: Desk) -> Tab:
    """Giulia's page, with the popup's own handlers."""
    tab = Tab(here, IncomingCall, who="201", enters=False)
    return tab


def looks(tab: Tab, *topics: str) -> Tab:
    """What a push does."""
    from officesmart.page import Portal

    state = tab.state
    while type(state) is not Portal:
        state = state.parent_state

    async def look() -> None:
        who = await state._who()
        assert who is not None
        state._person = who
        await state._look(who, topics or ("calls",))

    asyncio.run(look())
    return tab


def keep(here: Desk, **card: Any) -> int:
    """Marco in Giulia's address book."""
    numbers = (Number("work", "02 5550 7741"),)
    with here.database.session() as session:
        return book.add(session, GIULIA, Card(numbers=numbers, **card))


# --- what is shown -----------------------------------------------------------------------------


def test_who_calls_with_the_contacts_card(
    here: Desk, tab: Tab, office: Office, clock: HandClock
) -> None:
    contact = keep(
        here, first_name="Marco", last_name="Bellandi", company="Bellandi Imballaggi",
        role="Acquisti", notes="Richiamare dopo le 15",
    )  # fmt: skip
    with here.database.session() as session:
        talked = clock.now() - timedelta(days=1)
        session.add(
            CallRecord(
                call_id="old",
                from_line_id=GIULIA,
                dialled="0255507741",
                started_at=talked,
                answered_at=talked,
                ended_at=talked + timedelta(seconds=65),
                answered_by="person",
            )  # fmt: skip
        )
    rings(office, clock, through=Through("forward", Party("202", "Davide Conti", "202")))
    clock.moment += timedelta(seconds=3)
    looks(tab)
    (row,) = tab.incoming
    assert (row.name, row.company, row.role, row.number, row.initials) == (
        "Marco Bellandi", "Bellandi Imballaggi", "Acquisti", "02 5550 7741", "MB",
    )  # fmt: skip
    assert row.notes == "Richiamare dopo le 15" and row.last.startswith("ieri alle ")
    assert row.last.endswith("1 min 5 s") and row.age == 3000
    assert (row.contact, row.can_add) == (contact, False)
    assert (row.through, row.own, row.mailbox, row.forward) == (
        "inoltrata da Davide Conti", True, True, True,
    )  # fmt: skip
    assert tab.incoming_said == (
        "Chiamata in arrivo da Marco Bellandi, Bellandi Imballaggi, inoltrata da Davide Conti."
    )


def test_the_last_time_is_the_latest_of_both_ways(here: Desk) -> None:
    with here.database.session() as session:
        for call, days, lines in (
            ("out", 3, {"from_line_id": GIULIA, "dialled": MARCO}),
            ("in", 2, {"to_line_id": GIULIA, "answered_line_id": GIULIA, "caller_number": MARCO}),
            ("his", 1, {"to_line_id": GIULIA, "answered_line_id": DAVIDE, "caller_number": MARCO}),
        ):  # fmt: skip
            at = NOW - timedelta(days=days)
            kept: dict[str, Any] = {**lines, "started_at": at, "answered_at": at}
            session.add(
                CallRecord(
                    call_id=call, ended_at=at + timedelta(seconds=9), answered_by="person", **kept
                )
            )
        session.flush()
        met = meet(session, GIULIA, MARCO)
        assert (met.talked_at, met.talked) == (NOW - timedelta(days=2), 9.0)
        assert meet(session, GIULIA, "+390255507742") == Met()


def test_who_is_in_no_address_book_can_be_added(
    here: Desk, tab: Tab, office: Office, clock: HandClock
) -> None:
    rings(office, clock)
    (row,) = looks(tab).incoming
    assert (row.name, row.number, row.initials, row.can_add, row.last) == (
        "02 5550 7741", "", "", True, "",
    )  # fmt: skip
    keep(here, first_name="Marco")
    (row,) = looks(tab, "contacts").incoming
    assert (row.name, row.can_add) == ("Marco", False), "as soon as it is in the book"


def test_another_lines_contacts_and_calls_are_its_own(
    here: Desk, tab: Tab, office: Office, clock: HandClock
) -> None:
    with here.database.session() as session:
        book.add(
            session, DAVIDE, Card(first_name="Segreto", numbers=(Number("work", "02 5550 7741"),))
        )
        at = clock.now()
        session.add(
            CallRecord(
                call_id="his",
                from_line_id=DAVIDE,
                dialled=MARCO,
                started_at=at,
                answered_at=at,
                ended_at=at,
                answered_by="person",
            )  # fmt: skip
        )
    rings(office, clock)
    rings(office, clock, "c2", Party("203", "Sara Lombardi", "203"), line="202")
    (row,) = looks(tab).incoming
    assert (row.id, row.name, row.last) == ("c1", "02 5550 7741", "")


def test_withheld_and_inside(tab: Tab, office: Office, clock: HandClock) -> None:
    rings(office, clock, "c1", Party())
    rings(office, clock, "c2", Party("203", "Sara Lombardi", "203"))
    looks(tab)
    by = {row.id: row for row in tab.incoming}
    assert (by["c1"].name, by["c1"].can_add) == ("", False)
    assert (by["c2"].name, by["c2"].number, by["c2"].can_add) == ("Sara Lombardi", "203", False)
    assert "un numero anonimo" in tab.incoming_said and "Sara Lombardi" in tab.incoming_said


@pytest.mark.parametrize(
    ("through", "it", "en"),
    [
        (Through(), "", ""),
        (Through("plan", Party("202", "Davide Conti", "202")),
         "squilla anche da te per Davide Conti", "ringing at yours too, for Davide Conti"),
        (Through("transfer", Party("202", "", "202")), "passata da 202", "transferred by 202"),
        (Through("orbit", Party("201"), "801"),
         "torna dal parcheggio 801", "back from parking 801"),
        (Through("number", Party("+390255501200", "Vendite")),
         "sul numero Vendite", "to the number Vendite"),
        (Through("number", Party("+390255501200")),
         "sul numero 02 5550 1200", "to the number 02 5550 1200"),
    ],
)  # fmt: skip
def test_what_brought_it(through: Through, it: str, en: str) -> None:
    ring = Rings(NOW, through, ALL)
    assert (ringing.through(ring, "it"), ringing.through(ring, "en")) == (it, en)


def test_it_is_said_once_and_goes_when_it_stops(tab: Tab, office: Office, clock: HandClock) -> None:
    rings(office, clock)
    looks(tab)
    said = tab.incoming_said
    looks(tab)
    assert tab.incoming_said == said, "the same text is announced no second time"
    rings(office, clock, "c2", Party("203", "Sara Lombardi", "203"))
    looks(tab)
    assert [row.id for row in tab.incoming] in (["c1", "c2"], ["c2", "c1"])
    assert "02 5550 7741" not in tab.incoming_said, "only what is new"
    office.happens(kinds.CallAnswered("c2", clock.now(), Party("201", "", "201"), "person"))
    assert [row.id for row in looks(tab).incoming] == ["c1"]
    office.happens(kinds.LineQuiet("c1", clock.now(), "201"))
    assert looks(tab).incoming == [] and tab.incoming_said == ""


def test_a_slow_database_does_not_keep_it_away(
    tab: Tab, office: Office, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> Met:
        raise TimeoutError("the database is slow")

    monkeypatch.setattr(ringing, "meet", fails)
    rings(office, clock)
    (row,) = looks(tab).incoming
    assert row.name == "02 5550 7741"
    monkeypatch.undo()
    assert looks(tab).incoming[0].id == "c1"


def test_meeting_thousands_of_records_looks_at_the_lines_own(here: Desk) -> None:
    with here.database.session() as session:
        assert meet(session, GIULIA, "") == Met()
        assert meet(session, GIULIA, "' OR 1=1 --") == Met()
        assert meet(session, GIULIA, "%") == Met()


# --- what may be done --------------------------------------------------------------------------


def test_the_buttons_ask_for_this_line_only(tab: Tab, office: Office, clock: HandClock) -> None:
    rings(office, clock)
    looks(tab)
    tab.does("to_mailbox", "c1")
    tab.does("decline", "c1")
    assert office.asked == [("c1", "201", "mailbox"), ("c1", "201", "decline")]


def test_a_double_click_asks_once(tab: Tab, office: Office, clock: HandClock) -> None:
    rings(office, clock)
    looks(tab)
    for handler, done in (("to_mailbox", "mailbox"), ("decline", "decline")):
        office.asked.clear()
        tab.does(handler, "c1")
        tab.does(handler, "c1")
        assert office.asked == [("c1", "201", done)]
        clock.moment += timedelta(seconds=5)  # a colleague sent it back, and it rings again
        tab.does(handler, "c1")
        assert len(office.asked) == 2


def test_a_colleague_is_searched_and_chosen(tab: Tab, office: Office, clock: HandClock) -> None:
    rings(office, clock, who=Party("203", "Sara Lombardi", "203"))
    office.happens(kinds.DoNotDisturb("202", True))
    looks(tab)
    tab.does("open_forward", "c1")
    names = [(each.name, each.presence) for each in tab.colleagues]
    assert names == [("Davide Conti", "dnd"), ("Niccolò D'Àngelo", "offline")]
    office.happens(kinds.DoNotDisturb("202", False))
    office.happens(kinds.PhoneRegistered("202", 7, clock.now(), "", "", "udp", "", clock.now()))
    assert looks(tab, "phones").colleagues[0].presence == "available", "live"
    tab.does("search_colleague", "nic")
    assert [each.extension for each in tab.colleagues] == ["204"]
    tab.does("search_colleague", "d'an")
    assert [each.extension for each in tab.colleagues] == ["204"]
    tab.does("search_colleague", "zz")
    tab.does("forward_typed", {"colleague": "zz"})
    assert tab.forward_fault == "Nessun collega si chiama così" and not office.asked
    tab.does("forward_typed", {"colleague": ""})
    assert tab.forward_fault.startswith("Scegli un collega") and not office.asked
    tab.does("forward_typed", {"colleague": " 204 "})
    assert office.asked == [("c1", "201", "204")] and tab.forwarding == ""
    assert tab.said == "Chiamata inoltrata a Davide Conti"


def test_who_was_faster_is_said_and_the_field_goes_with_the_call(
    tab: Tab, office: Office, clock: HandClock
) -> None:
    rings(office, clock)
    looks(tab)
    tab.does("open_forward", "c1")
    office.answer = replace(office.answer, done=False, it="Ha già risposto Sara")
    tab.does("forward_to", "202")
    assert tab.said == "Ha già risposto Sara" and tab.forwarding == "c1"
    office.down = True
    tab.does("forward_to", "202")
    assert tab.said == "Il centralino non risponde"
    office.happens(kinds.CallEnded("c1", clock.now(), kinds.End.CANCELLED, "caller"))
    assert looks(tab).forwarding == ""


def test_colleagues_are_live_only_while_somebody_chooses(
    here: Desk, tab: Tab, office: Office, clock: HandClock
) -> None:
    here.live.watch(OpenTab("", "s", "201", GIULIA, "home.news"))
    rings(office, clock)
    looks(tab)
    (open_tab,) = here.live.tabs()
    tab.does("open_forward", "c1")
    here.live.take(kinds.DoNotDisturb("204", True))
    assert "phones" in open_tab.owed
    open_tab.owed.clear()
    tab.does("close_forward")
    here.live.take(kinds.DoNotDisturb("204", False))
    assert not open_tab.owed


def test_it_can_be_put_away_and_the_next_call_shows(
    tab: Tab, office: Office, clock: HandClock
) -> None:
    rings(office, clock)
    looks(tab)
    tab.does("put_away", "c1")
    assert tab.incoming == [] and looks(tab).incoming == [] and not office.asked
    rings(office, clock, "c2")
    assert [row.id for row in looks(tab).incoming] == ["c2"]


@pytest.mark.parametrize(
    "junk",
    ["", "x" * 10_000, "🤷", "<b>", "' OR 1=1", "\u202eabc", None, 7, ["c1"], {"to": "202"}],
)
def test_nothing_forged_breaks_it_or_does_more(
    tab: Tab, office: Office, clock: HandClock, junk: object
) -> None:
    rings(office, clock)
    looks(tab)
    for handler in ("open_forward", "forward_to", "search_colleague", "put_away"):
        tab.does(handler, junk)
    tab.does("forward_typed", {"colleague": junk})
    assert not office.asked, "no field is open"
    tab.does("open_forward", "c1")
    tab.does("search_colleague", junk)
    tab.does("forward_typed", {"colleague": junk})
    for asked in office.asked:
        assert asked[1] == "201"
    json.dumps(tab.state.dict(), default=str)


def test_a_page_of_the_whole_portal_has_it(here: Desk, office: Office, clock: HandClock) -> None:
    rings(office, clock)
    page = Tab(here, Home, who="201")
    assert [row.id for row in page.incoming] == ["c1"]
    page.does("enter")
    assert page.incoming_said == "", "another page says it no second time"
