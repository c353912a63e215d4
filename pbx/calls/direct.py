"""Sound straight between two phones: a setting per phone, off by default.

The call is set up through us as always; then each phone is told the other's address (re-INVITE),
and the call costs us nothing. Whatever needs the sound here again (hold, transfer, another
negotiation) brings both back first.
"""

from __future__ import annotations

from pbx.calls.leg import Leg
from pbx.sip.offer import Remote

EVENT_PAYLOAD = 101  # what our offers say for telephone-event


def shared(one: Leg, other: Leg) -> str:
    """The coding two phones can use without us, or "" when they had better not."""
    if not (one.direct_audio and other.direct_audio and one.answered and other.answered):
        return ""
    if one.held or other.held or one.gone or other.gone:
        return ""
    if one.remote is None or other.remote is None or not _plain(one.remote, other.remote):
        return ""
    theirs = {coding.name for coding in other.remote.codings}
    # A setting may bound what the other phone speaks.
    return one.coding if one.coding in theirs & set(other.ours) else ""


def _plain(one: Remote, other: Remote) -> bool:
    """Same address family, both directions open, and keys numbered as our offers number them."""
    if (":" in one.host) != (":" in other.host):
        return False
    if {one.direction, other.direction} != {"sendrecv"}:
        return False
    return one.digits == other.digits and one.digits in (None, EVENT_PAYLOAD)


def connect(one: Leg, other: Leg) -> bool:
    """Tell each phone the other's address; False when they stay with us."""
    coding = shared(one, other)
    if not coding:
        return False
    assert one.remote is not None and other.remote is not None
    addresses = (one.remote, other.remote)
    one.session.send_to(addresses[1], coding)
    other.session.send_to(addresses[0], coding)
    return True


def bring_back(*legs: Leg) -> None:
    """Let the sound come here again; legs that are here already stay."""
    for leg in legs:
        if leg.direct and not leg.gone:
            leg.session.come_back()
