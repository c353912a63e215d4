"""Short codes (codici brevi): one to seven digits that the office dials for a longer number."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlmodel import Session, select

from officesmart.administration import dialled
from officesmart.administration.keeping import Book, Noun
from officesmart.administration.rules import Fault
from officesmart.administration.typed import Typed
from pbx.numbers import LONGEST
from pbx.routing.dialplan import DialPlan
from pbx.store import settings
from pbx.store.dialplan import read_dial_plan
from pbx.tables import Line, ShortCode

NAME, DIGITS = 80, 7  # characters
BAD_CODE = Fault(
    "Un codice ha da 1 a 7 cifre e nient'altro, per esempio 7001",
    "A code has 1 to 7 digits and nothing else, such as 7001",
)
NO_NAME = Fault("Scrivi di chi è il numero", "Say whose number it is")
NO_NUMBER = Fault("Scrivi il numero da comporre", "Give the number to dial")


@dataclass(frozen=True, slots=True)
class CodeValues:
    """A short code as an administrator sets it."""

    code: str = ""
    name: str = ""
    number: str = ""
    "An extension, E.164, or the digits of a national service."
    for_everybody: bool = False


@dataclass(frozen=True)
class CodeRow:
    """A short code in the table, for the browser."""

    id: int
    title: str
    "The code."
    name: str
    number: str
    "As a phone dials it."
    e164: str
    of: str
    "Whose extension it is; empty for a number outside."
    for_everybody: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """A form, or a row of a file."""

    values: CodeValues
    faults: Mapping[str, Fault]
    offer: str = ""
    "The number that was probably meant."


def judge(form: Mapping[str, object], *, prefix: str, extensions: Collection[str]) -> Judged:
    """What was typed, and what is wrong with it by itself."""
    typed = Typed(form)
    code = typed.text("code", most=DIGITS, needed=BAD_CODE)
    if code and not re.fullmatch(r"[0-9]+", code):
        typed.wrong("code", BAD_CODE)
    elif "code" in typed.faults:
        typed.faults["code"] = BAD_CODE
    name = typed.text("name", most=NAME, needed=NO_NAME)
    said = typed.text("number", most=LONGEST, needed=NO_NUMBER)
    found = dialled.Read()
    if said:
        found = dialled.read(said, prefix=prefix, extensions=extensions)
        typed.wrong("number", found.fault)
    values = CodeValues(code, name, found.number, typed.on("for_everybody"))
    return Judged(values, typed.faults, found.offer)


def against(plan: DialPlan, code: str, *, but: str = "") -> Fault | None:
    """Who has these digits already; but: the code's own present digits."""
    taken = plan.conflict("short_code", code, but=but)
    return None if taken is None else Fault(taken.it, taken.en)


def warned(plan: DialPlan, code: str) -> tuple[Fault, ...]:
    """Whom a code makes wait, because one is the beginning of the other."""
    found = plan.warnings("short_code", code, but=code)
    return tuple(Fault(each.it, each.en) for each in found)


def _collisions(session: Session, values: CodeValues, of: int) -> dict[str, Fault]:
    own = session.get(ShortCode, of) if of else None
    fault = against(read_dial_plan(session), values.code, but=own.code if own is not None else "")
    return {} if fault is None else {"code": fault}


BOOK = Book(
    kind="code",
    noun=Noun("codice breve", "codici brevi", "short code", "short codes"),
    row=ShortCode,
    values=CodeValues,
    names={
        "code": ("codice", "code"),
        "name": ("nome", "name"),
        "number": ("numero", "number"),
        "for_everybody": ("per tutti", "for everybody"),
    },
    title=lambda values: values.code,
    collisions=_collisions,
)


@dataclass(frozen=True, slots=True)
class Around:
    """What judging a code needs to know of the office."""

    prefix: str
    extensions: Mapping[str, str]
    "Extension to its person."
    plan: DialPlan


def around(session: Session) -> Around:
    """The office as far as codes go."""
    plan = read_dial_plan(session)
    return Around(settings.read(session, settings.OUTSIDE_PREFIX), plan.extensions, plan)


def listed(session: Session) -> list[CodeRow]:
    """Every short code, in the order of its digits."""
    prefix = settings.read(session, settings.OUTSIDE_PREFIX)
    people = dict(session.execute(select(Line.extension, Line.name)).all())
    rows = [
        CodeRow(
            id=each.id or 0,
            title=each.code,
            name=each.name,
            number=dialled.shown(each.number, prefix),
            e164=each.number,
            of=people.get(each.number, ""),
            for_everybody=each.for_everybody,
        )
        for each in session.exec(select(ShortCode))
    ]
    return sorted(rows, key=lambda row: row.title)
