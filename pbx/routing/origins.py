"""From which telephone a call asked for on a page may begin, and why not from another.

Pure. The plan of a call from the line to that telephone says it: a number outside that the line may
call, or an extension whose own phones would ring for it now. Nothing else answers for a person: no
mailbox, no service, no forward may become the side from which a call is made.
"""

from __future__ import annotations

from dataclasses import dataclass

from pbx.numbers import SEPARATORS, national
from pbx.routing.dialled import e164_forms, outside
from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.features import call_waiting, do_not_disturb
from pbx.routing.office import Office
from pbx.routing.plan import Announce, Outside, Plan, Reject, Ring

LONGEST = 64
"Characters of what is asked for."


@dataclass(frozen=True, slots=True)
class Refused:
    """Why no call can be made from there, for people to read."""

    status: int
    it: str
    en: str


def meant(origin: str, line: str, office: Office) -> str:
    """The telephone that is asked for: an extension, E.164, or what was typed; "" for the line's
    own phones, by whatever number they are named."""
    plain = SEPARATORS.sub("", origin[:LONGEST])
    if plain in office.lines:
        return "" if plain == line else plain
    forms = e164_forms(plain, office.outside_prefix)
    for form in forms:
        if extension := office.numbers.get(form):
            return "" if extension == line else extension
    return outside(plain, office.outside_prefix) or plain


def refused(plan: Plan, call: CallFacts, office: Office) -> Refused | None:
    """Why the call that this plan is for, from the line to the origin, may not be the first side
    of one; None when it may."""
    first = plan.steps[0]
    if isinstance(first, Outside) and first.emergency:
        return Refused(
            403,
            f"Da un numero di emergenza ({first.number}) non si può chiamare",
            f"No call can be made from an emergency number ({first.number})",
        )
    if isinstance(first, Outside):
        return None
    if isinstance(first, Ring) and plan.to_line and plan.to_line in first.lines:
        return None
    if call.arrival is Arrival.SERVICE:
        return Refused(480, plan.because[-1].it, plan.because[-1].en)
    if plan.to_line in office.lines:
        return _silent(plan, call, office)
    if isinstance(first, Announce | Reject):
        return Refused(first.status, plan.because[-1].it, plan.because[-1].en)
    shown = national(call.dialled)
    return Refused(
        404,
        f"Da {shown} non si può chiamare: non è un telefono",
        f"No call can be made from {shown}: it is no telephone",
    )


def _silent(plan: Plan, call: CallFacts, office: Office) -> Refused:
    """Why its phones do not ring for this call, as far as that is for others to know: not whom it
    turns away, nor where it forwards."""
    line = plan.to_line
    it, en = f"L'interno {line}", f"Extension {line}"
    if line not in call.registered:
        return Refused(480, f"{it} non ha telefoni collegati", f"{en} has no phone connected")
    if do_not_disturb.is_quiet(line, office):
        return Refused(
            486, f"{it} non vuole essere disturbato", f"{en} does not want to be disturbed"
        )
    if call_waiting.is_busy(line, call, office):
        return Refused(486, f"{it} è occupato", f"{en} is busy")
    return Refused(
        480,
        f"{it} in questo momento non squilla per le tue chiamate",
        f"{en} does not ring for your calls at the moment",
    )
