"""An extension of the office was dialled: the call is for that line."""

from __future__ import annotations

from dataclasses import replace

from pbx.routing.facts import CallFacts
from pbx.routing.feature import FeatureOptions, Stage
from pbx.routing.office import Office
from pbx.routing.plan import Announce, Plan

STAGE = Stage.LINE


class Options(FeatureOptions):
    """None."""


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Name the line; one that is switched off is answered like one that never was."""
    person = office.lines.get(call.dialled)
    if person is None or plan.to_line:
        return plan
    if not person.active:
        refused = plan.then(Announce("announce.unknown_number", 404, "Not Found"))
        return replace(refused, settled=True).noting(
            "line",
            it=f"L'interno {person.extension} è disattivato",
            en=f"Extension {person.extension} is switched off",
        )
    return replace(plan, to_line=person.extension).noting(
        "line",
        it=f"Chiamata all'interno {person.extension}",
        en=f"Call to extension {person.extension}",
    )
