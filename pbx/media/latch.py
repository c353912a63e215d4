"""Where a far end is: by its SDP first, then by where its packets come from (RFC 7362, RFC 4961).

Sound goes to the address of the SDP until the first valid packet comes; then to where that came
from, and packets from elsewhere are refused and counted. Only three things move the latch: `aim` at
another address, a packet from the very address that the SDP names, or RELATCH_SECONDS without a
packet. After STEADY_SECONDS the kernel does the refusing (`ports.py`): from then on strangers
cost nothing, and are not counted.
"""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Any

from pbx.media.engine import Far

Address = tuple[Any, ...]

RELATCH_SECONDS = 3.0
STEADY_SECONDS = 2.0
"How long an address must have been latched to be pinned (`ports.py`)."
NOWHERE = ("", "0.0.0.0")
"Hosts that mean: send nothing (the second is an old way to hold, RFC 3264 s.8.4)."
COMFORT_NOISE = 13
"A phone may begin with it (RFC 3389)."


class Latch:
    """The addresses of one far end; the part of a `Flow` that knows where."""

    __slots__ = ("_latched_at", "codings", "expected", "far", "heard", "latched", "target")

    def __init__(self) -> None:
        self.far: Far | None = None
        self.codings: dict[int, str] = {}
        "What may come, by payload type."
        self.expected: Address | None = None
        "Where the SDP says they are."
        self.latched: Address | None = None
        self._latched_at = 0.0
        self.target: Address | None = None
        "Where our sound goes now; None sends nothing."
        self.heard = 0.0
        "When the last packet came (or was first expected)."

    def point(self, far: Far, now: float) -> bool:
        """Take a new or changed far end; True when it is another address."""
        expected = (far.host, far.port) if _is_known(far) else None
        moved = expected is not None and expected != self.expected
        if moved:
            self.expected, self.latched = expected, None
        if self.far is None or not self.far.sends:
            self.heard = now
        self.far = far
        self.codings = {codec.payload_type: codec.name for codec in far.accept}
        self.codings[far.send.payload_type] = far.send.name
        self._retarget(far)
        return moved

    def lets_in(self, payload_type: int, address: Address, now: float) -> bool:
        """Whether a packet from another address than the latched one is let in; latches it."""
        far = self.far
        if far is None or (
            payload_type not in self.codings and payload_type not in (far.digits, COMFORT_NOISE)
        ):
            return False
        waits = now - self.heard >= RELATCH_SECONDS
        if self.latched is not None and address != self.expected and not waits:
            return False
        self.latched, self._latched_at = address, now
        self._retarget(far)
        return True

    def is_steady(self, now: float) -> bool:
        """Whether the far end has spoken from one address for a while, up to now."""
        held = now - self._latched_at
        return self.latched is not None and held > STEADY_SECONDS > now - self.heard

    def _retarget(self, far: Far) -> None:
        if far.host in NOWHERE:
            self.target = None
        else:
            self.target = self.latched or (self.expected if _is_known(far) else None)


def _is_known(far: Far) -> bool:
    """Whether its SDP names one place that sound may go to before any came from there.

    A name would be looked up by `sendto`, which waits: only addresses are used. Groups, broadcast
    and reserved addresses are nobody's phone, and a stranger's way to have us call out to many.
    """
    try:
        address = IPv4Address(far.host)
    except ValueError:
        return False
    one = not (address.is_multicast or address.is_reserved or address.packed[0] == 0)
    return one and 0 < far.port < 65536
