"""Ports on loopback that nobody else has: tests of several people share this machine.

Offices and phones take theirs from zones apart. A free port is only a promise until it is bound,
and an office binds the ports of its sound, a phone those of its next call, at its own time. So a
row that was handed out comes again only after the whole zone was: two rows drawn by lot met
sooner or later, and whoever came second found its port taken (SIPp ends with 254, a phone
refuses its call with 500).
"""

from __future__ import annotations

import random
import socket

LOOPBACK = "127.0.0.1"
OFFICES = range(15000, 24000)
PHONES = range(24000, 32000)
"Both below the ephemeral ports."


_next = {zone: random.randrange(zone.start, zone.stop, 2) for zone in (OFFICES, PHONES)}


def free(kind: int, port: int) -> bool:
    """Whether nobody has it, on whichever address: a provider lives on 127.0.0.2."""
    with socket.socket(socket.AF_INET, kind) as trial:
        try:
            trial.bind(("", port))
        except OSError:
            return False
    return True


def row(length: int, zone: range = PHONES) -> int:
    """The first of so many ports in a row, an even one, free for UDP and TCP."""
    while True:
        first = _next[zone] if _next[zone] + length <= zone.stop else zone.start
        wanted = range(first, first + length)
        _next[zone] = wanted.stop + wanted.stop % 2
        if all(free(socket.SOCK_DGRAM, p) and free(socket.SOCK_STREAM, p) for p in wanted):
            return first
