"""The keys of one far end: telephone-events, or the tone pairs in its sound when it has none."""

from __future__ import annotations

from pbx.media.codings import Decoder
from pbx.media.dtmf import Detector, EventReader
from pbx.media.rtp import BYTES_PER_MS

DETECT_BYTES = 40 * BYTES_PER_MS
"Sound to gather before looking for tones in it: a look costs about the same for 10 ms and 40."


class Ear:
    """What listens for keys on one stream."""

    __slots__ = ("_coding", "_decoder", "_detector", "_events", "_sound")

    def __init__(self) -> None:
        self._events = EventReader()
        self._detector: Detector | None = None
        self._decoder: Decoder | None = None
        self._coding = ""
        self._sound = b""

    @property
    def hears_tones(self) -> bool:
        """It wants the sound too."""
        return self._detector is not None

    def tune(self, *, tones: bool) -> None:
        """Look for tones in the sound, or not."""
        self._detector = (self._detector or Detector(8000)) if tones else None

    def renew(self) -> None:
        """Another source: its events are told by other timestamps."""
        self._events = EventReader()

    def event(self, timestamp: int, payload: bytes) -> str:
        """The key that begins with this event packet, or ""."""
        return self._events.read(timestamp, payload)

    def tones(self, coding: str, payload: bytes) -> list[str]:
        """The keys that begin in this sound."""
        if self._decoder is None or self._coding != coding:
            self._decoder, self._coding, self._sound = Decoder(coding, 8000), coding, b""
        self._sound += payload
        if len(self._sound) < DETECT_BYTES or self._detector is None:
            return []
        sound, self._sound = self._sound, b""
        return self._detector.feed(self._decoder.decode(sound))
