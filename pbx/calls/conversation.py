"""One call from its first ring to its record: who is in it, and what others may do to it.

Its way through the steps of its plan is `follow.py`, the talking `talking.py`, what is told of it
`telling.py`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from pbx.calls import park
from pbx.calls.endings import END_OF_STATUS
from pbx.calls.follow import Walk
from pbx.calls.leg import Leg, forget
from pbx.calls.origin import Origin
from pbx.calls.ring import Ring
from pbx.calls.story import CallStory
from pbx.calls.switch import Switch
from pbx.calls.talking import Talking
from pbx.calls.telling import Telling
from pbx.events.kinds import End, Party
from pbx.media.engine import File, MediaGone, NoPorts
from pbx.routing import plan as steps
from pbx.routing.facts import CallFacts
from pbx.routing.office import Office
from pbx.sip.agent import Headers

log = logging.getLogger(__name__)
RETRY = [("Retry-After", "5")]


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
        self.walk = Walk(self)
        self._kept_alive: set[Leg] = set()
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
            await self.walk.follow(self.facts)
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

    def lives_on(self, leg: Leg) -> bool:
        """Whether it does."""
        return leg in self._kept_alive

    # --- what the caller is told ---------------------------------------------------------------

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

    # --- ending --------------------------------------------------------------------------------

    async def give_up(self, status: int, reason: str, end: End, *, headers: Headers = ()) -> None:
        """Nobody takes the call: the caller is told so, unless it is to be given back."""
        self.telling.given_up(status, end)
        if self.caller is not None and not self.return_caller:
            await self.caller.fail(status, reason, headers=headers)

    def _close(self) -> None:
        story = self.story
        story.ended_at = self.switch.now()
        self.switch.help.called(self.walk.helped, story.ended_at)
        self.telling.settled(story.status or 480)
        returned = self.return_caller and self.taken.result() != 200
        for leg in (self.caller, self.callee):
            given_back = returned and leg is self.caller
            if leg is not None and not given_back and leg not in self._kept_alive:
                leg.end()
        self.telling.ended(story.ended_at)
        self.on_over(self)
        log.info("%s over: %s by %s", self.id, story.end.value, story.ended_by)
