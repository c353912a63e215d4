"""What one far end is played: sounds one after the other, cut into frames.

Pure: no clock. Each listener has a place of its own in sounds that all share (`prepared.py`), and
keeps it when the coding changes, because in all our codings a byte is an eighth of a millisecond.
"""

from __future__ import annotations

from collections.abc import Sequence

from pbx.media.codings import SILENCE
from pbx.media.prepared import Ready


class Player:
    """Sounds on their way to one far end."""

    def __init__(self, sounds: Sequence[Ready | None], *, loop: bool = False) -> None:
        """sounds: None stands for one that is still being loaded; see `arrived`."""
        self._sounds: list[Ready | None] = list(sounds)
        self._loop = loop
        self._index = 0
        self._at = 0
        self._heard_any = False
        self.begun = False
        "A frame has been given out."

    def arrived(self, index: int, sound: Ready | None) -> None:
        """A sound was loaded; None when it cannot be: it is passed over."""
        self._sounds[index] = sound if sound is not None else _NOTHING

    @property
    def waits(self) -> bool:
        """The next sound is not loaded yet."""
        return self._index < len(self._sounds) and self._sounds[self._index] is None

    def frame(self, coding: str, size: int) -> bytes:
        """The next frame, of exactly this size; empty when all is played (or still loads).

        A frame goes over the seam between two sounds; the last one is filled up with silence.
        """
        parts = b""
        while len(parts) < size:
            if self._index >= len(self._sounds):
                if not self._loop or not self._heard_any:
                    break
                self._index, self._at, self._heard_any = 0, 0, False
            sound = self._sounds[self._index]
            if sound is None:
                break
            piece = sound.cut(coding, self._at, size - len(parts))
            if piece:
                parts += piece
                self._at += len(piece)
                self._heard_any = True
            else:
                self._index += 1
                self._at = 0
        if not parts:
            return b""
        self.begun = True
        return parts + SILENCE[coding] * (size - len(parts))


class _Nothing:
    def cut(self, coding: str, start: int, size: int) -> bytes:
        return b""


_NOTHING = _Nothing()
