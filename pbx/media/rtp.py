"""RTP packets and their numbering (RFC 3550). Pure: bytes, numbers and moments in; no sockets.

The hot path of a relayed call reads its header where it is (`relay.py`); what is here serves that
path's rare turns, and everything that plays, records or counts.
"""

from __future__ import annotations

import struct
from typing import NamedTuple, Protocol

HEADER = struct.Struct("!BBHII")
"Version and flags, marker and payload type, sequence number, timestamp, SSRC (RFC 3550 s.5.1)."
HEADER_SIZE = 12
CLOCK_HZ = 8000
"The RTP clock of every coding we speak: G.722 says 8000 too (RFC 3551 s.4.5.2)."
BYTES_PER_MS = 8
"Of payload: PCMU, PCMA and G.722 all carry 64 kbit/s, so a byte is a tick of the RTP clock."
WRAP_16 = 0xFFFF
WRAP_32 = 0xFFFFFFFF

MAX_DROPOUT = 3000
MAX_MISORDER = 100
"Beyond these a jump of the sequence number is a new beginning (RFC 3550 A.1)."


class Packet(NamedTuple):
    """One RTP packet, read. A tuple: quicker to make than a frozen dataclass."""

    payload_type: int
    marker: bool
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes


def unpack(datagram: bytes | memoryview) -> Packet:
    """Read one RTP packet (RFC 3550 s.5.1).

    CSRCs and header extension are skipped and padding removed, so `payload` is sound only.
    Raises ValueError under 12 bytes, when the version is not 2, or when a length inside lies.
    """
    if len(datagram) < HEADER_SIZE:
        raise ValueError("no RTP header")
    first, second, sequence, timestamp, ssrc = HEADER.unpack_from(datagram)
    if first & 0xC0 != 0x80:
        raise ValueError("RTP version is not 2")
    start, end = HEADER_SIZE + 4 * (first & 0x0F), len(datagram)
    if first & 0x10:
        if start + 4 > end:
            raise ValueError("header extension cut off")
        start += 4 + 4 * int.from_bytes(datagram[start + 2 : start + 4], "big")
    if first & 0x20:
        end -= datagram[-1] or end  # a padding of 0 cannot be: it counts itself (s.5.1)
    if start > end:
        raise ValueError("header or padding longer than the packet")
    payload = bytes(datagram[start:end])
    return Packet(second & 0x7F, second > 127, sequence, timestamp, ssrc, payload)


class Reception:
    """What came from one source: packets, losses, jitter (RFC 3550 A.1, A.3, A.8)."""

    __slots__ = (
        "_base",
        "_bad",
        "_cycles",
        "_lost_before",
        "_received_before",
        "_transit",
        "highest",
        "jitter",
        "received",
    )

    def __init__(self) -> None:
        self.received = 0
        self.highest = 0
        self.jitter = 0.0
        "In ticks of the RTP clock."
        self._base = -1
        self._cycles = 0
        self._bad = -1
        self._lost_before = 0
        self._received_before = 0
        self._transit: float | None = None

    def begin(self, sequence: int) -> None:
        """A source begins, or begins anew; what was lost before stays counted."""
        if self._base >= 0:
            self._lost_before = self.lost
            self._received_before += self.received
        self._base = self.highest = sequence
        self._cycles = 0
        self.received = 0
        self._bad = -1
        self._transit = None

    def note(self, sequence: int) -> bool:
        """One packet came. Call `begin` for the first. False when it is not believed yet."""
        step = (sequence - self.highest) & WRAP_16
        if step < MAX_DROPOUT:
            if sequence < self.highest:
                self._cycles += 1 << 16
            self.highest = sequence
        elif step <= (1 << 16) - MAX_MISORDER:
            # Far away: believed at the second packet of the new numbering (RFC 3550 A.1).
            if sequence != self._bad:
                self._bad = (sequence + 1) & WRAP_16
                return False
            self.begin(sequence)
        self.received += 1
        return True

    def note_arrival(self, timestamp: int, now: float) -> None:
        """Mix one arrival into the jitter; now: seconds of any steady clock."""
        transit = now * CLOCK_HZ - timestamp
        if self._transit is not None:
            distance = abs(transit - self._transit)
            if distance < CLOCK_HZ * 10:  # more is a jump of the timestamp, not jitter
                self.jitter += (distance - self.jitter) / 16
        self._transit = transit

    def advance(self, count: int) -> None:
        """So many packets came one after the other, each following the one before."""
        self.received += count
        total = self.highest + count
        self._cycles += total & ~WRAP_16
        self.highest = total & WRAP_16

    @property
    def total(self) -> int:
        """All packets that came, of all sources."""
        return self._received_before + self.received

    @property
    def extended(self) -> int:
        """The highest sequence number with its cycles, as reports want it."""
        return self._cycles + self.highest

    @property
    def expected(self) -> int:
        """How many packets this source should have sent us since it began."""
        return self.extended - self._base + 1 if self._base >= 0 else 0

    @property
    def lost(self) -> int:
        """Expected less received, over all sources; duplicates never make it negative."""
        return self._lost_before + max(0, self.expected - self.received)


class Source(Protocol):
    """Whose packets are relayed under an outgoing numbering."""

    def leave(self) -> None:
        """Stop, and `settle` how far it got."""


class Outgoing:
    """The numbering of one outgoing stream: one SSRC, sequence and timestamps that only rise.

    Phones keep their jitter buffer through changes of what we send (relay, prompt, relay again)
    when the numbering goes on and the marker shows where new sound begins. A relayed source keeps
    its own steps: `sequence_offset` and `timestamp_offset` are added to its numbers.
    """

    __slots__ = (
        "_anchored",
        "_last_at",
        "owner",
        "sequence",
        "sequence_offset",
        "source_ssrc",
        "ssrc",
        "timestamp",
        "timestamp_offset",
    )

    def __init__(self, ssrc: int, sequence: int, timestamp: int) -> None:
        self.ssrc = ssrc
        self.sequence = sequence
        "The last one sent."
        self.timestamp = timestamp
        "The last one sent."
        self._last_at: float | None = None
        self.owner: Source | None = None
        "Whose packets are relayed under the offsets; None while we number ourselves."
        self.source_ssrc = 0
        self.sequence_offset = 0
        self.timestamp_offset = 0
        self._anchored = 0

    def anchor(
        self, owner: Source, ssrc: int, *, sequence: int, timestamp: int, now: float
    ) -> None:
        """Let a relayed source go on where the numbering stands, from this packet of its."""
        self._elapse(now)
        self.owner = owner
        self.source_ssrc = ssrc
        self.sequence_offset = (self.sequence + 1 - sequence) & WRAP_16
        self.timestamp_offset = (self.timestamp - timestamp) & WRAP_32
        self._anchored = (self.sequence + 1) & WRAP_16

    def is_before_anchor(self, sequence: int) -> bool:
        """Whether a late packet of the relayed source has a number used before it took over."""
        number = sequence + self.sequence_offset
        return (number - self._anchored) & WRAP_16 > WRAP_16 - MAX_MISORDER

    def settle(self, sequence: int, timestamp: int, now: float) -> None:
        """The relayed source stops here: its last own numbers, as far as it got."""
        self.sequence = (sequence + self.sequence_offset) & WRAP_16
        self.timestamp = (timestamp + self.timestamp_offset) & WRAP_32
        self._last_at = now
        self.owner = None

    def resume(self, now: float) -> int:
        """Sound of our own begins: its first timestamp, later by the time that went by."""
        self._elapse(now)
        return self.timestamp

    def claim(self) -> None:
        """Whoever numbers now is to stop: somebody else begins."""
        if self.owner is not None:
            self.owner.leave()
            self.owner = None

    def next_header(
        self, payload_type: int, *, marker: bool, at: int, now: float, since: int = 0
    ) -> bytes:
        """The header of our own next packet; at: the moment it stands for.

        since: ticks since the event it belongs to began: all its packets bear that moment.
        """
        self.sequence = (self.sequence + 1) & WRAP_16
        self.timestamp = at & WRAP_32
        self._last_at = now
        stamp = (at - since) & WRAP_32
        return HEADER.pack(0x80, payload_type | (marker << 7), self.sequence, stamp, self.ssrc)

    def _elapse(self, now: float) -> None:
        if self._last_at is not None:
            # A frame at least, so that no timestamp is used for two sounds.
            passed = max(160, round((now - self._last_at) * CLOCK_HZ))
            self.timestamp = (self.timestamp + passed) & WRAP_32
        self._last_at = now
