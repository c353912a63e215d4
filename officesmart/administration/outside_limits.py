"""Limits against toll fraud as an administrator sets them: for every line, for the office, and the
exceptions of single lines.

The rows are options of `outside_limits` (pbx/routing/limits.py says what each does and why its
usual value is what it is). Each change and its entry in the log are one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlmodel import Session, col, select

from officesmart.administration import audit, clash
from officesmart.administration.audit import Author
from officesmart.administration.lines import Refused
from officesmart.administration.rules import Fault
from officesmart.administration.trunk_rules import on, text, whole
from pbx.routing.feature import read_options
from pbx.routing.limits import NAME, OF_A_LINE, LimitOptions
from pbx.store import options
from pbx.tables import FeatureOption, Line, OpeningHours

USUAL = LimitOptions()
MOST = {
    **dict.fromkeys(("calls", "forwards", "dear_calls"), 999),
    **dict.fromkeys(("dear_minutes", "office_calls", "office_forwards", "office_dear_calls"), 9999),
    "office_dear_minutes": 99_999,
}
"The bounds of the options, which a test holds these to."
NUMBERS = tuple(MOST)
NAMES = {
    "calls": ("chiamate esterne insieme, per linea", "outside calls at once, a line"),
    "forwards": ("inoltri all'esterno insieme, per linea", "forwards outside at once, a line"),
    "dear_calls": ("chiamate costose in un'ora, per linea", "expensive calls in an hour, a line"),
    "dear_minutes": ("minuti costosi in un'ora, per linea", "expensive minutes in an hour, a line"),
    "office_calls": ("chiamate esterne insieme, ufficio", "outside calls at once, office"),
    "office_forwards": ("inoltri all'esterno insieme, ufficio", "forwards outside at once, office"),
    "office_dear_calls": (
        "chiamate costose in un'ora, ufficio",
        "expensive calls in an hour, office",
    ),
    "office_dear_minutes": (
        "minuti costosi in un'ora, ufficio",
        "expensive minutes in an hour, office",
    ),
    "closed_bar": ("blocco a ufficio chiuso", "barred while closed"),
    "closed_hours": ("orario del blocco", "hours of the bar"),
}
"The fields as sentences and the change log call them."
NO_LINE = Fault("Scegli una linea dall'elenco", "Choose a line from the list")
NO_HOURS = Fault(
    "Scegli l'orario che dice quando l'ufficio è chiuso",
    "Choose the hours that say when the office is closed",
)


@dataclass(frozen=True, slots=True)
class LimitValues:
    """The limits of the office."""

    calls: int = USUAL.calls
    forwards: int = USUAL.forwards
    dear_calls: int = USUAL.dear_calls
    dear_minutes: int = USUAL.dear_minutes
    office_calls: int = USUAL.office_calls
    office_forwards: int = USUAL.office_forwards
    office_dear_calls: int = USUAL.office_dear_calls
    office_dear_minutes: int = USUAL.office_dear_minutes
    closed_bar: bool = False
    closed_hours: int = 0


@dataclass(frozen=True, slots=True)
class OwnLimits:
    """A line with limits of its own."""

    line_id: int
    extension: str
    name: str
    limits: tuple[int, int, int, int]
    "In the order of OF_A_LINE."


FIELDS = tuple(LimitValues.__dataclass_fields__)


def values_of(session: Session) -> LimitValues:
    """The office's limits as they are."""
    row = session.exec(
        select(FeatureOption).where(
            col(FeatureOption.line_id).is_(None), FeatureOption.feature == NAME
        )
    ).first()
    read = read_options(
        LimitOptions, row.options if row is not None and isinstance(row.options, dict) else {}
    )
    return LimitValues(**{name: getattr(read, name) for name in FIELDS})


def hours_known(session: Session) -> list[tuple[int, str]]:
    """The opening hours that may bar: id and name."""
    rows = session.exec(select(OpeningHours).order_by(col(OpeningHours.name)))
    return [(row.id or 0, row.name) for row in rows]


def judge(form: Mapping[str, object]) -> tuple[LimitValues, dict[str, Fault]]:
    """A form as it was sent: its values, and what is wrong by field. Empty is the usual value."""
    faults: dict[str, Fault] = {}
    found: dict[str, Any] = {"closed_bar": on(form.get("closed_bar"))}
    for name in NUMBERS:
        found[name], wrong = whole(form.get(name), 0, MOST[name], getattr(USUAL, name))
        if wrong is not None:
            faults[name] = wrong
    said = text(form.get("closed_hours"))
    found["closed_hours"] = int(said) if said.isascii() and said.isdigit() and len(said) < 9 else 0
    return LimitValues(**found), faults


def save(session: Session, author: Author, *, base: LimitValues, values: LimitValues) -> None:
    """Set the office's limits, which were made from `base`. Raises clash.Clash, Refused."""
    now = values_of(session)
    clash.refuse_old(session, base, now, deeds=("limits_changed",))
    moved = clash.differ(now, values)
    if not moved:
        return
    if values.closed_bar and session.get(OpeningHours, values.closed_hours) is None:
        raise Refused({"closed_hours": NO_HOURS})
    options.change(session, NAME, None, **{name: getattr(values, name) for name in moved})
    audit.note(session, author, "limits_changed", before=asdict(now), after=asdict(values))


def exceptions(session: Session) -> list[OwnLimits]:
    """The lines with limits of their own, by extension."""
    rows = session.exec(
        select(Line, FeatureOption)
        .join(FeatureOption, col(FeatureOption.line_id) == col(Line.id))
        .where(FeatureOption.feature == NAME)
        .order_by(col(Line.extension))
    )
    return [
        OwnLimits(line.id or 0, line.extension, line.name, _of_line(session, line.id or 0))
        for line, row in rows
        if row.options
    ]


def judge_line(
    form: Mapping[str, object], office: LimitValues
) -> tuple[dict[str, int], dict[str, Fault]]:
    """The limits of one line as they were sent; an empty field is the office's."""
    faults: dict[str, Fault] = {}
    found: dict[str, int] = {}
    for name in OF_A_LINE:
        found[name], wrong = whole(form.get(name), 0, MOST[name], getattr(office, name))
        if wrong is not None:
            faults[name] = wrong
    return found, faults


def save_line(session: Session, author: Author, extension: str, values: Mapping[str, int]) -> None:
    """Give a line limits of its own. Raises Refused for one that is not there."""
    line = session.exec(select(Line).where(Line.extension == extension)).first()
    if line is None:
        raise Refused({"line": NO_LINE})
    was = dict(zip(OF_A_LINE, _of_line(session, line.id or 0), strict=True))
    options.change(session, NAME, line.id, **{name: values[name] for name in OF_A_LINE})
    audit.note(
        session,
        author,
        "limits_changed",
        line=line.extension,
        line_name=line.name,
        before=was,
        after=dict(values),
    )


def remove_line(session: Session, author: Author, line_id: int) -> str:
    """The line goes by the office's limits again; answers its extension, '' for none."""
    row = session.exec(
        select(FeatureOption).where(FeatureOption.line_id == line_id, FeatureOption.feature == NAME)
    ).first()
    line = session.get(Line, line_id)
    if row is None or line is None:
        return ""
    was = dict(zip(OF_A_LINE, _of_line(session, line_id), strict=True))
    session.delete(row)
    session.flush()
    now = dict(zip(OF_A_LINE, _of_line(session, line_id), strict=True))
    audit.note(
        session,
        author,
        "limits_changed",
        line=line.extension,
        line_name=line.name,
        before=was,
        after=now,
    )
    return line.extension


def _of_line(session: Session, line_id: int) -> tuple[int, int, int, int]:
    read = options.read(session, LimitOptions, NAME, line_id)
    return (read.calls, read.forwards, read.dear_calls, read.dear_minutes)
