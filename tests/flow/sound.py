"""A media engine without sound: it knows who hears what, and that is all a story asks."""

from __future__ import annotations

import asyncio
import itertools
import wave
from collections.abc import Callable, Sequence
from pathlib import Path

from pbx.media.engine import (
    DigitPressed,
    Far,
    File,
    MediaGone,
    NoPorts,
    Recorded,
    Silence,
    Sound,
    Stream,
    StreamEvent,
    StreamFigures,
    StreamLost,
    StreamSilent,
    Tone,
    WorkerFacts,
)

ENDLESS = 10.0**9


def name_of(sound: Sound) -> str:
    """A sound's name, as stories write it: a prompt's id, 'tone:busy', 'music'."""
    match sound:
        case File():
            return sound.path.stem if sound.path.stem != "hold" else "music"
        case Tone():
            return f"tone:{sound.name}"
        case Silence():
            return "silence"


def seconds_of(sound: Sound) -> float:
    """How long it lasts."""
    match sound:
        case File() if name_of(sound) == "music":
            return 50.0
        case File():
            with wave.open(str(sound.path)) as wav:
                return float(wav.getnframes() / wav.getframerate())
        case Tone():
            endless = sound.name not in ("beep", "error")
            return sound.seconds or (ENDLESS if endless else 0.5)
        case Silence():
            return sound.seconds


class FlowStream:
    """A stream that only remembers."""

    def __init__(self, engine: FlowMedia, number: int) -> None:
        self.engine = engine
        self.id = number
        self.worker = 0
        self.port = 20000 + 2 * number
        self.on_event: Callable[[StreamEvent], None] | None = None
        self.far: Far | None = None
        self.peer: FlowStream | None = None
        self.playing: list[str] = []
        self.heard: list[str] = []
        "Everything that was played to this far end, from the first."
        self.sent_digits = ""
        self.closed = False
        self.lost = False
        self._stop_playing: asyncio.Future[None] | None = None
        self._stop_recording: asyncio.Future[str] | None = None
        self._stop_digits = ""

    def aim(self, far: Far) -> None:
        """Remember where the far end is."""
        self.far = far

    async def play(self, sounds: Sequence[Sound], *, loop: bool = False) -> bool:
        """Take as long as the sounds do."""
        self._alive()
        self.stop_playing()
        stop = self._stop_playing = asyncio.get_running_loop().create_future()
        try:
            while True:
                for sound in sounds:
                    self.playing = [name_of(sound)]
                    self.heard.append(name_of(sound))
                    done, _ = await asyncio.wait({stop}, timeout=max(0.01, seconds_of(sound)))
                    if self.lost:
                        raise MediaGone("its worker died")
                    if done or self.closed:
                        return False
                if not loop:
                    return True
        finally:
            if self._stop_playing is stop:
                self.playing, self._stop_playing = [], None

    def stop_playing(self) -> None:
        """Stop what plays now."""
        if self._stop_playing is not None and not self._stop_playing.done():
            self._stop_playing.set_result(None)

    async def record(
        self,
        path: Path,
        *,
        max_seconds: float = 180.0,
        silence_seconds: float = 0.0,
        stop_digits: str = "",
        both_ways: bool = False,
    ) -> Recorded:
        """Record silence for as long as it takes."""
        self._alive()
        loop = asyncio.get_running_loop()
        began, self._stop_digits = loop.time(), stop_digits
        stop = self._stop_recording = loop.create_future()
        try:
            async with asyncio.timeout(max_seconds):
                ended = await stop
        except TimeoutError:
            ended = "limit"
        finally:
            self._stop_digits = ""
        seconds = loop.time() - began
        path.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(path), "wb") as wav:
            wav.setnchannels(1)
            wav.setsampwidth(2)
            wav.setframerate(8000)
            wav.writeframes(b"\0\0" * int(seconds * 8000))
        if self.lost:
            raise MediaGone("its worker died")
        kind, _, digit = ended.partition(" ")
        return Recorded(path, seconds, kind, digit, peaks=(0,) * 150)

    def stop_recording(self) -> None:
        """End the recording now."""
        self._end_recording("stopped")

    def _end_recording(self, ended: str) -> None:
        if self._stop_recording is not None and not self._stop_recording.done():
            self._stop_recording.set_result(ended)

    def send_digits(self, digits: str) -> None:
        """Remember them."""
        self.sent_digits += digits

    async def figures(self) -> StreamFigures:
        """None to speak of."""
        self._alive()
        return StreamFigures()

    def close(self) -> None:
        """Gone."""
        if self.closed:
            return
        self.closed = True
        self.stop_playing()
        self._end_recording("hung_up")
        self.engine.disconnect(self)
        self.engine.open_streams.discard(self)

    def _alive(self) -> None:
        if self.closed:
            raise MediaGone("closed")

    # --- what a story does to it ---------------------------------------------------------------

    def press(self, digit: str) -> None:
        """The far end presses a key."""
        if digit in self._stop_digits:
            self._end_recording(f"digit {digit}")
        self._tell(DigitPressed(self.id, digit))

    def fall_silent(self) -> None:
        """No packet came for long."""
        self._tell(StreamSilent(self.id, 30.0))

    def lose(self) -> None:
        """Its worker died."""
        if self.closed:
            return
        self.lost = True
        self.close()
        self._tell(StreamLost(self.id))

    def _tell(self, event: StreamEvent) -> None:
        if self.on_event is not None:
            self.on_event(event)


class FlowMedia:
    """Opens such streams (implements `pbx.media.engine.MediaEngine`)."""

    def __init__(self) -> None:
        self.on_worker: Callable[[WorkerFacts, int], None] | None = None
        self.open_streams: set[FlowStream] = set()
        self.by_port: dict[int, FlowStream] = {}
        self.full = False
        "No port is free."
        self.limit = 10_000
        "Streams at once."
        self.seconds = 0.0
        "How long a stream takes to open."
        self._numbers = itertools.count()

    async def start(self) -> None:
        """Nothing to start."""

    async def stop(self) -> None:
        """Nothing to stop."""

    async def open(self, *, beside: Stream | None = None) -> FlowStream:
        """A new stream."""
        await asyncio.sleep(self.seconds)
        if self.full or len(self.open_streams) >= self.limit:
            raise NoPorts("all in use")
        stream = FlowStream(self, next(self._numbers))
        self.open_streams.add(stream)
        self.by_port[stream.port] = stream
        return stream

    def connect(self, one: Stream, other: Stream) -> None:
        """Remember who hears whom."""
        assert isinstance(one, FlowStream) and isinstance(other, FlowStream)
        if one.closed or other.closed:
            return
        self.disconnect(one)
        self.disconnect(other)
        one.peer, other.peer = other, one

    def disconnect(self, stream: Stream) -> None:
        """Part them."""
        assert isinstance(stream, FlowStream)
        if stream.peer is not None:
            stream.peer.peer = None
        stream.peer = None

    def lose_worker(self) -> None:
        """The one worker dies, and all its streams with it."""
        for stream in tuple(self.open_streams):
            stream.lose()

    def workers(self) -> tuple[WorkerFacts, ...]:
        """One, that never dies."""
        return (WorkerFacts(0, 1, True, len(self.open_streams)),)
