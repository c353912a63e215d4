"""A call that was forwarded five times goes no further (behaviour.md s.1.1, step 1)."""

from __future__ import annotations

from dataclasses import replace

from pbx.routing.facts import CallFacts
from pbx.routing.feature import FeatureOptions, Stage
from pbx.routing.forwarding import MOST
from pbx.routing.office import Office
from pbx.routing.plan import Announce, Plan

STAGE = Stage.BARRED


class Options(FeatureOptions):
    """None."""


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Say so."""
    if len(call.diverted_by) < MOST:
        return plan
    ended = plan.then(Announce("announce.too_many_forwards", 480, "Temporarily Unavailable"))
    return replace(ended, settled=True).noting(
        "diversions",
        it=f"La chiamata è già stata inoltrata {len(call.diverted_by)} volte: finisce qui",
        en=f"The call has been forwarded {len(call.diverted_by)} times already: it ends here",
    )
