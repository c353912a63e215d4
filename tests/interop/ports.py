"""Ports on loopback that nobody else has: tests of several people share this machine."""

from __future__ import annotations

import random
import socket

LOOPBACK = "127.0.0.1"


def free(kind: int, port: int) -> bool:
    with socket.socket(socket.AF_INET, kind) as trial:
        try:
            trial.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def row(length: int) -> int:
    """The first of so many ports in a row, free for UDP and TCP; below the ephemeral ones."""
    while True:
        first = random.randrange(15000, 32000 - length, 2)
        wanted = range(first, first + length)
        if all(free(socket.SOCK_DGRAM, p) and free(socket.SOCK_STREAM, p) for p in wanted):
            return first
