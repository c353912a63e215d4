"""Mixing for a room: everybody hears all the others.

Pure; one call a 20 ms tick for a whole room.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]


def mix(frames: Sequence[Samples]) -> list[Samples]:
    """For each speaker, everyone else's sound.

    frames: n frames of one and the same length and rate, 16-bit signed mono; the answer has the
    same n, its arrays are new. Sums saturate; with one speaker the answer is silence.
    Raises ValueError when the lengths differ.
    """
    if not frames:
        return []
    stack = np.stack(frames)
    # 32 bits hold 65,536 full-scale speakers; one's own sound is taken off the exact sum, before
    # anything is cut.
    others = stack.sum(axis=0, dtype=np.int32) - stack
    return list(np.clip(others, -32768, 32767).astype(np.int16))
