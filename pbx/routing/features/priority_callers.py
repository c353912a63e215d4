"""Chiamanti prioritari: callers on the line's list ring in spite of do-not-disturb, with a ring of
their own (behaviour.md s.1.1, step 4). Rejections and forwards still come first."""

from __future__ import annotations

from dataclasses import replace

from pbx.routing.callers import words
from pbx.routing.facts import CallFacts
from pbx.routing.feature import FeatureOptions, Stage, options_for
from pbx.routing.office import Office
from pbx.routing.personal import listed
from pbx.routing.plan import Plan

STAGE = Stage.PRIORITY


class Options(FeatureOptions):
    """Whether it is on; its list is `Person.callers`."""

    enabled: bool = False
    "Who is on the list is always put through."


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Mark the call."""
    line = plan.to_line
    entry = listed("priority_callers", plan, call, office)
    if entry is None or not options_for(Options, "priority_callers", office, line=line).enabled:
        return plan
    it, en = words(entry, call)
    return replace(plan, priority=True).noting(
        "priority_callers",
        it=f"{it} è tra i chiamanti prioritari dell'interno {line}",
        en=f"{en} is among the priority callers of extension {line}",
    )
