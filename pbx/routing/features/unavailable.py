"""No phone of the line is registered (behaviour.md s.1.1, step 8): the mailbox, or 480.

The same answer is kept for phones that turn out not to be reachable once they are called.
"""

from __future__ import annotations

from dataclasses import replace

from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.feature import FeatureOptions, Stage
from pbx.routing.office import Office
from pbx.routing.plan import Announce, Mailbox, Plan, Step

STAGE = Stage.UNAVAILABLE


class Options(FeatureOptions):
    """None."""


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Take the call to the mailbox, now or when no phone can be reached.

    A group passes over a member without phones and never ends in his mailbox.
    """
    line = plan.to_line
    end: Step = Announce("announce.unavailable", 480, "Temporarily Unavailable")
    if office.lines[line].has_mailbox and call.arrival is not Arrival.HUNT:
        end = Mailbox(line, "unavailable")
    if line in call.registered:
        return plan if plan.on_unavailable is not None else replace(plan, on_unavailable=(end,))
    return replace(plan.then(end), settled=True).noting(
        "unavailable",
        it=f"Nessun telefono dell'interno {line} è collegato",
        en=f"No phone of extension {line} is registered",
    )
