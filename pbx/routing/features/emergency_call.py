"""Emergency numbers: before anything else, with and without the outside-line digit.

Nothing in the office may take these digits for something else, an extension 112 included. There
is no outside line yet, so the caller is told so at once instead of waiting for help that nobody
called; whoever dials hears it, and reads it in the history.
"""

from __future__ import annotations

from dataclasses import replace

from pbx.routing.dialled import emergency
from pbx.routing.facts import CallFacts
from pbx.routing.feature import FeatureOptions, Stage
from pbx.routing.office import Office
from pbx.routing.plan import Announce, Plan

STAGE = Stage.EMERGENCY_CALL


class Options(FeatureOptions):
    """None: it cannot be switched off."""


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Say that no outside line is set up."""
    number = emergency(call.dialled, office.emergency_numbers)
    if not number:
        return plan
    refused = plan.then(Announce("announce.no_outside_line", 503, "Service Unavailable"))
    return replace(refused, settled=True).noting(
        "emergency_call",
        it=f"{number} è un numero di emergenza, ma nessuna linea esterna è configurata",
        en=f"{number} is an emergency number, but no outside line is set up",
    )
