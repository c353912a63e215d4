"""The door into the PBX for the rest of the process: commands in, facts out.

Everything here may be called from any thread or loop; commands cross over with
`run_coroutine_threadsafe`, facts through a bounded queue. A portal knows nothing else of calls.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from pbx.events.board import Board
from pbx.events.bus import Reader
from pbx.events.kinds import Diverted, Event, TrunkChanged


class LinkDown(Exception):
    """The PBX is not running here (it starts, it stops, or another process holds the lock)."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A call that the portal asked for."""

    call: str
    "Its short id, as in events; empty when it was not placed."
    wait: int = 0
    "Not placed: the line asks for too many calls, and may ask again after so many seconds."


class Link(Protocol):
    """What the portal may ask of the PBX. Each command raises LinkDown when there is none."""

    def running(self) -> bool:
        """Whether a PBX answers behind this link."""
        ...

    def board(self) -> Board:
        """The live picture, now."""
        ...

    def events(self) -> Reader:
        """Facts from now on, for the loop that calls this; iterate to read them."""
        ...

    def close_events(self, reader: Reader) -> None:
        """Stop feeding a reader."""
        ...

    async def call(self, line: str, number: str, *, key: str = "", origin: str = "") -> Placed:
        """Ring the line's phones, then dial the number for it (click-to-dial).

        key: an idempotency key; the same key and number within a minute answer with the same call.
        So does the same number, whatever the key, for as long as nobody has answered the origin of
        the first. origin: another telephone that rings first instead of the line's own: E.164, or
        an extension. What may not be called, or from there, is told by the end of the call
        (`CallEnded.end` and `why`). A line that asks for more calls than a person can want is told
        to wait (`Placed.wait`), and nothing is kept of what it asked.
        """
        ...

    async def hang_up(self, call: str, *, line: str = "") -> bool:
        """End a call; with `line`, only if that extension is one of its sides. False: no such."""
        ...

    async def divert(self, call: str, *, line: str, to: str) -> Diverted:
        """Send a call that rings at this line now to 'mailbox', or to an extension or a number of
        the office, as a forward of that line. Not done: why, or who was faster."""
        ...

    async def sign_out_phone(self, phone: int, *, line: str = "") -> bool:
        """Remove a registration; with `line`, only one of that extension."""
        ...

    async def mailbox_changed(self, line: str) -> None:
        """Messages of this line changed in the database: relight lamps and tell every page."""
        ...

    async def settings_changed(self) -> None:
        """Rows of settings changed: read them now instead of at the next call."""
        ...

    async def try_trunk(self, trunk: int) -> TrunkChanged | None:
        """Have an outside line try now, with its settings as they are now, and answer how it
        stands: 'trying' when that takes longer than some seconds. None: there is none of this
        id."""
        ...


class NoLink:
    """The link when this process runs no PBX: honest about it."""

    def running(self) -> bool:
        """Never."""
        return False

    def board(self) -> Board:
        """An empty picture."""
        return Board()


__all__ = [
    "Board", "Diverted", "Event", "Link", "LinkDown", "NoLink", "Placed", "Reader", "TrunkChanged",
]  # fmt: skip
