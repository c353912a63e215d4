"""Which settings of a line get in each other's way (behaviour.md s.1.5): what wins, and the remedy.

Pure. Nothing here decides: each row asks the same functions that the features ask, so that what is
said to be ignored is what `decide` ignores. A conflict is meant for calls that come to the line
directly; a call that a colleague forwards here may still be met by a service that is ignored
otherwise, because a loop is never closed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pbx.routing.conflict import Conflict, Fix, Severity, off
from pbx.routing.feature import options_for
from pbx.routing.features import (
    do_not_disturb,
    forward_all,
    forward_busy,
    forward_no_answer,
    forward_unavailable,
    mailbox,
    priority_callers,
    ring_plan,
    selective_forward,
)
from pbx.routing.forwarding import Destination, ForwardOptions, destination, followed
from pbx.routing.list_conflicts import of_lists
from pbx.routing.names import name_of
from pbx.routing.office import Office, Person
from pbx.routing.outward import Refusal

__all__ = ["Conflict", "Fix", "Severity", "conflicts"]

FORWARDS: Mapping[str, type[ForwardOptions]] = {
    "forward_all": forward_all.Options,
    "selective_forward": selective_forward.Options,
    "forward_busy": forward_busy.Options,
    "forward_no_answer": forward_no_answer.Options,
    "forward_unavailable": forward_unavailable.Options,
}
INERT = ("ring_plan", "forward_busy", "forward_no_answer", "forward_unavailable")
"What forwarding all calls leaves without effect (guide 3.2.1)."
LONG = 170
"Seconds of ringing after which networks may release a call (Timer C, RFC 3261 s.16.6)."
MARGIN = 5
"Seconds by which a remedy is longer than what it has to outlast."
MOST = 420
"Seconds that a timer may have."


def conflicts(extension: str, office: Office) -> tuple[Conflict, ...]:
    """All conflicts of a line's settings; none for a line that is not there."""
    person = office.lines.get(extension)
    if person is None:
        return ()
    line = _Line(person, office)
    found: list[Conflict] = []
    for row in (_refused, _loops, _quiet, _inert, _redundant, _timers, _plan):
        found.extend(row(line))
    found.extend(of_lists(person, office, forwards=line.follows("selective_forward") is not None))
    return tuple(found)


class _Line:
    """A line's settings, read once."""

    def __init__(self, person: Person, office: Office) -> None:
        self.person, self.office = person, office
        self.extension = person.extension
        self.quiet = do_not_disturb.is_quiet(self.extension, office)
        self.forwards: dict[str, ForwardOptions] = {
            name: self._read(kind, name) for name, kind in FORWARDS.items()
        }
        self.plan: ring_plan.Options = self._read(ring_plan.Options, "ring_plan")
        self.mailbox_seconds: int = self._read(mailbox.Options, "mailbox").seconds
        self.takes_messages = person.has_mailbox and person.active
        self.priority = bool(person.callers.get("priority_callers")) and bool(
            self._read(priority_callers.Options, "priority_callers").enabled
        )

    def _read(self, kind: type[Any], feature: str) -> Any:
        return options_for(kind, feature, self.office, line=self.extension)

    def on(self, feature: str) -> bool:
        """Whether a service is switched on; a list of nobody switches nothing on."""
        if feature == "ring_plan":
            return self.plan.mode != "own"
        if feature == "selective_forward" and not self.person.callers.get(feature):
            return False
        return self.forwards[feature].enabled

    def reaches(self, feature: str) -> Destination | Refusal:
        """Where a forward leads, or why it may not be followed."""
        return followed(self.forwards[feature].number, self.person, self.office)

    def follows(self, feature: str) -> Destination | None:
        """Where a forward leads that is switched on and may be followed."""
        target = self.reaches(feature) if self.on(feature) else None
        return target if isinstance(target, Destination) else None

    @property
    def everything(self) -> Destination | None:
        """Where all calls go, when the forward of all of them acts."""
        if self.quiet and self.office.dnd_first:
            return None
        return self.follows("forward_all")

    @property
    def sequence(self) -> int:
        """Seconds of the periods in which something is to ring; 0 without a plan in order."""
        if self.plan.mode != "in_order":
            return 0
        return sum(
            seconds
            for at, seconds in enumerate(self.plan.periods)
            if any(phone.rings[at : at + 1] == (True,) for phone in self.plan.phones)
        )


def _change(feature: str) -> Fix:
    return Fix("Cambia il numero", "Change the number", feature)


def _refused(line: _Line) -> Iterator[Conflict]:
    """A number that may not be called, or is the line's own: `decide` passes it over."""
    for feature in line.forwards:
        target = line.reaches(feature) if line.on(feature) else None
        if isinstance(target, Refusal):
            yield Conflict(
                feature,
                "ignored",
                f"{target.it}: l'inoltro non ha effetto.",
                f"{target.en}: the forward has no effect.",
                (_change(feature), off(feature)),
            )
    if not line.on("ring_plan"):
        return
    for phone in line.plan.phones:
        target = followed(phone.number, line.person, line.office) if phone.number else None
        if isinstance(target, Refusal) and not target.own:
            name = phone.name or phone.number
            yield Conflict(
                "ring_plan",
                "partly",
                f"{name} non squilla: {_lower(target.it)}.",
                f"{name} does not ring: {_lower(target.en)}.",
            )


def _loops(line: _Line) -> Iterator[Conflict]:
    """A colleague's forward that would come straight back."""
    for feature in line.forwards:
        target = line.follows(feature)
        person = line.office.lines.get(target.line) if target is not None else None
        if person is None or _Line(person, line.office).everything is None:
            continue
        back = destination(_Line(person, line.office).forwards["forward_all"].number, line.office)
        if back is not None and back.line == line.extension:
            yield Conflict(
                feature,
                "partly",
                f"{person.name} ({person.extension}) inoltra a sua volta tutte le chiamate qui: "
                "il giro non si chiude e squilla il suo telefono.",
                f"{person.name} ({person.extension}) forwards all calls back here: the loop is not "
                "closed and that phone rings.",
                (_change(feature), off(feature)),
            )


def _quiet(line: _Line) -> Iterator[Conflict]:
    """Do not disturb, and the forwards that take its calls."""
    target = line.follows("forward_all")
    if not line.quiet:
        return
    if target is not None and not line.office.dnd_first:
        it, en = target.words(line.office)
        notifies = isinstance(line.forwards["forward_all"], forward_all.Options) and bool(
            line.forwards["forward_all"].notify
        )
        yield Conflict(
            "do_not_disturb",
            "partly" if notifies else "ignored",
            f"Non ha effetto: tutte le chiamate vanno {it}.",
            f"It has no effect: all calls go {en}.",
            (off("forward_all"), off("do_not_disturb")),
        )
        return
    if target is not None:
        yield Conflict(
            "forward_all",
            "partly" if line.priority else "ignored",
            "«Non disturbare» viene prima: le chiamate non sono inoltrate.",
            "Do not disturb comes first: calls are not forwarded.",
            (off("do_not_disturb"), off("forward_all")),
        )
    busy = line.follows("forward_busy")
    if busy is not None:
        it, en = busy.words(line.office)
        yield Conflict(
            "do_not_disturb",
            "partly",
            f"È acceso l'inoltro su occupato: le chiamate vanno {it}, non in segreteria.",
            f"The forward when busy is on: calls go {en}, not to voicemail.",
            (off("forward_busy"),),
        )


def _inert(line: _Line) -> Iterator[Conflict]:
    """What forwarding all calls leaves without effect."""
    target = line.everything
    if target is None:
        return
    it, en = target.words(line.office)
    for feature in INERT:
        if line.on(feature):
            yield Conflict(
                feature,
                "ignored",
                f"È ignorato: tutte le chiamate vanno {it}.",
                f"It is ignored: all calls go {en}.",
                (off("forward_all"), _own() if feature == "ring_plan" else off(feature)),
            )


def _redundant(line: _Line) -> Iterator[Conflict]:
    """A selective forward to where all calls go anyway."""
    chosen, everything = line.follows("selective_forward"), line.everything
    if chosen is not None and everything is not None and chosen.number == everything.number:
        it, en = everything.words(line.office)
        yield Conflict(
            "selective_forward",
            "info",
            f"È superfluo: tutte le chiamate vanno già {it}.",
            f"It is redundant: all calls go {en} anyway.",
            (off("selective_forward"),),
        )


def _timers(line: _Line) -> Iterator[Conflict]:
    """The mailbox, the forward on no answer and the ring plan, each with seconds of its own."""
    if line.everything is not None:
        return
    late = line.forwards["forward_no_answer"]
    forwards = line.follows("forward_no_answer") is not None
    after = late.seconds if isinstance(late, forward_no_answer.Options) else 0
    answers = line.mailbox_seconds if line.takes_messages else MOST + 1
    if forwards and answers < after:
        # A plan that may be over before the mailbox answers is made longer by the forward.
        sure = line.plan.mode != "in_order" and answers <= line.plan.longest_seconds
        shorter = () if answers < MARGIN else (_seconds("forward_no_answer", answers),)
        yield Conflict(
            "forward_no_answer",
            "ignored" if sure else "partly",
            f"La segreteria risponde dopo {answers} secondi, prima dell'inoltro: non avviene mai.",
            f"Voicemail answers after {answers} seconds, before the forward: it never happens.",
            (_seconds("mailbox", after), *shorter),
        )
    whole = line.sequence
    first = min(answers, after if forwards else MOST + 1)
    if whole and first < whole:
        feature = "forward_no_answer" if forwards and after <= answers else "mailbox"
        it, en = name_of(feature)
        yield Conflict(
            "ring_plan",
            "partly",
            f"Lo squillo in sequenza dura {whole} secondi, ma «{it}» interviene dopo {first}: "
            "il resto non squilla.",
            f"Ringing in order takes {whole} seconds, but “{en}” steps in after {first}: "
            "the rest does not ring.",
            (_seconds(feature, min(MOST, whole + MARGIN)),),
        )
    if whole and forwards and whole < after <= answers:
        yield Conflict(
            "forward_no_answer",
            "info",
            f"Lo squillo in sequenza dura {whole} secondi: negli ultimi {after - whole} prima "
            "dell'inoltro squillano solo i tuoi telefoni.",
            f"Ringing in order takes {whole} seconds: in the last {after - whole} before the "
            "forward only your own phones ring.",
        )


def _plan(line: _Line) -> Iterator[Conflict]:
    """The ring plan alone, and with the forward for phones that cannot be reached."""
    if line.everything is not None or not line.on("ring_plan"):
        return
    if min(line.sequence, line.mailbox_seconds if line.takes_messages else MOST) > LONG:
        yield Conflict(
            "ring_plan",
            "info",
            f"Squilla per più di {LONG} secondi: la rete potrebbe chiudere la chiamata prima.",
            f"It rings for more than {LONG} seconds: the network may end the call before.",
        )
    if line.follows("forward_unavailable") is not None and any(
        phone.number and _is_elsewhere(phone.number, line) for phone in line.plan.phones
    ):
        yield Conflict(
            "forward_unavailable",
            "info",
            "Si usa solo se anche i telefoni esterni della sequenza di squillo non rispondono "
            "perché irraggiungibili.",
            "It is used only if the outside phones of the ring plan cannot be reached either.",
        )


def _is_elsewhere(number: str, line: _Line) -> bool:
    target = followed(number, line.person, line.office)
    return isinstance(target, Destination) and target.line != line.extension


def _own() -> Fix:
    return Fix(
        "Fai squillare solo il tuo numero", "Ring your own number only", "ring_plan",
        {"mode": "own"},
    )  # fmt: skip


def _seconds(feature: str, seconds: int) -> Fix:
    if feature == "mailbox":
        return Fix(
            f"Porta la segreteria a {seconds} secondi", f"Set voicemail to {seconds} seconds",
            feature, {"seconds": seconds},
        )  # fmt: skip
    return Fix(
        f"Porta l'inoltro a {seconds} secondi", f"Set the forward to {seconds} seconds",
        feature, {"seconds": seconds},
    )  # fmt: skip


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
