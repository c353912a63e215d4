"""What holds for every call in every office."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pbx.routing.decide import decide
from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.office import Office, Person, ServiceCode
from pbx.routing.plan import Plan, Ring, Step
from tests.unit.routing.routing_office import NOON

EXTENSIONS = st.from_regex(r"[0-9]{2,6}", fullmatch=True)
NUMBERS = st.sampled_from(["", "+390612345678", "+390287654321", "+393331234567"])
KEYS = st.text("0123456789*#+", max_size=20)
JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=4), st.lists)
OPTIONS = st.dictionaries(
    st.sampled_from(["mailbox", "ring_plan", "own_line", "busy"]),
    st.dictionaries(st.sampled_from(["seconds", "longest_seconds", "opens_mailbox"]), JSON),
)


@st.composite
def offices(draw: st.DrawFn) -> Office:
    lines = {
        extension: Person(
            line_id=number,
            extension=extension,
            name="",
            number=draw(NUMBERS),
            has_mailbox=draw(st.booleans()),
            active=draw(st.booleans()),
            options=draw(OPTIONS),
        )
        for number, extension in enumerate(draw(st.sets(EXTENSIONS, max_size=5)), start=1)
    }
    codes = draw(st.dictionaries(KEYS.filter(bool), st.booleans(), max_size=4))
    # A number may still name a line that is gone: routing must not trust it.
    numbers = {person.number: person.extension for person in lines.values() if person.number}
    return Office(
        lines=lines,
        numbers={**numbers, "+390699999999": "999999"},
        services={code: ServiceCode(code, "echo", more) for code, more in codes.items()},
        options=draw(OPTIONS),
    )


@st.composite
def offices_and_calls(draw: st.DrawFn) -> tuple[Office, CallFacts]:
    office = draw(offices())
    known = st.sampled_from(sorted({*office.lines, *office.numbers, *office.services, "112"}))
    some = st.frozensets(known)
    facts = CallFacts(
        dialled=draw(known | KEYS | st.text(max_size=8)),
        at=NOON,
        from_line=draw(known | st.just("")),
        arrival=draw(st.sampled_from(Arrival)),
        registered=draw(some),
        busy=draw(some),
    )
    return office, facts


def branches(plan: Plan) -> list[tuple[Step, ...]]:
    return [plan.steps, *(b for b in (plan.on_busy, plan.on_unavailable) if b is not None)]


@given(offices_and_calls())
def test_every_plan_ends_has_a_reason_and_rings_only_lines_of_the_office(
    given_: tuple[Office, CallFacts],
) -> None:
    office, facts = given_
    plan = decide(facts, office)
    assert plan.because
    assert all(reason.it and reason.en for reason in plan.because)
    for steps in branches(plan):
        assert steps
        assert not isinstance(steps[-1], Ring)
        for step in steps:
            if isinstance(step, Ring):
                assert step.lines
                assert step.seconds > 0
                assert all(office.lines[line].active for line in step.lines)


@given(offices_and_calls())
def test_the_same_call_in_the_same_office_has_the_same_plan(
    given_: tuple[Office, CallFacts],
) -> None:
    office, facts = given_
    plan = decide(facts, office)
    assert decide(replace(facts), replace(office)) == plan
