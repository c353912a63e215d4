"""A media worker: one process, one thread for sound, one `epoll`, no asyncio.

Started by `workers.py` as `python -m pbx.media.worker FD ...`; it lives as long as the socket to
its parent. Every wake-up reads one datagram of each ready stream and hands it to its `Flow`; then
come the frames that are due, then the parent's commands. Nothing here waits for anything but
`epoll`: files belong to `disk.py`'s thread.
"""

from __future__ import annotations

import gc
import heapq
import os
import resource
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any

from pbx.media import commands
from pbx.media.commands import Message
from pbx.media.disk import Disk
from pbx.media.ports import Pair
from pbx.media.relay import MAX_PACKET, Flow
from pbx.media.tasks import Plays, Tapes

GRID = 0.005
"Frames of our own go out on a grid of 5 ms, so that many players share a wake-up."
CHORES = 0.1
PIN_SECONDS = 0.5
REPORTS = 5.0
"Seconds between our own RTCP reports of a stream (RFC 3550 s.6.2)."
FAULTS_TOLD = 100
"Faults of ours that get into the log; a stranger's packets may not fill it."
EVENTS_A_WAKE = 128
"Datagrams between two looks at the clock: about a millisecond."


class Worker:
    """Everything in this process."""

    def __init__(self, parent: socket.socket, *, host: str, silent_after: float) -> None:
        self._parent = parent
        self._host = host
        self._silent_after = silent_after
        self._epoll = select.epoll()
        self._buffer = bytearray(MAX_PACKET + 48)
        self._ready: dict[int, Callable[[float], None]] = {}
        self._pairs: dict[int, Pair] = {}
        self._ports: dict[int, int] = {}
        self._flows: dict[int, Flow] = {}
        self._due: list[tuple[float, int]] = []
        self._ticking: set[int] = set()
        self._reader = commands.Reader()
        self._up = bytearray()
        self._disk = Disk()
        self._plays = Plays(self._say, self._disk)
        self._tapes = Tapes(self._say, self._disk)
        self._now = time.monotonic()
        self._next_chores = self._now + CHORES
        self._next_reports: dict[int, float] = {}
        self._next_pin = self._now + PIN_SECONDS
        self._faults = 0
        self._open = True
        self._cname = f"{os.urandom(6).hex()}@officesmart"
        parent.setblocking(False)
        self._listen(parent, self._commands)
        self._epoll.register(self._disk.wake, select.EPOLLIN)
        self._ready[self._disk.wake] = lambda now: self._disk.collect()
        self._say("pong", 0, self._facts())

    # --- the loop -------------------------------------------------------------------------------

    def run(self) -> None:
        """Work until the parent goes."""
        poll, ready, clock = self._epoll.poll, self._ready, time.monotonic
        while self._open:
            now = clock()
            wake_at = min(self._due[0][0], self._next_chores) if self._due else self._next_chores
            events = poll(max(0.0, wake_at - now), EVENTS_A_WAKE)
            now = self._now = clock()
            try:
                for descriptor, _ in events:
                    handler = ready.get(descriptor)
                    if handler is not None:
                        handler(now)
                now = self._now = clock()
                if self._due and self._due[0][0] <= now:
                    self._tick(now)
                if now >= self._next_chores:
                    self._chores(now)
            except Exception:
                # A fault of ours costs one packet, not a thousand calls; what was ready and not
                # read yet is ready again at the next turn.
                self._fault()
            if self._up:
                self._flush()
        for flow in list(self._flows):
            self._close(flow)
        self._disk.close()

    def _listen(self, one: socket.socket, handler: Callable[[float], None]) -> None:
        self._ready[one.fileno()] = handler
        self._epoll.register(one.fileno(), select.EPOLLIN)

    def _tick(self, now: float) -> None:
        while self._due and self._due[0][0] <= now:
            _, stream = heapq.heappop(self._due)
            flow = self._flows.get(stream)
            try:
                more = flow is not None and flow.voice.tick(now)
            except Exception:
                self._fault()
                more = False
                self._silence(stream)
            if flow is not None and more:
                # One that is still behind has its next two frames on the next point of the grid.
                heapq.heappush(self._due, (max(flow.voice.due, now + GRID), stream))
            else:
                self._ticking.discard(stream)

    def _silence(self, stream: int) -> None:
        """End what a stream says: its next frame would fail like the last."""
        flow = self._flows[stream]
        flow.voice.forget_keys()
        self._plays.stop(flow, 0)

    def _fault(self) -> None:
        """Tell the parent's log of a fault of ours, some of them."""
        self._faults += 1
        if self._faults <= FAULTS_TOLD:
            self._say("note", traceback.format_exc())

    def _start_ticking(self, flow: Flow) -> None:
        if flow.voice.busy and flow.stream not in self._ticking:
            self._ticking.add(flow.stream)
            flow.voice.due = (self._now // GRID + 1) * GRID
            heapq.heappush(self._due, (flow.voice.due, flow.stream))

    def _chores(self, now: float) -> None:
        self._next_chores = now + CHORES
        for flow in self._flows.values():
            flow.refill()
        self._tapes.tick(now)
        if now >= self._next_pin:
            self._next_pin = now + PIN_SECONDS
            self._pin(now)
        for stream, when in self._next_reports.items():
            if now >= when:
                self._next_reports[stream] = now + REPORTS
                flow = self._flows[stream]
                flow.reports.report()
                flow.watch(now, self._silent_after)
            elif self._silent_after < REPORTS:
                self._flows[stream].watch(now, self._silent_after)

    def _pin(self, now: float) -> None:
        """Let the kernel guard the latch of those who are steady, and of nobody else."""
        for stream, flow in self._flows.items():
            pair = self._pairs[self._ports[stream]]
            steady = flow.is_steady(now)
            if pair.pinned and not steady:
                self._unpin(pair)
            elif steady and not pair.pinned and flow.latched is not None:
                try:
                    handler = pair.pin(flow.latched)
                except OSError:
                    continue  # no way there just now: it goes on as it was
                if handler is not None:
                    self._ready[pair.rtp.fileno()] = handler

    def _unpin(self, pair: Pair) -> None:
        handler = pair.unpin()
        if handler is not None:
            self._ready[pair.rtp.fileno()] = handler

    # --- the parent -----------------------------------------------------------------------------

    def _say(self, *message: Any) -> None:
        self._up += commands.pack(message)

    def _flush(self) -> None:
        try:
            sent = self._parent.send(self._up)
        except BlockingIOError:
            return  # the parent is busy; the next turn tries again
        except OSError:
            self._open = False
            return
        del self._up[:sent]

    def _commands(self, now: float) -> None:
        try:
            data = self._parent.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._open = False
            return
        for word, *rest in self._reader.feed(data):
            try:
                self._COMMANDS[word](self, *rest)
            except Exception:
                self._fault()  # the next command is somebody else's call

    def _tell(self, word: str, stream: int, *rest: Any) -> None:
        """What a flow has to say; two words are for us, the others for the parent."""
        if word == "speaks":
            self._start_ticking(self._flows[stream])
        elif word == "player_ended":
            self._plays.ended(*rest)
        else:
            self._say(word, stream, *rest)

    def _facts(self) -> dict[str, float]:
        return {
            "streams": float(len(self._flows)),
            "faults": float(self._faults),
            "pairs": float(len(self._pairs)),
        }

    # --- commands -------------------------------------------------------------------------------

    def _bind(self, ports: list[int]) -> None:
        got = []
        for port in ports:
            try:
                pair = Pair(self._host, port, self._buffer)
            except OSError:
                continue
            self._pairs[port] = pair
            rtp, rtcp = pair.handlers(None)
            self._listen(pair.rtp, rtp)
            self._listen(pair.rtcp, rtcp)
            got.append(port)
        self._say("bound", got)

    def _open_stream(self, stream: int, port: int) -> None:
        pair = self._pairs[port]
        identity = (
            int.from_bytes(os.urandom(4), "big"),
            int.from_bytes(os.urandom(2), "big"),
            int.from_bytes(os.urandom(4), "big"),
        )
        flow = Flow(
            stream,
            buffer=self._buffer,
            send=pair.rtp.sendto,
            send_rtcp=pair.rtcp.sendto,
            tell=self._tell,
            identity=identity,
            cname=self._cname,
        )
        self._flows[stream] = flow
        self._ports[stream] = port
        self._next_reports[stream] = self._now + REPORTS * (0.5 + identity[1] / 65536)
        self._handle(pair, flow)

    def _handle(self, pair: Pair, flow: Flow | None) -> None:
        rtp, rtcp = pair.handlers(flow)
        self._ready[pair.rtp.fileno()] = rtp
        self._ready[pair.rtcp.fileno()] = rtcp

    def _close(self, stream: int) -> None:
        flow = self._flows.get(stream)
        if flow is None:
            return
        self._plays.stop(flow, 0)
        self._tapes.stop(flow, 0, "hung_up", self._now)
        flow.close()
        del self._flows[stream], self._next_reports[stream]
        self._handle(self._pairs[self._ports.pop(stream)], None)

    def _aim(self, stream: int, far: Message) -> None:
        flow = self._flows.get(stream)
        if flow is not None:
            flow.aim(commands.far_up(far), self._now)
            if flow.latched is None:
                self._unpin(self._pairs[self._ports[stream]])

    def _connect(self, one: int, other: int) -> None:
        if one in self._flows and other in self._flows:
            self._flows[one].connect(self._flows[other])

    def _disconnect(self, stream: int) -> None:
        if stream in self._flows:
            self._flows[stream].disconnect()

    def _play(self, stream: int, token: int, sounds: Message, loop: bool) -> None:
        flow = self._flows.get(stream)
        if flow is None:
            self._say("played", token, False)
        else:
            self._plays.start(flow, token, sounds, loop=loop)

    def _stop_playing(self, stream: int, token: int) -> None:
        flow = self._flows.get(stream)
        if flow is not None:
            self._plays.stop(flow, token)

    def _record(self, stream: int, token: int, asked: Message) -> None:
        flow = self._flows.get(stream)
        if flow is None:
            self._say("recorded", token, (0.0, "hung_up", "", "", ()))
        else:
            self._tapes.start(flow, token, asked, self._now)

    def _stop_recording(self, stream: int, token: int) -> None:
        flow = self._flows.get(stream)
        if flow is not None:
            self._tapes.stop(flow, token, "stopped", self._now)

    def _send_digits(self, stream: int, keys: str) -> None:
        flow = self._flows.get(stream)
        if flow is not None:
            flow.voice.press(keys)

    def _figures(self, stream: int, token: int) -> None:
        flow = self._flows.get(stream)
        self._say("figures", token, flow.figures() if flow is not None else None)

    def _ping(self, token: int) -> None:
        self._say("pong", token, self._facts())

    _COMMANDS: dict[str, Callable[..., None]] = {
        "bind": _bind,
        "open": _open_stream,
        "close": _close,
        "aim": _aim,
        "connect": _connect,
        "disconnect": _disconnect,
        "play": _play,
        "stop_playing": _stop_playing,
        "record": _record,
        "stop_recording": _stop_recording,
        "send_digits": _send_digits,
        "figures": _figures,
        "ping": _ping,
    }


def _prepare_process() -> None:
    """What an audio process wants of the system; none of it is needed to work."""
    # Ctrl-C, and the SIGTERM that a service manager sends to all at once, are the parent's: it ends
    # the calls in good order and then closes our socket.
    for ours_not in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ours_not, signal.SIG_IGN)
    try:
        os.setpriority(os.PRIO_PROCESS, 0, -10)
    except OSError:
        pass  # only the administrator may; the relay then shares its core fairly
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    # The disk's thread gives the interpreter up soon when a packet waits.
    sys.setswitchinterval(0.0005)
    # What is loaded now stays; the rest makes no cycles worth 10 ms of silence. A collection in
    # the chores of a quiet worker would cost the same as one under load, so there is none.
    gc.collect()
    gc.freeze()
    gc.disable()


def main(arguments: list[str]) -> None:
    """Arguments: descriptor of the parent's socket, host to bind, seconds until 'silent'."""
    parent = socket.socket(fileno=int(arguments[0]))
    _prepare_process()
    Worker(parent, host=arguments[1], silent_after=float(arguments[2])).run()


if __name__ == "__main__":
    main(sys.argv[1:])
