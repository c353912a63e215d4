"""Pressing keys towards the far end: RFC 4733 packets, or tone pairs where it takes no events.

Pure: one `step` a frame says what goes out next.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from pbx.media import dtmf
from pbx.media.codings import RATE_HZ, SILENCE, Encoder
from pbx.media.rtp import BYTES_PER_MS

PRESS_MS = 100
"How long a key is held: Q.24 wants 40 at least, phones hold 70 to 200."
GAP_MS = 100
END_PACKETS = 3
"The last packet is sent three times (RFC 4733 s.2.5.1.4)."


@dataclass(frozen=True, slots=True)
class Step:
    """What to send in this frame."""

    payload: bytes = b""
    event: bool = False
    marker: bool = False
    "The first packet of a key."
    since: int = 0
    "Ticks since the key began: an event's packets all bear the time of its beginning."


class Presser:
    """Keys on their way out of one stream."""

    def __init__(self, *, events: bool, coding: str, frame_ms: int) -> None:
        """events: the far end takes telephone-event; coding: what its sound is otherwise."""
        self._events = events
        self._coding = coding
        self._frame = frame_ms * BYTES_PER_MS
        self._frame_ms = frame_ms
        self._steps: deque[Step] = deque()

    def press(self, keys: str) -> None:
        """Put keys behind those already waiting; what is no key is passed over."""
        for key in keys.upper():
            if key in dtmf.DIGITS:
                self._steps.extend(self._as_events(key) if self._events else self._as_tones(key))

    def step(self) -> Step | None:
        """This frame's packet; an empty payload is a pause, None the end."""
        return self._steps.popleft() if self._steps else None

    def _as_events(self, key: str) -> list[Step]:
        code, frame = dtmf.event_code(key), self._frame
        frames = max(1, -(-PRESS_MS // self._frame_ms))
        steps = [
            Step(
                dtmf.Event(code, duration=frame * (number + 1)).pack(),
                event=True,
                marker=number == 0,
                since=frame * number,
            )
            for number in range(frames)
        ]
        last = dtmf.Event(code, end=True, duration=frame * frames).pack()
        steps += [
            Step(last, event=True, since=frame * (frames + number)) for number in range(END_PACKETS)
        ]
        return steps + [Step()] * max(1, GAP_MS // self._frame_ms)

    def _as_tones(self, key: str) -> list[Step]:
        rate = RATE_HZ[self._coding]
        tone = dtmf.tone(key, rate, PRESS_MS / 1000)
        size = rate * self._frame_ms // 1000
        frames = -(-len(tone) // size)
        tone = np.concatenate([tone, np.zeros(frames * size - len(tone), np.int16)])
        encoder = Encoder(self._coding, rate)
        steps = [
            Step(encoder.encode(tone[number * size : (number + 1) * size]), marker=number == 0)
            for number in range(frames)
        ]
        silence = Step(SILENCE[self._coding] * self._frame)
        return steps + [silence] * max(1, GAP_MS // self._frame_ms)
