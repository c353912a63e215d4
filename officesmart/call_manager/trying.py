"""Prova una chiamata: what a person supposes, judged, and what would become of the call, in rows.

Pure but for the office that is handed in: nothing is dialled, nobody rings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from officesmart.call_manager import telling
from officesmart.i18n import say
from pbx.numbers import is_extension, national, to_e164
from pbx.routing.callers import LISTS, Caller
from pbx.routing.dialled import outside
from pbx.routing.explain import Passed
from pbx.routing.facts import CallFacts
from pbx.routing.names import SERVICES, SET, name_of
from pbx.routing.office import Office
from pbx.routing.plan import Forward, Mailbox, Outside
from pbx.routing.rehearsal import BEHAVIOURS, Called, Leg, Moment, Rehearsal, rehearse

WHOS = ("colleague", "number", "anonymous", "listed")
LONGEST = 40  # characters of a number that are looked at
FARTHEST = timedelta(days=366)
GLYPHS = {
    "rings": "rings",
    "forward": "forward",
    "mailbox": "mailbox",
    "service": "service",
    "announce": "ends",
    "ends": "ends",
    "answered": "answered",
    "splash": "rings",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with what was typed, and what to do."""

    it: str
    en: str


@dataclass(frozen=True, slots=True)
class Supposed:
    """A call as somebody imagines it; all of it is what a page sent."""

    who: str = "colleague"
    "One of WHOS."
    colleague: str = ""
    number: str = ""
    listed: str = ""
    "A value of `listed_choices`."
    reached: str = ""
    "Which of the line's numbers is called from outside; empty: its own."
    at: str = ""
    "'2026-11-23T14:30' on the office's clock; empty: now."
    behaves: Mapping[str, str] = field(default_factory=dict)
    "What phones do, by extension or number."


@dataclass(frozen=True)
class Choice:
    """Something to choose, with its words."""

    value: str
    words: str


@dataclass(frozen=True)
class StageRow:
    """What one setting said to the call, for the browser."""

    state: str
    "'passed', 'noted', 'decided' or 'not_reached'."
    name: str
    words: str
    feature: str
    "The setting to look at; empty when it is nobody's."


@dataclass(frozen=True)
class MomentRow:
    """Something that happens to the call, for the browser."""

    kind: str
    when: str
    title: str
    detail: str
    why: str
    "The setting that did it, by name; empty when it is nobody's."
    feature: str
    goes_on: bool


@dataclass(frozen=True)
class LegRow:
    """The call at one line, for the browser."""

    heading: str
    moments: list[MomentRow] = field(default_factory=list)
    stages: list[StageRow] = field(default_factory=list)


@dataclass(frozen=True)
class PhoneRow:
    """A phone that the call meets, and what it is supposed to do."""

    number: str
    name: str
    behaves: str


@dataclass(frozen=True)
class Tried:
    """What would become of the call, for the browser."""

    outcome: str = ""
    kind: str = ""
    "Of the last moment: 'answered', 'mailbox', 'ends', ..."
    why: str = ""
    legs: list[LegRow] = field(default_factory=list)
    phones: list[PhoneRow] = field(default_factory=list)


def colleagues(office: Office, extension: str) -> list[Choice]:
    """Whoever may call from inside."""
    return [
        Choice(each.extension, f"{each.name} ({each.extension})")
        for each in sorted(office.lines.values(), key=lambda each: each.name.casefold())
        if each.active and each.extension != extension
    ]


def numbers(office: Office, extension: str) -> list[Choice]:
    """The numbers by which a line is reached from outside, its own first."""
    person = office.lines.get(extension)
    own = [Choice(person.number, national(person.number))] if person and person.number else []
    return own + [
        Choice(
            each.number,
            national(each.number) + (f" ({each.label})" if each.label else ""),
        )
        for each in office.direct_numbers.values()
        if ("line", extension) in ((each.kind, each.target), (each.closed_kind, each.closed_target))
    ]


def facts_of(
    supposed: Supposed, office: Office, extension: str, *, now: datetime, standing: CallFacts
) -> tuple[CallFacts | None, dict[str, Fault]]:
    """The call that is meant, or what is wrong with it by field ('who', 'number', 'at', ...).

    standing: who is registered and busy at this moment; everything else of it is replaced.
    """
    faults: dict[str, Fault] = {}
    at = _moment(supposed.at, office, now, faults)
    call = replace(standing, dialled=extension, at=at)
    by = min(office.trunks, default=1)
    if supposed.who == "colleague":
        person = office.lines.get(supposed.colleague)
        if person is None or not person.active or person.extension == extension:
            faults["colleague"] = Fault("Scegli chi chiama", "Choose who calls")
        else:
            call = replace(
                call,
                from_line=person.extension,
                caller_number=person.number or person.extension,
                caller_name=person.name,
            )
        return (None if faults else call), faults
    known = [each.value for each in numbers(office, extension)]
    reached = supposed.reached or (known[0] if known else extension)
    if reached not in (*known, extension):
        faults["reached"] = Fault("Scegli uno dei tuoi numeri", "Choose one of your numbers")
    call = replace(call, dialled=reached, from_trunk=by)
    if supposed.who == "anonymous":
        call = replace(call, withheld=True)
    elif supposed.who == "number":
        call = replace(call, caller_number=_number(supposed.number, office, faults))
    elif supposed.who == "listed":
        entry = _entries(office, extension).get(supposed.listed)
        if entry is None:
            faults["listed"] = Fault("Scegli chi chiama", "Choose who calls")
        else:
            call = _by(entry, call, office, extension)
    else:
        faults["who"] = Fault("Scegli chi chiama", "Choose who calls")
    return (None if faults else call), faults


def tried(
    call: CallFacts, supposed: Supposed, office: Office, extension: str, language: str
) -> Tried:
    """What would become of it."""
    behaves = {
        number: does for number, does in list(supposed.behaves.items())[:40] if does in BEHAVIOURS
    }
    found = rehearse(call, office, behaves)
    words = _Words(office, extension, language)
    end = found.end
    return Tried(
        outcome=_sentence(telling.hears(end, language) or words.moment(end)[0]),
        kind=GLYPHS[end.kind],
        why=words.setting(end.feature),
        legs=[words.leg(leg, first=n == 0) for n, leg in enumerate(found.legs)],
        phones=words.phones(found),
    )


class _Words:
    """Rows in one language, for whoever reads them."""

    def __init__(self, office: Office, extension: str, language: str) -> None:
        self.office, self.extension, self.language = office, extension, language

    def say(self, it: str, en: str) -> str:
        return say(self.language, it=it, en=en)

    def setting(self, feature: str) -> str:
        """What a setting is called; "" for what nobody sets."""
        if feature not in SERVICES:
            return ""
        it, en = name_of(feature)
        return self.say(it, en)

    def leg(self, leg: Leg, *, first: bool) -> LegRow:
        heading = ""
        if not first:
            person = self.office.lines.get(leg.line)
            heading = (
                self.say(
                    f"Poi decide {person.name} ({person.extension})",
                    f"Then {person.name} ({person.extension}) decides",
                )
                if person is not None
                else self.say("Fuori dall'ufficio", "Outside the office")
            )
        last = len(leg.moments) - 1
        return LegRow(
            heading=heading,
            moments=[self._row(each, n < last) for n, each in enumerate(leg.moments)],
            stages=[self._stage(each) for each in leg.explained.stages],
        )

    def phones(self, found: Rehearsal) -> list[PhoneRow]:
        return [
            PhoneRow(each.number, _sentence(self._who(each), ""), each.behaves)
            for each in found.called
        ]

    def _who(self, called: Called) -> str:
        return telling.who(called, self.language, own=self.extension)

    def _row(self, moment: Moment, goes_on: bool) -> MomentRow:
        title, detail = self.moment(moment)
        when = (
            self.say("subito", "at once")
            if not moment.at
            else self.say(f"dopo {moment.at} s", f"after {moment.at} s")
        )
        return MomentRow(
            kind=GLYPHS[moment.kind],
            when=when,
            title=_sentence(title, ""),
            detail=_sentence(detail, ""),
            why=self.setting(moment.feature),
            feature=moment.feature if moment.feature in SET else "",
            goes_on=goes_on,
        )

    def moment(self, moment: Moment) -> tuple[str, str]:
        """Title and detail."""
        step = moment.step
        names = telling.joined(
            self.language, [self._who(each) for each in moment.called if each.rings]
        )
        several = sum(each.rings for each in moment.called) > 1
        if moment.kind == "answered":
            return self.say(f"risponde {names}", f"{names} answers"), ""
        if moment.kind == "rings":
            silent = [
                f"{self._who(each)}: {self._does(each)}" for each in moment.called if not each.rings
            ]
            if not names:
                return self.say("niente squilla", "nothing rings"), "; ".join(silent)
            how_long = telling.seconds(self.language, moment.seconds)
            details = [self.say(f"per {how_long}", f"for {how_long}")]
            if any(each.confirm and each.rings for each in moment.called):
                details.append(self.say("chi risponde preme 1", "whoever answers presses 1"))
            return (
                self.say(
                    f"{'squillano' if several else 'squilla'} {names}",
                    f"{names} {'ring' if several else 'rings'}",
                ),
                "; ".join([*details, *silent]),
            )
        if isinstance(step, Forward | Outside):
            to = telling.goes_to(step, self.office, self.language)
            return self.say(f"la chiamata va {to}", f"the call goes {to}"), ""
        if isinstance(step, Mailbox):
            owner = self.office.lines.get(step.line)
            name = owner.name if owner else step.line
            return self.say(f"segreteria di {name}", f"voicemail of {name}"), ""
        title = {
            "splash": self.say("un breve squillo avvisa dell'inoltro",
                               "a short ring tells of the forward"),
            "service": self.say("un servizio risponde", "a service answers"),
            "announce": self.say("un annuncio, poi la chiamata finisce",
                                 "an announcement, then the call ends"),
        }.get(moment.kind, self.say("la chiamata finisce", "the call ends"))  # fmt: skip
        return title, ""

    def _does(self, called: Called) -> str:
        it, en = telling.BEHAVIOURS[called.behaves]
        return self.say(it, en)

    def _stage(self, stage: Passed) -> StageRow:
        it, en = name_of(stage.feature) if stage.feature in SERVICES else ("", "")
        return StageRow(
            state=stage.state,
            name=self.say(it, en),
            words=_sentence(self.say(stage.it, stage.en), ""),
            feature=stage.feature if stage.feature in SET else "",
        )


def listed(office: Office, extension: str, language: str) -> list[Choice]:
    """Whoever is on a list of the line, with the list's name."""
    return [
        Choice(
            value,
            f"{_named(entry, language)} · "
            + say(
                language,
                it=LISTS[value.partition(":")[0]].it,
                en=LISTS[value.partition(":")[0]].en,
            ),
        )
        for value, entry in _entries(office, extension).items()
    ]


def _entries(office: Office, extension: str) -> dict[str, Caller]:
    """The entries of the line's lists, by 'list:id'; those that stand for nobody are left out."""
    person = office.lines.get(extension)
    return {
        f"{service}:{entry.entry_id}": entry
        for service in LISTS
        for entry in (person.callers.get(service, ()) if person else ())
        if entry.numbers or entry.kind in ("anonymous", "prefix")
    }


def _named(entry: Caller, language: str) -> str:
    if entry.kind == "anonymous":
        return say(language, it="Anonimo", en="Anonymous")
    if entry.kind == "prefix":
        return f"{entry.value}*"
    return entry.name or national(entry.value)


def _by(entry: Caller, call: CallFacts, office: Office, extension: str) -> CallFacts:
    """The call as it comes from whoever this entry means; one of them, when it means several."""
    if entry.kind == "anonymous":
        return replace(call, withheld=True)
    if entry.kind == "prefix":
        return replace(call, caller_number=_some_number(entry.value))
    colleague = next((each for each in sorted(entry.numbers) if each in office.lines), "")
    if colleague:
        person = office.lines[colleague]
        return replace(
            call,
            dialled=extension,
            from_trunk=0,
            from_line=colleague,
            caller_number=person.number or colleague,
            caller_name=person.name,
        )
    return replace(call, caller_number=min(entry.numbers), caller_name=entry.name)


def _some_number(prefix: str) -> str:
    """A number that begins so, as long as numbers there are."""
    return prefix.ljust(13, "5") if prefix.startswith("+") else prefix.ljust(10, "5")


def _moment(text: str, office: Office, now: datetime, faults: dict[str, Fault]) -> datetime:
    if not text:
        return now
    try:
        given = datetime.fromisoformat(text[:16])
    except ValueError:
        faults["at"] = Fault(
            "Scegli data e ora dal calendario, o torna ad «Adesso»",
            "Choose date and time from the calendar, or go back to “Now”",
        )
        return now
    at = given.replace(tzinfo=office.zone)
    if abs(at - now) > FARTHEST:
        faults["at"] = Fault(
            "Scegli un momento entro un anno da oggi", "Choose a moment within a year of today"
        )
    return at


def _number(text: str, office: Office, faults: dict[str, Fault]) -> str:
    """A caller's number as the network would show it."""
    typed = text.strip()[:LONGEST]
    number = to_e164(typed) or outside(typed, office.outside_prefix)
    if not typed:
        faults["number"] = Fault(
            "Scrivi il numero di chi chiama", "Give the number of whoever calls"
        )
    elif is_extension(typed) and typed in office.lines:
        faults["number"] = Fault(
            f"{typed} è un interno: scegli «Un collega»",
            f"{typed} is an extension: choose “A colleague”",
        )
    elif not number:
        faults["number"] = Fault(
            "Non è un numero di telefono: scrivilo come 02 5550 1201 o +39 02 5550 1201",
            "This is no telephone number: write it like 02 5550 1201 or +39 02 5550 1201",
        )
    return number


def _sentence(words: str, end: str = ".") -> str:
    return f"{words[:1].upper()}{words[1:]}{end}" if words else ""
