"""One side of a recording: packets laid out in time, by their timestamps and their arrival.

Pure. Positions are ticks of 1/8000 s since the recording began. Timestamps keep the order and the
length of what was lost; when they disagree with the clock on the wall by more than half a second
(a jump, another source, a phone that stopped sending while on hold) the arrival counts.
"""

from __future__ import annotations

import numpy as np

from pbx.media.codings import Decoder
from pbx.media.g711 import Samples
from pbx.media.rtp import CLOCK_HZ, WRAP_32

DISAGREEMENT = CLOCK_HZ // 2
MAX_WAITING = 500
"Packets kept between two takes; a flood beyond is dropped."


class Track:
    """The packets of one side that are not written yet."""

    def __init__(self, start: float, rate_hz: int) -> None:
        self._start = start
        self._rate_hz = rate_hz
        self._scale = rate_hz // CLOCK_HZ
        self._offset: int | None = None
        self._packets: list[tuple[int, str, bytes]] = []
        self._decoders: dict[str, Decoder] = {}
        self.end = 0
        "Where the last packet ends."

    def where(self, timestamp: int, now: float) -> int | None:
        """The position of a timestamp, None when it disagrees with its arrival."""
        here = round((now - self._start) * CLOCK_HZ)
        if self._offset is None:
            return None
        place = (timestamp + self._offset) & WRAP_32
        place -= (place & 0x80000000) << 1  # signed
        return place if abs(place - here) <= DISAGREEMENT else None

    def put(self, coding: str, timestamp: int, payload: bytes, now: float) -> None:
        """Lay a packet in its place."""
        place = self.where(timestamp, now)
        if place is None:
            here = round((now - self._start) * CLOCK_HZ)
            place = max(self.end, here - len(payload))
            self._offset = (place - timestamp) & WRAP_32
        if len(self._packets) < MAX_WAITING:
            self._packets.append((place, coding, payload))
            self.end = max(self.end, place + len(payload))

    def take(self, start: int, end: int) -> Samples:
        """The sound between two positions, gaps as silence; later packets stay."""
        out = np.zeros((end - start) * self._scale, np.int16)
        ready = sorted((p for p in self._packets if p[0] < end), key=lambda packet: packet[0])
        self._packets = [packet for packet in self._packets if packet[0] >= end]
        at = 0
        while at < len(ready):
            # Packets that join are decoded in one go.
            place, coding, payload = ready[at]
            run = [payload]
            after = place + len(payload)
            at += 1
            while at < len(ready) and ready[at][0] <= after and ready[at][1] == coding:
                # The same position again is a copy sent twice.
                if ready[at][0] == after:
                    run.append(ready[at][2])
                    after += len(ready[at][2])
                at += 1
            self._lay(out, place, coding, b"".join(run), start=start, end=end)
        return out

    def _lay(
        self, out: Samples, place: int, coding: str, payload: bytes, *, start: int, end: int
    ) -> None:
        decoder = self._decoders.get(coding)
        if decoder is None:
            decoder = self._decoders[coding] = Decoder(coding, self._rate_hz)
        after = place + len(payload)
        if after <= start:
            return
        if after > end:
            # What reaches over the end waits as a packet of its own.
            keep = end - place
            self._packets.append((end, coding, payload[keep:]))
            payload = payload[:keep]
        sound = decoder.decode(payload)
        if place < start:
            sound = sound[(start - place) * self._scale :]
            place = start
        begin = (place - start) * self._scale
        out[begin : begin + len(sound)] = sound
