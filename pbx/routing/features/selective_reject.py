"""Rifiuto intelligente: callers on the line's list are refused at once (behaviour.md s.1.1,
step 3; guide 3.3), without the mailbox, and listed as rejected."""

from __future__ import annotations

from dataclasses import replace

from pbx.routing.callers import words
from pbx.routing.facts import CallFacts
from pbx.routing.feature import FeatureOptions, Stage, options_for
from pbx.routing.office import Office
from pbx.routing.personal import listed
from pbx.routing.plan import Announce, Plan

STAGE = Stage.SELECTIVE_REJECT


class Options(FeatureOptions):
    """Whether it is on; its list is `Person.callers`."""

    enabled: bool = False
    "Who is on the list is refused."


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Say that the person does not accept the call, then 603."""
    line = plan.to_line
    entry = listed("selective_reject", plan, call, office)
    if entry is None or not options_for(Options, "selective_reject", office, line=line).enabled:
        return plan
    it, en = words(entry, call)
    said = Announce("announce.declined", 603, "Decline", rejects=True)
    return replace(plan.then(said), settled=True).noting(
        "selective_reject",
        it=f"{it} è nella lista di rifiuto dell'interno {line}",
        en=f"{en} is on the rejection list of extension {line}",
    )
