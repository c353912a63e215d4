"""Answers to an INVITE that are repeated until the far end shows it has them: the 2xx until its ACK
(RFC 3261 s.13.3.1.4), the reliable provisional until its PRACK (RFC 3262 s.3).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from pbx.sip.machine import LIFE, T1, T2
from pbx.sip.message import Request
from pbx.sip.timers import Timer, Timers

MAX_WAITING = 16  # provisionals behind an unacknowledged one; a ring plan makes two or three


class Insistence:
    """Send now and again, at growing pauses, until told to stop or 64*T1 have passed."""

    __slots__ = ("_give_up", "_limit", "_longest", "_pause", "_repeat", "_send", "_timers")

    def __init__(
        self,
        timers: Timers,
        send: Callable[[], object],
        give_up: Callable[[], None],
        *,
        longest: float,
    ) -> None:
        self._timers = timers
        self._send = send
        self._give_up = give_up
        self._longest = longest
        self._pause = T1
        send()
        self._repeat: Timer | None = timers.after(T1, self._again)
        self._limit: Timer | None = timers.after(LIFE, self._over)

    def stop(self) -> None:
        """They have it."""
        for timer in (self._repeat, self._limit):
            if timer is not None:
                timer.cancel()
        self._repeat = self._limit = None

    def _again(self) -> None:
        self._pause = min(self._pause * 2, self._longest)
        self._repeat = self._timers.after(self._pause, self._again)
        self._send()

    def _over(self) -> None:
        self.stop()
        self._give_up()


def until_ack(
    timers: Timers, send: Callable[[], object], give_up: Callable[[], None]
) -> Insistence:
    """A 2xx; on a stream too, since a proxy behind it may use UDP (RFC 3261 s.13.3.1.4)."""
    return Insistence(timers, send, give_up, longest=T2)


class ReliableProvisionals:
    """Provisionals with RSeq, one at a time (RFC 3262 s.3)."""

    def __init__(
        self,
        timers: Timers,
        send: Callable[[int, bytes, list[tuple[str, str]], str, int], Callable[[], object]],
        give_up: Callable[[], None],
    ) -> None:
        """send(status, sdp, headers, reason, rseq): makes an answer; returns how to send it."""
        self._timers = timers
        self._send = send
        self._give_up = give_up
        self._rseq = secrets.randbelow(2**16) + 1
        self._waiting: list[tuple[int, bytes, list[tuple[str, str]], str]] = []
        self._insistence: Insistence | None = None
        self._unseen = False
        "One was sent, and no PRACK for it came."
        self.sdp_open = False
        "The one that waits for its PRACK carries an SDP: no 2xx may be sent before (s.3)."
        self.said = b""
        "The SDP that was sent and acknowledged."
        self._saying = b""

    def send(self, status: int, sdp: bytes, headers: list[tuple[str, str]], reason: str) -> None:
        """Send it now, or after the PRACK for the one before."""
        if self._insistence is not None:
            if len(self._waiting) < MAX_WAITING:
                self._waiting.append((status, sdp, headers, reason))
            return
        # Once an SDP was sent, the same one need not be said again in the next provisional.
        self._saying = sdp
        self._unseen = True
        self.sdp_open = bool(sdp)
        again = self._send(status, sdp, headers, reason, self._rseq)
        self._insistence = Insistence(self._timers, again, self._give_up, longest=LIFE)

    def acknowledged(self, prack: Request, invite_seq: int) -> bool:
        """A PRACK came. False: its RAck names nothing that waits."""
        words = prack.get("RAck").split()
        if not self._unseen or words != [str(self._rseq), str(invite_seq), "INVITE"]:
            return False
        self._unseen = False
        if self._insistence is not None:  # else a final answer crossed the PRACK (s.3)
            self._insistence.stop()
            self._insistence = None
        self._rseq += 1
        self.sdp_open = False
        self.said = self.said or self._saying
        return True

    def go_on(self) -> None:
        """After the PRACK was answered: the next one that waits."""
        if self._insistence is None and self._waiting:
            self.send(*self._waiting.pop(0))

    def stop(self) -> None:
        """A final answer goes out: nothing is repeated any more."""
        if self._insistence is not None:
            self._insistence.stop()
        self._insistence = None
        self._waiting.clear()
        self.sdp_open = False
