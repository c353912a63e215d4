"""Emergency numbers: before anything else, with and without the outside-line digit.

Nothing in the office may take these digits for something else, an extension 112 included; no
right, no limit and no hidden number stands in the way. A stranger's call from outside is not one:
who needs help calls it himself.
"""

from __future__ import annotations

from dataclasses import replace

from pbx.routing.dialled import emergency
from pbx.routing.facts import CallFacts
from pbx.routing.feature import FeatureOptions, Stage
from pbx.routing.office import Office
from pbx.routing.outward import trunks_for
from pbx.routing.plan import Announce, Outside, Plan

STAGE = Stage.EMERGENCY_CALL


class Options(FeatureOptions):
    """None: it cannot be switched off."""


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Call for help by every trunk there is; without one, say so at once."""
    number = emergency(call.dialled, office.emergency_numbers, office.outside_prefix)
    if not number or call.from_outside:
        return plan
    trunks = trunks_for(number, office)
    if not trunks:
        refused = plan.then(Announce("announce.no_outside_line", 503, "Service Unavailable"))
        return replace(refused, settled=True).noting(
            "emergency_call",
            it=f"{number} è un numero di emergenza, ma nessuna linea esterna è attiva",
            en=f"{number} is an emergency number, but no outside line is switched on",
        )
    person = office.lines.get(call.payer)
    out = Outside(number, trunks, shown=person.shown if person else "", emergency=True)
    return replace(plan.then(out), settled=True).noting(
        "emergency_call",
        it=f"{number} è un numero di emergenza: chiamata esterna immediata",
        en=f"{number} is an emergency number: called outside at once",
    )
