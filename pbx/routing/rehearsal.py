"""A call that is not made: who would ring and for how long, where it would end, what did it.

Pure. The plan is `decide`'s own; it is walked here as `calls.follow` walks it, with phones that
behave as somebody supposes instead of real ones. A forward to a line of the office goes on there,
with that line's own decision, as often as a call may be forwarded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from pbx.routing.explain import Explained, explain
from pbx.routing.facts import CallFacts
from pbx.routing.feature import options_for
from pbx.routing.features import ring_plan
from pbx.routing.forwarding import MOST, destination
from pbx.routing.office import Office
from pbx.routing.plan import (
    Announce,
    Forward,
    Mailbox,
    Outside,
    Park,
    PickUp,
    Plan,
    Reject,
    Retrieve,
    Ring,
    Service,
    Splash,
    Step,
)

Behaves = Literal["answers", "silent", "in_call", "busy", "off", "declines"]
"""What the phones of a line, or a number outside, would do: somebody answers; they ring and nobody
does; somebody is in a call; they can take no further call; they are not connected; somebody
refuses the call."""
BEHAVIOURS: tuple[Behaves, ...] = ("answers", "silent", "in_call", "busy", "off", "declines")

Kind = Literal["rings", "splash", "forward", "mailbox", "service", "announce", "ends", "answered"]


@dataclass(frozen=True, slots=True)
class Called:
    """A line's phones, or a number outside, in one period of ringing."""

    number: str
    "An extension, or a number as `dialled.outside` reads it."
    inside: bool
    behaves: Behaves
    name: str = ""
    confirm: bool = False
    "Whoever answers there has to press 1."

    @property
    def rings(self) -> bool:
        """Whether it makes a sound at all."""
        return self.behaves in ("answers", "silent") or (self.inside and self.behaves == "in_call")


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happens to the call."""

    kind: Kind
    at: int
    "Seconds after it came in; announcements and keys pressed are not counted."
    step: Step
    feature: str
    "The feature to which it is due."
    called: tuple[Called, ...] = ()
    seconds: int = 0
    "How long it rings."


@dataclass(frozen=True, slots=True)
class Leg:
    """The call at one line, or on its way to one number."""

    call: CallFacts
    explained: Explained
    moments: tuple[Moment, ...]
    phones: tuple[Called, ...] = ()
    "Whatever might have rung there, also what did not."

    @property
    def line(self) -> str:
        """The extension that it is for; "" for none of ours."""
        return self.explained.plan.to_line


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The whole call: at least one leg, each with at least one moment."""

    legs: tuple[Leg, ...]

    @property
    def end(self) -> Moment:
        """Where it comes to rest."""
        return self.legs[-1].moments[-1]

    @property
    def called(self) -> tuple[Called, ...]:
        """Every telephone that the call might have met, once, in that order."""
        found: dict[str, Called] = {}
        for leg in self.legs:
            for each in (*leg.phones, *(one for moment in leg.moments for one in moment.called)):
                found.setdefault(each.number, each)
        return tuple(found.values())


def rehearse(
    call: CallFacts, office: Office, behaves: Mapping[str, Behaves] | None = None
) -> Rehearsal:
    """What would become of this call.

    behaves: by extension or number, what its phones do; else the facts of the call say it, and
    what rings is not answered.
    """
    return _Walk(office, behaves or {}).whole(call)


class _Walk:
    """One rehearsal; the seconds go on from leg to leg."""

    def __init__(self, office: Office, behaves: Mapping[str, Behaves]) -> None:
        self.office, self.behaves = office, behaves
        self.at = 0
        self.began = datetime.min

    def whole(self, call: CallFacts) -> Rehearsal:
        self.began = call.at
        legs: list[Leg] = []
        onward: CallFacts | None = call
        while onward is not None and len(legs) <= MOST + 1:
            leg = self._leg(self._facts(onward))
            legs.append(leg)
            last = leg.moments[-1].step
            onward = last.call if isinstance(last, Forward) else None
        return Rehearsal(tuple(legs))

    def _facts(self, call: CallFacts) -> CallFacts:
        """The call at its present moment, with lines that stand as supposed. Whoever calls from
        inside is in a call: this one."""

        def those(*kinds: Behaves) -> frozenset[str]:
            return frozenset(each for each, does in self.behaves.items() if does in kinds)

        supposed = frozenset(self.behaves)
        calling = {call.from_line} - {""}
        return replace(
            call,
            at=self.began + timedelta(seconds=self.at),
            registered=(call.registered | (supposed & self.office.lines.keys())) - those("off"),
            busy=(call.busy - supposed) | those("busy"),
            in_call=(call.in_call - supposed) | those("in_call") | calling,
        )

    def _leg(self, call: CallFacts) -> Leg:
        explained = explain(call, self.office)
        plan = explained.plan
        found: list[Moment] = []
        todo = list(plan.steps)
        while todo:
            if isinstance(todo[0], Ring):
                periods: list[Ring] = []
                while todo and isinstance(todo[0], Ring):
                    periods.append(todo[0])
                    del todo[0]
                why = self._periods(periods, explained, call, found)
                if why == "answered":
                    break
                instead = _instead(why, plan)
                todo = todo if instead is None else list(instead)
                continue
            step = todo.pop(0)
            if isinstance(step, Splash):
                found.append(Moment("splash", self.at, step, explained.by(step)))
                continue
            if isinstance(step, Outside):
                why = self._outside(step, explained, found)
                if why == "answered":
                    break
                if why == "unavailable" and plan.on_unavailable is not None:
                    todo = list(plan.on_unavailable)
                if not todo:
                    todo = [_WHY_NOT.get(why, Reject(480, ""))]
                continue
            found.append(Moment(_kind(step), self.at, step, explained.by(step)))
            break
        return Leg(call, explained, tuple(found), self._phones(explained, call))

    def _phones(self, explained: Explained, call: CallFacts) -> tuple[Called, ...]:
        """The telephones whose state this line's decision asked for."""
        line = explained.plan.to_line
        asked = {stage.feature for stage in explained.stages if stage.state != "not_reached"}
        if line not in self.office.lines or "unavailable" not in asked:
            return ()
        found = {line: self._inside(line, call)}
        for phone in options_for(ring_plan.Options, "ring_plan", self.office, line=line).phones:
            target = destination(phone.number, self.office) if phone.number else None
            if target is not None and target.line:
                found.setdefault(target.line, self._inside(target.line, call))
            elif target is not None:
                outside = Called(target.number, False, self._far(target.number), phone.name)
                found.setdefault(target.number, outside)
        return tuple(found.values())

    def _periods(
        self, periods: list[Ring], explained: Explained, call: CallFacts, found: list[Moment]
    ) -> str:
        """Ring, period after period; why that ended, as `calls.ring` says it."""
        whys: list[str] = []
        rang = False
        for step in periods:
            called = self._called(step, call)
            if any(
                each.inside and each.behaves == "declines" and each.number == explained.plan.to_line
                for each in called
            ):
                found.append(Moment("rings", self.at, step, explained.by(step), called, 0))
                return "declined"
            seconds = step.seconds if any(each.rings for each in called) else 0
            found.append(Moment("rings", self.at, step, explained.by(step), called, seconds))
            answering = tuple(each for each in called if each.behaves == "answers")
            if answering:
                found.append(Moment("answered", self.at, step, explained.by(step), answering))
                return "answered"
            rang = rang or seconds > 0
            self.at += seconds
            whys.extend("busy" for each in called if each.behaves in ("busy", "in_call"))
        if rang:
            return "no_answer"
        return "busy" if whys else "unavailable"

    def _called(self, step: Ring, call: CallFacts) -> tuple[Called, ...]:
        inside = tuple(self._inside(line, call) for line in step.lines)
        return inside + tuple(
            Called(
                phone.out.number,
                False,
                self._far(phone.out.number),
                phone.name,
                phone.confirm,
            )
            for phone in step.outside
        )

    def _inside(self, line: str, call: CallFacts) -> Called:
        return Called(line, True, self._does(line, call), self.office.lines[line].name)

    def _far(self, number: str) -> Behaves:
        return self.behaves.get(number, "silent")

    def _does(self, line: str, call: CallFacts) -> Behaves:
        if line in self.behaves:
            return self.behaves[line]
        if line not in call.registered:
            return "off"
        if line in call.busy:
            return "busy"
        return "in_call" if line in call.in_call else "silent"

    def _outside(self, step: Outside, explained: Explained, found: list[Moment]) -> str:
        """Call a number outside; why that ended."""
        does = self._far(step.number)
        called = (Called(step.number, False, does),)
        seconds = step.seconds if does == "silent" else 0
        found.append(Moment("rings", self.at, step, explained.by(step), called, seconds))
        self.at += seconds
        if does == "answers":
            found.append(Moment("answered", self.at, step, explained.by(step), called))
            return "answered"
        return {"silent": "no_answer", "off": "unavailable", "declines": "declined"}.get(
            does, "busy"
        )


_WHY_NOT: Mapping[str, Step] = {
    "busy": Reject(486, ""),
    "declined": Reject(603, ""),
    "unavailable": Announce("announce.unavailable", 480, ""),
}
"What callers hear when a number outside does not take the call (`calls.way_out.say_why_not`)."


def _instead(why: str, plan: Plan) -> tuple[Step, ...] | None:
    ways = {
        "busy": plan.on_busy,
        "unavailable": plan.on_unavailable,
        "declined": plan.on_declined,
    }
    return ways.get(why)


def _kind(step: Step) -> Kind:
    match step:
        case Forward():
            return "forward"
        case Mailbox():
            return "mailbox"
        case Service() | PickUp() | Park() | Retrieve():
            return "service"
        case Announce():
            return "announce"
        case _:
            return "ends"
