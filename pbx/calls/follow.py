"""One call from its first ring to its record: walks the plan's steps until one holds the caller."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from pbx.calls import park, pickup
from pbx.calls.api import HungUp
from pbx.calls.call import AppCall
from pbx.calls.divert import AtLines
from pbx.calls.far_phone import FarPhone
from pbx.calls.identity import DEFLECTED
from pbx.calls.leg import Leg, forget
from pbx.calls.origin import Origin
from pbx.calls.reaching import Reached
from pbx.calls.ring import Ring
from pbx.calls.rung import Rung
from pbx.calls.splash import Splash
from pbx.calls.story import CallStory
from pbx.calls.switch import Switch
from pbx.calls.talking import Talking
from pbx.calls.telling import Telling
from pbx.calls.transfer import Transfer, redirected_to
from pbx.calls.way_out import call_outside, say_why_not
from pbx.events.kinds import End, Party
from pbx.media.engine import File, MediaGone, NoPorts
from pbx.routing import plan as steps
from pbx.routing.facts import CallFacts
from pbx.routing.office import Office
from pbx.routing.plan import Plan
from pbx.sip.agent import Headers

log = logging.getLogger(__name__)
RETRY = [("Retry-After", "5")]
DIVERSIONS = 5  # behaviour 1.1 step 1

PHRASES = {
    486: "Busy Here",
    603: "Decline",
    408: "Request Timeout",
    404: "Not Found",
    403: "Forbidden",
    503: "Service Unavailable",
}
END_OF = {
    "busy": End.BUSY,
    "no_such_number": End.NOT_FOUND,
    "barred": End.FORBIDDEN,
    "declined": End.DECLINED,
    "unavailable": End.UNAVAILABLE,
    "no_answer": End.NO_ANSWER,
    "caller_gone": End.CANCELLED,
}
NOT_TAKEN = {
    "busy": (
        "I telefoni che l'interno {line} fa squillare erano occupati",
        "The phones that extension {line} has ring were busy",
    ),
    "declined": (
        "La chiamata è stata rifiutata da un telefono dell'interno {line}",
        "The call was declined on a phone of extension {line}",
    ),
    "unavailable": (
        "Nessuno dei telefoni che l'interno {line} fa squillare era raggiungibile",
        "None of the phones that extension {line} has ring could be reached",
    ),
}
"Why ringing ended before its time, for the record."
END_OF_STATUS = {
    404: End.NOT_FOUND,
    403: End.FORBIDDEN,
    486: End.BUSY,
    488: End.NO_CODEC,
    603: End.DECLINED,
    408: End.NO_ANSWER,
    480: End.UNAVAILABLE,
}


class Conversation:
    """A call in progress. `run` ends when nobody is left in it, and has told its story by then."""

    def __init__(
        self,
        switch: Switch,
        caller: Leg | None,
        facts: CallFacts,
        *,
        on_over: Callable[[Conversation], None],
        spawn: Callable[[Conversation], None],
        caller_party: Party | None = None,
        from_web: bool = False,
        return_caller: bool = False,
        payer: str = "",
        seconds: int = 0,
        office: Office | None = None,
        origin: str = "",
    ) -> None:
        """office: the snapshot of this moment, when the caller has just taken it. origin: of a call
        from the portal, the other telephone that rings first."""
        self.switch = switch
        self.caller = caller
        self.facts = facts
        self.return_caller = return_caller
        "Give the caller back untouched when nobody takes the call (a transfer that may fail)."
        self.seconds = seconds
        "Such a caller is back after so long, and in no other mailbox; 0: as for any call."
        self.taken: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        "200 once somebody or something answered, else the status that nobody did with."
        party = caller_party or (caller.party if caller else Party())
        self.id = switch.new_id()
        self.story = CallStory(
            self.id, party, facts.dialled, switch.now(), from_line=payer, from_web=from_web,
            origin=origin,
        )  # fmt: skip
        self.callee: Leg | None = None
        self.office = office or Office()
        self._has_office = office is not None
        self.on_over = on_over
        self.spawn = spawn
        "Starts a further call that begins here and outlives this one."
        self.telling = Telling(self)
        self.talking = Talking(self)
        self._kept_alive: set[Leg] = set()
        self._helped = ""
        "The line that called an emergency number."
        self.origin = Origin(self, origin) if from_web else None
        "The telephone that rings before the number is dialled."
        self.shown: Party | None = None
        "Who calls, as phones display it; None: the caller."
        self.tag = ""
        "What stands before who calls on their displays: an orbit that he comes back from."
        self.for_sender: park.ForSender | None = None
        "What whoever transferred the caller here is to hear of it."
        self.recorded = True
        "False for a call that went on in another one, which tells the story."
        self.recorded_untaken = True
        "False for a parked call that came back: only when somebody takes it."
        self.ringing: Ring | None = None
        "The phones that ring for the caller now."

    # --- the whole -----------------------------------------------------------------------------

    async def run(self) -> None:
        """Follow the call to its end."""
        if self.caller is not None:
            self.caller.conversation = self
        try:
            if not self._has_office:
                self.office = await self.switch.office()
            if self.origin is not None:
                self.origin.read()
            self.telling.started()
            if self.origin is not None and not await self.origin.answered():
                return
            if self.story.ended_by:  # from outside, in the meantime
                self.telling.left_early()
                return
            await self.follow(self.facts)
        except (NoPorts, MediaGone) as error:
            if self.caller is not None and self.caller.gone:
                self.telling.left_early()
                return
            log.warning("%s no sound: %s", self.id, error)
            await self.give_up(503, "Service Unavailable", End.MEDIA_LOST, headers=RETRY)
        except Exception:
            log.exception("%s failed", self.id)
            await self.give_up(500, "Server Internal Error", End.FAILED)
        finally:
            self._close()

    async def follow(self, facts: CallFacts) -> None:
        """Decide, then walk the steps."""
        self.facts = facts
        plan = self.switch.decide(facts, self.office)
        if plan.meant is not None:  # a code before the number, a number that goes on
            self.facts = replace(plan.meant, granted=False)
        self.story.planned(plan)
        self.story.forwarded = self.story.to_line in self.facts.diverted_by
        if self.seconds:
            plan = steps.briefly(plan, self.seconds)
        await self._walk(plan)

    def hang_up(self, by: str) -> None:
        """End it from outside; `by` is 'portal' or 'office'."""
        self.story.ended_by = by
        if self.origin is not None:
            self.origin.stop()
        for leg in (self.caller, self.callee):
            if leg is not None and leg not in self._kept_alive:
                leg.hang_up()

    def decline(self, line: str = "") -> bool:
        """Whoever it rings for will not take it; the plan goes on. False when nothing rings. line:
        whose phones; empty for the one that was called."""
        if self.ringing is None:
            return False
        self.ringing.decline(line)
        return True

    def pick_up(self, taker: Leg, *, instead_of: str = "") -> bool:
        """Answer with this leg what rings now, for the line `instead_of` when it is a pickup; False
        when nothing rings any more."""
        if self.ringing is None or not self.ringing.pick_up(taker):
            return False
        if instead_of:
            person = self.office.lines.get(instead_of)
            whose = f"{instead_of} {person.name}".rstrip() if person else instead_of
            self.story.note(
                "pickup",
                it=f"{taker.party.line} ha risposto per conto di {whose}",
                en=f"{taker.party.line} answered on behalf of {whose}",
            )
        return True

    def rings_at(self) -> frozenset[str]:
        """Extensions whose phones ring now."""
        return self.ringing.lines() & self.telling.rang if self.ringing else frozenset()

    def is_ringing(self, leg: Leg) -> bool:
        """Whether this leg is a phone that rings here."""
        return self.ringing is not None and self.ringing.has(leg)

    def goes_on_elsewhere(self) -> None:
        """The caller's leg talks in another conversation, which tells the story."""
        assert self.caller is not None
        self.keep_alive(self.caller)
        self.recorded = False
        self.story.end = End.TRANSFERRED
        self.telling.settled(200)

    def keep_alive(self, leg: Leg) -> None:
        """The leg lives on elsewhere: this conversation's end is not its own."""
        self._kept_alive.add(leg)

    # --- steps ---------------------------------------------------------------------------------

    async def _walk(self, plan: Plan) -> None:
        todo = list(plan.steps)
        status, end = 480, End.UNAVAILABLE
        rang = False
        while todo:
            step = todo.pop(0)
            if isinstance(step, steps.Ring):
                periods = [step]
                while todo and isinstance(todo[0], steps.Ring):
                    periods.append(todo[0])
                    del todo[0]
                rung = await self._ring(periods, plan)
                if rung.why == "answered":
                    assert rung.leg is not None
                    await self.talking.begin(rung.leg)
                    return
                if rung.onward is not None:
                    todo, rang = [rung.onward], True
                    continue
                if rung.why == "redirected" and await self._redirect(rung, plan):
                    return
                rang = True
                status, end = rung.status, END_OF.get(rung.why, End.UNAVAILABLE)
                if rung.why == "caller_gone":
                    self.telling.left_early()
                    return
                self._say_why_not(rung.why, plan.to_line)
                instead = {
                    "busy": plan.on_busy,
                    "unavailable": plan.on_unavailable,
                    "declined": plan.on_declined,
                }.get(rung.why)
                if instead is not None:
                    todo = list(instead)
            elif isinstance(step, steps.Mailbox):
                await self._serve("voicemail_deposit", f"{step.line} {step.greeting}", "mailbox")
                return
            elif isinstance(step, steps.Service):
                by = "mailbox" if step.app.startswith("voicemail") else "service"
                await self._serve(step.app, step.argument, by)
                return
            elif isinstance(step, steps.PickUp):
                await pickup.pick_up(self, step)
                return
            elif isinstance(step, steps.Park):
                await park.park(self, step)
                return
            elif isinstance(step, steps.Retrieve):
                await park.retrieve(self, step)
                return
            elif isinstance(step, steps.Announce):
                await self.refuse(step, for_line=plan.to_line)
                return
            elif isinstance(step, steps.Outside):
                reached = await self._outside(step)
                rung = reached.rung
                if rung.leg is not None:
                    await self.talking.begin(rung.leg)
                    return
                if rung.why == "caller_gone":
                    self.telling.left_early()
                    return
                status, end = rung.status, END_OF.get(rung.why, End.UNAVAILABLE)
                if rung.why == "unavailable" and plan.on_unavailable is not None:
                    todo = list(plan.on_unavailable)
                if not todo:
                    await say_why_not(self, reached)
            elif isinstance(step, steps.Splash):
                self._splash(step.line)
            elif isinstance(step, steps.Forward):
                await self._forward(step.call)
                return
            else:
                status, reason = step.status, step.reason
                if not rang or status != 480:
                    end = END_OF_STATUS.get(status, End.FAILED)
                elif end is End.DECLINED:  # that is what a person said
                    status, reason = 603, "Decline"
                await self.give_up(status, reason, end)
                return
        await self.give_up(status, PHRASES.get(status, "Temporarily Unavailable"), end)

    async def _ring(self, periods: Sequence[steps.Ring], plan: Plan) -> Rung:
        """The periods of one ring plan, one after the other."""
        caller = self.caller
        assert caller is not None
        await caller.open()
        lines = AtLines(self, plan.to_line)
        ring = Ring(
            self.switch,
            caller,
            shown=self.shown or caller.party,
            rang=lines.rings,
            quiet=lines.quiet,
            tried=self.story.tried,
            own=plan.to_line,
            office=self.office,
            tag=self.tag,
            far=lambda phone, rings: FarPhone(self, phone, plan.to_line, rings),
        )
        self.ringing = ring
        try:
            rung = await ring.run(periods, headers=self.forward_headers())
        finally:
            self.ringing = None
        log.info("%s ring %s -> %s (%s)", self.id, plan.to_line, rung.why, self.story.answers())
        return rung

    def _say_why_not(self, why: str, line: str) -> None:
        """What the phones that were rung answered, when they were not just silent."""
        if why in NOT_TAKEN:
            it, en = NOT_TAKEN[why]
            self.story.note("ring_plan", it=it.format(line=line), en=en.format(line=line))

    async def _outside(self, step: steps.Outside) -> Reached:
        """A number outside; who calls for help is remembered, now and when the call is over."""
        if step.emergency:
            self._helped = self.facts.payer
            self.switch.help.called(self._helped, self.switch.now())
        return await call_outside(self, step)

    async def _redirect(self, rung: Rung, plan: Plan) -> bool:
        """A phone's own forward (302): dialled for it, as any number. True when that was tried."""
        number = redirected_to(rung.contact)
        if not number or len(self.facts.diverted_by) >= DIVERSIONS:
            return False
        by = plan.to_line or self.facts.dialled
        if by in self.facts.diverted_by:
            return False
        facts = self.facts
        await self.follow(
            replace(
                facts,
                dialled=number,
                diverted_by=(*facts.diverted_by, by),
                causes=(*facts.causes, DEFLECTED),
            )
        )
        return True

    async def _forward(self, facts: CallFacts) -> None:
        """Somebody forwards the call: decided anew, with who can be reached by now."""
        await self.follow(self.switch.as_it_is_now(facts))

    def _splash(self, line: str) -> None:
        """Beside the call, which does not wait for it."""
        assert self.caller is not None
        splash = Splash(self.switch, self.caller.party, office=self.office)
        self.switch.start(splash.run(line, headers=self.forward_headers()))

    async def _serve(self, app: str, argument: str, by: str) -> None:
        caller = self.caller
        assert caller is not None
        run = self.switch.apps.get(app)
        if run is None:
            await self.give_up(503, "Service Unavailable", End.FAILED)
            return
        person = self.office.lines.get(caller.party.line)
        call = AppCall(
            self.switch,
            caller,
            call_id=self.id,
            dialled=self.facts.dialled,
            language=person.language if person else self.office.language,
            on_answer=lambda: self.telling.is_answered(by, self.telling.callee_party()),
            on_transfer=self._dial_for_app,
        )
        await caller.open()
        try:
            await run(call, argument)
        except HungUp:
            pass
        if call.denied and not caller.answered:
            self.story.status = call.denied
            self.story.end = END_OF_STATUS.get(call.denied, End.FAILED)
        elif self.story.answered_at is None:
            self.telling.left_early()
        else:
            self.story.end = End.COMPLETED
        if caller in self._kept_alive:
            self.story.end = End.TRANSFERRED
        if self.story.message_left:
            self.story.end = End.MESSAGE_LEFT
        if caller.gone in ("media_lost", "vanished"):
            self.story.end = End(caller.gone)
        self.story.ended_by = self.story.ended_by or self.telling.who_left()

    async def refuse(self, step: steps.Announce, *, aloud: bool = True, for_line: str = "") -> None:
        """Say why nobody takes the call, and end it; not aloud: by its status alone.

        for_line: who refuses it. For a line that forwarded the call there it is missed like any
        other.
        """
        if aloud:
            await self.say(step.prompt)
        end = END_OF_STATUS.get(step.status, End.FAILED)
        if step.rejects and for_line == self.story.to_line:
            end = End.REJECTED
        await self.give_up(step.status, step.reason, end)

    async def say(self, prompt: str) -> None:
        """An announcement before the refusal: early sound for a caller who waits."""
        caller = self.caller
        assert caller is not None
        person = self.office.lines.get(caller.party.line)
        language = person.language if person else self.office.language
        try:
            await caller.open()
            caller.early()
            if caller.stream is not None and (caller.answered or caller.early_sent):
                sound = File(self.switch.prompt(prompt, language))
                playing = asyncio.ensure_future(caller.stream.play([sound]))
                gone = asyncio.ensure_future(caller.over())
                await asyncio.wait({playing, gone}, return_when=asyncio.FIRST_COMPLETED)
                playing.cancel()
                playing.add_done_callback(forget)
                gone.cancel()
        except (KeyError, MediaGone, NoPorts) as error:
            log.warning("%s no announcement %s: %s", self.id, prompt, error)

    def forward_headers(self) -> list[tuple[str, str]]:
        """What a call passed on carries: one hop less to go (RFC 3261 s.16.6, RFC 5393)."""
        caller = self.caller
        hops = None
        if caller is not None and not caller.dialog.outgoing:
            hops = caller.dialog.invite.max_forwards
        return [("Max-Forwards", str(max(0, (70 if hops is None else hops) - 1)))]

    async def _dial_for_app(self, number: str, payer: str, seconds: int) -> bool:
        """The verb `transfer` of an application."""
        assert self.caller is not None
        transfer = Transfer(self, self.caller, self.caller)
        status = await transfer.hand_on(self.caller, number, payer=payer, seconds=seconds)
        return status == 200

    # --- ending --------------------------------------------------------------------------------

    async def give_up(self, status: int, reason: str, end: End, *, headers: Headers = ()) -> None:
        """Nobody takes the call: the caller is told so, unless it is to be given back."""
        self.telling.given_up(status, end)
        if self.caller is not None and not self.return_caller:
            await self.caller.fail(status, reason, headers=headers)

    def _close(self) -> None:
        story = self.story
        story.ended_at = self.switch.now()
        self.switch.help.called(self._helped, story.ended_at)
        self.telling.settled(story.status or 480)
        returned = self.return_caller and self.taken.result() != 200
        for leg in (self.caller, self.callee):
            given_back = returned and leg is self.caller
            if leg is not None and not given_back and leg not in self._kept_alive:
                leg.end()
        self.telling.ended(story.ended_at)
        self.on_over(self)
        log.info("%s over: %s by %s", self.id, story.end.value, story.ended_by)
