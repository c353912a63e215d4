"""Slows down who guesses passwords: growing pauses per source address, never for this machine.

Pure: the moment is an argument, and the table is bounded. A paused source gets no answer worth
having; other addresses are not touched, so nobody can lock a colleague out.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import ip_address

from pbx.net.nat import household

FREE = 10  # wrong passwords before the first pause; a badly set up phone needs a few
PAUSES = (60.0, 300.0, 900.0, 3600.0)  # seconds, growing with every further FREE
FORGET = 3600.0  # seconds without a wrong password after which all is forgiven
SOURCES = 10_000  # remembered at most; the one quiet longest is forgotten first


@dataclass(slots=True)
class _Record:
    wrong: int = 0
    last: float = 0.0
    until: float = 0.0


class Guard:
    """Counts wrong passwords by source address."""

    def __init__(self) -> None:
        self._sources: OrderedDict[str, _Record] = OrderedDict()

    def paused(self, host: str, now: float) -> float:
        """Seconds this address still has to wait; 0 when it may try."""
        record = self._sources.get(household(host))
        return max(0.0, record.until - now) if record else 0.0

    def wrong(self, host: str, now: float) -> None:
        """A wrong password came from there."""
        if _is_loopback(host):
            return
        host = household(host)
        record = self._sources.setdefault(host, _Record())
        self._sources.move_to_end(host)
        if now - record.last > FORGET:
            record.wrong = 0
        record.wrong += 1
        record.last = now
        if record.wrong % FREE == 0:
            step = min(record.wrong // FREE, len(PAUSES)) - 1
            record.until = now + PAUSES[step]
        while len(self._sources) > SOURCES:
            self._sources.popitem(last=False)

    def right(self, host: str) -> None:
        """A right password came from there: forgive the rest."""
        self._sources.pop(household(host), None)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
