"""Who looks after a leg: what it is told, and what it answers when it does not care.

The ringing, the bridge, an application and a transfer under way are keepers, one at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pbx.sip import agent as sip

if TYPE_CHECKING:
    from pbx.calls.leg import Leg


class Keeper:
    """Whoever looks after a leg now. All methods are called on the loop and must not wait."""

    def on_progress(self, leg: Leg, status: int, *, early: bool) -> None:
        """Our INVITE got a provisional answer; `early`: with sound."""

    def on_answer(self, leg: Leg) -> None:
        """Our INVITE was answered, and the sound is set up."""

    def on_refused(self, leg: Leg, status: int, reason: str, contact: str) -> None:
        """Our INVITE was refused; `contact` is where a 3xx points."""

    def on_gone(self, leg: Leg, why: str) -> None:
        """The leg ended without our asking: 'hung_up', 'cancelled', 'vanished', 'media_lost'."""

    def on_hold(self, leg: Leg, held: bool) -> None:
        """The person put us on hold, or came back."""

    def on_digit(self, leg: Leg, digit: str, *, in_band: bool) -> None:
        """A key; `in_band`: it came with the sound, and the other side got it already."""

    def on_refer(self, leg: Leg, exchange: sip.Exchange) -> None:
        """The person asks for a transfer; the exchange waits for its answer."""
        exchange.reply(603, "Decline")

    def on_changed(self, leg: Leg) -> None:
        """The person's phone negotiated the session anew (another address, coding or hold)."""
