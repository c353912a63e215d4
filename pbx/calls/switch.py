"""What a call needs of the house, gathered in one value so that nothing reaches for it."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakKeyDictionary, WeakSet

from pbx.calls.api import Call
from pbx.calls.help import Help
from pbx.calls.lot import Lot
from pbx.calls.naming import Names
from pbx.calls.occupied import Occupied
from pbx.clock import Clock
from pbx.events.bus import Bus
from pbx.events.kinds import Why
from pbx.media.engine import MediaEngine
from pbx.routing.facts import CallFacts
from pbx.routing.office import Office, TrunkFacts
from pbx.routing.plan import Plan
from pbx.sip.agent import Agent, Dialog, Event, Flow

if TYPE_CHECKING:
    from pbx.calls.conversation import Conversation
    from pbx.calls.leg import Leg
    from pbx.calls.toll import Meter

CALLS = 1500  # at once; above it a caller gets 503 and may try again
OURS = ("PCMA", "PCMU", "G722")
"Codings we offer and take, our own order (G.711 A-law first, as in Italy)."


def wished(codecs: Sequence[str]) -> tuple[str, ...]:
    """What a setting names, of the codings that we have, in its order; empty: no wish."""
    return tuple(dict.fromkeys(name for name in codecs if name in OURS))


@dataclass(frozen=True, slots=True)
class Target:
    """A phone that can be rung: where it is, and whose it is."""

    line: str
    "Extension."
    name: str
    phone: str
    "For records: its address, such as 'udp 192.168.1.20:5060'."
    uri: str
    "Its contact: the request URI."
    flow: Flow
    direct_audio: bool = False
    takes_notify: bool = True
    "False when its Allow leaves NOTIFY out: such a phone never answers one."
    codings: tuple[str, ...] = ()
    "The only ones it is offered, in this order; empty: ours."
    key: str = ""
    "What stays the phone's own when it signs in anew."


class Wires(Protocol):
    """The SIP side of the house; `pbx/net/driver.py` is it."""

    agent: Agent
    listener: Callable[[Event], None]
    "Gets every event that has no owner."

    def flow_to(self, host: str, port: int, transport: str = "udp") -> Flow:
        """The way to an address, with our own address as seen from there."""
        ...

    def ping(self, flow: Flow) -> None:
        """Keep that way open."""
        ...


class Directory(Protocol):
    """Who is reachable where; `pbx/peers/phones.py` is it."""

    def targets(self, line: str) -> tuple[Target, ...]:
        """The phones registered for an extension."""
        ...

    def registered(self) -> frozenset[str]:
        """Extensions with at least one phone."""
        ...


@dataclass(frozen=True, slots=True)
class Route:
    """A trunk that can carry a call now, and how."""

    trunk: TrunkFacts
    flow: Flow
    contact: str
    "Our own URI there."
    credentials: tuple[str, str] | None = None
    path: tuple[str, ...] = ()
    "Route headers that its registrar asked for (Service-Route, RFC 3608)."


@dataclass(frozen=True, slots=True)
class Closed:
    """A trunk that carries nothing now."""

    name: str
    why: Why
    full: bool = False
    "It works, and all its calls are in use."


class Carriers(Protocol):
    """The ways outside; `pbx/peers/trunks.py` is it."""

    def ways(
        self, trunks: Sequence[int], *, emergency: bool = False
    ) -> tuple[tuple[Route, ...], tuple[Closed, ...]]:
        """Those of these trunks that can take a call, in the order of trying, and those that
        cannot. emergency: capacity does not count, and those that are down are tried last."""
        ...

    def seize(self, leg: Leg, trunk: int) -> None:
        """The leg is a call of that trunk until it is over."""
        ...

    def silent(self, trunk: int) -> None:
        """A call by it met no answer at all: look whether it is still there."""
        ...

    async def onward(self, route: Route, host: str, port: int) -> Route | None:
        """The same trunk by another machine of its provider; None when that is none of its."""
        ...


class NoCarriers:
    """A house without any way outside."""

    def ways(
        self, trunks: Sequence[int], *, emergency: bool = False
    ) -> tuple[tuple[Route, ...], tuple[Closed, ...]]:
        """None."""
        return (), ()

    def seize(self, leg: Leg, trunk: int) -> None:
        """There is none."""

    def silent(self, trunk: int) -> None:
        """There is none."""

    async def onward(self, route: Route, host: str, port: int) -> Route | None:
        """There is none."""
        return None


def _left_out(deed: Coroutine[Any, Any, None]) -> None:
    """A house without a hub starts nothing by itself."""
    deed.close()


class Story(Protocol):
    """A finished call, as `calls/story.py` tells it."""

    id: str


App = Callable[[Call, str], Awaitable[None]]
"An application: it gets the call and its argument."


@dataclass(slots=True)
class Switch:
    """The house as calls see it."""

    driver: Wires
    media: MediaEngine
    bus: Bus
    clock: Clock
    directory: Directory
    office: Callable[[], Awaitable[Office]]
    "The present snapshot."
    decide: Callable[[CallFacts, Office], Plan]
    apps: Mapping[str, App]
    prompt: Callable[[str, str], Path]
    "Prompt id and language to its sound. KeyError for an unknown id."
    keep: Callable[[Story], None]
    "Takes a finished call for the history; must not block."
    music: Callable[[], Path]
    "What somebody who is put on hold now hears."
    toll: Meter
    "What may leave the office at once and in an hour."
    carriers: Carriers = field(default_factory=NoCarriers)
    realm: str = "officesmart"
    transferor_grace: float = 5.0
    "Seconds a transferor gets to hang up by itself."
    ids: set[str] = field(default_factory=set)
    legs: WeakKeyDictionary[Dialog, Leg] = field(default_factory=WeakKeyDictionary)
    "Whose dialog is whose, for Replaces (RFC 3891)."
    occupied: Occupied = field(default_factory=Occupied)
    help: Help = field(default_factory=Help)

    calls: dict[str, Conversation] = field(default_factory=dict)
    "Those in progress, by id."
    held: WeakSet[Leg] = field(default_factory=WeakSet)
    "Who holds somebody; legs that are over may still be in it."
    lot: Lot = field(default_factory=Lot)
    "Where calls are parked."
    names: Names = field(default_factory=Names)
    "What each line calls the others."
    start: Callable[[Coroutine[Any, Any, None]], None] = _left_out
    "Lets a deed run until it is done, or the house closes; the hub sets it."

    def now(self) -> datetime:
        """The wall's time, aware."""
        return self.clock.now()

    def as_it_is_now(self, facts: CallFacts) -> CallFacts:
        """The same call at this moment: who is there, who talks, who called for help."""
        now = self.now()
        return replace(
            facts,
            at=now,
            registered=self.directory.registered(),
            in_call=self.occupied.in_call(),
            busy=self.occupied.busy(lambda line: len(self.directory.targets(line))),
            needed_help=self.help.lately(now),
        )

    async def name_for(
        self, line: str, number: str, *, network: str = "", office: Office | None = None
    ) -> str:
        """What this line calls that number: its own contact, then the extension, the short code,
        and `network`, the name that came with the call (behaviour.md s.10).

        Address books that are slow cost a tenth of a second at most, and are left out then.
        office: the snapshot of the call, when there is one.
        """
        known = office if office is not None else await self.office()
        await self.names.learn(known, [(line, number)])
        return self.names.of(known, line, number, network)

    def new_id(self) -> str:
        """A short id for a call: 12 hexadecimal digits, never met again in practice."""
        while (made := secrets.token_hex(6)) in self.ids:
            pass
        self.ids.add(made)
        return made
