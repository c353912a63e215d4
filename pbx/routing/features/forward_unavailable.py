"""Inoltro se non disponibile: no phone of the line can be reached (behaviour.md s.1.1, step 8).

It only says what takes the call then; unavailable.py acts.
"""

from __future__ import annotations

from dataclasses import replace

from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.feature import Stage, options_for
from pbx.routing.forwarding import UNAVAILABLE, ForwardOptions, forwarded, leads
from pbx.routing.office import Office
from pbx.routing.plan import Plan

STAGE = Stage.INSTEAD


class Options(ForwardOptions):
    """Where to."""


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Keep the forward for when no phone can be reached."""
    line = plan.to_line
    options = options_for(Options, "forward_unavailable", office, line=line)
    if not options.enabled or call.arrival is Arrival.HUNT:
        return plan
    plan, step = forwarded(
        plan, call, office, feature="forward_unavailable", number=options.number, cause=UNAVAILABLE
    )
    if step is None:
        return plan
    it, en = leads(options.number, office)
    return replace(plan, on_unavailable=(step,)).noting(
        "forward_unavailable",
        it=f"Se nessun telefono dell'interno {line} è raggiungibile: inoltro {it}",
        en=f"If no phone of extension {line} can be reached: forwarded {en}",
    )
