"""A line's incoming settings as one value: what it holds, how it is kept, what changed in words.

Pure. `panel.py` reads and saves it, `judging.py` says what is wrong with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from typing import Any

PERIODS, PERIOD_SECONDS, PHONES = 6, 60, 10
"At most: periods (fixed by guide 3.2.1), seconds in one (fixed too), phones (behaviour.md s.1.2)."
USUAL_PERIOD = 18
"Seconds of a new period (behaviour.md s.1.2)."
MODES = {
    "own": ("Chiamare il proprio numero", "Ring your own number"),
    "in_order": ("Chiama i propri num. in ordine", "Ring your numbers in order"),
    "together": ("Chiama propri num. insieme", "Ring your numbers together"),
    "forward": ("Inoltra ad un altro telefono", "Forward to another phone"),
}
"The choices of guide 3.2.1, in its order and words."


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One phone of the ring plan."""

    number: str = ""
    "Empty: the line's own phones; else an extension, a short code or E.164."
    name: str = ""
    rings: tuple[bool, ...] = ()
    "In which periods."
    confirm: bool | None = None
    "Whether who answers presses 1; None: as is usual, on for numbers outside."


@dataclass(frozen=True, slots=True)
class Incoming:
    """What happens to a line's calls (guide 3.1 and 3.2)."""

    do_not_disturb: bool = False
    mode: str = "own"
    "'own', 'in_order' or 'together'; kept while everything is forwarded."
    periods: tuple[int, ...] = ()
    "Seconds."
    phones: tuple[PlanRow, ...] = ()
    forward: bool = False
    forward_number: str = ""
    forward_notify: bool = False
    "The own phones give a short ring when a call is forwarded (behaviour.md s.1.4)."
    busy: bool = False
    busy_number: str = ""
    no_answer: bool = False
    no_answer_number: str = ""
    no_answer_seconds: int = 25
    mailbox_seconds: int = 30
    "After which the mailbox answers; 0: at once."

    @property
    def chosen(self) -> str:
        """The entry of MODES that is in force."""
        return "forward" if self.forward else self.mode

    @property
    def plan_seconds(self) -> int:
        """How long the periods are in all; 0 when nothing rings in order."""
        return sum(self.periods) if self.chosen == "in_order" else 0


KEPT = {
    # field: (feature, its option)
    "do_not_disturb": ("do_not_disturb", "enabled"),
    "mode": ("ring_plan", "mode"),
    "periods": ("ring_plan", "periods"),
    "phones": ("ring_plan", "phones"),
    "forward": ("forward_all", "enabled"),
    "forward_number": ("forward_all", "number"),
    "forward_notify": ("forward_all", "notify"),
    "busy": ("forward_busy", "enabled"),
    "busy_number": ("forward_busy", "number"),
    "no_answer": ("forward_no_answer", "enabled"),
    "no_answer_number": ("forward_no_answer", "number"),
    "no_answer_seconds": ("forward_no_answer", "seconds"),
    "mailbox_seconds": ("mailbox", "seconds"),
}
FIELDS = tuple(KEPT)
NAMES = {
    "do_not_disturb": ("Non Disturbare", "Do not disturb"),
    "mode": ("come squilla", "how it rings"),
    "periods": ("i periodi", "the periods"),
    "phones": ("i telefoni", "the phones"),
    "forward": ("inoltro ad un altro telefono", "forward to another phone"),
    "forward_number": ("numero dell'inoltro", "number of the forward"),
    "forward_notify": ("notifica dell'inoltro", "notice of the forward"),
    "busy": ("inoltro su occupato", "forward when busy"),
    "busy_number": ("numero su occupato", "number when busy"),
    "no_answer": ("inoltro senza risposta", "forward on no answer"),
    "no_answer_number": ("numero senza risposta", "number on no answer"),
    "no_answer_seconds": ("secondi senza risposta", "seconds on no answer"),
    "mailbox_seconds": ("secondi della segreteria", "seconds of voicemail"),
}
"The fields as sentences call them."


def differ(old: Incoming, new: Incoming) -> tuple[str, ...]:
    """The fields that differ."""
    return tuple(name for name in FIELDS if getattr(old, name) != getattr(new, name))


def merged(base: Incoming, mine: Incoming, theirs: Incoming) -> Incoming:
    """Theirs, with what I changed over it."""
    changes: dict[str, Any] = {name: getattr(mine, name) for name in differ(base, mine)}
    if {"periods", "phones"} & changes.keys():  # a phone's switches belong to these periods
        changes |= {"periods": mine.periods, "phones": mine.phones}
    return replace(theirs, **changes)


def version(values: Incoming) -> str:
    """The settings' entity tag: another one as soon as anything is different."""
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def options_of(values: Incoming, fields: Collection[str] = FIELDS) -> dict[str, dict[str, Any]]:
    """The options that say these fields, by feature, as rows keep them."""
    rows: dict[str, dict[str, Any]] = {}
    for name in FIELDS:
        if name not in fields:
            continue
        feature, option = KEPT[name]
        value = getattr(values, name)
        if name == "phones":
            value = [asdict(row) | {"rings": list(row.rings)} for row in values.phones]
        elif name == "periods":
            value = list(value)
        rows.setdefault(feature, {})[option] = value
    return rows


# -- the ring plan ------------------------------------------------------------------------------


def begun(values: Incoming) -> Incoming:
    """With a plan to start from: one's own phones, one period."""
    if values.phones and values.periods:
        return values
    periods = values.periods or (USUAL_PERIOD,)
    phones = values.phones or (PlanRow(rings=(True,) * len(periods)),)
    return replace(values, periods=periods, phones=tuple(fitted(row, periods) for row in phones))


def fitted(row: PlanRow, periods: Collection[int]) -> PlanRow:
    """A phone with one switch for each period."""
    rings = (*row.rings, *(False,) * len(periods))[: len(periods)]
    return replace(row, rings=rings)


def with_period(values: Incoming) -> Incoming:
    """One period more: what rings in the last one goes on ringing. The same when there are six."""
    if len(values.periods) >= PERIODS:
        return values
    return replace(
        values,
        periods=(*values.periods, USUAL_PERIOD),
        phones=tuple(
            replace(row, rings=(*row.rings, row.rings[-1] if row.rings else True))
            for row in values.phones
        ),
    )


def without_period(values: Incoming, period: int) -> Incoming:
    """Without one period; the last that is left stays."""
    if len(values.periods) < 2 or not 0 <= period < len(values.periods):
        return values
    keep = [index for index in range(len(values.periods)) if index != period]
    return replace(
        values,
        periods=tuple(values.periods[index] for index in keep),
        phones=tuple(
            replace(row, rings=tuple(row.rings[index] for index in keep)) for row in values.phones
        ),
    )


def with_length(values: Incoming, period: int, seconds: int) -> Incoming:
    """One period's length. Raises ValueError for what no plan may hold."""
    if not 0 <= period < len(values.periods) or not 1 <= seconds <= PERIOD_SECONDS:
        raise ValueError(f"period {period} of {seconds} s")
    periods = list(values.periods)
    periods[period] = seconds
    return replace(values, periods=tuple(periods))


def with_switch(values: Incoming, number: str, period: int, on: bool) -> Incoming:
    """Whether a phone rings in a period. Raises ValueError for one that is not there."""
    row = _phone(values, number)
    if not 0 <= period < len(values.periods):
        raise ValueError(f"period {period}")
    rings = tuple(on if at == period else rings for at, rings in enumerate(row.rings))
    return _with_row(values, replace(row, rings=rings))


def with_confirm(values: Incoming, number: str, confirm: bool) -> Incoming:
    """Whether who answers there presses 1. Raises ValueError for a phone that is not there."""
    return _with_row(values, replace(_phone(values, number), confirm=confirm))


def with_phone(values: Incoming, number: str, name: str) -> Incoming:
    """One phone more, that rings in the last period (one's own: in the first).

    Raises ValueError when it is there already, or when there are as many as may be.
    """
    if any(row.number == number for row in values.phones) or len(values.phones) >= PHONES:
        raise ValueError(number)
    last = len(values.periods) - 1
    rings = tuple(index == (last if number else 0) for index in range(len(values.periods)))
    row = PlanRow(number, name, rings)
    return replace(values, phones=(*values.phones, row) if number else (row, *values.phones))


def without_phone(values: Incoming, number: str) -> Incoming:
    """Without one phone. Raises ValueError for one that is not there."""
    gone = _phone(values, number)
    return replace(values, phones=tuple(row for row in values.phones if row is not gone))


def _phone(values: Incoming, number: str) -> PlanRow:
    """A phone of the plan by its number ('': one's own), which is there once."""
    for row in values.phones:
        if row.number == number:
            return row
    raise ValueError(f"phone {number[:40]!r}")


def _with_row(values: Incoming, row: PlanRow) -> Incoming:
    return replace(
        values,
        phones=tuple(row if each.number == row.number else each for each in values.phones),
    )
