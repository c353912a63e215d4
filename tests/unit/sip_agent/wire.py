"""Two agents and a wire between them, a clock moved by hand, strangers who write by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from pbx.sip.agent import (
    Acknowledged,
    Agent,
    AgentSettings,
    Dialog,
    Event,
    Flow,
    InviteArrived,
    Outgoing,
    owner_of,
)
from pbx.sip.message import BadMessage, Request, Response
from pbx.sip.parser import parse

SDP = b"v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n"
HELD = SDP + b"a=sendonly\r\n"
ANSWER = SDP.replace(b"4000", b"5000")

E = TypeVar("E")


class Clock:
    """Seconds, moved by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class Phone:
    """One agent, what it heard, and what it does about it."""

    def __init__(self, name: str, clock: Clock, settings: AgentSettings | None) -> None:
        self.name = name
        self.agent = Agent(now=clock, settings=settings)
        self.heard: list[Event] = []
        self.does: Callable[[Event], None] = lambda event: None
        self.flow = Flow("udp", "192.0.2.9", 5060)

    def last(self, kind: type[E]) -> E:
        """The latest event of a kind."""
        return next(event for event in reversed(self.heard) if isinstance(event, kind))

    def all(self, kind: type[E]) -> list[E]:
        """Every event of a kind."""
        return [event for event in self.heard if isinstance(event, kind)]

    def calls(self, sdp: bytes = SDP, headers: Iterable[tuple[str, str]] = ()) -> Dialog:
        """INVITE the other one."""
        return self.agent.invite(
            "sip:other@192.0.2.9",
            flow=self.flow,
            from_=f'"{self.name}" <sip:{self.name}@example.com>',
            to="<sip:other@example.com>",
            sdp=sdp,
            headers=headers,
        )


class Wire:
    """What one says, the other hears, unless `loses` says so. `said`: 'a INVITE', 'b 180'..."""

    def __init__(
        self,
        *,
        transport: str = "udp",
        a: AgentSettings | None = None,
        b: AgentSettings | None = None,
        loses: Callable[[int, str], bool] = lambda number, what: False,
    ) -> None:
        self.clock = Clock()
        self.a, self.b = Phone("a", self.clock, a), Phone("b", self.clock, b)
        here, there = ("192.0.2.1", 5060), ("192.0.2.2", 5062)
        connection = 0 if transport == "udp" else 7
        self.a.flow = Flow(transport, *there, connection, here)
        self.b.flow = Flow(transport, *here, connection, there)
        self.loses = loses
        self.said: list[str] = []
        self.when: list[float] = []
        self.messages: list[Request | Response] = []
        self.raw: list[bytes] = []

    def run(self) -> None:
        """Until nobody has anything to say."""
        for _ in range(500):
            quiet = True
            for me, other in ((self.a, self.b), (self.b, self.a)):
                for each in me.agent.take_output():
                    quiet = False
                    self._carry(me, other, each)
                for event in me.agent.take_events():
                    quiet = False
                    me.heard.append(event)
                    if isinstance(event, InviteArrived):
                        event.dialog.ring(100)  # as whoever answers calls does
                    (owner_of(event) or me.does)(event)
            if quiet:
                return
        raise AssertionError("they never stop talking: " + ", ".join(self.said[-20:]))

    def _carry(self, me: Phone, other: Phone, each: Outgoing) -> None:
        message = parse(each.data)
        what = message.method if isinstance(message, Request) else str(message.status)
        self.said.append(f"{me.name} {what}")
        self.when.append(self.clock.seconds)
        self.messages.append(message)
        self.raw.append(each.data)
        assert each.flow.host == me.flow.host, "it goes to the wrong place"
        if not self.loses(len(self.said) - 1, self.said[-1]):
            other.agent.receive(each.data, other.flow)

    def forward(self, seconds: float) -> None:
        """Let time pass, timer by timer."""
        until = self.clock.seconds + seconds
        self.run()
        for _ in range(20_000):
            timers = [p.agent.next_timer() for p in (self.a, self.b)]
            due = min((t for t in timers if t is not None), default=None)
            if due is None or due > until:
                self.clock.seconds = until
                return
            self.clock.seconds = max(self.clock.seconds, due)
            self.a.agent.advance()
            self.b.agent.advance()
            self.run()
        raise AssertionError("timers never rest")

    def message(self, what: str) -> Request | Response:
        """The latest message of that kind, such as 'b 200'."""
        return self.messages[len(self.said) - 1 - self.said[::-1].index(what)]

    def empty(self) -> bool:
        """Nothing is left in any table, nor any timer that would do something."""
        return all(
            not len(p.agent.transactions) and not p.agent.dialogs() and not len(p.agent.timers)
            for p in (self.a, self.b)
        )


def connected(wire: Wire) -> tuple[Dialog, Dialog]:
    """An answered call: a's leg and b's."""
    ours = wire.a.calls()
    wire.run()
    theirs = wire.b.last(InviteArrived).dialog
    theirs.ring()
    theirs.accept(ANSWER)
    wire.run()
    assert wire.b.last(Acknowledged).dialog is theirs
    return ours, theirs


class Stranger:
    """One agent and somebody who writes to it by hand. Lines are joined by CRLF."""

    def __init__(self, settings: AgentSettings | None = None, transport: str = "udp") -> None:
        self.clock = Clock()
        self.agent = Agent(now=self.clock, settings=settings)
        self.flow = Flow(
            transport, "198.51.100.7", 5080, 0 if transport == "udp" else 3, ("192.0.2.1", 5060)
        )
        self.heard: list[Event] = []
        self.sent: list[Outgoing] = []
        self.greets = True
        "Answer each INVITE with 100, as whoever answers calls does."

    def says(self, text: str, body: bytes = b"") -> list[Request | Response]:
        """Tell the agent; answers what it sends at once."""
        head = text.strip().replace("\r\n", "\n").replace("\n", "\r\n")
        data = f"{head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        self.agent.receive(data, self.flow)
        return self.listens()

    def listens(self) -> list[Request | Response]:
        """What the agent sends now."""
        events = self.agent.take_events()
        self.heard += events
        for event in events:
            if isinstance(event, InviteArrived) and self.greets:
                event.dialog.ring(100)
        out = self.agent.take_output()
        self.sent += out
        return [_read(each.data) for each in out]

    def dialog(self) -> Dialog:
        """The dialog of the INVITE that came last."""
        return next(e for e in reversed(self.heard) if isinstance(e, InviteArrived)).dialog

    def forward(self, seconds: float) -> list[Request | Response]:
        """Let time pass."""
        until = self.clock.seconds + seconds
        heard = self.listens()
        while (due := self.agent.next_timer()) is not None and due <= until:
            self.clock.seconds = max(self.clock.seconds, due)
            self.agent.advance()
            heard += self.listens()
        self.clock.seconds = until
        return heard


def _read(data: bytes) -> Request | Response:
    try:
        return parse(data)
    except BadMessage:
        # A 400 says the broken From or To as it came; so much of it must be in order.
        assert data.startswith((b"SIP/2.0 4", b"SIP/2.0 5")) and all(
            name in data for name in (b"\r\nVia: ", b"\r\nCall-ID: ", b"\r\nCSeq: ")
        )
        return Response(int(data[8:11]))


def request(
    method: str = "OPTIONS",
    *,
    branch: str = "z9hG4bKone",
    uri: str = "sip:201@192.0.2.1",
    seq: int = 1,
    to_tag: str = "",
    from_tag: str = "fromtag",
    call_id: str = "stranger@example.com",
    via: str = "",
    more: str = "",
) -> str:
    """A request as a stranger writes it, without its last line."""
    tag = f";tag={to_tag}" if to_tag else ""
    via = via or f"Via: SIP/2.0/UDP 198.51.100.7:5080;rport;branch={branch}"
    lines = [
        f"{method} {uri} SIP/2.0",
        via,
        "Max-Forwards: 70" if "Max-Forwards" not in more else "",
        f"From: <sip:stranger@example.com>;tag={from_tag}",
        f"To: <sip:201@example.com>{tag}",
        f"Call-ID: {call_id}",
        f"CSeq: {seq} {method}",
        "Contact: <sip:stranger@198.51.100.7:5080>" if "Contact" not in more else "",
        *more.split("\n"),
    ]
    return "\n".join(line for line in lines if line)


def statuses(messages: list[Request | Response]) -> list[int]:
    """The status of each response among them."""
    return [message.status for message in messages if isinstance(message, Response)]
