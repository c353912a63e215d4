"""G.722 at 64 kbit/s: wideband sound in one byte for two samples at 16 kHz (RFC 3551 s.4.5.2).

One Encoder and one Decoder a stream: both carry state from frame to frame. The RTP clock of G.722
counts 8000 a second although it samples at 16 kHz; so one payload byte is one timestamp tick, as
with G.711.

With `rate_hz=8000` only the lower band is made or read. That is what a call between a G.722 and a
G.711 phone needs: no resampling and half the work.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from G722 import G722

Samples = npt.NDArray[np.int16]

_BIT_RATE = 64000


class Encoder:
    """Linear sound to G.722."""

    def __init__(self, rate_hz: int = 16000) -> None:
        self._codec = G722(rate_hz, _BIT_RATE)

    def encode(self, sound: Samples) -> bytes:
        """16-bit samples to one byte for every two (at 8 kHz: for every one).

        At 16 kHz an odd last sample is lost: give whole frames.
        """
        return bytes(self._codec.encode(sound)) if len(sound) else b""


class Decoder:
    """G.722 to linear sound."""

    def __init__(self, rate_hz: int = 16000) -> None:
        self._codec = G722(rate_hz, _BIT_RATE)

    def decode(self, payload: bytes) -> Samples:
        """Bytes to twice as many 16-bit samples (at 8 kHz: to as many). Any bytes are sound."""
        if not payload:
            return np.zeros(0, np.int16)
        return np.array(self._codec.decode(payload), np.int16)
