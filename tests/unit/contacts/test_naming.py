"""Everybody is called as the reader calls them: on live calls, in lists, in files and mails."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from officesmart import line, routes
from officesmart.contacts import book
from officesmart.contacts.card import Card, Number
from officesmart.desk import Desk, close_desk, open_desk
from officesmart.naming import People, catch_up, people_of
from officesmart.pages._messages_state import Messages
from officesmart.pages.home import Home
from officesmart.phone import Phone
from officesmart.suggesting import suggest
from pbx.calls.shown import LONGEST, display_name
from pbx.config import Config
from pbx.events import kinds
from pbx.events.board import Board, fold
from pbx.events.kinds import Party
from pbx.routing import who
from pbx.routing.office import Office, Person, ShortCode
from pbx.store import contacts
from pbx.store.session import Database
from pbx.tables import CallRecord, Contact, ContactNumber, Line, VoiceMessage
from pbx.tables import ShortCode as ShortCodeRow
from tests.unit.administration.conftest import HandClock
from tests.unit.administration.tab import Tab
from tests.unit.contacts.conftest import DAVIDE, GIULIA, NOW

MILL = "+390163555021"
NUMBERS = range(5000)
MILL_MOBILE = "+393331234567"
ME = Party("201", "Giulia Ferrante", "201")
COLLEAGUE = Party("202", "Davide Conti", "202")
CALLER = Party(MILL, "CARTIERA SPA")


def knows(database: Database, number: str, name: str, owner: int = GIULIA, **more: Any) -> int:
    with database.session() as session:
        return book.add(session, owner, Card(name, **more, numbers=(Number("work", number),)))


def short_code(database: Database, code: str, number: str, name: str) -> None:
    with database.session() as session:
        session.add(ShortCodeRow(code=code, number=number, name=name))


def people(database: Database, *numbers: str, owner: int = GIULIA) -> People:
    with database.reading() as session:
        return people_of(session, owner, numbers)


# --- the order -----------------------------------------------------------------------------------


def test_contact_then_extension_then_short_code_then_network(database: Database) -> None:
    stranger = Party(MILL, "CARTIERA SPA")
    assert people(database, MILL).shown(stranger).name == "CARTIERA SPA"
    short_code(database, "4", MILL, "Fornitore carta")
    assert people(database, MILL).shown(stranger).name == "Fornitore carta"
    known = knows(database, MILL, "Teresa", company="Cartiera")
    found = people(database, MILL).shown(stranger)
    assert (found.name, found.company, found.contact_id) == ("Teresa", "Cartiera", known)
    short_code(database, "5", "202", "Vice direzione")
    assert people(database, "202").shown(COLLEAGUE).name == "Davide Conti"
    knows(database, "202", "Il collega")
    assert people(database, "202").shown(COLLEAGUE).name == "Il collega"
    assert people(database, MILL, "202", owner=DAVIDE).shown(COLLEAGUE).contact_id == 0


def test_the_order_is_that_of_the_displays(database: Database) -> None:
    """The page asks rows, the phone a snapshot: both must answer the same."""
    office = Office(
        lines={"202": Person(DAVIDE, "202", "Davide Conti", number="+390255501202")},
        numbers={"+390255501202": "202"},
        short_codes={
            "4": ShortCode("4", "0163 555021", "Fornitore"),
            "5": ShortCode("5", "202", "Vice"),
        },
    )
    with database.session() as session:
        session.get(Line, DAVIDE).number = "+390255501202"  # type: ignore[union-attr]
    short_code(database, "4", "0163 555021", "Fornitore")
    short_code(database, "5", "202", "Vice")
    for number in (MILL, "0163555021", "00163555021", "202", "+390255501202", "4", "5", "187", "x"):
        assert people(database, number).name(number) == who.name_of(number, office), number


@pytest.mark.parametrize(
    ("kept", "told", "same"),
    [
        ("0163 555021", MILL, True),
        (MILL, "0163555021", True),
        (MILL, "00163555021", True),
        (MILL, "0039 0163 555021", True),
        ("+443331234567", MILL_MOBILE, False),
        ("333 1234567", MILL_MOBILE, True),
        ("202", "+390255501202", True),
        ("+390255501202", "202", True),
        ("201", "202", False),
    ],
)
def test_which_number_is_the_same(database: Database, kept: str, told: str, same: bool) -> None:
    with database.session() as session:
        session.get(Line, DAVIDE).number = "+390255501202"  # type: ignore[union-attr]
    knows(database, kept, "Chiara")
    assert (people(database, told).name(told) == "Chiara") is same


def test_lines_ask_their_own_books_all_at_once(database: Database) -> None:
    knows(database, MILL, "Teresa")
    knows(database, MILL, "Cartiera", owner=DAVIDE)
    wanted = {(GIULIA, MILL), (DAVIDE, MILL), (DAVIDE, "202"), (GIULIA, "")}
    with database.reading() as session:
        assert contacts.names(session, wanted) == {
            (GIULIA, MILL): "Teresa",
            (DAVIDE, MILL): "Cartiera",
        }
        assert contacts.names(session, set()) == {}


def test_a_change_of_a_name_moves_the_revision(database: Database) -> None:
    """The displays keep names until it does."""
    known = knows(database, MILL, "Teresa")

    def revision() -> int:
        from pbx.store import revision

        with database.reading() as session:
            return revision.current(session)

    before = revision()
    with database.session() as session:
        book.change(
            session, GIULIA, known, Card("Tea", numbers=(Number("work", MILL),)), opened=None
        )
    assert revision() > before


# --- live ----------------------------------------------------------------------------------------


class WithBoard(Phone):
    """A PBX whose picture the story draws."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = Board()

    def board(self) -> Board:
        return self.shown

    def happens(self, *events: kinds.Event) -> None:
        self.shown = reduce(fold, events, self.shown)


@pytest.fixture
def phone() -> WithBoard:
    return WithBoard()


@pytest.fixture
def here(database: Database, tmp_path: Path, phone: WithBoard) -> Iterator[Desk]:
    yield open_desk(
        Config(data=tmp_path, database_url=database.url), clock=HandClock(), with_phone=phone
    )
    close_desk()


def rings(caller: Party = CALLER) -> tuple[kinds.Event, ...]:
    return kinds.CallStarted("c", NOW, caller, ME), kinds.CallRinging("c", NOW, ME)


def test_a_live_call_is_named_by_my_contact(here: Desk, phone: WithBoard) -> None:
    known = knows(here.database, MILL, "Teresa", company="Cartiera")
    phone.happens(*rings())
    (call,) = Tab(here, Messages, who="201").calls
    assert (call.other, call.number, call.initials) == ("Teresa", "0163 555021", "T")
    assert (call.company, call.contact, call.dial) == ("Cartiera", known, MILL)


def test_to_my_colleague_it_is_whatever_he_calls_it(here: Desk, phone: WithBoard) -> None:
    knows(here.database, MILL, "Teresa")
    phone.happens(
        kinds.CallStarted("c", NOW, CALLER, COLLEAGUE), kinds.CallRinging("c", NOW, COLLEAGUE)
    )
    (call,) = Tab(here, Messages, who="202").calls
    assert (call.other, call.company, call.contact) == ("CARTIERA SPA", "", 0)


def test_who_withheld_the_number_is_nobodys_contact(here: Desk, phone: WithBoard) -> None:
    knows(here.database, MILL, "Teresa")
    phone.happens(*rings(Party()))
    (call,) = Tab(here, Messages, who="201").calls
    assert (call.other, call.number, call.dial, call.contact) == ("", "", "", 0)


def test_a_contact_edited_now_shows_at_once(here: Desk, phone: WithBoard) -> None:
    with here.database.session() as session:
        session.add(
            CallRecord(
                call_id="old",
                started_at=NOW,
                ended_at=NOW,
                caller_number=MILL,
                caller_name="CARTIERA SPA",
                dialled="201",
                to_line_id=GIULIA,
                why="no_answer",
            )
        )
        session.add(
            VoiceMessage(
                line_id=GIULIA,
                call_id="old",
                left_at=NOW,
                seconds=10,
                file="",
                caller_number=MILL,
                caller_name="CARTIERA SPA",
            )
        )
    phone.happens(*rings())
    phone.happens(kinds.CallParked("d", NOW, "801", "201", CALLER))
    tab, home = Tab(here, Messages, who="201"), Tab(here, Home, who="201")

    def names() -> set[str]:
        tab.does("show", "messaggi")
        shown = {row.name for day in tab.message_days for row in day.rows}
        tab.does("show", "perse")
        shown |= {row.name for day in tab.call_days for row in day.rows}
        shown |= {row.name for day in home.latest for row in day.rows}
        shown |= {row.who for row in home.parked}
        return shown | {row.other for each in (tab, home) for row in each.calls}

    assert names() == {"CARTIERA SPA"}
    known = knows(here.database, MILL, "Teresa")
    for each in (tab, home):
        each.does("news", ["contacts"])
    assert names() == {"Teresa"}
    with here.database.session() as session:
        book.change(
            session, GIULIA, known, Card("Tea", numbers=(Number("work", MILL),)), opened=None
        )
    for each in (tab, home):
        each.does("news", ["settings"])  # somebody else's tab, another program
    assert names() == {"Tea"}


def test_an_event_of_a_call_asks_no_database_again(
    here: Desk, phone: WithBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[frozenset[str]] = []

    def counted(session: Session, line_id: int, numbers: Any) -> People:
        asked.append(frozenset(numbers))
        return people_of(session, line_id, numbers)

    monkeypatch.setattr("officesmart.naming.people_of", counted)
    phone.happens(*rings())
    tab = Tab(here, Messages, who="201")
    phone.happens(kinds.CallAnswered("c", NOW, ME, "person"))
    for _ in range(3):
        tab.does("news", ["calls"])
    assert asked == [frozenset({MILL})]


@pytest.mark.parametrize("trouble", ["slow", "away"])
def test_a_page_does_not_wait_for_names(trouble: str) -> None:
    class Troubled:
        async def read(self, work: Any, *, limit: float) -> People:
            if trouble == "slow":
                raise TimeoutError
            raise OperationalError("select", {}, Exception("gone"))

    import asyncio

    before = People(asked=frozenset({"202"}))
    after = asyncio.run(catch_up(Troubled(), GIULIA, before, {MILL}))  # type: ignore[arg-type]
    assert after is before, "asked about again with the next event"


# --- everywhere else -----------------------------------------------------------------------------


def test_an_extension_of_the_past_keeps_the_name_it_had(database: Database) -> None:
    found = people(database, "202", MILL)
    assert found.name("202", "Chi c'era prima") == "Chi c'era prima"
    assert found.name(MILL, "CARTIERA SPA") == "CARTIERA SPA"


def test_numbers_called_lately_are_suggested_by_their_name(database: Database) -> None:
    short_code(database, "44", MILL, "Fornitore carta")
    with database.session() as session:
        session.add(
            CallRecord(
                call_id="old",
                started_at=NOW,
                ended_at=NOW,
                caller_number="201",
                dialled=MILL,
                from_line_id=GIULIA,
                why="completed",
            )
        )
    with database.reading() as session:
        found = suggest(session, GIULIA, "forn", "it")
    assert [(each.name, each.dial) for each in found][-1] == ("Fornitore carta", MILL)


def test_parked_calls_are_named_by_who_looks() -> None:
    board = fold(Board(), kinds.CallParked("d", NOW, "801", "201", CALLER))
    (plain,) = line.parked_rows(board, NOW)
    assert (plain.who, plain.number) == ("CARTIERA SPA", "0163 555021")
    mine = People({MILL: contacts.Known(1, "Teresa")}, {}, frozenset({MILL}))
    (named,) = line.parked_rows(board, NOW, shown=mine.shown)
    assert (named.who, named.number) == ("Teresa", "0163 555021")


def test_a_kept_sound_is_called_after_the_contact() -> None:
    assert routes.UNSAFE.sub("", 'Te"r/esa\r\n') == "Teresa"


# --- displays ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("", ""),
        ("  a \t\n b ", "a b"),
        ("a\u00a0b\u2028c", "a b c"),
        ("\u202eabc\u2066\ufeff", "abc"),
        ("\ud83d", ""),
        ("é" * LONGEST, "é" * LONGEST),
        ("x" * 10_000, "x" * (LONGEST - 1) + "…"),
    ],
)
def test_a_name_on_a_display_is_one_short_line(name: str, shown: str) -> None:
    assert display_name(name) == shown


def test_a_cut_never_goes_through_a_letter() -> None:
    for before in range(LONGEST - 8, LONGEST + 1):
        for sign in ("e\u0301", "👩🏽", "👩\u200d💻", "❤\ufe0f"):
            cut = display_name("x" * before + sign * 20)
            assert len(cut) <= LONGEST and cut.endswith("…")
            rest = cut.removesuffix("…").lstrip("x")
            assert rest.replace(sign, "") == "", (before, ascii(cut))


def test_reading_names_costs_a_call_next_to_nothing(database: Database) -> None:
    """Not a figure: that nobody made it read whole tables (5,000 contacts, 50 questions)."""
    with database.session() as session:
        session.execute(
            insert(Contact),
            [{"id": n + 1, "line_id": GIULIA, "first_name": f"Nome {n}"} for n in NUMBERS],
        )
        session.execute(
            insert(ContactNumber),
            [
                {
                    "contact_id": n + 1,
                    "line_id": GIULIA,
                    "number": f"+39016355{n:04}",
                    "tail": f"16355{n:04}",
                }
                for n in NUMBERS
            ],
        )
    with database.reading() as session:
        contacts.names(session, {(GIULIA, MILL)})
        began = time.perf_counter()
        for n in range(50):
            asked = {(GIULIA, f"+39016355{n:04}"), (DAVIDE, "201"), (DAVIDE, MILL)}
            assert contacts.names(session, asked)[GIULIA, f"+39016355{n:04}"] == f"Nome {n}"
        print(f"{(time.perf_counter() - began) / 50 * 1000:.2f} ms")
        plan = session.connection().exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT 1 FROM contactnumber WHERE tail IN ('1') AND line_id IN (1)"
        )
        assert any("line_id=? AND tail=?" in str(row) for row in plan)
