"""Putting what the network delivers back into order and time.

`Timeline` says where in a recording a packet belongs; `JitterBuffer` gives out one frame a tick for
whoever mixes or plays on. Sequence numbers and timestamps are as in RFC 3550; both wrap, both may
jump when a phone restarts its clock. No I/O, no clock: packets are put in, ticks are asked for.

All our codings (PCMA, PCMU, G.722) have one payload byte for one timestamp tick, so lengths in
bytes are lengths in time: 8 a millisecond. Resampling between the two rates is `resample.py`, its
two classes are named here too.
"""

from __future__ import annotations

from dataclasses import dataclass

from pbx.media.resample import Down, Up

__all__ = ["Down", "JitterBuffer", "JitterFigures", "Timeline", "Up"]

TICKS_PER_MS = 8
JUMP = 2000 * TICKS_PER_MS
"A timestamp so far from the expected one is a new clock, when a second packet confirms it."


def signed(difference: int, bits: int) -> int:
    """A difference of counters that wrap at 2^bits, as the nearest signed number."""
    half = 1 << (bits - 1)
    return (difference + half) % (1 << bits) - half


class _Unwrapped:
    """Timestamps as positions that never wrap, and jumps closed up.

    A packet whose timestamp is more than JUMP away is put aside; when the next one follows it, the
    source has a new clock and goes on where the old one ended (RFC 3550 A.1 does the same with
    sequence numbers): one stray packet moves nothing.
    """

    def __init__(self) -> None:
        self._seq: int | None = None
        self._timestamp = 0
        self._position = 0
        self._end = 0
        self._suspect: tuple[int, int] | None = None

    def position(self, seq: int, timestamp: int, length: int) -> int | None:
        """Ticks since the first packet (earlier ones are negative); None for a suspect."""
        if self._seq is None:
            self._seq, self._timestamp = seq, timestamp
            self._end = length
            return 0
        step = signed(timestamp - self._timestamp, 32)
        if abs(step) > JUMP:
            expected, self._suspect = self._suspect, ((seq + 1) & 0xFFFF, timestamp)
            if expected is None or expected[0] != seq:
                return None
            if abs(signed(timestamp - expected[1], 32)) > JUMP:
                return None
            self._position = self._end
            self._timestamp, self._seq = timestamp, seq
            self._end = self._position + length
            self._suspect = None
            return self._position
        self._suspect = None
        position = self._position + step
        if step > 0:
            self._position, self._timestamp, self._seq = position, timestamp, seq
        self._end = max(self._end, position + length)
        return position


class Timeline:
    """Where in a recording each packet of one source belongs.

    Silence that was not sent (a phone with voice activity detection) stays as long as it was;
    a restart of the far end's clock leaves no hole.
    """

    def __init__(self) -> None:
        self._unwrapped = _Unwrapped()
        self._seen: dict[int, None] = {}

    def place(self, seq: int, timestamp: int, length: int) -> int | None:
        """The packet's first tick, counted from the first packet that came; may be negative.

        length: of the payload in ticks. None for a duplicate, and for a packet whose clock is not
        believed yet.
        """
        position = self._unwrapped.position(seq, timestamp, length)
        if position is None or position in self._seen:
            return None
        self._seen[position] = None
        if len(self._seen) > 64:
            del self._seen[next(iter(self._seen))]
        return position


@dataclass(slots=True)
class JitterFigures:
    """What became of the packets of one buffer."""

    played: int = 0
    "Frames with sound in them."
    missing: int = 0
    "Frames that were due while later ones waited: lost on the way."
    late: int = 0
    "Packets that came after their time."
    duplicates: int = 0
    skipped_ticks: int = 0
    "Sound thrown away to catch up, when too much waited."


class JitterBuffer:
    """Frames in order, one a tick.

    It begins `target_ms` after the first packet, and again after every pause in the sound; when
    more than `max_ms` wait it drops the oldest down to the target. So a slow or fast clock at the
    far end costs a frame now and then, and what a stranger can make it keep is bounded.
    """

    def __init__(
        self,
        *,
        frame_ms: int = 20,
        target_ms: int = 60,
        max_ms: int = 200,
        fill: int = 0xD5,
    ) -> None:
        """fill: the byte for a gap within a frame (silence of the coding)."""
        self._frame = frame_ms * TICKS_PER_MS
        self._target = target_ms * TICKS_PER_MS
        self._max = max_ms * TICKS_PER_MS
        self._fill = bytes([fill])
        self._unwrapped = _Unwrapped()
        self._waiting: dict[int, bytes] = {}
        self._next: int | None = None  # the position that the next tick plays; None: no sound on
        self._first = 0  # where the sound that is on began
        self._newest = 0  # the end of the newest packet
        self.figures = JitterFigures()

    @property
    def waiting_ms(self) -> int:
        """How much sound there is from the next frame to the newest packet's end."""
        if self._next is None or not self._waiting:
            return 0
        return max(0, self._newest - self._next) // TICKS_PER_MS

    def put(self, seq: int, timestamp: int, payload: bytes) -> None:
        """Take a packet as it came. Longer than `max_ms` is no packet of a call: dropped."""
        length = len(payload)
        if not 0 < length <= self._max:
            return
        position = self._unwrapped.position(seq, timestamp, length)
        if position is None:
            return
        end = position + length
        if self._next is None:
            self._restart(position, end)
        elif end <= self._next:
            if self._waiting:
                self.figures.late += 1
                return
            # Nothing waits and this is late: the delay has grown, or the pause was ours.
            self._restart(position, end)
        elif position in self._waiting:
            self.figures.duplicates += 1
            return
        self._waiting[position] = payload
        self._newest = max(self._newest, end)
        assert self._next is not None
        if self._newest - self._next > self._max:
            self._skip(self._newest - self._target)

    def take(self) -> bytes:
        """The frame that is due now, of exactly one frame's length; b"" when there is none.

        Call it once a tick, whether anything came or not.
        """
        if self._next is None:
            return b""
        start, stop = self._next, self._next + self._frame
        self._next = stop
        due = sorted(at for at in self._waiting if at < stop)
        if not due:
            if not self._waiting:
                self._next = None  # a pause: the next packet sets the depth anew
            elif start >= self._first:
                self.figures.missing += 1
            return b""
        self.figures.played += 1
        if len(due) == 1 and due[0] == start and len(self._waiting[start]) == self._frame:
            return self._waiting.pop(start)
        return self._assemble(due, start, stop)

    def _assemble(self, due: list[int], start: int, stop: int) -> bytes:
        """One frame out of packets that begin or end elsewhere; what is over waits on."""
        frame = bytearray(self._fill * (stop - start))
        for at in due:
            payload = self._waiting.pop(at)
            if at < start:
                payload, at = payload[start - at :], start
            now, later = payload[: stop - at], payload[stop - at :]
            frame[at - start : at - start + len(now)] = now
            if later and stop not in self._waiting:
                self._waiting[stop] = later
        return bytes(frame)

    def _restart(self, position: int, end: int) -> None:
        self._first = position
        self._next = position - self._target + self._frame
        self._newest = end

    def _skip(self, to: int) -> None:
        assert self._next is not None
        self.figures.skipped_ticks += to - self._next
        self._next = to
        for at in [at for at, payload in self._waiting.items() if at + len(payload) <= to]:
            del self._waiting[at]
