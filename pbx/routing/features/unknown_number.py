"""Nothing in the office has this number."""

from __future__ import annotations

from dataclasses import replace

from pbx.routing.facts import CallFacts
from pbx.routing.feature import FeatureOptions, Stage
from pbx.routing.office import Office
from pbx.routing.plan import Announce, Plan

STAGE = Stage.UNKNOWN_NUMBER


class Options(FeatureOptions):
    """None."""


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Say so, and end with 404."""
    if plan.to_line:
        return plan
    refused = plan.then(Announce("announce.unknown_number", 404, "Not Found"))
    return replace(refused, settled=True).noting(
        "unknown_number",
        it=f"Nessun interno ha il numero {call.dialled}",
        en=f"No extension has the number {call.dialled}",
    )
