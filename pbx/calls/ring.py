"""Ring phones: together, or period by period as a ring plan says (behaviour.md s.1.2). The first
that takes the call wins, each of the others keeps its reason.

What the phones are sent is `invitation.py`, what the caller hears meanwhile `ringback.py`, who is
shown to whom `introduction.py`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pbx.calls.far_phones import Far, FarPhones
from pbx.calls.introduction import Introduction
from pbx.calls.invitation import codings_beside, invite
from pbx.calls.keeper import Keeper
from pbx.calls.leg import Leg
from pbx.calls.ring_clock import RingClock
from pbx.calls.ringback import Ringback
from pbx.calls.rung import Rung
from pbx.calls.story import Tried
from pbx.calls.switch import Switch, Target
from pbx.events.kinds import Party
from pbx.media.engine import MediaGone, NoPorts
from pbx.routing import plan as steps
from pbx.routing.office import Office
from pbx.sip.reason import ELSEWHERE

log = logging.getLogger(__name__)
BUSY = (486, 600)
DECLINED = (603,)
PHONES = 20  # rung at once for one call, at most
STOPPED = "stopped ringing"


@dataclass(slots=True)
class _Phone:
    """A phone of the office that rings."""

    target: Target
    tried: Tried
    began: float


class Ring(Keeper):
    """Consecutive periods of ringing. `run` returns when it is decided; the caller's end decides it
    too."""

    def __init__(
        self,
        switch: Switch,
        caller: Leg | None,
        *,
        shown: Party,
        rang: Callable[[Target], None],
        tried: list[Tried],
        own: str = "",
        office: Office | None = None,
        tag: str = "",
        far: Callable[[steps.OutsidePhone, Callable[[], None]], Far] | None = None,
        only: str = "",
        quiet: Callable[[str], None] = lambda _: None,
    ) -> None:
        """own: the line whose plan this is: its decline ends the plan, its phones' own forwards are
        followed; empty: so is every line's. office: each line sees its own name for the caller,
        as of this snapshot; None: all see `shown`. tag: what stands before that name. far: makes a
        phone outside; told when that rings. only: the one phone of a line that rings
        (`Target.key`), while it is there. quiet: told of a line none of whose phones rings any
        more."""
        self.switch = switch
        self.caller = caller
        "None for click-to-dial's first leg: nobody waits yet."
        self._introduction = Introduction(switch, caller, shown, office=office, tag=tag)
        self._ringback = Ringback(switch, caller) if caller is not None else None
        self.rang = rang
        self.tried = tried
        self.own = own
        self._only = only
        self._line_quiet = quiet
        self._open: dict[Leg, _Phone] = {}
        self._far = FarPhones(far, rings=self._far_rings, ended=self._far_ended)
        self._out: set[tuple[str, str]] = set()
        "Phones and lines that are busy, away or unwilling: not called again."
        self._loop = asyncio.get_running_loop()
        self._done: asyncio.Future[Rung] = self._loop.create_future()
        self._turn: asyncio.Future[bool] = self._loop.create_future()
        "The present period: True when its time is up, False when it is over before."
        self._final: list[int] = []
        self._rang_out = False
        "A period went to its end: somebody could have answered."
        self._clock = RingClock(lambda: self._end_turn(True))

    async def run(
        self, periods: Sequence[steps.Ring], *, headers: Sequence[tuple[str, str]] = ()
    ) -> Rung:
        """Ring them all, one period after the other, the first counted from the first phone that
        rings (behaviour 1.3). What is not the winner has been ended when this returns."""
        caller = self.caller
        before = caller.keeper if caller else None
        try:
            if caller is not None:
                caller.keeper = self
                if caller.gone:
                    return Rung("caller_gone")
            for period in periods:
                if self._done.done():
                    break
                self._end_absent(period)
                await self._begin(period, headers)
                self._rang_out |= await self._lasts(period.seconds)
            await self._decisions()
            if not self._done.done():
                self._nobody_took_it()
            return self._done.result()
        finally:
            self._clock.stop()
            if caller is not None and before is not None:
                caller.keeper = before
            self._end_losers()

    # --- periods -------------------------------------------------------------------------------

    async def _lasts(self, seconds: float) -> bool:
        """Wait for the end of a period. False: it was decided, or nobody is left who rings."""
        self._turn = self._loop.create_future()
        if self._done.done() or self._nobody_left():
            return False
        self._clock.begin(seconds)
        return await self._turn

    def _end_turn(self, whole: bool) -> None:
        if not self._turn.done():
            self._turn.set_result(whole)

    async def _decisions(self) -> None:
        """Whoever has answered outside and is being asked is not cut off by the plan's end."""
        if self._done.done() or not self._far.deciding:
            return
        self._clock.stop()
        self._end_absent(steps.Ring(()))
        self._turn = self._loop.create_future()
        await self._turn

    def _end_absent(self, period: steps.Ring) -> None:
        """Let go who rings and is not in this period."""
        for leg, phone in tuple(self._open.items()):
            if phone.target.line not in period.lines:
                self._let_go(leg, STOPPED)
        self._far.keep({phone.out.number for phone in period.outside}, STOPPED)

    async def _begin(self, period: steps.Ring, headers: Sequence[tuple[str, str]]) -> None:
        """Call who is in this period and does not ring yet."""
        for phone in period.outside:
            self._far.call(phone)
        ringing = {_key(phone.target) for phone in self._open.values()}
        targets = [
            target
            for line in period.lines
            for target in self._phones(line)
            if ("", line) not in self._out
            and _key(target) not in self._out
            and _key(target) not in ringing
        ]
        room = max(0, PHONES - len(self._open))
        await self._invite_all(targets[:room], period, headers)

    def _phones(self, line: str) -> Sequence[Target]:
        """Those of a line that are to ring; a choice that is not there now is none."""
        all_ = self.switch.directory.targets(line)
        return [target for target in all_ if self._only and target.key == self._only] or all_

    # --- calling -------------------------------------------------------------------------------

    async def _invite_all(
        self, targets: Sequence[Target], period: steps.Ring, headers: Sequence[tuple[str, str]]
    ) -> None:
        legs = [Leg(self.switch, Party(t.line, t.name, t.line), phone=t.phone) for t in targets]
        opened, _ = await asyncio.gather(
            asyncio.gather(*(leg.open(beside=self.caller) for leg in legs), return_exceptions=True),
            self._introduction.learn({target.line for target in targets}),
        )
        for leg, target, failure in zip(legs, targets, opened, strict=True):
            phone = _Phone(
                target, Tried(target.line, target.phone, name=target.name), self._loop.time()
            )
            self.tried.append(phone.tried)
            if isinstance(failure, BaseException):
                if not isinstance(failure, MediaGone | NoPorts):
                    raise failure
                phone.tried.status, phone.tried.reason = 503, "no media"
                self._final.append(503)
                continue
            if self._done.done() or leg.gone:  # somebody left while streams were being opened
                leg.end()
                self._note(phone, 487, "not called any more")
                continue
            self._call(leg, phone, period, headers)

    def _call(
        self, leg: Leg, phone: _Phone, period: steps.Ring, headers: Sequence[tuple[str, str]]
    ) -> None:
        target = phone.target
        leg.keeper = self
        self._open[leg] = phone
        hidden = period.hides_caller and target.line == self.own
        invite(
            leg,
            target,
            shown=Party() if hidden else self._introduction.caller_for(target.line),
            codings=codings_beside(self.caller),
            alert=period.alert,
            headers=headers,
        )

    # --- from outside --------------------------------------------------------------------------

    def stop(self) -> None:
        """The one for whom it rings is gone (click-to-dial, before its phone answered)."""
        self._decide(Rung("caller_gone"))

    def decline(self, line: str = "") -> None:
        """The person at the portal will not take it: as a 603 of that line's phones, so the mailbox
        may. line: empty for the one whose plan it is."""
        if not line or self._decides(line):
            self._decide(Rung("declined", status=603))
        else:
            self._line_out(line, 603)
            self._one_less()

    def send_on(self, step: steps.Step) -> bool:
        """Whoever it rings for sends the call there; False when it is too late."""
        if self._done.done():
            return False
        self._decide(Rung("sent_on", onward=step))
        return True

    def lines(self) -> frozenset[str]:
        """Extensions that ring now."""
        return frozenset(phone.target.line for phone in self._open.values())

    def pick_up(self, taker: Leg) -> bool:
        """Somebody else answers instead of these phones; False when it is too late."""
        if self._done.done() or taker.gone:
            return False
        self.tried.append(Tried(taker.party.line, taker.phone, 200, "picked up"))
        self._decide(Rung("answered", taker, 200))
        return True

    def has(self, leg: Leg) -> bool:
        """Whether this leg is one of the phones that ring."""
        return leg in self._open

    # --- what the phones do --------------------------------------------------------------------

    def on_progress(self, leg: Leg, status: int, *, early: bool) -> None:
        """Ringing, or sound before the answer: passed on, the first phone's sound only."""
        if leg not in self._open or self._done.done():
            return
        self.rang(self._open[leg].target)
        self._clock.rings()
        if self._ringback is not None:
            self._ringback.progressed(leg, self._introduction.for_caller(leg), early=early)

    def _far_rings(self) -> None:
        """A phone outside rings. Its provider's tones and words are not passed on: others ring too,
        and what it says of one phone would be heard as if it were all."""
        if self._done.done():
            return
        self._clock.rings()
        if self._ringback is not None:
            self._ringback.rings()

    def _far_ended(self, rung: Rung) -> None:
        """A phone outside took the call, or will not."""
        if rung.leg is not None:
            self._decide(rung)
            return
        self._final.append(rung.status)
        self._one_less()

    def on_answer(self, leg: Leg) -> None:
        """The first wins; one that crossed our CANCEL is ended by the agent."""
        phone = self._open.pop(leg, None)
        if phone is None or self._done.done():
            if phone is not None:
                self._note(phone, 487, "answered elsewhere")
            leg.end(headers=[ELSEWHERE])
            return
        self._note(phone, 200, "answered")
        self._decide(Rung("answered", leg, 200))

    def on_refused(self, leg: Leg, status: int, reason: str, contact: str) -> None:
        """One phone less; a decline (603) speaks for the whole line."""
        phone = self._open.pop(leg, None)
        if phone is None:
            return
        line = phone.target.line
        self._note(phone, status, reason)
        self._tell_quiet(line)
        self._final.append(status)
        self._out.add(_key(phone.target))
        self._quiet(leg)
        if self._done.done():
            return
        if status in DECLINED and self._decides(line):
            self._decide(Rung("declined", status=status))
        elif 300 <= status < 400 and contact and self._decides(line):
            self._decide(Rung("redirected", status=status, contact=contact))
        else:
            if status in DECLINED:
                self._line_out(line, status)
            self._one_less()

    def on_gone(self, leg: Leg, why: str) -> None:
        """The caller left, or a ringing phone's sound was lost."""
        if leg is self.caller:
            self._decide(Rung("caller_gone"))
        else:
            self.on_refused(leg, 503, why, "")

    # --- deciding ------------------------------------------------------------------------------

    def _decides(self, line: str) -> bool:
        """Whether what this line's person wants goes for the whole plan."""
        return self.own in ("", line)

    def _decide(self, rung: Rung) -> None:
        if not self._done.done():
            self._done.set_result(rung)
            self._end_turn(False)
        elif rung.leg is not None:
            rung.leg.end(headers=[ELSEWHERE])

    def _line_out(self, line: str, status: int) -> None:
        """None of this line's phones takes the call."""
        self._out.add(("", line))
        for leg, phone in tuple(self._open.items()):
            if phone.target.line == line:
                self._let_go(leg, "declined", status)

    def _nobody_left(self) -> bool:
        return not self._open and not self._far

    def _one_less(self) -> None:
        if self._nobody_left():
            self._end_turn(False)

    def _nobody_took_it(self) -> None:
        if self._rang_out:
            self._decide(Rung("no_answer", status=408))
        elif any(status in BUSY for status in self._final):
            self._decide(Rung("busy", status=486))
        else:
            worst = self._final[-1] if self._final else 480
            self._decide(Rung("unavailable", status=worst))

    # --- letting go ----------------------------------------------------------------------------

    def _note(self, phone: _Phone, status: int, reason: str) -> None:
        tried = phone.tried
        tried.status, tried.reason = status, reason
        tried.seconds = round(self._loop.time() - phone.began, 1)

    def _let_go(
        self, leg: Leg, said: str, status: int = 487, *, headers: Sequence[tuple[str, str]] = ()
    ) -> None:
        phone = self._open.pop(leg)
        self._note(phone, status, said)
        leg.end(headers=headers)
        self._quiet(leg)
        self._tell_quiet(phone.target.line)

    def _tell_quiet(self, line: str) -> None:
        if line not in self.lines():
            self._line_quiet(line)

    def _quiet(self, leg: Leg) -> None:
        """Whom the caller listened to is silent; the others go on ringing."""
        if self._ringback is not None:
            self._ringback.quiet(leg, others=not self._nobody_left())

    def _end_losers(self) -> None:
        decided = self._done.done() and not self._done.cancelled()  # else the office closes
        won = decided and self._done.result().why == "answered"
        sent_on = decided and self._done.result().why == "sent_on"
        said = "answered elsewhere" if won else "sent on" if sent_on else STOPPED
        headers = [ELSEWHERE] if won or sent_on else []  # neither is a call that was missed
        if self._ringback is not None:
            self._ringback.over()
        for leg in tuple(self._open):
            self._let_go(leg, said, headers=headers)
        self._far.leave(said, headers=headers)


def _key(target: Target) -> tuple[str, str]:
    """What is the same phone in a later period."""
    return target.phone, target.uri
