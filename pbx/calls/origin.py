"""Where a call from the portal begins: the telephone that rings before the number is dialled
(click-to-dial; behaviour.md s.13, guide 11).

The line's own phones, another extension, or a number outside. What each may do is routing's to say;
who answers has the line's call in hand, whatever telephone it is.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from pbx.calls import asked, way_out
from pbx.calls.leg import Leg
from pbx.calls.reaching import Reaching, Told, Waiting
from pbx.calls.ring import Ring
from pbx.calls.rung import Rung
from pbx.calls.shown import display_name
from pbx.calls.switch import CALLS
from pbx.events import kinds
from pbx.events.kinds import End, Party, Why
from pbx.numbers import national
from pbx.routing import plan as steps
from pbx.routing.dialled import emergency
from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.features import click_to_dial
from pbx.routing.features.click_to_dial import ASKED, NAME, OWN_PHONES, SECONDS
from pbx.routing.origins import Refused, meant, refused
from pbx.routing.who import name_of

if TYPE_CHECKING:
    from pbx.calls.conversation import Conversation

log = logging.getLogger(__name__)
ENDS = {
    "busy": End.BUSY,
    "no_such_number": End.NOT_FOUND,
    "barred": End.FORBIDDEN,
    "declined": End.DECLINED,
    "no_answer": End.NO_ANSWER,
}
"How the ringing of an origin ended, for the record; anything else: it could not be reached."
OWN = {
    "no_answer": ("Il tuo telefono non ha risposto", "Your phone did not answer"),
    "busy": ("Il tuo telefono era occupato", "Your phone was busy"),
    "declined": (
        "La chiamata è stata rifiutata sul tuo telefono",
        "The call was declined on your phone",
    ),
    "unavailable": (
        "Nessuno dei tuoi telefoni era raggiungibile",
        "None of your phones could be reached",
    ),
}
"The same of one's own phones, for the record."
REFUSALS = {
    403: End.FORBIDDEN,
    404: End.NOT_FOUND,
    486: End.BUSY,
    603: End.DECLINED,
}
"The same, by the status of a refusal."
FULL = Refused(
    503,
    "Ci sono già troppe chiamate in corso",
    "There are too many calls in progress already",
)
SAME = Refused(
    403,
    "Il telefono da cui chiamare è lo stesso che vuoi chiamare: scegline un altro",
    "The phone to call from is the one you want to call: choose another",
)
ENOUGH = Refused(
    486,
    "Hai già chiesto altre chiamate, e nessuno ha ancora risposto al telefono da cui partono",
    "You have asked for other calls already, and nobody has answered the phone they start from",
)


class Origin(Waiting):
    """The first side of one call from the portal (`here`), until it answers or will not."""

    def __init__(self, here: Conversation, number: str = "") -> None:
        """number: the other telephone, as it was asked for; empty: the line's own phones."""
        self.here = here
        self.line = here.facts.from_line
        self.number = number
        self._ring: Ring | None = None
        self._reaching: Reaching | None = None
        self._stopped = False

    def read(self) -> None:
        """What the number means, once the office is known."""
        self.number = meant(self.number, self.line, self.here.office)
        self.here.story.origin = self.number

    def stop(self) -> None:
        """Nobody wants the call any more."""
        self._stopped = True
        if self._ring is not None:
            self._ring.stop()
        if self._reaching is not None:
            self._reaching.leave("taken back")

    async def answered(self) -> bool:
        """Ring it. True when somebody took it up, and is the call's caller from now on; else the
        call is over, and its record says why."""
        here = self.here
        wrong = self._too_many() or self._itself()
        if wrong is not None:
            await self._refuse(wrong)
            return False
        facts = here.switch.as_it_is_now(self._facts())
        plan = here.switch.decide(facts, here.office)
        wrong = refused(plan, facts, here.office)
        if wrong is not None:
            await self._refuse(wrong)
            return False
        first = plan.steps[0]
        shown = await self._called()
        if isinstance(first, steps.Outside):
            rung = await self._outside(replace(first, seconds=SECONDS), shown)
        else:
            assert isinstance(first, steps.Ring)
            rung = await self._inside(plan.to_line, first.alert, shown)
        if rung.leg is not None:
            self._taken(rung.leg)
            return True
        if rung.why == "caller_gone":
            here.telling.left_early()
        else:
            await self._failed(rung)
        return False

    # --- ringing -------------------------------------------------------------------------------

    async def _inside(self, line: str, alert: str, shown: Party) -> Rung:
        """Phones of the office: the line's own, or those of the extension and no others."""
        here, own = self.here, line == self.line
        if own:
            self._rings_first(*OWN_PHONES)
        else:
            self._rings_first(
                f"squillano prima i telefoni dell'interno {line}",
                f"first the phones of extension {line} ring",
            )
        ring = self._ring = Ring(
            here.switch,
            None,
            shown=shown,
            rang=lambda _: here.telling.origin_rings(),
            tried=here.story.tried,
            only=click_to_dial.options(line, here.office).phone if own else "",
        )
        if self._stopped:
            ring.stop()
        return await ring.run([steps.Ring((line,), SECONDS, alert=alert if own else "")])

    async def _outside(self, step: steps.Outside, shown: Party) -> Rung:
        """A number outside, by the first trunk that carries it."""
        here = self.here
        if step.number.startswith("+"):
            self.number = here.story.origin = step.number
        number = national(step.number)
        self._rings_first(f"squilla prima il {number}", f"first {number} rings")
        reaching = self._reaching = Reaching(
            here.switch,
            step,
            beside=None,
            told=Told(
                name=display_name(shown.name or national(shown.number)),
                headers=here.forward_headers(),
            ),
            waiting=self,
            tried=here.story.tried,
            seconds=SECONDS,
        )
        if self._stopped:
            reaching.leave("taken back")
        reached = await reaching.run()
        way_out.note(here, step, reached, feature=NAME)
        log.info("%s origin outside -> %s by %s", here.id, reached.rung.why, reached.by or "none")
        if reached.limit is not None:
            here.story.why = Why(*reached.limit.words())
            return Rung("barred", status=403)
        if not reached.tried and reached.rung.why != "caller_gone":
            last = here.story.because[-1]  # that no trunk could carry it, or why the last did not
            here.story.why = Why(last.it, last.en)
        return reached.rung

    def progressed(self, leg: Leg, *, early: bool) -> None:
        """The number outside rings. What its provider plays is for nobody: nobody listens yet."""
        self.here.telling.origin_rings()

    def _taken(self, leg: Leg) -> None:
        """Somebody answered: from now on it is the line's call, like one from its own phone."""
        here = self.here
        person = here.office.lines.get(self.line)
        leg.party = Party(self.line, person.name if person else "", self.line)
        here.caller = leg
        leg.conversation = here
        here.switch.bus.publish(kinds.OriginAnswered(here.id, here.switch.now()))
        # Half a minute may have passed: who can be reached now is asked now.
        here.facts = here.switch.as_it_is_now(here.facts)

    # --- asking --------------------------------------------------------------------------------

    def _facts(self) -> CallFacts:
        """The first side as a call of its own: from the line to that telephone."""
        facts = self.here.facts
        if not self.number:
            return replace(facts, dialled=self.line, arrival=Arrival.SERVICE)
        return replace(facts, dialled=self.number)

    async def _called(self) -> Party:
        """Who is about to be called, as the telephone that rings first shows it. The line's own
        phones say it by its own contact; a colleague, a provider and whoever sits beside a
        telephone outside are not told what stands in somebody's address book."""
        here = self.here
        party = here.telling.callee_party()
        if self.number:
            return replace(party, name=name_of(party.number, here.office))
        name = await here.switch.name_for(
            self.line, party.number, network=party.name, office=here.office
        )
        return replace(party, name=name)

    def _too_many(self) -> Refused | None:
        here = self.here
        office, calls = here.office, here.switch.calls
        if emergency(here.facts.dialled, office.emergency_numbers, office.outside_prefix):
            return None
        if len(calls) > CALLS:
            return FULL
        others = [one for one in asked.waiting(calls.values(), self.line) if one is not here]
        return ENOUGH if len(others) >= asked.AT_ONCE else None

    def _itself(self) -> Refused | None:
        """A telephone that is to call itself would be busy with that very call."""
        here = self.here
        if not self.number or meant(here.facts.dialled, "", here.office) != self.number:
            return None
        return SAME

    # --- telling -------------------------------------------------------------------------------

    def _rings_first(self, it: str, en: str) -> None:
        self.here.story.note(
            NAME,
            it=f"{ASKED[0]}{it}",
            en=f"{ASKED[1]}{en}",
        )

    async def _refuse(self, wrong: Refused) -> None:
        """It may not ring at all."""
        here = self.here
        here.story.note(NAME, it=wrong.it, en=wrong.en)
        here.story.why = Why(wrong.it, wrong.en)
        await here.give_up(wrong.status, "", REFUSALS.get(wrong.status, End.UNAVAILABLE))

    async def _failed(self, rung: Rung) -> None:
        """It rang, or was called, and nobody took it up."""
        here, number = self.here, national(self.number)
        it, en = way_out.WORDS.get(rung.why, way_out.WORDS["unavailable"])
        if number and not here.story.why.it:
            inside = self.number in here.office.lines
            here.story.why = Why(
                f"L'interno {number} {it}" if inside else f"Il {number} {it}",
                f"Extension {number} {en}" if inside else f"{number} {en}",
            )
            here.story.note(NAME, it=here.story.why.it, en=here.story.why.en)
        elif not number:  # the page says so in its own words
            it, en = OWN.get(rung.why, OWN["unavailable"])
            here.story.note(NAME, it=it, en=en)
        await here.give_up(rung.status, "", ENDS.get(rung.why, End.UNAVAILABLE))
