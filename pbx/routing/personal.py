"""What a person has decided about callers is for calls to that person: not for a group's calls, and
not for what comes back to the line because it was the line's already.
"""

from __future__ import annotations

from pbx.routing.callers import Caller, matches
from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.office import Office
from pbx.routing.plan import Plan


def is_personal(call: CallFacts) -> bool:
    """Whether the line's lists and refusals are asked about this call."""
    return call.arrival is Arrival.DIRECT


def listed(service: str, plan: Plan, call: CallFacts, office: Office) -> Caller | None:
    """The entry of the line's list for this service that meets the caller."""
    entries = office.lines[plan.to_line].callers.get(service)
    return matches(entries, call, office) if entries and is_personal(call) else None
