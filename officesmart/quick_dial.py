"""A line's speed dials as its owner keeps them (guide 6.2): list, set, delete, delete all.

Plain functions over a session; the codes *75 and #75 write the same rows. What is typed is a number
as a phone of the office dials it; who leaves the digit of the outside line out is offered it. What
the line may call is asked at each call, so that a number it may not call now is kept, and said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlmodel import Session, select

from officesmart.administration import dialled
from officesmart.administration.lines import Refused
from officesmart.administration.rules import Fault
from officesmart.administration.typed import Typed
from pbx.numbers import LONGEST
from pbx.routing import written
from pbx.routing.dialled import emergency
from pbx.routing.dialplan import SPEED_DIAL, DialPlan
from pbx.routing.features.speed_dial import kept
from pbx.routing.forwarding import destination
from pbx.routing.office import Office
from pbx.routing.outward import refusal
from pbx.store import speed_dials
from pbx.tables import SpeedDial

NAME = 80  # characters
NO_CODE = Fault("Scegli un codice", "Choose a code")
BAD_CODE = Fault(
    "I codici vanno da 5 a 9 e da 10 a 49: scegline uno",
    "Codes go from 5 to 9 and from 10 to 49: choose one",
)
NO_NUMBER = Fault("Scrivi il numero da chiamare", "Give the number to call")
NOBODY = Fault(
    "Nessuno ha questo numero: scrivi un interno, un codice breve o 0 e un numero esterno",
    "Nobody has this number: give an extension, a short code, or 0 and an outside number",
)


@dataclass(frozen=True, slots=True)
class Dial:
    """A speed dial."""

    code: str
    number: str
    "An extension, a short code, E.164, or what is dialled for a national service or for help."
    name: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What was typed, and what is wrong with it."""

    dial: Dial
    faults: dict[str, Fault]
    "By field: 'code', 'number', 'name'."
    offer: str = ""
    "The number that was probably meant, as it is to be typed."


@dataclass
class Moved(Exception):
    """The list was changed meanwhile, by a code or in another window; nothing was saved."""

    now: tuple[Dial, ...]


def listed(session: Session, line_id: int) -> tuple[Dial, ...]:
    """The line's speed dials, in the order of their codes."""
    rows = session.exec(select(SpeedDial).where(SpeedDial.line_id == line_id))
    return in_order(Dial(row.code, row.number, row.name) for row in rows)


def in_order(dials: Iterable[Dial]) -> tuple[Dial, ...]:
    """By code, as numbers go."""
    return tuple(sorted(dials, key=lambda each: int(each.code)))


def free(dials: Collection[Dial]) -> tuple[str, ...]:
    """The codes that are left."""
    taken = {each.code for each in dials}
    return tuple(code for code in SPEED_DIAL if code not in taken)


def judge(typed: Typed, dials: Collection[Dial], plan: DialPlan, office: Office) -> Judged:
    """A speed dial as it was typed: fields 'code', 'number' and 'name'; dials: those there are."""
    code = typed.text("code", most=2, needed=NO_CODE)
    said = typed.text("number", most=LONGEST, needed=NO_NUMBER)
    name = typed.text("name", most=NAME)
    if code and "code" not in typed.faults:
        typed.wrong("code", code_fault(code, dials, plan))
    number, offer = "", ""
    if said and "number" not in typed.faults:
        found = read(said, office)
        number, offer = found.number, found.offer
        typed.wrong("number", found.fault)
    return Judged(Dial(code, number, name), typed.faults, offer)


def code_fault(code: str, dials: Collection[Dial], plan: DialPlan) -> Fault | None:
    """Why a code cannot be given to a number."""
    if code not in SPEED_DIAL:
        return BAD_CODE
    other = next((each for each in dials if each.code == code), None)
    if other is not None:
        shown = other.name or other.number
        return Fault(f"{code} chiama già {shown}", f"{code} calls {shown} already")
    taken = plan.conflict("speed_dial", code)
    return Fault(taken.it, taken.en) if taken is not None else None


def read(text: str, office: Office) -> dialled.Read:
    """The number that somebody typed, as it is kept."""
    plain = written.plain(text)
    if plain in office.short_codes or emergency(
        plain, office.emergency_numbers, office.outside_prefix
    ):
        return dialled.Read(plain)
    active = {line.extension for line in office.lines.values() if line.active}
    found = dialled.read(text, prefix=office.outside_prefix, extensions=active)
    if found.number:
        return dialled.Read(kept(found.number, office) or found.number)
    service = kept(plain, office)  # 0 187: a service that no forward may lead to
    return dialled.Read(service) if service and not found.offer else found


def warnings(dial: Dial, extension: str, plan: DialPlan, office: Office) -> tuple[Fault, ...]:
    """What somebody should know about a speed dial that may be kept all the same."""
    others = plan.warnings("speed_dial", dial.code)
    # One is enough to know that # saves the wait; whoever has the very digits comes first.
    others = tuple(sorted(others, key=lambda each: each.digits != dial.code))[:1]
    found = [Fault(each.it, each.en) for each in others]
    person = office.lines.get(extension)
    if emergency(dial.number, office.emergency_numbers, office.outside_prefix):
        return tuple(found)
    target = destination(dial.number, office)
    if target is None:
        found.append(NOBODY)
    elif not target.inside and person is not None:
        wrong = refusal(target.number, person, office, granted=target.granted)
        if wrong is not None:
            found.append(Fault(wrong.it, wrong.en))
    return tuple(found)


def save(
    session: Session,
    line_id: int,
    *,
    base: Collection[Dial],
    wanted: Collection[Dial],
    plan: DialPlan,
    office: Office,
) -> tuple[Dial, ...]:
    """Make the list what is wanted; base: as it was when it was opened.

    What is new is judged again, whoever sent it. Raises Refused, and Moved when the list is
    another one by now.
    """
    now = listed(session, line_id)
    if now != in_order(base):
        raise Moved(now)
    if len({each.code for each in wanted}) != len(wanted):
        raise Refused({"": BAD_CODE})
    for each in wanted:
        if each in now:
            continue
        others = [other for other in wanted if other is not each]
        wrong = code_fault(each.code, others, plan)
        if wrong is None and (_unkeepable(each, office)):
            wrong = NOBODY
        if wrong is not None:
            raise Refused({"": wrong})
    keep = {each.code for each in wanted}
    for gone in now:
        if gone.code not in keep:
            speed_dials.clear(session, line_id, gone.code)
    for each in wanted:
        if each not in now:
            speed_dials.put(session, line_id, each.code, each.number, each.name)
    return in_order(wanted)


def _unkeepable(dial: Dial, office: Office) -> bool:
    """Whether no form of ours could have made it."""
    number = dial.number
    return len(dial.name) > NAME or not number or kept(number, office) != number
