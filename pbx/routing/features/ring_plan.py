"""All phones of the line ring together (behaviour.md s.1.2, "chiamare il proprio numero")."""

from __future__ import annotations

from pydantic import Field

from pbx.routing.facts import CallFacts
from pbx.routing.feature import FeatureOptions, Stage, options_for
from pbx.routing.office import Office
from pbx.routing.plan import Plan, Ring

STAGE = Stage.RING_PLAN


class Options(FeatureOptions):
    """How long a line may ring when nothing else takes the call."""

    longest_seconds: int = Field(default=120, ge=5, le=170)
    "Under the 3 minutes after which proxies and carriers give up (Timer C, RFC 3261 s.16.6)."


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Ring the line's own phones."""
    line = plan.to_line
    seconds = options_for(Options, "ring_plan", office, line=line).longest_seconds
    return plan.then(Ring((line,), seconds)).noting(
        "ring_plan",
        it=f"Squillano i telefoni dell'interno {line}",
        en=f"The phones of extension {line} ring",
    )
