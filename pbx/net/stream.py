"""SIP over TCP: connections of theirs and ours, framed, bounded, and used again in both directions
(RFC 3261 s.18, RFC 5626 s.3.5.1).

TLS comes in by an ssl context at the two places where a connection begins.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from itertools import count
from typing import cast

from pbx.net.framing import PING, PONG, BrokenStream, Framer
from pbx.net.nat import household

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """Bounds on what strangers may keep open."""

    connections: int = 2000
    per_host: int = 60
    "Not for loopback."
    first_message_seconds: float = 10.0
    "A connection of theirs that says nothing whole for so long is closed."
    message_seconds: float = 10.0
    "A message that has begun must be whole after so long."
    idle_seconds: float = 7500.0
    "Longer than a registration lasts: phones behind NAT are reached by the connection they made."
    connect_seconds: float = 5.0
    unread_seconds: float = 20.0
    "A far end of ours whose machine acknowledges nothing for so long is gone (RFC 5482)."
    opening: int = 200
    "At once, of ours: who asks, hangs up and cannot be reached has us try in vain for a while."
    unsent_bytes: int = 128 * 1024
    "A far end that reads nothing is let go; all connections together hold less than 256 MB."
    queued: int = 64
    "Messages that wait for a connection being opened."


class Connection(asyncio.Protocol):
    """One connection, theirs or ours."""

    def __init__(self, streams: Streams, number: int, *, ours: bool) -> None:
        self.streams = streams
        self.number = number
        self.ours = ours
        self.host = ""
        self.port = 0
        self.local = ""
        self.waiting: list[bytes] = []
        "What is to be sent once it is open."
        self._framer = Framer()
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._deadline = 0.0
        self._begun = False
        "Part of a message is here."
        self._spoke = ours

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The loop: it is open."""
        self._transport = cast(asyncio.Transport, transport)
        peer = transport.get_extra_info("peername") or ("", 0)
        name = transport.get_extra_info("sockname") or ("", 0)
        self.host, self.port = peer[0], peer[1]
        self.local = name[0]
        limits = self.streams.limits
        plain = transport.get_extra_info("socket")
        if plain is not None:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            if self.ours and hasattr(socket, "TCP_USER_TIMEOUT"):
                plain.setsockopt(
                    socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(limits.unread_seconds * 1000)
                )
        if not self.streams.opened(self):
            self._transport.abort()
            return
        self._watch(limits.idle_seconds if self.ours else limits.first_message_seconds)
        for data in self.waiting:
            self.send(data)
        self.waiting.clear()

    def data_received(self, data: bytes) -> None:
        """The loop: bytes came."""
        try:
            messages = self._framer.feed(data)
        except BrokenStream as broken:
            log.info("%s:%d closed: %s", self.host, self.port, broken)
            self._refuse(broken.head)
            return
        if self._framer.pings:
            self._framer.pings = 0
            self.send(PONG)
        for message in messages:
            self.streams.arrived(message, self)
        limits = self.streams.limits
        self._spoke = self._spoke or bool(messages)
        if self._framer.waiting:
            # A message has so long from its first byte, however slowly the others trickle in.
            if messages or not self._begun:
                self._watch(limits.message_seconds)
            self._begun = True
        else:
            self._begun = False
            if self._spoke:
                self._watch(limits.idle_seconds)
        if messages:
            self.streams.rested()

    def connection_lost(self, exc: Exception | None) -> None:
        """The loop: it is closed."""
        self._transport = None
        if self._timer is not None:
            self._timer.cancel()
        self.streams.closed(self)

    def send(self, data: bytes) -> None:
        """Write, or close when they do not read."""
        if self._transport is None:
            if len(self.waiting) < self.streams.limits.queued:
                self.waiting.append(data)
        elif self._transport.get_write_buffer_size() > self.streams.limits.unsent_bytes:
            log.info("%s:%d closed: it reads nothing", self.host, self.port)
            self.close()
        else:
            self._transport.write(data)

    def ping(self) -> None:
        """Keep it alive (RFC 5626 s.3.5.1); a far end that is gone shows by not taking it in."""
        if self._transport is not None:
            self._framer.pongs_due = 1
            self.send(PING)

    def _refuse(self, head: bytes) -> None:
        """Have the last message refused, as far as it was one, and end it when that is sent."""
        if not head:
            self.close()
            return
        self.streams.arrived(head, self)
        self.streams.rested()
        self._watch(self.streams.limits.message_seconds)
        if self._transport is not None:
            self._transport.close()

    def close(self) -> None:
        """End it at once."""
        if self._transport is not None:
            self._transport.abort()

    def _watch(self, seconds: float) -> None:
        """Close it in so many seconds, unless told anew. A timer that is set already stays when it
        rings earlier: it looks then how long there is still to go."""
        loop = self.streams.loop
        self._deadline = loop.time() + seconds
        if self._timer is None or self._timer.when() > self._deadline:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = loop.call_at(self._deadline, self._ring)

    def _ring(self) -> None:
        loop = self.streams.loop
        if loop.time() < self._deadline - 0.01:
            self._timer = loop.call_at(self._deadline, self._ring)
            return
        log.info("%s:%d closed: nothing whole came in time", self.host, self.port)
        self.close()


class Streams:
    """All connections of one transport, and the port where theirs come in."""

    def __init__(
        self,
        *,
        arrived: Callable[[bytes, Connection], None],
        rested: Callable[[], None],
        lost: Callable[[Connection], None],
        limits: StreamLimits | None = None,
    ) -> None:
        self.arrived = arrived
        self.rested = rested
        self.limits = limits or StreamLimits()
        self.loop: asyncio.AbstractEventLoop
        self.port = 0
        self._lost = lost
        self._numbers = count(1)
        self._servers: list[asyncio.Server] = []
        self._open: dict[int, Connection] = {}
        self._by_place: dict[tuple[str, int], Connection] = {}
        self._hosts: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """How many are open."""
        return len(self._open)

    async def listen(self, host: str, port: int) -> int:
        """Take connections; answers the port. Raises OSError when it is taken."""
        self.loop = asyncio.get_running_loop()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        server = await self.loop.create_server(
            lambda: Connection(self, next(self._numbers), ours=False),
            host,
            port,
            family=family,
            backlog=512,
        )
        self._servers.append(server)
        self.port = int(server.sockets[0].getsockname()[1])
        return self.port

    async def stop(self) -> None:
        """Close all."""
        for server in self._servers:
            server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for connection in list(self._open.values()):
            connection.close()
        for server in self._servers:
            await server.wait_closed()
        self._servers.clear()

    def send(self, data: bytes, host: str, port: int, number: int) -> None:
        """By the connection of that number; when it is gone, by any to that place; else open one.
        A place that cannot be reached is told as lost."""
        connection = self._open.get(number) or self._by_place.get((host, port))
        if connection is None:
            connection = Connection(self, next(self._numbers), ours=True)
            connection.host, connection.port = host, port
            if len(self._tasks) >= self.limits.opening:
                log.warning("too many connections being opened: none to %s:%d", host, port)
                self.loop.call_soon(self.closed, connection)
                return
            self._by_place[host, port] = connection
            task = self.loop.create_task(self._connect(connection))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        connection.send(data)

    def ping(self, host: str, port: int, number: int) -> None:
        """Keep the connection alive; none is opened for that."""
        connection = self._open.get(number) or self._by_place.get((host, port))
        if connection is not None:
            connection.ping()

    async def _connect(self, connection: Connection) -> None:
        host, port = connection.host, connection.port
        try:
            async with asyncio.timeout(self.limits.connect_seconds):
                await self.loop.create_connection(lambda: connection, host, port)
        except (OSError, TimeoutError) as error:
            log.info("no connection to %s:%d: %s", host, port, error or "no answer")
            connection.host, connection.port = host, port
            self.closed(connection)

    def opened(self, connection: Connection) -> bool:
        """Whether one more may stay."""
        host = connection.host
        if not connection.ours:
            if len(self._open) >= self.limits.connections:
                log.warning("too many connections: %s turned away", host)
                return False
            if self._hosts[household(host)] >= self.limits.per_host and not _is_loopback(host):
                log.warning("too many connections of %s", host)
                return False
        self._hosts[household(host)] += 1
        self._open[connection.number] = connection
        self._by_place[host, connection.port] = connection
        return True

    def closed(self, connection: Connection) -> None:
        """One ended, or was never opened."""
        if self._open.pop(connection.number, None) is not None:
            house = household(connection.host)
            self._hosts[house] -= 1
            if self._hosts[house] <= 0:
                del self._hosts[house]
        elif not connection.ours:
            return
        place = (connection.host, connection.port)
        if self._by_place.get(place) is connection:
            del self._by_place[place]
        self._lost(connection)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
