"""A call as somebody imagines it: who may call, by which number and when, judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from officesmart.administration.rules import Fault
from officesmart.i18n import say
from pbx.numbers import is_extension, national, to_e164
from pbx.routing.callers import LISTS, Caller
from pbx.routing.dialled import outside
from pbx.routing.facts import CallFacts
from pbx.routing.office import Office

WHOS = ("colleague", "number", "anonymous", "listed")
LONGEST = 40  # characters of a number that are looked at
FARTHEST = timedelta(days=366)


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
