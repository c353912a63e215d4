"""Non disturbare: no phone rings, the line counts as busy (behaviour.md s.1.1, step 7).

The busy forward takes the call if there is one, else the mailbox with its busy greeting, else the
caller hears busy. A group passes the member over without logging him out.
"""

from __future__ import annotations

from dataclasses import replace

from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.feature import FeatureOptions, Stage, options_for
from pbx.routing.forwarding import mailbox_of
from pbx.routing.office import Office
from pbx.routing.plan import Mailbox, Plan, Reject, Step

STAGE = Stage.DO_NOT_DISTURB


class Options(FeatureOptions):
    """Whether it is on."""

    enabled: bool = False
    "No phone of the line rings."


def quiet(office: Office) -> frozenset[str]:
    """The extensions that have it on."""
    if "do_not_disturb" not in office.options:
        asked = [line for line, one in office.lines.items() if "do_not_disturb" in one.options]
    else:
        asked = list(office.lines)
    return frozenset(line for line in asked if is_quiet(line, office))


def is_quiet(line: str, office: Office) -> bool:
    """Whether this line has it on."""
    return options_for(Options, "do_not_disturb", office, line=line).enabled


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Let nothing ring."""
    line = plan.to_line
    if not is_quiet(line, office):
        return plan
    if call.arrival is Arrival.RECALL:
        return plan.noting(
            "do_not_disturb",
            it=f"La chiamata torna all'interno {line}, che squilla anche se non vuole disturbo",
            en=f"The call comes back to extension {line}, which rings though it wants no calls",
        )
    if plan.priority:
        return plan.noting(
            "do_not_disturb",
            it=f"L'interno {line} non vuole essere disturbato, ma per questo chiamante squilla",
            en=f"Extension {line} does not want to be disturbed, but rings for this caller",
        )
    noted = plan.noting(
        "do_not_disturb",
        it=f"L'interno {line} non vuole essere disturbato: vale come occupato",
        en=f"Extension {line} does not want to be disturbed: it counts as busy",
    )
    busy: tuple[Step, ...] = (Reject(486, "Busy Here"),)
    if call.arrival is not Arrival.HUNT:
        box = mailbox_of(line, call, office)
        busy = plan.on_busy or ((Mailbox(box, "busy"),) if box else busy)
    return replace(noted.then(*busy), settled=True)
