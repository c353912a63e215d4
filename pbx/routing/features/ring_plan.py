"""Which phones ring, and when (behaviour.md s.1.2; guide 3.2.1): the line's own, several in order
of periods, or several together. Forwarding instead of ringing is forward_all.py.

What comes back to the line, and a group's call, rings its own phones only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from pydantic import Field

from pbx.printable import printable
from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.feature import FeatureOptions, Stage, options_for
from pbx.routing.forwarding import followed
from pbx.routing.office import Office, Person
from pbx.routing.outward import Refusal
from pbx.routing.personal import is_personal
from pbx.routing.plan import Plan, Ring
from pbx.routing.plan_phones import MOST_PERIODS, PlanPhone, Rings, Silent, reached

STAGE = Stage.RING_PLAN
MOST_PHONES = 10
LONGEST_PERIOD = 60
"Seconds (fixed by the guide)."
Seconds = Annotated[int, Field(ge=1, le=LONGEST_PERIOD)]


class Options(FeatureOptions):
    """The plan."""

    longest_seconds: int = Field(default=120, ge=5, le=170)
    """How long phones ring when nothing else takes the call: the line's own, and several together.
    Under the 3 minutes after which proxies and carriers give up (Timer C, RFC 3261 s.16.6)."""
    mode: Literal["own", "in_order", "together"] = "own"
    "The line's own phones, several in order, or several together."
    periods: tuple[Seconds, ...] = Field(default=(), max_length=MOST_PERIODS)
    "Seconds of each period, when they ring in order."
    phones: tuple[PlanPhone, ...] = Field(default=(), max_length=MOST_PHONES)
    "The telephones, when several ring."


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Ring them; whatever cannot ring for this call is passed over, and named."""
    line = plan.to_line
    options = options_for(Options, "ring_plan", office, line=line)
    alert = "recall" if call.arrival is Arrival.RECALL else "priority" if plan.priority else ""
    if not _has_rows(options) or not is_personal(call):
        return plan.then(Ring((line,), options.longest_seconds, alert=alert)).noting(
            "ring_plan",
            it=f"Squillano i telefoni dell'interno {line}",
            en=f"The phones of extension {line} ring",
        )
    found = [reached(phone, line, call, office) for phone in options.phones]
    for each in found:
        if isinstance(each, Silent):
            plan = plan.noting(
                "ring_plan",
                it=f"{each.name} non squilla: {each.it}",
                en=f"{each.name} does not ring: {each.en}",
            )
    periods = _periods(options, found)
    if not periods:
        return _nobody(plan, found)
    rings = (_ring(phones, seconds, alert) for phones, seconds in periods)
    it, en = _told(options, periods)
    return plan.then(*rings).noting("ring_plan", it=it, en=en)


def rings_elsewhere(line: str, call: CallFacts, office: Office) -> bool:
    """Whether the plan rings a telephone other than the line's own for this call."""
    options = options_for(Options, "ring_plan", office, line=line)
    if not _has_rows(options) or not is_personal(call):
        return False
    found = [reached(phone, line, call, office) for phone in options.phones]
    return any(phone.line != line for phones, _ in _periods(options, found) for phone in phones)


def _has_rows(options: Options) -> bool:
    """Whether there is a plan besides the line's own phones."""
    if options.mode == "in_order":
        return any(any(phone.rings[: len(options.periods)]) for phone in options.phones)
    return options.mode == "together" and bool(options.phones)


_Periods = list[tuple[list[Rings], int]]


def _periods(options: Options, found: Sequence[Rings | Silent]) -> _Periods:
    """Who rings in each period, and for how long; those in which nobody does are left out."""
    if options.mode == "together":
        everybody = [each for each in found if isinstance(each, Rings)]
        return [(everybody, options.longest_seconds)] if everybody else []
    periods: _Periods = []
    for at, seconds in enumerate(options.periods):
        phones = [
            each
            for phone, each in zip(options.phones, found, strict=True)
            if isinstance(each, Rings) and phone.rings[at : at + 1] == (True,)
        ]
        if phones:
            periods.append((phones, seconds))
    return periods


def _ring(phones: Sequence[Rings], seconds: int, alert: str) -> Ring:
    lines = dict.fromkeys(phone.line for phone in phones if phone.line)
    outside = {phone.outside.out.number: phone.outside for phone in phones if phone.outside}
    return Ring(tuple(lines), seconds, tuple(outside.values()), alert)


def _nobody(plan: Plan, found: Sequence[Rings | Silent]) -> Plan:
    """No telephone of the plan rings: as if all had been called and were busy, or away."""
    busy = all(isinstance(each, Silent) and each.busy for each in found)
    end = plan.on_busy if busy else plan.on_unavailable
    return replace(plan.then(*(end or ())), settled=True).noting(
        "ring_plan",
        it="Nessun telefono della sequenza di squillo può squillare",
        en="No telephone of the ring plan can ring",
    )


def _told(options: Options, periods: _Periods) -> tuple[str, str]:
    names = [", ".join(dict.fromkeys(each.name for each in phones)) for phones, _ in periods]
    if options.mode == "together":
        return f"Squillano insieme: {names[0]}", f"Ringing together: {names[0]}"
    whole = list(zip(names, (seconds for _, seconds in periods), strict=True))
    return (
        "Squillano in ordine: " + "; poi ".join(f"{who} per {s} s" for who, s in whole),
        "Ringing in order: " + "; then ".join(f"{who} for {s} s" for who, s in whole),
    )


# --- what a form or a forged request may not set ------------------------------------------------

MODES = ("own", "in_order", "together")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a plan, and where."""

    field: str
    "'mode', 'periods', 'periods.0' (the first), 'phones' or 'phones.0'."
    it: str
    en: str


def faults(values: Mapping[str, Any], person: Person, office: Office) -> tuple[Fault, ...]:
    """What is wrong with `mode`, `periods` and `phones` as somebody wants to set them for a line.

    values: as JSON has them, of any shape. Whatever has no fault is read by `Options` as it is.
    """
    mode, periods = values.get("mode", "own"), values.get("periods", ())
    phones = values.get("phones", ())
    if mode not in MODES:
        return (Fault("mode", "Scegli come squillano i telefoni", "Choose how phones ring"),)
    if not isinstance(periods, list | tuple) or not isinstance(phones, list | tuple):
        return (Fault("phones", "La sequenza non è valida", "The ring plan is not valid"),)
    found = [*_period_faults(periods), *_phone_faults(phones, person, office)]
    return tuple(found) or tuple(_whole_faults(mode, periods, phones))


def _period_faults(periods: Sequence[Any]) -> Iterator[Fault]:
    if len(periods) > MOST_PERIODS:
        yield Fault(
            "periods",
            f"I periodi possono essere al massimo {MOST_PERIODS}",
            f"There can be at most {MOST_PERIODS} periods",
        )
    for at, seconds in enumerate(periods[: MOST_PERIODS + 1]):
        if type(seconds) is not int or not 1 <= seconds <= LONGEST_PERIOD:
            yield Fault(
                f"periods.{at}",
                f"Un periodo dura da 1 a {LONGEST_PERIOD} secondi",
                f"A period lasts 1 to {LONGEST_PERIOD} seconds",
            )


def _phone_faults(phones: Sequence[Any], person: Person, office: Office) -> Iterator[Fault]:
    if len(phones) > MOST_PHONES:
        yield Fault(
            "phones",
            f"I telefoni possono essere al massimo {MOST_PHONES}",
            f"There can be at most {MOST_PHONES} telephones",
        )
    seen: set[str] = set()
    for at, phone in enumerate(phones[: MOST_PHONES + 1]):
        field = f"phones.{at}"
        if not _has_shape(phone):
            yield Fault(field, "La riga non è valida", "This row is not valid")
            continue
        number = phone.get("number", "")
        target = followed(number, person, office) if number else None
        own = target is None or (isinstance(target, Refusal) and target.own)
        if not own and isinstance(target, Refusal):
            yield Fault(field, target.it, target.en)
            continue
        if target is not None and not isinstance(target, Refusal):
            if target.inside and not target.line:
                yield Fault(
                    field, "Il numero non è di un telefono", "The number is that of no telephone"
                )
                continue
            number = target.line or target.number
        meant = "" if own else number
        if meant in seen:
            yield Fault(field, "Questo telefono c'è già", "This telephone is there already")
        seen.add(meant)


def _has_shape(phone: Any) -> bool:
    """Whether a row is one: a number and a name of sensible length, periods, yes or no."""
    if not isinstance(phone, Mapping):
        return False
    number, name = phone.get("number", ""), phone.get("name", "")
    rings, confirm = phone.get("rings", ()), phone.get("confirm")
    return (
        (isinstance(number, str) and len(number) <= 32)
        and (isinstance(name, str) and len(name) <= 80 and printable(name))
        and (isinstance(rings, list | tuple) and len(rings) <= MOST_PERIODS)
        and all(isinstance(each, bool) for each in rings)
        and (confirm is None or isinstance(confirm, bool))
    )


def _whole_faults(mode: str, periods: Sequence[int], phones: Sequence[Any]) -> Iterator[Fault]:
    """What is missing before the plan can be in force."""
    if mode == "own":
        return
    if not phones:
        yield Fault("phones", "Aggiungi almeno un telefono", "Add at least one telephone")
    elif mode == "in_order" and not periods:
        yield Fault("periods", "Aggiungi almeno un periodo", "Add at least one period")
    elif mode == "in_order" and not any(any(p.get("rings", ())[: len(periods)]) for p in phones):
        yield Fault(
            "phones",
            "Scegli in quali periodi squilla almeno un telefono",
            "Choose in which periods at least one telephone rings",
        )
