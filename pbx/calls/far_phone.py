"""A phone outside the office in a ring plan: called by the trunks beside the phones inside, and
asked to press 1, so that nobody is connected with a mobile's own mailbox (behaviour.md s.1.2).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pbx.calls import way_out
from pbx.calls.api import HungUp, Words
from pbx.calls.call import AppCall
from pbx.calls.leg import Leg
from pbx.calls.reaching import Reaching, Waiting
from pbx.calls.rung import Rung
from pbx.calls.way_out import note, told
from pbx.media import speech
from pbx.numbers import national
from pbx.routing.forwarding import ALWAYS
from pbx.routing.plan import OutsidePhone

if TYPE_CHECKING:
    from pbx.calls.conversation import Conversation

log = logging.getLogger(__name__)

REPEATS = 2  # times that the question is said again
PAUSE = 3.0  # seconds between
SECONDS = 15.0  # to press 1, from the end of the first saying
LONGEST = 3600.0  # seconds; the ring plan ends it long before
ACCEPT = "1"

WORDS = way_out.WORDS | {
    "hung_up": (
        "ha risposto e ha riagganciato senza accettare la chiamata",
        "answered and hung up without taking the call",
    ),
    "other_key": ("non ha accettato la chiamata", "did not take the call"),
    "no_key": (
        "ha risposto, ma nessuno ha premuto 1 per accettare la chiamata",
        "answered, but nobody pressed 1 to take the call",
    ),
    "accepted": ("ha accettato la chiamata", "took the call"),
}
"What became of it, for the record: after its name."


class FarPhone(Waiting):
    """One such phone, for one call."""

    def __init__(
        self, here: Conversation, phone: OutsidePhone, line: str, rings: Callable[[], None]
    ) -> None:
        """line: whose plan it is in, who forwards the call as far as the provider is concerned.
        rings: told when it rings."""
        caller = here.caller
        assert caller is not None
        self.here = here
        self.phone = phone
        self.line = line
        self.deciding = False
        self._rings = rings
        self._leg: Leg | None = None
        facts = here.facts
        passed_on = replace(
            facts, diverted_by=(*facts.diverted_by, line), causes=(*facts.causes, ALWAYS)
        )
        self._reaching = Reaching(
            here.switch,
            phone.out,
            beside=caller,
            told=told(here, passed_on, who=phone.name),
            waiting=self,
            tried=here.story.tried,
            seconds=LONGEST,
        )

    async def run(self) -> Rung:
        """Call it, and ask; `rung.leg` is there when the call is taken."""
        reached = await self._reaching.run()
        note(self.here, self.phone.out, reached)
        leg = reached.rung.leg
        if leg is None:
            self._say(reached.rung.why)
            return reached.rung
        leg.unlisted = True
        if not self.phone.confirm:
            return reached.rung
        self._leg, self.deciding = leg, True
        why = await self._asked(leg)
        if not self.deciding:  # somebody else took the call, or the caller left
            return Rung("caller_gone")
        self.deciding = False
        self._say(why)
        if why == "accepted":
            return reached.rung
        self._reaching.note(480, "not accepted")
        leg.end()
        return Rung("unavailable", status=480)

    def leave(self, said: str, *, headers: Sequence[tuple[str, str]] = ()) -> None:
        """Nobody waits any more."""
        leg = self._leg
        if not self.deciding or leg is None:
            self._reaching.leave(said, headers=headers)
            return
        self.deciding = False
        self._reaching.note(487, said)
        leg.end(headers=headers)
        leg.keeper.on_gone(leg, "ended")

    def progressed(self, leg: Leg, *, early: bool) -> None:
        """It rings."""
        self.here.telling.rings_outside(self.phone.out.number)
        self._rings()

    # --- "premi 1 per accettare" ---------------------------------------------------------------

    async def _asked(self, leg: Leg) -> str:
        """Ask whoever answered. A key of WORDS."""
        here = self.here
        person = here.office.lines.get(self.line)
        call = AppCall(
            here.switch,
            leg,
            call_id=here.id,
            dialled=here.facts.dialled,
            language=person.language if person else here.office.language,
            on_answer=lambda: None,
            on_transfer=_nowhere,
        )
        question = self._question()
        try:
            key = await call.play(*question) or await call.get_dtmf(1, PAUSE)
            async with asyncio.timeout(SECONDS):
                for _ in range(REPEATS):
                    key = key or await call.play(*question) or await call.get_dtmf(1, PAUSE)
        except TimeoutError:
            key = ""
        except HungUp:
            return "hung_up"
        return "accepted" if key == ACCEPT else "other_key" if key else "no_key"

    def _question(self) -> tuple[Words | Sequence[Words], ...]:
        """For whom, from whom as far as it may be told, and what to press."""
        caller, out = self.here.caller, self.phone.out
        assert caller is not None
        whose = ("confirm.call_for_extension", *speech.digits(self.line))
        who: tuple[str, ...] = ()
        if out.withheld or self.here.facts.withheld:
            who = ("message.from_withheld",)
        elif not caller.party.number:
            who = ("message.from_unknown",)
        elif caller.party.line:
            who = ("message.from_extension", *speech.digits(caller.party.line))
        elif out.caller:  # else the owner's number stands for the caller's (behaviour.md s.3.3)
            who = ("message.from", *speech.digits(national(out.caller)))
        return (*whose, "pause.short", *who, "pause.short", "confirm.press_one")

    def _say(self, why: str) -> None:
        """Keep in words what became of it."""
        if why not in WORDS:
            return
        it, en = WORDS[why]
        number = national(self.phone.out.number)
        named = self.phone.name and self.phone.name != number
        who_it = f"«{self.phone.name}» ({number})" if named else f"Il {number}"
        who_en = f"“{self.phone.name}” ({number})" if named else number
        self.here.story.note("ring_plan", it=f"{who_it} {it}", en=f"{who_en} {en}")


async def _nowhere(number: str, payer: str, seconds: int) -> bool:
    """A stranger's phone transfers nobody."""
    return False
