"""Features are files: found, ordered, and passed over when a customer's own is broken."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from pbx.routing.decide import decide
from pbx.routing.feature import FeatureOptions, features, read_options
from pbx.routing.plan import Announce, Mailbox, Reject, Ring
from tests.unit.routing.routing_office import call, office_of

HEAD = """
from dataclasses import replace
from pbx.routing.feature import FeatureOptions, Stage
from pbx.routing.plan import Reject, Ring

class Options(FeatureOptions):
    pass

"""


def folder_with(tmp_path: Path, **files: str) -> list[Path]:
    for name, text in files.items():
        (tmp_path / f"{name}.py").write_text(HEAD + text)
    return [tmp_path]


def test_a_customers_file_acts_at_its_stage(tmp_path: Path) -> None:
    folders = folder_with(
        tmp_path,
        night="""
STAGE = Stage.ANONYMOUS
def apply(plan, call, office):
    closed = replace(plan.then(Reject(403, "Closed")), settled=True)
    return closed.noting("night", it="Chiuso", en="Closed")
""",
    )
    plan = decide(call("202"), office_of("202"), features(folders))
    assert plan.steps == (Reject(403, "Closed"),)
    assert [reason.feature for reason in plan.because] == ["line", "night"]


def test_a_customers_file_that_fails_costs_no_call(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    folders = folder_with(
        tmp_path,
        a_syntax="def apply(:",
        b_shape="STAGE = 1",
        c_raises="STAGE = Stage.BUSY\ndef apply(plan, call, office): return 1 / 0",
        d_nothing="STAGE = Stage.BUSY\ndef apply(plan, call, office): pass",
        _hidden="raise SystemExit",
    )
    plan = decide(call("202"), office_of("202"), features([*folders, tmp_path / "missing"]))
    assert plan.steps == (Ring(("202",), 30), Mailbox("202", "unanswered"))
    assert {"c_raises", "d_nothing"} <= {reason.feature for reason in plan.because}


@pytest.mark.parametrize(
    "steps",
    ['Ring(("202", "999"), 10)', 'Ring(("999",), 10)', 'Ring(("202",), 0)', "Ring((), 9)"],
)
def test_whatever_a_feature_asks_only_lines_of_the_office_ring_and_the_plan_ends(
    tmp_path: Path, steps: str
) -> None:
    folders = folder_with(
        tmp_path,
        wild=f"""
STAGE = Stage.PRIORITY
def apply(plan, call, office):
    return replace(plan.then({steps}), settled=True, on_busy=())
""",
    )
    plan = decide(call("202"), office_of("202"), features(folders))
    assert {line for step in plan.steps if isinstance(step, Ring) for line in step.lines} <= {"202"}
    assert plan.steps[-1] == Reject(480, "Temporarily Unavailable")
    assert plan.on_busy


def test_features_come_in_the_order_of_their_stages() -> None:
    found = features()
    assert [feature.stage for feature in found] == sorted(feature.stage for feature in found)
    assert [feature.name for feature in found][:4] == [
        *("emergency_call", "click_to_dial", "pickup", "park"),
    ]


class Three(FeatureOptions):
    one: int = 1
    two: int = 2


def test_options_keep_what_fits() -> None:
    assert read_options(Three, {"one": "x", "two": 5, "old": 1}) == Three(one=1, two=5)
    assert read_options(Three, {}) == Three()


def test_a_line_that_a_customers_file_made_up_is_not_found(tmp_path: Path) -> None:
    folders = folder_with(
        tmp_path,
        wild="""
STAGE = Stage.SHORT_CODE
def apply(plan, call, office):
    return replace(plan, to_line="999").noting("wild", it="x", en="x")
""",
    )
    plan = decide(call("202"), office_of("202"), features(folders))
    assert plan.steps == (Announce("announce.unknown_number", 404, "Not Found"),)
