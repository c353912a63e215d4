"""One number outside the office, by one trunk after the other until one carries the call.

A trunk that is silent, broken or at fault gives way to the next; what the far end itself says
(busy, no such number, declined) ends the trying. Which is which is `refusal.py`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pbx.calls import allowance
from pbx.calls.identity import (
    Diverted,
    Shown,
    address,
    diversion_headers,
    from_header,
    identity_headers,
)
from pbx.calls.keeper import Keeper
from pbx.calls.leg import Leg
from pbx.calls.refusal import verdict
from pbx.calls.ring_clock import RingClock
from pbx.calls.rung import Rung
from pbx.calls.story import Tried
from pbx.calls.switch import OURS, Closed, Route, Switch, wished
from pbx.events.kinds import Party
from pbx.media.engine import MediaGone, NoPorts
from pbx.numbers import digits
from pbx.routing.limits import Hit
from pbx.routing.plan import Outside
from pbx.sip import uri as uris
from pbx.sip.headers import NameAddr

log = logging.getLogger(__name__)
WORD = 4.0  # seconds for a provider to say anything at all, if only 100: three sendings by UDP
LAST_WORD = 10.0  # the same when there is no other trunk to try
ALERT = 20.0  # seconds from there to ringing or sound, before another trunk is tried
REDIRECTS = 2  # 3xx followed within one provider


@dataclass(frozen=True, slots=True)
class Reached:
    """How calling outside ended; a `Rung` and what the record is to say."""

    rung: Rung
    by: str = ""
    "Name of the trunk that carried it."
    heard: bool = False
    "The provider let its own words or tones be heard: ours would repeat them."
    closed: tuple[Closed, ...] = ()
    "Trunks that were not even tried."
    failed: tuple[tuple[str, int], ...] = ()
    "Trunks that were tried and gave way, with the status that made them."
    limit: Hit | None = None
    "The limit against toll fraud that did not let it out."

    @property
    def tried(self) -> bool:
        """Whether any was."""
        nobody = ("unavailable", 503)  # what is left when none carried it
        return bool(self.failed) or (self.rung.why, self.rung.status) != nobody


class Waiting:
    """Whoever waits for the number is told how it goes."""

    def next_trunk(self) -> None:
        """Another trunk is tried: what was heard by the one before is over."""

    def progressed(self, leg: Leg, *, early: bool) -> None:
        """The number rings; `early`: with sound."""

    def refused(self, leg: Leg) -> None:
        """It does not any more by this trunk."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a provider is told of a call, beside the step."""

    name: str = ""
    "Shown beside the number; empty for none."
    diverted: Sequence[Diverted] = ()
    headers: Sequence[tuple[str, str]] = ()
    who: str = ""
    "Whose phone it is, for the record."


class Reaching(Keeper):
    """One number by one trunk after the other. `run` returns when it is decided, or `leave` says
    that nobody waits any more."""

    def __init__(
        self,
        switch: Switch,
        step: Outside,
        *,
        beside: Leg | None,
        told: Told,
        waiting: Waiting,
        tried: list[Tried],
        seconds: float,
    ) -> None:
        """beside: who will talk to it; None: nobody is there yet. seconds: how long it may ring."""
        self.switch = switch
        self.step = step
        self.beside = beside
        self.told = told
        self.waiting = waiting
        self.tried = tried
        self.seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._done: asyncio.Future[Rung] = self._loop.create_future()
        self._leg: Leg | None = None
        self._row: Tried | None = None
        self._began = self._loop.time()
        self._timers: list[asyncio.TimerHandle] = []
        self._clock = RingClock(self._nobody_answered)
        self._others = False
        "Another trunk is left to try."
        self._heard = False
        self._said = ""
        "What ended the last try, for the record."
        self._left = False
        "Nobody waits any more."
        self._winner: Leg | None = None
        "Who answered."

    async def run(self) -> Reached:
        """Try them all. What is not the winner has been ended when this returns."""
        place = self.switch.toll.admit(
            self.step, self.beside or self, warn=self._warn, stop=self._stop
        )
        if isinstance(place, Hit):
            return Reached(Rung("unavailable", status=480), limit=place)
        try:
            reached = await self._run()
        except BaseException:
            place.over()
            raise
        leg = self._winner = reached.rung.leg
        if leg is None:
            place.over()
        else:
            place.talks()
            leg.when_over(place.over)
        return reached

    async def _run(self) -> Reached:
        routes, closed = self.switch.carriers.ways(self.step.trunks, emergency=self.step.emergency)
        rung = Rung("unavailable", status=503)
        route: Route | None = None
        failed: list[tuple[str, int]] = []
        for place, route in enumerate(routes, 1):
            if self._left:
                break
            self._others = place < len(routes)
            if place > 1 and not self._still_free(route):
                continue
            rung = await self._by(route)
            if rung.why != "next":
                break
            failed.append((route.trunk.name, rung.status))
        if self._left and rung.why != "answered":
            rung = Rung("caller_gone")
        by = route.trunk.name if route is not None and rung.why == "answered" else ""
        if rung.why == "next":
            rung = replace(rung, why="unavailable", status=503)
        return Reached(rung, by, self._heard, closed, tuple(failed))

    def leave(self, said: str, *, headers: Sequence[tuple[str, str]] = ()) -> None:
        """Nobody waits any more, for this reason: stop at once."""
        if self._left or (self._done.done() and self._done.result().why == "answered"):
            return
        self._left = True
        if self._leg is not None and not self._leg.gone:
            self.note(487, said)
            self._leg.end(headers=headers)
        self._decide(Rung("caller_gone"), said)

    def overheard(self) -> None:
        """The provider's own words or tones reached somebody."""
        self._heard = True

    def _still_free(self, route: Route) -> bool:
        """Other calls may have filled it while an earlier trunk was tried."""
        emergency = self.step.emergency
        return bool(self.switch.carriers.ways((route.trunk.id,), emergency=emergency)[0])

    async def _by(self, route: Route) -> Rung:
        """One trunk, following it to other machines of its own provider."""
        uri = address(self.step.number, route.trunk)
        for _ in range(REDIRECTS + 1):
            if self._left:
                return Rung("caller_gone")
            rung = await self._call(route, uri)
            if rung.why != "redirected":
                return rung
            onward = await self._onward(route, rung.contact)
            if onward is None:
                break
            route, uri = onward
        return Rung("next", status=503)

    async def _onward(self, route: Route, contact: str) -> tuple[Route, str] | None:
        """Where a 3xx points: the same number at the same provider, nowhere else. A stranger's
        answer must not choose which numbers the office pays for."""
        try:
            uri = NameAddr.parse(contact).uri
            found = uris.parse(uri)
        except ValueError:
            return None
        if digits(found.user)[-9:] != digits(self.step.number)[-9:] or found.scheme != "sip":
            return None
        other = await self.switch.carriers.onward(route, found.address, found.port or 5060)
        return None if other is None else (other, uri)

    async def _call(self, route: Route, uri: str) -> Rung:
        trunk, step, told = route.trunk, self.step, self.told
        self._done = self._loop.create_future()
        self._clock = RingClock(self._nobody_answered)
        self.waiting.next_trunk()
        party = Party(step.number, "", "")
        leg = self._leg = Leg(self.switch, party, phone=f"{trunk.name} ({route.flow.host})")
        leg.trunk = trunk.id
        leg.speak(wished(trunk.codecs) or OURS, ordered=True)
        leg.keeper = self
        self.switch.carriers.seize(leg, trunk.id)
        self._row = Tried(
            "", f"{trunk.name} {step.number}", name=told.who, payer=step.payer, kind=step.kind
        )
        self.tried.append(self._row)
        self._began = self._loop.time()
        rung = Rung("next", status=503)
        try:
            await self._opened(leg)
            if self._left or leg.gone:
                rung = Rung("caller_gone" if self._left else "next", status=503)
                return rung
            says = trunk.diversion != "none" and bool(told.diverted)
            number = step.caller if says and step.caller else step.shown
            shown = Shown(number, told.name, step.withheld and not step.emergency)
            leg.invite(
                uri,
                route.flow,
                from_=from_header(shown, trunk),
                to=f"<{uri}>",
                codings=leg.ours,
                headers=[
                    ("Contact", f"<{route.contact}>"),
                    *identity_headers(shown, trunk),
                    *diversion_headers(told.diverted, step.number, trunk, withheld=shown.withheld),
                    *told.headers,
                ],
                credentials=route.credentials,
                route=route.path,
            )
            self._watch(leg, trunk.id)
            rung = await self._done
            return rung
        finally:
            self._unwatch()
            if rung.why == "answered":
                self.note(200, "answered")
            elif self._left:
                self.note(487, self._said)
            else:
                self.note(rung.status, self._said or rung.why)
            if rung.why != "answered":
                leg.end()

    def note(self, status: int, said: str) -> None:
        """What became of it, for the record."""
        row = self._row
        if row is not None and not (self._left and row.status == 487):
            row.status, row.reason = status, said
            row.seconds = round(self._loop.time() - self._began, 1)

    async def _opened(self, leg: Leg) -> None:
        try:
            await leg.open(beside=self.beside)
        except MediaGone:
            if not leg.gone and not self._left:
                raise
        except NoPorts:
            leg.end()
            raise

    # --- waiting -------------------------------------------------------------------------------

    def _watch(self, leg: Leg, trunk: int) -> None:
        self._said = ""
        word = WORD if self._others else LAST_WORD

        def no_word() -> None:
            if leg is self._leg and not leg.gone and not leg.dialog.heard:
                self.switch.carriers.silent(trunk)
                self._decide(Rung("next", status=408), "no answer from the provider")

        def no_alert() -> None:
            if leg is self._leg and not self._clock.alerted and self._others:
                self._decide(Rung("next", status=408), "the number did not ring")

        self._timers = [
            self._loop.call_later(word, no_word),
            self._loop.call_later(word + ALERT, no_alert),
        ]
        self._clock.begin(self.seconds)

    def _nobody_answered(self) -> None:
        self._decide(Rung("no_answer", status=408), "nobody answered")

    def _unwatch(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers = []
        self._clock.stop()

    def _decide(self, rung: Rung, said: str = "") -> None:
        if not self._done.done():
            self._said = said
            self._done.set_result(rung)

    # --- what the meter does -------------------------------------------------------------------

    def _warn(self) -> None:
        """The minutes are about to end: whoever talks hears a beep."""
        if self._winner is not None:
            allowance.warn(self._winner)

    def _stop(self, met: Hit) -> None:
        """They have ended."""
        if self._winner is not None:
            allowance.end(self._winner, met)

    # --- what the provider does ----------------------------------------------------------------

    def on_progress(self, leg: Leg, status: int, *, early: bool) -> None:
        """Ringing, or the provider's own tones and words."""
        if leg is not self._leg or self._done.done():
            return
        self._clock.rings()
        self.waiting.progressed(leg, early=early)

    def on_answer(self, leg: Leg) -> None:
        """The number answered; a trunk that was given up already is ended by the agent."""
        if leg is not self._leg or self._done.done():
            leg.end()
            return
        self._decide(Rung("answered", leg, 200))

    def on_refused(self, leg: Leg, status: int, reason: str, contact: str) -> None:
        """The number, or the provider, will not."""
        if leg is not self._leg:
            return
        self.waiting.refused(leg)
        if 300 <= status < 400:
            rung = Rung("redirected" if contact else "next", status=status, contact=contact)
        else:
            rung = verdict(status, leg.cause)
        self._decide(rung, f"{status} {reason}"[:80])

    def on_gone(self, leg: Leg, why: str) -> None:
        """The trunk's sound was lost."""
        self.on_refused(leg, 503, why, "")
