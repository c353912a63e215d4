"""Nobody answers in time (behaviour.md s.1.3, T_vm): the caller may leave a message.

Without a mailbox the call is released with 480 when the phones have rung long enough.
"""

from __future__ import annotations

from dataclasses import replace

from pydantic import Field

from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.feature import FeatureOptions, Stage, options_for
from pbx.routing.office import Office
from pbx.routing.plan import Mailbox, Plan, Reject, Ring, Step

STAGE = Stage.MAILBOX


class Options(FeatureOptions):
    """When the mailbox takes the call."""

    seconds: int = Field(default=30, ge=0, le=420)
    "Counted from the first ringing; 0 means at once, no phone rings."


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Cut the ringing at the mailbox's time and let the mailbox answer."""
    line = plan.to_line
    if not office.lines[line].has_mailbox or call.arrival is Arrival.HUNT:
        return plan.then(Reject(480, "Temporarily Unavailable")).noting(
            "mailbox",
            it="Se nessuno risponde la chiamata termina: nessuna casella vocale la prende",
            en="If nobody answers the call ends: no mailbox takes it",
        )
    seconds = options_for(Options, "mailbox", office, line=line).seconds
    ringing = _cut(plan.steps, seconds)
    if not any(isinstance(step, Ring) for step in ringing):
        return replace(plan, steps=(*ringing, Mailbox(line, "unanswered"))).noting(
            "mailbox",
            it=f"La casella vocale dell'interno {line} risponde subito",
            en=f"The mailbox of extension {line} answers at once",
        )
    return replace(plan, steps=(*ringing, Mailbox(line, "unanswered"))).noting(
        "mailbox",
        it=f"Se nessuno risponde entro {seconds} secondi, casella vocale",
        en=f"If nobody answers within {seconds} seconds, mailbox",
    )


def _cut(steps: tuple[Step, ...], seconds: int) -> tuple[Step, ...]:
    """The steps with at most `seconds` of ringing in all."""
    left = seconds
    kept: list[Step] = []
    for step in steps:
        if isinstance(step, Ring):
            step = replace(step, seconds=min(step.seconds, left))
            left -= step.seconds
            if not step.seconds:
                continue
        kept.append(step)
    return tuple(kept)
