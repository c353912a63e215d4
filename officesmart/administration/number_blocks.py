"""A block of the office's numbers, given to the extensions that follow one another (guide 10)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from officesmart.administration import reaching
from officesmart.administration.audit import Author
from officesmart.administration.numbers import BOOK, NumberValues
from officesmart.administration.rules import Fault
from officesmart.administration.typed import Typed
from pbx.numbers import digits, to_e164

MOST = 1000  # numbers of a block


@dataclass(frozen=True, slots=True)
class Planned:
    """One number of a block."""

    number: str
    extension: str
    name: str
    "Of the line; empty when there is no such line."
    kind: str
    "'new', 'there' (the number is in the list) or 'no_line'."


def block(session: Session, form: Mapping[str, object]) -> tuple[list[Planned], dict[str, Fault]]:
    """The numbers from `first` to `last` (whole, or only its last digits) for the extensions from
    `extension` on; what is wrong by field.
    """
    typed = Typed(form)
    first = typed.number("first", needed=Fault("Scrivi il primo numero", "Give the first number"))
    tail = digits(typed.text("last", most=32, needed=Fault("Scrivi l'ultimo", "Give the last one")))
    extension = typed.text("extension", most=6)
    if not re.fullmatch(r"[0-9]{2,6}", extension):
        typed.wrong(
            "extension",
            Fault(
                "Scrivi il primo interno, per esempio 200", "Give the first extension, such as 200"
            ),
        )
    if typed.faults:
        return [], typed.faults
    last = _last(first, tail)
    count = int(last[1:]) - int(first[1:]) + 1 if last else 0
    if count < 1:
        typed.wrong(
            "last",
            Fault(
                "Deve venire dopo il primo, per esempio 1299",
                "It must come after the first, such as 1299",
            ),
        )
    elif count > MOST:
        typed.wrong(
            "last",
            Fault(f"Al massimo {MOST} numeri alla volta", f"At most {MOST} numbers at a time"),
        )
    elif len(str(int(extension) + count - 1)) > len(extension):
        typed.wrong(
            "extension",
            Fault(
                "Gli interni finirebbero prima dei numeri",
                "The extensions would end before the numbers",
            ),
        )
    if typed.faults:
        return [], typed.faults
    people, known = reaching.people(session), reaching.known(session)
    planned = []
    for place in range(count):
        number = f"+{int(first[1:]) + place}"
        target = str(int(extension) + place).zfill(len(extension))
        name = people.get(target, "") if target in known.extensions else ""
        kind = "there" if number in known.numbers else "new" if name else "no_line"
        planned.append(Planned(number, target, name, kind))
    return planned, {}


def _last(first: str, tail: str) -> str:
    """The last number of a block: its own E.164, or the first with other last digits."""
    if tail and len(tail) < len(first) - 3:
        return first[: -len(tail)] + tail
    whole = to_e164(tail)
    return whole if len(whole) == len(first) else ""


def add_block(
    session: Session, author: Author, planned: Sequence[Planned], trunk: int | None
) -> int:
    """Make the new ones of a block; answers how many. Those taken meanwhile are passed over."""
    there, made = reaching.numbers(session), 0
    for each in planned:
        if each.kind == "new" and each.number not in there:
            values = NumberValues(number=each.number, trunk_id=trunk, target=each.extension)
            BOOK.create(session, author, values)
            made += 1
    return made
