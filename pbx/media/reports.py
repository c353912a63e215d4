"""RTCP of one stream: the far end's reports go on to the peer; without a peer we report."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pbx.media import rtcp
from pbx.media.rtp import BYTES_PER_MS, WRAP_32

if TYPE_CHECKING:
    from pbx.media.latch import Address
    from pbx.media.relay import Flow


BURST = 20
"Reports of a far end at once."
REFILL = 2
"A tenth of a second beyond that; RFC 3550 s.6.2 has one in five seconds."


class Reports:
    """The RTCP side of a stream."""

    __slots__ = ("_allowance", "_cname", "_flow", "_reported", "_send", "target")

    def __init__(self, flow: Flow, send: Callable[[Any, Address], object], cname: str) -> None:
        self._flow, self._send, self._cname = flow, send, cname
        self.target: Address | None = None
        "Where the far end's RTCP port is: by its SDP, then by what came."
        self._reported = (0, 0)
        self._allowance = BURST

    def refill(self) -> None:
        """A tenth of a second has passed."""
        self._allowance = min(self._allowance + REFILL, BURST)

    def arrived(self, datagram: bytes, address: Address) -> None:
        """An RTCP packet; only the far end's own host is believed."""
        flow = self._flow
        place = flow.latched or flow.expected
        if place is None or address[0] != place[0] or not self._allowance:
            flow.refused += 1
            return
        self._allowance -= 1
        self.target = address
        peer = flow.peer
        if peer is None or not peer.listens:
            return
        crossing = rtcp.Crossing(
            ssrc=peer.out.ssrc,
            timestamp_offset=peer.out.timestamp_offset,
            reported=flow.out.ssrc,
            reported_as=peer.source & WRAP_32,
            sequence_offset=flow.out.sequence_offset,
        )
        if passed := rtcp.translate(datagram, crossing):
            peer.reports.put(passed)

    def report(self) -> None:
        """A report of our own, every five seconds, while no peer's reports go to the far end."""
        flow = self._flow
        reception = flow.count()
        if self.target is None or (flow.peer is not None and not flow.voice.busy):
            return
        if not flow.sent and not reception.received:
            return
        about = None
        if reception.received:
            expected, lost = reception.expected, reception.lost
            more, gone = expected - self._reported[0], lost - self._reported[1]
            self._reported = (expected, lost)
            fraction = min(255, gone * 256 // more) if more > 0 and gone > 0 else 0
            highest, jitter = reception.extended & WRAP_32, int(reception.jitter)
            about = rtcp.Block(flow.source & WRAP_32, lost, fraction, highest, jitter)
        sent = None
        if flow.voice.busy:
            octets = flow.sent * flow.voice.frame_ms * BYTES_PER_MS
            sent = (time.time(), flow.out.timestamp, flow.sent, octets)
        self.put(rtcp.report(flow.out.ssrc, self._cname, about=about, sent=sent))

    def put(self, datagram: bytes) -> None:
        """Send an RTCP packet to the far end."""
        if self.target is None:
            return
        try:
            self._send(datagram, self.target)
        except OSError:
            pass  # as with sound: lost on the way
