"""What a number of the office reaches, in words; and whose a number is already.

Read by the page of numbers and by everything that gives a line a number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session, select

from officesmart.administration.rules import Fault
from pbx.numbers import national
from pbx.routing import targets, written
from pbx.routing.dialled import outside
from pbx.store import settings
from pbx.tables import DirectNumber, Line, Mailbox


@dataclass(frozen=True, slots=True)
class Reached:
    """A target in words; `lost` when there is none any more."""

    it: str
    en: str
    lost: bool = False


LOST = Reached("Senza destinazione", "Reaches nothing", lost=True)


def reached(kind: str, target: str, people: Mapping[str, str]) -> Reached:
    """What this is. people: the lines' extensions with their names."""
    if kind in ("line", "mailbox"):
        if target not in people:
            return LOST
        who = f"{target} {people[target]}"
        return (
            Reached(f"Casella di {who}", f"Mailbox of {who}")
            if kind == "mailbox"
            else Reached(who, who)
        )
    if kind == "service" and target in targets.SERVICES:
        return Reached(*targets.SERVICES[target])
    if kind == "announcement" and target in targets.ANNOUNCEMENTS:
        it, en = targets.ANNOUNCEMENTS[target]
        return Reached(f"Annuncio «{it}»", f"Announcement “{en}”")
    if kind == "number" and target:
        return Reached(national(target), national(target))
    return LOST


def people(session: Session) -> dict[str, str]:
    """Every line's extension and name."""
    return dict(session.execute(select(Line.extension, Line.name)).all())


def known(session: Session) -> targets.Known:
    """What the office has, as far as targets go."""
    active = select(Line.extension).where(Line.active)
    boxes = select(Line.extension).join(Mailbox).where(Mailbox.enabled, Line.active)
    return targets.Known(
        extensions=frozenset(session.exec(active)),
        mailboxes=frozenset(session.exec(boxes)),
        prefix=settings.read(session, settings.OUTSIDE_PREFIX),
        numbers=frozenset(numbers(session)),
    )


def numbers(session: Session) -> set[str]:
    """Every number of the office, those that stand at a line among them."""
    found = {*session.exec(select(DirectNumber.number)), *session.exec(select(Line.number))}
    return {number for number in found if number}


def taken(session: Session, number: str, extension: str) -> Fault | None:
    """Why a line may not have this number: it reaches something else; None when it may."""
    row = session.exec(select(DirectNumber).where(DirectNumber.number == number)).first()
    if row is None or (row.kind == "line" and row.target in ("", extension)):
        return None
    what = reached(row.kind, row.target, people(session))
    return Fault(
        f"È già un numero dell'ufficio e raggiunge: {what.it}. Cambialo in Numeri",
        f"This is already a number of the office and reaches: {what.en}. Change it in Numbers",
    )


def searched(text: str) -> tuple[str, ...]:
    """What a telephone number that somebody looks for may be part of, in any form people type it:
    +39..., 0039..., 02..., or with the digit of the outside line. None when it is no number.
    """
    plain = written.plain(text)
    if not re.fullmatch(r"\+?[0-9]{2,}", plain):
        return ()
    found = [plain, outside(plain)]
    if plain.startswith("00"):
        found += ["+" + plain[2:], plain[1:]]
    return tuple(dict.fromkeys(each for each in found if each))
