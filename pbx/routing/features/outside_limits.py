"""What a call outside counts for, and when it may not leave at all: against toll fraud.

How many are under way and what the hour has cost is counted where the call leaves, by
`calls/toll.py`; here every way out is marked with who pays and what class it is, and an expensive
one barred while the office is closed. Emergency calls pass.
"""

from __future__ import annotations

from dataclasses import replace

from pydantic import Field

from pbx.numbers import national
from pbx.routing.facts import CallFacts
from pbx.routing.feature import Stage
from pbx.routing.hours import is_open
from pbx.routing.limits import DEAR, LimitOptions, limits_for
from pbx.routing.office import Office
from pbx.routing.plan import Announce, Outside, Plan, with_outside
from pbx.routing.rights import class_of

STAGE = Stage.FINISH


class Options(LimitOptions):
    """How much may leave the office at once and in an hour; `routing.limits` reads them."""

    calls: int = Field(default=6, ge=0, le=999)
    "Outside calls of one line at once."
    forwards: int = Field(default=3, ge=0, le=999)
    "Of these, calls that it forwards outside; 0: it may not."
    dear_calls: int = Field(default=20, ge=0, le=999)
    "Calls of one line to international and premium numbers in an hour."
    dear_minutes: int = Field(default=60, ge=0, le=9999)
    "Minutes of such calls in an hour."
    office_calls: int = Field(default=60, ge=0, le=9999)
    "Outside calls of the whole office at once."
    office_forwards: int = Field(default=20, ge=0, le=9999)
    "Of these, forwarded ones."
    office_dear_calls: int = Field(default=60, ge=0, le=9999)
    "Calls of the whole office to international and premium numbers in an hour."
    office_dear_minutes: int = Field(default=120, ge=0, le=99999)
    "Minutes of such calls in an hour."
    closed_bar: bool = False
    "No international and premium calls while the office is closed."
    closed_hours: int = 0
    "Id of the opening hours that say so."


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Mark every way out, or bar it."""
    steps = tuple(
        marked(step, call.payer, office, forwarded=bool(call.diverted_by))
        if isinstance(step, Outside)
        else step
        for step in plan.steps
    )
    # A line's own phones outside: it pays for them.
    steps = with_outside(steps, lambda out: marked(out, plan.to_line, office, forwarded=True))
    plan = replace(plan, steps=steps)
    first = next((step for step in steps if isinstance(step, Outside)), None)
    if first is None:
        return plan
    hours = closed_by(first, call, office)
    if not hours:
        return plan
    barred = plan.on_unavailable or (Announce("announce.limit_closed", 403, "Forbidden"),)
    return replace(plan, steps=barred, on_unavailable=None).noting(
        "outside_limits",
        it=f"{national(first.number)} è un numero costoso, e secondo l'orario «{hours}» "
        "l'ufficio è chiuso: la chiamata non parte",
        en=f"{national(first.number)} is an expensive number, and by the hours “{hours}” "
        "the office is closed: the call is not made",
    )


def closed_by(step: Outside, call: CallFacts, office: Office) -> str:
    """Name of the opening hours that keep this call from being made now; "" when none do."""
    if step.emergency or step.kind not in DEAR:
        return ""
    limits = limits_for(office)
    hours = office.hours.get(limits.closed_hours)
    if not limits.closed_bar or hours is None:
        return ""
    opened = is_open(hours.week, hours.closings, call.at.astimezone(office.zone))
    return "" if opened else hours.name or "?"


def marked(step: Outside, payer: str, office: Office, *, forwarded: bool) -> Outside:
    """The same way out, with who pays for it and what it counts for."""
    line = payer if payer in office.lines else ""
    kind = "emergency" if step.emergency else class_of(step.number, office.rules)
    return replace(step, payer=line, kind=kind, forwarded=forwarded)
