"""The INVITE that makes a phone of the office ring: what it displays, how it rings, its codings."""

from __future__ import annotations

from collections.abc import Sequence

from pbx.calls.alert import alert_headers
from pbx.calls.leg import Leg
from pbx.calls.shown import name_addr
from pbx.calls.switch import OURS, Target
from pbx.events.kinds import Party


def invite(
    leg: Leg,
    target: Target,
    *,
    shown: Party,
    asserted: bool = True,
    codings: tuple[str, ...] = OURS,
    alert: str = "",
    headers: Sequence[tuple[str, str]] = (),
) -> None:
    """Call the phone of this leg, whose stream is open.

    shown: who calls; nobody: withheld. asserted: said once more as the network's own word
    (RFC 3325). codings: offered, unless the phone has a wish of its own. alert: how it rings.
    """
    here = target.flow.local[0]
    leg.direct_audio = target.direct_audio
    leg.speak(target.codings or OURS, ordered=bool(target.codings))
    sender = name_addr(shown, here)
    identity = [("P-Asserted-Identity", sender)] if asserted and shown.number else []
    leg.invite(
        target.uri,
        target.flow,
        from_=sender,
        to=name_addr(leg.party, here),
        codings=target.codings or codings,
        headers=[*identity, *alert_headers(alert), *headers],
    )


def codings_beside(caller: Leg | None) -> tuple[str, ...]:
    """Ours, the caller's first: what both sides know needs no transcoding."""
    theirs = [c.name for c in caller.remote.codings] if caller and caller.remote else []
    first = [caller.coding] if caller and caller.answered and caller.coding else []
    ordered = dict.fromkeys([*first, *theirs, *OURS])
    return tuple(name for name in ordered if name in OURS)
