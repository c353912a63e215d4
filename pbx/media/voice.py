"""What the office itself says on a stream: prompts, tones and keys, frame by frame on time.

The schedule is absolute: a late wake-up is made good by two frames at a time, so no error adds up
over a minute of music.

A room for conferences will be a third source here, beside player and presser: it claims the
numbering the same way, takes its frames from `mixer.mix`, and hears its members where `relay.py`
feeds the recorder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pbx.media.keys import Presser
from pbx.media.player import Player
from pbx.media.rtp import BYTES_PER_MS, WRAP_32

if TYPE_CHECKING:
    from pbx.media.relay import Flow

MAX_BURST = 2
"Frames sent at once to catch up."
GIVE_UP = 1.0
"Seconds late after which the schedule begins anew: the machine slept."
FRAME_MS = (10, 20, 30, 40, 60)


class Voice:
    """Our own sound towards one far end. While it is busy, the peer is not heard there."""

    __slots__ = ("_at", "_flow", "due", "player", "presser")

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self.player: Player | None = None
        self.presser: Presser | None = None
        self.due = 0.0
        "When the next frame is to go out."
        self._at: int | None = None  # the moment of the next frame, in ticks; None: not begun

    @property
    def busy(self) -> bool:
        """Something is said."""
        return self.player is not None or self.presser is not None

    @property
    def frame_ms(self) -> int:
        """The length of our frames, as the far end wants it."""
        frame_ms = self._flow.far.frame_ms if self._flow.far is not None else 20
        return frame_ms if frame_ms in FRAME_MS else 20

    def play(self, player: Player | None) -> None:
        """Begin to play, or stop."""
        was_busy, self.player = self.busy, player
        self._changed(was_busy)

    def press(self, keys: str) -> None:
        """Send keys. Without a far end there is nobody to hear them."""
        far = self._flow.far
        if far is None:
            return
        was_busy = self.busy
        if self.presser is None:
            events = far.digits is not None
            self.presser = Presser(events=events, coding=far.send.name, frame_ms=self.frame_ms)
        self.presser.press(keys)
        self._changed(was_busy)

    def forget_keys(self) -> None:
        """The far end takes keys in another way now: those on their way are lost."""
        was_busy, self.presser = self.busy, None
        self._changed(was_busy)

    def _changed(self, was_busy: bool) -> None:
        if self.busy == was_busy:
            return
        if not was_busy:
            self._flow.out.claim()
            self._at = None
        self._flow.plan()
        if self.busy:
            self._flow.tell("speaks", self._flow.stream)

    def tick(self, now: float) -> bool:
        """Send the frames that are due; False when there is nothing more to say."""
        if now - self.due > GIVE_UP:
            self.due = now
            self._at = None
        step = self.frame_ms / 1000
        for _ in range(MAX_BURST):
            if self.due > now:
                break
            self._frame(now)
            if not self.busy:
                return False
            self.due += step
        return True

    def _frame(self, now: float) -> None:
        size = self.frame_ms * BYTES_PER_MS
        if self.presser is not None:
            step = self.presser.step()
            if step is not None:
                if step.payload:
                    marker = step.marker or self._at is None
                    self._emit(step.payload, now, marker=marker, since=step.since, event=step.event)
                self._advance(size, now)
                return
            self.presser = None
            self._changed(True)
        player = self.player
        if player is None:
            return
        # When nobody is to hear it, it goes by all the same, as music does.
        payload = player.frame(self._flow.coding, size)
        if payload:
            self._emit(payload, now, marker=self._at is None)
            self._advance(size, now)
        elif player.waits:
            self._at = None
        else:
            self.player = None
            self._changed(True)
            self._flow.tell("player_ended", self._flow.stream, player)

    def _emit(
        self, payload: bytes, now: float, *, marker: bool, since: int = 0, event: bool = False
    ) -> None:
        flow, far = self._flow, self._flow.far
        if far is None or not far.receives or flow.target is None:
            return
        at = self._moment(now)
        payload_type = far.digits if event and far.digits is not None else far.send.payload_type
        header = flow.out.next_header(payload_type, marker=marker, at=at, since=since, now=now)
        flow.put(header + payload)
        if flow.recorder is not None and not event:
            flow.recorder.spoken(far.send.name, at & WRAP_32, payload, now)

    def _advance(self, size: int, now: float) -> None:
        self._at = self._moment(now) + size

    def _moment(self, now: float) -> int:
        if self._at is None:
            self._at = self._flow.out.resume(now)
        return self._at
