"""RTP headers, counting and numbering (RFC 3550)."""

from __future__ import annotations

import struct

import pytest

from pbx.media.rtp import Outgoing, Reception, unpack
from tests.unit.media_engine.wire import rtp


def test_a_plain_packet_is_read() -> None:
    packet = unpack(rtp(7, 1120, b"abc", marker=True))
    assert (packet.payload_type, packet.marker, packet.sequence) == (8, True, 7)
    assert (packet.timestamp, packet.ssrc, packet.payload) == (1120, 0x11111111, b"abc")


def test_csrc_extension_and_padding_are_no_sound() -> None:
    extension = struct.pack("!HHI", 0xBEDE, 1, 0x12345678)
    body = bytes(8) + extension + b"sound" + b"\0\0\3"
    assert unpack(rtp(1, 0, body, first=0x80 | 0x20 | 0x10 | 2)).payload == b"sound"


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"\x80",
        bytes(12),
        rtp(1, 0, b"", first=0x40),
        rtp(1, 0, b"", first=0x8F),  # fifteen CSRCs that are not there
        rtp(1, 0, b"\xbe\xde\xff\xff", first=0x90),  # an extension of 65,535 words
        rtp(1, 0, b"\xbe", first=0x90),
        rtp(1, 0, b"abc\xff", first=0xA0),  # more padding than packet
        rtp(1, 0, b"abc\x00", first=0xA0),  # padding that does not count itself
    ],
)
def test_what_is_no_packet_is_refused(datagram: bytes) -> None:
    with pytest.raises(ValueError):
        unpack(datagram)


def _received(*sequences: int) -> Reception:
    reception = Reception()
    reception.begin(sequences[0])
    for sequence in sequences:
        reception.note(sequence)
    return reception


@pytest.mark.parametrize(
    ("sequences", "received", "lost"),
    [
        ((1, 2, 3), 3, 0),
        ((1, 4), 2, 2),
        ((65534, 65535, 0, 1), 4, 0),
        ((65534, 1), 2, 2),
        ((1, 3, 2, 4), 4, 0),
        ((1, 1, 1), 3, 0),
        ((10, 40000, 11), 2, 0),  # one stray number is not believed
        ((10, 40000, 40001, 40002), 2, 0),  # two in a row are: a new beginning (A.1)
    ],
)
def test_losses_are_counted_by_sequence(
    sequences: tuple[int, ...], received: int, lost: int
) -> None:
    reception = _received(*sequences)
    assert (reception.received, reception.lost) == (received, lost)


def test_runs_are_counted_over_the_wrap() -> None:
    reception = _received(65000)
    reception.advance(2000)
    assert reception.highest == 67000 - 65536
    assert (reception.received, reception.lost, reception.expected) == (2001, 0, 2001)


def test_jitter_of_an_even_stream_is_nothing_and_of_an_uneven_one_something() -> None:
    even, uneven = Reception(), Reception()
    for number in range(200):
        even.note_arrival(number * 160, number * 0.02)
        uneven.note_arrival(number * 160, number * 0.02 + (number % 2) * 0.005)
    assert even.jitter < 0.01
    assert 35 < uneven.jitter < 41  # 5 ms are 40 ticks


def test_numbering_goes_on_through_relay_prompt_and_relay() -> None:
    out = Outgoing(1, 100, 5000)

    class Phone:
        def leave(self) -> None:
            out.settle(12, 8160, 1.02)

    phone = Phone()
    out.anchor(phone, 7, sequence=10, timestamp=7840, now=1.0)
    assert (10 + out.sequence_offset) & 0xFFFF == 101
    out.claim()
    assert out.owner is None
    at = out.resume(1.04)
    assert at == 5000 + 320 + 160
    header = unpack(out.next_header(8, marker=True, at=at, now=1.04))
    assert (header.sequence, header.timestamp, header.ssrc) == (104, 5480, 1)
    out.anchor(phone, 7, sequence=60000, timestamp=2**32 - 1, now=2.04)
    assert (60000 + out.sequence_offset) & 0xFFFF == 105
    assert (2**32 - 1 + out.timestamp_offset) & 0xFFFFFFFF == 5480 + 8000
