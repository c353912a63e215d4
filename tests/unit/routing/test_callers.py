"""Who is on a caller list: every form of a number, colleagues, prefixes, and who hides."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from pbx.routing.callers import LISTS, Caller, matches, words
from pbx.routing.decide import decide
from pbx.routing.facts import Arrival, CallFacts
from pbx.routing.office import DirectNumber, Office
from pbx.routing.plan import Announce, Plan
from tests.unit.routing.routing_office import call, office_of, person

MARIA = "+393331112222"


def number(value: str, name: str = "", entry: int = 1) -> Caller:
    return Caller("number", value, name, entry, frozenset((value,)))


def outside(caller: str, **changes: object) -> CallFacts:
    facts = call("202", by="", from_trunk=1, caller_number=caller, caller_name="")
    return replace(facts, **changes)  # type: ignore[arg-type]


OFFICE = replace(
    person(office_of("201", "202"), "203", number="+390255501203"),
    direct_numbers={"+390255501299": DirectNumber("+390255501299", "line", "203")},
)


@pytest.mark.parametrize(
    ("entry", "caller", "met"),
    [
        (number(MARIA), MARIA, True),
        (number(MARIA), "3331112222", True),
        (number(MARIA), "00393331112222", True),
        (number(MARIA), "+393331112223", False),
        # Last nine digits only when one side has no readable country.
        (number("+390612345678"), "+390612345678", True),
        (number("+39612345678"), "0612345678", False),
        (number("99912345678"), "+44912345678", True),
        (number("0999123456789"), "999123456789", True),
        (number("+390255501201"), "9990255501201", True),
        (number("+442079460000"), "+12079460000", False),
        (number("187"), "187", True),
        (number("187"), "1870", False),
        (Caller("prefix", "+39066"), "+390661234567", True),
        (Caller("prefix", "+39066"), "0661234567", True),
        (Caller("prefix", "+39066"), "+390651234567", False),
        (Caller("prefix", ""), MARIA, False),
        (Caller("contact", "", "Maria", 1, frozenset((MARIA, "+390612345678"))), MARIA, True),
        (Caller("group", "", "Clienti", 1, frozenset((MARIA,))), MARIA, True),
        (Caller("group", "", "Vuoto", 1), MARIA, False),
        (Caller("anonymous"), MARIA, False),
        (Caller("anonymous"), "", False),
        # A colleague's number that comes from outside is still the colleague's.
        (Caller("extension", "203", "", 1, frozenset(("203",))), "+390255501203", True),
        (Caller("extension", "203", "", 1, frozenset(("203",))), "+390255501299", True),
        (number(MARIA), "", False),
        (number(MARIA), "anonymous", False),
        (number(MARIA), "3" * 10_000, False),
        (number(MARIA), "٣٣٣١١١٢٢٢٢", False),
    ],
)
def test_a_caller_from_outside(entry: Caller, caller: str, met: bool) -> None:
    assert (matches((entry,), outside(caller), OFFICE) is entry) is met


@pytest.mark.parametrize(
    ("entry", "met"),
    [
        (Caller("extension", "203", "", 1, frozenset(("203",))), True),
        (number("+390255501203"), True),
        (Caller("extension", "201", "", 1, frozenset(("201",))), False),
        (Caller("prefix", "+3902"), False),
        (Caller("anonymous"), False),
    ],
)
def test_a_colleague_is_met_by_extension_and_number(entry: Caller, met: bool) -> None:
    facts = call("202", by="203", withheld=True)
    assert (matches((entry,), facts, OFFICE) is entry) is met


def test_who_withholds_is_met_by_anonymous_alone() -> None:
    hidden = outside(MARIA, withheld=True)
    assert matches((number(MARIA), Caller("prefix", "+39")), hidden, OFFICE) is None
    last = Caller("anonymous", "", "", 7)
    assert matches((number(MARIA), last), hidden, OFFICE) is last


def test_the_first_entry_that_meets_the_caller_counts() -> None:
    first, second = number(MARIA, "Maria", 1), Caller("prefix", "+39333", "", 2)
    assert matches((first, second), outside(MARIA), OFFICE) is first
    assert matches((second, first), outside(MARIA), OFFICE) is second
    assert matches((), outside(MARIA), OFFICE) is None


def test_reasons_name_the_caller_as_the_list_does() -> None:
    assert words(number(MARIA, "Maria Bianchi"), outside(MARIA)) == ("Maria Bianchi",) * 2
    assert words(number(MARIA), outside(MARIA))[0] == "333 111 2222"
    group = Caller("group", "", "Clienti", 1, frozenset((MARIA,)))
    assert words(group, outside(MARIA, caller_name="Maria"))[0] == "Maria (gruppo Clienti)"


# --- what the lists do -------------------------------------------------------------------------


def listing(service: str, *entries: Caller, on: bool = True, **more: object) -> Office:
    options = {service: {"enabled": on, **more}, "do_not_disturb": {"enabled": False}}
    return person(office_of("201", "203"), "202", options=options, callers={service: entries})


def statuses(plan: Plan) -> list[int]:
    return [step.status for step in plan.steps if isinstance(step, Announce)]


def test_a_rejected_caller_hears_it_and_never_reaches_the_mailbox() -> None:
    plan = decide(outside(MARIA), listing("selective_reject", number(MARIA, "Maria Bianchi")))
    assert plan.steps == (Announce("announce.declined", 603, "Decline", rejects=True),)
    assert plan.because[-1].it == "Maria Bianchi è nella lista di rifiuto dell'interno 202"


@pytest.mark.parametrize("service", LISTS)
def test_a_list_that_is_off_or_empty_does_nothing(service: str) -> None:
    plain = decide(outside(MARIA), office_of("201", "203", "202")).steps
    off = listing(service, number(MARIA), on=False, number="203")
    assert decide(outside(MARIA), off).steps == plain
    assert decide(outside(MARIA), listing(service, number="203")).steps == plain


@pytest.mark.parametrize("service", LISTS)
@pytest.mark.parametrize("arrival", [Arrival.HUNT, Arrival.RECALL, Arrival.SERVICE])
def test_lists_are_for_calls_to_the_person(service: str, arrival: Arrival) -> None:
    facts = outside(MARIA, arrival=arrival)
    office = listing(service, number(MARIA), number="203")
    assert decide(facts, office).steps == decide(facts, listing(service)).steps


def test_anonymous_rejection_is_for_strangers_who_hide() -> None:
    office = person(office_of("201"), "202", options={"anonymous_reject": {"enabled": True}})
    refused = decide(outside("", withheld=True), office)
    assert refused.steps == (
        Announce("announce.anonymous_refused", 433, "Anonymity Disallowed", rejects=True),
    )
    # The network did not say who it is; a colleague hides his number; a call that comes back.
    assert not statuses(decide(outside(""), office))
    assert not statuses(decide(call("202", withheld=True, hides=True), office))
    assert not statuses(decide(outside("", withheld=True, arrival=Arrival.RECALL), office))


def test_the_caller_counts_also_behind_a_colleague_who_forwards() -> None:
    passed_on = outside(MARIA, diverted_by=("203",), causes=(302,))
    plan = decide(passed_on, listing("selective_reject", number(MARIA)))
    assert statuses(plan) == [603]


def test_ten_thousand_entries_cost_a_call_next_to_nothing() -> None:
    entries = tuple(number(f"+3933{at:08d}", "", at) for at in range(10_000))
    office = listing("selective_reject", *entries)
    decide(outside(MARIA), office)
    began = time.process_time()
    assert not statuses(decide(outside(MARIA), office))
    assert time.process_time() - began < 0.2  # some 10 ms; generous for a busy machine
