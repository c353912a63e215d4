"""An extension of the office was dialled: the call is for that line."""

from __future__ import annotations

from dataclasses import replace

from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.feature import FeatureOptions, Stage
from pbx.routing.office import Office, Person
from pbx.routing.plan import Announce, Plan
from pbx.routing.rights import may_call

STAGE = Stage.LINE


class Options(FeatureOptions):
    """None."""


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Name the line; one that is switched off is answered like one that never was."""
    person = office.lines.get(call.dialled) or office.lines.get(call.dialled.removesuffix("#"))
    if person is None or plan.to_line:
        return plan
    caller = office.lines.get(call.payer)
    if caller is not None and _barred(caller, person, call):
        refused = plan.then(Announce("announce.not_allowed", 403, "Forbidden"))
        return replace(refused, settled=True).noting(
            "line",
            it=f"L'interno {caller.extension} non è abilitato a chiamare altri interni",
            en=f"Extension {caller.extension} may not call other extensions",
        )
    if not person.active:
        refused = plan.then(Announce("announce.unknown_number", 404, "Not Found"))
        return replace(refused, settled=True).noting(
            "line",
            it=f"L'interno {person.extension} è disattivato",
            en=f"Extension {person.extension} is switched off",
        )
    return replace(plan, to_line=person.extension).noting(
        "line",
        it=f"Chiamata all'interno {person.extension}",
        en=f"Call to extension {person.extension}",
    )


def _barred(caller: Person, called: Person, call: CallFacts) -> bool:
    """Whether this line calls nobody inside (a phone in a lobby). What comes back to it, and what
    it forwards, is no call of its own."""
    return not (
        may_call(caller, "internal")
        or caller is called
        or call.granted
        or call.diverted_by
        or call.arrival in (Arrival.RECALL, Arrival.HUNT)
    )
