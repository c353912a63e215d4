"""One stream inside a worker: what comes from the far end, and what goes to it.

`Flow.arrived` is the hot path: every relayed packet passes through it. A regular packet of a
connected pair with one coding (or the two G.711 laws) is read and renumbered where it lies, and
sent: no object is made.
Everything else (another coding, a recording, keys) is taken apart by `translator.py`. `_plan`
decides which is which whenever something about the pair changes.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any

from pbx.media.codings import TABLES
from pbx.media.engine import Far
from pbx.media.latch import Address, Latch
from pbx.media.recorder import Recorder
from pbx.media.reports import Reports
from pbx.media.rtp import (
    BYTES_PER_MS,
    HEADER,
    HEADER_SIZE,
    MAX_DROPOUT,
    MAX_MISORDER,
    WRAP_16,
    WRAP_32,
    Outgoing,
    Reception,
)
from pbx.media.translator import Translator
from pbx.media.voice import Voice

Send = Callable[[Any, Address], object]
Tell = Callable[..., None]

JUMP = 80_000
"A step of the timestamp, in ticks, that is no pause but another clock: 10 s."
MAX_PACKET = 2000
"Bytes; an Ethernet frame has 1500, and sound 60 ms long 492."
BURST = 400
"Packets of one stream at once: what a network held back for some seconds."
REFILL = 40
"""Packets a tenth of a second beyond that; sound has 10 at most. Calls aimed at each other through
our own ports would else pass one packet round as fast as the processor can."""
_HEADER_UNPACK = HEADER.unpack_from
_NUMBERS_PACK = HEADER.pack_into


class Flow(Latch):
    """One far end's sound, both directions."""

    # More than 30 attributes share no keys: slots keep the hot path's reads short.
    __slots__ = (
        "_buffer",
        "_next",
        "_passes",
        "_sendto",
        "_silence_told",
        "_tables",
        "_timestamp",
        "_view",
        "allowance",
        "out",
        "peer",
        "reception",
        "recorder",
        "refused",
        "reports",
        "send",
        "sent",
        "source",
        "stream",
        "tell",
        "translator",
        "voice",
    )

    def __init__(
        self,
        stream: int,
        *,
        buffer: bytearray,
        send: Send,
        send_rtcp: Send,
        tell: Tell,
        identity: tuple[int, int, int],
        cname: str = "officesmart",
    ) -> None:
        """buffer: where the worker puts the datagram that `arrived` is told of.

        send, send_rtcp: put a datagram on the wire, raise OSError when that fails. tell: events
        for the parent. identity: SSRC, first sequence number, first timestamp, all random.
        """
        super().__init__()
        self.stream = stream
        self._buffer = buffer
        self._view = memoryview(buffer)
        self._sendto = send
        self.send: Callable[[Any], object] = self.send_aimed
        "Puts a datagram on the wire to `target`; the socket's own `send` while it is pinned."
        self.tell = tell
        self.out = Outgoing(*identity)
        self.peer: Flow | None = None
        self.voice = Voice(self)
        self.translator = Translator(self)
        self.reports = Reports(self, send_rtcp, cname)
        self.recorder: Recorder | None = None

        self._silence_told: float | None = None
        self.allowance: float = inf
        "Packets that may still come before the next `refill`, which bounds them; see BURST."

        self.source = -1
        "The SSRC that comes from the far end; -1 before the first packet."
        self._next = -1
        self._timestamp = 0
        self.reception = Reception()
        self.refused = 0
        self.sent = 0
        self._passes: dict[int, int] = {}
        "For each second byte that goes the short way, the one it goes out with."
        self._tables: dict[int, bytes] = {}
        "For those of them in the other G.711 law, how to translate."

    # --- what comes -----------------------------------------------------------------------------

    def arrived(self, size: int, address: Address, now: float) -> None:
        """A datagram of this size lies in the buffer. Never raises, whatever is in it."""
        if address != self.latched and not self._admit(size, address, now):
            self.refused += 1
            return
        if not HEADER_SIZE <= size <= MAX_PACKET:
            self.refused += 1
            return
        first, second, sequence, timestamp, ssrc = _HEADER_UNPACK(self._buffer)
        if first & 0xC0 != 0x80 or self.allowance <= 0:
            self.refused += 1
            return
        self.allowance -= 1
        if sequence == self._next and ssrc == self.source:
            if not sequence & 15:
                self.reception.note_arrival(timestamp, now)
            if JUMP < (timestamp - self._timestamp & WRAP_32) < WRAP_32 - JUMP:
                self.leave()
            self._next = sequence + 1 & WRAP_16
        elif not self._irregular(sequence, timestamp, ssrc, now):
            return
        self.heard = now
        out_second = self._passes.get(second)
        peer = self.peer
        if out_second is None or first != 0x80 or peer is None:
            self._timestamp = timestamp
            self.translator.take(self._view[:size], now)
            return
        out = peer.out
        if out.owner is not self:
            self.take_over(out, sequence, timestamp, now)
            out_second |= 0x80
        self._timestamp = timestamp
        _NUMBERS_PACK(
            self._buffer,
            0,
            0x80,
            out_second,
            sequence + out.sequence_offset & WRAP_16,
            timestamp + out.timestamp_offset & WRAP_32,
            out.ssrc,
        )
        if self._tables and second in self._tables:
            self._view[HEADER_SIZE:size] = self._buffer[HEADER_SIZE:size].translate(
                self._tables[second]
            )
        try:
            peer.send(self._view[:size])
            peer.sent += 1
        except OSError:
            pass  # no route, or their queue is full: like any packet lost on the way

    def refill(self) -> None:
        """A tenth of a second has passed."""
        self.allowance = min(self.allowance + REFILL, BURST)
        self.reports.refill()

    def _admit(self, size: int, address: Address, now: float) -> bool:
        """Whether a packet from another address than the latched one is let in; latches it."""
        if self.far is None or size < HEADER_SIZE or self._buffer[0] & 0xC0 != 0x80:
            return False
        had_target = self.target is not None
        if not self.lets_in(self._buffer[1] & 0x7F, address, now):
            return False
        if had_target != (self.target is not None):
            self.plan()
        return True

    def _irregular(self, sequence: int, timestamp: int, ssrc: int, now: float) -> bool:
        """A packet that does not follow the one before; False when it goes no further."""
        reception = self.count()
        if ssrc != self.source or self._next < 0:
            if self.peer is not None and ssrc == self.peer.out.ssrc:
                self.refused += 1  # our own packet in a circle (RFC 3550 s.8.2)
                return False
            self.leave()
            self.source = ssrc
            self.translator.renew()
            reception.begin(sequence)
        step = sequence - reception.highest & WRAP_16
        if not reception.note(sequence):
            return False
        peer = self.peer
        if MAX_DROPOUT <= step <= WRAP_16 - MAX_MISORDER or (
            step < MAX_DROPOUT and JUMP < (timestamp - self._timestamp & WRAP_32) < WRAP_32 - JUMP
        ):
            self.leave()
        elif step > MAX_DROPOUT and peer is not None and peer.out.is_before_anchor(sequence):
            return False  # late, and its number went to something else
        self._next = reception.highest + 1 & WRAP_16
        return True

    def count(self) -> Reception:
        """The reception so far: the regular packets since the last irregular one are counted here.

        To be called within 65,000 packets; the reports do, every five seconds.
        """
        if self._next >= 0:
            self.reception.advance(self._next - 1 - self.reception.highest & WRAP_16)
        return self.reception

    # --- who numbers what goes out --------------------------------------------------------------

    def take_over(self, out: Outgoing, sequence: int, timestamp: int, now: float) -> None:
        """From this packet on, what goes to the peer is ours."""
        out.claim()
        out.anchor(self, self.source, sequence=sequence, timestamp=timestamp, now=now)

    def leave(self) -> None:
        """What goes to the peer is no longer numbered after what comes here."""
        peer = self.peer
        if peer is not None and peer.out.owner is self:
            peer.out.settle(self._next - 1 & WRAP_16, self._timestamp, self.heard)

    @property
    def coding(self) -> str:
        """What goes to the far end."""
        return self.far.send.name if self.far is not None else "PCMA"

    # --- what is asked for ----------------------------------------------------------------------

    @property
    def listens(self) -> bool:
        """The peer's sound may go to the far end now."""
        return (
            self.far is not None
            and self.far.receives
            and self.target is not None
            and not self.voice.busy
        )

    def aim(self, far: Far, now: float) -> None:
        """A new or changed far end."""
        before = self.far
        if self.point(far, now):
            self.reports.target = None
        if self.reports.target is None and self.expected is not None:
            self.reports.target = (self.expected[0], far.rtcp_port or min(far.port + 1, 65535))
        self.translator.tune(tones=far.digits is None)
        if before is not None and before.digits != far.digits:
            self.voice.forget_keys()
        self.plan()

    def plan(self) -> None:
        """Find again what may take the short way, here and at the peer."""
        self._plan()
        if self.peer is not None and self.peer is not self:
            self.peer._plan()

    def _plan(self) -> None:
        self._passes = {}
        self._tables = {}
        far, peer = self.far, self.peer
        if far is None or peer is None or peer.far is None:
            return
        if not far.sends or not peer.listens or self.recorder or self.translator.hears_tones:
            return
        if peer.recorder is not None and peer.recorder.asked.both_ways:
            return
        for payload_type, coding in self.codings.items():
            table = TABLES.get((coding, peer.far.send.name))
            if table is None and coding != peer.far.send.name:
                continue
            for marker in (0, 0x80):
                self._passes[payload_type | marker] = peer.far.send.payload_type | marker
                if table is not None:
                    self._tables[payload_type | marker] = table

    def connect(self, peer: Flow) -> None:
        """Hear and be heard by another stream (or by oneself: an echo)."""
        for flow in (self, peer):
            flow.disconnect()
        self.peer, peer.peer = peer, self
        self.translator.begin()
        peer.translator.begin()
        self.plan()

    def disconnect(self) -> None:
        """Part from the peer."""
        peer = self.peer
        if peer is None:
            return
        self.leave()
        peer.leave()
        self.peer = peer.peer = None
        self._passes = {}
        peer._passes = {}

    def send_aimed(self, datagram: bytes | memoryview) -> None:
        """Send to `target`. Raises OSError."""
        if self.target is not None:
            self._sendto(datagram, self.target)

    def put(self, packet: bytes) -> None:
        """Send an RTP packet to where the far end is."""
        if self.target is None:
            return
        try:
            self.send(packet)
            self.sent += 1
        except OSError:
            pass  # as in `arrived`

    # --- silence and figures --------------------------------------------------------------------

    def close(self) -> None:
        """Part from everything; the worker collects no cycles."""
        self.disconnect()
        del self.voice, self.translator, self.reports, self.send

    def watch(self, now: float, silent_after: float) -> None:
        """Tell once when the far end has sent nothing for too long although it should."""
        if self.far is None or not self.far.sends or self._silence_told == self.heard:
            return
        if now - self.heard >= silent_after:
            self._silence_told = self.heard
            self.tell("silent", self.stream, now - self.heard)

    def figures(self) -> tuple[int, int, int, int, float]:
        """Received, sent, lost, refused, jitter in milliseconds."""
        reception = self.count()
        jitter_ms = reception.jitter / BYTES_PER_MS
        return reception.total, self.sent, reception.lost, self.refused, jitter_ms
