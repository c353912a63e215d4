"""A stream as the PBX holds it: verbs become commands to the worker, events become answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pbx.media import commands
from pbx.media.engine import (
    Far,
    MediaGone,
    Recorded,
    Sound,
    StreamEvent,
    StreamFigures,
)

if TYPE_CHECKING:
    from pbx.media.tie import Tie
    from pbx.media.workers import Seat


class WorkerStream:
    """One stream in one worker; implements `engine.Stream`."""

    def __init__(self, seat: Seat, stream: int, port: int) -> None:
        self.id = stream
        self.worker = seat.number
        self.port = port
        self.on_event: Callable[[StreamEvent], None] | None = None
        self.seat = seat
        self.far: Far | None = None
        "As last aimed."
        self.connected: WorkerStream | None = None
        self.tie: Tie | None = None
        self._closed = False
        self._playing = 0
        self._recording = 0

    @property
    def gone(self) -> bool:
        """Closed, or lost with its worker."""
        return self._closed

    def aim(self, far: Far) -> None:
        """As in `engine.Stream`."""
        if not self._closed:
            self.far = far
            self.seat.send("aim", self.id, commands.far_down(far))

    async def play(self, sounds: Sequence[Sound], *, loop: bool = False) -> bool:
        """As in `engine.Stream`."""
        plain = commands.sounds_down(sounds)
        token, answer = self._ask("play", plain, loop)
        self._playing = token
        try:
            return bool(await answer)
        except asyncio.CancelledError:
            self.seat.forget(token)
            self.seat.send("stop_playing", self.id, token)
            raise

    def stop_playing(self) -> None:
        """As in `engine.Stream`."""
        if not self._closed:
            self.seat.send("stop_playing", self.id, 0)

    async def record(
        self,
        path: Path,
        *,
        max_seconds: float = 180.0,
        silence_seconds: float = 0.0,
        stop_digits: str = "",
        both_ways: bool = False,
    ) -> Recorded:
        """As in `engine.Stream`."""
        asked = (str(path), max_seconds, silence_seconds, stop_digits, both_ways)
        token, answer = self._ask("record", asked)
        try:
            seconds, ended, digit, error, peaks = await answer
        except asyncio.CancelledError:
            self.seat.forget(token)
            self.seat.send("stop_recording", self.id, token)
            raise
        return Recorded(path, seconds, ended, digit, error, tuple(peaks))

    def stop_recording(self) -> None:
        """As in `engine.Stream`."""
        if not self._closed:
            self.seat.send("stop_recording", self.id, 0)

    def send_digits(self, digits: str) -> None:
        """As in `engine.Stream`."""
        if not self._closed:
            self.seat.send("send_digits", self.id, digits)

    async def figures(self) -> StreamFigures:
        """As in `engine.Stream`."""
        _, answer = self._ask("figures")
        counters = await answer
        if counters is None:
            raise MediaGone(f"stream {self.id} is closed")
        return StreamFigures(*counters)

    def close(self) -> None:
        """As in `engine.Stream`. What plays answers False, what records 'hung_up'."""
        if not self._closed:
            self._closed = True
            self.seat.closed(self)

    def lost(self, event: StreamEvent) -> None:
        """The worker is gone."""
        self._closed = True
        self.tell(event)

    def tell(self, event: StreamEvent) -> None:
        """Hand an event to the leg that owns this stream."""
        if self.on_event is not None:
            self.on_event(event)

    def _ask(self, word: str, *rest: Any) -> tuple[int, asyncio.Future[Any]]:
        if self._closed:
            raise MediaGone(f"stream {self.id} is closed")
        return self.seat.ask(word, self.id, *rest)
