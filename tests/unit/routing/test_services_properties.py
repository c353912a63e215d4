"""What holds for every call in every office, whatever people have set: it ends, nobody rings twice
for one forward, nobody is called whom the payer may not call, and every service that mattered is
named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pbx.routing.callers import KINDS as CALLER_KINDS
from pbx.routing.callers import LISTS, Caller
from pbx.routing.decide import decide
from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.forwarding import MOST
from pbx.routing.office import (
    DirectNumber,
    Hours,
    Office,
    Person,
    ServiceCode,
    ShortCode,
    TrunkFacts,
)
from pbx.routing.plan import Forward, Outside, Plan, Ring, Service, Splash, Step
from pbx.routing.rights import CLASSES, Rule, class_of, is_barred, may_call
from pbx.routing.star_codes import ITALIAN
from tests.unit.routing.routing_office import NOON

LINES = ("201", "202", "203", "204", "205", "12")
OURS = ("+390255501201", "+390255501202", "+390255501000")
OUTSIDE = (
    "+393331234567",
    "+442079460000",
    "892424",
    "800123456",
    "+390612345678",
    "+881612345678",
)
STRANGER = "+393339876543"
DIALLED = (
    *(*LINES, *OURS, *OUTSIDE, "700", "701", "702", "112", "0112", "999", ""),
    *("03331234567", "000442079460000", "0892424", "0800123456", "00612345678"),
    *("*21*202#", "*21*0892424#", "#31#03331234567", "#31#700", "*26#", "*#21#", "*86", "*21*"),
)
NUMBERS = st.sampled_from(DIALLED)


def forward(**more: st.SearchStrategy[object]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({"enabled": st.booleans(), "number": NUMBERS, **more})


PHONES: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {
        "number": NUMBERS,
        "rings": st.lists(st.booleans(), max_size=6),
        "confirm": st.none() | st.booleans(),
    }
)
CALLERS = st.dictionaries(
    st.sampled_from(sorted(LISTS)),
    st.lists(
        st.builds(
            lambda kind, value: Caller(kind, value, "Maria", 1, frozenset((value,))),
            st.sampled_from(CALLER_KINDS),
            st.sampled_from((*LINES, STRANGER, "+3933", "")),
        ),
        max_size=4,
    ).map(tuple),
)
OPTIONS: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {},
    optional={
        "forward_all": forward(notify=st.booleans()),
        "selective_forward": forward(),
        **{
            service: st.fixed_dictionaries({"enabled": st.booleans()})
            for service in (
                *("anonymous_reject", "selective_reject", "priority_callers"),
                *("barred_incoming", "call_waiting"),
            )
        },
        "forward_busy": forward(),
        "forward_unavailable": forward(),
        "forward_no_answer": forward(seconds=st.integers(0, 500)),
        "do_not_disturb": st.fixed_dictionaries({"enabled": st.booleans()}),
        "mailbox": st.fixed_dictionaries({"seconds": st.integers(0, 420)}),
        "ring_plan": st.fixed_dictionaries(
            {
                "longest_seconds": st.integers(5, 170),
                "mode": st.sampled_from(("own", "in_order", "together", "?")),
                "periods": st.lists(st.integers(0, 61), max_size=7),
                "phones": st.lists(PHONES, max_size=11),
            }
        ),
        "caller_id": st.fixed_dictionaries(
            {
                "hide": st.booleans(),
                "passes_caller": st.booleans(),
                "shows_caller": st.booleans(),
            }
        ),
    },
)
RIGHTS = st.frozensets(st.sampled_from([each.name for each in CLASSES]))
TARGETS = st.one_of(
    st.tuples(st.just("line"), st.sampled_from(LINES)),
    st.tuples(st.just("mailbox"), st.sampled_from(LINES)),
    st.tuples(st.just("number"), st.sampled_from((*OUTSIDE, *OURS))),
    st.tuples(st.just("announcement"), st.just("announce.office_closed")),
)


@st.composite
def offices(draw: st.DrawFn) -> Office:
    lines = {
        line: Person(
            line_id=number,
            extension=line,
            name=line,
            has_mailbox=draw(st.booleans()),
            active=draw(st.integers(0, 9)) > 0,
            rights=draw(RIGHTS),
            options=draw(OPTIONS),
            callers=draw(CALLERS),
        )
        for number, line in enumerate(LINES, start=1)
    }
    direct = {}
    for number in draw(st.sets(st.sampled_from(OURS))):
        kind, target = draw(TARGETS)
        closed_kind, closed_target = draw(TARGETS | st.just(("", "")))
        direct[number] = DirectNumber(number, kind, target, 1, closed_kind, closed_target)
    rules = {
        prefix: Rule(
            prefix,
            draw(st.sampled_from([each.name for each in CLASSES])),
            barred=draw(st.booleans()),
        )
        for prefix in draw(st.sets(st.sampled_from(["+39", "+44", "3", "89", "800"])))
    }
    return Office(
        lines=lines,
        numbers=dict(zip(OURS, LINES, strict=False)),
        services={
            **{code: ServiceCode(code, app) for code, app in ITALIAN.items()},
            "*86": ServiceCode("*86", "voicemail_menu"),
        },
        options=draw(st.just({}) | OPTIONS),
        trunks={1: TrunkFacts(1, "Linea", enabled=draw(st.integers(0, 3)) > 0)},
        short_codes={
            code: ShortCode(code, draw(NUMBERS), code, draw(st.booleans()))
            for code in ("700", "701", "702")
        },
        direct_numbers=direct,
        hours={1: Hours("Ufficio", [[["09:00", "18:00"]]] * 7)},
        rules=rules,
        dnd_first=draw(st.booleans()),
    )


@st.composite
def calls(draw: st.DrawFn) -> CallFacts:
    outside = draw(st.booleans())
    some = st.frozensets(st.sampled_from(LINES))
    return CallFacts(
        dialled=draw(NUMBERS),
        at=NOON,
        from_line="" if outside else draw(st.sampled_from(LINES)),
        from_trunk=1 if outside else 0,
        caller_number=draw(st.sampled_from((STRANGER, "3339876543", ""))) if outside else "",
        withheld=draw(st.booleans()),
        on_behalf=draw(st.sampled_from(("", "", "201"))),
        arrival=draw(st.sampled_from(Arrival)),
        registered=draw(some),
        busy=draw(some),
        in_call=draw(some),
        needed_help=draw(st.frozensets(st.sampled_from(LINES), max_size=1)),
    )


def branches(plan: Plan) -> Iterator[Step]:
    yield from plan.steps
    yield from plan.on_busy or ()
    yield from plan.on_unavailable or ()


def every_plan(call: CallFacts, office: Office, depth: int = 0) -> Iterator[tuple[CallFacts, Plan]]:
    """The call's plan, and those of every forward that any of its branches may follow."""
    assert depth <= MOST, "forwarded without end"
    plan = decide(call, office)
    yield call, plan
    for step in dict.fromkeys(branches(plan)):
        if isinstance(step, Forward):
            yield from every_plan(step.call, office, depth + 1)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(offices(), calls())
def test_every_call_keeps_what_is_promised_of_all(office: Office, call: CallFacts) -> None:
    """Together, because an office costs more to imagine than to judge; a failure names which."""
    ends_well(office, call)
    within_rights(grants_nothing(office), call)
    names_what_mattered(office, call)
    refuses_a_stranger(office, call)


def within_rights(office: Office, call: CallFacts) -> None:
    """No branch of this call leaves the office against the rights of who pays for it."""
    for facts, plan in every_plan(call, office):
        assert not facts.granted
        for step in branches(plan):
            if not isinstance(step, Outside):
                continue
            if step.emergency:
                assert not step.withheld
                continue
            may_be_called(step, office.lines.get(facts.payer), office)
        for ring in (step for step in branches(plan) if isinstance(step, Ring)):
            for phone in ring.outside:
                assert not phone.out.emergency
                assert class_of(phone.out.number, office.rules) != "emergency"
                assert phone.out.number not in OURS
                may_be_called(phone.out, office.lines.get(plan.to_line), office)
            assert not ring.outside or facts.arrival is Arrival.DIRECT
            for line in set(ring.lines) - {plan.to_line}:
                assert line in facts.registered - facts.busy
                assert line not in facts.diverted_by
                assert line != facts.from_line


def may_be_called(step: Outside, payer: Person | None, office: Office) -> None:
    """The office has a line for it, and who pays has the right."""
    assert office.trunks[1].enabled
    assert not is_barred(step.number, office.rules)
    assert payer is not None, step
    assert may_call(payer, class_of(step.number, office.rules)), step


def ends_well(office: Office, call: CallFacts) -> None:
    """Every branch of this call ends, is explained, and never comes back to a line."""
    for facts, plan in every_plan(call, office):
        assert len(set(facts.diverted_by)) == len(facts.diverted_by) <= MOST
        assert len(facts.causes) == len(facts.diverted_by)
        assert plan.because
        assert all(reason.it and reason.en for reason in plan.because)
        assert plan.steps
        for steps in (plan.steps, plan.on_busy, plan.on_unavailable):
            assert steps is None or not isinstance(steps[-1], Ring | Splash)
        for step in branches(plan):
            if isinstance(step, Ring):
                assert step.lines or step.outside
                assert 0 < step.seconds <= 420
                assert all(office.lines[line].active for line in step.lines)
        assert plan.anew is None


def random_office(dice: Random) -> Office:
    """An office with settings at random, made a hundred times as fast as hypothesis does."""

    def one_forward() -> dict[str, object]:
        return {"enabled": dice.random() < 0.7, "number": dice.choice(DIALLED)}

    lines = {}
    for number, line in enumerate(LINES, start=1):
        options: dict[str, dict[str, object]] = {
            f"forward_{kind}": one_forward()
            for kind in ("all", "busy", "no_answer", "unavailable")
            if dice.random() < 0.5
        }
        for switch in ("do_not_disturb", *LISTS, "anonymous_reject", "barred_incoming"):
            if dice.random() < 0.2:
                options[switch] = {**one_forward(), "enabled": True}
        if dice.random() < 0.3:
            options["call_waiting"] = {"enabled": False}
        if dice.random() < 0.5:
            options["ring_plan"] = random_plan(dice)
        options["mailbox"] = {"seconds": dice.choice((0, 5, 25, 30, 60, 420))}
        lines[line] = Person(
            line_id=number,
            extension=line,
            name=line,
            has_mailbox=dice.random() < 0.8,
            active=dice.random() < 0.9,
            rights=frozenset(each.name for each in CLASSES if dice.random() < 0.5),
            options=options,
            callers={
                service: (Caller("number", STRANGER, "Maria", 1, frozenset((STRANGER,))),)
                for service in LISTS
                if dice.random() < 0.3
            },
        )
    return Office(
        lines=lines,
        numbers=dict(zip(OURS, LINES, strict=False)),
        services={code: ServiceCode(code, app) for code, app in ITALIAN.items()},
        trunks={1: TrunkFacts(1, "Linea")},
        short_codes={"700": ShortCode("700", dice.choice(DIALLED), "700")},
        direct_numbers={OURS[2]: DirectNumber(OURS[2], "line", dice.choice(LINES))},
        dnd_first=dice.random() < 0.5,
    )


def random_plan(dice: Random) -> dict[str, object]:
    """A ring plan at random, right in its shape."""
    return {
        "mode": dice.choice(("own", "in_order", "together")),
        "periods": [dice.randint(1, 60) for _ in range(dice.randint(0, 6))],
        "phones": [
            {"number": dice.choice(DIALLED), "rings": [dice.random() < 0.5 for _ in range(6)]}
            for _ in range(dice.randint(0, 10))
        ],
    }


def test_three_thousand_offices_at_random() -> None:
    dice = Random(2026)
    for _ in range(3000):
        office = random_office(dice)
        call = CallFacts(
            dialled=dice.choice(DIALLED),
            at=NOON,
            from_line=dice.choice((*LINES, "")),
            registered=frozenset(line for line in LINES if dice.random() < 0.8),
            busy=frozenset(line for line in LINES if dice.random() < 0.2),
            in_call=frozenset(line for line in LINES if dice.random() < 0.3),
        )
        if not call.from_line:
            call = replace(call, from_trunk=1, caller_number=STRANGER, withheld=dice.random() < 0.2)
        ends_well(office, call)
        within_rights(office, call)
        names_what_mattered(office, call)


SWITCHES: dict[str, dict[str, Any]] = {
    **{
        feature: {"enabled": False}
        for feature in (
            *("forward_all", "forward_busy", "forward_no_answer", "forward_unavailable"),
            *("anonymous_reject", "barred_incoming", "do_not_disturb", *LISTS),
        )
    },
    "call_waiting": {"enabled": True},
    "ring_plan": {"mode": "own"},
}
"What switches each service off."
CAUSES = {
    302: {"forward_all", "selective_forward"},
    486: {"forward_busy"},
    408: {"forward_no_answer"},
    503: {"forward_unavailable"},
}
BEFORE = ("barred_incoming", "anonymous_reject", "selective_reject", "selective_forward")


def names_what_mattered(office: Office, call: CallFacts) -> None:
    """Each service without which the call would go elsewhere stands among the reasons."""
    plan = decide(call, office)
    person = office.lines.get(plan.to_line)
    if person is None:
        return
    named = {reason.feature for reason in plan.because}
    words = " ".join(reason.en for reason in plan.because).lower()
    for feature, off in SWITCHES.items():
        if feature not in person.options:
            continue
        options = {**person.options, feature: {**person.options[feature], **off}}
        changed = {**office.lines, plan.to_line: replace(person, options=options)}
        without = decide(call, replace(office, lines=changed))
        if list(branches(without)) != list(branches(plan)):
            assert feature in named or feature.replace("_", " ") in words, feature


def grants_nothing(office: Office) -> Office:
    """The office without what its administrator allows to whoever comes: codes for everybody,
    numbers that go on outside."""
    return replace(
        office,
        short_codes={
            code: replace(each, for_everybody=False) for code, each in office.short_codes.items()
        },
        direct_numbers={
            number: each
            for number, each in office.direct_numbers.items()
            if "number" not in (each.kind, each.closed_kind)
        },
    )


def refuses_a_stranger(office: Office, call: CallFacts) -> None:
    """Whoever comes in over a line changes nothing and calls nobody outside."""
    stranger = replace(call, from_line="", from_trunk=1, on_behalf="")
    plan = decide(stranger, replace(office, direct_numbers={}))
    assert not any(isinstance(step, Outside | Service) for step in branches(plan))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(offices(), st.sampled_from(LINES), st.booleans())
def test_do_not_disturb_is_named_when_it_mattered(office: Office, line: str, away: bool) -> None:
    registered = frozenset() if away else frozenset(LINES)
    caller = next(each for each in LINES if each != line)
    call = CallFacts(dialled=line, at=NOON, from_line=caller, registered=registered)
    plan = decide(call, office)
    named = {reason.feature for reason in plan.because}
    for step in branches(plan):
        if isinstance(step, Forward):
            assert named & CAUSES[step.cause]
    if plan.to_line and not {"own_line", "diversions", *BEFORE} & named:
        quiet = {**office.options, **office.lines[line].options}.get("do_not_disturb", {})
        without = replace(
            office,
            options={**office.options, "do_not_disturb": {"enabled": False}},
            lines={
                **office.lines,
                line: replace(
                    office.lines[line],
                    options={**office.lines[line].options, "do_not_disturb": {"enabled": False}},
                ),
            },
        )
        if quiet.get("enabled") and decide(call, without).steps != plan.steps:
            assert any("disturb" in reason.en for reason in plan.because)


CHAIN = tuple(str(number) for number in range(201, 210))


def office_of_chains(dice: Random) -> Office:
    """Nine lines that forward to each other and stand in each other's ring plans."""
    lines = {}
    for number, line in enumerate(CHAIN, start=1):
        options: dict[str, dict[str, object]] = {
            f"forward_{kind}": {"enabled": True, "number": dice.choice(CHAIN)}
            for kind in ("all", "busy", "no_answer", "unavailable")
            if dice.random() < 0.4
        }
        options["ring_plan"] = {
            "mode": dice.choice(("in_order", "together")),
            "periods": [20, 20],
            "phones": [
                {"number": dice.choice(("", *CHAIN)), "rings": [True, True]} for _ in range(4)
            ],
        }
        lines[line] = Person(line_id=number, extension=line, name=line, options=options)
    return Office(lines=lines, trunks={1: TrunkFacts(1, "Linea")})


def test_forwards_in_a_circle_are_cut() -> None:
    dice = Random(42)
    longest = passed_over = 0
    for _ in range(600):
        office = office_of_chains(dice)
        call = CallFacts(
            dialled=dice.choice(CHAIN),
            at=NOON,
            from_line=dice.choice(CHAIN),
            registered=frozenset(line for line in CHAIN if dice.random() < 0.8),
            busy=frozenset(line for line in CHAIN if dice.random() < 0.2),
        )
        ends_well(office, call)
        within_rights(office, call)
        for facts, plan in every_plan(call, office):
            longest = max(longest, len(facts.diverted_by))
            passed_over += any("it forwarded the call" in each.en for each in plan.because)
    assert longest == MOST, "some chain was longer than may be, and was cut"
    assert passed_over > 20, "some ring plan had a phone of who forwarded the call"
