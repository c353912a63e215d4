"""Offers and answers of one leg (RFC 3264), and where its stream is aimed by them: what is spoken,
who is on hold, whether a phone's sound goes straight to another phone.

What the two sides have said is in `agreement.py`; here it goes into a dialog and comes from one.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from pbx.calls.agreement import Agreement
from pbx.sip import agent as sip
from pbx.sip.offer import BadSession, NoCommonCodec, Remote

if TYPE_CHECKING:
    from pbx.calls.leg import Leg

log = logging.getLogger(__name__)


class Negotiation:
    """The session of one leg."""

    def __init__(self, leg: Leg) -> None:
        self._leg = leg
        self.agreed = Agreement()
        self.held = False
        "The person holds the call."
        self.direct = False
        "The phone sends its sound straight to another one."

    # --- what we say ---------------------------------------------------------------------------

    def offer(self, codings: tuple[str, ...], *, flow: sip.Flow | None = None) -> bytes:
        """Our offer. flow: where it goes, before there is a dialog."""
        return self.agreed.our_offer(*self._here(flow), codings)

    def answer(self, *, prefer: str = "") -> bytes:
        """Our answer to the far end's offer; `prefer` the coding that needs no transcoding."""
        agreed = self.agreed
        if prefer and agreed.remote is not None:
            agreed.coding = agreed.choose(agreed.remote, prefer=prefer)
        return agreed.our_answer(*self._here())

    def send_to(self, remote: Remote, coding: str) -> None:
        """Have the phone send its sound straight to that address (see `direct`)."""
        said = self.agreed.offer_elsewhere(*self._here(), remote, coding)
        self.direct = True
        self._leg.dialog.reinvite(said)

    def come_back(self) -> None:
        """Have the phone send its sound to us again."""
        self.direct = False
        self._leg.dialog.reinvite(self.offer(self._present_first()))
        self.aim()

    def aim(self) -> None:
        """Point the stream at what the far end last said."""
        far = self.agreed.far(listening=not self.direct)
        if self._leg.stream is not None and far is not None:
            self._leg.stream.aim(far)

    def _here(self, flow: sip.Flow | None = None) -> tuple[str, int]:
        """Our own address and port for its sound."""
        leg = self._leg
        assert leg.stream is not None, "open() comes before any SDP"
        return (flow or leg.dialog.flow).local[0], leg.stream.port

    def _present_first(self) -> tuple[str, ...]:
        """All that we may use, what is spoken now before the others."""
        first = [self.agreed.coding] if self.agreed.coding else []
        return tuple(dict.fromkeys([*first, *self.agreed.ours]))

    # --- what they say -------------------------------------------------------------------------

    def take(self, sdp: bytes) -> bool:
        """Take the far end's answer to an offer of ours; False when it cannot be used."""
        try:
            self.agreed.take(sdp)
        except (BadSession, NoCommonCodec) as error:
            log.info("%s: unusable answer: %s", self._leg.phone, error)
            return False
        self.aim()
        return True

    def asked_to_change(self, sdp: bytes) -> None:
        """A re-INVITE or UPDATE: answered at once, its keeper told of a hold or another change."""
        leg = self._leg
        if not sdp:
            # Everything we can, again: the answer comes in the ACK (RFC 3261 s.14.2).
            leg.dialog.accept(self.offer(self._present_first()))
            self.stays_with_us()
            return
        try:
            self.agreed.take(sdp)
        except NoCommonCodec:
            leg.dialog.refuse(488, "Not Acceptable Here")
            return
        except BadSession:
            leg.dialog.refuse(400, "Bad Session Description")
            return
        self.direct = False
        leg.dialog.accept(self.answer())
        self.aim()
        if not self.hold_moved():
            leg.keeper.on_changed(leg)

    def hold_moved(self) -> bool:
        """Tell the keeper that the person holds, or is back; False when neither is new."""
        remote = self.agreed.remote
        held = remote is not None and remote.on_hold
        if held == self.held:
            return False
        self.held = held
        self._leg.keeper.on_hold(self._leg, held)
        return True

    def stays_with_us(self) -> None:
        """The phone will not send its sound straight to the other."""
        if self.direct:
            self.direct = False
            self.aim()
            self._leg.keeper.on_changed(self._leg)
