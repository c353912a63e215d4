"""Ring phones together: the first that answers wins, each of the others keeps its reason."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pbx.calls.keeper import Keeper
from pbx.calls.leg import Leg
from pbx.calls.shown import caller_headers, name_addr
from pbx.calls.story import Tried
from pbx.calls.switch import OURS, Switch, Target
from pbx.events.kinds import Party
from pbx.media.engine import MediaGone, NoPorts, Tone

log = logging.getLogger(__name__)
ELSEWHERE = ("Reason", 'SIP;cause=200;text="Call completed elsewhere"')
BUSY = (486, 600)
DECLINED = (603,)
PHONES = 20  # rung at once for one call, at most


@dataclass(slots=True)
class Rung:
    """How the ringing ended."""

    why: str
    "'answered', 'busy', 'declined', 'unavailable', 'no_answer', 'redirected' or 'caller_gone'."
    leg: Leg | None = None
    status: int = 480
    contact: str = ""
    "Where a phone's own redirection (3xx) points."


class Ring(Keeper):
    """One step of ringing. `run` returns when it is decided; the caller's end decides it too."""

    def __init__(
        self,
        switch: Switch,
        caller: Leg | None,
        *,
        shown: Party,
        rang: Callable[[Target], None],
        tried: list[Tried],
    ) -> None:
        self.switch = switch
        self.caller = caller
        "None for click-to-dial's first leg: nobody waits yet."
        self.shown = shown
        "Who calls, as the phones display it."
        self.rang = rang
        self.tried = tried
        self._open: dict[Leg, Tried] = {}
        self._targets: dict[Leg, Target] = {}
        self._done: asyncio.Future[Rung] = asyncio.get_running_loop().create_future()
        self._early: Leg | None = None
        "Whose sound the caller hears before the answer."
        self._tone = False
        self._final: list[int] = []
        self._began = asyncio.get_running_loop().time()
        self._seconds = 0.0
        self._limit: asyncio.TimerHandle | None = None
        self._alerted = False

    async def run(
        self, targets: Sequence[Target], *, seconds: float, headers: Sequence[tuple[str, str]] = ()
    ) -> Rung:
        """Ring them all for so long, counted from the first that rings (behaviour 1.3). What is not
        the winner has been ended when this returns."""
        caller = self.caller
        before = caller.keeper if caller else None
        self._seconds = seconds
        try:
            if caller is not None:
                caller.keeper = self
                if caller.gone:
                    return Rung("caller_gone")
            if not self._done.done():
                await self._invite_all(targets[:PHONES], headers)
            if not self._open and not self._done.done():
                self._nobody_left()
            self._ring_on()
            return await self._done
        finally:
            if self._limit is not None:
                self._limit.cancel()
            if caller is not None and before is not None:
                caller.keeper = before
            self._end_losers()

    def _ring_on(self) -> None:
        """So many seconds from now on."""
        if self._limit is not None:
            self._limit.cancel()
        self._limit = asyncio.get_running_loop().call_later(self._seconds, self._nobody_answered)

    def _nobody_answered(self) -> None:
        if not self._done.done():
            self._done.set_result(Rung("no_answer", status=408))

    async def _invite_all(
        self, targets: Sequence[Target], headers: Sequence[tuple[str, str]]
    ) -> None:
        legs = [Leg(self.switch, Party(t.line, t.name, t.line), phone=t.phone) for t in targets]
        opened = await asyncio.gather(
            *(leg.open(beside=self.caller) for leg in legs), return_exceptions=True
        )
        for leg, target, failure in zip(legs, targets, opened, strict=True):
            tried = Tried(target.line, target.phone)
            self.tried.append(tried)
            if isinstance(failure, BaseException):
                if not isinstance(failure, MediaGone | NoPorts):
                    raise failure
                tried.status, tried.reason = 503, "no media"
                self._final.append(503)
                continue
            if self._done.done() or leg.gone:  # somebody left while streams were being opened
                leg.end()
                self._note(tried, 487, "not called any more")
                continue
            self._call(leg, target, tried, headers)

    def _call(
        self, leg: Leg, target: Target, tried: Tried, headers: Sequence[tuple[str, str]]
    ) -> None:
        leg.keeper = self
        leg.direct_audio = target.direct_audio
        leg.speak(target.codings or OURS, ordered=bool(target.codings))
        self._open[leg] = tried
        self._targets[leg] = target
        here = target.flow.local[0]
        sender = self.shown
        asserted = [("P-Asserted-Identity", name_addr(sender, here))] if sender.number else []
        leg.invite(
            target.uri,
            target.flow,
            from_=name_addr(sender, here),
            to=name_addr(leg.party, here),
            codings=target.codings or self._codings(),
            headers=[*asserted, *headers],
        )

    def _codings(self) -> tuple[str, ...]:
        """The caller's codings first: what both sides know needs no transcoding."""
        caller = self.caller
        theirs = [c.name for c in caller.remote.codings] if caller and caller.remote else []
        first = [caller.coding] if caller and caller.answered and caller.coding else []
        ordered = dict.fromkeys([*first, *theirs, *OURS])
        return tuple(name for name in ordered if name in OURS)

    def stop(self) -> None:
        """The one for whom it rings is gone (click-to-dial, before its phone answered)."""
        if not self._done.done():
            self._done.set_result(Rung("caller_gone"))

    def decline(self) -> None:
        """The person at the portal will not take it: as a phone's 603, so the mailbox may."""
        if not self._done.done():
            self._done.set_result(Rung("declined", status=603))

    def pick_up(self, taker: Leg) -> bool:
        """Somebody else answers instead of these phones; False when it is too late."""
        if self._done.done() or taker.gone:
            return False
        self.tried.append(Tried(taker.party.line, taker.phone, 200, "picked up"))
        self._done.set_result(Rung("answered", taker, 200))
        return True

    def has(self, leg: Leg) -> bool:
        """Whether this leg is one of the phones that ring."""
        return leg in self._open

    # --- what the phones do --------------------------------------------------------------------

    def on_progress(self, leg: Leg, status: int, *, early: bool) -> None:
        """Ringing, or sound before the answer: passed on, the first phone's sound only."""
        caller = self.caller
        if leg is caller or self._done.done():
            return
        self.rang(self._targets[leg])
        if not self._alerted:
            self._alerted = True
            self._ring_on()
        if caller is None:
            return
        shown = caller_headers(leg, caller)
        if early and self._early in (None, leg) and caller.remote is not None:
            self._early = leg
            if caller.stream and leg.stream:
                caller.early(prefer=leg.coding, headers=shown)
                caller.hush()
                self.switch.media.connect(caller.stream, leg.stream)
        elif not caller.answered:
            caller.ringing(headers=shown)
        elif not self._tone:  # once: another phone that rings does not begin the tone anew
            self._tone = True
            caller.ringing()

    def on_answer(self, leg: Leg) -> None:
        """The first wins; one that crossed our CANCEL is ended by the agent."""
        tried = self._open.pop(leg, None)
        if tried is None or self._done.done():
            if tried is not None:
                self._note(tried, 487, "answered elsewhere")
            leg.end(headers=[ELSEWHERE])
            return
        self._note(tried, 200, "answered")
        self._done.set_result(Rung("answered", leg, 200))

    def on_refused(self, leg: Leg, status: int, reason: str, contact: str) -> None:
        """One phone less; a decline (603) speaks for the whole line."""
        tried = self._open.pop(leg, None)
        if tried is None:
            return
        self._note(tried, status, reason)
        self._final.append(status)
        if leg is self._early:  # whom the caller listened to; the others go on ringing
            self._early = None
            if self.caller is not None and self._open:
                self.caller.play_on(Tone("ringback"))
        if self._done.done():
            return
        if status in DECLINED:
            self._done.set_result(Rung("declined", status=status))
        elif 300 <= status < 400 and contact:
            self._done.set_result(Rung("redirected", status=status, contact=contact))
        elif not self._open:
            self._nobody_left()

    def on_gone(self, leg: Leg, why: str) -> None:
        """The caller left, or a ringing phone's sound was lost."""
        if leg is self.caller:
            if not self._done.done():
                self._done.set_result(Rung("caller_gone"))
        else:
            self.on_refused(leg, 503, why, "")

    def _nobody_left(self) -> None:
        if any(status in BUSY for status in self._final):
            self._done.set_result(Rung("busy", status=486))
        else:
            worst = self._final[-1] if self._final else 480
            self._done.set_result(Rung("unavailable", status=worst))

    def told(self) -> str:
        """What each phone answered, for the log."""
        return ", ".join(f"{one.phone}: {one.status} {one.reason}" for one in self.tried) or "none"

    def _note(self, tried: Tried, status: int, reason: str) -> None:
        tried.status, tried.reason = status, reason
        tried.seconds = round(asyncio.get_running_loop().time() - self._began, 1)

    def _end_losers(self) -> None:
        decided = self._done.done() and not self._done.cancelled()  # else the office closes
        won = decided and self._done.result().why == "answered"
        for leg, tried in tuple(self._open.items()):
            self._note(tried, 487, "answered elsewhere" if won else "stopped ringing")
            leg.end(headers=[ELSEWHERE] if won else [])
        self._open.clear()
