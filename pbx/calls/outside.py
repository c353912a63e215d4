"""One number outside the office for a caller who waits: what he hears until somebody answers."""

from __future__ import annotations

from collections.abc import Callable

from pbx.calls.keeper import Keeper
from pbx.calls.leg import Leg
from pbx.calls.reaching import Reached, Reaching, Told, Waiting
from pbx.calls.rung import Rung
from pbx.calls.story import Tried
from pbx.calls.switch import Switch
from pbx.media.engine import Tone
from pbx.routing.office import Office
from pbx.routing.plan import Outside


class OutsideCall(Keeper, Waiting):
    """One step of calling outside, for one caller; his end decides it too."""

    def __init__(
        self,
        switch: Switch,
        caller: Leg,
        step: Outside,
        *,
        told: Told,
        office: Office,
        name: str,
        diverted: bool,
        rang: Callable[[], None],
        tried: list[Tried],
    ) -> None:
        """rang: told when the far end rings. name: what the office calls the number, for the
        caller's display; his own contact goes before it. diverted: somebody else has the call go
        there, and the number is his affair."""
        self.switch = switch
        self.caller = caller
        self.office = office
        self.name = name
        self.diverted = diverted
        self.rang = rang
        self._early = False
        "The caller hears the provider's own sound."
        self._tone = False
        self._step = step
        self._reaching = Reaching(
            switch, step, beside=caller, told=told, waiting=self, tried=tried, seconds=step.seconds
        )

    async def run(self) -> Reached:
        """Try the trunks; see `Reaching.run`."""
        caller = self.caller
        before, caller.keeper = caller.keeper, self
        try:
            if caller.gone:
                return Reached(Rung("caller_gone"))
            if caller.display and not self._step.emergency:
                number = self._step.number
                await self.switch.names.learn(self.office, [(caller.display, number)])
            reached = await self._reaching.run()
            if reached.rung.leg is not None:
                reached.rung.leg.unlisted = self.diverted
            return reached
        finally:
            caller.keeper = before

    def on_gone(self, leg: Leg, why: str) -> None:
        """The caller left."""
        self._reaching.leave("the caller hung up")

    def next_trunk(self) -> None:
        """What the caller heard by the last one is over."""
        self._early = self._tone = False

    def progressed(self, leg: Leg, *, early: bool) -> None:
        """Ringing, or the provider's own tones and words: passed on."""
        caller = self.caller
        self.rang()
        leg.unlisted = self.diverted
        shown = self.switch.names.headers(self.office, leg, caller, network=self.name)
        if early and caller.remote is not None and caller.stream and leg.stream:
            self._early = True
            self._reaching.overheard()
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

    def refused(self, leg: Leg) -> None:
        """What he heard is over."""
        if self._early and self.caller.stream is not None:
            self.switch.media.disconnect(self.caller.stream)
