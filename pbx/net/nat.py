"""Which address of ours a far end is told: what Via, Contact and SDP say.

The address set by the owner (`OFFICESMART_ADVERTISE`), or the one that the route to the far end
starts from. A far end on this machine is always told the address it can see, and so is one with a
private address (a phone of the LAN) when the owner's is a public one (which the provider needs).
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

KEPT = 4096  # far ends whose route is remembered
FRESH = 300.0  # seconds until a route is looked up anew: addresses change when a laptop moves


class Addresses:
    """Our address as each far end reaches it."""

    def __init__(self, *, advertise: str = "", bound: str = "", now: Callable[[], float]) -> None:
        self._advertise = advertise.strip("[]")
        self._bound = "" if bound in ("", "0.0.0.0", "::") else bound.strip("[]")
        self._now = now
        self._known: dict[str, str] = {}
        self._since = now()

    def towards(self, host: str) -> str:
        """Our address, without brackets, for a far end given by its address.

        Raises ValueError when `host` is not an address, and OSError when there is no way to it.
        """
        if self._now() - self._since > FRESH or len(self._known) >= KEPT:
            self._known.clear()
            self._since = self._now()
        known = self._known.get(host)
        if known is None:
            known = self._known[host] = self._find(host)
        return known

    def _find(self, host: str) -> str:
        there = ip_address(host)
        if self._advertise and _concerns(self._advertise, there):
            return self._advertise
        if self._bound and _same_family(self._bound, host):
            return self._bound
        return route_address(host)


def _concerns(advertised: str, there: IPv4Address | IPv6Address) -> bool:
    """Whether a far end is to be told the advertised address."""
    if there.is_loopback or not _same_family(advertised, str(there)):
        return False
    try:
        return not (ip_address(advertised).is_global and there.is_private)
    except ValueError:  # a name: whoever asks for it is told what fits
        return True


def _same_family(ours: str, host: str) -> bool:
    """Whether a far end can be told `ours`; a name can be told to anybody."""
    try:
        return ip_address(ours).version == ip_address(host).version
    except ValueError:
        return True


def route_address(host: str) -> str:
    """The local address of the route to `host`; nothing is sent. Raises OSError without a route."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect((host, 9))
        address: str = probe.getsockname()[0]
    return address.partition("%")[0]


def household(host: str) -> str:
    """What counts as one sender where strangers are counted: an IPv4 address, or the /64 that every
    subscriber of IPv6 has for himself (RFC 6177), since he may write from any address in it."""
    if ":" not in host:
        return host
    try:
        return str(IPv6Network((host.partition("%")[0], 64), strict=False).network_address)
    except ValueError:
        return host
