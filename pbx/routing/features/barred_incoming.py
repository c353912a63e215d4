"""An administrator has barred calls to this line (behaviour.md s.1.1, step 1).

What the line itself began still comes back to it: a parked call, a reminder.
"""

from __future__ import annotations

from dataclasses import replace

from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.feature import FeatureOptions, Stage, options_for
from pbx.routing.office import Office
from pbx.routing.plan import Announce, Plan

STAGE = Stage.BARRED


class Options(FeatureOptions):
    """Whether it is."""

    enabled: bool = False
    "Nobody reaches the line; it may still call."


def is_barred(line: str, office: Office) -> bool:
    """Whether calls to this line are barred."""
    return options_for(Options, "barred_incoming", office, line=line).enabled


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Say that the number takes no calls."""
    line = plan.to_line
    if call.arrival in (Arrival.RECALL, Arrival.SERVICE) or not is_barred(line, office):
        return plan
    refused = plan.then(Announce("announce.barred_incoming", 403, "Forbidden"))
    return replace(refused, settled=True).noting(
        "barred_incoming",
        it=f"L'interno {line} non può ricevere chiamate: così ha deciso l'amministratore",
        en=f"Extension {line} can receive no calls: the administrator decided so",
    )
