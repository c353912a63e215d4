"""What a caller hears until somebody answers (RFC 3960): one phone's early sound, or that it rings.

The first phone that sends sound is the one that is heard; when it falls away and others still ring,
the ringing tone takes its place.
"""

from __future__ import annotations

from collections.abc import Iterable

from pbx.calls.leg import Leg
from pbx.calls.switch import Switch
from pbx.media.engine import Tone


class Ringback:
    """For one caller who waits."""

    def __init__(self, switch: Switch, caller: Leg) -> None:
        self._media = switch.media
        self._caller = caller
        self._early: Leg | None = None
        "Whose sound he hears."
        self._tone = False

    def progressed(self, leg: Leg, shown: Iterable[tuple[str, str]], *, early: bool) -> None:
        """A phone rings, or sends sound. shown: who it is, for his display."""
        caller = self._caller
        if early and self._early in (None, leg) and caller.remote is not None:
            self._early = leg
            if caller.stream and leg.stream:
                caller.early(prefer=leg.coding, headers=list(shown))
                caller.hush()
                self._media.connect(caller.stream, leg.stream)
        else:
            self.rings(shown)

    def rings(self, shown: Iterable[tuple[str, str]] = ()) -> None:
        """It rings somewhere."""
        caller = self._caller
        if not caller.answered:
            caller.ringing(headers=list(shown))
        elif not self._tone and self._early is None:
            # Once: another phone that rings does not begin the tone anew.
            self._tone = True
            caller.ringing()

    def quiet(self, leg: Leg, *, others: bool) -> None:
        """This phone is not heard any more. others: some still ring."""
        if leg is self._early:
            self._early = None
            if others:
                self._caller.play_on(Tone("ringback"))

    def over(self) -> None:
        """It is decided: whoever falls silent now is not made up for."""
        self._early = None
