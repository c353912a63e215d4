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
import subprocess
import time
from pathlib import Path

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


def taken(kind: int, host: str, port: int) -> bool:
    """Whether a program holds it, by the kernel's own list: looking takes it from nobody."""
    table = "udp" if kind == socket.SOCK_DGRAM else "tcp"
    here = f"{socket.inet_aton(host)[::-1].hex().upper()}:{port:04X}"
    lines = (line.split() for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:])
    return any(words[1] == here and words[3] != "06" for words in lines)  # 06: a closed stream


def held_by(process: subprocess.Popen[bytes], kind: int, host: str, port: int) -> None:
    """Wait until a program that was just started holds its port, or is over already."""
    end = time.monotonic() + 10
    while process.poll() is None and not taken(kind, host, port):
        if time.monotonic() > end:
            process.kill()
            process.wait()
            raise AssertionError(f"{process.args} never took port {port}")
        time.sleep(0.005)


def row(length: int, zone: range = PHONES) -> int:
    """The first of so many ports in a row, an even one, free for UDP and TCP."""
    while True:
        first = _next[zone] if _next[zone] + length <= zone.stop else zone.start
        wanted = range(first, first + length)
        _next[zone] = wanted.stop + wanted.stop % 2
        if all(free(socket.SOCK_DGRAM, p) and free(socket.SOCK_STREAM, p) for p in wanted):
            return first
