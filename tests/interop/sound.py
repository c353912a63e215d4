"""What a phone heard, told in frequencies and levels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile


@dataclass(frozen=True, slots=True)
class Heard:
    """A stretch of sound."""

    samples: np.ndarray
    "Mono, -1 to 1."
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate

    @property
    def level(self) -> float:
        """dB below full scale, root mean square; -120 for digital silence."""
        if not len(self.samples):
            return -120.0
        return float(10 * np.log10(np.mean(self.samples**2) + 1e-12))

    def between(self, start: float, end: float | None = None) -> Heard:
        """A part of it, in seconds."""
        last = None if end is None else int(end * self.rate)
        return Heard(self.samples[int(start * self.rate) : last], self.rate)

    def share(self, hertz: float, width: float = 15.0) -> float:
        """How much of the energy lies within `width` of a frequency: 0 to 1."""
        if len(self.samples) < self.rate // 20:
            return 0.0
        windowed = self.samples * np.hanning(len(self.samples))
        power = np.abs(np.fft.rfft(windowed)) ** 2
        frequencies = np.fft.rfftfreq(len(windowed), 1 / self.rate)
        total = float(power.sum())
        if total < 1e-9:
            return 0.0
        return float(power[abs(frequencies - hertz) <= width].sum()) / total

    def loudest(self) -> float:
        """The frequency with the most energy, in Hz."""
        power = np.abs(np.fft.rfft(self.samples * np.hanning(len(self.samples)))) ** 2
        return float(np.fft.rfftfreq(len(self.samples), 1 / self.rate)[int(power.argmax())])

    def stretches(self, hertz: float, *, frame: float = 0.1, share: float = 0.7) -> list[bool]:
        """For each frame: whether that tone is what is heard there."""
        size = int(frame * self.rate)
        pieces = [self.samples[i : i + size] for i in range(0, len(self.samples) - size, size)]
        return [
            Heard(p, self.rate).level > -45 and Heard(p, self.rate).share(hertz, 40.0) > share
            for p in pieces
        ]

    def seconds_of(self, hertz: float) -> float:
        """For how long, all in all, that tone was heard."""
        return 0.1 * sum(self.stretches(hertz))


def read(path: Path) -> Heard:
    """A sound file."""
    samples, rate = soundfile.read(path, dtype="float64", always_2d=True)
    return Heard(samples[:, 0], rate)
