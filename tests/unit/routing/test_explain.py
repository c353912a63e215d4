"""Why a call goes where it goes: each stage of the real decision, in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pbx.routing.decide import decide
from pbx.routing.explain import Passed, explain, with_settings
from pbx.routing.names import SERVICES
from pbx.routing.office import Office, ShortCode
from tests.unit.routing.routing_office import call, office_of

OFFICE = office_of("201", "202", "203")


def stage(name: str, office: Office, **facts: Any) -> Passed:
    found = explain(call("202", **facts), office)
    return next(each for each in found.stages if each.feature == name)


def test_the_plan_is_the_decision_itself() -> None:
    assert explain(call("202"), OFFICE).plan == decide(call("202"), OFFICE)


def test_a_plain_call_passes_what_is_off_and_ends_in_the_mailbox() -> None:
    found = {each.feature: each.state for each in explain(call("202"), OFFICE).stages}
    assert found["do_not_disturb"] == "passed"
    assert found["forward_all"] == "passed"
    assert found["ring_plan"] == "decided"
    assert found["mailbox"] == "decided"


def test_what_comes_after_the_decision_is_not_reached() -> None:
    office = with_settings(OFFICE, "202", {"forward_all": {"enabled": True, "number": "203"}})
    assert stage("forward_all", office).state == "decided"
    assert stage("do_not_disturb", office).state == "not_reached"
    assert stage("mailbox", office).state == "not_reached"
    assert explain(call("202"), office).deciding == "forward_all"


def test_what_waits_for_later_is_noted() -> None:
    office = with_settings(OFFICE, "202", {"forward_busy": {"enabled": True, "number": "203"}})
    noted = stage("forward_busy", office)
    assert noted.state == "noted"
    assert "203" in noted.it and "203" in noted.en


def test_stages_stand_in_the_order_of_precedence() -> None:
    named = [each.feature for each in explain(call("202"), OFFICE).stages]
    services = [each for each in named if each in SERVICES]
    assert services == [each for each in SERVICES if each in services]


def test_a_code_before_the_number_is_told_with_what_it_stands_for() -> None:
    office = replace(OFFICE, short_codes={"700": ShortCode("700", "202")})
    stages = explain(call("700"), office).stages
    assert [each.feature for each in stages if each.feature in ("short_code", "line")] == [
        "short_code",
        "line",
    ]
    assert sum(each.feature == "mailbox" for each in stages) == 1


@pytest.mark.parametrize("words", ["it", "en"])
def test_every_stage_has_words(words: str) -> None:
    for each in explain(call("202"), OFFICE).stages:
        assert getattr(each, words)


def test_settings_nobody_saved_are_laid_over_those_in_force() -> None:
    one = with_settings(OFFICE, "202", {"forward_no_answer": {"enabled": True, "number": "203"}})
    two = with_settings(one, "202", {"forward_no_answer": {"seconds": 40}})
    assert two.lines["202"].options["forward_no_answer"] == {
        "enabled": True,
        "number": "203",
        "seconds": 40,
    }
    assert OFFICE.lines["202"].options == {}
    assert with_settings(OFFICE, "299", {"x": {}}) is OFFICE
