"""Inoltro intelligente: callers on the line's list go to another number (behaviour.md s.1.1,
step 5; guide 3.3), before anything that the line does with everybody else."""

from __future__ import annotations

from dataclasses import replace

from pbx.routing.callers import words
from pbx.routing.facts import CallFacts
from pbx.routing.feature import Stage, options_for
from pbx.routing.forwarding import ALWAYS, ForwardOptions, forwarded, leads
from pbx.routing.office import Office
from pbx.routing.personal import listed
from pbx.routing.plan import Plan

STAGE = Stage.SELECTIVE_FORWARD


class Options(ForwardOptions):
    """Where to; its list is `Person.callers`."""


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Forward who is on the list."""
    line = plan.to_line
    entry = listed("selective_forward", plan, call, office)
    options = options_for(Options, "selective_forward", office, line=line)
    if entry is None or not options.enabled:
        return plan
    plan, step = forwarded(
        plan, call, office, feature="selective_forward", number=options.number, cause=ALWAYS
    )
    if step is None:
        return plan
    (it, en), (to_it, to_en) = words(entry, call), leads(options.number, office)
    return replace(plan.then(step), settled=True).noting(
        "selective_forward",
        it=f"{it} è nella lista dell'inoltro intelligente dell'interno {line}: inoltro {to_it}",
        en=f"{en} is on the selective forward list of extension {line}: forwarded {to_en}",
    )
