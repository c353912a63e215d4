"""The decision: what happens to a call, and why.

Pure, so it runs in a test, in the PBX, and on the page that explains what would happen. Every path
into a line comes through here: a dialled number, a transfer, a recall, a call from the portal.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from pbx.routing.facts import CallFacts
from pbx.routing.feature import FOR_A_LINE, Feature, Stage, features
from pbx.routing.office import Office
from pbx.routing.plan import Announce, Plan, Reject, Ring, Splash, Step

log = logging.getLogger(__name__)

LONGEST = 64
"Characters of what was dialled; no number or code has more, and reasons repeat it."

MOST_MEANINGS = 4
"How often what was dialled may stand for something else: *31#700 is a code, then a short code."

Watch = Callable[[Feature, Plan, Plan | None], None]
"""Told of each feature with the plan before and after it; None after it: it had no say any more.
Before the first feature of each meaning the plan has no steps."""


def decide(
    call: CallFacts,
    office: Office,
    using: Sequence[Feature] | None = None,
    watch: Watch | None = None,
) -> Plan:
    """The plan for this call, with at least one step and one reason.

    using: the features in the order in which they act (`features(folders)` for an office with its
    own); ours when left out. watch: looks on (`explain.py`). The answer depends on the first three
    alone, and its last step always ends or takes the call: a plan never leaves a caller ringing for
    ever.
    """
    known = features() if using is None else using
    plan, then = Plan(), call
    for meaning in range(MOST_MEANINGS):
        then = replace(then, dialled=then.dialled[:LONGEST])
        plan = _folded(Plan(because=plan.because), then, office, known, watch)
        if plan.anew is None:
            return _ended(replace(plan, meant=then) if meaning else plan, office)
        then = plan.anew
    return _ended(replace(plan, steps=(), to_line="", anew=None), office)


def _folded(
    plan: Plan,
    call: CallFacts,
    office: Office,
    using: Sequence[Feature],
    watch: Watch | None,
) -> Plan:
    """The plan after every feature that has a say in it."""
    for feature in using:
        if (plan.settled and feature.stage < Stage.FINISH) or (
            feature.stage in FOR_A_LINE and plan.to_line not in office.lines
        ):
            if watch is not None:
                watch(feature, plan, None)
            continue
        before, plan = plan, _applied(feature, plan, call, office)
        if watch is not None:
            watch(feature, before, plan)
        if plan.anew is not None:
            break
    return plan


def _applied(feature: Feature, plan: Plan, call: CallFacts, office: Office) -> Plan:
    if feature.ours:
        return feature.apply(plan, call, office)
    try:
        changed = feature.apply(plan, call, office)
        if not isinstance(changed, Plan):
            raise TypeError(f"apply gave {type(changed).__name__} instead of a plan")
        return changed
    except Exception:  # a customer's own file; the call must not pay for it
        log.exception("feature %s failed", feature.name)
        return plan.noting(
            feature.name,
            it=f"La funzione {feature.name} ha un errore ed è stata saltata",
            en=f"The feature {feature.name} failed and was passed over",
        )


def _ended(plan: Plan, office: Office) -> Plan:
    """The plan with every branch ending in a step that ends or takes the call, and a reason."""
    whole = replace(
        plan,
        steps=_closed(plan.steps, office),
        on_busy=None if plan.on_busy is None else _closed(plan.on_busy, office),
        on_unavailable=(
            None if plan.on_unavailable is None else _closed(plan.on_unavailable, office)
        ),
    )
    if whole.because:
        return whole
    return whole.noting("decide", it="Nessuna regola riguarda la chiamata", en="No rule applies")


def _closed(steps: tuple[Step, ...], office: Office) -> tuple[Step, ...]:
    """The steps without phones of lines that are not there, and with an end."""
    if not steps:
        return (Announce("announce.unknown_number", 404, "Not Found"),)
    kept = tuple(step for step in (_known(step, office) for step in steps) if step is not None)
    if kept and not isinstance(kept[-1], Ring | Splash):
        return kept
    return (*kept, Reject(480, "Temporarily Unavailable"))


def _known(step: Step, office: Office) -> Step | None:
    if isinstance(step, Splash):
        return step if _active((step.line,), office) else None
    if not isinstance(step, Ring):
        return step
    lines = _active(step.lines, office)
    if not (lines or step.outside) or step.seconds <= 0:
        return None
    return step if lines == step.lines else replace(step, lines=lines)


def _active(lines: tuple[str, ...], office: Office) -> tuple[str, ...]:
    return tuple(line for line in lines if line in office.lines and office.lines[line].active)
