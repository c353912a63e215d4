"""The office's telephone numbers (DID) and what each of them reaches.

A number may stand at a line alone (`Line.number`); then it is in the list all the same, and there
is one truth: a number that is given to a line without one of its own becomes that line's, one that
is taken away is taken away there too. Such an entry has a negative id (`at_line`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session, col, select

from officesmart.administration import audit, reaching
from officesmart.administration.audit import Author
from officesmart.administration.keeping import Book, Gone, Noun
from officesmart.administration.option import Option
from officesmart.administration.reaching import reached
from officesmart.administration.rules import Fault
from officesmart.administration.typed import Typed
from officesmart.i18n import say
from pbx.numbers import national
from pbx.routing import targets
from pbx.tables import DirectNumber, Line, OpeningHours, Trunk

LABEL, TARGET = 80, 64  # characters
KINDS = tuple(kind.name for kind in targets.KINDS)


@dataclass(frozen=True, slots=True)
class NumberValues:
    """A number as an administrator sets it."""

    number: str = ""
    "E.164."
    label: str = ""
    trunk_id: int | None = None
    kind: str = "line"
    target: str = ""
    hours_id: int | None = None
    closed_kind: str = ""
    "What it reaches outside those hours; empty: the same."
    closed_target: str = ""


@dataclass(frozen=True)
class NumberRow:
    """A number in the table, for the browser."""

    id: int
    title: str
    "As people write it."
    e164: str
    label: str
    reaches: str
    lost: bool
    "It reaches nothing any more."
    closed: str
    "What it reaches when closed; empty: the same."
    hours: str
    trunk: str


def at_line(line_id: int) -> int:
    """The id of a number that stands at this line alone; and back."""
    return -line_id - 1


def judge(form: Mapping[str, object], *, prefix: str) -> tuple[NumberValues, dict[str, Fault]]:
    """A form as it was sent: its values, and what is wrong by itself."""
    typed = Typed(form)
    number = typed.number("number", needed=Fault("Scrivi il numero", "Give the number"))
    hours_id = typed.id("hours_id") or None
    kind = typed.choice("kind", KINDS)
    closed = typed.choice("closed_kind", KINDS) if hours_id else ""
    return (
        NumberValues(
            number=number,
            label=typed.text("label", most=LABEL),
            trunk_id=typed.id("trunk_id") or None,
            kind=kind,
            target=_kept(kind, typed.text("target", most=TARGET), prefix),
            hours_id=hours_id,
            closed_kind=closed,
            closed_target=_kept(closed, typed.text("closed_target", most=TARGET), prefix)
            if closed
            else "",
        ),
        typed.faults,
    )


def _kept(kind: str, target: str, prefix: str) -> str:
    # What is no number stays as it was typed, so that it can be said what is wrong with it.
    return targets.kept(kind, target, prefix=prefix) or target


def _collisions(session: Session, values: NumberValues, of: int) -> dict[str, Fault]:
    faults = {}
    owner = _owner(session, values.number, of)
    if owner is not None:
        faults["number"] = owner
    known = reaching.known(session)
    for kind, target in (("kind", "target"), ("closed_kind", "closed_target")):
        if kind == "closed_kind" and not values.closed_kind:
            continue
        wrong = targets.fault(getattr(values, kind), getattr(values, target), known)
        if wrong is not None:
            faults[target] = Fault(wrong.it, wrong.en)
    if "target" not in faults and values.kind == "number" and values.target == values.number:
        faults["target"] = Fault("È il numero stesso", "This is the number itself")
    for name, table in (("hours_id", OpeningHours), ("trunk_id", Trunk)):
        chosen = getattr(values, name)
        if chosen is not None and session.get(table, chosen) is None:
            faults[name] = Fault("Non c'è più: scegli di nuovo", "It is gone: choose again")
    return faults


def _owner(session: Session, number: str, of: int) -> Fault | None:
    """Who has this number already, on another entry."""
    row = session.exec(select(DirectNumber).where(DirectNumber.number == number)).first()
    if row is not None and row.id != of:
        what = reached(row.kind, row.target, reaching.people(session))
        return Fault(
            f"È già nell'elenco e raggiunge: {what.it}",
            f"It is in the list already and reaches: {what.en}",
        )
    line = session.exec(select(Line).where(Line.number == number)).first()
    if line is None or row is not None or at_line(line.id or 0) == of:
        return None
    return Fault(
        f"È già il numero di {line.name} (interno {line.extension}): aprilo nell'elenco",
        f"This is already the number of {line.name} (extension {line.extension}): open it in the "
        "list",
    )


def _told(session: Session, values: NumberValues) -> dict[str, Any]:
    hours = session.get(OpeningHours, values.hours_id) if values.hours_id else None
    trunk = session.get(Trunk, values.trunk_id) if values.trunk_id else None
    told = asdict(values)
    del told["hours_id"], told["trunk_id"]
    return told | {
        "hours": hours.name if hours is not None else "",
        "trunk": trunk.name if trunk is not None else "",
    }


class NumberBook(Book[DirectNumber, NumberValues]):
    """Numbers that stand at a line alone are in it too, and lines follow their numbers."""

    def save(
        self,
        session: Session,
        author: Author,
        of: int,
        *,
        base: NumberValues,
        values: NumberValues,
    ) -> NumberValues:
        """As every Book; the lines concerned follow. Raises Conflict, Refused, Gone."""
        before = self.values_of(session, of)
        now = super().save(session, author, of, base=base, values=values)
        _lines_follow(session, author, before, now)
        return now

    def create(self, session: Session, author: Author, values: NumberValues) -> int:
        """As every Book; the line that it reaches has it as its own, if it had none."""
        made = super().create(session, author, values)
        _lines_follow(session, author, NumberValues(), values)
        return made

    def remove(self, session: Session, author: Author, ids: Collection[int]) -> tuple[str, ...]:
        """Delete numbers, here and at their lines."""
        gone = []
        for of in ids:
            try:
                row = self._row(session, of)
            except Gone:
                continue
            values = self.read(row)
            self.note(session, author, "deleted", values, self.told(session, values), {})
            if of > 0:
                session.delete(row)
            _lines_follow(session, author, values, NumberValues())
            gone.append(self.title(values))
        session.flush()
        return tuple(gone)

    def _row(self, session: Session, of: int) -> DirectNumber:
        if of >= 0:
            return super()._row(session, of)
        line = session.get(Line, at_line(of))
        if line is None or not line.number or _has_row(session, line.number):
            raise Gone
        return DirectNumber(number=line.number, kind="line", target=line.extension)


BOOK = NumberBook(
    kind="number",
    noun=Noun("numero", "numeri", "number", "numbers"),
    row=DirectNumber,
    values=NumberValues,
    names={
        "number": ("numero", "number"),
        "label": ("etichetta", "label"),
        "trunk_id": ("linea esterna", "trunk"),
        "trunk": ("linea esterna", "trunk"),
        "kind": ("tipo di destinazione", "kind of target"),
        "target": ("destinazione", "target"),
        "hours_id": ("orari", "opening hours"),
        "hours": ("orari", "opening hours"),
        "closed_kind": ("tipo di destinazione da chiuso", "kind of target when closed"),
        "closed_target": ("destinazione da chiuso", "target when closed"),
    },
    title=lambda values: national(values.number),
    collisions=_collisions,
    told=_told,
)


def _has_row(session: Session, number: str) -> bool:
    found = select(DirectNumber.id).where(DirectNumber.number == number)
    return session.exec(found).first() is not None


def _lines_follow(
    session: Session, author: Author, before: NumberValues, after: NumberValues
) -> None:
    """Whose own number it was is it no longer, unless the line is still reached; whoever is reached
    and has none has it now."""
    reached_now = after.target if after.kind == "line" and after.number else ""
    for number in {before.number, after.number} - {""}:
        for line in session.exec(select(Line).where(Line.number == number)).all():
            if number == after.number and line.extension == reached_now:
                continue
            # Renumbered: the line that is reached keeps a number, the new one.
            new = after.number if line.extension == reached_now else ""
            _give(session, author, line, new)
    if reached_now:
        owner = session.exec(select(Line).where(Line.extension == reached_now)).first()
        if owner is not None and not owner.number:
            _give(session, author, owner, after.number)


def _give(session: Session, author: Author, line: Line, number: str) -> None:
    was, line.number = line.number, number
    session.add(line)
    session.flush()
    audit.note(
        session,
        author,
        "line_changed",
        line=line.extension,
        line_name=line.name,
        before={"number": was},
        after={"number": number},
    )


# -- looking ------------------------------------------------------------------------------------


def listed(session: Session, language: str) -> list[NumberRow]:
    """Every number of the office, those at lines among them, in order."""
    people = reaching.people(session)
    hours = dict(session.execute(select(OpeningHours.id, OpeningHours.name)).all())
    trunks = dict(session.execute(select(Trunk.id, Trunk.name)).all())
    rows = {}
    for each in session.exec(select(DirectNumber)):
        rows[each.number] = _row(
            each,
            each.id or 0,
            people,
            hours.get(each.hours_id, ""),
            trunks.get(each.trunk_id, ""),
            language,
        )
    for line in session.exec(select(Line).where(col(Line.number) != "")):
        if line.number not in rows:
            alone = DirectNumber(number=line.number, kind="line", target=line.extension)
            rows[line.number] = _row(alone, at_line(line.id or 0), people, "", "", language)
    return [rows[number] for number in sorted(rows)]


def _row(
    each: DirectNumber, of: int, people: Mapping[str, str], hours: str, trunk: str, language: str
) -> NumberRow:
    what = reached(each.kind, each.target, people)
    closed = reached(each.closed_kind, each.closed_target, people) if each.closed_kind else None
    return NumberRow(
        id=of,
        title=national(each.number),
        e164=each.number,
        label=each.label,
        reaches=say(language, it=what.it, en=what.en),
        lost=what.lost or (closed is not None and bool(hours) and closed.lost),
        closed=say(language, it=closed.it, en=closed.en) if closed is not None and hours else "",
        hours=hours,
        trunk=trunk,
    )


def trunk_options(session: Session) -> list[Option]:
    """The trunks, in their order."""
    found = session.exec(select(Trunk).order_by(col(Trunk.position), col(Trunk.name))).all()
    return [Option(str(each.id), each.name) for each in found]


def line_options(session: Session) -> tuple[list[Option], list[Option]]:
    """The lines that a number may reach, and the mailboxes."""
    known, people = reaching.known(session), reaching.people(session)

    def of(found: Collection[str]) -> list[Option]:
        order = sorted(found, key=lambda each: (len(each), each))
        return [Option(each, f"{each} {people[each]}") for each in order]

    return of(known.extensions), of(known.mailboxes)
