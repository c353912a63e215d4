"""Sending a call on while it rings, and what each line that rings is told of it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from pbx.calls.switch import Target
from pbx.events import kinds
from pbx.events.kinds import Diverted, Party, Through
from pbx.numbers import national
from pbx.routing import divert as rules

if TYPE_CHECKING:
    from pbx.calls.conversation import Conversation

log = logging.getLogger(__name__)
OVER = Diverted(False, "La chiamata è già finita", "The call is already over")


def divert(here: Conversation | None, line: str, to: str) -> Diverted:
    """Send a call that rings at this line now to 'mailbox' or to a colleague.

    Nothing else can be moved by it: a call that never rang at the line is over, as far as whoever
    asks is concerned, and who only rings along in somebody's ring plan may not send it on.
    """
    if here is None or not line or line not in here.telling.rang:
        return OVER
    ringing = here.ringing
    if ringing is None or line not in ringing.lines():
        return _too_late(here, line)
    if ringing.own != line:
        whose = here.office.lines.get(ringing.own)
        name = whose.name if whose else ringing.own
        return Diverted(
            False,
            f"La chiamata è per {name}: puoi solo rifiutarla",
            f"The call is for {name}: you can only decline it",
        )
    found = rules.onward(line, to, here.facts, here.office, back=_comes_back(here))
    if isinstance(found, rules.NotDone):
        return Diverted(False, found.it, found.en)
    if not ringing.send_on(found.step):
        return _too_late(here, line)
    log.info("%s %s sends the call on to %s", here.id, line, to)
    here.story.note("divert", it=found.because_it, en=found.because_en)
    return Diverted(True, found.it, found.en)


def _too_late(here: Conversation, line: str) -> Diverted:
    """Who was faster, as far as it is known."""
    story = here.story
    if story.answered_by == "person":
        if story.callee.line == line:
            return Diverted(False, "Hai già risposto", "You have answered already")
        who = story.callee.name or national(story.callee.number)
        return Diverted(False, f"Ha già risposto {who}", f"{who} has answered already")
    if story.answered_by == "mailbox":
        return Diverted(False, "È già in segreteria", "It is in voicemail already")
    if here.ringing is not None and here.ringing.lines():
        return Diverted(
            False, "La chiamata non squilla più da te", "The call rings at yours no longer"
        )
    return OVER


def _comes_back(here: Conversation) -> bool:
    """Whether the caller is waited for where he came from."""
    return bool(here.seconds)


class AtLines:
    """Tells each line that its phones ring, through what and what may be done; and that they
    stopped. For the phones of one ring plan."""

    def __init__(self, here: Conversation, own: str) -> None:
        self.here = here
        self.own = own
        "Whose plan it is."
        self._ringing: set[str] = set()

    def rings(self, target: Target) -> None:
        """A phone of the office rings."""
        here, line = self.here, target.line
        here.telling.rings(target)
        if line in self._ringing:
            return
        self._ringing.add(line)
        can = rules.may(line, self.own, here.facts, here.office, back=_comes_back(here))
        through = through_of(here, line, self.own)
        here.switch.bus.publish(
            kinds.LineRings(here.id, here.switch.now(), line, through, tuple(can))
        )

    def quiet(self, line: str) -> None:
        """None of the line's phones rings any more."""
        if line in self._ringing:
            self._ringing.discard(line)
            self.here.switch.bus.publish(
                kinds.LineQuiet(self.here.id, self.here.switch.now(), line)
            )


def through_of(here: Conversation, line: str, own: str) -> Through:
    """What brought the call to this line's phones."""
    facts, office = here.facts, here.office

    def party(extension: str) -> Party:
        person = office.lines.get(extension)
        return Party(extension, person.name if person else "", extension if person else "")

    if line != own:
        return Through("plan", party(own))
    if facts.orbit:
        return Through("orbit", party(facts.on_behalf), facts.orbit)
    if facts.diverted_by:
        by = facts.diverted_by[-1]
        if by.startswith("+"):
            direct = office.direct_numbers.get(by)
            return Through("number", Party(by, direct.label if direct else ""))
        return Through("forward", party(by))
    if facts.on_behalf and facts.on_behalf != line:
        return Through("transfer", party(facts.on_behalf))
    for number in (facts.dialled, "+" + facts.dialled):
        direct = office.direct_numbers.get(number)
        if direct is not None:
            return Through("number", Party(number, direct.label))
    return Through()
