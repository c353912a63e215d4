"""A tie line: two streams of our own that join callers in different workers over loopback.

Each end is an ordinary stream beside its caller, aimed at the other end; so relaying, transcoding
and keys work over it as over any call. It speaks the coding of one of its callers, and always
telephone-event.
"""

from __future__ import annotations

import asyncio
import logging

from pbx.media.engine import Codec, Far, MediaGone, NoPorts
from pbx.media.streams import WorkerStream

log = logging.getLogger(__name__)

_TYPES = {"PCMU": 0, "PCMA": 8, "G722": 9}
_EVENTS = 101


class Tie:
    """Joins two streams until it is closed."""

    def __init__(self, one: WorkerStream, other: WorkerStream) -> None:
        self._callers = (one, other)
        self._ends: list[WorkerStream] = []
        self._closed = False
        # Kept here, because a loop holds its tasks weakly.
        self._task = asyncio.get_running_loop().create_task(self._join())

    def close(self) -> None:
        """Part the callers."""
        self._closed = True
        for end in self._ends:
            end.close()

    async def _join(self) -> None:
        try:
            for caller in self._callers:
                self._ends.append(await caller.seat.open())
        except (NoPorts, MediaGone) as error:
            log.error("no tie line between media workers: %s", error)
            self._closed = True
        if self._closed:
            self.close()
            return
        coding = next((caller.far.send.name for caller in self._callers if caller.far), "PCMA")
        for end, peer in (self._ends, self._ends[::-1]):
            codec = Codec(coding, _TYPES[coding])
            end.aim(Far(host="127.0.0.1", port=peer.port, send=codec, digits=_EVENTS))
        for caller, end in zip(self._callers, self._ends, strict=True):
            caller.seat.send("connect", caller.id, end.id)
