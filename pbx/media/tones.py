"""The tones of the Italian plan (ITU-T E.180 Supplement 2, Italy) and the mailbox's own signals.

Pure. Each tone is one period of samples; endless ones repeat it without a seam.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]

LEVEL_DBFS = -13.0
"Of a full-scale sine: about -10 dBm0, the nominal level of E.180 s.5 (full scale is +3.14 dBm0)."
EDGE_SECONDS = 0.005
"Rise and fall of each burst: a hard edge is heard as a click and splatters over the band."


@dataclass(frozen=True, slots=True)
class Cadence:
    """Bursts of sine: (hertz, seconds), 0 hertz is a pause."""

    bursts: tuple[tuple[float, float], ...]
    loops: bool = True


TONES: dict[str, Cadence] = {
    "dial": Cadence(((425, 0.2), (0, 0.2), (425, 0.6), (0, 1.0))),
    "ringback": Cadence(((425, 1.0), (0, 4.0))),
    "busy": Cadence(((425, 0.5), (0, 0.5))),
    "congestion": Cadence(((425, 0.2), (0, 0.2))),
    "information": Cadence(((950, 0.33), (1400, 0.33), (1800, 0.33), (0, 1.0))),
    "call_waiting": Cadence(
        ((425, 0.4), (0, 0.1), (425, 0.25), (0, 0.1), (425, 0.15), (0, 14.0)),
    ),
    # Ours. 'beep' is short enough not to end up as the start of a message, and far from both DTMF
    # groups' sums; 'error' falls, which is understood without words.
    "beep": Cadence(((1000, 0.25), (0, 0.05)), loops=False),
    "error": Cadence(((600, 0.15), (0, 0.05), (425, 0.3), (0, 0.05)), loops=False),
}


@cache
def sound(name: str, rate_hz: int = 8000) -> tuple[Samples, bool]:
    """One period of a tone, and whether it goes on from the start for ever.

    The array is shared and read-only. Raises KeyError for a name that is not in TONES.
    """
    cadence = TONES[name]
    samples = np.concatenate([_burst(hertz, seconds, rate_hz) for hertz, seconds in cadence.bursts])
    samples.flags.writeable = False
    return samples, cadence.loops


def _burst(hertz: float, seconds: float, rate_hz: int) -> Samples:
    count = round(seconds * rate_hz)
    if not hertz:
        return np.zeros(count, np.int16)
    peak = 32767 * 10 ** (LEVEL_DBFS / 20)
    wave = peak * np.sin(2 * np.pi * hertz * np.arange(count) / rate_hz)
    edge = round(EDGE_SECONDS * rate_hz)
    ramp = np.sin(np.pi / 2 * (np.arange(edge) + 0.5) / edge) ** 2
    wave[:edge] *= ramp
    wave[-edge:] *= ramp[::-1]
    return np.round(wave).astype(np.int16)
