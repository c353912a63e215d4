"""The codings a worker speaks behind one table: to samples, from samples, from one to another.

G.722 carries state, so a `Decoder`, an `Encoder` or a converter belongs to one direction of one
stream.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pbx.media import g711, g722
from pbx.media.g711 import Samples
from pbx.media.jitter import Down, Up

RATE_HZ = {"PCMA": 8000, "PCMU": 8000, "G722": 16000}
"The sampling rate of each coding; its RTP clock is 8000 in all three."
_DECODE = {"PCMA": g711.decode_alaw, "PCMU": g711.decode_ulaw}
_ENCODE = {"PCMA": g711.encode_alaw, "PCMU": g711.encode_ulaw}
SILENCE = {
    "PCMA": bytes([g711.ALAW_SILENCE]),
    "PCMU": bytes([g711.ULAW_SILENCE]),
    # What the coder answers to digital silence once it has settled.
    "G722": g722.Encoder().encode(np.zeros(3200, np.int16))[-1:],
}

_EVERY_BYTE = bytes(range(256))
TABLES = {
    ("PCMA", "PCMU"): g711.alaw_to_ulaw(_EVERY_BYTE),
    ("PCMU", "PCMA"): g711.ulaw_to_alaw(_EVERY_BYTE),
}
"For `bytes.translate`: the pairs that convert byte by byte."

Convert = Callable[[bytes], bytes]


class Decoder:
    """One direction of one stream, to samples at 8000 or 16000 a second."""

    def __init__(self, coding: str, rate_hz: int) -> None:
        self._up = Up() if coding != "G722" and rate_hz == 16000 else None
        self._decode = _DECODE.get(coding) or g722.Decoder(rate_hz).decode

    def decode(self, payload: bytes) -> Samples:
        """Samples of this payload; any bytes are sound."""
        samples = self._decode(payload)
        return self._up.feed(samples) if self._up else samples


class Encoder:
    """One direction of one stream, from samples at 8000 or 16000 a second."""

    def __init__(self, coding: str, rate_hz: int) -> None:
        self._down = Down() if coding != "G722" and rate_hz == 16000 else None
        self._encode = _ENCODE.get(coding) or g722.Encoder(rate_hz).encode

    def encode(self, samples: Samples) -> bytes:
        """The coded samples."""
        return self._encode(self._down.feed(samples) if self._down else samples)


def converter(source: str, target: str) -> Convert:
    """Payloads of one coding into payloads of another, of the same length.

    Between the G.711 laws a table does it; G.722 goes by way of samples at 8000 a second, which is
    all that the narrow side can carry.
    """
    if source == target:
        return bytes
    table = TABLES.get((source, target))
    if table is not None:
        return lambda payload: payload.translate(table)
    decode, encode = Decoder(source, 8000).decode, Encoder(target, 8000).encode
    return lambda payload: encode(decode(payload))
