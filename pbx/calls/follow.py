"""A call's way through its plan: decided, then walked step by step until one holds the caller.

Its place in the code is the call's state. A step that hands the call on (a forward, a phone's own
redirection) has it decided anew, and the walk begins again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pbx.calls import park, pickup
from pbx.calls.api import HungUp
from pbx.calls.call import AppCall
from pbx.calls.divert import AtLines
from pbx.calls.endings import END_OF, END_OF_STATUS, PHRASES
from pbx.calls.far_phone import FarPhone
from pbx.calls.identity import DEFLECTED
from pbx.calls.reaching import Reached
from pbx.calls.ring import Ring
from pbx.calls.rung import Rung
from pbx.calls.splash import Splash
from pbx.calls.transfer import Transfer, redirected_to
from pbx.calls.way_out import call_outside, say_why_not
from pbx.events.kinds import End
from pbx.routing import plan as steps
from pbx.routing.facts import CallFacts
from pbx.routing.plan import Plan

if TYPE_CHECKING:
    from pbx.calls.conversation import Conversation

log = logging.getLogger(__name__)
DIVERSIONS = 5  # behaviour 1.1 step 1
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


class Walk:
    """One conversation's walk, from plan to plan."""

    def __init__(self, here: Conversation) -> None:
        self.here = here
        self.helped = ""
        "The line that called an emergency number."

    async def follow(self, facts: CallFacts) -> None:
        """Decide, then walk the steps."""
        here = self.here
        here.facts = facts
        plan = here.switch.decide(facts, here.office)
        if plan.meant is not None:  # a code before the number, a number that goes on
            here.facts = replace(plan.meant, granted=False)
        here.story.planned(plan)
        here.story.forwarded = here.story.to_line in here.facts.diverted_by
        if here.seconds:
            plan = steps.briefly(plan, here.seconds)
        await self._walk(plan)

    # --- steps ---------------------------------------------------------------------------------

    async def _walk(self, plan: Plan) -> None:
        here = self.here
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
                    await here.talking.begin(rung.leg)
                    return
                if rung.onward is not None:
                    todo, rang = [rung.onward], True
                    continue
                if rung.why == "redirected" and await self._redirect(rung, plan):
                    return
                rang = True
                status, end = rung.status, END_OF.get(rung.why, End.UNAVAILABLE)
                if rung.why == "caller_gone":
                    here.telling.left_early()
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
                await pickup.pick_up(here, step)
                return
            elif isinstance(step, steps.Park):
                await park.park(here, step)
                return
            elif isinstance(step, steps.Retrieve):
                await park.retrieve(here, step)
                return
            elif isinstance(step, steps.Announce):
                await here.refuse(step, for_line=plan.to_line)
                return
            elif isinstance(step, steps.Outside):
                reached = await self._outside(step)
                rung = reached.rung
                if rung.leg is not None:
                    await here.talking.begin(rung.leg)
                    return
                if rung.why == "caller_gone":
                    here.telling.left_early()
                    return
                status, end = rung.status, END_OF.get(rung.why, End.UNAVAILABLE)
                if rung.why == "unavailable" and plan.on_unavailable is not None:
                    todo = list(plan.on_unavailable)
                if not todo:
                    await say_why_not(here, reached)
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
                await here.give_up(status, reason, end)
                return
        await here.give_up(status, PHRASES.get(status, "Temporarily Unavailable"), end)

    async def _ring(self, periods: Sequence[steps.Ring], plan: Plan) -> Rung:
        """The periods of one ring plan, one after the other."""
        here = self.here
        caller = here.caller
        assert caller is not None
        await caller.open()
        lines = AtLines(here, plan.to_line)
        ring = Ring(
            here.switch,
            caller,
            shown=here.shown or caller.party,
            rang=lines.rings,
            quiet=lines.quiet,
            tried=here.story.tried,
            own=plan.to_line,
            office=here.office,
            tag=here.tag,
            far=lambda phone, rings: FarPhone(here, phone, plan.to_line, rings),
        )
        here.ringing = ring
        try:
            rung = await ring.run(periods, headers=here.forward_headers())
        finally:
            here.ringing = None
        log.info("%s ring %s -> %s (%s)", here.id, plan.to_line, rung.why, here.story.answers())
        return rung

    def _say_why_not(self, why: str, line: str) -> None:
        """What the phones that were rung answered, when they were not just silent."""
        if why in NOT_TAKEN:
            it, en = NOT_TAKEN[why]
            self.here.story.note("ring_plan", it=it.format(line=line), en=en.format(line=line))

    async def _outside(self, step: steps.Outside) -> Reached:
        """A number outside; who calls for help is remembered, now and when the call is over."""
        here = self.here
        if step.emergency:
            self.helped = here.facts.payer
            here.switch.help.called(self.helped, here.switch.now())
        return await call_outside(here, step)

    async def _redirect(self, rung: Rung, plan: Plan) -> bool:
        """A phone's own forward (302): dialled for it, as any number. True when that was tried."""
        here = self.here
        number = redirected_to(rung.contact)
        if not number or len(here.facts.diverted_by) >= DIVERSIONS:
            return False
        by = plan.to_line or here.facts.dialled
        if by in here.facts.diverted_by:
            return False
        facts = here.facts
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
        await self.follow(self.here.switch.as_it_is_now(facts))

    def _splash(self, line: str) -> None:
        """Beside the call, which does not wait for it."""
        here = self.here
        assert here.caller is not None
        splash = Splash(here.switch, here.caller.party, office=here.office)
        here.switch.start(splash.run(line, headers=here.forward_headers()))

    async def _serve(self, app: str, argument: str, by: str) -> None:
        here = self.here
        caller = here.caller
        assert caller is not None
        run = here.switch.apps.get(app)
        if run is None:
            await here.give_up(503, "Service Unavailable", End.FAILED)
            return
        person = here.office.lines.get(caller.party.line)
        call = AppCall(
            here.switch,
            caller,
            call_id=here.id,
            dialled=here.facts.dialled,
            language=person.language if person else here.office.language,
            on_answer=lambda: here.telling.is_answered(by, here.telling.callee_party()),
            on_transfer=self._dial_for_app,
        )
        await caller.open()
        try:
            await run(call, argument)
        except HungUp:
            pass
        if call.denied and not caller.answered:
            here.story.status = call.denied
            here.story.end = END_OF_STATUS.get(call.denied, End.FAILED)
        elif here.story.answered_at is None:
            here.telling.left_early()
        else:
            here.story.end = End.COMPLETED
        if here.lives_on(caller):
            here.story.end = End.TRANSFERRED
        if here.story.message_left:
            here.story.end = End.MESSAGE_LEFT
        if caller.gone in ("media_lost", "vanished"):
            here.story.end = End(caller.gone)
        here.story.ended_by = here.story.ended_by or here.telling.who_left()

    async def _dial_for_app(self, number: str, payer: str, seconds: int) -> bool:
        """The verb `transfer` of an application."""
        here = self.here
        assert here.caller is not None
        transfer = Transfer(here, here.caller, here.caller)
        status = await transfer.hand_on(here.caller, number, payer=payer, seconds=seconds)
        return status == 200
