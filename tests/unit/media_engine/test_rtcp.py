"""RTCP of our own and passed on (RFC 3550 s.6)."""

from __future__ import annotations

import struct

from pbx.media import rtcp
from tests.unit.media_engine.wire import pair, rtp

CROSSING = rtcp.Crossing(
    ssrc=0xB0, timestamp_offset=1000, reported=0xA0, reported_as=0xC0, sequence_offset=5
)


def _block(ssrc: int, highest: int) -> bytes:
    return struct.pack("!IIIIII", ssrc, 7, highest, 3, 1, 2)


def test_a_sender_report_crosses_in_the_other_sides_numbers() -> None:
    report = struct.pack("!BBHIIIIII", 0x82, 200, 18, 0x99, 1, 2, 8000, 50, 8000)
    report += _block(0xA0, 0x10003) + _block(0xDEAD, 1)
    passed = rtcp.translate(report, CROSSING)
    first, kind, words, ssrc, *_rest, timestamp, packets, octets = struct.unpack_from(
        "!BBHIIIIII", passed
    )
    assert (first, kind, words, len(passed)) == (0x81, 200, 12, 52)
    assert (ssrc, timestamp, packets, octets) == (0xB0, 9000, 50, 8000)
    assert struct.unpack_from("!III", passed, 28) == (0xC0, 7, 0x1FFFE)


def test_bye_stays_and_lies_about_length_end_the_packet() -> None:
    receiver = struct.pack("!BBHI", 0x80, 201, 1, 0x99)
    bye = struct.pack("!BBHI", 0x81, 203, 1, 0x99)
    assert rtcp.translate(bye, CROSSING) == b""
    assert rtcp.translate(receiver + bye, CROSSING) == struct.pack("!BBHI", 0x80, 201, 1, 0xB0)
    assert rtcp.translate(b"\x80\xc8\xff\xff" + bytes(20), CROSSING) == b""
    assert rtcp.translate(struct.pack("!BBH", 0x80, 200, 0), CROSSING) == b""


def test_reports_of_connected_phones_are_passed_on() -> None:
    left, right = pair()
    left.hears(rtp(1, 0, ssrc=0x99))
    right.hears(rtp(9, 0, ssrc=0x88))
    report = struct.pack("!BBHI", 0x81, 201, 7, 0x99) + _block(left.flow.out.ssrc, 101)
    left.flow.reports.arrived(report, (left.address[0], 4001))
    left.flow.reports.arrived(report, ("10.6.6.6", 4001))
    assert len(right.reports) == 1
    assert struct.unpack_from("!I", right.reports[0], 4) == (right.flow.out.ssrc,)
    assert struct.unpack_from("!III", right.reports[0], 8) == (0x88, 7, 9)


def test_a_stream_without_a_peer_gets_reports_of_ours() -> None:
    left, _ = pair()
    left.flow.disconnect()
    for sequence in (1, 2, 4):
        left.hears(rtp(sequence, 160 * sequence, ssrc=0x99))
    left.flow.reports.report()
    (report,) = left.reports
    assert struct.unpack_from("!BBHII", report) == (0x81, 201, 7, left.flow.out.ssrc, 0x99)
    lost, highest = struct.unpack_from("!II", report, 12)
    assert (lost >> 24, lost & 0xFFFFFF, highest) == (64, 1, 4)  # one of four
    assert b"officesmart" in report
    assert len(report) % 4 == 0
