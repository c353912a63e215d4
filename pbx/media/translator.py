"""Packets of one stream that must be taken apart: for their keys, a recording, or another coding.

What goes to the peer is translated (RFC 3550 s.7.1): the peer's payload types, its coding, and
its own numbers. Packets of a pair that wants none of this never come here (`relay.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pbx.media.codings import Convert, converter
from pbx.media.ear import Ear
from pbx.media.rtp import HEADER, WRAP_16, WRAP_32, unpack

if TYPE_CHECKING:
    from pbx.media.relay import Flow


class Translator:
    """The slow way of one far end's sound."""

    __slots__ = ("_convert", "_ear", "_flow")

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._convert: tuple[str, str, Convert] | None = None
        self._ear = Ear()

    @property
    def hears_tones(self) -> bool:
        """It looks for keys in the sound, so all of it must come here."""
        return self._ear.hears_tones

    def tune(self, *, tones: bool) -> None:
        """Look for keys in the sound, or not."""
        self._ear.tune(tones=tones)

    def renew(self) -> None:
        """Another source: its keys are told by other timestamps."""
        self._ear.renew()

    def begin(self) -> None:
        """Another peer: a coding that remembers what went before begins anew."""
        self._convert = None

    def take(self, datagram: memoryview, now: float) -> None:
        """A packet that was let in and counted, with all that may be wanted of it."""
        flow = self._flow
        far, peer = flow.far, flow.peer
        if far is None:
            return
        try:
            packet = unpack(datagram)
        except ValueError:
            flow.refused += 1
            return
        if packet.payload_type == far.digits:
            self._event(packet.timestamp, packet.payload, now)
        coding = flow.codings.get(packet.payload_type)
        if coding is not None and far.sends:
            if flow.recorder is not None:
                flow.recorder.heard(coding, packet.timestamp, packet.payload, now)
            if self._ear.hears_tones:
                for key in self._ear.tones(coding, packet.payload):
                    self._pressed(key, now)
        # Telling a key may have parted or closed the pair: ask again.
        if peer is None or flow.peer is not peer or not peer.listens or flow.far is None:
            return
        if packet.payload_type == far.digits and peer.far is not None:
            if peer.far.digits is None:
                return  # its tones were asked for in `_event`
            payload, payload_type = packet.payload, peer.far.digits
        elif coding is not None and far.sends and peer.far is not None:
            payload = self._converted(coding, peer.far.send.name, packet.payload)
            payload_type = peer.far.send.payload_type
        else:
            return
        out = peer.out
        marker = packet.marker
        if out.owner is not flow:
            flow.take_over(out, packet.sequence, packet.timestamp, now)
            marker = True
        at = packet.timestamp + out.timestamp_offset & WRAP_32
        header = HEADER.pack(
            0x80,
            payload_type | (marker << 7),
            packet.sequence + out.sequence_offset & WRAP_16,
            at,
            out.ssrc,
        )
        peer.put(header + payload)
        if peer.recorder is not None and coding is not None:
            peer.recorder.spoken(peer.far.send.name, at, payload, now)

    def _converted(self, source: str, target: str, payload: bytes) -> bytes:
        if source == target:
            return payload
        if self._convert is None or self._convert[:2] != (source, target):
            self._convert = (source, target, converter(source, target))
        return self._convert[2](payload)

    def _event(self, timestamp: int, payload: bytes, now: float) -> None:
        key = self._ear.event(timestamp, payload)
        if key:
            self._pressed(key, now, timestamp=timestamp)
            peer = self._flow.peer
            if peer is not None and peer.far is not None and peer.far.digits is None:
                peer.voice.press(key)

    def _pressed(self, key: str, now: float, *, timestamp: int | None = None) -> None:
        flow = self._flow
        flow.tell("digit", flow.stream, key)
        if flow.recorder is not None:
            flow.recorder.key(key, now, timestamp=timestamp)
