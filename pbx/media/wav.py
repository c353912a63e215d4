"""WAV files of speech: 16-bit mono at 8 or 16 kHz, read generously and written so that a file cut
off in the middle is still sound up to there.
"""

from __future__ import annotations

import struct

import numpy as np

from pbx.media.g711 import Samples

HEADER_BYTES = 44
RATES_HZ = (8000, 16000)


class NotWav(ValueError):
    """These bytes are no WAV file that we can play; the text says why."""


def header(rate_hz: int, data_bytes: int) -> bytes:
    """The 44 bytes before 16-bit mono samples."""
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        36 + data_bytes,
        b"WAVE",
        b"fmt ",
        16,
        1,
        1,
        rate_hz,
        rate_hz * 2,
        2,
        16,
        b"data",
        data_bytes,
    )


def read(content: bytes) -> tuple[Samples, int]:
    """The samples of a WAV file and their rate.

    Chunks we don't know are passed over, and a data chunk longer than the file (a recording cut
    off, sizes of 0 or 0xFFFFFFFF of a writer that could not seek) ends where the file does.
    Raises NotWav for another coding, channel count or rate.
    """
    if len(content) < 12 or content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise NotWav("no RIFF/WAVE header")
    rate_hz, at = 0, 12
    while at + 8 <= len(content):
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        at += 8
        if name == b"fmt " and at + 16 <= len(content):
            coding, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", content, at)
            # 0xFFFE is the extensible form; with 16 bits and one channel it is plain samples too.
            if coding not in (1, 0xFFFE) or channels != 1 or bits != 16:
                raise NotWav(f"not 16-bit mono (coding {coding}, {channels} channels, {bits} bits)")
            if rate_hz not in RATES_HZ:
                raise NotWav(f"{rate_hz} samples a second, not 8000 or 16000")
        elif name == b"data":
            if not rate_hz:
                raise NotWav("samples before their format")
            room = len(content) - at
            count = min(size or room, room) // 2
            return np.frombuffer(content, "<i2", count, at), rate_hz
        at += size + (size & 1)
    raise NotWav("no samples")
