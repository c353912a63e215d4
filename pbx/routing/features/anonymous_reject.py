"""Gestione chiamate anonime: who withholds the number is not put through (behaviour.md s.1.1,
step 2; guide 3.3), and not to the mailbox either.

A number that the network could not give is not withheld. Colleagues are always known. A call that
comes back to the line, parked or passed on, was taken before.
"""

from __future__ import annotations

from dataclasses import replace

from pbx.routing.facts import CallFacts
from pbx.routing.feature import FeatureOptions, Stage, options_for
from pbx.routing.office import Office
from pbx.routing.personal import is_personal
from pbx.routing.plan import Announce, Plan

STAGE = Stage.ANONYMOUS


class Options(FeatureOptions):
    """Whether it is on."""

    enabled: bool = False
    "Callers without a number are refused."


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Say so, then 433 (RFC 5079)."""
    line = plan.to_line
    if not call.withheld or call.from_line or not is_personal(call):
        return plan
    if not options_for(Options, "anonymous_reject", office, line=line).enabled:
        return plan
    said = Announce("announce.anonymous_refused", 433, "Anonymity Disallowed", rejects=True)
    return replace(plan.then(said), settled=True).noting(
        "anonymous_reject",
        it=f"L'interno {line} non accetta chiamate da numeri nascosti",
        en=f"Extension {line} does not accept calls from withheld numbers",
    )
