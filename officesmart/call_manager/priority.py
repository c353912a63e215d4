"""What a line may do with a number that it sees: who that is to it, and putting him first.

Priority callers (guide 3.4.2) are a list like the others; here one number is added from where it
stands on a page, with the limits that the list's own window has.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from officesmart.administration.rules import Fault
from officesmart.call_manager import lists, typed_callers
from officesmart.call_manager.lists import Entry
from officesmart.naming import people_of
from pbx.numbers import looks_external
from pbx.routing.callers import matches
from pbx.routing.conflicts import conflicts
from pbx.routing.dialled import outside
from pbx.routing.facts import CallFacts
from pbx.routing.features.priority_callers import Options
from pbx.routing.office import Office
from pbx.store import options

SERVICE = "priority_callers"
NAME = 80  # characters of an entry's name
NOBODY = Fault(
    "Questo numero non può stare tra i chiamanti prioritari",
    "This number cannot be one of the priority callers",
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a number is to the line that looks at it."""

    own: bool = False
    contact: str = ""
    "What the line's address book calls it; empty when it is not in there."
    can_add: bool = False
    "Somebody's number, outside or a colleague's, that the address book has not."
    can_call_here: bool = False
    "Somebody may call from it, so it can be put on a list."
    e164: str = ""
    "The number outside the office that it dials; empty for what is inside, and for services."


@dataclass(frozen=True, slots=True)
class Done:
    """What became of putting somebody first."""

    there: bool = False
    "He was on the list already."
    fault: Fault | None = None
    service_on: bool = True
    warning: Fault | None = None
    "Why it may yet not help: another list of the line has him too."


def standing(
    session: Session, line_id: int, extension: str, number: str, office: Office
) -> Standing:
    """What can be done with a number, as it is dialled."""
    person = office.lines.get(extension)
    own = number == extension or (person is not None and bool(number) and number == person.number)
    known = people_of(session, line_id, [number]).contacts.get(number)
    meant = meaning(number, office)
    return Standing(
        own=own or (person is not None and bool(meant) and meant == person.number),
        contact=known.name if known is not None else "",
        can_add=(looks_external(meant) or number in office.lines) and known is None and not own,
        can_call_here=not own and (number in office.lines or meant.startswith("+")),
        e164=meant if meant.startswith("+") else "",
    )


def meaning(number: str, office: Office) -> str:
    """A dialled number as it is kept: without the digit of the outside line."""
    if number in office.lines:
        return number
    return outside(number, office.outside_prefix) or number


def put_first(
    session: Session,
    line_id: int,
    extension: str,
    number: str,
    office: Office,
    *,
    at: datetime,
    name: str = "",
) -> Done:
    """Put whoever calls from this number on the line's list of priority callers.

    number: as it is dialled, so it may be forged and is judged like one that is typed. at: now,
    aware. In the session's transaction.
    """
    read = typed_callers.read(meaning(number, office), office)
    entry = read.entry
    if entry is None or entry.kind not in ("number", "extension") or entry.value == extension:
        return Done(fault=read.fault or NOBODY)
    person = office.lines.get(extension)
    if person is None:
        return Done(fault=NOBODY)
    inside = entry.kind == "extension"
    call = CallFacts(
        dialled=extension,
        at=at,
        from_line=entry.value if inside else "",
        caller_number=entry.value,
        from_trunk=0 if inside else 1,
    )
    on = options.read(session, Options, SERVICE, line_id).enabled
    if matches(person.callers.get(SERVICE, ()), call, office) is not None:
        return Done(there=True, service_on=on)
    now = lists.entries(session, line_id, SERVICE)
    called = entry.name or ("" if name == number else name.strip()[:NAME])
    fresh = Entry(-1, entry.kind, entry.value, called)
    left_out = lists.save(session, line_id, SERVICE, (*now, fresh), opened=lists.version(now))
    if left_out:
        return Done(fault=left_out[0].fault, service_on=on)
    callers = (*person.callers.get(SERVICE, ()), lists.as_caller(fresh, None, office))
    found = conflicts(extension, lists.drafted(office, extension, SERVICE, callers))
    met = next((each for each in found if each.on == SERVICE and each.entry == fresh.id), None)
    return Done(service_on=on, warning=Fault(met.it, met.en) if met is not None else None)
