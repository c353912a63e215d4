"""What a call feature is: one file with a STAGE, its Options and `apply`.

A feature looks at the call and at the office and gives the plan back, changed or not. The stages
are the order of precedence; a later issue adds a feature as one more file in
`pbx/routing/features/`, or a customer in a folder of his own.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from pbx.discover import modules_in, modules_of
from pbx.routing.facts import CallFacts
from pbx.routing.office import Office
from pbx.routing.plan import Plan

log = logging.getLogger(__name__)

Apply = Callable[[Plan, CallFacts, Office], Plan]
OptionsT = TypeVar("OptionsT", bound="FeatureOptions")


class Stage(IntEnum):
    """When a feature has its say. First what was dialled, then whoever it is for.

    From OWN_LINE to before FINISH, the stages run only for a plan that is for a line; FINISH looks
    at every plan, settled ones too. The numbers leave room for steps in between.
    """

    # What do the digits mean?
    EMERGENCY_CALL = 100
    ORIGIN = 120
    PICKUP = 150
    PARK = 160
    SERVICE_CODE = 200
    SPEED_DIAL = 300
    SHORT_CODE = 400
    LINE = 500
    OWN_NUMBER = 600
    OUTSIDE_NUMBER = 700
    UNKNOWN_NUMBER = 800
    # What does the line do with the call? From here on behaviour.md s.1.1, step by step.
    OWN_LINE = 900
    RING_BACK_OF_EMERGENCY = 1000
    BARRED = 1100
    ANONYMOUS = 1200
    SELECTIVE_REJECT = 1300
    PRIORITY = 1400
    SELECTIVE_FORWARD = 1500
    REDIRECT = 1600
    # What takes the call instead when the line turns out to be busy or away.
    INSTEAD = 1650
    DO_NOT_DISTURB = 1700
    UNAVAILABLE = 1800
    CALL_WAITING = 1850
    BUSY = 1900
    RING_PLAN = 2000
    NO_ANSWER = 2100
    MAILBOX = 2200
    # The plan stands; what it looks like outside (caller identity, recording) may still be added.
    FINISH = 3000


FOR_A_LINE = frozenset(stage for stage in Stage if Stage.OWN_LINE <= stage < Stage.FINISH)
"""Stages that run only for a plan that is for a line. No range: it compares an enum's member with
every number in it, half a millisecond a call."""


class FeatureOptions(BaseModel):
    """Options of a feature, kept as JSON per line or for the whole office.

    Every field has a default, so an option nobody set needs no row and a new one no migration;
    a field that a later version dropped is ignored.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature as found."""

    name: str
    stage: Stage
    options: type[FeatureOptions]
    apply: Apply
    ours: bool = True
    "False for a customer's file: when it fails, the call goes on without it."


def options_for(kind: type[OptionsT], feature: str, office: Office, *, line: str = "") -> OptionsT:
    """A feature's options: the defaults, over them the office's, over them the line's.

    A stored value that no longer fits is passed over and its default used: a wrong option must not
    stop a call.
    """
    person = office.lines.get(line)
    if feature not in office.options and (person is None or feature not in person.options):
        return kind()
    stored: dict[str, Any] = {}
    for where in (office.options, person.options if person else {}):
        rows = where.get(feature, {})
        stored |= rows if isinstance(rows, Mapping) else {}
    return read_options(kind, stored)


def read_options(kind: type[OptionsT], stored: Mapping[str, Any]) -> OptionsT:
    """Options from JSON, without the values that do not fit."""
    try:
        return kind.model_validate(stored)
    except ValidationError as wrong:
        bad = {error["loc"][0] for error in wrong.errors() if error["loc"]}
        log.warning("%s: passed over %s", kind.__module__, ", ".join(sorted(map(str, bad))))
        fitting = {name: value for name, value in stored.items() if name not in bad}
        # Nothing to pass over means a rule across fields: only the defaults are sure to agree.
        return read_options(kind, fitting) if len(fitting) < len(stored) else kind()


def features(folders: Sequence[Path] = ()) -> tuple[Feature, ...]:
    """Our features and those of a customer's folders, in the order in which they act.

    Raises ValueError when one of ours has not the shape of a feature.
    """
    found = [*_ours(), *_theirs(folders)]
    return tuple(sorted(found, key=lambda feature: (feature.stage, not feature.ours, feature.name)))


@cache
def _ours() -> tuple[Feature, ...]:
    return tuple(read_feature(module) for module in modules_of("pbx.routing.features"))


def _theirs(folders: Sequence[Path]) -> Iterator[Feature]:
    for module in modules_in(folders, prefix="office_feature"):
        try:
            yield read_feature(module, ours=False)
        except ValueError as wrong:
            log.error("passed over: %s", wrong)


def read_feature(module: ModuleType, *, ours: bool = True) -> Feature:
    """The feature that a module is. Raises ValueError naming what is missing."""
    name = Path(module.__file__ or module.__name__).stem
    stage = getattr(module, "STAGE", None)
    options = getattr(module, "Options", None)
    apply = getattr(module, "apply", None)
    if not isinstance(stage, Stage):
        raise ValueError(f"{module.__name__}: STAGE must be one of feature.Stage")
    if not (isinstance(options, type) and issubclass(options, FeatureOptions)):
        raise ValueError(f"{module.__name__}: Options must be a FeatureOptions")
    if any(field.is_required() for field in options.model_fields.values()):
        raise ValueError(f"{module.__name__}: every option needs a default")
    if not callable(apply) or len(inspect.signature(apply).parameters) != 3:
        raise ValueError(f"{module.__name__}: apply(plan, call, office) is missing")
    return Feature(name, stage, options, apply, ours)
