"""The telephone from which a call on the portal begins: a line's other numbers, and a new one.

Plain functions over a session; which call may begin where is routing's to say (`routing.origins`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlmodel import Session

from officesmart.dialling import telephone
from pbx.numbers import national
from pbx.routing.decide import decide
from pbx.routing.facts import CallFacts
from pbx.routing.office import Office
from pbx.routing.origins import meant, refused
from pbx.routing.typed import read_typed
from pbx.store import origins

LONGEST_NUMBER = 200
NEVER = (403, 404, 603)
"Refusals that last; whoever is busy or has no phone connected now may have later."


@dataclass(frozen=True)
class OriginRow:
    """Another telephone of mine, for the browser."""

    number: str
    name: str
    shown: str


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether calls may begin at a telephone that was typed."""

    number: str = ""
    "An extension or E.164; empty: not from there."
    shown: str = ""
    it: str = ""
    en: str = ""
    "Why not, and what to do."
    offers: tuple[str, ...] = ()


def listed(session: Session, line_id: int, language: str) -> list[OriginRow]:
    """The line's other telephones, last used first."""
    return [
        OriginRow(each.number, each.name, telephone(each.number, language))
        for each in origins.listed(session, line_id)
    ]


def judge(text: str, extension: str, office: Office, standing: CallFacts) -> Judged:
    """What somebody typed as the telephone from which this line wants to call.

    standing: how the lines stand now. Never raises, whatever the text is.
    """
    found = read_typed(text[:LONGEST_NUMBER], office, extension=extension)
    if found.wrong is not None:
        return Judged(it=found.wrong.it, en=found.wrong.en, offers=found.offers)
    shown = national(found.number)
    if found.kind not in ("extension", "outside"):
        return Judged(
            it=f"Da {shown} non si può chiamare: scrivi il numero di un telefono",
            en=f"No call can be made from {shown}: give the number of a telephone",
        )
    number = meant(found.number, extension, office)
    if not number:
        return Judged(
            it="È il tuo numero: scegli «Il tuo numero» qui sopra",
            en="This is your own number: choose “Your own number” above",
        )
    facts = replace(standing, dialled=number, from_line=extension)
    wrong = refused(decide(facts, office), facts, office)
    if wrong is not None and wrong.status in NEVER:
        return Judged(it=wrong.it, en=wrong.en)
    return Judged(number, found.shown or shown)
