"""The advanced services of a line (guide 3.3): how each stands, what it lacks, on and off.

A service that has not its list or its number yet cannot be switched on; whoever asks is told what
to fill first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from officesmart.administration.rules import Fault
from officesmart.call_manager import numbers
from pbx.routing.callers import LISTS
from pbx.routing.feature import FeatureOptions
from pbx.routing.features import (
    anonymous_reject,
    call_waiting,
    forward_unavailable,
    priority_callers,
    selective_forward,
    selective_reject,
)
from pbx.routing.office import Office, Person
from pbx.store import options
from pbx.tables import CallerEntry

SERVICES: Mapping[str, type[FeatureOptions]] = {
    "selective_forward": selective_forward.Options,
    "selective_reject": selective_reject.Options,
    "forward_unavailable": forward_unavailable.Options,
    "anonymous_reject": anonymous_reject.Options,
    "priority_callers": priority_callers.Options,
    "call_waiting": call_waiting.Options,
}
"In the order of the guide."
NUMBERED = ("selective_forward", "forward_unavailable")
"Those that need a number."


@dataclass(frozen=True, slots=True)
class Standing:
    """How a service stands."""

    on: bool
    entries: int = 0
    "Of its list."
    number: str = ""
    "As it is kept; also while it is off."


def read(session: Session, line_id: int) -> dict[str, Standing]:
    """Every service of a line."""
    counted = dict(
        session.execute(
            select(CallerEntry.service, func.count())
            .where(col(CallerEntry.line_id) == line_id)
            .group_by(CallerEntry.service)
        ).all()
    )
    found = {}
    for service, kind in SERVICES.items():
        kept = options.read(session, kind, service, line_id)
        number = getattr(kept, "number", "")
        found[service] = Standing(kept.enabled, counted.get(service, 0), number)  # type: ignore[attr-defined]
    return found


def lacks(service: str, standing: Standing) -> str:
    """What must be filled before the service can be on: 'list', 'number', or '' for nothing."""
    if service in LISTS and not standing.entries:
        return "list"
    return "number" if service in NUMBERED and not standing.number else ""


def switch(session: Session, line_id: int, service: str, on: bool) -> str:
    """Switch a service; what it lacks ('' when it was switched). Raises KeyError for no service."""
    missing = lacks(service, read(session, line_id)[service]) if on else ""
    if not missing:
        options.change(session, service, line_id, enabled=on)
    return missing


def set_number(
    session: Session, line_id: int, service: str, number: str, person: Person, office: Office
) -> Fault | None:
    """Where a service forwards to; what is wrong with the number, judged anew."""
    if service not in NUMBERED:
        raise KeyError(service)
    found = numbers.judge(number, person, office)
    if found.fault is None:
        options.change(session, service, line_id, number=found.number)
    return found.fault
