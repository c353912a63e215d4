"""The talking part of a call: two legs joined, and who takes whose place there."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pbx.calls.bridge import Bridge, Parted
from pbx.calls.leg import Leg
from pbx.calls.shown import name_addr
from pbx.calls.transfer import Transfer
from pbx.events import kinds
from pbx.events.kinds import End, Party
from pbx.routing.feature import options_for
from pbx.routing.features import caller_id

if TYPE_CHECKING:
    from pbx.calls.conversation import Conversation


class Talking:
    """Two people in a conversation (`here`), until one of them ends it or goes elsewhere."""

    def __init__(self, here: Conversation) -> None:
        self.here = here
        self.bridge: Bridge | None = None

    async def begin(self, callee: Leg) -> None:
        """Connect the caller with who answered; returns when nobody talks here any more."""
        here, caller = self.here, self.here.caller
        assert caller is not None
        if caller.gone:  # in the same instant
            callee.end()
            here.telling.left_early()
            return
        here.callee = callee
        callee.conversation = here
        names, office = here.switch.names, here.office
        if caller.answered:  # transferred, or back from an orbit: its display shows somebody else
            here.switch.start(self._show(caller, callee))
        called = here.story.callee.name if callee.trunk else ""
        caller.answer(
            prefer=callee.coding, headers=names.headers(office, callee, caller, network=called)
        )
        if not callee.answered:  # who took the call by a code waits for our answer
            callee.answer(prefer=caller.coding, headers=names.headers(office, caller, callee))
        here.telling.is_answered("person", callee.party)
        here.story.answered_line = callee.party.line
        one, other = caller, callee
        while True:
            self.bridge = Bridge(here.switch, one, other, on_hold=here.telling.is_held)
            parted = await self.bridge.run()
            if parted.why == "refer":
                assert parted.exchange is not None
                pair = await Transfer(here, parted.by, self.bridge.other(parted.by)).carry_out(
                    parted.exchange
                )
                if pair is None:
                    return
                one, other = pair
            elif parted.why == "swapped":
                one, other = self.bridge.legs
            elif parted.why == "taken":  # an attended transfer took the other side away
                here.story.end = End.TRANSFERRED
                here.story.ended_by = self.side(parted.by)
                parted.by.end()
                return
            else:
                self._parted(parted, self.bridge.other(parted.by))
                return

    def _parted(self, parted: Parted, other: Leg) -> None:
        story = self.here.story
        story.end = {
            "vanished": End.VANISHED, "media_lost": End.MEDIA_LOST,
        }.get(parted.why, End.COMPLETED)  # fmt: skip
        if not story.ended_by:
            office = parted.why in ("media_lost", "ended")
            story.ended_by = "office" if office else self.side(parted.by)
        other.end()

    def side(self, leg: Leg) -> str:
        """Which side this is, for the record."""
        return "caller" if leg is self.here.caller else "callee"

    def moved(self, one: Leg, other: Leg) -> None:
        """A transfer changed who talks here."""
        here = self.here
        here.caller, here.callee = one, other
        one.conversation = other.conversation = here
        here.telling.are_here(one, other)
        here.switch.bus.publish(kinds.CallMoved(here.id, here.switch.now(), one.party, other.party))
        here.switch.start(self._show(one, other))
        here.switch.start(self._show(other, one))

    async def _show(self, viewer: Leg, other: Leg) -> None:
        """Have the display of somebody in a call say whom he talks to now."""
        names, office = self.here.switch.names, self.here.office
        wants = options_for(caller_id.Options, "caller_id", office, line=viewer.party.line)
        if viewer.trunk or other.unlisted or not wants.shows_caller:
            return
        await names.introduce(office, viewer, other)
        viewer.show(
            names.headers(office, other, viewer)
            or [("P-Asserted-Identity", name_addr(Party(), ""))]
        )

    def take_over(self, old: Leg, new: Leg) -> bool:
        """Answer a new leg in the place of an old one (INVITE with Replaces, RFC 3891)."""
        bridge = self.bridge
        if bridge is None or not bridge.joins(old):
            return False
        new.answer(prefer=old.coding)
        other = bridge.other(old)
        pair = (new, other) if bridge.legs[0] is old else (other, new)
        bridge.legs = pair
        self.moved(*((new, other) if old is self.here.caller else (other, new)))
        bridge.part(Parted("swapped", old))
        old.end()
        return True

    def is_parting(self, mine: Leg) -> bool:
        """Whether `mine` talked here and something is ending that: a transfer, a hang-up."""
        return self.bridge is not None and not self.bridge.joins(mine)

    def give_up_other(self, mine: Leg) -> Leg | None:
        """An attended transfer takes whom `mine` talks to out of here; None when nobody does."""
        bridge = self.bridge
        if bridge is None or not bridge.joins(mine):
            return None
        other = bridge.other(mine)
        self.here.keep_alive(other)
        bridge.part(Parted("taken", mine))
        return other

    def adopt_end(self, leg: Leg) -> None:
        """End a transferor that does not hang up by itself, a while after its transfer."""
        loop = asyncio.get_running_loop()
        loop.call_later(self.here.switch.transferor_grace, leg.end)
