"""A stream in memory: datagrams in, datagrams out, no sockets and no clock."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any

from pbx.media.engine import Codec, Far
from pbx.media.relay import Flow
from pbx.media.rtp import Packet, unpack

PCMA, PCMU, G722 = Codec("PCMA", 8), Codec("PCMU", 0), Codec("G722", 9)
_BUFFER = bytearray(2048)


def rtp(
    sequence: int,
    timestamp: int,
    payload: bytes = b"\xd5" * 160,
    *,
    kind: int = 8,
    ssrc: int = 0x11111111,
    marker: bool = False,
    first: int = 0x80,
) -> bytes:
    """One RTP packet."""
    return (
        struct.pack(
            "!BBHII", first, kind | marker << 7, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc
        )
        + payload
    )


@dataclass
class End:
    """A flow with what it sent, what it told, and a phone's address."""

    number: int
    address: tuple[str, int]
    sent: list[tuple[bytes, Any]] = field(default_factory=list)
    reports: list[bytes] = field(default_factory=list)
    told: list[tuple[Any, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.flow = Flow(
            self.number,
            buffer=_BUFFER,
            send=lambda data, address: self.sent.append((bytes(data), address)),
            send_rtcp=lambda data, address: self.reports.append(bytes(data)),
            tell=lambda *event: self.told.append(event),
            identity=(0xAAAA0000 + self.number, 100 * self.number, 5000 * self.number),
        )

    def hears(self, datagram: bytes, at: float = 0.0, source: Any = None) -> None:
        """A datagram comes in."""
        size = min(len(datagram), len(_BUFFER))
        _BUFFER[:size] = datagram[:size]
        self.flow.arrived(size, source or self.address, at)

    @property
    def keys(self) -> list[str]:
        """The keys told, in their order."""
        return [event[2] for event in self.told if event[0] == "digit"]

    @property
    def packets(self) -> list[Packet]:
        """What was sent, read."""
        return [unpack(data) for data, _ in self.sent]


def far(end: End, codec: Codec = PCMA, **more: Any) -> Far:
    """A far end where this phone is."""
    return Far(end.address[0], end.address[1], send=codec, **{"digits": 101, **more})


def pair(one: Codec = PCMA, other: Codec = PCMA, **more: Any) -> tuple[End, End]:
    """Two phones, connected."""
    left, right = End(1, ("10.0.0.1", 4000)), End(2, ("10.0.0.2", 6000))
    left.flow.aim(far(left, one, **more), 0.0)
    right.flow.aim(far(right, other), 0.0)
    left.flow.connect(right.flow)
    return left, right
