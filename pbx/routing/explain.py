"""Why a call goes where it goes, stage by stage: `decide` itself, watched.

Pure. Pages that show what would happen ask here; what they ask about may be the office as it is, or
as it would be with settings that nobody has saved yet (`with_settings`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pbx.routing.callers import Caller
from pbx.routing.decide import decide
from pbx.routing.facts import CallFacts
from pbx.routing.feature import FOR_A_LINE, Feature, features, options_for
from pbx.routing.names import SERVICES
from pbx.routing.office import Office
from pbx.routing.plan import Forward, Outside, Plan, Ring, Step

State = Literal["passed", "noted", "decided", "not_reached"]


@dataclass(frozen=True, slots=True)
class Passed:
    """What one stage had to say to a call."""

    feature: str
    state: State
    """'passed': not active, or the call is none of its business; 'noted': it said something, or
    kept an answer for later; 'decided': it gave the call a step; 'not_reached': others had decided
    before."""
    it: str
    en: str


@dataclass(frozen=True, slots=True)
class Explained:
    """A plan, and every stage that it came through."""

    plan: Plan
    stages: tuple[Passed, ...]
    given: Mapping[Step, str] = field(default_factory=dict)
    "Which feature gave each step, also those that wait for a busy or absent line."

    @property
    def deciding(self) -> str:
        """The feature that gave the first step; "" when none did."""
        return self.by(self.plan.steps[0]) if self.plan.steps else ""

    def by(self, step: Step) -> str:
        """The feature to which a step is due; "" when `decide` itself closed the plan with it."""
        if isinstance(step, Ring):  # others make it longer or shorter, or put phones to it
            same = (each for each in self.given if isinstance(each, Ring))
            return next((self.given[each] for each in same if each.lines == step.lines), "")
        if isinstance(step, Outside):  # others say who is shown there
            there = (each for each in self.given if isinstance(each, Outside))
            return next((self.given[each] for each in there if each.number == step.number), "")
        return self.given.get(step, "")


def explain(call: CallFacts, office: Office, using: tuple[Feature, ...] | None = None) -> Explained:
    """The plan for this call, as `decide` makes it, with what each stage said on the way."""
    known = features() if using is None else using
    passed: list[tuple[Feature, Plan, Plan | None]] = []

    def watch(feature: Feature, before: Plan, after: Plan | None) -> None:
        if passed and feature is known[0]:  # what was dialled stands for something else
            passed[:] = [each for each in passed if each[2] is not None and _said(*each)]
        passed.append((feature, before, after))

    plan = decide(call, office, known, watch)
    line = plan.to_line
    stages = (_told(*each, line, office) for each in passed)
    return Explained(plan, tuple(stage for stage in stages if stage is not None), _given(passed))


def with_settings(
    office: Office,
    extension: str,
    options: Mapping[str, Mapping[str, Any]],
    callers: Mapping[str, Iterable[Caller]] | None = None,
) -> Office:
    """The office as if a line had these settings.

    options: by feature, what differs; what is not named stays. callers: by list, all its entries.
    The office itself when there is no such line.
    """
    person = office.lines.get(extension)
    if person is None:
        return office
    kept = dict(person.options)
    for feature, values in options.items():
        was = kept.get(feature, {})
        kept[feature] = {**(was if isinstance(was, Mapping) else {}), **values}
    lists = {name: tuple(entries) for name, entries in (callers or {}).items()}
    changed = replace(person, options=kept, callers={**person.callers, **lists})
    return replace(office, lines={**office.lines, extension: changed})


def _given(passed: Iterable[tuple[Feature, Plan, Plan | None]]) -> dict[Step, str]:
    """Each step with the feature that first gave it. Where a call ends without going on is due to
    whatever ended it there, not to what kept that end for a busy or absent line."""
    kept: dict[Step, str] = {}
    given: dict[Step, str] = {}
    for feature, _, after in passed:
        if after is None:
            continue
        instead = (after.on_busy, after.on_unavailable, after.on_declined)
        for step in (*after.steps, *(step for each in instead for step in each or ())):
            kept.setdefault(step, feature.name)
        for step in after.steps:
            if not isinstance(step, Forward):
                given.setdefault(step, feature.name)
    return {**kept, **given}


def _said(feature: Feature, before: Plan, after: Plan | None) -> bool:
    return after is not None and after.because != before.because


def _told(
    feature: Feature, before: Plan, after: Plan | None, line: str, office: Office
) -> Passed | None:
    """What a stage's part in the plan was; None when nobody wants to know."""
    service = SERVICES.get(feature.name)
    if after is None:
        if service is None or feature.stage not in FOR_A_LINE or not line:
            return None
        return Passed(feature.name, "not_reached", "non ci arriva", "not reached")
    reasons = after.because[len(before.because) :]
    gave = after.steps != before.steps or (after.settled and not before.settled)
    if reasons or gave:
        return Passed(
            feature.name,
            "decided" if gave else "noted",
            "; ".join(each.it for each in reasons),
            "; ".join(each.en for each in reasons),
        )
    if service is None:
        return None
    options = options_for(feature.options, feature.name, office, line=line)
    if getattr(options, "enabled", True):
        return Passed(feature.name, "passed", service.it_passed, service.en_passed)
    return Passed(feature.name, "passed", service.it_off, service.en_off)
