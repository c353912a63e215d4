"""Which settings get in each other's way (behaviour.md s.1.5), row by row; and that what is said to
be ignored completely really makes no difference, whatever the settings and whoever calls."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from pbx.routing.callers import LISTS, Caller
from pbx.routing.conflict import Conflict
from pbx.routing.conflicts import conflicts
from pbx.routing.decide import decide
from pbx.routing.explain import with_settings
from pbx.routing.facts import CallFacts
from pbx.routing.names import SERVICES
from pbx.routing.office import Office, TrunkFacts
from tests.unit.routing.routing_office import NOON, office_of, person

Options = dict[str, dict[str, Any]]
MOBILE, FAR = "+393331234567", "+442079460000"
OFFICE = replace(
    person(office_of("201", "203", "204", "205"), "202", number="+390255501202"),
    trunks={1: TrunkFacts(1, "Linea")},
)


def on(number: str = "", **more: Any) -> dict[str, Any]:
    return {"enabled": True, **({"number": number} if number else {}), **more}


def plan(*rows: tuple[str, tuple[bool, ...]], periods: tuple[int, ...] = (18, 12)) -> Options:
    phones = [{"number": number, "rings": list(rings)} for number, rings in rows]
    return {"ring_plan": {"mode": "in_order", "periods": list(periods), "phones": phones}}


def number(value: str, entry: int) -> Caller:
    return Caller("number", value, f"Numero {entry}", entry, frozenset({value}))


def lists(**by: tuple[Caller, ...]) -> dict[str, tuple[Caller, ...]]:
    return {
        {"reject": "selective_reject", "priority": "priority_callers"}.get(
            name, "selective_forward"
        ): entries
        for name, entries in by.items()
    }


def found(
    options: Options, callers: dict[str, tuple[Caller, ...]] | None = None, **changes: Any
) -> tuple[Conflict, ...]:
    return conflicts("202", replace(with_settings(OFFICE, "202", options, callers), **changes))


QUIET: Options = {"do_not_disturb": on()}
ALL: Options = {"forward_all": on("203")}
SAME = number(MOBILE, 1), number(MOBILE, 2)
BOTH = {"selective_reject": on(), "priority_callers": on(), "selective_forward": on("203")}
ANONYMOUS = Caller("anonymous", entry_id=7)
LONG = plan(("", (True, True)), periods=(30, 20))
OUTSIDE = plan(("", (True, False)), (MOBILE, (False, True)))


@pytest.mark.parametrize(
    ("options", "callers", "expected", "fixes"),
    [
        # DND + busy forward
        (QUIET | {"forward_busy": on("203")}, {}, [("do_not_disturb", "partly", 0)],
         ["forward_busy"]),
        # DND + forward all
        (QUIET | ALL, {}, [("do_not_disturb", "ignored", 0)], ["forward_all", "do_not_disturb"]),
        # forward all + ring plan, busy, no answer, unavailable
        (ALL | OUTSIDE, {}, [("ring_plan", "ignored", 0)], ["forward_all", "ring_plan"]),
        (ALL | {"forward_busy": on("204")}, {}, [("forward_busy", "ignored", 0)],
         ["forward_all", "forward_busy"]),
        (ALL | {"forward_no_answer": on("204")}, {}, [("forward_no_answer", "ignored", 0)],
         ["forward_all", "forward_no_answer"]),
        (ALL | {"forward_unavailable": on("204")}, {}, [("forward_unavailable", "ignored", 0)],
         ["forward_all", "forward_unavailable"]),
        # selective forward + forward all to the same number
        (ALL | {"selective_forward": on("203")}, lists(forward=SAME[:1]),
         [("selective_forward", "info", 0)], ["selective_forward"]),
        # forward to oneself, by extension and by number
        ({"forward_all": on("202")}, {}, [("forward_all", "ignored", 0)],
         ["forward_all", "forward_all"]),
        ({"forward_busy": on("+390255501202")}, {}, [("forward_busy", "ignored", 0)],
         ["forward_busy", "forward_busy"]),
        ({"selective_forward": on("202")}, lists(forward=SAME[:1]),
         [("selective_forward", "ignored", 0)], ["selective_forward", "selective_forward"]),
        # the same caller in two lists
        (BOTH, lists(reject=SAME[:1], forward=SAME[1:]),
         [("selective_forward", "ignored", 2), ("selective_reject", "info", 1)],
         ["selective_reject", "selective_forward"]),
        (BOTH, lists(reject=SAME[:1], priority=SAME[1:]),
         [("priority_callers", "ignored", 2), ("selective_reject", "info", 1)],
         ["selective_reject", "priority_callers"]),
        (BOTH, lists(forward=SAME[:1], priority=SAME[1:]),
         [("priority_callers", "ignored", 2), ("selective_forward", "info", 1)],
         ["selective_forward", "priority_callers"]),
        ({}, lists(reject=SAME[:1], priority=SAME[1:]),
         [("priority_callers", "info", 2), ("selective_reject", "info", 1)],
         ["selective_reject", "priority_callers"]),
        # anonymous rejection + `anonimo`
        (BOTH | {"anonymous_reject": on()}, lists(priority=(ANONYMOUS,)),
         [("priority_callers", "ignored", 7)], ["priority_callers", "anonymous_reject"]),
        # the mailbox's timer
        (LONG, {}, [("ring_plan", "partly", 0)], ["mailbox"]),
        ({"forward_no_answer": on("203", seconds=40)}, {}, [("forward_no_answer", "ignored", 0)],
         ["mailbox", "forward_no_answer"]),
        # no answer after the end of the plan, and before it
        (plan(("", (True,)), periods=(15,)) | {"forward_no_answer": on("203", seconds=25)}, {},
         [("forward_no_answer", "info", 0)], []),
        (LONG | {"forward_no_answer": on("203", seconds=25)}, {}, [("ring_plan", "partly", 0)],
         ["forward_no_answer"]),
        # unavailable + a telephone outside
        (OUTSIDE | {"forward_unavailable": on("204")}, {}, [("forward_unavailable", "info", 0)],
         []),
        # a number that may not be called
        ({"forward_all": on(FAR)}, {}, [("forward_all", "ignored", 0)],
         ["forward_all", "forward_all"]),
        (plan(("", (True,)), (FAR, (True,)), periods=(15,)), {}, [("ring_plan", "partly", 0)], []),
        # a colleague by extension and by number
        ({}, lists(reject=(
            Caller("extension", "203", "Sara", 1, frozenset({"203", "+390255501203"})),
            Caller("number", "+390255501203", "Sara", 2, frozenset({"203", "+390255501203"})),
        )), [("selective_reject", "info", 2)], ["selective_reject"]),
        # nothing
        ({}, {}, [], []),
        ({"forward_busy": on("203"), "forward_unavailable": on("204")}, {}, [], []),
        (BOTH, lists(reject=SAME[:1], forward=(number("+390612345678", 2),)), [], []),
    ],
)  # fmt: skip
def test_each_row(
    options: Options, callers: Any, expected: list[tuple[str, str, int]], fixes: list[str]
) -> None:
    these = found(options, callers)
    assert [(each.on, each.severity, each.entry) for each in these] == expected
    assert all(each.it and each.en and each.it != each.en for each in these)
    if these:
        assert [fix.feature for fix in these[0].fixes] == fixes


def test_a_loop_between_two_lines_is_shown_on_both() -> None:
    office = with_settings(OFFICE, "203", {"forward_all": on("202")})
    office = with_settings(office, "202", ALL)
    for line in ("202", "203"):
        assert [(each.on, each.severity) for each in conflicts(line, office)] == [
            ("forward_all", "partly")
        ]


def test_when_do_not_disturb_comes_first_the_forward_is_what_is_ignored() -> None:
    these = found(QUIET | ALL, dnd_first=True)
    assert [(each.on, each.severity) for each in these] == [("forward_all", "ignored")]
    with_priority = QUIET | ALL | {"priority_callers": on()}
    these = found(with_priority, lists(priority=SAME[:1]), dnd_first=True)
    assert [(each.on, each.severity) for each in these] == [("forward_all", "partly")]


def test_a_prefix_may_mean_some_or_all_of_a_lists_callers() -> None:
    prefix = Caller("prefix", "+3933", "", 1)
    these = found(BOTH, lists(reject=(prefix,), forward=(number(MOBILE, 2),)))
    assert these[0].severity == "ignored"
    these = found(BOTH, lists(reject=(number(MOBILE, 2),), forward=(prefix,)))
    assert these[0].severity == "partly"


def test_a_remedy_removes_what_it_remedies() -> None:
    for options in (QUIET | {"forward_busy": on("203")}, QUIET | ALL, ALL | OUTSIDE, LONG):
        (first,) = found(options)[:1]
        fix = first.fixes[0]
        assert fix.values is not None
        after = with_settings(
            with_settings(OFFICE, "202", options), "202", {fix.feature: fix.values}
        )
        assert first.on not in {each.on for each in conflicts("202", after)}


def test_names_are_those_of_the_lists() -> None:
    for name, each in LISTS.items():
        assert (SERVICES[name].it, SERVICES[name].en) == (each.it, each.en)


def test_a_line_that_is_not_there_has_none() -> None:
    assert conflicts("299", OFFICE) == ()


def test_long_lists_are_quickly_compared() -> None:
    callers = lists(
        reject=tuple(number(f"+39333{n:07}", n) for n in range(10_000)),
        priority=tuple(Caller("prefix", f"+39333{n:05}", "", n) for n in range(10_000)),
    )
    assert found(BOTH, callers)


# --- ignored completely ------------------------------------------------------------------------

NUMBERS = (MOBILE, "+390612345678", "203", "204", "+390255501202", FAR, "202", "999")
CALLERS = (MOBILE, "+390612345678", "+390699999999")


def random_line(dice: Random) -> Office:
    """202 with settings at random."""
    options: Options = {}
    for name in ("forward_all", "forward_busy", "forward_no_answer", "forward_unavailable",
                 "selective_forward"):  # fmt: skip
        if dice.random() < 0.5:
            options[name] = on(dice.choice(NUMBERS))
    if "forward_no_answer" in options:
        options["forward_no_answer"]["seconds"] = dice.choice((5, 20, 30, 60))
    if "forward_all" in options and dice.random() < 0.3:
        options["forward_all"]["notify"] = True
    for name in ("do_not_disturb", "anonymous_reject", "selective_reject", "priority_callers"):
        if dice.random() < 0.5:
            options[name] = on()
    options["mailbox"] = {"seconds": dice.choice((0, 10, 25, 30, 60))}
    if dice.random() < 0.6:
        options["ring_plan"] = {
            "mode": dice.choice(("own", "in_order", "together")),
            "longest_seconds": dice.choice((15, 60, 120)),
            "periods": [dice.choice((5, 18, 40)) for _ in range(2)],
            "phones": [
                {"number": each, "rings": [dice.random() < 0.5, dice.random() < 0.5]}
                for each in dice.sample(("", "203", MOBILE, FAR), 2)
            ],
        }
    entries = (
        number(MOBILE, 0),
        number("+390612345678", 0),
        Caller("prefix", "+3906"),
        Caller("prefix", "+39"),
        Caller("extension", "203", "Sara", 0, frozenset({"203"})),
        ANONYMOUS,
        Caller("contact", "", "Due numeri", 0, frozenset({MOBILE, "+390612345678"})),
    )
    count = iter(range(1, 100))
    callers = {
        name: tuple(replace(each, entry_id=next(count)) for each in dice.sample(entries, 3))
        for name in LISTS
        if dice.random() < 0.6
    }
    office = person(OFFICE, "202", number="+390255501202", has_mailbox=dice.random() < 0.8)
    return replace(with_settings(office, "202", options, callers), dnd_first=dice.random() < 0.3)


def random_call(dice: Random) -> CallFacts:
    some = frozenset(line for line in ("202", "203", "204") if dice.random() < 0.6)
    inside = dice.random() < 0.4
    return CallFacts(
        dialled="202",
        at=NOON,
        from_line=dice.choice(("201", "203")) if inside else "",
        from_trunk=0 if inside else 1,
        caller_number="" if inside else dice.choice(CALLERS),
        withheld=not inside and dice.random() < 0.3,
        registered=some,
        busy=frozenset(line for line in ("202", "203") if dice.random() < 0.2),
        in_call=frozenset(line for line in ("202",) if dice.random() < 0.2),
    )


def without(office: Office, conflict: Conflict) -> Office:
    """The office without what the conflict calls ignored."""
    if conflict.entry:
        kept = tuple(
            each
            for each in office.lines["202"].callers[conflict.on]
            if each.entry_id != conflict.entry
        )
        return with_settings(office, "202", {}, {conflict.on: kept})
    values = {"mode": "own"} if conflict.on == "ring_plan" else {"enabled": False}
    return with_settings(office, "202", {conflict.on: values})


def test_what_is_ignored_completely_makes_no_difference() -> None:
    dice = Random(2026)
    seen: set[str] = set()
    for _ in range(500):
        office = random_line(dice)
        for conflict in conflicts("202", office):
            if conflict.severity != "ignored":
                continue
            seen.add(f"{conflict.on}:{bool(conflict.entry)}")
            bare = without(office, conflict)
            for _ in range(3):
                call = random_call(dice)
                one, two = decide(call, office), decide(call, bare)
                assert (one.steps, one.on_busy, one.on_unavailable) == (
                    two.steps,
                    two.on_busy,
                    two.on_unavailable,
                ), (conflict, call, office.lines["202"])
    assert seen >= {
        *("do_not_disturb:False", "forward_all:False", "ring_plan:False", "forward_busy:False"),
        *("forward_no_answer:False", "forward_unavailable:False", "selective_forward:False"),
        *("selective_forward:True", "priority_callers:True", "selective_reject:True"),
    }
