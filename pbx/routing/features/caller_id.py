"""Whose number a called party outside sees (behaviour.md s.3.2 and 3.3; guide 4.1).

Inside the office everybody is known; an emergency call is never anonymous.
"""

from __future__ import annotations

from dataclasses import replace

from pbx.numbers import to_e164
from pbx.routing.facts import CallFacts
from pbx.routing.feature import FeatureOptions, Stage, options_for
from pbx.routing.office import Office
from pbx.routing.plan import Outside, Plan, Ring, with_outside

STAGE = Stage.FINISH


class Options(FeatureOptions):
    """What one's number does on calls outside."""

    hide: bool = False
    "Hidden on every call, until a code before the number says otherwise."
    passes_caller: bool = True
    """Who takes a call that I forward sees who really calls; else he sees my number."""
    shows_caller: bool = True
    "The line's own phones show who calls (CLIP)."


def apply(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """Set it on every step that leaves the office, and on the line's own phones."""
    plan = _rung(plan, call, office)
    if not any(isinstance(step, Outside) for step in plan.steps):
        return plan
    hidden = _hides(call, office)
    steps = tuple(
        _identified(step, call, office) if isinstance(step, Outside) else step
        for step in plan.steps
    )
    changed = replace(plan, steps=steps)
    if not any(isinstance(step, Outside) and step.withheld for step in steps):
        return changed
    if hidden and call.hides:
        return changed.noting(
            "caller_id",
            it="Il numero è nascosto per questa chiamata",
            en="The number is hidden for this call",
        )
    return changed.noting(
        "caller_id", it="Il numero di chi chiama è nascosto", en="The caller's number is hidden"
    )


def _rung(plan: Plan, call: CallFacts, office: Office) -> Plan:
    """The plan with what phones that ring for a line are shown; those outside as if the line
    forwarded the call to them."""
    line = plan.to_line
    if line not in office.lines or not any(isinstance(step, Ring) for step in plan.steps):
        return plan
    shows = options_for(Options, "caller_id", office, line=line).shows_caller
    passed_on = replace(call, diverted_by=(*call.diverted_by, line))
    steps = with_outside(plan.steps, lambda out: _identified(out, passed_on, office))
    if shows:
        return replace(plan, steps=steps)
    hidden = (replace(s, hides_caller=True) if isinstance(s, Ring) else s for s in steps)
    return replace(plan, steps=tuple(hidden)).noting(
        "caller_id",
        it=f"I telefoni dell'interno {line} non mostrano chi chiama",
        en=f"The phones of extension {line} do not show who calls",
    )


def _identified(step: Outside, call: CallFacts, office: Office) -> Outside:
    shown, passes = _ours(call, office)
    if step.emergency:
        return replace(step, shown=shown, withheld=False)
    if not call.diverted_by:
        return replace(step, shown=shown, withheld=_hides(call, office))
    if not passes:  # the forwarder's call, with his own wish
        by = options_for(Options, "caller_id", office, line=call.payer)
        return replace(step, shown=shown, withheld=by.hide)
    return replace(step, shown=shown, caller=_caller(call, office), withheld=_hides(call, office))


def passes(call: CallFacts, office: Office) -> bool:
    """Whether who takes a call that somebody here passes on may know who really calls. A number of
    the office that goes on by itself hides nobody."""
    if call.diverted_by and call.diverted_by[-1].startswith("+"):
        return True
    return options_for(Options, "caller_id", office, line=call.payer).passes_caller


def _ours(call: CallFacts, office: Office) -> tuple[str, bool]:
    """Our own number for this call, and whether who really calls may be shown instead."""
    by = call.diverted_by[-1] if call.diverted_by else ""
    if by.startswith("+"):
        return by, True
    person = office.lines.get(call.payer)
    passes = options_for(Options, "caller_id", office, line=call.payer).passes_caller
    return (person.shown if person is not None else ""), passes


def _caller(call: CallFacts, office: Office) -> str:
    """E.164 of who really calls, when there is one."""
    if not call.from_trunk:
        person = office.lines.get(call.from_line)
        return person.shown if person is not None else ""
    return to_e164(call.caller_number)


def _hides(call: CallFacts, office: Office) -> bool:
    """Whether who calls does not want to be known: a stranger, or the line that dials."""
    if call.from_trunk:
        return call.withheld
    if call.hides is not None:
        return call.hides
    return call.withheld or options_for(Options, "caller_id", office, line=call.from_line).hide
