"""Two people talk: hold and music, keys, transfer requests, and who hung up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from pbx.calls import direct
from pbx.calls.keeper import Keeper
from pbx.calls.leg import Leg
from pbx.calls.switch import Switch
from pbx.media.engine import File
from pbx.sip import agent as sip


@dataclass(slots=True)
class Parted:
    """How a conversation ended, or what it turned into."""

    why: str
    "'hung_up', 'vanished', 'media_lost', 'ended' (by the office) or 'refer'."
    by: Leg
    "Who left, or who asks for the transfer."
    exchange: sip.Exchange | None = None
    "The REFER, still to be answered."


class Bridge(Keeper):
    """Joins two connected legs until something ends it."""

    def __init__(
        self, switch: Switch, one: Leg, other: Leg, *, on_hold: Callable[[Leg, bool], None]
    ) -> None:
        self.switch = switch
        self.legs = (one, other)
        self.tell_hold = on_hold
        self._music: set[Leg] = set()
        "Who hears it."
        self._parted: asyncio.Future[Parted] = asyncio.get_running_loop().create_future()

    async def run(self) -> Parted:
        """Until one leaves or asks for a transfer. Ends neither leg: that is for who asked."""
        one, other = self.legs
        for leg in self.legs:
            leg.keeper = self
        for leg in self.legs:
            if leg.gone:
                return Parted(leg.gone, leg)
        assert one.stream is not None and other.stream is not None
        self.switch.media.connect(one.stream, other.stream)
        for leg in self.legs:
            leg.hush()
            self.tell_hold(leg, leg.held)
        self._music_where_due()
        if not direct.connect(one, other):
            direct.bring_back(one, other)  # one may still send to whom it talked to before
        return await self._parted

    def other(self, leg: Leg) -> Leg:
        """Who this leg talks to."""
        return self.legs[1] if leg is self.legs[0] else self.legs[0]

    def joins(self, leg: Leg) -> bool:
        """Whether this leg talks here, and nothing is about to end that."""
        here = leg in self.legs and not self._parted.done()
        return here and not any(leg.gone for leg in self.legs)

    def part(self, parted: Parted) -> None:
        """End the conversation from outside (a transfer took one side away)."""
        if not self._parted.done():
            self._parted.set_result(parted)

    def on_gone(self, leg: Leg, why: str) -> None:
        """One side left."""
        self.part(Parted(why, leg))

    def on_hold(self, leg: Leg, held: bool) -> None:
        """Music for the one who waits."""
        if held:
            direct.bring_back(self.other(leg))
        self._music_where_due()
        if not held:
            direct.connect(*self.legs)
        self.tell_hold(leg, held)

    def on_changed(self, leg: Leg) -> None:
        """A phone negotiated anew: it sends to us now, and so must the other."""
        direct.bring_back(self.other(leg))

    def on_digit(self, leg: Leg, digit: str, *, in_band: bool) -> None:
        """A key that came by INFO is pressed on the other side; others went with the sound."""
        other = self.other(leg)
        if not in_band and other.stream is not None:
            other.stream.send_digits(digit)

    def on_refer(self, leg: Leg, exchange: sip.Exchange) -> None:
        """A transfer: whoever runs this bridge carries it out. One at a time."""
        if self._parted.done():
            exchange.reply(491, "Request Pending")
        else:
            direct.bring_back(*self.legs)
            self.part(Parted("refer", leg, exchange))

    def _music_where_due(self) -> None:
        """For who is held and listens; when both hold, nobody listens."""
        for leg in self.legs:
            due = self.other(leg).held and not leg.held
            if due and leg not in self._music:
                self._music.add(leg)
                leg.play_on(File(self.switch.music()))
            elif not due and leg in self._music:
                self._music.discard(leg)
                leg.hush()
