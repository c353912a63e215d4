"""Sounds ready to send: files coded once for all who hear them, tones and silence.

A hundred callers under the same prompt cost one coding of it. A file is coded a second at a time,
just ahead of its first listener, so that a long one never holds up the relay; what was coded stays
in a bounded store until the file changes.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np

from pbx.media import tones, wav
from pbx.media.codings import RATE_HZ, SILENCE, Encoder
from pbx.media.g711 import Samples
from pbx.media.jitter import Up
from pbx.media.rtp import BYTES_PER_MS

STORE_BYTES = 64 << 20
"Samples and coded sound kept for the next listener; ten minutes of music on hold take 29 MB."
MAX_FILE_BYTES = 128 << 20
"An hour at 16 kHz."
_AHEAD_MS = 1000


class Ready(Protocol):
    """A sound that can be cut into frames of any coding."""

    def cut(self, coding: str, start: int, size: int) -> bytes:
        """Coded bytes from a place (in bytes, 8 a millisecond); fewer than asked at the end."""
        ...


class _Coded:
    """One coding of one file, as far as somebody has listened."""

    def __init__(self, samples: Samples, rate_hz: int, coding: str) -> None:
        self._samples, self._rate_hz, self._at = samples, rate_hz, 0
        self._up = Up() if coding == "G722" and rate_hz == 8000 else None
        self._encoder = Encoder(coding, RATE_HZ[coding] if self._up else rate_hz)
        self.data = bytearray()
        self.length = len(samples) * 8000 // rate_hz
        "In bytes, when all is coded."

    def reach(self, end: int) -> None:
        """Code on until there are so many bytes, or all."""
        while len(self.data) < min(end, self.length):
            # In steps of half a second: a step of G.722 takes under a millisecond.
            chunk = self._samples[self._at : self._at + self._rate_hz // 2]
            self._at += len(chunk)
            if not len(chunk):  # the resampler keeps a few samples back
                chunk = np.zeros(self._rate_hz // 10, np.int16)
            self.data += self._encoder.encode(self._up.feed(chunk) if self._up else chunk)


class Prepared:
    """A file in memory."""

    def __init__(self, samples: Samples, rate_hz: int) -> None:
        self._samples, self._rate_hz = samples, rate_hz
        self._coded: dict[str, _Coded] = {}

    @property
    def size(self) -> int:
        """Bytes of memory it holds or may come to hold."""
        return self._samples.nbytes * 3

    def cut(self, coding: str, start: int, size: int) -> bytes:
        """As in `Ready`."""
        coded = self._coded.get(coding)
        if coded is None:
            coded = self._coded[coding] = _Coded(self._samples, self._rate_hz, coding)
        end = start + size
        if len(coded.data) < end:
            coded.reach(end + _AHEAD_MS * BYTES_PER_MS)
        return bytes(coded.data[start : min(end, coded.length)])


def load(path: Path) -> Prepared:
    """Read a file; may wait for the disk. Raises OSError or wav.NotWav."""
    if path.stat().st_size > MAX_FILE_BYTES:
        raise wav.NotWav("longer than an hour")
    samples, rate_hz = wav.read(path.read_bytes())
    return Prepared(samples, rate_hz)


def stamp(path: Path) -> tuple[str, int, int]:
    """What a file is kept under: another content has another stamp. Raises OSError."""
    facts = path.stat()
    return str(path), facts.st_mtime_ns, facts.st_size


class Store:
    """Files kept for the next listener, the longest unheard thrown out first."""

    def __init__(self, limit: int = STORE_BYTES) -> None:
        self._limit = limit
        self._kept: OrderedDict[tuple[str, int, int], Prepared] = OrderedDict()
        self._size = 0

    def get(self, key: tuple[str, int, int]) -> Prepared | None:
        """The file under this stamp, if it is here."""
        prepared = self._kept.get(key)
        if prepared is not None:
            self._kept.move_to_end(key)
        return prepared

    def put(self, key: tuple[str, int, int], prepared: Prepared) -> None:
        """Keep a file. One larger than the whole store is not kept."""
        if prepared.size > self._limit or key in self._kept:
            return
        self._kept[key] = prepared
        self._size += prepared.size
        while self._size > self._limit:
            self._size -= self._kept.popitem(last=False)[1].size


class SilentSound:
    """Nothing, for a while."""

    def __init__(self, seconds: float) -> None:
        self._length = round(seconds * 1000) * BYTES_PER_MS

    def cut(self, coding: str, start: int, size: int) -> bytes:
        """As in `Ready`."""
        return SILENCE[coding] * max(0, min(size, self._length - start))


class ToneSound:
    """A tone of the plan."""

    def __init__(self, name: str, seconds: float) -> None:
        """seconds: how long at most; 0 means as the tone itself ends, or never.

        Raises KeyError for an unknown name.
        """
        _, self._loops = tones.sound(name)
        self._name = name
        self._limit = round(seconds * 1000) * BYTES_PER_MS

    def cut(self, coding: str, start: int, size: int) -> bytes:
        """As in `Ready`."""
        if self._limit:
            size = max(0, min(size, self._limit - start))
        period = _coded_tone(self._name, coding)
        if not self._loops:
            return period[start : start + size]
        start %= len(period)
        piece = period[start : start + size]
        while len(piece) < size:
            piece += period[: size - len(piece)]
        return piece


@lru_cache(maxsize=64)
def _coded_tone(name: str, coding: str) -> bytes:
    rate_hz = RATE_HZ[coding]
    period, loops = tones.sound(name, rate_hz)
    encoder = Encoder(coding, rate_hz)
    if loops:
        # The coder's state at the end of a period is where the next one begins: no seam.
        encoder.encode(period)
    return encoder.encode(period)
