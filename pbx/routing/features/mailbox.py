"""Nobody answers in time (behaviour.md s.1.3, T_vm): the caller may leave a message.

Without a mailbox the call is released with 480 when the phones have rung long enough. A call that
was forwarded here goes back to the mailbox of who forwarded it first.
"""

from __future__ import annotations

from dataclasses import replace

from pydantic import Field

from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.feature import FeatureOptions, Stage, options_for
from pbx.routing.forwarding import SECONDS, mailbox_of
from pbx.routing.office import Office
from pbx.routing.plan import Forward, Mailbox, Plan, Reject, Ring, cut, ringing_seconds

STAGE = Stage.MAILBOX


class Options(FeatureOptions):
    """When the mailbox takes the call."""

    seconds: int = Field(default=30, ge=0, le=420)
    "Counted from the first ringing; 0 means at once, no phone rings."
    transfer_number: str = Field(default="", max_length=32)
    """Where a caller in the mailbox is passed on to by pressing 0: an extension, a short code or
    E.164; empty: nowhere."""


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Cut the ringing at the mailbox's time and let the mailbox answer."""
    line = plan.to_line
    forwards = any(isinstance(step, Forward) for step in plan.steps)
    box = "" if call.arrival is Arrival.HUNT else mailbox_of(line, call, office)
    if not box:
        if forwards:
            return plan
        return plan.then(Reject(480, "Temporarily Unavailable")).noting(
            "mailbox",
            it="Se nessuno risponde la chiamata termina: nessuna casella vocale la prende",
            en="If nobody answers the call ends: no mailbox takes it",
        )
    # Whoever declines has answered in his way: no forward for calls that nobody answers.
    plan = replace(plan, on_declined=(Mailbox(box, "unanswered"),))
    if box in call.diverted_by:
        seconds = SECONDS
    else:
        seconds = options_for(Options, "mailbox", office, line=line).seconds
    if forwards and seconds >= ringing_seconds(plan.steps):
        return plan.noting(
            "mailbox",
            it="Se la chiamata viene rifiutata, casella vocale",
            en="If the call is declined, mailbox",
        )
    before = tuple(step for step in plan.steps if not isinstance(step, Forward))
    seconds = min(seconds, ringing_seconds(before)) if before else seconds
    ringing = cut(before, seconds)
    whole = replace(plan, steps=(*ringing, Mailbox(box, "unanswered")))
    if forwards:
        whole = whole.noting(
            "mailbox",
            it="La casella vocale risponde prima dell'inoltro, che non ha effetto",
            en="The mailbox answers before the forward, which has no effect",
        )
    if not any(isinstance(step, Ring) for step in ringing):
        return whole.noting(
            "mailbox",
            it=f"La casella vocale dell'interno {box} risponde subito",
            en=f"The mailbox of extension {box} answers at once",
        )
    if box != line:
        return whole.noting(
            "mailbox",
            it=f"Se nessuno risponde entro {seconds} secondi, casella vocale dell'interno {box}, "
            "che ha inoltrato la chiamata",
            en=f"If nobody answers within {seconds} seconds, mailbox of extension {box}, "
            "which forwarded the call",
        )
    return whole.noting(
        "mailbox",
        it=f"Se nessuno risponde entro {seconds} secondi, casella vocale",
        en=f"If nobody answers within {seconds} seconds, mailbox",
    )
