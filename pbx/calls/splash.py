"""The ring splash: half a second of one's own phones while the call goes on elsewhere
(behaviour.md s.1.4). It never holds the caller, and nobody can answer it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from pbx.calls.invitation import invite
from pbx.calls.keeper import Keeper
from pbx.calls.leg import Leg
from pbx.calls.ring import PHONES
from pbx.calls.switch import Switch
from pbx.events.kinds import Party
from pbx.media.engine import MediaGone, NoPorts
from pbx.routing.office import Office
from pbx.sip.reason import ELSEWHERE

log = logging.getLogger(__name__)
SECONDS = 0.5  # from the INVITE: what a phone rings is less


class Splash(Keeper):
    """One splash, of one line's phones."""

    def __init__(self, switch: Switch, shown: Party, *, office: Office) -> None:
        """shown: who calls; the line's phones display it by the line's own name for him."""
        self.switch = switch
        self.shown = shown
        self.office = office

    async def run(self, line: str, *, headers: Sequence[tuple[str, str]] = ()) -> None:
        """Let them ring for a moment; nothing at all while the line is in a call."""
        if self.switch.occupied.calls(line):
            return
        targets = self.switch.directory.targets(line)[:PHONES]
        legs = [Leg(self.switch, Party(t.line, t.name), phone=t.phone) for t in targets]
        for leg in legs:
            leg.keeper = self
        try:
            await self.switch.names.learn(self.office, [(line, self.shown.number)])
            shown = self.switch.names.seen_by(self.office, line, self.shown)
            opened = await asyncio.gather(*(leg.open() for leg in legs), return_exceptions=True)
            for leg, target, failure in zip(legs, targets, opened, strict=True):
                if isinstance(failure, MediaGone | NoPorts):
                    continue
                if failure is not None:
                    raise failure
                invite(leg, target, shown=shown, asserted=False, alert="splash", headers=headers)
            await asyncio.sleep(SECONDS)
        finally:
            for leg in legs:
                leg.end(headers=[ELSEWHERE])
        log.info("splash for %s", line)

    def on_answer(self, leg: Leg) -> None:
        """Quicker than half a second, or a phone that answers by itself: there is nobody."""
        leg.end(headers=[ELSEWHERE])
