"""The driver on real loopback sockets: short, and the only tests here that wait for a socket."""

import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest

from pbx.net.driver import Driver
from pbx.net.stream import StreamLimits
from pbx.sip.agent import (
    Accepted,
    Asked,
    Ended,
    Ending,
    Event,
    Flow,
    InviteArrived,
    Progressed,
    Refused,
    Replied,
    RequestArrived,
)

SDP = b"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"


class House:
    """A driver with a memory of its events."""

    def __init__(self, limits: StreamLimits | None = None) -> None:
        self.driver = Driver(host="127.0.0.1", port=0, limits=limits)
        self.heard: asyncio.Queue[Event] = asyncio.Queue()
        self.driver.listener = self.heard.put_nowait

    async def next(self, kind: type) -> object:
        async with asyncio.timeout(3):
            while True:
                event = await self.heard.get()
                if isinstance(event, kind):
                    return event


def run(story: Callable[[House, House], Awaitable[None]]) -> None:
    async def main() -> None:
        one, two = House(), House()
        await one.driver.start()
        await two.driver.start()
        try:
            await story(one, two)
        finally:
            await one.driver.stop()
            await two.driver.stop()

    asyncio.run(main())


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_call_over_real_sockets(transport: str) -> None:
    async def story(one: House, two: House) -> None:
        flow = one.driver.flow_to("127.0.0.1", two.driver.ports[transport], transport)
        dialog = one.driver.agent.invite(
            "sip:203@127.0.0.1", flow=flow, from_="<sip:201@a>", to="<sip:203@a>", sdp=SDP
        )
        arrived = await two.next(InviteArrived)
        assert isinstance(arrived, InviteArrived)
        assert arrived.flow.transport == transport
        arrived.dialog.ring()
        arrived.dialog.accept(SDP)
        accepted = await one.next(Accepted)
        assert isinstance(accepted, Accepted) and accepted.sdp == SDP
        exchange = dialog.request("INFO", body=b"Signal=5", content_type="application/dtmf-relay")
        asked = await two.next(Asked)
        assert isinstance(asked, Asked)
        asked.exchange.reply(200)
        replied = await one.next(Replied)
        assert isinstance(replied, Replied) and replied.exchange is exchange
        arrived.dialog.end()
        ended = await one.next(Ended)
        assert isinstance(ended, Ended) and ended.why is Ending.BYE
        assert one.driver.agent.dialogs() == two.driver.agent.dialogs() == 0

    run(story)


def test_a_listener_that_fails_answers_500() -> None:
    async def story(one: House, two: House) -> None:
        def fail(event: Event) -> None:
            raise RuntimeError("on purpose")

        two.driver.listener = fail
        flow = one.driver.flow_to("127.0.0.1", two.driver.port)
        one.driver.agent.request("OPTIONS", "sip:b", flow=flow, from_="<sip:a@a>", to="<sip:b@b>")
        replied = await one.next(Replied)
        assert isinstance(replied, Replied) and replied.status == 500
        one.driver.agent.invite("sip:b@b", flow=flow, from_="<sip:a@a>", to="<sip:b@b>", sdp=SDP)
        refused = await one.next(Refused)
        assert isinstance(refused, Refused) and refused.status == 500

    run(story)


def test_nobody_listens_on_the_port_of_a_stream() -> None:
    async def story(one: House, two: House) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            flow = one.driver.flow_to("127.0.0.1", taken.getsockname()[1], "tcp")
            one.driver.agent.invite(
                "sip:b@b", flow=flow, from_="<sip:a@a>", to="<sip:b@b>", sdp=SDP
            )
            refused = await one.next(Refused)
        assert isinstance(refused, Refused) and refused.status == 503

    run(story)


def test_a_stream_is_pinged_reused_and_cut_into_messages() -> None:
    async def story(one: House, two: House) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", one.driver.ports["tcp"])
        message = (
            "OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bK{0};rport\r\n"
            "From: <sip:x@y>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: {0}\r\nCSeq: 1 OPTIONS\r\n"
            "Content-Length: 0\r\n\r\n"
        )
        writer.write(b"\r\n\r\n")
        async with asyncio.timeout(3):
            assert await reader.readexactly(2) == b"\r\n"
            both = (message.format("one") + message.format("two")).encode()
            writer.write(both[:-20])
            first = await one.next(RequestArrived)
            writer.write(both[-20:])
            second = await one.next(RequestArrived)
            assert isinstance(first, RequestArrived) and isinstance(second, RequestArrived)
            assert first.flow.connection == second.flow.connection != 0
            second.exchange.reply(200)
            first.exchange.reply(404)
            answers = await reader.readuntil(b"404 Not Found\r\n")
            assert answers.startswith(b"SIP/2.0 200 OK")
            # A request of ours to that place goes by the same connection.
            host, port = writer.get_extra_info("sockname")
            flow = one.driver.flow_to(host, port, "tcp")
            one.driver.agent.request(
                "NOTIFY", "sip:x@y", flow=flow, from_="<sip:a@b>", to="<sip:x@y>"
            )
            await reader.readuntil(b"NOTIFY sip:x@y SIP/2.0\r\n")
            writer.close()
            lost = await one.next(Replied)
        assert isinstance(lost, Replied) and lost.status == 503

    run(story)


def test_garbage_on_a_stream_closes_it() -> None:
    async def story(one: House, two: House) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", one.driver.ports["tcp"])
        writer.write(b"A" * 20_000)
        async with asyncio.timeout(3):
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await reader.readexactly(1)
        writer.close()

    run(story)


PART = b"OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bK1\r\n"


@pytest.mark.parametrize("said", [b"", b"\r\n\r\n", PART])
def test_a_connection_that_says_nothing_whole_is_closed(said: bytes) -> None:
    async def main() -> None:
        house = House(StreamLimits(first_message_seconds=0.05, message_seconds=0.05))
        await house.driver.start()
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", house.driver.ports["tcp"])
            writer.write(said)
            async with asyncio.timeout(3):
                if said == b"\r\n\r\n":
                    assert await reader.readexactly(2) == b"\r\n"
                with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                    await reader.readexactly(1)
            writer.close()
        finally:
            await house.driver.stop()

    asyncio.run(main())


def test_no_more_connections_than_allowed() -> None:
    async def main() -> None:
        house = House(StreamLimits(connections=1))
        await house.driver.start()
        try:
            port = house.driver.ports["tcp"]
            first, one = await asyncio.open_connection("127.0.0.1", port)
            async with asyncio.timeout(3):
                one.write(b"\r\n\r\n")
                assert await first.readexactly(2) == b"\r\n"
                second, two = await asyncio.open_connection("127.0.0.1", port)
                with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                    await second.readexactly(1)
                one.write(b"\r\n\r\n")
                assert await first.readexactly(2) == b"\r\n"
            one.close()
            two.close()
        finally:
            await house.driver.stop()

    asyncio.run(main())


def test_a_command_given_outside_any_event_goes_out_at_once() -> None:
    async def story(one: House, two: House) -> None:
        flow = one.driver.flow_to("127.0.0.1", two.driver.port)
        dialog = one.driver.agent.invite(
            "sip:b@b", flow=flow, from_="<sip:a@a>", to="<sip:b@b>", sdp=SDP
        )
        arrived = await two.next(InviteArrived)
        assert isinstance(arrived, InviteArrived)
        arrived.dialog.ring()
        await one.next(Progressed)
        dialog.end()
        ended = await two.next(Ended)
        assert isinstance(ended, Ended) and ended.why is Ending.CANCEL

    run(story)


def test_an_owner_that_let_go_hears_no_more() -> None:
    """Two phones answer in one breath: the first one's answer ends the other call."""

    async def story(one: House, two: House) -> None:
        flow = one.driver.flow_to("127.0.0.1", two.driver.port)
        heard: list[Event] = []

        def first_wins(event: Event) -> None:
            heard.append(event)
            if isinstance(event, Accepted):
                for each in dialogs:
                    if each is not event.dialog:
                        each.end()

        dialogs = [
            one.driver.agent.invite(
                "sip:b@b", flow=flow, from_="<sip:a@a>", to="<sip:b@b>", sdp=SDP, owner=first_wins
            )
            for _ in range(2)
        ]
        legs = []
        for _ in dialogs:
            arrived = await two.next(InviteArrived)
            assert isinstance(arrived, InviteArrived)
            legs.append(arrived.dialog)
        for leg in legs:
            leg.accept(SDP)
        ended = await two.next(Ended)
        assert isinstance(ended, Ended) and ended.why is Ending.BYE
        assert len([event for event in heard if isinstance(event, Accepted)]) == 1

    run(story)


def test_datagrams_of_any_size_do_no_harm() -> None:
    async def story(one: House, two: House) -> None:
        flow = two.driver.flow_to("127.0.0.1", one.driver.port)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            for data in (b"", b"\0", b"\r\n\r\n", b"x" * 65000, b"\xff" * 1400):
                stranger.sendto(data, ("127.0.0.1", one.driver.port))
        two.driver.agent.request("OPTIONS", "sip:b", flow=flow, from_="<sip:a@a>", to="<sip:b@b>")
        arrived = await one.next(RequestArrived)
        assert isinstance(arrived, RequestArrived)
        arrived.exchange.reply(200)
        replied = await two.next(Replied)
        assert isinstance(replied, Replied) and replied.status == 200

    run(story)


def test_a_connection_of_ours_is_kept_alive_and_its_end_is_told() -> None:
    limits = StreamLimits(message_seconds=0.2)

    async def main() -> None:
        house = House(limits)
        lost: list[Flow] = []
        house.driver.on_lost = lost.append
        pings: list[bytes] = []
        gone = asyncio.Event()

        async def provider(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            pings.append(await reader.readexactly(4))
            writer.write(b"\r\n")
            await gone.wait()
            writer.close()

        server = await asyncio.start_server(provider, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        await house.driver.start()
        flow = house.driver.flow_to("127.0.0.1", port, "tcp")
        house.driver.ping(flow)  # no connection is opened for that
        house.driver.agent.request(
            "OPTIONS", "sip:x@127.0.0.1", flow=flow, from_="<sip:a@h>", to="<sip:x@h>"
        )
        async with asyncio.timeout(3):
            while not pings:
                house.driver.ping(flow)
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.4)  # longer than a message may take: a pong is none
            assert pings == [b"\r\n\r\n"] and not lost
            gone.set()
            while not lost:
                await asyncio.sleep(0.01)
        assert flow.carries(lost[0])
        await house.driver.stop()
        server.close()

    asyncio.run(main())


def test_an_empty_line_by_udp_is_no_message() -> None:
    async def story(one: House, two: House) -> None:
        flow = one.driver.flow_to("127.0.0.1", two.driver.port)
        one.driver.ping(flow)
        one.driver.agent.request(
            "OPTIONS", "sip:x@127.0.0.1", flow=flow, from_="<sip:a@h>", to="<sip:x@h>"
        )
        arrived = await two.next(RequestArrived)
        assert isinstance(arrived, RequestArrived) and two.heard.empty()

    run(story)
