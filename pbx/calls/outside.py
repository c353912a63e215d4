"""One number outside the office, by one trunk after the other until one carries the call.

A trunk that is silent, broken or at fault gives way to the next; what the far end itself says
(busy, no such number, declined) ends the trying.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
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
from pbx.calls.ring import Rung
from pbx.calls.shown import caller_headers
from pbx.calls.story import Tried
from pbx.calls.switch import OURS, Closed, Route, Switch, wished
from pbx.events.kinds import Party
from pbx.media.engine import MediaGone, NoPorts, Tone
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

BUSY = frozenset({486, 600})
DECLINED = frozenset({603, 607, 608})
NO_SUCH = frozenset({404, 410, 484, 485, 604})
NEXT = frozenset({401, 402, 407, 408, 488, 606})
"Refusals that are about us and this provider, not about the number: the next trunk may do better."
Q850 = {1: 404, 17: 486, 21: 603, 28: 484}
"Causes of the telephone network (Q.850 in a Reason, RFC 3326) that a gateway's 5xx may hide."


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


class OutsideCall(Keeper):
    """One step of calling outside. `run` returns when it is decided; the caller's end decides it
    too."""

    def __init__(
        self,
        switch: Switch,
        caller: Leg,
        step: Outside,
        *,
        name: str,
        diverted: Sequence[Diverted],
        rang: Callable[[], None],
        tried: list[Tried],
    ) -> None:
        """name: shown beside the number; empty for none. rang: told when the far end rings."""
        self.switch = switch
        self.caller = caller
        self.step = step
        self.name = name
        self.diverted = diverted
        self.rang = rang
        self.tried = tried
        self._loop = asyncio.get_running_loop()
        self._done: asyncio.Future[Rung] = self._loop.create_future()
        self._leg: Leg | None = None
        self._timers: list[asyncio.TimerHandle] = []
        self._limit: asyncio.TimerHandle | None = None
        self._others = False
        "Another trunk is left to try."
        self._alerted = False
        self._early = False
        "The caller hears the provider's own sound."
        self._heard = False
        "He did so at some time."
        self._tone = False
        self._said = ""
        "What ended the last try, for the record."
        self._left = False
        "The caller is gone."
        self._winner: Leg | None = None
        "Who answered."

    async def run(self, headers: Sequence[tuple[str, str]] = ()) -> Reached:
        """Try them all. What is not the winner has been ended when this returns."""
        caller = self.caller
        place = self.switch.toll.admit(self.step, caller, warn=self._warn, stop=self._stop)
        if isinstance(place, Hit):
            return Reached(Rung("unavailable", status=480), limit=place)
        try:
            reached = await self._run(headers)
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

    async def _run(self, headers: Sequence[tuple[str, str]]) -> Reached:
        caller = self.caller
        before, caller.keeper = caller.keeper, self
        routes, closed = self.switch.carriers.ways(self.step.trunks, emergency=self.step.emergency)
        rung = Rung("unavailable", status=503)
        route: Route | None = None
        failed: list[tuple[str, int]] = []
        try:
            if caller.gone:
                return Reached(Rung("caller_gone"))
            for place, route in enumerate(routes, 1):
                self._others = place < len(routes)
                if place > 1 and not self._still_free(route):
                    continue
                rung = await self._by(route, headers)
                if rung.why != "next":
                    break
                failed.append((route.trunk.name, rung.status))
            if self._left and rung.why != "answered":
                rung = Rung("caller_gone")
            by = route.trunk.name if route is not None and rung.why == "answered" else ""
            if rung.why == "next":
                rung = replace(rung, why="unavailable", status=503)
            return Reached(rung, by, self._heard, closed, tuple(failed))
        finally:
            caller.keeper = before

    def _still_free(self, route: Route) -> bool:
        """Other calls may have filled it while an earlier trunk was tried."""
        emergency = self.step.emergency
        return bool(self.switch.carriers.ways((route.trunk.id,), emergency=emergency)[0])

    async def _by(self, route: Route, headers: Sequence[tuple[str, str]]) -> Rung:
        """One trunk, following it to other machines of its own provider."""
        uri = address(self.step.number, route.trunk)
        for _ in range(REDIRECTS + 1):
            rung = await self._call(route, uri, headers)
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

    async def _call(self, route: Route, uri: str, headers: Sequence[tuple[str, str]]) -> Rung:
        trunk, step = route.trunk, self.step
        self._done = self._loop.create_future()
        self._alerted = self._early = self._tone = False
        party = Party(step.number, "", "")
        leg = self._leg = Leg(self.switch, party, phone=f"{trunk.name} ({route.flow.host})")
        leg.trunk = trunk.id
        leg.speak(wished(trunk.codecs) or OURS, ordered=True)
        leg.keeper = self
        self.switch.carriers.seize(leg, trunk.id)
        tried = Tried("", f"{trunk.name} {step.number}", payer=step.payer, kind=step.kind)
        self.tried.append(tried)
        began = self._loop.time()
        rung = Rung("next", status=503)
        try:
            await self._opened(leg)
            if self._left or leg.gone:
                rung = Rung("caller_gone" if self._left else "next", status=503)
                return rung
            told = trunk.diversion != "none" and bool(self.diverted)
            number = step.caller if told and step.caller else step.shown
            shown = Shown(number, self.name, step.withheld and not step.emergency)
            leg.invite(
                uri,
                route.flow,
                from_=from_header(shown, trunk),
                to=f"<{uri}>",
                codings=leg.ours,
                headers=[
                    ("Contact", f"<{route.contact}>"),
                    *identity_headers(shown, trunk),
                    *diversion_headers(self.diverted, step.number, trunk, withheld=shown.withheld),
                    *headers,
                ],
                credentials=route.credentials,
                route=route.path,
            )
            self._watch(leg, trunk.id)
            rung = await self._done
            return rung
        finally:
            self._unwatch()
            tried.status = 200 if rung.why == "answered" else 487 if self._left else rung.status
            tried.reason = "answered" if rung.why == "answered" else self._said or rung.why
            tried.seconds = round(self._loop.time() - began, 1)
            if rung.why != "answered":
                leg.end()

    async def _opened(self, leg: Leg) -> None:
        try:
            await leg.open(beside=self.caller)
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
            if leg is self._leg and not self._alerted and self._others:
                self._decide(Rung("next", status=408), "the number did not ring")

        self._timers = [
            self._loop.call_later(word, no_word),
            self._loop.call_later(word + ALERT, no_alert),
        ]
        self._ring_on()

    def _ring_on(self) -> None:
        """So many seconds from now on."""
        if self._limit is not None:
            self._limit.cancel()
        self._limit = self._loop.call_later(self.step.seconds, self._nobody_answered)

    def _nobody_answered(self) -> None:
        self._decide(Rung("no_answer", status=408), "nobody answered")

    def _unwatch(self) -> None:
        for timer in (*self._timers, self._limit):
            if timer is not None:
                timer.cancel()
        self._timers, self._limit = [], None

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
        """Ringing, or the provider's own tones and words: passed on."""
        caller = self.caller
        if leg is not self._leg or self._done.done():
            return
        self.rang()
        if not self._alerted:
            self._alerted = True
            self._ring_on()
        shown = caller_headers(leg, caller)
        if early and caller.remote is not None and caller.stream and leg.stream:
            self._early = self._heard = True
            caller.early(prefer=leg.coding, headers=shown)
            caller.hush()
            self.switch.media.connect(caller.stream, leg.stream)
        elif self._early or self._tone:
            return
        elif caller.early_sent and not caller.answered:  # by a trunk that was given up since
            self._tone = True
            caller.play_on(Tone("ringback"))
        else:
            self._tone = caller.answered
            caller.ringing(headers=shown)

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
        if self._early and self.caller.stream is not None:
            self.switch.media.disconnect(self.caller.stream)
        if 300 <= status < 400:
            rung = Rung("redirected" if contact else "next", status=status, contact=contact)
        else:
            rung = verdict(Q850.get(leg.cause, status) if status >= 500 else status)
        self._decide(rung, f"{status} {reason}"[:80])

    def on_gone(self, leg: Leg, why: str) -> None:
        """The caller left, or the trunk's sound was lost."""
        if leg is self.caller:
            self._left = True
            self._decide(Rung("caller_gone"), "the caller hung up")
        else:
            self.on_refused(leg, 503, why, "")


def verdict(status: int) -> Rung:
    """What a refusal means for the caller; 'next' when it says more of the trunk than of whom it
    was to reach. The status is the one that the caller gets."""
    if status in BUSY:
        return Rung("busy", status=486)
    if status in DECLINED:
        return Rung("declined", status=603)
    if status in NO_SUCH:
        return Rung("no_such_number", status=404)
    if status == 403:
        return Rung("barred", status=403)
    if status in NEXT or 500 <= status < 600:
        return Rung("next", status=status)
    return Rung("unavailable", status=480)
