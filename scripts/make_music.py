"""Make the music on hold: sixteen slow bars of our own, that end where they begin.

    python scripts/make_music.py

An electric piano over a soft string chord, A A' B A, all between 200 Hz and 3.4 kHz so that a
telephone carries the whole of it. Every note is laid on a ring as long as the piece: what rings
on past the last bar is heard under the first, and the loop has no seam.
"""

from __future__ import annotations

import sys
import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).parent.parent))

from pbx.media.prompts import HOLD_MUSIC  # noqa: E402

Sound = npt.NDArray[np.float64]

RATE_HZ = 8000
BEAT_SECONDS = 0.8
BARS, BEATS = 16, 4
LEVEL_DBFS = -22.0
"RMS: a little under the voices."
TOP_HZ = 3400.0
LENGTH = round(BARS * BEATS * BEAT_SECONDS * RATE_HZ)

# MIDI note numbers; chords are voiced close, around middle C.
CHORDS = {
    "D": (62, 66, 69, 73),
    "Bm": (59, 66, 69, 74),
    "G": (59, 62, 67, 78),
    "A": (61, 64, 69, 76),
    "Em": (59, 64, 67, 74),
    "F#m": (61, 66, 69, 76),
}
BARS_CHORDS = "D Bm G A D F#m G A Bm F#m G D Em G Em A".split()
# One line a bar: (beat, note, beats long).
MELODY: list[list[tuple[float, int, float]]] = [
    [(0, 78, 1.5), (1.5, 76, 0.5), (2, 74, 2)],
    [(0, 73, 1), (1, 74, 1), (2, 71, 2)],
    [(0, 71, 1.5), (1.5, 73, 0.5), (2, 74, 1), (3, 79, 1)],
    [(0, 76, 3), (3, 73, 1)],
    [(0, 78, 1.5), (1.5, 76, 0.5), (2, 74, 1), (3, 81, 1)],
    [(0, 78, 0.5), (0.5, 81, 1.5), (2, 78, 2)],
    [(0, 79, 1), (1, 78, 1), (2, 76, 1), (3, 74, 1)],
    [(0, 76, 4)],
    [(0, 83, 1.5), (1.5, 81, 0.5), (2, 78, 2)],
    [(0, 81, 1.5), (1.5, 78, 0.5), (2, 76, 2)],
    [(0, 79, 1), (1, 78, 0.5), (1.5, 76, 0.5), (2, 74, 2)],
    [(0, 73, 1), (1, 74, 1), (2, 69, 2)],
    [(0, 71, 1), (1, 74, 1), (2, 76, 2)],
    [(0, 79, 1.5), (1.5, 78, 0.5), (2, 74, 2)],
    [(0, 76, 1), (1, 74, 1), (2, 71, 1), (3, 74, 1)],
    [(0, 76, 2), (2, 73, 2)],
]


def hertz(note: int) -> float:
    """A note of the equal temperament, A4 = 440 Hz."""
    return 440.0 * 2 ** ((note - 69) / 12)


def piano(note: int, seconds: float) -> Sound:
    """A struck note: upper partials die first, a bell-like one sooner still."""
    time = np.arange(round((seconds + 1.5) * RATE_HZ)) / RATE_HZ
    sound = np.zeros_like(time)
    for partial, strength, decay in (
        (1, 1.0, 1.1),
        (2, 0.45, 0.7),
        (3, 0.2, 0.45),
        (5, 0.06, 0.15),
    ):
        if hertz(note) * partial < TOP_HZ:
            sound += (
                strength * np.sin(2 * np.pi * hertz(note) * partial * time) * np.exp(-time / decay)
            )
    released = np.clip((seconds + 1.5 - time) / 1.5, 0, 1) ** 2
    struck = np.clip(time / 0.006, 0, 1)
    return sound * released * struck


def strings(note: int, seconds: float) -> Sound:
    """A bowed note that swells and fades over its neighbours: three players, not quite in tune."""
    time = np.arange(round((seconds + 0.8) * RATE_HZ)) / RATE_HZ
    sound = np.zeros_like(time)
    for player, cents in enumerate((-5, 0, 6)):
        pitch = hertz(note) * 2 ** (cents / 1200)
        for partial in range(1, 6):
            if pitch * partial < TOP_HZ:
                sound += np.sin(2 * np.pi * pitch * partial * time + player) / partial**1.8
    swell = np.clip(time / 0.8, 0, 1) * np.clip((seconds + 0.8 - time) / 0.8, 0, 1)
    sound *= np.sin(swell * np.pi / 2) ** 2
    return sound


def lay(ring: Sound, at_beat: float, sound: Sound, strength: float) -> None:
    """Add a sound to the ring, round its end."""
    places = (round(at_beat * BEAT_SECONDS * RATE_HZ) + np.arange(len(sound))) % LENGTH
    np.add.at(ring, places, sound * strength)


def compose() -> npt.NDArray[np.int16]:
    """The whole piece."""
    ring = np.zeros(LENGTH)
    for bar, name in enumerate(BARS_CHORDS):
        chord, start = CHORDS[name], bar * BEATS
        for note in chord:
            lay(ring, start, strings(note, BEATS * BEAT_SECONDS), 0.10)
        # Broken upwards, two notes a beat, softly.
        for step in range(BEATS * 2):
            note = chord[(0, 1, 2, 3, 2, 1, 2, 1)[step]]
            lay(ring, start + step / 2, piano(note, BEAT_SECONDS / 2), 0.16 if step % 4 else 0.22)
        for beat, note, beats in MELODY[bar]:
            lay(ring, start + beat, piano(note, beats * BEAT_SECONDS), 0.5)
    ring *= 10 ** (LEVEL_DBFS / 20) / np.sqrt((ring**2).mean())
    return np.round(ring * 32767).astype(np.int16)


def main() -> None:
    """Write the piece into the package."""
    HOLD_MUSIC.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(HOLD_MUSIC), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(compose().astype("<i2").tobytes())
    print(f"{HOLD_MUSIC}: {LENGTH / RATE_HZ:.1f} s")


if __name__ == "__main__":
    main()
