"""Speed dials: the line's own codes, beside extensions and short codes with the same digits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.routing.decide import decide
from pbx.routing.dialplan import SPEED_DIAL
from pbx.routing.facts import CallFacts
from pbx.routing.features.speed_dial import kept
from pbx.routing.office import Office, ServiceCode, ShortCode, SpeedDial, TrunkFacts
from pbx.routing.plan import Announce, Outside, Plan
from pbx.routing.star_codes import ITALIAN, US
from tests.unit.routing.routing_office import call, office_of, person

MOBILE = "+393331234567"
ANNA = {
    "5": SpeedDial("202"),
    "6": SpeedDial(MOBILE, "Corriere"),
    "7": SpeedDial("700"),
    "8": SpeedDial("112"),
    "12": SpeedDial("203"),
    "13": SpeedDial("13"),
    "20": SpeedDial("14"),
}


def office(**changes: Any) -> Office:
    whole = person(office_of("12", "201", "202", "203"), "201", speed_dials=ANNA)
    codes = {"700": ShortCode("700", "+442079460000", "Londra", for_everybody=True)}
    services = {code: ServiceCode(code, app) for code, app in ITALIAN.items()}
    more = {"short_codes": codes, "trunks": {1: TrunkFacts(1, "Linea")}, "services": services}
    return replace(whole, **{**more, **changes})


def dialled(keys: str, **more: Any) -> Plan:
    return decide(call(keys, **more), office())


@pytest.mark.parametrize(
    ("keys", "line"),
    [("5", "202"), ("5#", "202"), ("12#", "203"), ("12", "12")],
)
def test_a_code_calls_a_colleague_and_an_extension_wins_over_the_bare_code(
    keys: str, line: str
) -> None:
    assert dialled(keys).to_line == line


@pytest.mark.parametrize(
    ("keys", "number"),
    [("6", MOBILE), ("6#", MOBILE), ("7#", "+442079460000"), ("8", "112"), ("#31#6#", MOBILE)],
)
def test_a_code_calls_outside(keys: str, number: str) -> None:
    (step,) = dialled(keys).steps
    assert isinstance(step, Outside)
    assert step.number == number


def test_the_reasons_name_the_code() -> None:
    assert "La selezione rapida 6 chiama 333 123 4567" in [each.it for each in dialled("6").because]


def test_rights_are_asked_when_it_is_dialled() -> None:
    barred = person(office(), "201", rights=frozenset({"internal"}), speed_dials=ANNA)
    (step,) = decide(call("6#"), barred).steps
    assert step == Announce("announce.not_allowed", 403, "Forbidden")


@pytest.mark.parametrize("keys", ["9", "9#", "44", "44#"])
def test_an_empty_code_is_told_in_words(keys: str) -> None:
    assert dialled(keys).steps == (Announce("announce.speed_dial_empty", 404, "Not Found"),)


@pytest.mark.parametrize("keys", ["13", "20#"])
def test_a_colleague_who_is_gone_leads_to_no_other_speed_dial(keys: str) -> None:
    assert dialled(keys).steps == (Announce("announce.unknown_number", 404, "Not Found"),)


def test_codes_are_the_lines_own() -> None:
    assert dialled("5", from_line="202").steps == (
        Announce("announce.speed_dial_empty", 404, "Not Found"),
    )
    # Who transfers or sends a call on dials; whom he sends does not.
    assert dialled("5", from_line="203", on_behalf="201").to_line == "202"
    assert dialled("5", from_line="203", diverted_by=("201",), causes=(302,)).to_line == "202"


@pytest.mark.parametrize("keys", ["5", "5#", "6", "12#"])
def test_a_stranger_has_none(keys: str) -> None:
    plan = dialled(keys, from_line="", from_trunk=1)
    assert "speed_dial" not in [each.feature for each in plan.because]
    assert not any(isinstance(step, Outside) for step in plan.steps)


def test_the_ranges_are_read_without_a_pause() -> None:
    """behaviour.md s.9: a one-digit code exceeds the first digit of each two-digit one."""
    single = [code for code in SPEED_DIAL if len(code) == 1]
    double = [code for code in SPEED_DIAL if len(code) == 2]
    assert min(single) > max(double)[0]
    assert not any(other != code and other.startswith(code) for code in SPEED_DIAL
                   for other in SPEED_DIAL)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("202", "202"), ("299", ""), ("700", "700"), ("112", "112"), ("0112", "0112"),
        ("03331234567", MOBILE), (MOBILE, MOBILE), ("0187", "0187"), ("6", ""), ("", ""),
        ("1" * 40, ""), ("\U0001f600", ""), ("202; DROP", ""),
    ],
)  # fmt: skip
def test_how_a_number_is_kept(typed: str, number: str) -> None:
    assert kept(typed, office()) == number


@pytest.mark.parametrize("codes", [ITALIAN, US], ids=["italian", "us"])
@given(
    keys=st.text("0123456789*#", max_size=30) | st.text(max_size=70),
    start=st.sampled_from(["", "*", "#", "*75*", "#31#", "*61*", "**", "##", "*#", "*60", "*8"]),
)
def test_random_keys_always_end_in_a_plan_with_words(
    codes: dict[str, str], keys: str, start: str
) -> None:
    whole = office(services={code: ServiceCode(code, app) for code, app in codes.items()})
    plan = decide(CallFacts(start + keys, call("1").at, from_line="201"), whole)
    assert plan.steps and plan.because
    assert all(each.it and each.en for each in plan.because)
