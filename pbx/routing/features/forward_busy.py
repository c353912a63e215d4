"""Inoltro su occupato: who calls a busy line goes to another number (behaviour.md s.1.1, step 9).

It only says what takes the call then; busy.py and do_not_disturb.py, which counts as busy, act.
"""

from __future__ import annotations

from dataclasses import replace

from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.feature import Stage, options_for
from pbx.routing.forwarding import BUSY, CodedForwardOptions, forwarded, leads
from pbx.routing.office import Office
from pbx.routing.plan import Plan

STAGE = Stage.INSTEAD


class Options(CodedForwardOptions):
    """Where to."""


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Keep the forward for when the line is busy."""
    line = plan.to_line
    options = options_for(Options, "forward_busy", office, line=line)
    if not options.enabled or call.arrival is Arrival.HUNT:
        return plan
    plan, step = forwarded(
        plan, call, office, feature="forward_busy", number=options.number, cause=BUSY
    )
    if step is None:
        return plan
    it, en = leads(options.number, office)
    return replace(plan, on_busy=(step,)).noting(
        "forward_busy",
        it=f"Se l'interno {line} è occupato: inoltro {it}",
        en=f"If extension {line} is busy: forwarded {en}",
    )
