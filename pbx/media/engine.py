"""What the rest of the PBX knows of sound: streams, and what can be done with them.

Nothing above this file knows that workers are processes. Sound never crosses into this process:
only small commands go down and small events come up. All methods belong to the PBX's loop.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


class MediaGone(Exception):
    """The worker that carried this stream is gone, or the stream is closed."""


class NoPorts(Exception):
    """Every RTP port is in use."""


@dataclass(frozen=True, slots=True)
class Codec:
    """A sound coding as agreed for one direction of one stream."""

    name: str
    "'PCMU', 'PCMA' or 'G722'."
    payload_type: int
    "The RTP payload type number of this session (RFC 3551, or dynamic)."


@dataclass(frozen=True, slots=True)
class Far:
    """The far end as its SDP describes it, and what was agreed with it."""

    host: str
    "IP address; '0.0.0.0' or an empty string means send nothing yet."
    port: int
    rtcp_port: int = 0
    "0 means port + 1 (RFC 3605 gives another)."
    send: Codec = Codec("PCMA", 8)
    "What we send."
    accept: tuple[Codec, ...] = ()
    "What we may receive, by payload type; `send` is accepted whether listed or not."
    digits: int | None = None
    "Payload type of telephone-event (RFC 4733) on this stream, or None: in-band tones then."
    sends: bool = True
    "The far end may send (our direction has 'recv')."
    receives: bool = True
    "The far end wants to hear (our direction has 'send')."
    frame_ms: int = 20


@dataclass(frozen=True, slots=True)
class File:
    """A WAV file: 16-bit mono, 8 or 16 kHz."""

    path: Path


@dataclass(frozen=True, slots=True)
class Tone:
    """A tone of the Italian plan (ITU-T E.180): 'dial', 'ringback', 'busy', 'congestion', 'beep',
    'error'. Endless ones go on until stopped, or for `seconds` when that is above 0."""

    name: str
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing, for a while."""

    seconds: float


Sound = File | Tone | Silence


@dataclass(frozen=True, slots=True)
class Recorded:
    """A finished recording."""

    path: Path
    seconds: float
    "Length of the sound in the file, the trailing silence that ended it cut off."
    ended: str
    "'stopped', 'digit', 'silence', 'limit', 'hung_up' or 'failed'."
    digit: str = ""
    error: str = ""
    "Set with 'failed': 'disk_full' or the system's words. What was written before stays."
    peaks: tuple[int, ...] = ()
    "150 levels 0..100 over the whole recording."


@dataclass(frozen=True, slots=True)
class DigitPressed:
    """A key on the far end's phone, told once (RFC 4733 s.2.5.1.2: same timestamp, same key)."""

    stream: int
    digit: str
    "0-9 * # A-D"


@dataclass(frozen=True, slots=True)
class StreamSilent:
    """No packet came for this long although the far end should send; told once per silence."""

    stream: int
    seconds: float


@dataclass(frozen=True, slots=True)
class StreamLost:
    """The worker died; the stream is gone."""

    stream: int


StreamEvent = DigitPressed | StreamSilent | StreamLost


@dataclass(frozen=True, slots=True)
class StreamFigures:
    """Counters of one stream, read when it closes or on request."""

    received: int = 0
    sent: int = 0
    lost: int = 0
    "By sequence numbers (RFC 3550 A.3)."
    refused: int = 0
    "Datagrams that were no RTP, or came from another source than the latched one."
    jitter_ms: float = 0.0


class Stream(Protocol):
    """One leg's sound: a pair of UDP ports (RTP even, RTCP next) in one worker."""

    id: int
    worker: int
    port: int
    "RTP; RTCP is port + 1."
    on_event: Callable[[StreamEvent], None] | None
    "Called on the PBX's loop; set by the leg that owns the stream."

    def aim(self, far: Far) -> None:
        """Set or change the far end. The real source address latches on the first valid packet
        (RFC 7362) and stays until the next `aim` to another address or a longer silence."""
        ...

    async def play(self, sounds: Sequence[Sound], *, loop: bool = False) -> bool:
        """Play to the far end, one after the other; True when played to the end.

        A new `play` replaces the old one, whose answer is then False, as after `stop_playing`.
        While something plays, sound from a connected stream is not heard by this far end.
        Raises MediaGone; cancelling the await stops the sound.
        """
        ...

    def stop_playing(self) -> None:
        """Stop what plays now."""
        ...

    async def record(
        self,
        path: Path,
        *,
        max_seconds: float = 180.0,
        silence_seconds: float = 0.0,
        stop_digits: str = "",
        both_ways: bool = False,
    ) -> Recorded:
        """Record what the far end sends, 8 kHz (16 kHz for G.722) 16-bit mono WAV, until a limit.

        silence_seconds: end after this much silence; 0 means never. The file grows on disk as the
        sound arrives (what is there after a `kill -9` can be mended by `media.recorder.mend`).
        The stop digit's own tone is not in the file. Cancelling the await stops and keeps the file.
        """
        ...

    def stop_recording(self) -> None:
        """End the recording now; its `record` answers with 'stopped'."""
        ...

    def send_digits(self, digits: str) -> None:
        """Press keys towards the far end (RFC 4733, or in-band tones when it takes no events)."""
        ...

    async def figures(self) -> StreamFigures:
        """Counters so far. Raises MediaGone."""
        ...

    def close(self) -> None:
        """Give the ports back. Ends what plays and records. Twice does no harm."""
        ...


@dataclass(frozen=True, slots=True)
class WorkerFacts:
    """A worker as the administrator sees it."""

    worker: int
    pid: int
    alive: bool
    streams: int
    busy_percent: float = 0.0
    extra: dict[str, float] = field(default_factory=dict)


class MediaEngine(Protocol):
    """Opens streams and joins them."""

    on_worker: Callable[[WorkerFacts, int], None] | None
    "Told when a worker starts or dies, with the number of streams lost; set by the service."

    async def start(self) -> None:
        """Start the workers; ready when all answer."""
        ...

    async def stop(self) -> None:
        """End the workers and everything in them."""
        ...

    async def open(self, *, beside: Stream | None = None) -> Stream:
        """A new stream with its ports bound; in the same worker as `beside` when given.

        Raises NoPorts, or MediaGone when no worker lives.
        """
        ...

    def connect(self, one: Stream, other: Stream) -> None:
        """Let two streams hear each other, transcoding where they share no coding.

        telephone-events are passed on (converted to in-band tones for a side without them).
        Streams in different workers are joined by a tie line of the engine's own.
        A stream is connected to one other at most: connecting again moves it.
        """
        ...

    def disconnect(self, stream: Stream) -> None:
        """Part a stream from the one it is connected to."""
        ...

    def workers(self) -> tuple[WorkerFacts, ...]:
        """The workers, for the administrator's page."""
        ...
