"""The provider at the other end of a trunk: which machine it is, and how requests to it look.

When to ask it, and what its answers mean for the office, is the trunk's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from pbx.calls.switch import Route, Wires
from pbx.peers.resolve import Resolve
from pbx.routing.office import TrunkFacts
from pbx.sip import agent as sip
from pbx.sip import uri as uris
from pbx.sip.flow import bracketed
from pbx.sip.uri import escape_user
from pbx.vault import Unreadable

log = logging.getLogger(__name__)
SIP_PORT = 5060


@dataclass(frozen=True, slots=True)
class Tools:
    """What trunks need of the house."""

    driver: Wires
    resolve: Resolve
    unseal: Callable[[str], str]
    "A sealed password to the password itself. Raises Unreadable or OSError."
    random: Callable[[], float]
    "0 up to 1."


class Provider:
    """Where a provider is, as far as known, and who we are there."""

    def __init__(self, facts: TrunkFacts, tools: Tools) -> None:
        self.facts = facts
        self.addresses: tuple[str, ...] = ()
        "Of the machine that requests go to; calls may come from all of them."
        self.flow: sip.Flow | None = None
        "The way to one of them; None before the first."
        self.path: tuple[str, ...] = ()
        "Route headers that its registrar asks for (Service-Route, RFC 3608)."
        self._tools = tools
        self._credentials: tuple[str, str] | None = None
        self._call_id = ""
        self._number = 0
        self._next_address = 0

    # --- where it is ---------------------------------------------------------------------------

    @property
    def place(self) -> tuple[str, int]:
        """Host and port that requests are sent to, as set up."""
        if not self.facts.proxy:
            return self.facts.host.strip("[]"), self.facts.port
        try:
            host, port = uris.parse_host(self.facts.proxy)
        except ValueError:
            return self.facts.proxy, SIP_PORT
        return host.strip("[]"), port or SIP_PORT

    async def look_up(self) -> bool:
        """Ask for its addresses; True when they are others than before. Raises as `Resolve`."""
        found = await self._tools.resolve(self.place[0])
        moved = found != self.addresses
        self.addresses = found
        return moved

    def reach(self, *, stay: bool) -> None:
        """Find the way there: to the present address when we `stay` and the name still has it, else
        to the next one of its addresses. Raises OSError or ValueError."""
        known = self.flow.host if self.flow is not None else ""
        if known not in self.addresses or not stay:
            known = self.addresses[self._next_address % len(self.addresses)]
        port, transport = self.place[1], self.facts.transport
        self.flow = self._tools.driver.flow_to(known, port, transport)

    def turn(self) -> None:
        """Its present address is silent: the next one is tried next."""
        self._next_address += 1

    def ping(self) -> None:
        """Keep the way there open."""
        if self.flow is not None:
            self._tools.driver.ping(self.flow)

    # --- who we are there ----------------------------------------------------------------------

    def open_secret(self) -> bool:
        """Read our password; False when what is kept of it cannot be read."""
        facts = self.facts
        try:
            password = self._tools.unseal(facts.sealed_password)
        except (Unreadable, OSError) as error:
            log.warning("trunk %s: %s", facts.name, error)
            return False
        user = facts.auth_username or facts.username
        self._credentials = (user, password) if user and password else None
        return True

    @property
    def contact(self) -> str:
        """Our own URI there."""
        flow = self._way()
        user = f"{escape_user(self.facts.username)}@" if self.facts.username else ""
        host, port = flow.local
        transport = "" if flow.transport == "udp" else f";transport={flow.transport}"
        return f"sip:{user}{bracketed(host)}:{port}{transport}"

    def _identity(self) -> str:
        user = f"{escape_user(self.facts.username)}@" if self.facts.username else ""
        return f"<sip:{user}{bracketed(self.facts.host)}>"

    def _way(self) -> sip.Flow:
        assert self.flow is not None, "reach() comes before any request"
        return self.flow

    # --- what is sent --------------------------------------------------------------------------

    def route(self) -> Route | None:
        """How to call by it; None while its address is not known."""
        if self.flow is None:
            return None
        return Route(self.facts, self.flow, self.contact, self._credentials, self.path)

    def register(self, expires: int, owner: Callable[[sip.Event], None]) -> sip.Exchange:
        """REGISTER for so many seconds; 0 signs out. owner: gets the answer as `Replied`."""
        me, flow = self._identity(), self._way()
        if not self._call_id:
            self._call_id = f"{int(self._tools.random() * 2**52):x}.{self.facts.id}@{flow.local[0]}"
        self._number += 1
        exchange = self._tools.driver.agent.request(
            "REGISTER",
            f"sip:{bracketed(self.facts.host)}",
            flow=flow,
            from_=me,
            to=me,
            headers=[("Contact", f"<{self.contact}>"), ("Expires", str(expires))],
            credentials=self._credentials,
            owner=owner,
            call_id=self._call_id,
            cseq=self._number,
        )
        # What a challenge and a stale nonce may add to it.
        self._number += 2
        return exchange

    def look(self, owner: Callable[[sip.Event], None]) -> sip.Exchange:
        """OPTIONS, to hear whether it is there. owner: gets the answer as `Replied`."""
        return self._tools.driver.agent.request(
            "OPTIONS",
            f"sip:{bracketed(self.facts.host)}",
            flow=self._way(),
            from_=self._identity(),
            to=f"<sip:{bracketed(self.facts.host)}>",
            headers=[("Contact", f"<{self.contact}>"), ("Accept", "application/sdp")],
            credentials=self._credentials,
            owner=owner,
        )


def is_host(text: str) -> bool:
    """Whether this is the name of a machine, or an address."""
    try:
        uris.parse_host(bracketed(text))
    except ValueError:
        return False
    return True


def machine(facts: TrunkFacts) -> tuple[object, ...]:
    """What a sign-in depends on; another value means another sign-in."""
    return (
        *(facts.enabled, facts.registers, facts.host.lower(), facts.port, facts.transport),
        *(facts.proxy, facts.username, facts.auth_username, facts.sealed_password, facts.expires),
    )


def binding(facts: TrunkFacts) -> tuple[object, ...]:
    """What names our binding over there: the same one is replaced by a new sign-in, and must not
    be taken away behind it."""
    return (facts.registers, facts.host.lower(), facts.port, facts.transport, facts.proxy,
            facts.username)  # fmt: skip
