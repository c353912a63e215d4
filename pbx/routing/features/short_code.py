"""Short codes: a few digits that the whole office may dial for a longer number.

The number is decided anew, with the caller's rights, or without asking for them when the code is
there for everybody.
"""

from __future__ import annotations

from dataclasses import replace

from pbx.numbers import national
from pbx.routing.facts import CallFacts
from pbx.routing.feature import FeatureOptions, Stage
from pbx.routing.office import Office
from pbx.routing.plan import Plan

STAGE = Stage.SHORT_CODE


class Options(FeatureOptions):
    """None: the codes are rows of the office."""


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Put the number in the code's place. A closing # is what some phones add."""
    code = office.short_codes.get(call.dialled.removesuffix("#"))
    if code is None or call.from_outside:
        return plan
    granted = code.for_everybody or call.granted
    noted = plan.noting(
        "short_code",
        it=f"Il codice breve {code.code} ({code.name}) chiama {national(code.number)}",
        en=f"Short code {code.code} ({code.name}) calls {national(code.number)}",
    )
    return replace(noted, anew=replace(call, dialled=code.number, granted=granted))
