"""A telephone number was dialled that belongs to a line of ours: the call stays in the office."""

from __future__ import annotations

from dataclasses import replace

from pbx.numbers import national
from pbx.routing.dialled import e164_forms
from pbx.routing.facts import CallFacts
from pbx.routing.feature import FeatureOptions, Stage
from pbx.routing.office import Office
from pbx.routing.plan import Plan

STAGE = Stage.OWN_NUMBER


class Options(FeatureOptions):
    """None."""


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Name the line whose number this is."""
    if plan.to_line:
        return plan
    forms = e164_forms(call.dialled, office.outside_prefix)
    if call.from_trunk and call.dialled.isdecimal():  # providers also write 39...
        forms = (*forms, "+" + call.dialled)
    for number in forms:
        person = office.lines.get(office.numbers.get(number, ""))
        if person is not None and person.active:
            return replace(plan, to_line=person.extension).noting(
                "own_number",
                it=f"Il numero {national(number)} è dell'interno {person.extension}",
                en=f"Number {national(number)} is that of extension {person.extension}",
            )
    return plan
