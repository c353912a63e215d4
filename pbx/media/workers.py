"""The media engine: streams carried by worker processes which are watched and replaced.

Parent side; all of it belongs to the PBX's loop. A `Seat` is one worker's place: its process may
die and be followed by another, its share of the port range stays.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Callable
from typing import Any

from pbx.media.child import Child
from pbx.media.commands import Message
from pbx.media.engine import (
    DigitPressed,
    MediaGone,
    NoPorts,
    Stream,
    StreamLost,
    StreamSilent,
    WorkerFacts,
)
from pbx.media.portbook import PortBook, pairs
from pbx.media.streams import WorkerStream
from pbx.media.tie import Tie

log = logging.getLogger(__name__)

START_SECONDS = 10.0
"How long a worker may take to say its first word."
OPEN_SECONDS = 2.0
"How long `open` waits for ports that are being bound, or for a worker that is being replaced."
HUNG_PINGS = 3
"A worker that leaves so many unanswered is killed: its calls end instead of staying dumb."
RETRY_SECONDS = 0.5


class Seat:
    """One worker's place in the engine."""

    def __init__(self, engine: Workers, number: int, ports: list[int]) -> None:
        self.number = number
        self._engine = engine
        self._ports = ports
        self._book = PortBook(ports)
        self._child: Child | None = None
        self._streams: dict[int, WorkerStream] = {}
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._changed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._unanswered = 0
        self._extra: dict[str, float] = {}
        self._ended = False

    # --- the process ----------------------------------------------------------------------------

    async def start(self) -> None:
        """Start a worker and have ports bound. Raises MediaGone when it does not come up."""
        child = Child(self._told, self._gone)
        try:
            await child.start(self._engine.bind_host, self._engine.silent_after)
            await asyncio.wait_for(child.ready, START_SECONDS)
        except (OSError, TimeoutError) as error:
            child.kill()
            await child.reap()
            raise MediaGone(f"media worker {self.number} does not start: {error!r}") from error
        except asyncio.CancelledError:
            child.kill()
            await child.reap()
            raise
        self._child = child
        self._unanswered = 0
        self._bind()
        self._changed.set()
        self._engine.worker_changed(self, 0)

    async def stop(self) -> None:
        """End the worker and everything in it."""
        self._ended = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        child, self._child = self._child, None
        if child is not None:
            await child.end()
        self._lose_all()

    @property
    def alive(self) -> bool:
        """A worker sits here."""
        return self._child is not None and self._child.alive

    def send(self, *message: Any) -> None:
        """Give the worker a command."""
        if self._child is not None:
            self._child.send(*message)

    def ask(self, word: str, stream: int, *rest: Any) -> tuple[int, asyncio.Future[Any]]:
        """Give a command that has an answer; the future raises MediaGone if the worker goes."""
        if not self.alive:
            raise MediaGone(f"media worker {self.number} is gone")
        token = self._engine.next_number()
        answer = self._answers[token] = asyncio.get_running_loop().create_future()
        self.send(word, stream, token, *rest)
        return token, answer

    def forget(self, token: int) -> None:
        """Nobody waits for this answer any more."""
        self._answers.pop(token, None)

    def ping(self) -> None:
        """Ask for a sign of life, and end a worker that gave none for long."""
        if not self.alive or self._child is None:
            return
        # Counted, not timed: when it was this process that slept, a single ping is open.
        if self._unanswered >= HUNG_PINGS:
            log.error("media worker %d hangs: killed", self.number)
            self._child.kill()
        self._unanswered += 1
        self.send("ping", 0)

    def _gone(self, child: Child) -> None:
        if child is not self._child:
            return
        self._child = None
        lost = self._lose_all()
        log.error("media worker %d (pid %d) is gone with %d streams", self.number, child.pid, lost)
        self._book = PortBook(self._ports)
        self._engine.worker_changed(self, lost, pid=child.pid)
        self._run(child.reap())
        if not self._ended:
            self._run(self._replace())

    async def _replace(self) -> None:
        while not self._ended:
            try:
                await self.start()
                return
            except MediaGone as error:
                log.error("%s", error)
                await asyncio.sleep(RETRY_SECONDS)

    def _run(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _lose_all(self) -> int:
        streams, self._streams = list(self._streams.values()), {}
        answers, self._answers = list(self._answers.values()), {}
        for answer in answers:
            if not answer.done():
                answer.set_exception(MediaGone(f"media worker {self.number} is gone"))
                answer.exception()  # whoever asked may have gone too
        for stream in streams:
            self._engine.disconnect(stream)
            stream.lost(StreamLost(stream.id))
        self._changed.set()
        return len(streams)

    # --- streams --------------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._streams)

    async def open(self) -> WorkerStream:
        """A stream here: at once as a rule, else when ports are bound or the worker replaced."""
        loop = asyncio.get_running_loop()
        until = loop.time() + OPEN_SECONDS
        while True:
            port = self._book.take(loop.time()) if self.alive else None
            self._bind()
            if port is not None:
                stream = WorkerStream(self, self._engine.next_number(), port)
                self._streams[stream.id] = stream
                self.send("open", stream.id, port)
                return stream
            if self.alive and not self._book.binding:
                raise NoPorts(f"all {len(self._ports)} RTP port pairs are in use")
            self._changed.clear()
            try:
                async with asyncio.timeout_at(until):
                    await self._changed.wait()
            except TimeoutError:
                raise MediaGone(f"media worker {self.number} does not answer") from None

    def closed(self, stream: WorkerStream) -> None:
        """The stream's owner has done with it."""
        self._engine.disconnect(stream)
        if self._streams.pop(stream.id, None) is not None:
            self.send("close", stream.id)
            self._book.give_back(stream.port, asyncio.get_running_loop().time())

    def _bind(self) -> None:
        if self.alive and (ports := self._book.to_bind(asyncio.get_running_loop().time())):
            self.send("bind", ports)

    # --- what the worker tells ------------------------------------------------------------------

    def _told(self, child: Child, message: Message) -> None:
        self._unanswered = 0
        match message:
            case ("digit", stream, key):
                self._tell(stream, DigitPressed(stream, key))
            case ("silent", stream, seconds):
                self._tell(stream, StreamSilent(stream, seconds))
            case ("played" | "recorded" | "figures", token, value):
                answer = self._answers.pop(token, None)
                if answer is not None and not answer.done():
                    answer.set_result(value)
            case ("bound", ports):
                self._book.bound(ports)
                self._bind()
                self._changed.set()
            case ("pong", _, facts):
                self._extra = facts
            case ("note", text):
                log.warning("media worker %d: %s", self.number, text)

    def _tell(self, stream: int, event: DigitPressed | StreamSilent) -> None:
        owner = self._streams.get(stream)
        if owner is not None:
            owner.tell(event)

    def facts(self, *, pid: int = 0) -> WorkerFacts:
        """For the administrator."""
        child = self._child
        return WorkerFacts(
            worker=self.number,
            pid=pid or (child.pid if child is not None else 0),
            alive=self.alive,
            streams=len(self._streams),
            busy_percent=child.busy_percent() if child is not None else 0.0,
            extra=dict(self._extra),
        )


class Workers:
    """Opens streams and joins them; implements `engine.MediaEngine`."""

    def __init__(
        self,
        ports: tuple[int, int] = (20000, 29999),
        count: int = 1,
        bind_host: str = "0.0.0.0",
        *,
        silent_after: float = 30.0,
        ping_seconds: float = 2.0,
    ) -> None:
        """ports: first and last of the range. count: worker processes.

        silent_after: seconds without a packet until `StreamSilent`. ping_seconds: between signs of
        life; a worker that hangs is killed after HUNG_PINGS + 1 of them.
        """
        self.on_worker: Callable[[WorkerFacts, int], None] | None = None
        self.bind_host = bind_host
        self.silent_after = silent_after
        self._ping_seconds = ping_seconds
        self._numbers = itertools.count(1)
        self._count = max(1, count)
        self._ports = ports
        self._seats: list[Seat] = []
        self._watch: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """As in `engine.MediaEngine`. Raises MediaGone when a worker does not come up."""
        self._seats = [
            Seat(self, number, pairs(*self._ports, share=number, shares=self._count))
            for number in range(self._count)
        ]
        await asyncio.gather(*(seat.start() for seat in self._seats))
        self._watch = asyncio.create_task(self._ping())

    async def stop(self) -> None:
        """As in `engine.MediaEngine`."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
            self._watch = None
        await asyncio.gather(*(seat.stop() for seat in self._seats))

    async def open(self, *, beside: Stream | None = None) -> WorkerStream:
        """As in `engine.MediaEngine`. Without `beside`, in the worker with the fewest streams."""
        if beside is not None and not (isinstance(beside, WorkerStream) and beside.gone):
            return await self._seats[beside.worker].open()
        living = [seat for seat in self._seats if seat.alive] or self._seats
        if not living:
            raise MediaGone("no media worker was started")
        error: NoPorts | None = None
        for seat in sorted(living, key=len):
            try:
                return await seat.open()
            except NoPorts as full:
                error = full
        raise error or MediaGone("no media worker lives")

    def connect(self, one: Stream, other: Stream) -> None:
        """As in `engine.MediaEngine`. A stream connected to itself hears itself: an echo."""
        assert isinstance(one, WorkerStream) and isinstance(other, WorkerStream)
        if one.gone or other.gone:
            return
        if one.connected is other:
            return
        self.disconnect(one)
        self.disconnect(other)
        one.connected, other.connected = other, one
        if one.seat is other.seat:
            one.seat.send("connect", one.id, other.id)
        else:
            one.tie = other.tie = Tie(one, other)

    def disconnect(self, stream: Stream) -> None:
        """As in `engine.MediaEngine`."""
        assert isinstance(stream, WorkerStream)
        other = stream.connected
        if other is None:
            return
        stream.connected = other.connected = None
        tie, stream.tie, other.tie = stream.tie, None, None
        if tie is not None:
            tie.close()
        for end in (stream, other):
            end.seat.send("disconnect", end.id)

    def workers(self) -> tuple[WorkerFacts, ...]:
        """As in `engine.MediaEngine`."""
        return tuple(seat.facts() for seat in self._seats)

    # --- for the seats --------------------------------------------------------------------------

    def next_number(self) -> int:
        """A number for a stream or a question, never used again."""
        return next(self._numbers)

    def worker_changed(self, seat: Seat, lost: int, *, pid: int = 0) -> None:
        """Tell the service that a worker started or died."""
        if self.on_worker is not None:
            self.on_worker(seat.facts(pid=pid), lost)

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(self._ping_seconds)
            for seat in self._seats:
                seat.ping()
