"""A call asked for on a page, on the wire: real phones, and SIPp as the company of the mobile."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest

from pbx.events.board import Call
from pbx.events.kinds import CallEnded, End
from pbx.remote import RemoteLink
from tests.interop.baresip import Baresip
from tests.interop.office import Office, eventually
from tests.interop.provider import Provider, add_trunk
from tests.interop.test_outside import give_number, tried

Phone = Callable[..., Baresip]
T = TypeVar("T")
MOBILE = "+393331234567"
AT_ONCE = 2.0
"Seconds in which both sides are hung up on, on a busy machine; bench/README.md has the figure."


class Page:
    """A portal in another process: what it asks for, and what it is told."""

    def __init__(self, office: Office) -> None:
        self._link = RemoteLink(office.data)
        self._loop = asyncio.new_event_loop()
        self.ends: list[CallEnded] = []

    def do(self, deed: Coroutine[Any, Any, T]) -> T:
        """Have the link do something, and wait for it."""
        return asyncio.run_coroutine_threadsafe(deed, self._loop).result(15)

    async def _live(self) -> None:
        keeping = asyncio.create_task(self._link.keep_up())
        try:
            async for fact in self._link.events():
                if isinstance(fact, CallEnded):
                    self.ends.append(fact)
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)

    def call(self, line: str, number: str, *, key: str, origin: str = "") -> str:
        return self.do(self._link.call(line, number, key=key, origin=origin)).call

    def hang_up(self, call: str) -> tuple[float, float]:
        """*Chiudi*, and when it was clicked: by the monotonic and by the wall's clock."""
        clicked = time.monotonic(), time.time()
        assert self.do(self._link.hang_up(call, line="201"))
        return clicked

    def live(self, call: str) -> Call | None:
        return self._link.board().calls.get(call)

    def ended(self, call: str) -> CallEnded:
        """How it ended, once it has."""
        return eventually(lambda: next((e for e in self.ends if e.call == call), None))

    @contextmanager
    def open(self) -> Iterator[Page]:
        """The browser is open for so long."""
        task = self._loop.create_task(self._live())
        thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        thread.start()
        try:
            assert eventually(self._link.running)
            yield self
        finally:
            self._loop.call_soon_threadsafe(task.cancel)
            eventually(task.done)
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join(5)
            self._loop.close()


@pytest.fixture
def company(office: Office, tmp_path: Path) -> Iterator[Provider]:
    """The mobile's: it rings, answers, and sends back what it hears."""
    one = Provider("127.0.0.2", tmp_path / "company").start()
    add_trunk(office, one, "Primo")
    give_number(office, "201", "+390255501201")
    assert tried(office).state == "up"
    yield one
    one.stop()


def no_mailbox(office: Office, line: str) -> None:
    with closing(sqlite3.connect(office.database, timeout=10)) as settings:
        settings.execute(
            "DELETE FROM mailbox WHERE line_id = (SELECT id FROM line WHERE extension = ?)", (line,)
        )
        settings.execute("UPDATE revision SET value = value + 1")
        settings.commit()


def sent_at(company: Provider, words: str, *, to: str = "") -> float:
    """When the company got its latest message that begins so, in seconds of the wall's clock."""
    found = [
        part
        for part in re.split(r"-{40,} ", company.messages())
        if re.search(rf"\n{words}", part) and to in part
    ]
    assert found, f"no {words} came"
    return datetime.strptime(found[-1][:26].strip(), "%Y-%m-%d\t%H:%M:%S.%f").timestamp()


def test_the_mobile_rings_first_and_both_talk(
    office: Office, phone: Phone, company: Provider
) -> None:
    bruno = phone("202", tone=440)
    with Page(office).open() as page:
        call = page.call("201", "202", key="click", origin="333 123 4567")
        assert page.call("201", "202", key="click", origin="333 123 4567") == call, "asked again"
        assert page.call("201", "202", key="tab", origin="333 123 4567") == call, "another tab"
        bruno.wait("CALL_INCOMING")
        live = eventually(lambda: page.live(call))
        assert (live.origin, live.origin_answered) == (MOBILE, True)
        bruno.answer()
        bruno.wait("CALL_ESTABLISHED")
        bruno.wait_seconds(1.5)
    bruno.wait_seconds(1.0)
    assert bruno.never("CALL_CLOSED"), "who closes the browser talks on"
    with Page(office).open() as page:
        assert eventually(lambda: page.live(call)).state == "talking"
        clicked, wall = page.hang_up(call)
        assert bruno.wait("CALL_CLOSED").at - clicked < AT_ONCE
        assert eventually(lambda: "\nBYE " in company.messages())
        assert sent_at(company, "BYE ") - wall < AT_ONCE
        assert page.ended(call).end is End.COMPLETED
    assert company.said().count("called ") == 1, "nothing rang twice"
    assert f"called sip:{MOBILE}@{company.host}" in company.said()
    assert bruno.count("CALL_INCOMING") == 1
    assert bruno.heard().seconds_of(440) > 1.5  # the mobile sends back what it hears
    (record,) = eventually(office.calls)
    assert (record["from_web"], record["why"], record["ended_by"]) == (1, "completed", "portal")
    assert (record["caller_number"], record["dialled"]) == ("201", "202")
    assert "squilla prima il 333 123 4567" in record["because"]
    (other,) = office.rows(
        "SELECT o.number, l.extension FROM othernumber o JOIN line l ON l.id = o.line_id"
    )
    assert (other["number"], other["extension"]) == (MOBILE, "201")


def test_chiudi_ends_both_sides_at_once_whatever_they_do(
    office: Office, phone: Phone, company: Provider
) -> None:
    anna, bruno = phone("201"), phone("202")
    with Page(office).open() as page:
        # The colleague rings, the mobile waits.
        call = page.call("201", "202", key="1", origin=MOBILE)
        bruno.wait("CALL_INCOMING")
        clicked, wall = page.hang_up(call)
        assert bruno.wait("CALL_CLOSED").at - clicked < AT_ONCE
        assert eventually(lambda: "\nBYE " in company.messages())
        assert sent_at(company, "BYE ") - wall < AT_ONCE
        assert page.ended(call).end is End.CANCELLED

        # The own phone rings.
        call = page.call("201", "202", key="2")
        anna.wait("CALL_INCOMING")
        clicked, _ = page.hang_up(call)
        assert anna.wait("CALL_CLOSED").at - clicked < AT_ONCE
        assert bruno.count("CALL_INCOMING") == 1

        # The own phone hears that the other is busy.
        no_mailbox(office, "202")
        call = page.call("201", "202", key="3")
        anna.wait("CALL_INCOMING")
        anna.answer()
        bruno.wait("CALL_INCOMING")
        bruno.hang_up()  # 486
        anna.wait("CALL_ESTABLISHED")
        assert eventually(lambda: bruno.count("CALL_CLOSED") == 2)
        anna.wait_seconds(1.0)
        clicked, _ = page.hang_up(call)
        assert anna.wait("CALL_CLOSED").at - clicked < AT_ONCE
        assert page.ended(call).end is End.BUSY
    assert anna.heard().seconds_of(425) > 0.3, "the busy tone"
    assert not office.rows("SELECT * FROM othernumber"), "nobody talked from there"
