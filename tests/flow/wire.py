"""A network in memory: whoever has an address gets what is sent there, in order, at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from pbx.sip.agent import Agent, AgentSettings, Event, Flow, Outgoing, owner_of

Lost = Callable[[Flow, bytes], bool]


class Wire:
    """Carries datagrams between nodes, and loses those that a story says."""

    def __init__(self) -> None:
        self._nodes: dict[tuple[str, int], Node] = {}
        self.seen: list[bytes] = []
        self.pings: list[tuple[str, int]] = []
        "Where keep-alives went."
        self.twice = False
        "Everything arrives twice."
        self.loses: Lost = lambda flow, data: False
        self._loop = asyncio.get_running_loop()

    def join(self, node: Node) -> None:
        """Give a node its address."""
        self._nodes[node.address] = node

    def leave(self, node: Node) -> None:
        """Pull a plug: what is sent there is lost, and what it sends."""
        self._nodes.pop(node.address, None)

    def carry(self, sender: Node, outgoing: Outgoing) -> None:
        """Deliver soon."""
        flow = outgoing.flow
        self.seen.append(outgoing.data)
        target = self._nodes.get((flow.host, flow.port))
        if self._nodes.get(sender.address) is not sender:
            return
        if target is None or self.loses(flow, outgoing.data):
            return
        back = Flow(flow.transport, *sender.address, local=target.address)
        for _ in range(2 if self.twice else 1):
            self._loop.call_soon(target.receive, outgoing.data, back)


class Node:
    """An agent on the wire, pumped as `net/driver.py` does it (the PBX's side takes its place)."""

    def __init__(
        self, wire: Wire, host: str, port: int = 5060, *, settings: AgentSettings | None = None
    ) -> None:
        self.wire = wire
        self.address = (host, port)
        self.host, self.port = host, port
        self._loop = asyncio.get_running_loop()
        self.agent = Agent(now=self._loop.time, settings=settings)
        self.agent.on_output = self._soon
        self.listener: Callable[[Event], None] = lambda event: None
        self._timer: asyncio.TimerHandle | None = None
        self._pumping = False
        wire.join(self)

    def flow_to(self, host: str, port: int, transport: str = "udp") -> Flow:
        """The way there."""
        return Flow(transport, host, port, local=self.address)

    def ping(self, flow: Flow) -> None:
        """Keep a way open."""
        self.wire.pings.append((flow.host, flow.port))

    def receive(self, data: bytes, flow: Flow) -> None:
        """A datagram came."""
        self.agent.receive(data, flow)
        self.pump()

    def pump(self) -> None:
        """Tell what happened, send what is to be sent, and arm the timer."""
        self._pumping = True
        while events := self.agent.take_events():
            for event in events:
                (owner_of(event) or self.listener)(event)
        self._pumping = False
        for outgoing in self.agent.take_output():
            self.wire.carry(self, outgoing)
        if self._timer is not None:
            self._timer.cancel()
        due = self.agent.next_timer()
        if due is not None and due > (now := self._loop.time()):
            due = max(due, now + 1e-6)  # asyncio is a hair early: the agent would not see it as due
        self._timer = None if due is None else self._loop.call_at(due, self._tick)

    def _tick(self) -> None:
        self.agent.advance()
        self.pump()

    def _soon(self) -> None:
        if not self._pumping:
            self._loop.call_soon(self.pump)
