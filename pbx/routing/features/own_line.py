"""Somebody dials his own extension: he wants his mailbox, his own phones need not ring.

Most offices know this habit. A line without a mailbox is told that it is busy: it is, with
this very call.
"""

from __future__ import annotations

from dataclasses import replace

from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.feature import FeatureOptions, Stage, options_for
from pbx.routing.office import Office
from pbx.routing.plan import Plan, Reject, Service

STAGE = Stage.OWN_LINE


class Options(FeatureOptions):
    """Whether the own extension opens the own mailbox."""

    opens_mailbox: bool = True
    "Otherwise the line's other phones ring, as for any caller."


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Open the mailbox for its owner."""
    line = plan.to_line
    if call.from_line != line or call.arrival is not Arrival.DIRECT or call.diverted_by:
        return plan
    if not options_for(Options, "own_line", office, line=line).opens_mailbox:
        return plan
    if not office.lines[line].has_mailbox:
        return replace(plan.then(Reject(486, "Busy Here")), settled=True).noting(
            "own_line",
            it=f"L'interno {line} ha chiamato sé stesso e non ha una casella vocale",
            en=f"Extension {line} called itself and has no mailbox",
        )
    return replace(plan.then(Service("voicemail_menu", line)), settled=True).noting(
        "own_line",
        it=f"L'interno {line} ha chiamato sé stesso: si apre la sua casella vocale",
        en=f"Extension {line} called itself: its mailbox opens",
    )
