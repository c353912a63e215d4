"""Star codes: how they are read, what they ask for, what is said to a wrong one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.routing.decide import decide
from pbx.routing.features.service_code import Wish
from pbx.routing.office import Office, ServiceCode, ShortCode, TrunkFacts
from pbx.routing.plan import Announce, Outside, Service
from pbx.routing.star_codes import DEEDS, ITALIAN, PROFILES, US, Asked, asked, spellings
from tests.unit.routing.routing_office import OFFICE, call, office_of, person

CODES = {code: ServiceCode(code, app) for code, app in ITALIAN.items()}
AMERICAN = {code: ServiceCode(code, app) for code, app in US.items()}


@pytest.mark.parametrize(
    ("keys", "deed", "number", "seconds"),
    [
        ("*21*202#", "forward_all.on", "202", None),
        ("*21*202", "forward_all.on", "202", None),  # the phone kept the # for itself
        ("*21202#", "forward_all.on", "202", None),
        ("*21*00612345678#", "forward_all.on", "00612345678", None),
        ("*21#", "forward_all.on", "", None),
        ("*21", "forward_all.on", "", None),
        ("#21#", "forward_all.off", "", None),
        ("#21", "forward_all.off", "", None),
        ("*#21#", "forward_all.ask", "", None),
        ("*#21", "forward_all.ask", "", None),
        ("*67*202#", "forward_busy.on", "202", None),
        ("*22*202#", "forward_busy.on", "202", None),
        ("*61*202#", "forward_no_answer.on", "202", None),
        ("*61*202*40#", "forward_no_answer.on", "202", 40),
        ("*61*202**40#", "forward_no_answer.on", "202", 40),
        ("*23*202*40", "forward_no_answer.on", "202", 40),
        ("*62*202#", "forward_unavailable.on", "202", None),
        ("*002*202#", "forwards.on", "202", None),
        ("#002#", "forwards.off", "", None),
        ("*26#", "do_not_disturb.on", "", None),
        ("*26", "do_not_disturb.on", "", None),
        ("#26#", "do_not_disturb.off", "", None),
        ("*#26#", "do_not_disturb.ask", "", None),
        ("#31#03331234567", "hide_id.call", "03331234567", None),
        ("*31#202", "show_id.call", "202", None),
        ("*#31#", "hide_id.ask", "", None),
        ("*43#", "call_waiting.on", "", None),
        ("#43#", "call_waiting.off", "", None),
        ("*#43#", "call_waiting.ask", "", None),
        ("*99#", "anonymous_reject.on", "", None),
        ("#99", "anonymous_reject.off", "", None),
        ("*#99#", "anonymous_reject.ask", "", None),
        ("*60#", "reject_last.on", "", None),
        ("#60#", "reject_last.off", "", None),
        ("*69", "return_call.now", "", None),
        ("#31#12#", "hide_id.call", "12#", None),  # the speed dial, not extension 12
        ("#31#202#", "hide_id.call", "202", None),
    ],
)
def test_the_italian_codes(keys: str, deed: str, number: str, seconds: int | None) -> None:
    found = asked(keys, CODES)
    assert found is not None
    assert not found.cut_off
    assert (found.deed, found.number, found.seconds) == (deed, number, seconds)


@pytest.mark.parametrize(
    ("keys", "deed", "number"),
    [
        ("*72202", "forward_all.on", "202"),
        ("*73", "forward_all.off", ""),
        ("*90202", "forward_busy.on", "202"),
        ("*92202", "forward_no_answer.on", "202"),
        ("*78", "do_not_disturb.on", ""),
        ("*79", "do_not_disturb.off", ""),
        ("*6703331234567", "hide_id.call", "03331234567"),
        ("*82202", "show_id.call", "202"),
        ("*77", "anonymous_reject.on", ""),
        ("*87#", "anonymous_reject.off", ""),
        ("*69", "return_call.now", ""),
        ("*60", "selective_reject.on", ""),
        ("*80", "selective_reject.off", ""),
        ("*63202", "selective_forward.on", "202"),
        ("*83", "selective_forward.off", ""),
    ],
)
def test_the_american_codes(keys: str, deed: str, number: str) -> None:
    assert asked(keys, AMERICAN) == Asked(keys[:3], deed, number)


@pytest.mark.parametrize(
    "keys",
    [
        *("*21*", "*21*#", "*21**", "*21*2#3#", "*21*202*", "*21*202*20#", "*61*202*x#"),
        *("*61*202*#", "#21*202#", "*26*1#", "*61**20#", "#31#", "*31#", "*21*202##"),
        *("*61*202*40*1#", "*61*202*99999#"),
    ],
)
def test_a_code_that_was_cut_off(keys: str) -> None:
    found = asked(keys, CODES)
    assert found is not None
    assert found.cut_off
    plan = decide(call(keys), office())
    assert plan.steps == (Announce("announce.code_incomplete", 484, "Address Incomplete"),)


@pytest.mark.parametrize(
    ("keys", "deed", "place", "number"),
    [
        ("*75*5*202#", "speed_dial.on", "5", "202"),
        ("*75*12*03331234567", "speed_dial.on", "12", "03331234567"),
        ("*755202#", "speed_dial.on", "5", "202"),  # the first digit says how long the code is
        ("*7512202", "speed_dial.on", "12", "202"),
        ("*75*50*202#", "speed_dial.on", "50", "202"),  # wrong, and said so
        ("#75*5#", "speed_dial.off", "5", ""),
        ("#7549", "speed_dial.off", "49", ""),
    ],
)
def test_the_codes_of_speed_dials(keys: str, deed: str, place: str, number: str) -> None:
    found = asked(keys, CODES)
    assert found is not None and not found.cut_off
    assert (found.deed, found.place, found.number) == (deed, place, number)


@pytest.mark.parametrize(
    "keys", ["*75", "*75#", "*75*", "*75*5#", "*75*5*#", "*75**202#", "#75#", "#75*5*202#", "*757"]
)
def test_the_code_of_a_speed_dial_cut_off(keys: str) -> None:
    (step,) = decide(call(keys), office()).steps
    assert step == Announce("announce.code_incomplete", 484, "Address Incomplete")


def test_the_longest_code_wins_over_deeds_too() -> None:
    codes = {**OFFICE.services, **CODES, "*600": ServiceCode("*600", "echo")}
    whole = replace(office(), services=codes)
    assert decide(call("*600"), whole).steps == (Service("echo"),)
    assert decide(call("*60#"), whole).steps == (Service("star_code", "reject_last.on"),)
    assert decide(call("*60"), whole).steps == (Service("star_code", "reject_last.on"),)


def test_two_stars_before_an_extension_are_no_code() -> None:
    whole = office_of("201", "211", "26")
    whole = replace(whole, services={**OFFICE.services, **CODES})
    (step,) = decide(call("**211"), whole).steps
    assert step == Announce("announce.unknown_code", 404, "Not Found")
    (step,) = decide(call("**26#"), whole).steps
    assert step == Announce("announce.unknown_code", 404, "Not Found")
    # Nobody has 43: it is *43# with its star doubled.
    assert decide(call("**43#"), whole).steps == (Service("star_code", "call_waiting.on"),)


def test_doubled_marks_say_the_same() -> None:
    assert list(spellings("**21*202#")) == ["**21*202#", "*21*202#"]
    assert list(spellings("##21#")) == ["##21#", "#21#"]
    assert decide(call("**21*202#"), office()).steps == (
        Service("star_code", "forward_all.on 202"),
    )
    assert decide(call("##21#"), office()).steps == (Service("star_code", "forward_all.off"),)


def test_both_profiles_ask_for_deeds_that_there_are() -> None:
    for profile in PROFILES.values():
        assert set(profile.values()) <= set(DEEDS)
        assert all(len(code) <= 8 for code in profile)


@given(st.text("0123456789*#", max_size=24))
def test_whatever_keys_are_pressed_there_is_an_answer(keys: str) -> None:
    plan = decide(call(keys), office())
    assert plan.steps
    assert plan.because


# --- what is asked for, judged -----------------------------------------------------------------


def office(**changes: Any) -> Office:
    whole = office_of("201", "202", "203")
    whole = person(whole, "204", active=False)
    codes = {**OFFICE.services, **CODES}
    return replace(whole, services=codes, trunks={1: TrunkFacts(1, "Linea")}, **changes)


@pytest.mark.parametrize(
    ("keys", "argument"),
    [
        ("*21*202#", "forward_all.on 202"),
        ("*21*03331234567#", "forward_all.on +393331234567"),
        ("*21*3331234567#", "forward_all.on +393331234567"),  # without the 0: understood
        ("*61*202*40#", "forward_no_answer.on 202 40"),
        ("*67*202#", "forward_busy.on 202"),
        ("*62*202#", "forward_unavailable.on 202"),
        ("*002*202#", "forwards.on 202"),
        ("#002#", "forwards.off"),
        ("*26#", "do_not_disturb.on"),
        ("*#61#", "forward_no_answer.ask"),
        ("*#31#", "hide_id.ask"),
        ("*21*700#", "forward_all.on 700"),  # a short code stays one
        ("*43#", "call_waiting.on"),
        ("*#99#", "anonymous_reject.ask"),
        ("*60#", "reject_last.on"),
        ("*69#", "return_call.now"),
        ("*75*5*202#", "speed_dial.on 202 5"),
        ("*75*10*03331234567#", "speed_dial.on +393331234567 10"),
        ("*75*10*700#", "speed_dial.on 700 10"),
        ("*75*10*112#", "speed_dial.on 112 10"),
        ("*75*10*0187#", "speed_dial.on 0187 10"),
        ("#75*10#", "speed_dial.off  10"),
    ],
)
def test_what_the_application_is_to_do(keys: str, argument: str) -> None:
    codes = {"700": ShortCode("700", "+442079460000", "Londra", for_everybody=True)}
    plan = decide(call(keys), office(short_codes=codes))
    assert plan.steps == (Service("star_code", argument),)
    assert Wish.read(argument).argument == argument


@pytest.mark.parametrize(
    ("keys", "prompt", "status"),
    [
        ("*21*299#", "announce.code_bad_number", 484),
        ("*21*204#", "announce.code_bad_number", 484),  # switched off
        ("*21*1#", "announce.code_bad_number", 484),
        (f"*21*{'9' * 40}#", "announce.code_bad_number", 484),
        ("*21*201#", "announce.code_own_number", 484),
        ("*21*000442079460000#", "announce.not_allowed", 403),
        ("*21*0892424#", "announce.not_allowed", 403),
        ("*61*202*4#", "announce.code_bad_seconds", 484),
        ("*61*202*421#", "announce.code_bad_seconds", 484),
        ("*21#", "announce.code_needs_number", 484),
        ("*002#", "announce.code_needs_number", 484),
        ("*75*50*202#", "announce.code_bad_speed_dial", 484),
        ("*75*4*202#", "announce.code_bad_speed_dial", 484),
        ("*75*5*299#", "announce.code_bad_number", 484),
        ("*75*5*6#", "announce.code_bad_number", 484),
        ("#75*9999#", "announce.code_bad_speed_dial", 484),
        ("*21*\U0001f600#", "announce.code_incomplete", 484),
        ("*75*5*\U0001f600#", "announce.code_incomplete", 484),
        ("*98#", "announce.unknown_code", 404),
        ("*", "announce.unknown_code", 404),
        ("#", "announce.unknown_code", 404),
        ("*2", "announce.unknown_code", 404),
        ("*21a#", "announce.code_incomplete", 484),
        ("*21*٢٠٢#", "announce.code_incomplete", 484),
        ("*21*😀#", "announce.code_incomplete", 484),
    ],
)
def test_a_wrong_code_is_answered_by_words(keys: str, prompt: str, status: int) -> None:
    (step,) = decide(call(keys), office()).steps
    assert isinstance(step, Announce)
    assert (step.prompt, step.status) == (prompt, status)


def test_without_a_number_the_last_one_is_used_unless_the_office_says_no() -> None:
    kept = {"forward_all": {"number": "202"}, "forward_busy": {"number": "203"}}
    whole = person(office(), "201", options=kept)
    assert decide(call("*21#"), whole).steps == (Service("star_code", "forward_all.on 202"),)
    asks = replace(whole, options={"forward_busy": {"needs_number": True}})
    (step,) = decide(call("*67#"), asks).steps
    assert isinstance(step, Announce)
    assert step.prompt == "announce.code_needs_number"
    assert decide(call("*67*203#"), asks).steps == (Service("star_code", "forward_busy.on 203"),)
    gone = replace(whole, lines={**whole.lines, "202": replace(whole.lines["202"], active=False)})
    (step,) = decide(call("*21#"), gone).steps
    assert isinstance(step, Announce)
    assert step.prompt == "announce.code_bad_number"


def test_nobody_sets_somebody_elses_forward() -> None:
    """A colleague's phone that sends its callers on to *21... or a transfer to it does nothing."""
    for facts in (
        call("*21*203#", diverted_by=("202",), causes=(302,)),
        call("*21*203#", on_behalf="202"),
        call("*21*203#", by="", from_trunk=1),
        call("*21*203#", by=""),
    ):
        (step,) = decide(facts, office()).steps
        assert isinstance(step, Announce), facts


def test_a_number_after_a_code_is_dialled_with_the_callers_rights() -> None:
    (step,) = decide(call("#31#03331234567"), office()).steps
    assert isinstance(step, Outside)
    assert step.withheld
    (step,) = decide(call("#31#0892424"), office()).steps
    assert isinstance(step, Announce)
    assert step.prompt == "announce.not_allowed"
    assert decide(call("#31#*600"), office()).steps == (Service("echo"),)
    (step,) = decide(call("#31#" * 6 + "202"), office()).steps
    assert isinstance(step, Announce)


def test_codes_of_applications_stay_as_they_were() -> None:
    assert decide(call("*86"), office()).steps == (Service("voicemail_menu"),)
    assert decide(call("*86*202"), office()).steps == (Service("voicemail_menu", "202"),)
    assert decide(call("*87202"), office()).steps == (Service("voicemail_deposit", "202"),)
