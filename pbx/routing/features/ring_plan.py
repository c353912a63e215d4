"""Which phones ring, and when (behaviour.md s.1.2; guide 3.2.1)."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from pbx.routing.facts import CallFacts
from pbx.routing.feature import FeatureOptions, Stage, options_for
from pbx.routing.office import Office
from pbx.routing.plan import Plan, Ring

STAGE = Stage.RING_PLAN
MODES = ("own", "in_order", "together")
MOST_PERIODS = 6
MOST_PHONES = 10
PERIOD = range(1, 61)
"Seconds of a period."
USUAL_PERIOD = 18
"Seconds of a new period."


class PlanPhone(BaseModel):
    """A row of the plan: a telephone, and the periods in which it rings."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    number: str = Field(default="", max_length=32)
    "Empty: the line's own phones; else an extension, a short code or E.164."
    name: str = Field(default="", max_length=80)
    rings: tuple[bool, ...] = Field(default=(), max_length=MOST_PERIODS)
    "By period; one that is not said does not ring. When all ring together nobody looks."
    confirm: bool | None = None
    "“Premi 1 per accettare”; None: yes for a number outside the office."


class Options(FeatureOptions):
    """The plan. Forwarding instead of ringing is `forward_all`."""

    longest_seconds: int = Field(default=120, ge=5, le=170)
    """How long the phones may ring, together or the line's own, when nothing else takes the call.
    Under the 3 minutes after which proxies and carriers give up (Timer C, RFC 3261 s.16.6)."""
    mode: str = Field(default="own", pattern="own|in_order|together")
    "Of MODES."
    periods: tuple[int, ...] = Field(default=(), max_length=MOST_PERIODS)
    "Seconds of each, in order."
    phones: tuple[PlanPhone, ...] = Field(default=(), max_length=MOST_PHONES)


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Ring the line's own phones."""
    line = plan.to_line
    seconds = options_for(Options, "ring_plan", office, line=line).longest_seconds
    return plan.then(Ring((line,), seconds)).noting(
        "ring_plan",
        it=f"Squillano i telefoni dell'interno {line}",
        en=f"The phones of extension {line} ring",
    )
