"""Which tabs are told of what, and when."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from officesmart.live import ENDS_KEPT, Live, Tab
from pbx.events import kinds
from pbx.events.kinds import End, Event, Party

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
ME, DAVIDE, SARA = (Party(n, n, n) for n in ("201", "202", "203"))


def tab(token: str, line: str, *, sees_all: bool = False) -> Tab:
    return Tab(token, f"session of {token}", line, 1, "handler", sees_all)


def office() -> tuple[Live, dict[str, Tab]]:
    live = Live()
    tabs = {
        each.token: each
        for each in (
            tab("giulia", "201"),
            tab("giulia2", "201"),
            tab("davide", "202"),
            tab("admin", "203", sees_all=True),
        )
    }
    for each in tabs.values():
        live.watch(each)
    return live, tabs


def owed(*events: Event) -> dict[str, set[str]]:
    live, tabs = office()
    for event in events:
        live.take(event)
    return {token: tab.owed for token, tab in tabs.items() if tab.owed}


def test_a_phone_concerns_its_line_and_the_administrator() -> None:
    gone = kinds.PhoneGone("202", 1, NOW, "expired")
    assert owed(gone) == {"davide": {"phones"}, "admin": {"phones"}}


def test_a_message_concerns_every_tab_of_its_line() -> None:
    told = owed(kinds.VoicemailLeft("201", 7, NOW))
    assert told.keys() == {"giulia", "giulia2", "admin"}


def test_troubles_and_workers_concern_the_administrator_alone() -> None:
    told = owed(kinds.WorkerChanged(1, 4000, False), kinds.Trouble("disk_full", NOW, "", ""))
    assert told == {"admin": {"office"}}


def test_settings_concern_everybody() -> None:
    told = owed(kinds.SettingsChanged(3))
    assert {"giulia", "davide", "admin"} <= told.keys()
    assert all(topics == {"settings"} for topics in told.values())


def test_both_sides_hear_of_a_call_to_its_end() -> None:
    started = kinds.CallStarted("c", NOW, ME, DAVIDE)
    ended = kinds.CallEnded("c", NOW, End.BUSY, "callee")
    live, tabs = office()
    for event in (started, kinds.CallHeld("c", NOW, "201", True), ended):
        for each in tabs.values():
            each.owed.clear()
        live.take(event)
        assert tabs["giulia"].owed == tabs["davide"].owed == {"calls"}, event


def test_a_call_handed_on_still_concerns_who_was_in_it() -> None:
    live, tabs = office()
    live.take(kinds.CallStarted("c", NOW, ME, DAVIDE))
    tabs["giulia"].owed.clear()
    live.take(kinds.CallMoved("c", NOW, SARA, DAVIDE))
    assert tabs["giulia"].owed == {"calls"}, "it leaves this page"


def test_how_a_call_ended_is_told_to_its_sides_only() -> None:
    live, _ = office()
    live.take(kinds.CallStarted("c", NOW, ME, DAVIDE))
    live.take(kinds.CallEnded("c", NOW, End.BUSY, "callee"))
    known = live.ended("c", "201")
    assert known is not None and known.end is End.BUSY
    assert live.ended("c", "203") is None
    assert live.ended("never", "201") is None


def test_what_is_remembered_of_calls_is_bounded() -> None:
    live, _ = office()
    for n in range(3 * ENDS_KEPT):
        live.take(kinds.CallStarted(f"c{n}", NOW, ME, DAVIDE))
        live.take(kinds.CallEnded(f"c{n}", NOW, End.COMPLETED, "caller"))
    assert len(live._ends) == ENDS_KEPT and not live._lines


class Pushed:
    """Notes each push; a tab is busy until the test says it has done."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, tuple[str, ...]]] = []
        self.futures: list[asyncio.Future[object]] = []
        self.news = asyncio.Event()

    async def __call__(self, tab: Tab, topics: tuple[str, ...]) -> asyncio.Future[object]:
        self.seen.append((tab.token, topics))
        self.futures.append(asyncio.get_running_loop().create_future())
        self.news.set()
        return self.futures[-1]

    async def come(self) -> None:
        await asyncio.wait_for(self.news.wait(), 5)
        self.news.clear()


def test_a_burst_is_one_push_and_a_slow_tab_gets_the_rest_later() -> None:
    async def story() -> None:
        live, pushed = Live(), Pushed()
        live.watch(tab("giulia", "201"))
        live.watch(tab("closed", "201"))
        task = asyncio.create_task(live.push(pushed, lambda: {"giulia": "sid"}))
        for n in range(50):
            live.take(kinds.PhoneGone("201", n, NOW, "expired"))
        live.take(kinds.MailboxChanged("201"))
        await pushed.come()
        assert pushed.seen == [("giulia", ("messages", "phones"))]
        live.take(kinds.MailboxChanged("201"))  # while the tab is still busy
        while live._owing.is_set():  # until the push has looked at it
            await asyncio.sleep(0)
        assert len(pushed.seen) == 1
        pushed.futures[0].set_result(None)
        await pushed.come()
        assert pushed.seen[1] == ("giulia", ("messages",))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(story())


def test_a_tab_that_fails_stops_no_other() -> None:
    async def story() -> None:
        live, pushed = Live(), Pushed()
        for token in ("bad", "good"):
            live.watch(tab(token, "201"))

        async def push(each: Tab, topics: tuple[str, ...]) -> asyncio.Future[object]:
            if each.token == "bad":
                raise RuntimeError("closed under our feet")
            return await pushed(each, topics)

        task = asyncio.create_task(live.push(push, lambda: {"bad": "", "good": ""}))
        live.take(kinds.MailboxChanged("201"))
        await pushed.come()
        assert pushed.seen == [("good", ("messages",))]
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(story())
