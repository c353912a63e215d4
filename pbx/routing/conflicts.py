"""Which settings of a line get in each other's way (behaviour.md s.1.5): what wins, and the remedy.

Pure. Nothing here decides: each row asks the same functions that the features ask, so that what is
said to be ignored is what `decide` ignores. A conflict is meant for calls that come to the line
directly; a call that a colleague forwards here may still be met by a service that is ignored
otherwise, because a loop is never closed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pbx.routing.feature import options_for
from pbx.routing.features import (
    do_not_disturb,
    forward_all,
    forward_busy,
    forward_no_answer,
    forward_unavailable,
)
from pbx.routing.forwarding import Destination, ForwardOptions, followed
from pbx.routing.names import name_of
from pbx.routing.office import Office, Person
from pbx.routing.outward import Refusal

Severity = Literal["ignored", "partly", "info"]
"""'ignored': completely, whoever calls; 'partly': some calls go elsewhere; 'info': good to know."""

FORWARDS: Mapping[str, type[ForwardOptions]] = {
    "forward_all": forward_all.Options,
    "forward_busy": forward_busy.Options,
    "forward_no_answer": forward_no_answer.Options,
    "forward_unavailable": forward_unavailable.Options,
}


@dataclass(frozen=True, slots=True)
class Fix:
    """A remedy, one click away."""

    it: str
    en: str
    feature: str
    "Whose options change, or whose list loses an entry."
    values: Mapping[str, Any] | None = None
    "The options to set; None: the person chooses another number."
    remove_entry: int = 0
    "Id of the list's entry to remove; 0: none."


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two settings that do not go together."""

    on: str
    "The feature, or the list, that shows the warning."
    severity: Severity
    it: str
    en: str
    fixes: tuple[Fix, ...] = ()
    entry: int = 0
    "Id of the list's entry that is meant; 0: the service itself."


def conflicts(extension: str, office: Office) -> tuple[Conflict, ...]:
    """All conflicts of a line's settings; none for a line that is not there."""
    person = office.lines.get(extension)
    if person is None:
        return ()
    line = _Line(person, office)
    found: list[Conflict] = []
    for row in (_refused, _quiet, _inert):
        found.extend(row(line))
    return tuple(found)


class _Line:
    """A line's settings, read once."""

    def __init__(self, person: Person, office: Office) -> None:
        self.person, self.office = person, office
        self.extension = person.extension
        self.quiet = self._read(do_not_disturb.Options, "do_not_disturb").enabled
        self.forwards: dict[str, ForwardOptions] = {
            name: self._read(kind, name) for name, kind in FORWARDS.items()
        }

    def _read(self, kind: type[Any], feature: str) -> Any:
        return options_for(kind, feature, self.office, line=self.extension)

    def on(self, feature: str) -> bool:
        """Whether a forward is switched on."""
        return self.forwards[feature].enabled

    def reaches(self, feature: str) -> Destination | Refusal:
        """Where a forward leads, or why it may not be followed."""
        return followed(self.forwards[feature].number, self.person, self.office)

    def follows(self, feature: str) -> Destination | None:
        """Where a forward leads that is switched on and may be followed."""
        target = self.reaches(feature) if self.on(feature) else None
        return target if isinstance(target, Destination) else None


def _off(feature: str) -> Fix:
    it, en = name_of(feature)
    return Fix(f"Spegni «{it}»", f"Switch off “{en}”", feature, {"enabled": False})


def _refused(line: _Line) -> Iterator[Conflict]:
    """A forward whose number may not be followed: `decide` passes it over."""
    for feature in line.forwards:
        target = line.reaches(feature) if line.on(feature) else None
        if isinstance(target, Refusal):
            yield Conflict(
                feature,
                "ignored",
                f"{target.it}: l'inoltro non ha effetto.",
                f"{target.en}: the forward has no effect.",
                (Fix("Cambia il numero", "Change the number", feature), _off(feature)),
            )


def _quiet(line: _Line) -> Iterator[Conflict]:
    """Do not disturb, and the forwards that take its calls."""
    if not line.quiet:
        return
    everything = line.follows("forward_all")
    if everything is not None:
        it, en = everything.words(line.office)
        fixes = (_off("forward_all"), _off("do_not_disturb"))
        if line.office.dnd_first:
            yield Conflict(
                "forward_all",
                "ignored",
                "«Non disturbare» viene prima: nessuna chiamata è inoltrata.",
                "Do not disturb comes first: no call is forwarded.",
                (_off("do_not_disturb"), _off("forward_all")),
            )
        else:
            yield Conflict(
                "do_not_disturb",
                "ignored",
                f"Non ha effetto: tutte le chiamate vanno {it}.",
                f"It has no effect: all calls go {en}.",
                fixes,
            )
            return
    busy = line.follows("forward_busy")
    if busy is not None:
        it, en = busy.words(line.office)
        yield Conflict(
            "do_not_disturb",
            "partly",
            f"È acceso l'inoltro su occupato: le chiamate vanno {it}, non in segreteria.",
            f"The forward when busy is on: calls go {en}, not to voicemail.",
            (_off("forward_busy"),),
        )


def _inert(line: _Line) -> Iterator[Conflict]:
    """What forwarding all calls leaves without effect (guide 3.2.1)."""
    target = line.follows("forward_all")
    if target is None or (line.quiet and line.office.dnd_first):
        return
    it, en = target.words(line.office)
    for feature in ("forward_busy", "forward_no_answer", "forward_unavailable"):
        if line.on(feature):
            yield Conflict(
                feature,
                "ignored",
                f"È ignorato: tutte le chiamate vanno {it}.",
                f"It is ignored: all calls go {en}.",
                (_off("forward_all"), _off(feature)),
            )
