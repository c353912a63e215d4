"""A parked call that comes back rings for half a minute and goes nowhere else.

Who parked it must hear of it, and his mailbox, his forwards and his ring plan's other phones are no
place for somebody who waits to talk: what does not ring at his own phones is parked again.
"""

from __future__ import annotations

from dataclasses import replace

from pbx.routing.facts import CallFacts
from pbx.routing.feature import FeatureOptions, Stage
from pbx.routing.office import Office
from pbx.routing.plan import Outside, Plan, Reject, Ring, Step

STAGE = Stage.FINISH
SECONDS = 30


class Options(FeatureOptions):
    """None."""


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Keep what rings; a recall's sound tells it from other calls."""
    if not call.orbit:
        return plan
    rings: list[Step] = []
    if any(isinstance(step, Ring) and plan.to_line in step.lines for step in plan.steps):
        rings.append(Ring((plan.to_line,), SECONDS, alert="recall"))
    elif plan.steps and isinstance(plan.steps[0], Outside):
        rings.append(replace(plan.steps[0], seconds=SECONDS))
    steps = (*rings, Reject(480, "Temporarily Unavailable"))
    plan = replace(plan, on_busy=None, on_unavailable=None, on_declined=None)
    return replace(plan, steps=steps).noting(
        "park_recall",
        it=f"La chiamata era parcheggiata su {call.orbit}: squilla per {SECONDS} secondi, "
        "poi torna al suo posto",
        en=f"The call was parked on {call.orbit}: it rings for {SECONDS} seconds, then goes back",
    )
