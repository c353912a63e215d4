"""The routes of the door: cookies, where each step leads, and sessions that end by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from officesmart import auth, remembered
from officesmart.desk import Desk
from officesmart.tables import WebSession
from pbx.tables import Line
from tests.unit.portal.conftest import PASSWORD, HandClock
from tests.unit.portal.test_door_steps import with_authenticator
from tests.unit.portal.test_portal_routes import HOST, LIVE, OURS, browser

if TYPE_CHECKING:
    from starlette.testclient import TestClient

__all__ = ["browser"]  # the fixture
GOOD = "verde-lampione-48"


def post(client: TestClient, what: str, **told: Any) -> Any:
    headers = told.pop("headers", OURS)
    return client.post(f"/session/{what}", json=told, headers=headers)


def sign_in(client: TestClient, **more: Any) -> Any:
    return post(client, "in", **{"number": "201", "password": PASSWORD, **more})


def test_a_remembered_browser_has_a_cookie_of_its_own(browser: TestClient) -> None:
    answer = sign_in(browser, remember="1")
    (cookie,) = (
        each.lower()
        for each in answer.headers.get_list("set-cookie")
        if each.startswith(remembered.COOKIE)
    )
    assert "httponly" in cookie and "samesite=strict" in cookie and "max-age=2592000" in cookie
    secure = sign_in(
        browser,
        remember="1",
        headers={"Origin": HOST.replace("http", "https"), "X-Forwarded-Proto": "https"},
    )
    assert all("secure" in each.lower() for each in secure.headers.get_list("set-cookie"))


def test_pages_learn_neither_token(browser: TestClient) -> None:
    sign_in(browser, remember="1")
    tokens = [browser.cookies[auth.COOKIE], browser.cookies[remembered.COOKIE]]
    with browser.websocket_connect(LIVE, headers=OURS) as socket:
        told = socket.receive_text()
    assert not any(token in told for token in tokens)
    assert auth.hash_of(tokens[1]) in told


def test_a_waiting_session_sees_its_own_step_and_no_page(
    browser: TestClient, here: Desk, clock: HandClock
) -> None:
    telephone, _ = with_authenticator(here)
    answer = sign_in(browser, next="/messaggi", remember="1")
    assert answer.json()["next"] == "/accesso/verifica?per=/messaggi&ricordami=1"
    assert browser.get("/messaggi").headers["location"] == "/accesso/verifica?per=/messaggi"
    assert browser.get("/sound/1").status_code == 401
    assert browser.get("/session/left").status_code == 401
    assert post(browser, "stay").status_code == 401
    clock.forward(seconds=60)
    assert post(browser, "factor", kind="code", code="000000").status_code == 403
    done = post(
        browser,
        "factor",
        kind="code",
        code=telephone.at(here.now()),
        next="/messaggi",
        remember="1",
    )
    assert done.json() == {"next": "/messaggi"}
    assert remembered.COOKIE in browser.cookies
    assert browser.get("/messaggi").status_code == 200


def test_the_first_sign_in_comes_before_every_page(browser: TestClient, here: Desk) -> None:
    with here.database.session() as session:
        session.exec(select(Line).where(Line.extension == "201")).one().welcomed_at = None
    assert sign_in(browser).json()["next"] == "/benvenuto?per=/"
    assert browser.get("/").headers["location"] == "/benvenuto"
    wrong = post(browser, "welcome", password="x", again="x", email="?", lang="en")
    assert wrong.status_code == 422
    assert set(wrong.json()["faults"]) == {"email"}
    wrong = post(browser, "welcome", password="x", again="x", email="g@casa.example", lang="en")
    assert "fewer than 10" in wrong.json()["faults"]["password"]
    done = post(browser, "welcome", password=GOOD, again=GOOD, email="g@casa.example")
    assert done.json() == {"next": "/"}
    assert browser.get("/").status_code == 200


def test_a_forgotten_password_by_routes(browser: TestClient, here: Desk) -> None:
    answers = [post(browser, "ask", number=who) for who in ("201", "299")]
    assert {(each.status_code, each.text) for each in answers} == {(200, '{"done":"sent"}')}
    assert post(browser, "link", code="forged").json() == {"error": "gone"}
    assert post(browser, "reset", code="forged", password=GOOD, again=GOOD).status_code == 410


def test_a_step_without_a_session_leads_to_the_door(browser: TestClient) -> None:
    for what in ("factor", "welcome"):
        answer = post(browser, what, code="1", kind="code", email="a@b.it")
        assert answer.json()["next"] == "/accesso?scaduto=1"


@pytest.mark.parametrize("what", ["in", "factor", "welcome", "ask", "link", "reset", "passkey"])
@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"code":' + b"9" * 20000 + b"}", b"[" * 9000])
def test_nonsense_is_refused_by_every_step(browser: TestClient, what: str, body: bytes) -> None:
    headers = {**OURS, "Content-Type": "application/json"}
    answer = browser.post(f"/session/{what}", content=body, headers=headers)
    assert answer.status_code == 400 or answer.json() == {"error": "gone"}
    assert "set-cookie" not in answer.headers


def test_asking_how_long_is_no_activity_and_staying_is(
    browser: TestClient, clock: HandClock, here: Desk
) -> None:
    sign_in(browser)
    clock.forward(minutes=28, seconds=30)
    assert browser.get("/session/left").json() == {"seconds": 90.0}
    assert browser.get("/session/left").json() == {"seconds": 90.0}
    assert post(browser, "stay").json() == {"seconds": 1800.0}
    clock.forward(minutes=30)
    assert browser.get("/session/left").status_code == 401
    assert post(browser, "stay").status_code == 401
    with here.database.reading() as session:
        assert len(session.exec(select(WebSession)).all()) == 1, "and it was not brought back"


def test_passkeys_say_where_they_work(browser: TestClient) -> None:
    # office.test over http is no place for them; localhost or https is.
    answer = post(browser, "passkey", first="1", lang="it")
    assert answer.status_code == 409 and "https" in answer.json()["says"]
    secure = {"Origin": "https://office.test:8080", "X-Forwarded-Proto": "https"}
    asked = post(browser, "passkey", first="1", headers=secure)
    assert asked.json()["asks"]["rpId"] == "office.test"
    assert "httponly" in asked.headers["set-cookie"].lower()
    shown = post(browser, "passkey/show", first="1", answer={"id": "x"}, headers=secure)
    assert shown.status_code == 403
    assert post(browser, "passkey", headers=secure).json()["next"] == "/accesso?scaduto=1"


def test_a_lockout_counts_the_browsers_own_address(browser: TestClient) -> None:
    def wrong(address: str) -> int:
        headers = {**OURS, "X-Forwarded-For": address}
        return int(sign_in(browser, password="x", headers=headers).status_code)

    assert [wrong("203.0.113.1") for _ in range(6)] == [403, 403, 403, 403, 429, 429]
    assert wrong("203.0.113.2") == 403
