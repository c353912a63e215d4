"""No phone of the line is registered (behaviour.md s.1.1, step 8): where it forwards then,
the mailbox, or 480.

The same answer is kept for phones that turn out not to be reachable once they are called. A ring
plan that reaches a telephone elsewhere makes the line available.
"""

from __future__ import annotations

from dataclasses import replace

from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.feature import FeatureOptions, Stage
from pbx.routing.features.ring_plan import rings_elsewhere
from pbx.routing.forwarding import mailbox_of
from pbx.routing.office import Office
from pbx.routing.plan import Announce, Mailbox, Plan, Step

STAGE = Stage.UNAVAILABLE


class Options(FeatureOptions):
    """None."""


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Take the call to the forward or the mailbox, now or when no phone can be reached.

    A group passes over a member without phones and never ends in his mailbox.
    """
    line = plan.to_line
    end: tuple[Step, ...] = (Announce("announce.unavailable", 480, "Temporarily Unavailable"),)
    box = "" if call.arrival is Arrival.HUNT else mailbox_of(line, call, office)
    if plan.on_unavailable is not None:
        end = plan.on_unavailable
    elif box:
        end = (Mailbox(box, "unavailable"),)
    if line in call.registered:
        return replace(plan, on_unavailable=end)
    if rings_elsewhere(line, call, office):
        return replace(plan, on_unavailable=end).noting(
            "unavailable",
            it=f"Nessun telefono dell'interno {line} è collegato, "
            "ma la sequenza di squillo ne raggiunge altri",
            en=f"No phone of extension {line} is registered, but its ring plan reaches others",
        )
    return replace(plan.then(*end), settled=True).noting(
        "unavailable",
        it=f"Nessun telefono dell'interno {line} è collegato",
        en=f"No phone of extension {line} is registered",
    )
