"""Names of providers to addresses, without holding the house up while a name server thinks.

By the system's own resolver in a thread (A and AAAA; SRV and NAPTR, RFC 3263, are not asked: a
provider that has only those is set up by the name of one of its machines).
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from ipaddress import ip_address

Resolve = Callable[[str], Awaitable[tuple[str, ...]]]
"A name to its addresses, best first. Raises OSError when it has none, TimeoutError."

PATIENCE = 5.0  # seconds for a name server


def is_address(host: str) -> bool:
    """Whether this is an address already, and no name."""
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


async def resolve(host: str) -> tuple[str, ...]:
    """The addresses of a name, IPv4 first: sound over IPv6 is not carried."""
    if is_address(host):
        return (host.strip("[]"),)
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(PATIENCE):
        found = await loop.getaddrinfo(host, None, type=socket.SOCK_DGRAM)
    ordered = sorted(found, key=lambda each: each[0] != socket.AF_INET)
    return tuple(dict.fromkeys(str(each[4][0]).partition("%")[0] for each in ordered))
