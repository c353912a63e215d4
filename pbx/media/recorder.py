"""A recording: packets put in their place in time, written to a WAV file that grows as they come.

`Recorder` lives on the relay's thread and never touches a file; it hands half-second pieces to a
`WavFile` on the disk's thread. A file cut off by a crash is sound up to its last half second;
`mend` sets its header right.

What counts as silence: the level of 100 ms pieces, against the noise of this very call. The noise
floor follows the quietest pieces (at once downwards, 1 dB a second upwards); a piece is sound when
it is 9 dB above the floor and above -50 dBFS, and always when it is above -32 dBFS, so that a
steady tone is sound for ever. Packets that did not come are silence.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from pbx.media import wav
from pbx.media.disk import Disk
from pbx.media.g711 import Samples
from pbx.media.levels import Levels
from pbx.media.rtp import CLOCK_HZ
from pbx.media.track import Track
from pbx.media.wavfile import WavFile, Written

WRITE_SECONDS = 0.5
HOLD_BACK = round(0.2 * CLOCK_HZ)
"How long a packet may be late before its place is written as silence, in ticks."
TAIL = round(0.2 * CLOCK_HZ)
"What stays after the last sound when silence ends the recording."
MAX_WAITING_BYTES = 4 << 20
"What may wait for a slow disk: two minutes; then the recording fails instead of the memory."


@dataclass(frozen=True, slots=True)
class Recording:
    """What is asked of a recording; as in `engine.Stream.record`."""

    path: str
    max_seconds: float = 180.0
    silence_seconds: float = 0.0
    stop_digits: str = ""
    both_ways: bool = False
    rate_hz: int = 8000


@dataclass(slots=True)
class Outcome:
    """How it ended; the worker makes a `Recorded` of it."""

    seconds: float
    ended: str
    digit: str = ""
    error: str = ""
    peaks: tuple[int, ...] = field(default=())


class Recorder:
    """One recording in progress."""

    def __init__(
        self,
        asked: Recording,
        disk: Disk,
        *,
        now: float,
        finished: Callable[[Outcome], None],
        file: WavFile | None = None,
    ) -> None:
        self.asked = asked
        self._disk = disk
        self._finished = finished
        self._start = now
        self._rate = asked.rate_hz
        self._scale = asked.rate_hz // CLOCK_HZ
        self._far = Track(now, asked.rate_hz)
        self._near = Track(now, asked.rate_hz)
        self._levels = Levels(asked.rate_hz)
        self._taken = 0  # ticks that went to the file
        self._next_write = now + WRITE_SECONDS
        self._file = file or WavFile(Path(asked.path), asked.rate_hz)
        self._waiting = 0
        self._ending: Outcome | None = None
        self._write(b"")

    @property
    def over(self) -> bool:
        """It takes nothing any more; its outcome is told when the file is closed."""
        return self._ending is not None

    def heard(self, coding: str, timestamp: int, payload: bytes, now: float) -> None:
        """A packet of the far end's."""
        self._far.put(coding, timestamp, payload, now)

    def spoken(self, coding: str, timestamp: int, payload: bytes, now: float) -> None:
        """A packet sent to the far end, for a recording both ways."""
        if self.asked.both_ways:
            self._near.put(coding, timestamp, payload, now)

    def key(self, digit: str, now: float, *, timestamp: int | None = None) -> None:
        """A key was pressed; timestamp: of its event, None when it was found as a tone.

        A tone is known 40 ms after it began at the earliest, so more is cut off than was heard.
        """
        if self.over or digit not in self.asked.stop_digits:
            return
        begin = self._far.where(timestamp, now) if timestamp is not None else None
        if begin is None:
            begin = self._far.end - round(0.1 * CLOCK_HZ)
        self._end("digit", now, cut=begin, digit=digit)

    def tick(self, now: float) -> None:
        """To be called ten times a second or so."""
        if self.over:
            return
        here = round((now - self._start) * CLOCK_HZ)
        limit = round(self.asked.max_seconds * CLOCK_HZ)
        if here >= limit + HOLD_BACK:
            self._end("limit", now, cut=limit)
            return
        if now < self._next_write:
            return
        self._next_write = now + WRITE_SECONDS
        self._take(min(here - HOLD_BACK, limit))
        quiet = self._taken - self._levels.last_sound
        if self.asked.silence_seconds and quiet >= self.asked.silence_seconds * CLOCK_HZ:
            self._end("silence", now, cut=self._levels.last_sound + TAIL)

    def stop(self, ended: str, now: float) -> None:
        """End it now: 'stopped' or 'hung_up'."""
        if not self.over:
            limit = round(self.asked.max_seconds * CLOCK_HZ)
            self._end(ended, now, cut=min(limit, max(self._far.end, self._near.end)))

    def _end(self, ended: str, now: float, *, cut: int, digit: str = "") -> None:
        cut = max(0, cut)
        self._take(max(self._taken, min(cut, max(self._far.end, self._near.end, self._taken))))
        self._ending = Outcome(0.0, ended, digit)
        length = min(cut, self._taken) * self._scale * 2
        file = self._file
        self._disk.submit(lambda: file.finish(length), self._closed)

    def _take(self, upto: int) -> None:
        """Write what lies between the last time and here."""
        if upto <= self._taken:
            return
        sound: Samples = self._far.take(self._taken, upto)
        if self.asked.both_ways:
            both = sound.astype(np.int32) + self._near.take(self._taken, upto)
            sound = np.clip(both, -32768, 32767).astype(np.int16)
        self._taken = upto
        self._levels.add(sound)
        self._write(sound.astype("<i2").tobytes())

    def _write(self, data: bytes) -> None:
        self._waiting += len(data)
        if self._waiting > MAX_WAITING_BYTES:
            self._fail("the disk is too slow")
            return
        file = self._file
        self._disk.submit(lambda: file.append(data), lambda done: self._written(len(data), done))

    def _written(self, size: int, done: Written) -> None:
        self._waiting -= size
        if done.error and not self.over:
            self._fail(done.error)

    def _fail(self, error: str) -> None:
        self._ending = Outcome(0.0, "failed", error=error)
        file = self._file
        self._disk.submit(lambda: file.finish(None), self._closed)

    def _closed(self, done: Written) -> None:
        outcome = self._ending
        assert outcome is not None
        if done.error:
            outcome.ended, outcome.error = "failed", outcome.error or done.error
        outcome.seconds = done.bytes / 2 / self._rate
        outcome.peaks = self._levels.peaks(round(outcome.seconds * CLOCK_HZ))
        self._finished(outcome)


def mend(path: Path) -> float:
    """Set right the header of a recording whose writer was killed; the seconds of sound in it.

    A file too short to have sound is 0.0 and stays as it is. Raises OSError, or wav.NotWav for a
    file that was never a recording of ours.
    """
    with open(path, "r+b") as file:
        head = file.read(wav.HEADER_BYTES)
        if len(head) < wav.HEADER_BYTES:
            return 0.0
        if head[:4] != b"RIFF" or head[8:16] != b"WAVEfmt " or head[36:40] != b"data":
            raise wav.NotWav("not begun by the recorder")
        rate_hz = int.from_bytes(head[24:28], "little")
        if rate_hz not in wav.RATES_HZ:
            raise wav.NotWav(f"{rate_hz} samples a second")
        size = os.fstat(file.fileno()).st_size - wav.HEADER_BYTES
        size -= size % 2
        file.truncate(wav.HEADER_BYTES + size)
        file.seek(0)
        file.write(wav.header(rate_hz, size))
    return size / 2 / rate_hz
