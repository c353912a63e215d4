"""A number outside the office was dialled. No outside line exists yet, and the caller hears that:
it is not a wrong number (404), it cannot be reached from here (503).
"""

from __future__ import annotations

from dataclasses import replace

from pbx.routing.dialled import is_outside
from pbx.routing.facts import CallFacts
from pbx.routing.feature import FeatureOptions, Stage
from pbx.routing.office import Office
from pbx.routing.plan import Announce, Plan

STAGE = Stage.OUTSIDE_NUMBER


class Options(FeatureOptions):
    """None."""


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Say that no outside line is set up."""
    if plan.to_line or not is_outside(call.dialled):
        return plan
    refused = plan.then(Announce("announce.no_outside_line", 503, "Service Unavailable"))
    return replace(refused, settled=True).noting(
        "outside_number",
        it=f"{call.dialled} è un numero esterno, ma nessuna linea esterna è configurata",
        en=f"{call.dialled} is an outside number, but no outside line is set up",
    )
