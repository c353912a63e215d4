"""A list of calls: searched on the page, and taken out as a file."""

from __future__ import annotations

import asyncio
import csv
import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from officesmart.call_file import PATH
from officesmart.call_lists import MOST_LISTED, PIECE, sought
from officesmart.contacts import book
from officesmart.contacts.card import Card, Number
from officesmart.desk import Desk
from officesmart.pages._messages_state import Messages
from officesmart.tables import WebSession
from pbx.tables import CallRecord, Line
from tests.unit.administration.tab import Tab
from tests.unit.portal.test_portal_routes import browser, sign_in

if TYPE_CHECKING:
    from starlette.testclient import TestClient

__all__ = ["browser"]
GIULIA, SARA = 1, 3
HEAD = [
    *("Data e ora", "Tipo", "Nome", "Azienda", "Numero", "Esito", "Durata", "Partita da"),
    "Come è andata",
]
NASTY = (
    "=HYPERLINK(1)", "'; DROP TABLE line; --", "\u202eabc", "🦆", "<b>x</b>", "", "x" * 10_000, "%",
)  # fmt: skip


def call(here: Desk, n: int, **fields: Any) -> CallRecord:
    """The nth call of this line, each a minute before the one before it."""
    began = here.now() - timedelta(minutes=n)
    told: dict[str, Any] = {
        "call_id": f"c{n}",
        "to_line_id": GIULIA,
        "caller_number": f"+3902555{n:05}",
        "started_at": began,
        "ended_at": began + timedelta(seconds=20),
        "why": "cancelled",
    }
    return CallRecord(**(told | fields))


def keep(here: Desk, *calls: CallRecord) -> None:
    with here.database.session() as session:
        session.add_all(calls)


def contact(here: Desk, line: int, first: str, last: str, number: str, company: str = "") -> None:
    with here.database.session() as session:
        card = Card(first, last, company, numbers=(Number("work", number),))
        book.add(session, line, card)


def rows(browser: TestClient, **asked: str) -> list[list[str]]:
    answer = browser.get(PATH, params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_nobody_takes_calls_before_signing_in(browser: TestClient, here: Desk) -> None:
    keep(here, call(here, 1))
    assert browser.get(PATH, params={"scheda": "perse"}).status_code == 401
    sign_in(browser)
    for wrong in ("", "messaggi", "PERSE", "../perse", "🦆"):
        assert browser.get(PATH, params={"scheda": wrong}).status_code == 404
    assert browser.post(PATH, params={"scheda": "perse"}).status_code in (403, 405)


def test_each_tab_says_what_its_page_says(browser: TestClient, here: Desk) -> None:
    contact(here, GIULIA, "Ada", "Rossi", "+390255500001", "ACME S.p.A.")
    contact(here, SARA, "Segreta", "Di Sara", "+390255500002")
    at = here.now()
    talk: dict[str, Any] = {"answered_by": "person", "answered_line_id": GIULIA, "why": "completed"}
    told = {"feature": "x", "it": "Ha squillato 20 secondi", "en": "It rang for 20 seconds"}
    keep(
        here,
        call(here, 1, because=[told, told]),
        call(here, 2, message_left=True, answered_by="mailbox", caller_name="=cmd|' /C calc'!A0"),
        call(here, 3, caller_number=""),
        call(here, 4, answered_at=at - timedelta(minutes=4), ended_at=at, **talk),
        call(here, 5, why="rejected"),
        call(here, 6, to_line_id=None, from_line_id=GIULIA, caller_number="201",
             dialled="+390255500001", callee_name="RETE", from_web=True, why="busy"),
        call(here, 7, to_line_id=SARA),
    )  # fmt: skip
    sign_in(browser)
    head, *missed = rows(browser, scheda="perse")
    assert head == HEAD
    assert missed == [
        ["2026-11-22 10:59:00", "persa", "Ada Rossi", "ACME S.p.A.", "+390255500001",
         "ha riagganciato", "", "", "Ha squillato 20 secondi; Ha squillato 20 secondi"],
        ["2026-11-22 10:58:00", "persa", "'=cmd|' /C calc'!A0", "", "+390255500002",
         "ha lasciato un messaggio", "", "", ""],
        ["2026-11-22 10:57:00", "persa", "Anonimo", "", "", "ha riagganciato", "", "", ""],
    ]  # fmt: skip
    ((*_, number, outcome, lasts, _, _),) = rows(browser, scheda="ricevute")[1:]
    assert (number, outcome, lasts) == ("+390255500004", "conversazione", "0:04:00")
    assert [row[5] for row in rows(browser, scheda="rifiutate")[1:]] == ["rifiutata"]
    (dialled,) = rows(browser, scheda="effettuate")[1:]
    assert dialled[1:8] == [
        "effettuata", "Ada Rossi", "ACME S.p.A.", "+390255500001", "occupato", "", "web",
    ]  # fmt: skip
    with here.database.session() as session:
        session.exec(select(Line).where(Line.extension == "201")).one().language = "en"
    head, *missed = rows(browser, scheda="perse")
    assert head[0] == "Date and time" and missed[0][5] == "hung up before an answer"
    answer = browser.get(PATH, params={"scheda": "perse"})
    assert 'filename="missed-calls-2026-11-22.csv"' in answer.headers["content-disposition"]


def test_a_forwarded_call_says_who_answered(browser: TestClient, here: Desk) -> None:
    contact(here, GIULIA, "Cellulare", "Mio", "+393355501470")
    mobile, unknown = "Linea 1 +393355501470", "Linea 1 +393355501471"

    def sent_on(n: int, /, callee: str = "", **took: Any) -> CallRecord:
        talk: dict[str, Any] = {"answered_by": "person", "forwarded": True, "dialled": "201"}
        phones = [{"status": 486}, {"status": 200, **took}]
        return call(here, n, **talk, callee_name=callee, phones=phones)

    keep(
        here,
        sent_on(1, line="", phone=mobile, payer="201"),
        sent_on(2, line="", phone=unknown, payer="201"),
        sent_on(3, line="", phone=unknown, payer="201", name="Casa"),
        sent_on(4, line="", phone=unknown, payer="203", name="Segreto"),
        sent_on(5, line="203", phone="203", callee="Sara che era"),
    )
    sign_in(browser)
    said = ["Cellulare Mio", "335 550 1471", "Casa", "Sara Lombardi", "Sara che era"]
    told = [row[5] for row in rows(browser, scheda="ricevute")[1:]]
    assert told == [f"inoltrata a {each}" for each in said]
    tab = Tab(here, Messages, who="201")
    tab.does("show", "ricevute")
    assert [row.onward for day in tab.call_days for row in day.rows] == said


def test_what_is_listed_or_all_of_it(browser: TestClient, here: Desk) -> None:
    keep(here, *(call(here, n) for n in range(1, 701)))
    sign_in(browser)
    assert len(rows(browser, scheda="perse")) == 101
    assert len(rows(browser, scheda="perse", righe="200")) == 201
    for forged in ("999999999", "99999"):
        assert len(rows(browser, scheda="perse", righe=forged)) <= MOST_LISTED + 1
    for forged in ("-1", "0", "", "x", "²", "٣", "1e3"):
        assert len(rows(browser, scheda="perse", righe=forged)) in (2, 101)
    every = rows(browser, scheda="perse", tutte="1", cerca="nobody")[1:]
    assert [row[4] for row in every] == [f"+3902555{n:05}" for n in range(1, 701)], "none twice"
    assert len(rows(browser, scheda="perse", cerca="02 5550 0012")) == 2
    for nasty in NASTY:
        rows(browser, scheda="perse", cerca=nasty)
    assert rows(browser, scheda="ricevute", tutte="1") == [HEAD]


def test_an_administrator_who_looks_takes_what_the_line_sees(
    browser: TestClient, here: Desk
) -> None:
    """As with contacts: the list is shown in this view, and so is its file."""
    keep(here, call(here, 1), call(here, 2, to_line_id=SARA))
    sign_in(browser, "203")
    assert [row[4] for row in rows(browser, scheda="perse")[1:]] == ["+390255500002"]
    with here.database.session() as session:
        seen = session.exec(select(WebSession)).one()
        seen.admin_since, seen.views_line_id = here.now(), GIULIA
    assert [row[4] for row in rows(browser, scheda="perse")[1:]] == ["+390255500001"]


def test_a_year_of_a_busy_line_is_never_in_memory(browser: TestClient, here: Desk) -> None:
    told = [{"feature": "x", "it": "Perché sì, e squilla. " * 5, "en": "Because. " * 5}]
    keep(here, *(call(here, n, because=told) for n in range(1, 2_501)))
    sign_in(browser)

    async def taken() -> tuple[int, int]:
        scope = {
            "type": "http", "method": "GET", "path": PATH, "query_string": b"scheda=perse&tutte=1",
            "headers": [(b"host", b"office.test:8080"), (b"cookie", cookies.encode())],
            "scheme": "http", "server": ("office.test", 8080), "client": ("192.0.2.80", 50000),
            "root_path": "", "http_version": "1.1", "raw_path": PATH.encode(),
        }  # fmt: skip
        pieces = size = 0

        async def sends(message: dict[str, object]) -> None:
            nonlocal pieces, size
            body = message.get("body", b"")
            assert isinstance(body, bytes)
            pieces, size = pieces + bool(body), max(size, len(body))

        async def receives() -> dict[str, object]:
            await asyncio.sleep(0)
            return {"type": "http.request", "body": b"", "more_body": False}

        await browser.app(scope, receives, sends)  # type: ignore[arg-type]
        return pieces, size

    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    pieces, size = asyncio.run(taken())
    assert pieces == 2_500 // PIECE + 1 and size < 200_000, "each is read when the last is sent"


# -- the page -------------------------------------------------------------------------------------


def names(tab: Tab) -> list[str]:
    return [row.name for day in tab.call_days for row in day.rows]


def test_the_page_searches_all_that_is_kept(here: Desk) -> None:
    contact(here, GIULIA, "Ada", "Rossi", "+390255500350", "Cartiera dell'Èlba")
    keep(here, *(call(here, n) for n in range(1, 401)), call(here, 500, caller_number=""))
    tab = Tab(here, Messages, who="201")
    tab.does("show", "perse")
    assert (tab.listed, tab.more, len(names(tab))) == (100, True, 100)
    tab.does("older")
    assert (tab.listed, tab.more) == (200, True)
    for _ in range(10):
        tab.does("older")
    assert (tab.listed, tab.more) == (401, False)
    for text in (
        "ross",
        "ADA",
        "elba",
        "0255500350",
        "02 5550 0350",
        "+39 02 5550 0350",
        "rossi a",
    ):
        tab.does("search_calls", text)
        assert names(tab) == ["Ada Rossi"], text
    assert not tab.more and tab.call_sought == "rossi%20a"
    tab.does("search_calls", "anon")
    assert names(tab) == ["Anonimo"]
    tab.does("search_calls", "rossi b")
    assert names(tab) == [] and tab.listed == 0
    tab.does("show", "ricevute")
    tab.does("show", "perse")
    assert tab.call_search == "rossi b", "a search holds for every list"
    for nasty in NASTY:
        tab.does("search_calls", nasty)
        assert len(tab.call_search) <= 100
    tab.does("clear_search")
    assert (tab.listed, tab.more, tab.call_search) == (100, True, "")


def test_more_calls_than_a_page_lists(here: Desk) -> None:
    keep(here, *(call(here, n) for n in range(1, MOST_LISTED + 3)))
    tab = Tab(here, Messages, who="201")
    tab.does("show", "perse")
    for _ in range(9):
        tab.does("older")
    assert (tab.listed, tab.more) == (MOST_LISTED, True)


def test_a_search_that_means_more_than_one_question_can_name(
    here: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(here, *(call(here, n) for n in range(1, 1_201)))
    monkeypatch.setattr("officesmart.call_lists.MOST_SIDES", 50)
    found = asyncio.run(sought(here.database, GIULIA, "missed", "0255501", language="it"))
    assert found.sides is not None and len(found.sides) == 201
    with here.database.reading() as session:
        first = found.piece(session, limit=150)
        rest = found.piece(session, limit=150, beyond=first[-1])
    assert [each.call_id for each in (*first, *rest)] == [f"c{n}" for n in range(1000, 1201)]
