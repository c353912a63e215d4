"""Service codes: *86 is the mailbox, *87201 leaves a message for 201, *21*202# forwards to 202.

Which code reaches what is data of the office: an application, or a deed of `routing.star_codes`.
What a code asks for is judged here, so that the explanation of a call knows it too; the application
`star_code` does it and says so. A wrong code is answered by words, never by silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pbx.routing.dialled import is_code
from pbx.routing.dialplan import SPEED_DIAL
from pbx.routing.facts import CallFacts
from pbx.routing.feature import FeatureOptions, Stage, options_for
from pbx.routing.features import (
    forward_all,
    forward_busy,
    forward_no_answer,
    forward_unavailable,
    selective_forward,
    speed_dial,
)
from pbx.routing.forwarding import CodedForwardOptions, ForwardOptions, followed
from pbx.routing.office import Office, Person, ServiceCode
from pbx.routing.outward import Refusal
from pbx.routing.plan import Announce, Plan, Service
from pbx.routing.star_codes import DEEDS, Asked, Deed, asked, spellings

STAGE = Stage.SERVICE_CODE
SECONDS = range(5, 421)
"What may be asked for in *61*N*T# (behaviour.md s.1.3)."
FORWARDS: Mapping[str, type[ForwardOptions]] = {
    "forward_all": forward_all.Options,
    "forward_busy": forward_busy.Options,
    "forward_no_answer": forward_no_answer.Options,
    "forward_unavailable": forward_unavailable.Options,
}


class Options(FeatureOptions):
    """None: the codes themselves are rows of the office."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the application `star_code` is to do, as its argument says it."""

    deed: str
    number: str = ""
    seconds: int = 0
    place: str = ""
    "A speed dial's code."

    @property
    def argument(self) -> str:
        """In words that are kept apart by spaces; what is missing at the end is left out."""
        return f"{self.deed} {self.number} {self.place or self.seconds or ''}".rstrip()

    @staticmethod
    def read(argument: str) -> Wish:
        """The other way round."""
        deed, number, last = (*argument.split(" "), "", "")[:3]
        if deed.startswith("speed_dial."):
            return Wish(deed, number, place=last)
        return Wish(deed, number, int(last or 0))


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Start the application of the code, or say what is wrong with it.

    A stranger from outside has no codes. What changes a setting is for who dials it himself: a
    phone that sends its callers on to *21... must not forward theirs.
    """
    keys = call.dialled
    if call.from_outside:
        return plan
    service, argument = _reached(keys, office)
    person = office.lines.get(call.from_line)
    if person is not None and not call.diverted_by and not call.on_behalf:
        for spelling in spellings(keys):
            if spelling != keys and keys.startswith("**") and keys.strip("*#") in office.lines:
                continue  # **26 is for the colleague who has 26
            wish = asked(spelling, office.services)
            # The longest code wins: *600 is the echo, though *60 is a code too.
            if wish is not None and (service is None or len(service.code) <= len(wish.code)):
                return _deed(plan, call, office, wish, person)
    if service is None:
        return _unknown(plan, keys) if is_code(keys) else plan
    if argument and not _is_line(argument, office):
        return _refused(
            plan, Announce("announce.unknown_number", 404, "Not Found"),
            it=f"Il codice {service.code} è seguito da {argument}, che non è un interno attivo",
            en=f"Code {service.code} is followed by {argument}, which is no active extension",
        )  # fmt: skip
    if service.with_extension and not argument:
        return _refused(
            plan, Announce("announce.code_incomplete", 484, "Address Incomplete"),
            it=f"Il codice {service.code} va fatto seguire da un interno",
            en=f"Code {service.code} needs an extension after it",
        )  # fmt: skip
    return replace(plan.then(Service(service.app, argument)), settled=True).noting(
        "service_code",
        it=f"Il codice {service.code} avvia il servizio {service.app}",
        en=f"Code {service.code} starts the service {service.app}",
    )


# --- deeds -------------------------------------------------------------------------------------


def _deed(plan: Plan, call: CallFacts, office: Office, wish: Asked, person: Person) -> Plan:
    """What a code asks for, judged: done by the application `star_code`, dialled, or refused."""
    deed = DEEDS[wish.deed]
    if wish.cut_off:
        return _refused(
            plan, Announce("announce.code_incomplete", 484, "Address Incomplete"),
            it=f"Il codice {wish.code} ({deed.it}) è incompleto o scritto male",
            en=f"Code {wish.code} ({deed.en}) is incomplete or misspelt",
        )  # fmt: skip
    if deed.takes == "call":
        noted = plan.noting(
            "service_code", it=f"Codice {wish.code}: {deed.it}", en=f"Code {wish.code}: {deed.en}"
        )
        hides = wish.deed.startswith("hide")
        return replace(noted, anew=replace(call, dialled=wish.number, hides=hides))
    done = Wish(wish.deed)
    if deed.takes.startswith("place"):
        number, refused = _quick(plan, wish, deed, office)
        if refused is not None:
            return refused
        done = Wish(wish.deed, number, place=wish.place)
    elif deed.takes:
        number, refused = _number(plan, wish, deed, office, person)
        if refused is not None:
            return refused
        if wish.seconds is not None and wish.seconds not in SECONDS:
            return _refused(
                plan, Announce("announce.code_bad_seconds", 484, "Address Incomplete"),
                it=f"Il codice {wish.code} chiede {wish.seconds} secondi: vanno da 5 a 420",
                en=f"Code {wish.code} asks for {wish.seconds} seconds: 5 to 420 can be",
            )  # fmt: skip
        done = Wish(wish.deed, number, wish.seconds or 0)
    return replace(plan.then(Service("star_code", done.argument)), settled=True).noting(
        "service_code", it=f"Codice {wish.code}: {deed.it}", en=f"Code {wish.code}: {deed.en}"
    )


def _quick(plan: Plan, wish: Asked, deed: Deed, office: Office) -> tuple[str, Plan | None]:
    """What a speed dial is to call, as it is kept; or the plan that says what is wrong.

    Whether the line may call it is asked when it does: rights change.
    """
    if wish.place not in SPEED_DIAL:
        return "", _refused(
            plan, Announce("announce.code_bad_speed_dial", 484, "Address Incomplete"),
            it=f"Codice {wish.code}: {wish.place} non è una selezione rapida (5-9 e 10-49)",
            en=f"Code {wish.code}: {wish.place} is no speed dial (5-9 and 10-49)",
        )  # fmt: skip
    if "number" not in deed.takes:
        return "", None
    number = speed_dial.kept(wish.number, office)
    if number:
        return number, None
    return "", _refused(
        plan, Announce("announce.code_bad_number", 484, "Address Incomplete"),
        it=f"Codice {wish.code} verso {wish.number}: non è un interno attivo né un numero valido",
        en=f"Code {wish.code} to {wish.number}: it is no active extension and no valid number",
    )  # fmt: skip


def _number(
    plan: Plan, wish: Asked, deed: Deed, office: Office, person: Person
) -> tuple[str, Plan | None]:
    """The number to forward to, as it is kept; or the plan that says why there is none."""
    number = wish.number
    if not number:
        number = _last_number(deed, office, person)
    if not number:
        return "", _refused(
            plan, Announce("announce.code_needs_number", 484, "Address Incomplete"),
            it=f"Il codice {wish.code} ({deed.it}) va fatto seguire dal numero",
            en=f"Code {wish.code} ({deed.en}) needs the number after it",
        )  # fmt: skip
    target = followed(number, person, office)
    if isinstance(target, Refusal):
        return "", _refused(
            plan, target.step,
            it=f"Codice {wish.code} verso {number}: {target.it}",
            en=f"Code {wish.code} to {number}: {target.en}",
        )  # fmt: skip
    # A short code stays one: what it stands for, and who may use it, may change.
    return (number if number in office.short_codes else target.number), None


def _last_number(deed: Deed, office: Office, person: Person) -> str:
    """The number used before, when the code may be dialled without one (guide 4.1.2)."""
    feature = deed.name.partition(".")[0]
    kind = FORWARDS.get(feature) or (
        selective_forward.Options if feature == "selective_forward" else None
    )
    if kind is None:
        return ""
    options = options_for(kind, feature, office, line=person.extension)
    if isinstance(options, CodedForwardOptions) and options.needs_number:
        return ""
    return options.number


# --- applications ------------------------------------------------------------------------------


def _reached(keys: str, office: Office) -> tuple[ServiceCode | None, str]:
    """The application and the extension after its code; the longest code that fits wins.

    A code that takes an extension may have a star before it (*87*201), and one that takes none may
    be given one that way (*86*201 opens the mailbox of 201 from any phone); a closing # is what
    some phones add by themselves.
    """
    whole = office.services.get(keys)
    if whole is not None and whole.app not in DEEDS:
        return whole, ""
    plain = keys.removesuffix("#")
    for end in range(len(plain), 0, -1):
        service = office.services.get(plain[:end])
        if service is None or service.app in DEEDS:
            continue
        rest = plain[end:]
        argument = rest.removeprefix("*")
        if not rest:
            return service, ""
        # Without the star, digits after a code that takes none belong to another, longer code.
        if argument.isdecimal() and (service.with_extension or rest != argument):
            return service, argument
    return None, ""


def _is_line(extension: str, office: Office) -> bool:
    person = office.lines.get(extension)
    return person is not None and person.active


def _unknown(plan: Plan, keys: str) -> Plan:
    return _refused(
        plan, Announce("announce.unknown_code", 404, "Not Found"),
        it=f"Il codice {keys} non esiste",
        en=f"There is no code {keys}",
    )  # fmt: skip


def _refused(plan: Plan, step: Announce, *, it: str, en: str) -> Plan:
    return replace(plan.then(step), settled=True).noting("service_code", it=it, en=en)
