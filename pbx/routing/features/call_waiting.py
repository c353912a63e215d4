"""Avviso di chiamata: whether a second call rings while the line talks (s.1.1, step 9).

Without it a line in a call counts as busy; busy.py then acts.
"""

from __future__ import annotations

from pbx.routing.facts import CallFacts
from pbx.routing.feature import FeatureOptions, Stage, options_for
from pbx.routing.office import Office
from pbx.routing.plan import Plan

STAGE = Stage.CALL_WAITING


class Options(FeatureOptions):
    """Whether it is on."""

    enabled: bool = True
    "A further call rings while the line is in one."


def is_busy(line: str, call: CallFacts, office: Office) -> bool:
    """Whether the line can take no further call now."""
    if line in call.busy:
        return True
    return (
        line in call.in_call and not options_for(Options, "call_waiting", office, line=line).enabled
    )


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Note that the line counts as busy because of it."""
    line = plan.to_line
    if line in call.busy or not is_busy(line, call, office):
        return plan
    return plan.noting(
        "call_waiting",
        it=f"L'interno {line} è in una chiamata e non vuole l'avviso di un'altra",
        en=f"Extension {line} is in a call and wants no call waiting",
    )
