"""Connections that are many, slow, deaf or dead: they cost little, and the others have theirs."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from pbx.net.driver import Driver
from pbx.net.stream import Connection, StreamLimits, Streams
from tests.interop.hostile.conftest import HURT
from tests.interop.hostile.phone import Phone, rss
from tests.interop.hostile.stranger import Stranger, answers, whole
from tests.interop.office import Office, eventually

Phones = Callable[..., Phone]


@contextmanager
def files(soft: int) -> Iterator[None]:
    """So many open files for who is started meanwhile."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_more_connections_than_the_office_takes(make_office: Callable[..., Office]) -> None:
    with files(1024):  # what most systems give a process that asks for nothing
        office = make_office()
    assert office.process is not None
    before = rss(office.process.pid)
    with ExitStack() as crowd:
        many = [crowd.enter_context(Stranger(office.port, transport="tcp")) for _ in range(2100)]
        assert answers(office.port)
        assert all(one.ask(one.request("OPTIONS")) == 200 for one in many[:20])
        phone = Phone("201", office.port)
        assert phone.register() == 200
        assert phone.call("*87202") == 200  # a message needs a file of its own
        phone.talk(0.6)
        phone.press("1")
        phone.talk(4.0, b"\x2a\xaa" * 80)
        phone.hang_up()
        phone.close()
        assert rss(office.process.pid) - before < 60_000
    with Stranger(office.port, transport="tcp") as later:
        assert later.ask(later.request("OPTIONS")) == 200
    assert eventually(lambda: len(office.messages("202")) == 1), office.said()[-2000:]
    assert not HURT.search(office.said()), office.said()[-3000:]


def test_slow_ones_hold_nobody_up(office: Office) -> None:
    with ExitStack() as crowd:
        slow = [crowd.enter_context(Stranger(office.port, transport="tcp")) for _ in range(300)]
        for byte in b"OPTIONS sip:x SIP/2.0\r\nVia: ":
            for one in slow:
                one.send(bytes([byte]))
        begin = time.monotonic()
        with Stranger(office.port, transport="tcp") as quick:
            assert quick.ask(quick.request("OPTIONS")) == 200
        assert time.monotonic() - begin < 2.0


def in_memory(limits: StreamLimits, story: Callable[[Driver, Stranger], None]) -> None:
    """A driver alone on a port, and a stranger's connection in a thread beside it."""

    async def main() -> None:
        driver = Driver(host="127.0.0.1", port=0, limits=limits)
        await driver.start()
        try:
            with Stranger(driver.ports["tcp"], transport="tcp") as somebody:
                await asyncio.to_thread(story, driver, somebody)
        finally:
            await driver.stop()

    asyncio.run(main())


@pytest.mark.parametrize("greets", [False, True])
def test_one_byte_at_a_time_ends_soon(greets: bool) -> None:
    def story(driver: Driver, somebody: Stranger) -> None:
        if greets:
            assert somebody.ask(somebody.request("OPTIONS")) == 200
        begin = time.monotonic()
        for byte in b"OPTIONS sip:x SIP/2.0\r\n" + b"X-Slow: " + b"a" * 500:
            try:
                somebody.send(bytes([byte]))
            except ConnectionError:
                break
            if somebody.hear(0.02) is None and somebody.closed:
                break
        else:
            raise AssertionError("still open")
        assert time.monotonic() - begin < 5.0  # all of them would take ten

    in_memory(StreamLimits(first_message_seconds=0.5, message_seconds=0.4), story)


def test_who_reads_nothing_is_let_go() -> None:
    def story(driver: Driver, somebody: Stranger) -> None:
        somebody.socket.settimeout(3.0)
        end = time.monotonic() + 10
        with pytest.raises(ConnectionError):
            while time.monotonic() < end:
                somebody.send(whole(somebody.request("OPTIONS", to="1" * 4000)))

    in_memory(StreamLimits(unsent_bytes=1000), story)


class Far:
    """The transport of a connection that came from somewhere."""

    def __init__(self, host: str) -> None:
        self.host, self.ended = host, False

    def get_extra_info(self, name: str) -> object:
        return (self.host, 40000) if name == "peername" else None

    def abort(self) -> None:
        self.ended = True


@pytest.mark.parametrize(("one", "other"), [("203.0.113.%d", "203.0.113.6"),
                                            ("2001:db8:1:2::%x", "2001:db8:1:3::1")])  # fmt: skip
def test_one_subscriber_may_not_take_all(one: str, other: str) -> None:
    async def main() -> None:
        streams = Streams(arrived=lambda *_: None, rested=lambda: None, lost=lambda _: None)
        streams.loop = asyncio.get_running_loop()
        many = [Far(one % (n if ":" in one else 5)) for n in range(1, 101)]
        made = []
        for number, each in enumerate([*many, Far(other)]):
            connection = Connection(streams, number, ours=False)
            connection.connection_made(each)  # type: ignore[arg-type]
            made.append((connection, each))
        for connection, each in made:
            if each.ended:
                connection.connection_lost(None)
        assert sum(not each.ended for each in many) == streams.limits.per_host
        assert not made[-1][1].ended
        for connection, each in made:
            if not each.ended:
                connection.connection_lost(None)
        assert len(streams) == 0 and not streams._hosts

    asyncio.run(main())


def test_places_that_never_answer_are_tried_a_few_at_a_time() -> None:
    lost: list[Connection] = []

    async def main() -> None:
        streams = Streams(arrived=lambda *_: None, rested=lambda: None, lost=lost.append)
        tried = 0

        class Loop:
            """Where every connection takes for ever."""

            create_task = staticmethod(asyncio.get_running_loop().create_task)
            call_soon = staticmethod(asyncio.get_running_loop().call_soon)

            async def create_connection(self, *_: object) -> None:
                nonlocal tried
                tried += 1
                await asyncio.Event().wait()

        streams.loop = Loop()  # type: ignore[assignment]
        for port in range(1, 1001):
            streams.send(b"x", "203.0.113.5", port, 0)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert tried == streams.limits.opening
        assert len(lost) == 1000 - tried
        await streams.stop()

    asyncio.run(main())
