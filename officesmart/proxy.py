"""Whom a request really comes from, when a web server stands before the portal.

X-Forwarded-For and X-Forwarded-Proto are anybody's words unless a proxy that we were told to trust
(OFFICESMART_PROXY) said them: the lockout counts addresses, so who could choose his own would have
as many tries as he likes.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import Scope

from pbx.config import Network


def seen_by(scope: Scope, trusted: Sequence[Network]) -> Scope:
    """The same request with the browser's own address and scheme, where a trusted proxy says them.

    Of several addresses the last that is no proxy of ours counts: what stands before it was written
    by whoever sent it.
    """
    peer = scope["client"][0] if scope.get("client") else ""
    if not _is_one_of(peer, trusted):
        return scope
    headers = Headers(scope=scope)
    told = dict(scope)
    path = [hop.strip() for value in headers.getlist("x-forwarded-for") for hop in value.split(",")]
    for hop in reversed(path):
        address = _address(hop)
        if address is None:
            break  # nonsense: whatever stands before it is not worth more
        told["client"] = (str(address), 0)
        if not _is_one_of(str(address), trusted):
            break
    said = headers.get("x-forwarded-proto", "").split(",")[-1].strip().lower()
    if said in ("http", "https"):
        live = scope["type"] == "websocket"
        told["scheme"] = {"http": "ws", "https": "wss"}[said] if live else said
    return told


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    plain = text.strip().strip('"')
    if plain.startswith("["):  # an IPv6 address, perhaps with a port
        plain = plain[1:].split("]")[0]
    elif plain.count(":") == 1:
        plain = plain.split(":")[0]
    try:
        return ipaddress.ip_address(plain.split("%")[0])
    except ValueError:
        return None


def _is_one_of(text: str, networks: Sequence[Network]) -> bool:
    address = _address(text)
    if address is None:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in network for network in networks if network.version == address.version)
