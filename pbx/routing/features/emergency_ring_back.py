"""A line that called for help within the hour is called back: its phones ring, whatever is set
(behaviour.md s.1.1, step 0; RFC 7090).

Nobody knows from which number an operator calls back, so every call to the line rings.
"""

from __future__ import annotations

from dataclasses import replace

from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.feature import FeatureOptions, Stage
from pbx.routing.forwarding import mailbox_of
from pbx.routing.office import Office
from pbx.routing.plan import Mailbox, Plan, Reject, Ring, Step

STAGE = Stage.RING_BACK_OF_EMERGENCY
SECONDS = 60
"How long the phones ring before the mailbox: no timer of the line makes it shorter."


class Options(FeatureOptions):
    """None: it cannot be switched off."""


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Ring all phones of the line; a group's call is none for this line."""
    line = plan.to_line
    if line not in call.needed_help or call.arrival is Arrival.HUNT:
        return plan
    box = mailbox_of(line, call, office)
    end: dict[str, tuple[Step, ...]] = {
        "unanswered": (Reject(480, "Temporarily Unavailable"),),
        "busy": (Reject(486, "Busy Here"),),
        "unavailable": (Reject(480, "Temporarily Unavailable"),),
    }
    if box:
        end = {why: (Mailbox(box, why),) for why in end}
    rung = plan.then(Ring((line,), SECONDS, alert="priority"), *end["unanswered"])
    return replace(
        rung, on_busy=end["busy"], on_unavailable=end["unavailable"], settled=True
    ).noting(
        "emergency_ring_back",
        it=f"L'interno {line} ha chiamato un numero di emergenza da meno di un'ora: "
        "i suoi telefoni squillano comunque",
        en=f"Extension {line} called an emergency number less than an hour ago: "
        "its phones ring in any case",
    )
