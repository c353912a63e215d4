"""The dialler's handlers: what is called, from where, and what every tab of the line shows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from officesmart.components.dialler import Dialler
from officesmart.contacts import book
from officesmart.contacts.card import Card, Number
from officesmart.desk import Desk
from officesmart.live import Live
from officesmart.pages.dialler_window import DiallerWindow
from officesmart.suggesting import Piece, everybody, marked, marked_number
from pbx.events import kinds
from pbx.events.board import Board, fold
from pbx.events.kinds import Event, Party, Why
from pbx.link import Placed
from pbx.numbers import to_e164
from pbx.store import origins
from pbx.tables import Trunk
from tests.unit.administration.conftest import NASTY, NOW
from tests.unit.administration.tab import Tab

MOBILE = "+393355550147"
GIULIA = 1


class Link:
    """A PBX that only notes what it is asked; its facts come from the test."""

    def __init__(self, live: Live) -> None:
        self.live, self.now, self.asked = live, Board(), list[tuple[str, str, str]]()
        self.wait = 0

    def running(self) -> bool:
        return True

    def board(self) -> Board:
        return self.now

    def happens(self, event: Event) -> None:
        self.now = fold(self.now, event)
        self.live.take(event)

    async def call(self, line: str, number: str, *, key: str = "", origin: str = "") -> Placed:
        if self.wait:
            return Placed("", wait=self.wait)
        self.asked.append((line, number, origin))
        call = f"c{len(self.asked)}"
        me, them = Party(line, "", line), Party(number, "", number if len(number) == 3 else "")
        self.happens(kinds.CallStarted(call, NOW, me, them, from_web=True, origin=origin))
        return Placed(call)


@pytest.fixture
def link(here: Desk) -> Link:
    made = Link(here.live)
    here.phone.use(made)  # type: ignore[arg-type]
    with here.database.session() as session:
        session.add(Trunk(name="Linea", host="sip.example.it"))
    return made


@pytest.fixture
def tab(here: Desk, link: Link) -> Tab:
    opened = Tab(here, Dialler, who="201", enters=False)
    opened.does("open_dialler")
    return opened


def another(here: Desk) -> Tab:
    return Tab(here, DiallerWindow, who="201", enters=True)


def test_who_calls_too_fast_is_told_how_long_to_wait(tab: Tab, link: Link) -> None:
    link.wait = 6
    tab.does("dial_typed", {"number": "202"})
    assert (tab.dial_stage, tab.dial_fault, tab.dialled) == ("", "number", "202")
    assert tab.dial_wrong == "Troppe chiamate una dopo l'altra: riprova tra 6 secondi."
    link.wait, tab.state.english = 1, True
    tab.does("call_back", "203", "Bruno")
    assert tab.dial_wrong.endswith("try again in 1 second.") and tab.dialler
    link.wait = 0
    tab.does("dial_typed", {"number": "202"})
    assert link.asked == [("201", "202", "")] and tab.dial_wrong == ""


def test_my_own_number_comes_first_and_another_holds_for_one_call(tab: Tab, link: Link) -> None:
    tab.does("change_origin")
    tab.does("dial_typed", {"number": "202", "origin": "335 555 0147"})
    assert (tab.origin, tab.origin_shown, tab.choosing) == (MOBILE, "335 555 0147", False)
    assert link.asked == [("201", "202", MOBILE)]
    assert tab.dial_stage == "asked", "no telephone rings yet"
    link.happens(kinds.CallEnded("c1", NOW, kinds.End.NO_ANSWER, "", why=Why("Tace", "Silent")))
    tab.state._follow_dialled("201")
    assert (tab.dial_stage, tab.dial_end, tab.dial_why) == ("ended", "origin_no_answer", "Tace")
    tab.does("dial_again")
    assert link.asked[-1] == ("201", "202", MOBILE), "Riprova is the same call again"
    link.happens(kinds.CallEnded("c2", NOW, kinds.End.BUSY, ""))
    tab.state._follow_dialled("201")
    tab.does("compose_again")
    tab.does("dial_typed", {"number": "202"})
    assert link.asked[-1] == ("201", "202", "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("201", "È il tuo numero"),
        ("112", "Da 112 non si può chiamare"),
        ("*21", "Da "),
        ("600", "600"),
        ("299", ""),
        ("<b>", "Non è un numero"),
    ],
)
def test_where_no_call_can_begin(tab: Tab, link: Link, text: str, why: str) -> None:
    tab.does("change_origin")
    tab.does("dial_typed", {"number": "202", "origin": text})
    assert tab.origin_wrong and why in tab.origin_wrong
    assert tab.origin == "" and tab.choosing and link.asked == []
    tab.does("choose_origin", "")
    assert tab.origin_wrong == ""
    tab.does("dial_typed", {"number": "202", "origin": ""})
    assert link.asked == [("201", "202", "")]


def test_a_suggestion_is_called_from_the_number_that_is_typed_beside_it(
    tab: Tab, link: Link
) -> None:
    tab.does("change_origin")
    tab.does("type_origin", "299")
    tab.does("choose", "202", "Davide Conti")
    assert tab.origin_wrong and link.asked == []
    tab.does("type_origin", "335 555 0147")
    tab.does("choose", "202", "Davide Conti")
    assert link.asked == [("201", "202", MOBILE)]


def test_only_my_own_other_numbers_can_be_chosen(here: Desk, tab: Tab, link: Link) -> None:
    with here.database.session() as session:
        origins.remember(session, GIULIA, MOBILE, at=NOW, name="Cellulare")
        origins.remember(session, 2, "+393355550148", at=NOW)
    tab.does("compose_from_other", "202", "Davide Conti")
    assert [(each.number, each.name) for each in tab.others] == [(MOBILE, "Cellulare")]
    assert tab.choosing and tab.dialled == "202"
    assert link.asked == [], "nothing rings until Componi"
    tab.does("choose_origin", "+393355550148")
    assert tab.origin == "", "another line's"
    tab.does("choose_origin", MOBILE)
    assert tab.origin_shown == "Cellulare"
    tab.does("begin_rename", MOBILE)
    tab.does("rename", {"name": "  Auto  "})
    assert (tab.others[0].name, tab.origin_shown) == ("Auto", "Auto")
    tab.does("forget_origin", "+393355550148")
    tab.does("forget_origin", MOBILE)
    assert (tab.others, tab.origin) == ([], "")
    with here.database.reading() as session:
        assert len(origins.listed(session, 2)) == 1


@pytest.mark.parametrize("value", NASTY)
def test_what_nobody_types_is_borne(tab: Tab, link: Link, value: Any) -> None:
    tab.does("dial_typed", {"number": value, "origin": value})
    tab.does("type_origin", value)
    tab.does("rename", {"name": value})
    tab.does("choose_origin", "")
    tab.does("dial_typed", {"number": value})
    assert link.asked in ([], [("201", "201", "")]), "²⁰¹ are digits"
    assert tab.origin == ""


def test_a_double_click_and_a_second_tab_ask_once(here: Desk, tab: Tab, link: Link) -> None:
    tab.does("dial_typed", {"number": "202"})
    tab.does("dial_typed", {"number": "202"})
    tab.does("call_back", "203", "")
    second = another(here)
    assert (second.dial_stage, second.dialled_shown) == ("asked", "int. 202")
    second.does("dial_typed", {"number": "203"})
    assert link.asked == [("201", "202", "")]
    link.happens(kinds.OriginRinging("c1", NOW))
    link.happens(kinds.OriginAnswered("c1", NOW))
    second.does("news", ["calls"])
    assert second.dial_stage == "calling"
    link.happens(kinds.CallEnded("c1", NOW, kinds.End.BUSY, ""))
    second.does("news", ["calls"])
    assert (second.dial_stage, second.dial_end) == ("ended", "busy")


def test_a_call_of_a_phone_is_not_the_diallers(here: Desk, tab: Tab, link: Link) -> None:
    link.happens(kinds.CallStarted("p1", NOW, Party("201", "", "201"), Party("202", "", "202")))
    link.happens(
        kinds.CallStarted(
            "p2", NOW, Party("202", "", "202"), Party("201", "", "201"), from_web=True
        )
    )
    assert another(here).dial_stage == ""


def test_what_is_typed_is_not_taken_away(tab: Tab, link: Link) -> None:
    tab.does("type_number", "dav")
    link.happens(
        kinds.CallStarted(
            "p2", NOW, Party("201", "", "201"), Party("202", "", "202"), from_web=True
        )
    )
    tab.state._follow_dialled("201")
    assert (tab.dial_stage, tab.dialled) == ("", "dav")


def test_a_name_of_several_numbers_asks_which(here: Desk, tab: Tab, link: Link) -> None:
    with here.database.session() as session:
        numbers = (Number("work", "0163 555021"), Number("mobile", "335 555 0870"))
        book.add(session, GIULIA, Card("Teresa", "Olivari", numbers=numbers))
    tab.does("dial_typed", {"number": "olivari"})
    assert link.asked == [] and "scegli dall'elenco" in tab.dial_wrong
    assert [(each.label, each.number) for each in tab.suggested] == [
        ("lavoro", "0163 555021"),
        ("cellulare", "335 555 0870"),
    ]
    assert tab.suggested[0].title[1] == Piece("Olivari", True)
    tab.does("type_number", "olivari")
    assert tab.dial_wrong, "the last keys come after Componi: what it said stays"
    tab.does("dial_typed", {"number": "davide"})
    assert link.asked == [("201", "202", "")]


def test_an_empty_field_offers_everybody(here: Desk, tab: Tab) -> None:
    tab.does("offer_all")
    assert [each.name for each in tab.suggested if each.kind == "extension"] == [
        "Davide Conti", "Sara Lombardi",
    ]  # fmt: skip
    tab.does("offer_none")
    assert tab.suggested == []
    with here.database.reading() as session:
        assert everybody(session, 2, "en")[0].number == "ext. 201"


def test_the_letters_that_fit_stand_out() -> None:
    assert marked("Zoë d'Àvila", ["zo", "avi"]) == [
        Piece("Zo", True), Piece("ë d'", False), Piece("Àvi", True), Piece("la", False),
    ]  # fmt: skip
    assert marked_number("02 5550 1201", "0255") == [
        Piece("02 55", True), Piece("50 1201", False),
    ]  # fmt: skip
    assert marked_number("int. 203", "99") == [Piece("int. 203", False)]


def test_a_window_of_its_own_waits_for_componi(here: Desk, link: Link) -> None:
    window = Tab(here, DiallerWindow, who="201", enters=False)
    for asked, shown in (
        ("tel:+390163555021", "0163 555021"),
        ("tel:0163-555021;phone-context=+39", "0163 555021"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("x" * 10_000, "x" * 200),
    ):
        _address(window, asked)
        window.does("enter")
        assert window.dialled == shown
    assert link.asked == []
    for code in (
        "*21*3351234567#",
        "Tel. *21*3351234567#",
        "tel:*21*3351234567#;phone-context=local",
    ):
        _address(window, code)  # one click of somebody who trusts it would forward all his calls
        window.does("enter")
        window.does("dial_typed", {"number": window.dialled})
        assert "Un collegamento non può comporre" in window.dial_wrong
    assert link.asked == []
    _address(window, "tel:203")
    window.does("enter")
    window.does("dial_typed", {"number": window.dialled})
    _address(window, "tel:202")
    window.does("enter")
    assert link.asked == [("201", "203", "")], "a link takes no call away"
    assert window.dial_stage == "asked"


def _address(window: Tab, number: str) -> None:
    from urllib.parse import urlencode

    from reflex.istate.data import RouterData

    address = f"http://localhost/componi?{urlencode({'numero': number})}"
    here = window.state
    while here.parent_state is not None:
        here = here.parent_state
    before = here.router
    made = RouterData.from_router_data(
        {"headers": {"cookie": before.headers.cookie, "origin": "http://localhost"},
         "asPath": address.removeprefix("http://localhost")}
    )  # fmt: skip
    object.__setattr__(here, "router", made)


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("600", "600"),
        ("tel. 0163/555021", "+390163555021"),
        ("0163 555021 (casa)", "+390163555021"),
        ("12 mele", ""),
    ],
)
def test_what_is_dialled_for_what_was_typed(tab: Tab, link: Link, typed: str, dialled: str) -> None:
    tab.does("type_number", typed)
    tab.does("choose", typed, "")
    assert [to_e164(number) or number for _, number, _ in link.asked] == [dialled] * bool(dialled)
    assert bool(tab.dial_wrong) is not bool(dialled)


def test_the_book_is_only_ones_own(here: Desk) -> None:
    with here.database.session() as session:
        _seeded(session)
    with here.database.reading() as session:
        assert all(each.kind != "contact" for each in everybody(session, 2, "it"))


def _seeded(session: Session) -> None:
    book.add(session, GIULIA, Card("Teresa", "Olivari", numbers=(Number("work", "0163 555021"),)))


def test_the_time_of_a_call_is_right_whenever_a_page_looks(here: Desk, link: Link) -> None:
    """A page that is loaded again counts on from what is so now."""
    window = Tab(here, DiallerWindow, who="201")
    window.does("dial_typed", {"number": "202"})
    link.happens(kinds.OriginAnswered("c1", here.now()))
    link.happens(kinds.CallAnswered("c1", here.now(), Party("202", "", "202"), "person"))
    window.does("news", ["calls"])
    assert (window.dial_stage, window.dial_age) == ("talking", 0)
    here.clock.moment += timedelta(seconds=95)  # type: ignore[attr-defined]
    window.does("enter")
    assert (window.dial_stage, window.dial_age) == ("talking", 95_000)


def test_what_places_a_call_is_never_kept_for_later() -> None:
    """A click while the portal is away must not ring when it is back."""
    now = {
        name
        for name, handler in Dialler.event_handlers.items()
        if handler.event_actions.get("temporal")
    }
    assert now == {"choose", "dial_typed", "dial_again", "dial_form", "call_back"}


def test_a_call_that_was_shown_when_the_portal_restarted(here: Desk, link: Link) -> None:
    fresh = Tab(here, Dialler, who="201", enters=False)
    fresh.does("was_calling", {"number": "202", "name": "Davide Conti"})
    assert (fresh.dial_stage, fresh.dial_end, fresh.dialler) == ("ended", "lost", True)
    assert (fresh.dialled_name, fresh.dialled) == ("Davide Conti", "202")
    assert link.asked == [], "told, and not called again"
    fresh.does("dial_again")
    assert link.asked == [("201", "202", "")]
    going_on = Tab(here, DiallerWindow, who="201")
    going_on.state.dialler = False
    going_on.does("was_calling", {"number": "202", "name": ""})
    assert (going_on.dial_stage, going_on.dialler) == ("asked", True), "the exchange knows it"
    borne = Tab(here, Dialler, who="202", enters=False)
    for bad in (*NASTY, 7, None, ["202"]):
        borne.does("was_calling", {"number": bad, "name": bad})
        assert borne.dial_end in ("", "lost") and len(borne.dialled) <= 200
    assert len(link.asked) == 1
