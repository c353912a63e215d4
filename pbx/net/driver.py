"""Sockets and timers for the SIP agent: what comes in is told to it, what it says goes out, and
each event reaches whoever it belongs to.

A listener that fails loses its event, not the house: the request it was to answer gets a 500.
A request over 1300 bytes goes the way that was chosen, by UDP too, although RFC 3261 s.18.1.1 would
have it go by TCP: phones that registered by UDP rarely listen on TCP, and networks carry fragments.
"""

from __future__ import annotations

import asyncio
import logging
import re
import socket
import time
from collections.abc import Callable

from pbx.net.framing import PING
from pbx.net.nat import FRESH, Addresses
from pbx.net.stream import Connection, StreamLimits, Streams
from pbx.net.udp import UdpSocket
from pbx.sip.agent import (
    Agent,
    AgentSettings,
    Asked,
    Event,
    Flow,
    InviteArrived,
    Outgoing,
    Reinvited,
    RequestArrived,
    owner_of,
    too_late,
)

log = logging.getLogger(__name__)

GRAIN = 0.002  # seconds a SIP timer may be late; the shortest is 200 ms
TRIES = 20  # ports to try until one is free for UDP and TCP alike, when any will do
ROUNDS = 1000  # events that make commands that make events: more is a loop of our own making
_SECRET = re.compile(rb"(?im)^((?:proxy-)?authorization[ \t]*:)[^\r\n]*")


class Driver:
    """The agent on the network. `listener` hears events that no dialog's owner does."""

    def __init__(
        self,
        *,
        host: str = "",
        port: int = 5060,
        advertise: str = "",
        settings: AgentSettings | None = None,
        limits: StreamLimits | None = None,
    ) -> None:
        """host: '' for all addresses. port: 0 for any free one. advertise: see `nat.py`."""
        self.agent = Agent(now=time.monotonic, settings=settings)
        self.agent.on_output = self._wake
        self.listener: Callable[[Event], None] = _unheard
        self.on_lost: Callable[[Flow], None] = lambda flow: None
        "Hears of every connection that ended."
        self.ports: dict[str, int] = {}
        "The port of each transport, once started."
        self._host = host
        self._wanted = port
        self._addresses = Addresses(advertise=advertise, bound=host, now=time.monotonic)
        self._udp: dict[int, UdpSocket] = {}
        self._tcp = Streams(
            arrived=self._message, rested=self._settle, lost=self._lost, limits=limits
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0
        self._settling = False
        self._called = False
        self._flows: dict[tuple[str, int], Flow] = {}
        self._flows_since = 0.0

    @property
    def port(self) -> int:
        """The port of UDP and TCP; before the start, the one that is wanted."""
        return self.ports.get("udp", self._wanted)

    # --- start and stop ------------------------------------------------------------------------

    async def start(self) -> None:
        """Bind and listen. Raises OSError when the port is taken."""
        loop = self._loop = asyncio.get_running_loop()
        host = self._host or "0.0.0.0"
        for attempt in range(TRIES):
            first = self._bind(host, self._wanted)
            try:
                tcp = await self._tcp.listen(host, first.port)
            except OSError:
                first.close()
                if self._wanted or attempt == TRIES - 1:
                    raise
            else:
                break
        self._udp[first.family] = first
        self.ports = {"udp": first.port, "tcp": tcp}
        if not self._host:
            await self._listen_on_ipv6(first.port)
        for each in self._udp.values():
            each.open(loop)
        self._settle()

    async def _listen_on_ipv6(self, port: int) -> None:
        try:
            second = self._bind("::", port)
        except OSError as error:
            log.info("no IPv6: %s", error)
            return
        self._udp[second.family] = second
        try:
            await self._tcp.listen("::", port)
        except OSError as error:
            log.info("no IPv6 for TCP: %s", error)

    def _bind(self, host: str, port: int) -> UdpSocket:
        return UdpSocket(host, port, arrived=self._datagram, rested=self._settle)

    async def stop(self) -> None:
        """Close every socket; what was to be sent has been handed to the system."""
        if self._loop is None:
            return
        self._settle()
        self._loop = None
        if self._timer is not None:
            self._timer.cancel()
        for each in self._udp.values():
            each.close()
        self._udp.clear()
        await self._tcp.stop()

    # --- addresses -----------------------------------------------------------------------------

    def flow_to(self, host: str, port: int, transport: str = "udp") -> Flow:
        """The way to a far end given by its address. Raises ValueError when it is none, and
        OSError when there is no way to it."""
        host = "127.0.0.1" if host == "localhost" else host.strip("[]")
        return Flow(transport, host, port, 0, (self._addresses.towards(host), self.port))

    # --- what comes in -------------------------------------------------------------------------

    def _datagram(self, data: bytes, host: str, port: int) -> None:
        flow = self._flows.get((host, port))
        if flow is None:
            try:
                local = (self._addresses.towards(host.partition("%")[0]), self.port)
            except (OSError, ValueError):
                return
            flow = Flow("udp", host, port, 0, local)
            if len(self._flows) > 8192 or time.monotonic() - self._flows_since > FRESH:
                self._flows.clear()
                self._flows_since = time.monotonic()
            self._flows[host, port] = flow
        self._receive(data, flow)

    def _message(self, data: bytes, connection: Connection) -> None:
        self._receive(data, self._flow_of(connection))

    def _flow_of(self, connection: Connection) -> Flow:
        host = connection.host.partition("%")[0]
        try:
            local = self._addresses.towards(host)
        except (OSError, ValueError):
            local = connection.local
        return Flow("tcp", host, connection.port, connection.number, (local, self.port))

    def _receive(self, data: bytes, flow: Flow) -> None:
        if log.isEnabledFor(logging.DEBUG):
            log.debug("from %s %s:%d\n%s", flow.transport, flow.host, flow.port, _shown(data))
        try:
            self.agent.receive(data, flow)
        except Exception:
            # Our own mistake, met by somebody's message: the house goes on.
            log.exception("a message from %s:%d was lost", flow.host, flow.port)

    def _lost(self, connection: Connection) -> None:
        if self._loop is not None:
            flow = self._flow_of(connection)
            self.agent.flow_lost(flow)
            self.on_lost(flow)
            self._settle()

    # --- what goes out -------------------------------------------------------------------------

    def _wake(self) -> None:
        if not self._settling and not self._called and self._loop is not None:
            self._called = True
            self._loop.call_soon(self._settle)

    def _settle(self) -> None:
        """Send what is to be sent, tell what happened, until nothing is left; arm the timer."""
        self._called = False
        if self._settling or self._loop is None:
            return
        self._settling = True
        agent = self.agent
        try:
            for _ in range(ROUNDS):
                output, events = agent.take_output(), agent.take_events()
                if not output and not events:
                    break
                for each in output:
                    self._send(each)
                for event in events:
                    self._tell(event)
            else:
                log.error("the house talks to itself: %d rounds", ROUNDS)
                self._loop.call_soon(self._settle)
        finally:
            self._settling = False
        self._arm()

    def _send(self, each: Outgoing) -> None:
        flow = each.flow
        if log.isEnabledFor(logging.DEBUG):
            log.debug("to %s %s:%d\n%s", flow.transport, flow.host, flow.port, _shown(each.data))
        if flow.transport == "tcp":
            self._tcp.send(each.data, flow.host, flow.port, flow.connection)
            return
        way = self._udp.get(socket.AF_INET6 if ":" in flow.host else socket.AF_INET)
        if way is None or not way.send(each.data, flow.host, flow.port):
            self.agent.flow_lost(flow)

    def ping(self, flow: Flow) -> None:
        """Keep the way to a far end open through routers in between (RFC 5626 s.3.5.1; on UDP an
        empty line that nobody answers, since STUN would need a server for it over there)."""
        if flow.transport == "tcp":
            self._tcp.ping(flow.host, flow.port, flow.connection)
            return
        way = self._udp.get(socket.AF_INET6 if ":" in flow.host else socket.AF_INET)
        if way is not None:
            way.send(PING, flow.host, flow.port)

    def _arm(self) -> None:
        due = self.agent.next_timer()
        if due is None or self._loop is None:
            return
        if self._timer is not None:
            if self._due <= due:
                return  # it rings early at worst, and is armed again then
            self._timer.cancel()
        self._due = due
        # uvloop counts in whole milliseconds and rings up to one too early: it would ring again and
        # again until the moment has come.
        self._timer = self._loop.call_later(max(0.0, due - time.monotonic()) + GRAIN, self._ring)

    def _ring(self) -> None:
        self._timer = None
        try:
            self.agent.advance()
        except Exception:
            log.exception("a SIP timer failed")
        self._settle()

    # --- who hears -----------------------------------------------------------------------------

    def _tell(self, event: Event) -> None:
        if too_late(event):
            return
        try:
            (owner_of(event) or self.listener)(event)
        except Exception:
            log.exception("nobody could take %s", type(event).__name__)
            self._excuse(event)

    def _excuse(self, event: Event) -> None:
        """Whoever waits for our answer gets one."""
        if isinstance(event, InviteArrived | Reinvited):
            event.dialog.refuse(500)
        elif isinstance(event, RequestArrived | Asked):
            event.exchange.reply(500)


def _unheard(event: Event) -> None:
    """Without a listener, strangers hear that nobody is in."""
    if isinstance(event, InviteArrived):
        event.dialog.refuse(480)
    elif isinstance(event, RequestArrived):
        event.exchange.reply(200 if event.request.method == "OPTIONS" else 503)


def _shown(data: bytes) -> str:
    """A message for the log, its credentials blanked."""
    return _SECRET.sub(rb"\1 ***", data[:4000]).decode("utf-8", "replace")
