"""The line can take no further call (behaviour.md s.1.1, step 9): its busy forward,
the mailbox, or 486.

The same answer is kept for phones that say 486 or 600 when they are called.
"""

from __future__ import annotations

from dataclasses import replace

from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.feature import FeatureOptions, Stage
from pbx.routing.features.call_waiting import is_busy
from pbx.routing.forwarding import mailbox_of
from pbx.routing.office import Office
from pbx.routing.plan import Mailbox, Plan, Reject, Step

STAGE = Stage.BUSY


class Options(FeatureOptions):
    """None."""


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Take the call to the busy forward or the mailbox, now or when every phone is busy."""
    line = plan.to_line
    end: tuple[Step, ...] = (Reject(486, "Busy Here"),)
    box = "" if call.arrival is Arrival.HUNT else mailbox_of(line, call, office)
    if plan.on_busy is not None:
        end = plan.on_busy
    elif box:
        end = (Mailbox(box, "busy"),)
    if not is_busy(line, call, office):
        return replace(plan, on_busy=end)
    return replace(plan.then(*end), settled=True).noting(
        "busy",
        it=f"L'interno {line} è occupato",
        en=f"Extension {line} is busy",
    )
