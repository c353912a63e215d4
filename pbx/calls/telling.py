"""What is told of a call: facts on the bus as it goes, and its story for the record."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from pbx.calls.leg import Leg
from pbx.calls.switch import Target
from pbx.events import kinds
from pbx.events.kinds import End, Party
from pbx.routing import who
from pbx.routing.dialled import e164_forms
from pbx.routing.features import speed_dial

if TYPE_CHECKING:
    from pbx.calls.conversation import Conversation


class Telling:
    """The mouth of one conversation (`here`)."""

    def __init__(self, here: Conversation) -> None:
        self.here = here
        self.rang: set[str] = set()
        "Extensions and numbers of which it was said that they ring."
        self._holding: set[Leg] = set()
        self._origin_rang = False
        self._private = ""
        "The name of the speed dial that was dialled."

    def callee_party(self) -> Party:
        """Whom what was dialled means, as far as the office knows."""
        office, dialled = self.here.office, self.here.facts.dialled
        lines, name = office.lines, ""
        if dial := speed_dial.dialled(self.here.facts, office):
            dialled, name = dial.number, dial.name
            self._private = name
        elif (plain := dialled.removesuffix("#")) in lines or plain in office.short_codes:
            dialled = plain  # a closing # is what some phones add
        extension = dialled if dialled in lines else office.numbers.get(dialled, "")
        if person := lines.get(extension):
            return Party(dialled, person.name, extension)
        if code := office.short_codes.get(dialled):
            return Party(dialled, code.name)
        # 0 06 1234 5678 is in Rome; without the digit for an outside line it is in Australia.
        forms = e164_forms(dialled, office.outside_prefix)
        return Party(forms[0] if forms else dialled, name)

    def _for_everybody(self, callee: Party) -> Party:
        """The called side as lamps, the switchboard's page and colleagues may read it: what a line
        calls its speed dials is its own affair, and stands in its own record alone."""
        if not callee.name or callee.line or callee.name != self._private:
            return callee
        return replace(callee, name=who.name_of(callee.number, self.here.office))

    def started(self) -> None:
        """The call exists."""
        here, story = self.here, self.here.story
        story.callee = self.callee_party()
        if here.caller is None and (person := here.office.lines.get(story.caller.line)):
            story.caller = replace(story.caller, name=person.name)
        here.switch.bus.publish(
            kinds.CallStarted(
                here.id,
                story.started_at,
                story.caller,
                self._for_everybody(story.callee),
                from_web=story.from_web,
                origin=story.origin,
            )
        )

    def origin_rings(self) -> None:
        """Click-to-dial: a phone of the origin rings; told once."""
        if not self._origin_rang:
            self._origin_rang = True
            self.here.switch.bus.publish(kinds.OriginRinging(self.here.id, self.here.switch.now()))

    def rings(self, target: Target) -> None:
        """A phone of the office rings."""
        callee = self.here.story.callee
        self._ringing(target.line, Party(callee.number, target.name, target.line))

    def rings_outside(self, number: str) -> None:
        """A number outside the office rings."""
        self._ringing(number, self.here.story.callee)

    def _ringing(self, at: str, callee: Party) -> None:
        if at in self.rang:
            return
        self.rang.add(at)
        story, now = self.here.story, self.here.switch.now()
        story.rang_at = story.rang_at or now
        story.callee = callee
        told = self._for_everybody(callee)
        self.here.switch.bus.publish(kinds.CallRinging(self.here.id, now, told))

    def is_answered(self, by: str, callee: Party) -> None:
        """Somebody or something took the call; by: 'person', 'mailbox' or 'service'."""
        here, story = self.here, self.here.story
        if story.answered_at is None:
            story.answered_at = here.switch.now()
            story.answered_by, story.status = by, 200
            if by == "person":
                # A number outside has no name of its own: it answered for whom was called.
                name = callee.name or self.callee_party().name or self._private
                story.callee = Party(story.callee.number, name, callee.line)
            told = self._for_everybody(story.callee)
            here.switch.bus.publish(kinds.CallAnswered(here.id, story.answered_at, told, by))
        self.settled(200)

    def settled(self, status: int) -> None:
        """Who waits to hear whether somebody took the call hears this, the first time."""
        if not self.here.taken.done():
            self.here.taken.set_result(status)

    def is_held(self, leg: Leg, held: bool) -> None:
        """A side holds, or is back."""
        if held == (leg in self._holding):
            return
        self._holding ^= {leg}
        here = self.here
        (here.switch.held.add if held else here.switch.held.discard)(leg)
        here.switch.bus.publish(kinds.CallHeld(here.id, here.switch.now(), leg.party.line, held))

    def are_here(self, one: Leg, other: Leg) -> None:
        """These two talk from now on: nobody else holds any more."""
        for leg in self._holding - {one, other}:
            self.is_held(leg, False)

    def who_left(self) -> str:
        """Who ended it, as far as the caller's side tells."""
        gone = self.here.caller.gone if self.here.caller is not None else ""
        return "caller" if gone in ("hung_up", "cancelled", "vanished") else "office"

    def left_early(self) -> None:
        """The caller is gone before anybody took the call."""
        here, story = self.here, self.here.story
        gone = here.caller.gone if here.caller is not None else ""
        lost = gone in ("media_lost", "vanished")
        status = 500 if gone == "media_lost" else 487
        story.end = End(gone) if lost else End.CANCELLED
        if story.answered_at is None:
            story.status = status
        story.ended_by = story.ended_by or self.who_left()
        self.settled(status)

    def given_up(self, status: int, end: End) -> None:
        """Nobody takes the call."""
        story = self.here.story
        if story.answered_at is None:
            story.status = status
        story.end, story.ended_by = end, story.ended_by or self.who_left()
        self.settled(status)

    def ended(self, at: datetime) -> None:
        """The call is over; the record may be written."""
        here, story = self.here, self.here.story
        here.switch.bus.publish(kinds.CallEnded(here.id, at, story.end, story.ended_by, story.why))
        here.switch.ids.discard(here.id)
        if here.recorded and (here.recorded_untaken or story.answered_at is not None):
            here.switch.keep(story)
