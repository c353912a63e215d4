"""Ports on loopback that nobody else has: tests of several people share this machine.

Offices and phones take theirs from zones apart. A free port is only a promise until it is bound,
and an office binds the ports of its sound, a reserve of them, at its own time: a phone whose few
ports lay among them would find all of them taken, and refuse its call with 500.
"""

from __future__ import annotations

import random
import socket

LOOPBACK = "127.0.0.1"
OFFICES = range(15000, 24000)
PHONES = range(24000, 32000)
"Both below the ephemeral ports."


def free(kind: int, port: int) -> bool:
    with socket.socket(socket.AF_INET, kind) as trial:
        try:
            trial.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def row(length: int, zone: range = PHONES) -> int:
    """The first of so many ports in a row, an even one, free for UDP and TCP."""
    while True:
        first = random.randrange(zone.start, zone.stop - length, 2)
        wanted = range(first, first + length)
        if all(free(socket.SOCK_DGRAM, p) and free(socket.SOCK_STREAM, p) for p in wanted):
            return first
