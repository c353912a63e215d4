"""How loud a recording is from moment to moment: where sound was last, and its picture in peaks.

Pure. The rule for silence is told in `recorder.py`.
"""

from __future__ import annotations

import numpy as np

from pbx.media.g711 import Samples
from pbx.media.rtp import CLOCK_HZ

PIECE_SECONDS = 0.1
PEAKS = 150
ABOVE_FLOOR = 9.0
"dB above the call's own noise that make sound of it."
NEVER_SOUND = -50.0
ALWAYS_SOUND = -32.0
"dBFS."
RISE = 1.0 * PIECE_SECONDS
"How fast the noise floor follows upwards, in dB a piece."


class Levels:
    """The levels of one recording."""

    def __init__(self, rate_hz: int) -> None:
        self._size = round(rate_hz * PIECE_SECONDS)
        self._ticks = round(CLOCK_HZ * PIECE_SECONDS)
        self._rest = np.zeros(0, np.int16)
        self._floor = NEVER_SOUND
        self._loudest: list[int] = []
        self._pieces = 0
        self.last_sound = 0
        "Where the last sound ended, in ticks."

    def add(self, sound: Samples) -> None:
        """The next samples."""
        sound = np.concatenate([self._rest, sound]) if len(self._rest) else sound
        count = len(sound) // self._size
        pieces = sound[: count * self._size].reshape(count, self._size).astype(np.float32)
        self._rest = sound[count * self._size :].copy()
        # One look at the halves too: the picture of a short message has 150 levels as well.
        halves = np.abs(pieces.reshape(count * 2, -1)).max(axis=1) if count else np.zeros(0)
        self._loudest.extend(halves.astype(int).tolist())
        rms = np.sqrt((pieces**2).mean(axis=1)) if count else np.zeros(0)
        for level in (20 * np.log10(np.maximum(rms, 0.1) / 32768)).tolist():
            self._pieces += 1
            if self._is_sound(level):
                self.last_sound = self._pieces * self._ticks

    def peaks(self, ticks: int) -> tuple[int, ...]:
        """150 levels, 0 to 100, over the first so many ticks."""
        halves = self._loudest[: max(1, -(-ticks * 2 // self._ticks))]
        rest = int(np.abs(self._rest.astype(np.int32)).max()) if len(self._rest) else 0
        if not halves:
            halves = [rest]
        edges = [round(number * len(halves) / PEAKS) for number in range(PEAKS + 1)]
        return tuple(
            min(100, round(max(halves[low : max(high, low + 1)]) / 327.67))
            for low, high in zip(
                (min(edge, len(halves) - 1) for edge in edges), edges[1:], strict=False
            )
        )

    def _is_sound(self, level: float) -> bool:
        self._floor = level if level < self._floor else self._floor + RISE
        self._floor = min(max(self._floor, -90.0), ALWAYS_SOUND - ABOVE_FLOOR)
        return level > ALWAYS_SOUND or level > max(NEVER_SOUND, self._floor + ABOVE_FLOOR)
