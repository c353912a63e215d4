"""A line's forwarding numbers: one list that all its forwards choose from (guide 3.4.1).

What is typed is a number as a phone of the office dials it: an extension or a short code, or the
digit of the outside line and a number outside. Who leaves that digit out is offered it. Whether the
line may be forwarded there is asked of routing, which asks again at each call.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from officesmart.administration import dialled
from officesmart.administration.rules import Fault
from officesmart.administration.typed import Typed
from officesmart.naming import people_of
from pbx.numbers import digits, is_extension
from pbx.routing import written
from pbx.routing.dialled import emergency
from pbx.routing.forwarding import destination, followed
from pbx.routing.names import name_of as name_of_service
from pbx.routing.office import Office, Person
from pbx.routing.outward import Refusal
from pbx.store import options
from pbx.tables import FeatureOption, ForwardNumber

MOST = 50
"Saved numbers of a line (behaviour.md s.1.6)."
NAME = 80  # characters
LONGEST_READ = 200  # characters; what is longer is no slip of the hand
MOST_DIGITS = 20
"15 of E.164 (ITU-T E.164 s.6.1), with 00 and the digits of an outside line before them."
EXPLAINED = "forward_numbers"
"Under this name a line remembers that it was told what the list is good for."
SERVICES = (
    "selective_forward",
    "forward_all",
    "forward_busy",
    "forward_no_answer",
    "forward_unavailable",
    "ring_plan",
)
"What chooses from the list."

EMPTY = Fault("Scrivi il numero", "Give the number")
DIGITS_ONLY = Fault(
    "Un numero ha solo cifre: scrivilo come lo compone un telefono, 0 02 5550 0000 oppure 204",
    "A number has digits only: write it as a phone dials it, 0 02 5550 0000 or 204",
)
EMERGENCY = Fault(
    "È un numero di emergenza: le tue chiamate non si possono inoltrare lì",
    "This is an emergency number: your calls cannot be forwarded there",
)
SERVICE_NUMBER = Fault(
    "È un numero di servizio: le tue chiamate non si possono inoltrare lì",
    "This is a service number: your calls cannot be forwarded there",
)
FULL = Fault(
    f"L'elenco è pieno: tiene {MOST} numeri. Eliminane uno, oppure usa questo una volta sola",
    f"The list is full: it holds {MOST} numbers. Delete one, or use this one once only",
)


@dataclass(frozen=True, slots=True)
class Read:
    """What was typed, as it is kept."""

    number: str = ""
    "An extension, a short code, E.164 or a national number; empty when it is wrong."
    fault: Fault | None = None
    offer: str = ""
    "What was probably meant, as it is to be typed."
    warning: Fault | None = None
    "It can be kept, and calls would not get there now."


@dataclass(frozen=True, slots=True)
class Saved:
    """A number of the list."""

    id: int
    name: str
    "Empty for none."
    number: str
    uses: tuple[str, ...]
    "The services that go there now, of SERVICES."
    reason: Fault | None = None
    "Why a call could not be forwarded there now."


class Gone(LookupError):
    """The number is in the list no longer."""


def read(text: str, person: Person, office: Office) -> Read:
    """The number that somebody typed to forward this line's calls to."""
    plain = written.plain(text[:LONGEST_READ])
    if not plain:
        return Read(fault=EMPTY)
    if not re.fullmatch(r"\+?[0-9]+", plain):
        return Read(fault=DIGITS_ONLY)
    if len(plain) > MOST_DIGITS:
        return Read(fault=_too_many(text))
    if emergency(plain, office.emergency_numbers, office.outside_prefix):
        return Read(fault=EMERGENCY)
    if plain in office.short_codes:
        return judge(plain, person, office)
    active = {line.extension for line in office.lines.values() if line.active}
    found = dialled.read(text, prefix=office.outside_prefix, extensions=active)
    if found.number:
        return judge(found.number, person, office)
    fault = found.fault
    if found.offer:
        fault = Fault(
            f"Manca lo {office.outside_prefix}", f"The {office.outside_prefix} is missing"
        )
        refused = read(found.offer, person, office).fault
        if refused is not None:  # no use correcting what is not allowed either way
            return Read(fault=refused)
    elif fault is not None and is_extension(plain.removeprefix(office.outside_prefix)):
        fault = SERVICE_NUMBER if plain.startswith(office.outside_prefix) else fault
    return Read(fault=fault, offer=found.offer)


def judge(number: str, person: Person, office: Office) -> Read:
    """A number as it is kept (a forged one too): may this line's calls go there?"""
    if emergency(number, office.emergency_numbers, office.outside_prefix):
        return Read(fault=EMERGENCY)
    target = followed(number, person, office)
    if not isinstance(target, Refusal):
        return Read(number)
    said = Fault(target.it, target.en)
    # No outside line is switched on: that passes, and nothing is wrong with the number.
    return Read(number, warning=said) if target.step.status == 503 else Read(fault=said)


def name_of(number: str, office: Office, name: str = "") -> str:
    """What a number is called: the name given, else the colleague's or the short code's."""
    if name:
        return name
    person, code = office.lines.get(number), office.short_codes.get(number)
    return person.name if person is not None else code.name if code is not None else ""


def listed(session: Session, line_id: int, person: Person, office: Office) -> list[Saved]:
    """The line's numbers, by name; those without one last."""
    used, called = uses(session, line_id), names(session, line_id)
    found = [
        Saved(
            id=row.id or 0,
            name=name_of(row.number, office, called.get(row.number, "")),
            number=row.number,
            uses=used.get(row.number, ()),
            reason=_reason(row.number, person, office),
        )
        for row in session.exec(select(ForwardNumber).where(ForwardNumber.line_id == line_id))
    ]
    return sorted(found, key=lambda each: (not each.name, each.name.casefold(), each.number))


def names(session: Session, line_id: int) -> dict[str, str]:
    """What the line calls the numbers that it saved or uses: the name given there, else its own
    contact's. Without those that neither names."""
    rows = session.exec(select(ForwardNumber).where(ForwardNumber.line_id == line_id)).all()
    given = {row.number: row.name for row in rows if row.name}
    nameless = ({row.number for row in rows} | uses(session, line_id).keys()) - given.keys()
    found = people_of(session, line_id, nameless).contacts
    return given | {number: known.name for number, known in found.items()}


def uses(session: Session, line_id: int) -> dict[str, tuple[str, ...]]:
    """Number to the services that are on and go there, in the order of SERVICES."""
    rows = session.exec(
        select(FeatureOption).where(
            FeatureOption.line_id == line_id, col(FeatureOption.feature).in_(SERVICES)
        )
    )
    kept = {row.feature: row.options for row in rows if isinstance(row.options, dict)}
    found: dict[str, tuple[str, ...]] = {}
    for service in SERVICES:
        for number in dict.fromkeys(_used_by(service, kept.get(service, {}))):
            found[number] = (*found.get(number, ()), service)
    return found


def add(
    session: Session, line_id: int, person: Person, office: Office, *, name: str, number: str
) -> tuple[Saved | None, dict[str, Fault], str]:
    """Save what was typed. Answers the row, or what is wrong by field and a correction to offer.

    A number that is there already keeps its place and takes the new name, if one was given.
    """
    typed = Typed({"name": name})
    called = typed.text("name", most=NAME)
    found = read(number, person, office)
    typed.wrong("number", found.fault)
    if typed.faults:
        return None, typed.faults, found.offer
    row = session.exec(
        select(ForwardNumber).where(
            ForwardNumber.line_id == line_id, ForwardNumber.number == found.number
        )
    ).first()
    if row is None and _count(session, line_id) >= MOST:
        return None, {"number": FULL}, ""
    if row is None:
        row = ForwardNumber(line_id=line_id, name=called, number=found.number)
    elif called:
        row.name = called
    session.add(row)
    session.flush()
    shown = name_of(row.number, office, row.name or names(session, line_id).get(row.number, ""))
    used = uses(session, line_id).get(row.number, ())
    return Saved(row.id or 0, shown, row.number, used, found.warning), {}, ""


def take_once(
    person: Person, office: Office, *, name: str, number: str
) -> tuple[Saved | None, dict[str, Fault], str]:
    """The same for a number that is used once and not saved."""
    typed = Typed({"name": name})
    called = typed.text("name", most=NAME)
    found = read(number, person, office)
    typed.wrong("number", found.fault)
    if typed.faults:
        return None, typed.faults, found.offer
    shown = name_of(found.number, office, called)
    return Saved(0, shown, found.number, (), found.warning), {}, ""


def remove(session: Session, line_id: int, number_id: int) -> ForwardNumber:
    """Take a number off the list; services that go there keep it as theirs. Raises Gone."""
    row = session.get(ForwardNumber, number_id)
    if row is None or row.line_id != line_id:
        raise Gone(number_id)
    session.delete(row)
    return row


def explained(session: Session, line_id: int) -> bool:
    """Whether this line was told what the list is good for."""
    row = session.exec(
        select(FeatureOption).where(
            FeatureOption.line_id == line_id, FeatureOption.feature == EXPLAINED
        )
    ).first()
    return row is not None


def remember_explained(session: Session, line_id: int) -> None:
    """It was told, and need not be again."""
    if not explained(session, line_id):
        options.change(session, EXPLAINED, line_id, explained=True)


def words_of(services: Iterable[str]) -> Fault:
    """Services by name, in both languages: '«Inoltro su occupato» e «...»'."""
    it, en = zip(*(name_of_service(each) for each in services), strict=True)
    return Fault(_and([f"«{name}»" for name in it], "e"), _and([f"“{name}”" for name in en], "and"))


def _and(quoted: list[str], joined: str) -> str:
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {joined} {quoted[-1]}"


def _used_by(service: str, kept: Mapping[str, object]) -> list[str]:
    if service != "ring_plan":
        number = kept.get("number")
        return [number] if kept.get("enabled") is True and isinstance(number, str) else []
    phones = kept.get("phones")
    if kept.get("mode", "own") == "own" or not isinstance(phones, list | tuple):
        return []
    numbers = (each.get("number") for each in phones if isinstance(each, Mapping))
    return [number for number in numbers if isinstance(number, str) and number]


def _reason(number: str, person: Person, office: Office) -> Fault | None:
    if destination(number, office) is None:
        return Fault("non risponde più nessuno a questo numero", "this number leads nowhere now")
    found = judge(number, person, office)
    return found.fault or found.warning


def _count(session: Session, line_id: int) -> int:
    rows = select(func.count()).select_from(ForwardNumber).where(ForwardNumber.line_id == line_id)
    return session.exec(rows).one()


def _too_many(text: str) -> Fault:
    many = len(digits(text))
    return Fault(
        f"Sono {many} cifre: nessun numero ne ha tante", f"{many} digits: no number has as many"
    )
