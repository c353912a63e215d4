"""Callers on two lists of a line at once, and which list wins (behaviour.md s.1.5; guide 3.4.2).

Pure, and quick for long lists: each list is made ready once, then each entry is looked up.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping

from pbx.numbers import national
from pbx.routing.callers import LISTS, Caller
from pbx.routing.conflict import Conflict, Fix, Severity, off
from pbx.routing.feature import FeatureOptions, options_for
from pbx.routing.features import (
    anonymous_reject,
    priority_callers,
    selective_forward,
    selective_reject,
)
from pbx.routing.office import Office, Person

OPTIONS: Mapping[str, type[FeatureOptions]] = {
    "selective_reject": selective_reject.Options,
    "priority_callers": priority_callers.Options,
    "selective_forward": selective_forward.Options,
}
PAIRS = (
    ("selective_reject", "selective_forward"),
    ("selective_reject", "priority_callers"),
    ("selective_forward", "priority_callers"),
)
"The list that wins, and the one that loses."
IN: Mapping[str, tuple[str, str]] = {
    "selective_reject": ("nella lista di rifiuto", "on the rejection list"),
    "selective_forward": ("nella lista di inoltro", "on the forwarding list"),
    "priority_callers": ("tra i chiamanti prioritari", "among the priority callers"),
}
FROM: Mapping[str, tuple[str, str]] = {
    "selective_reject": ("Togli dalla lista di rifiuto", "Remove from the rejection list"),
    "selective_forward": ("Togli dalla lista di inoltro", "Remove from the forwarding list"),
    "priority_callers": ("Togli dai chiamanti prioritari", "Remove from the priority callers"),
}
WINS: Mapping[str, tuple[str, str]] = {
    "selective_reject": ("vince il rifiuto", "rejection wins"),
    "selective_forward": ("vince l'inoltro", "the forward wins"),
}


class _Ready:
    """A list made ready to be asked who is on it."""

    def __init__(self, entries: Iterable[Caller]) -> None:
        self.by_number: dict[str, Caller] = {}
        self.by_prefix: dict[str, Caller] = {}
        self.anonymous: Caller | None = None
        for entry in entries:
            if entry.kind == "anonymous":
                self.anonymous = self.anonymous or entry
            elif entry.kind == "prefix" and entry.value:
                self.by_prefix.setdefault(entry.value, entry)
            else:
                for number in entry.numbers:
                    self.by_number.setdefault(number, entry)
        self.numbers = sorted(self.by_number)

    def meets(self, entry: Caller, office: Office) -> tuple[Caller | None, bool]:
        """The entry here that means (some of) the same callers, and whether it means all."""
        if entry.kind == "anonymous":
            return self.anonymous, self.anonymous is not None
        if entry.kind == "prefix":
            above = self._above(entry.value)
            if above is not None:
                return above, True
            at = bisect_left(self.numbers, entry.value) if entry.value else len(self.numbers)
            below = self.numbers[at : at + 1]
            if below and below[0].startswith(entry.value):
                return self.by_number[below[0]], False
            return None, False
        met = [
            self.by_number.get(number) or self._outside(number, office) for number in entry.numbers
        ]
        first = next((each for each in met if each is not None), None)
        return first, first is not None and all(each is not None for each in met)

    def _outside(self, number: str, office: Office) -> Caller | None:
        """By the beginning of the number; a colleague's call has none."""
        if number in office.lines or number in office.numbers or number in office.direct_numbers:
            return None
        return self._above(number)

    def _above(self, number: str) -> Caller | None:
        return next(
            (
                self.by_prefix[number[:end]]
                for end in range(len(number), 0, -1)
                if number[:end] in self.by_prefix
            ),
            None,
        )


def of_lists(person: Person, office: Office, *, forwards: bool) -> Iterator[Conflict]:
    """The conflicts of a line's lists. forwards: the selective forward is on and works."""
    if not person.callers:
        return
    on = {service: _is_on(kind, service, person, office) for service, kind in OPTIONS.items()}
    on["selective_forward"] = on["selective_forward"] and forwards
    ready = {service: _Ready(person.callers.get(service, ())) for service in LISTS}
    for winner, loser in PAIRS:
        for entry in person.callers.get(loser, ()):
            found, whole = ready[winner].meets(entry, office)
            if found is not None:
                yield from _both(
                    winner, found, loser, entry, acts=on[winner] and on[loser], whole=whole
                )
    if _is_on(anonymous_reject.Options, "anonymous_reject", person, office):
        yield from _anonymous(ready)
    for service in LISTS:
        yield from _twice(service, person.callers.get(service, ()))


def _is_on(kind: type[FeatureOptions], feature: str, person: Person, office: Office) -> bool:
    options = options_for(kind, feature, office, line=person.extension)
    return bool(getattr(options, "enabled", False))


def _both(
    winner: str, first: Caller, loser: str, second: Caller, *, acts: bool, whole: bool
) -> Iterator[Conflict]:
    """A caller on two lists: said of both entries."""
    fixes = (
        Fix(*FROM[winner], winner, remove_entry=first.entry_id),
        Fix(*FROM[loser], loser, remove_entry=second.entry_id),
    )
    wins_it, wins_en = WINS[winner]
    when_it, when_en = ("", "") if acts else ("Quando entrambi sono accesi, ", "When both are on, ")
    severity: Severity = "info" if not acts else "ignored" if whole else "partly"
    told: tuple[tuple[str, Caller, str, Severity], ...] = (
        (loser, second, winner, severity),
        (winner, first, loser, "info"),
    )
    for on, entry, other, kind in told:
        it, en = IN[other]
        who_it, who_en = _named(entry)
        yield Conflict(
            on,
            kind,
            _upper(f"{who_it} è anche {it}. {_upper(when_it + wins_it)}."),
            _upper(f"{who_en} is also {en}. {_upper(when_en + wins_en)}."),
            fixes,
            entry.entry_id,
        )


def _anonymous(ready: Mapping[str, _Ready]) -> Iterator[Conflict]:
    for service, one in ready.items():
        if one.anonymous is not None:
            yield Conflict(
                service,
                "ignored",
                "«Gestione chiamate anonime» rifiuta già tutti gli anonimi: questa voce non serve.",
                "Anonymous call rejection refuses everybody anonymous: this entry is never used.",
                (
                    Fix(*FROM[service], service, remove_entry=one.anonymous.entry_id),
                    off("anonymous_reject"),
                ),
                one.anonymous.entry_id,
            )


def _twice(service: str, entries: Iterable[Caller]) -> Iterator[Conflict]:
    """A colleague by extension and by number: both forms mean the same."""
    known: dict[frozenset[str], Caller] = {}
    for entry in entries:
        if entry.kind not in ("number", "extension") or len(entry.numbers) < 2:
            continue
        other = known.setdefault(entry.numbers, entry)
        if other is entry:
            continue
        yield Conflict(
            service,
            "info",
            f"{_named(entry)[0]} e {national(other.value)} sono lo stesso collega: basta una voce.",
            f"{_named(entry)[1]} and {national(other.value)} are the same colleague: keep one.",
            (Fix("Tieni una sola voce", "Keep one entry", service, remove_entry=entry.entry_id),),
            entry.entry_id,
        )


def _named(entry: Caller) -> tuple[str, str]:
    if entry.kind == "anonymous":
        return "Chi nasconde il numero", "Whoever withholds the number"
    if entry.kind == "prefix":
        return f"Chi inizia con {entry.value}", f"Whoever begins with {entry.value}"
    shown = national(entry.value) if entry.value else ""
    if entry.name and shown and entry.name != shown:
        return f"{entry.name} ({shown})", f"{entry.name} ({shown})"
    return entry.name or shown, entry.name or shown


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
