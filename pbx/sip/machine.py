"""What the four transaction machines have in common: states, timers, a table of moves.

A machine is told what was seen; its table names the next state and the deeds beside the move.
What is not in a table is ignored: a stray answer, a second final one, a late timer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any, ClassVar, Protocol

from pbx.sip.flow import Flow
from pbx.sip.timers import Timer, Timers

T1 = 0.5  # seconds, RFC 3261 s.17.1.1.1: a round trip
T2 = 4.0  # seconds: the longest pause between repeats
T4 = 5.0  # seconds: how long the network keeps a message
LIFE = 64 * T1  # seconds: timers B, D, F, H, J, and L and M of RFC 6026


class State(IntEnum):
    """RFC 3261 figures 5 to 8 as RFC 6026 changes them."""

    CALLING = 1
    TRYING = 2
    PROCEEDING = 3
    ACCEPTED = 4
    COMPLETED = 5
    CONFIRMED = 6
    TERMINATED = 7


class Seen(IntEnum):
    """What a machine can be told."""

    PROVISIONAL = 1
    OK = 2
    "A 2xx to an INVITE."
    REFUSAL = 3
    "A 3xx-6xx to an INVITE."
    FINAL = 4
    "Any final answer to something else."
    AGAIN = 5
    "The request came once more."
    ACK = 6
    REPEAT = 7
    "Timer A, E or G."
    TIMEOUT = 8
    "Timer B, F or H."
    LINGERED = 9
    "Timer D, I, J, K, L or M."
    BROKEN = 10
    "The transport failed."


Deed = Callable[[Any], None]
Key = tuple[str | int, ...]
Moves = Mapping[tuple[State, Seen], tuple[State, tuple[Deed, ...]]]


class Post(Protocol):
    """What a machine needs from the house it lives in."""

    timers: Timers

    def send(self, flow: Flow, data: bytes) -> None:
        """Put bytes on the wire."""
        ...

    def gone(self, transaction: Transaction) -> None:
        """It has terminated: forget it."""
        ...

    def completed(self, transaction: Transaction) -> None:
        """A request of theirs has its final answer: keep timer J for it (or H, for a refusal)."""
        ...


class Transaction:
    """What the four have in common."""

    __slots__ = ("data", "flow", "key", "linger", "pause", "post", "repeat", "state", "timeout")

    moves: ClassVar[Moves]
    linger_seconds: ClassVar[float]
    "Timer D, I, J, K, L or M on an unreliable transport; on a reliable one it is nought."

    def __init__(self, post: Post, key: Key, flow: Flow, state: State) -> None:
        self.post = post
        self.key = key
        self.flow = flow
        self.state = state
        self.data = b""
        "What is sent again."
        self.pause = T1
        self.repeat: Timer | None = None
        self.timeout: Timer | None = None
        self.linger: Timer | None = None

    def see(self, seen: Seen) -> bool:
        """Make the move that the table names. False: it names none."""
        move = self.moves.get((self.state, seen))
        if move is None:
            return False
        self.state = move[0]
        for deed in move[1]:
            deed(self)
        return True

    # --- deeds -----------------------------------------------------------------------------------

    def send(self) -> None:
        """Send it, for the first time or again."""
        self.post.send(self.flow, self.data)

    def lose(self) -> None:
        """Forget this machine."""
        self.quiet()
        if self.linger is not None:
            self.linger.cancel()
        self.state = State.TERMINATED
        self.post.gone(self)

    def quiet(self) -> None:
        """Stop repeating and waiting."""
        if self.repeat is not None:
            self.repeat.cancel()
        if self.timeout is not None:
            self.timeout.cancel()

    def rest(self) -> None:
        """Final: stay for repeats a while, not at all on a stream (timers D, I, K)."""
        self.quiet()
        if self.flow.reliable:
            self.see(Seen.LINGERED)
        else:
            self.stay()

    def stay(self) -> None:
        """Final: stay a while on any transport (timers L and M)."""
        self.quiet()
        self.linger = self.post.timers.after(self.linger_seconds, lambda: self.see(Seen.LINGERED))

    def arm_repeat(self) -> None:
        """The next repeat after the present pause; none on a stream."""
        if not self.flow.reliable:
            self.repeat = self.post.timers.after(self.pause, lambda: self.see(Seen.REPEAT))

    def arm_timeout(self) -> None:
        """Timer B, F or H."""
        self.timeout = self.post.timers.after(LIFE, lambda: self.see(Seen.TIMEOUT))

    def send_again_doubling(self) -> None:
        """Timer A: each pause twice the last one."""
        self.pause *= 2
        self.send()
        self.arm_repeat()

    def send_again(self) -> None:
        """Timers E and G: twice the last pause, T2 at most."""
        self.pause = min(self.pause * 2, T2)
        self.send()
        self.arm_repeat()
