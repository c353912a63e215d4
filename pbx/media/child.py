"""The parent's hold on one worker process: starting it, talking to it, noticing its end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

from pbx.media import commands
from pbx.media.commands import Message

_ROOT = Path(__file__).resolve().parents[2]
_TICKS = os.sysconf("SC_CLK_TCK")


def _spawn(host: str, silent_after: float) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """A fresh interpreter, never a fork: the parent has threads and a portal in its memory."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    environment = dict(os.environ)
    environment["PYTHONPATH"] = os.pathsep.join(
        [str(_ROOT), *filter(None, [environment.get("PYTHONPATH")])]
    )
    # numpy's own threads would cost memory and gain nothing on frames of 20 ms.
    environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    with theirs:
        arguments = [str(theirs.fileno()), host, str(silent_after)]
        process = subprocess.Popen(
            [sys.executable, "-m", "pbx.media.worker", *arguments],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            env=environment,
        )
    return process, ours


class Child(asyncio.Protocol):
    """One worker process and the socket to it. Belongs to the loop that started it."""

    def __init__(
        self, told: Callable[[Child, Message], None], gone: Callable[[Child], None]
    ) -> None:
        """told: each message of the worker's. gone: once, when its socket closed."""
        self._told, self._gone = told, gone
        self._reader = commands.Reader()
        self._transport: asyncio.Transport | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._waiting: list[bytes] = []
        self._ended = False
        self._busy_at = (0.0, 0.0)
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        "Done when the worker has said its first word."

    async def start(self, host: str, silent_after: float) -> None:
        """Start the process. Raises OSError when the system can't."""
        self._process, ours = await asyncio.to_thread(_spawn, host, silent_after)
        loop = asyncio.get_running_loop()
        await loop.create_unix_connection(lambda: self, sock=ours)

    @property
    def pid(self) -> int:
        """Of the process; 0 before it started."""
        return self._process.pid if self._process is not None else 0

    @property
    def alive(self) -> bool:
        """It started and its socket is open."""
        return self._transport is not None and not self._ended

    def send(self, *message: object) -> None:
        """Give a command. Those of one turn of the loop go out together."""
        if not self.alive:
            return
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._flush)
        self._waiting.append(commands.pack(message))

    def _flush(self) -> None:
        if self._transport is not None and not self._ended:
            self._transport.write(b"".join(self._waiting))
        self._waiting.clear()

    def kill(self) -> None:
        """End the process now; `gone` follows."""
        if self._process is not None:
            self._process.kill()

    async def end(self) -> None:
        """Close its socket, which ends it in good order; after two seconds, in bad."""
        self._ended = True
        self._flush()
        if self._transport is not None:
            self._transport.close()
        await self.reap()

    async def reap(self) -> None:
        """Wait for the process to be over."""
        process = self._process
        if process is None:
            return

        def wait() -> None:
            try:
                process.wait(2.0)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

        await asyncio.to_thread(wait)

    def busy_percent(self) -> float:
        """Processor time since the last call, in percent of one core."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            # Fields 14 and 15 (proc(5)), counted behind the name, which may hold anything.
            fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
            used = (int(fields[11]) + int(fields[12])) / _TICKS
            now = time.monotonic()
            before, self._busy_at = self._busy_at, (now, used)
            if before[0] and now > before[0]:
                return 100 * (used - before[1]) / (now - before[0])
        return 0.0

    # --- asyncio.Protocol -----------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The loop has our end of the socket."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass of it

    def data_received(self, data: bytes) -> None:
        """Events of the worker's."""
        for message in self._reader.feed(data):
            if not self.ready.done():
                self.ready.set_result(None)
            self._told(self, message)

    def connection_lost(self, exc: Exception | None) -> None:
        """The worker closed its end: it is over, or will be as soon as it is killed."""
        ended, self._ended = self._ended, True
        if not self.ready.done():
            self.ready.set_exception(ConnectionError("it ended before its first word"))
            self.ready.exception()  # whoever started it may have gone
        if not ended:
            self.kill()
            self._gone(self)
