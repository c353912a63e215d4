"""The office's trunks: each lives by its settings, calls go out by those that are up, and what
comes from their providers is told from what strangers send.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from random import SystemRandom
from typing import Any

from pbx.calls.leg import Leg
from pbx.calls.switch import Closed, Route, Wires
from pbx.clock import Clock
from pbx.events import kinds
from pbx.events.bus import Bus
from pbx.events.kinds import Why
from pbx.peers import trunk_words as words
from pbx.peers.provider import Tools, binding, machine
from pbx.peers.resolve import Resolve, is_address, resolve
from pbx.peers.trunk import State, Trunk
from pbx.routing.office import Office, TrunkFacts
from pbx.sip import agent as sip
from pbx.sip.message import Request

log = logging.getLogger(__name__)
_random = SystemRandom()
TRY = 8.0  # seconds an administrator waits for the outcome of a try
HOSTS = 4096  # senders of whom it is remembered whether they are a provider
STOP = 3.0  # seconds for all farewells together


class Trunks:
    """All trunks (implements `pbx.calls.switch.Carriers`). Belongs to the PBX's loop."""

    def __init__(
        self,
        driver: Wires,
        bus: Bus,
        clock: Clock,
        *,
        unseal: Callable[[str], str],
        resolve: Resolve = resolve,
        random: Callable[[], float] = _random.random,
    ) -> None:
        """unseal: a sealed password to the password itself; raises vault.Unreadable or OSError."""
        self._tools = Tools(driver, resolve, unseal, random)
        self._bus = bus
        self._clock = clock
        self._trunks: dict[int, Trunk] = {}
        self._calls: Counter[int] = Counter()
        self._senders: dict[str, tuple[Trunk, ...]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._troubled: set[int] = set()
        self._stopped = False

    # --- settings ------------------------------------------------------------------------------

    def settings_moved(self, office: Office) -> None:
        """Take up what is new, at once; also the first settings of all."""
        if self._stopped:
            return
        self._senders.clear()
        for known in [each for each in self._trunks if each not in office.trunks]:
            self._remove(known)
        for facts in office.trunks.values():
            trunk = self._trunks.get(facts.id)
            if trunk is None or machine(trunk.facts) != machine(facts):
                self._renew(trunk, facts)
            elif trunk.facts != facts:
                renamed = trunk.facts.name != facts.name
                trunk.facts = facts
                if renamed:
                    self._tell(trunk)

    def _renew(self, old: Trunk | None, facts: TrunkFacts) -> None:
        trunk = self._trunks[facts.id] = Trunk(
            facts, self._tools, changed=self._moved, found=self._senders.clear
        )
        if old is not None:
            old.detach()
            same = facts.enabled and binding(old.facts) == binding(facts)
            self._start(old.end(sign_out=not same))
        trunk.begin()
        if trunk.state is State.OFF:
            self._tell(trunk)

    def _remove(self, number: int) -> None:
        old = self._trunks.pop(number)
        old.detach()
        self._start(old.end())
        self._trouble_over(old)
        self._bus.publish(kinds.TrunkGone(number))

    async def stop(self) -> None:
        """Say goodbye to every provider; nothing begins any more."""
        self._stopped = True
        farewells = [trunk.end() for trunk in self._trunks.values()]
        try:
            async with asyncio.timeout(STOP):
                await asyncio.gather(*farewells, *self._tasks, return_exceptions=True)
        except TimeoutError:
            log.info("not every provider answered the farewell")

    # --- from the portal -----------------------------------------------------------------------

    async def try_now(self, number: int) -> kinds.TrunkChanged | None:
        """Try now, and answer how it stands once that is over, or after some seconds."""
        trunk = self._trunks.get(number)
        if trunk is None:
            return None
        trunk.hurry()
        try:
            async with asyncio.timeout(TRY):
                await trunk.settled()
        except TimeoutError:
            log.info("trunk %s: still trying", trunk.facts.name)
        return self._fact(self._trunks.get(number, trunk))

    # --- calls out -----------------------------------------------------------------------------

    def ways(
        self, trunks: Sequence[int], *, emergency: bool = False
    ) -> tuple[tuple[Route, ...], tuple[Closed, ...]]:
        """See `Carriers.ways`."""
        ready: list[Route] = []
        doubted: list[Route] = []
        last: list[Route] = []
        closed: list[Closed] = []
        for number in dict.fromkeys(trunks):
            trunk = self._trunks.get(number)
            if trunk is None:
                continue
            facts, route = trunk.facts, trunk.provider.route()
            capacity = facts.capacity
            if capacity and self._calls[number] >= capacity and not emergency:
                closed.append(Closed(facts.name, words.full(facts), full=True))
            elif trunk.up and route is not None:
                (doubted if trunk.doubted else ready).append(route)
            else:
                if emergency and facts.enabled and route is not None:
                    last.append(route)
                closed.append(Closed(facts.name, trunk.why))
        return (*ready, *doubted, *last), tuple(closed)

    def seize(self, leg: Leg, trunk: int) -> None:
        """See `Carriers.seize`. Calls in and out count alike."""
        self._calls[trunk] += 1
        leg.when_over(lambda: self._release(trunk))
        self._bus.publish(kinds.TrunkCalls(trunk, self._calls[trunk]))

    def _release(self, trunk: int) -> None:
        self._calls[trunk] -= 1
        if self._calls[trunk] <= 0:
            del self._calls[trunk]
        self._bus.publish(kinds.TrunkCalls(trunk, self._calls[trunk]))

    def calls(self, trunk: int) -> int:
        """How many calls it carries now."""
        return self._calls[trunk]

    def silent(self, trunk: int) -> None:
        """See `Carriers.silent`."""
        known = self._trunks.get(trunk)
        if known is not None:
            known.doubt()

    async def onward(self, route: Route, host: str, port: int) -> Route | None:
        """See `Carriers.onward`: machines under the provider's own name, its known addresses, and
        those that calls may come from."""
        trunk = self._trunks.get(route.trunk.id)
        if trunk is None:
            return None
        host, facts = host.strip("[]").lower(), trunk.facts
        if is_address(host):
            if host not in trunk.provider.addresses and not _within(host, facts.sources):
                return None
            found: tuple[str, ...] = (host,)
        else:
            domain = facts.host.lower()
            if host != domain and not host.endswith(f".{domain}"):
                return None
            try:
                found = await self._tools.resolve(host)
            except (OSError, TimeoutError, UnicodeError):
                return None
        try:
            flow = self._tools.driver.flow_to(found[0], port or 5060, facts.transport)
        except (OSError, ValueError):
            return None
        return replace(route, flow=flow)

    # --- calls in ------------------------------------------------------------------------------

    def sender(self, flow: sip.Flow, request: Request) -> TrunkFacts | None:
        """The trunk that a request comes by; None for everybody else."""
        found = self._senders.get(flow.host)
        if found is None:
            if len(self._senders) >= HOSTS:
                self._senders.clear()
            found = self._senders[flow.host] = tuple(
                trunk for trunk in self._trunks.values() if _may_send(trunk, flow.host)
            )
        if len(found) > 1:  # several accounts at one provider: ours is in the Request-URI
            asked = request.uri.partition(":")[2].partition("@")[0]
            found = tuple(each for each in found if each.facts.username == asked) or found
        return found[0].facts if found else None

    # --- telling -------------------------------------------------------------------------------

    def lost(self, flow: sip.Flow) -> None:
        """A connection ended: whoever signed in by it does so anew."""
        for trunk in self._trunks.values():
            route = trunk.provider.route()
            if route is not None and route.flow.reliable and route.flow.carries(flow):
                trunk.broken()

    def _moved(self, trunk: Trunk) -> None:
        self._senders.clear()
        self._tell(trunk)

    def _tell(self, trunk: Trunk) -> None:
        self._bus.publish(self._fact(trunk))
        number = trunk.facts.id
        if trunk.state is State.DOWN:
            self._troubled.add(number)
            self._trouble(number, words.trouble(trunk.facts.name, trunk.why), over=False)
        elif trunk.state is not State.TRYING:
            self._trouble_over(trunk)

    def _trouble_over(self, trunk: Trunk) -> None:
        if trunk.facts.id in self._troubled:
            self._troubled.discard(trunk.facts.id)
            self._trouble(trunk.facts.id, words.trouble(trunk.facts.name, trunk.why), over=True)

    def _trouble(self, number: int, text: Why, *, over: bool) -> None:
        self._bus.publish(
            kinds.Trouble(f"trunk_{number}", self._clock.now(), text.it, text.en, over)
        )

    def _fact(self, trunk: Trunk) -> kinds.TrunkChanged:
        facts = trunk.facts
        return kinds.TrunkChanged(
            facts.id, facts.name, trunk.state.value, trunk.why, self._clock.now()
        )

    def _start(self, deed: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(deed)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("a trunk's farewell failed", exc_info=task.exception())


def _may_send(trunk: Trunk, host: str) -> bool:
    facts = trunk.facts
    if not facts.enabled:
        return False
    return (facts.registers and host in trunk.provider.addresses) or _within(host, facts.sources)


def _within(host: str, sources: tuple[str, ...]) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return any(address in each for each in _networks(sources))


@lru_cache(maxsize=256)
def _networks(sources: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    found = []
    for source in sources:
        try:
            found.append(ip_network(source, strict=False))
        except ValueError:
            log.warning("%s is no address or network: calls from there are not taken", source)
    return tuple(found)
