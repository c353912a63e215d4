"""RTCP: reports of our own, and those of a connected far end put into the other side's numbers.

Pure. We renumber what we relay (one SSRC for each outgoing stream), so a report is passed on with
the SSRCs, sequence numbers and timestamps that its reader knows. Sender and receiver reports and
SDES go on; BYE and APP stay here: our stream does not end with its source (RFC 3550 s.7.1).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

SR, RR, SDES = 200, 201, 202
_NTP_EPOCH = 2208988800
"Seconds from 1900 to 1970 (RFC 3550 s.4)."
_BLOCK = struct.Struct("!IIIIII")


@dataclass(frozen=True, slots=True)
class Crossing:
    """The numbers of a report on its way from one far end to the other."""

    ssrc: int
    "The SSRC under which its sender's sound goes on."
    timestamp_offset: int
    "Added to its sender's timestamps."
    reported: int
    "The SSRC it knows our sound under."
    reported_as: int
    "The SSRC that the same sound has at its source."
    sequence_offset: int
    "What was added to the source's sequence numbers."


@dataclass(frozen=True, slots=True)
class Block:
    """What we say about a source (RFC 3550 s.6.4.1)."""

    ssrc: int
    lost: int
    fraction: int
    highest: int
    jitter: int


def _packets(datagram: bytes) -> list[tuple[int, int, bytes]]:
    """Type, count and body of the packets in a compound one; a lie about a length ends it."""
    found: list[tuple[int, int, bytes]] = []
    at = 0
    while at + 4 <= len(datagram):
        first, kind, words = struct.unpack_from("!BBH", datagram, at)
        end = at + 4 + 4 * words
        if first & 0xC0 != 0x80 or end > len(datagram):
            break
        found.append((kind, first & 0x1F, datagram[at + 4 : end]))
        at = end
    return found


def _pack(kind: int, count: int, body: bytes) -> bytes:
    return struct.pack("!BBH", 0x80 | count, kind, len(body) // 4) + body


def translate(datagram: bytes, crossing: Crossing) -> bytes:
    """A report for the other side; empty when nothing of it goes on."""
    out = b""
    for kind, count, body in _packets(datagram):
        if kind in (SR, RR):
            info = 20 if kind == SR else 0
            if len(body) < 4 + info:
                continue
            head = struct.pack("!I", crossing.ssrc)
            if kind == SR:
                seconds, fraction, timestamp, packets, octets = struct.unpack_from(
                    "!IIIII", body, 4
                )
                timestamp = (timestamp + crossing.timestamp_offset) & 0xFFFFFFFF
                head += struct.pack("!IIIII", seconds, fraction, timestamp, packets, octets)
            blocks = _blocks(body[4 + info :][: 24 * count], crossing)
            out += _pack(kind, len(blocks) // _BLOCK.size, head + blocks)
        elif kind == SDES and count == 1 and len(body) >= 8 and out:
            out += _pack(kind, count, struct.pack("!I", crossing.ssrc) + body[4:])
    return out


def _blocks(body: bytes, crossing: Crossing) -> bytes:
    out = b""
    for at in range(0, len(body) - _BLOCK.size + 1, _BLOCK.size):
        ssrc, lost, highest, jitter, last, delay = _BLOCK.unpack_from(body, at)
        if ssrc != crossing.reported:
            continue
        low = (highest - crossing.sequence_offset) & 0xFFFF
        highest = highest & 0xFFFF0000 | low
        out += _BLOCK.pack(crossing.reported_as, lost, highest, jitter, last, delay)
    return out


def report(
    ssrc: int,
    cname: str,
    *,
    about: Block | None = None,
    sent: tuple[float, int, int, int] | None = None,
) -> bytes:
    """A compound report of our own (RFC 3550 s.6.1): SR or RR, then SDES with our CNAME.

    sent: the time of day, our timestamp at that time, packets and octets sent; None makes a
    receiver report.
    """
    blocks = b""
    if about is not None:
        lost = about.fraction << 24 | min(about.lost, 0x7FFFFF)
        blocks = _BLOCK.pack(about.ssrc, lost, about.highest, about.jitter, 0, 0)
    count = 1 if about is not None else 0
    head = struct.pack("!I", ssrc)
    if sent is None:
        out = _pack(RR, count, head + blocks)
    else:
        day, timestamp, packets, octets = sent
        seconds, rest = divmod(day + _NTP_EPOCH, 1)
        head += struct.pack(
            "!IIIII",
            int(seconds) & 0xFFFFFFFF,
            int(rest * 2**32),
            timestamp & 0xFFFFFFFF,
            packets & 0xFFFFFFFF,
            octets & 0xFFFFFFFF,
        )
        out = _pack(SR, count, head + blocks)
    name = cname.encode()[:255]
    chunk = struct.pack("!IBB", ssrc, 1, len(name)) + name
    chunk += bytes(4 - len(chunk) % 4)  # the list ends with at least one zero (s.6.5)
    return out + _pack(SDES, 1, chunk)
