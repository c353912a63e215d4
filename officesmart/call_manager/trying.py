"""Prova una chiamata: what would become of a supposed call, in rows.

Pure but for the office that is handed in: nothing is dialled, nobody rings.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from officesmart.call_manager import telling
from officesmart.call_manager.supposing import Supposed
from officesmart.i18n import say
from pbx.routing.explain import Passed
from pbx.routing.facts import CallFacts
from pbx.routing.names import SERVICES, SET, name_of
from pbx.routing.office import Office
from pbx.routing.plan import Forward, Mailbox, Outside
from pbx.routing.rehearsal import BEHAVIOURS, Called, Leg, Moment, Rehearsal, rehearse

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


def tried(
    call: CallFacts, supposed: Supposed, office: Office, extension: str, language: str
) -> Tried:
    """What would become of it."""
    behaves = {
        number: does for number, does in list(supposed.behaves.items())[:40] if does in BEHAVIOURS
    }
    found = rehearse(call, _seen_by(extension, office), behaves)
    words = _Words(office, extension, language)
    end = found.end
    last = len(found.legs) - 1
    return Tried(
        outcome=_sentence(telling.hears(end, language) or words.moment(end)[0]),
        kind=GLYPHS[end.kind],
        why="" if last else words.setting(end.feature),
        legs=[words.leg(leg, first=n == 0) for n, leg in enumerate(found.legs)],
        phones=words.phones(found),
    )


PUBLIC = ("do_not_disturb", "barred_incoming", "own_line")
"Services of a colleague that everybody sees, or that an administrator has set."


def _seen_by(extension: str, office: Office) -> Office:
    """The office as this line may know it: whom colleagues turn away and where they forward to is
    theirs alone. Supposing callers one after the other would read their lists off."""
    lines = {
        line: person
        if line == extension
        else replace(
            person,
            callers={},
            options={name: person.options[name] for name in PUBLIC if name in person.options},
        )
        for line, person in office.lines.items()
    }
    return replace(office, lines=lines)


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
                    f"Poi decide {person.name} ({person.extension}). Le sue impostazioni sono "
                    "riservate: qui si suppone che non ne abbia",
                    f"Then {person.name} ({person.extension}) decides. Those settings are "
                    "private: here it is supposed that there are none",
                )
                if person is not None
                else self.say("Fuori dall'ufficio", "Outside the office")
            )
        last = len(leg.moments) - 1
        return LegRow(
            heading=heading,
            moments=[self._row(each, n < last, own=first) for n, each in enumerate(leg.moments)],
            stages=[self._stage(each) for each in leg.explained.stages] if first else [],
        )

    def phones(self, found: Rehearsal) -> list[PhoneRow]:
        return [
            PhoneRow(each.number, _sentence(self._who(each), ""), each.behaves)
            for each in found.called
        ]

    def _who(self, called: Called) -> str:
        return telling.who(called, self.language, own=self.extension)

    def _row(self, moment: Moment, goes_on: bool, *, own: bool) -> MomentRow:
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
            why=self.setting(moment.feature) if own else "",
            feature=moment.feature if own and moment.feature in SET else "",
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


def _sentence(words: str, end: str = ".") -> str:
    return f"{words[:1].upper()}{words[1:]}{end}" if words else ""
