"""When something of ours fails, people read why and what to do, and nobody reads our code."""

from __future__ import annotations

import logging
import re
import warnings

import pytest
from sqlalchemy.exc import OperationalError
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from officesmart.failing import Failing, failed

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

GONE = OperationalError("SELECT secret", {}, Exception("unable to open database file"))


def portal(error: Exception | None) -> TestClient:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if error is not None:
            raise error
        await PlainTextResponse("well")(scope, receive, send)

    return TestClient(Failing(app))


@pytest.mark.parametrize(
    ("language", "title"), [("it", "La pagina non è disponibile"), ("en", "could not be made")]
)
def test_a_page_without_its_database_says_so_and_asks_again(language: str, title: str) -> None:
    browser = portal(GONE)
    browser.cookies.set("language", language)
    answer = browser.get("/messaggi", headers={"Accept": "text/html,*/*"})
    assert answer.status_code == 503
    assert title in answer.text
    assert f'<html lang="{language}">' in answer.text
    assert 'http-equiv="refresh"' in answer.text
    assert answer.headers["Retry-After"] == "10"
    assert "SELECT" not in answer.text


def test_a_form_is_told_that_the_portal_is_away() -> None:
    answer = portal(GONE).post("/session/in", json={})
    assert (answer.status_code, answer.json()) == (503, {"error": "away"})


def test_a_fault_of_ours_has_a_reference_that_the_log_knows(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = portal(RuntimeError("<b>inside</b>")).get("/", headers={"Accept": "text/html"})
    assert answer.status_code == 500
    reference = re.search(r"riferimento ([0-9a-f]{6})", answer.text)
    assert reference is not None
    assert "inside" not in answer.text
    assert f"GET / failed ({reference[1]})" in caplog.text
    assert "RuntimeError" in caplog.text


def test_what_works_is_left_alone() -> None:
    assert portal(None).get("/").text == "well"


def test_a_refusal_of_the_database_is_one_line_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        said = failed(GONE, doing="save")
    assert (said.status, len(caplog.records)) == (503, 1)
    assert caplog.records[0].exc_info is None
