"""Inoltro se nessuno risponde: after some seconds of ringing (behaviour.md s.1.3, T_na).

The mailbox has a timer of its own: the shorter one wins, and this one when they are equal.
"""

from __future__ import annotations

from dataclasses import replace

from pydantic import Field

from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.feature import Stage, options_for
from pbx.routing.forwarding import NO_ANSWER, CodedForwardOptions, forwarded, leads
from pbx.routing.office import Office
from pbx.routing.plan import Plan, cut, prolonged, ringing_seconds

STAGE = Stage.NO_ANSWER


class Options(CodedForwardOptions):
    """Where to, and when."""

    seconds: int = Field(default=25, ge=5, le=420)
    "Counted from the first ringing."


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Ring for so long, then forward."""
    line = plan.to_line
    options = options_for(Options, "forward_no_answer", office, line=line)
    if not options.enabled or call.arrival is Arrival.HUNT:
        return plan
    plan, step = forwarded(
        plan, call, office, feature="forward_no_answer", number=options.number, cause=NO_ANSWER
    )
    if step is None:
        return plan
    steps = cut(plan.steps, options.seconds)
    # When the plan is over earlier, the line's own phones go on ringing alone (s.1.5).
    if line in call.registered:
        steps = prolonged(steps, line, options.seconds - ringing_seconds(steps))
    it, en = leads(options.number, office)
    return replace(plan, steps=(*steps, step)).noting(
        "forward_no_answer",
        it=f"Se nessuno risponde entro {options.seconds} secondi: inoltro {it}",
        en=f"If nobody answers within {options.seconds} seconds: forwarded {en}",
    )
