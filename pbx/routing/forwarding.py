"""Sending a line's calls on: where a forward's number leads, and whether it may be followed.

Shared by the features that forward, the star codes that set them, and pages that explain them. A
forward that cannot be followed is passed over with its reason: the line rings, or its mailbox
takes the call, as if the forward were off (behaviour.md s.1.1, step 1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pydantic import Field

from pbx.numbers import national
from pbx.routing.dialled import e164_forms, outside
from pbx.routing.facts import CallFacts
from pbx.routing.feature import FeatureOptions
from pbx.routing.limits import may_forward_outside
from pbx.routing.office import Office, Person
from pbx.routing.outward import Refusal, refusal
from pbx.routing.plan import Announce, Forward, Plan
from pbx.routing.rights import class_of

MOST = 5
"How often one call may be forwarded (behaviour.md s.1.1)."
SECONDS = 45
"How long a forwarded call rings before it goes back (behaviour.md s.1.3, T_fwd)."
ALWAYS, BUSY, NO_ANSWER, UNAVAILABLE = 302, 486, 408, 503
"Causes (RFC 4458 s.2.1)."


class ForwardOptions(FeatureOptions):
    """What every forward has."""

    enabled: bool = False
    number: str = Field(default="", max_length=32)
    "An extension, a short code or E.164; kept when it is switched off."


class CodedForwardOptions(ForwardOptions):
    """A forward of guide 4.1.2."""

    needs_number: bool = False
    "Its star code must name the number each time; else the last one is used."


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a forward leads."""

    number: str
    "An extension, or a number as `dialled.outside` reads it."
    line: str = ""
    "The extension, when it is one of ours."
    inside: bool = False
    "A number of the office itself: no outside line is needed."
    granted: bool = False
    "By a short code that everybody may use."

    def words(self, office: Office) -> tuple[str, str]:
        """The destination for people to read, in Italian and English."""
        if self.line:
            name = office.lines[self.line].name
            return f"all'interno {self.line} ({name})", f"to extension {self.line} ({name})"
        return f"al numero {national(self.number)}", f"to {national(self.number)}"


def destination(number: str, office: Office) -> Destination | None:
    """Where a number leads that somebody forwards to; None when it leads nowhere."""
    found = _at_line(number, office)
    if found is not None or number in office.lines:  # one that is switched off leads nowhere
        return found
    found = _outside(number, office)
    # Nor does its number: the provider would bring the call back.
    return None if found is not None and found.number in office.numbers else found


def followed(number: str, person: Person, office: Office) -> Destination | Refusal:
    """Where this line's forward to a number leads, or why it may not be followed."""
    target = destination(number, office)
    if target is None:
        return Refusal(
            Announce("announce.code_bad_number", 484, "Address Incomplete"),
            "Il numero non è un interno attivo né un numero esterno valido",
            "The number is neither an active extension nor a valid outside number",
        )
    if target.line == person.extension:
        return Refusal(
            Announce("announce.code_own_number", 484, "Address Incomplete"),
            "Il numero è quello della linea stessa",
            "The number is the line's own",
            own=True,
        )
    if target.inside:
        return target
    if class_of(target.number) == "emergency":
        return Refusal(
            Announce("announce.code_bad_number", 484, "Address Incomplete"),
            "Il numero è di emergenza: nessuna chiamata vi è inoltrata",
            "The number is an emergency number: no call is forwarded there",
        )
    if not may_forward_outside(office, person.extension):
        return Refusal(
            Announce("announce.not_allowed", 403, "Forbidden"),
            f"L'interno {person.extension} non può inoltrare chiamate all'esterno",
            f"Extension {person.extension} may not forward calls outside",
        )
    return refusal(target.number, person, office, granted=target.granted) or target


def forwarded(
    plan: Plan, call: CallFacts, office: Office, *, feature: str, number: str, cause: int
) -> tuple[Plan, Forward | None]:
    """The step that forwards the plan's line to `number`; None, with the reason noted, when that
    cannot be followed."""
    line = plan.to_line
    target = followed(number, office.lines[line], office)
    if isinstance(target, Refusal):
        if not number:
            return plan.noting(
                feature,
                it=f"L'inoltro dell'interno {line} è ignorato: il numero è da scegliere",
                en=f"The forward of extension {line} is ignored: its number is still to choose",
            ), None
        to = national(number)
        return plan.noting(
            feature,
            it=f"L'inoltro dell'interno {line} a {to} è ignorato: {_lower(target.it)}",
            en=f"The forward of extension {line} to {to} is ignored: {_lower(target.en)}",
        ), None
    if target.line in call.diverted_by:
        return plan.noting(
            feature,
            it=f"L'inoltro dell'interno {line} a {target.line} chiuderebbe un giro: è ignorato",
            en=f"The forward of extension {line} to {target.line} would close a loop: ignored",
        ), None
    onward = replace(
        call,
        dialled=target.number,
        diverted_by=(*call.diverted_by, line),
        causes=(*call.causes, cause),
        granted=target.granted,
    )
    return plan, Forward(onward)


def leads(number: str, office: Office) -> tuple[str, str]:
    """Where a forward leads, for people to read, in Italian and English."""
    target = destination(number, office)
    return target.words(office) if target is not None else (f"a {number}", f"to {number}")


def mailbox_of(line: str, call: CallFacts, office: Office) -> str:
    """Whose mailbox takes a call that came to this line: of the first who forwarded it and has
    one (RFC 4458), else the line's own; "" when there is none."""
    for extension in (*call.diverted_by, line):
        person = office.lines.get(extension)
        if person is not None and person.has_mailbox and person.active:
            return extension
    return ""


def _at_line(number: str, office: Office) -> Destination | None:
    """An extension, or a number of the office; what that reaches is decided when it is dialled."""
    person = office.lines.get(number)
    if person is not None:
        return Destination(number, number, inside=True) if person.active else None
    for form in e164_forms(number, office.outside_prefix):
        direct = office.direct_numbers.get(form)
        if direct is not None:
            reached = direct.target if direct.kind == "line" else ""
            return Destination(form, reached if reached in office.lines else "", inside=True)
        person = office.lines.get(office.numbers.get(form, ""))
        if person is not None and person.active:
            return Destination(person.extension, person.extension, inside=True)
    return None


def _outside(number: str, office: Office) -> Destination | None:
    code = office.short_codes.get(number)
    if code is not None:
        meant = _at_line(code.number, office) or Destination(
            outside(code.number, office.outside_prefix) or code.number
        )
        return replace(meant, granted=code.for_everybody)
    read = outside(number, office.outside_prefix)
    return Destination(read) if read else None


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
