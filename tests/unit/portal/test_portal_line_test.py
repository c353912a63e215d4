"""The steps of the test of the line, as the page shows them."""

from __future__ import annotations

from officesmart.line_test import STEPS, StepRow, settled, with_step
from pbx.probe import Step


def fresh() -> list[StepRow]:
    return [StepRow(name, "waiting", "", "") for name in STEPS]


def states(rows: list[StepRow]) -> dict[str, str]:
    return {row.name: row.state for row in rows}


def test_the_next_step_runs_when_one_has_passed() -> None:
    rows = with_step(fresh(), Step("register", True, "Registrato.", "Registered.", 0.04), "it")
    assert states(rows)["register"] == "passed" and states(rows)["call"] == "running"
    assert (rows[0].text, rows[0].time) == ("Registrato.", "0,0\N{NO-BREAK SPACE}s")


def test_after_a_failure_what_did_not_run_is_skipped() -> None:
    rows = with_step(fresh(), Step("register", True, "", "", 0.1), "en")
    rows = with_step(rows, Step("call", False, "Rifiutata.", "Refused.", 1.26), "en")
    assert (rows[1].text, rows[1].time) == ("Refused.", "1.3\N{NO-BREAK SPACE}s")
    rows = with_step(rows, Step("deregister", True, "", "", 0.1), "en")
    assert states([settled(row) for row in rows]) == {
        "register": "passed",
        "call": "failed",
        "hear": "skipped",
        "keys": "skipped",
        "hangup": "skipped",
        "deregister": "passed",
    }


def test_a_step_that_was_not_foreseen_is_shown_too() -> None:
    rows = with_step(fresh(), Step("end", False, "Fermata.", "Stopped.", 25), "it")
    assert rows[-1] == StepRow("end", "failed", "Fermata.", "25,0\N{NO-BREAK SPACE}s")
