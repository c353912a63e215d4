"""G.711, A-law and mu-law: 64 kbit/s, one byte a sample at 8 kHz (ITU-T G.711, RFC 3551 s.4.5.14).

Tables over numpy, not `audioop`: that one codes negative mu-law samples up to a step off (-1 comes
back as -8) and is gone from Python 3.13; it would save 0.4 us a frame (`docs/decisions/codecs.md`).
All functions are pure; any bytes are sound, so nothing here can fail on what strangers send.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]
"Linear sound, 16-bit signed, one dimension."

ALAW_SILENCE = 0xD5
"The A-law code of the smallest positive level (table 1a, even bits inverted)."
ULAW_SILENCE = 0xFF
"The mu-law code of plus zero (table 2a)."


def _alaw_levels() -> Samples:
    """The 256 output values of table 1, scaled from 13 to 16 bits."""
    code = np.arange(256) ^ 0x55  # even bits travel inverted, G.711 s.3.1
    exponent, step = (code >> 4) & 7, code & 15
    # Segment 0 is linear like segment 1; from then on each segment doubles its steps. The value is
    # the middle of its interval.
    low = (step << 4) + 8
    level = np.where(exponent == 0, low, (low + 0x100) << np.maximum(exponent - 1, 0))
    return np.where(code & 0x80, level, -level).astype(np.int16)


def _ulaw_levels() -> Samples:
    """The 256 output values of table 2, scaled from 14 to 16 bits."""
    code = np.arange(256) ^ 0xFF  # all bits travel inverted, G.711 s.3.2
    exponent, step = (code >> 4) & 7, code & 15
    level = (((step << 3) + 0x84) << exponent) - 0x84
    return np.where(code & 0x80, -level, level).astype(np.int16)


def _codes(
    order: npt.NDArray[np.int64], lower_edges: npt.NDArray[np.int64]
) -> npt.NDArray[np.uint8]:
    """For every 16-bit sample (indexed as unsigned) the code of the interval it lies in.

    order: the codes of the positive half from the smallest level up; the code of the same level
    with the other sign differs in bit 7. lower_edges: the decision value below each of them.
    A sample on a decision value goes up when positive and, mirrored in two's complement, -1 is
    magnitude 0: the half-open intervals of ITU-T G.191.
    """
    magnitude = np.arange(32768)
    up = order[np.searchsorted(lower_edges, magnitude, side="right") - 1]
    # Unsigned index 32768..65535 is sample -32768..-1, whose complement is 32767..0.
    return np.concatenate([up, up[::-1] ^ 0x80]).astype(np.uint8)


_FROM_ALAW = _alaw_levels()
_FROM_ULAW = _ulaw_levels()
_RISING = np.arange(128)
_EXPONENT, _STEP = _RISING >> 4, _RISING & 15
_TO_ALAW = _codes(
    (_RISING | 0x80) ^ 0x55,
    np.where(_EXPONENT == 0, _STEP << 4, ((_STEP << 4) + 0x100) << np.maximum(_EXPONENT - 1, 0)),
)
_TO_ULAW = _codes(_RISING ^ 0xFF, np.maximum((((_STEP << 3) + 0x80) << _EXPONENT) - 0x84, 0))

# By way of the linear value: within the one step that G.711 tables 3 and 4 allow, and silence stays
# silence.
_ALAW_TO_ULAW = _TO_ULAW[_FROM_ALAW.view(np.uint16)].tobytes()
_ULAW_TO_ALAW = _TO_ALAW[_FROM_ULAW.view(np.uint16)].tobytes()


def decode_alaw(payload: bytes) -> Samples:
    """A-law bytes to as many samples."""
    return _FROM_ALAW.take(np.frombuffer(payload, np.uint8))


def decode_ulaw(payload: bytes) -> Samples:
    """Mu-law bytes to as many samples."""
    return _FROM_ULAW.take(np.frombuffer(payload, np.uint8))


def encode_alaw(sound: Samples) -> bytes:
    """Samples to as many A-law bytes."""
    return _TO_ALAW.take(sound.view(np.uint16)).tobytes()


def encode_ulaw(sound: Samples) -> bytes:
    """Samples to as many mu-law bytes."""
    return _TO_ULAW.take(sound.view(np.uint16)).tobytes()


def alaw_to_ulaw(payload: bytes) -> bytes:
    """A-law bytes to mu-law bytes."""
    return payload.translate(_ALAW_TO_ULAW)


def ulaw_to_alaw(payload: bytes) -> bytes:
    """Mu-law bytes to A-law bytes."""
    return payload.translate(_ULAW_TO_ALAW)
