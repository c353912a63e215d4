"""Which phones ring, and when (behaviour.md s.1.2; guide 3.2.1): the line's own, several in order
of periods, or several together. Forwarding instead of ringing is forward_all.py.

What comes back to the line, and a group's call, rings its own phones only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.feature import FeatureOptions, Stage, options_for
from pbx.routing.office import Office
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
