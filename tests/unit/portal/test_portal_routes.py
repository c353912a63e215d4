"""What the browser asks for outside the live connection, and what guards it."""

from __future__ import annotations

import ipaddress
import re
import warnings
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from officesmart import auth, build, routes
from officesmart.desk import Desk
from officesmart.page import Page, go_on
from officesmart.routes import Built
from pbx.tables import VoiceMessage
from tests.unit.portal.conftest import PASSWORD, HandClock

with warnings.catch_warnings():
    # It would rather have httpx2; Reflex brings httpx, and the client is the same to us.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

HOST = "http://office.test:8080"
LIVE = "ws://office.test:8080/_event"
OURS = {"Origin": HOST}
PEER = ("192.0.2.80", 50000)  # a web server before the portal
PAGES = tuple(
    Page(route=route, view=lambda: None, on_load=None, it="", en="", needs=needs)  # type: ignore[arg-type,return-value]
    for route, needs in (
        ("/", "person"),
        ("/messaggi", "person"),
        ("/centralino", "admin"),
        ("/accesso", "anybody"),
        ("/riservata", "anybody"),
    )
)


async def reflex(scope: Scope, receive: Receive, send: Send) -> None:
    """What stands behind the guard: tells the cookie it was given."""
    if scope["type"] == "lifespan":
        for moment in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{moment}.complete"})
        return
    cookie = dict(scope["headers"]).get(b"cookie", b"").decode()
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": cookie})
        await send({"type": "websocket.close", "code": 1000})
        return
    await PlainTextResponse("pong")(scope, receive, send)


@pytest.fixture
def browser(here: Desk, tmp_path: Path) -> Iterator[TestClient]:
    folder = tmp_path / "pages"
    for page in ("messaggi", "centralino", "accesso", "riservata"):
        (folder / page).mkdir(parents=True)
        (folder / page / "index.html").write_text(f"<p>{page}</p>")
    (folder / "index.html").write_text("<p>home</p><script>1+1</script>")
    (folder / "404.html").write_text("<p>lost</p>")
    (folder / "assets").mkdir()
    (folder / "assets" / "root-abcd1234.js").write_text("1")
    (folder / "built.json").write_text('{"scripts": ["\'sha256-x\'"]}')
    proxies = (ipaddress.ip_network("192.0.2.80/32"),)
    app = routes.portal(reflex, PAGES, Built.at(folder), proxies=proxies)
    with TestClient(app, base_url=HOST, follow_redirects=False, client=PEER) as client:
        yield client


def sign_in(browser: TestClient, who: str = "201", **more: str) -> None:
    answer = browser.post(
        "/session/in", json={"number": who, "password": PASSWORD, **more}, headers=OURS
    )
    assert answer.status_code == 200, answer.text


def message(here: Desk, line: int, call: str = "c1") -> int:
    path = here.database.data / "messages" / f"{call}.wav"
    path.parent.mkdir(exist_ok=True)
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16000))
    with here.database.session() as session:
        row = VoiceMessage(
            line_id=line,
            call_id=call,
            caller_name='Ada "la rossa"/..\r\n',
            left_at=here.now(),
            seconds=1,
            file=f"messages/{call}.wav",
        )
        session.add(row)
        session.flush()
        assert row.id is not None
        return row.id


def test_the_cookie_is_for_the_server_alone(browser: TestClient) -> None:
    answer = browser.post("/session/in", json={"number": "201", "password": PASSWORD}, headers=OURS)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and "path=/" in cookie
    assert "secure" not in cookie
    assert answer.json() == {"next": "/"}


def test_under_https_the_cookie_is_secure_and_stays_so(browser: TestClient) -> None:
    answer = browser.post(
        "/session/in",
        json={"number": "201", "password": PASSWORD},
        headers={"Origin": "https://office.test:8080", "X-Forwarded-Proto": "https"},
    )
    assert "secure" in answer.headers["set-cookie"].lower()
    assert "max-age" in answer.headers["strict-transport-security"]


def test_wrong_and_unknown_look_the_same(browser: TestClient) -> None:
    answers = [
        browser.post("/session/in", json={"number": who, "password": "x"}, headers=OURS)
        for who in ("201", "299")
    ]
    assert {(a.status_code, a.text) for a in answers} == {(403, '{"error":"wrong"}')}
    assert all("set-cookie" not in a.headers for a in answers)


def test_too_many_failures_say_how_long(browser: TestClient) -> None:
    for _ in range(5):
        answer = browser.post("/session/in", json={"number": "201", "password": "x"}, headers=OURS)
    assert (answer.status_code, answer.json()) == (429, {"error": "wait", "seconds": 60.0})


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.test"},
        {"Origin": "http://office.test:9999"},
        {"Origin": "null"},
        {"Origin": "http://office.test:8080.evil.test"},
        {"Origin": "file://office.test:8080"},
        {"Sec-Fetch-Site": "cross-site"},
        {},
    ],
)
def test_another_site_cannot_act(browser: TestClient, headers: dict[str, str]) -> None:
    for path in ("/session/in", "/session/out"):
        answer = browser.post(path, json={"number": "201", "password": PASSWORD}, headers=headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
    with pytest.raises(WebSocketDisconnect) as closed:
        with browser.websocket_connect(LIVE, headers=headers):
            pass
    assert closed.value.code == 1008


def test_a_form_post_is_no_sign_in(browser: TestClient) -> None:
    answer = browser.post("/session/in", data={"number": "201", "password": PASSWORD}, headers=OURS)
    assert answer.status_code == 400


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"number":' + b"9" * 20000 + b"}"])
def test_a_malformed_body_is_refused(browser: TestClient, body: bytes) -> None:
    answer = browser.post(
        "/session/in", content=body, headers={**OURS, "Content-Type": "application/json"}
    )
    assert answer.status_code == 400


def test_pages_never_learn_the_token(browser: TestClient) -> None:
    sign_in(browser)
    token = browser.cookies[auth.COOKIE]
    with browser.websocket_connect(LIVE, headers=OURS) as socket:
        told = socket.receive_text()
    assert token not in told
    assert told == f"{auth.COOKIE}={auth.hash_of(token)}"


def test_a_hash_is_no_key(browser: TestClient) -> None:
    sign_in(browser)
    hashed = auth.hash_of(browser.cookies[auth.COOKIE])
    browser.cookies.clear()
    answer = browser.get("/messaggi", headers={"Cookie": f"{auth.COOKIE}={hashed}"})
    assert answer.status_code == 302


def test_signing_out_ends_the_session_and_takes_the_cookie(browser: TestClient) -> None:
    sign_in(browser)
    token = browser.cookies[auth.COOKIE]
    answer = browser.post("/session/out", headers=OURS)
    assert answer.json() == {"next": "/accesso"}
    assert auth.COOKIE not in browser.cookies
    assert browser.get("/", headers={"Cookie": f"{auth.COOKIE}={token}"}).status_code == 302


@pytest.mark.parametrize("path", ["/", "/messaggi", "/messaggi/", "/centralino"])
def test_nobody_sees_a_page_before_signing_in(browser: TestClient, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 302
    assert answer.headers["location"].startswith("/accesso")


def test_a_person_sees_pages_but_not_the_administrators(browser: TestClient) -> None:
    sign_in(browser)
    assert "home" in browser.get("/").text
    assert "messaggi" in browser.get("/messaggi").text
    assert browser.get("/centralino").headers["location"] == "/riservata"
    refused = browser.get("/riservata")
    assert (refused.status_code, refused.text) == (403, "<p>riservata</p>")


def test_an_administrator_sees_all_in_that_role(browser: TestClient) -> None:
    sign_in(browser, "203")
    led = browser.get("/centralino/?interno=201").headers["location"]
    assert led == "/amministratore?per=%2Fcentralino%3Finterno%3D201"
    answer = browser.post("/session/role", json={"next": "/centralino?x=1"}, headers=OURS)
    assert answer.json() == {"next": "/centralino?x=1"}
    assert browser.get("/centralino").text == "<p>centralino</p>"


def test_what_is_not_there_is_404(browser: TestClient) -> None:
    answer = browser.get("/nonsense")
    assert (answer.status_code, answer.text) == (404, "<p>lost</p>")
    assert browser.get("/../../etc/passwd").status_code == 404
    assert browser.get("/%2e%2e/%2e%2e/etc/passwd").status_code == 404


def test_a_session_that_ended_is_sent_to_the_door(browser: TestClient, clock: HandClock) -> None:
    sign_in(browser)
    clock.forward(minutes=20)
    assert browser.get("/").status_code == 200, "opening a page is doing something"
    clock.forward(minutes=20)
    assert browser.get("/").status_code == 200
    clock.forward(minutes=30)
    assert browser.get("/").status_code == 302


def test_every_answer_carries_the_guards(browser: TestClient) -> None:
    for path in ("/", "/accesso", "/assets/root-abcd1234.js", "/nonsense", "/sound/1"):
        headers = browser.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        policy = headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy and "'sha256-x'" in policy
        scripts = re.search(r"script-src ([^;]*)", policy)
        assert scripts is not None and "unsafe" not in scripts[1]


def test_hashed_files_are_kept_and_pages_are_not(browser: TestClient) -> None:
    assert "immutable" in browser.get("/assets/root-abcd1234.js").headers["cache-control"]
    assert browser.get("/accesso").headers["cache-control"] == "no-store"


def test_the_inline_scripts_of_a_build_are_named_by_their_hash(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        '<script src="/x.js"></script><script type="module">alert(1)</script>'
    )
    # printf 'alert(1)' | openssl dgst -sha256 -binary | base64
    assert build.script_hashes(tmp_path) == [
        "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"
    ]


def test_a_sound_is_only_for_its_owner(browser: TestClient, here: Desk) -> None:
    mine, others = message(here, 1), message(here, 3, "c2")
    assert browser.get(f"/sound/{mine}").status_code == 401
    sign_in(browser)
    assert browser.get(f"/sound/{mine}").headers["content-type"] == "audio/wav"
    assert browser.get(f"/sound/{others}").status_code == 404
    assert browser.get("/sound/999").status_code == 404


def test_an_administrator_hears_nobody_elses_messages(browser: TestClient, here: Desk) -> None:
    mine = message(here, 1)
    sign_in(browser, "203")
    assert browser.get(f"/sound/{mine}").status_code == 404


def test_a_sound_comes_in_ranges_for_seeking(browser: TestClient, here: Desk) -> None:
    mine = message(here, 1)
    sign_in(browser)
    part = browser.get(f"/sound/{mine}", headers={"Range": "bytes=100-199"})
    assert (part.status_code, len(part.content)) == (206, 100)
    assert part.headers["content-range"] == "bytes 100-199/16044"


def test_a_sound_can_be_saved_under_a_name_that_harms_nothing(
    browser: TestClient, here: Desk
) -> None:
    mine = message(here, 1)
    sign_in(browser)
    inline = browser.get(f"/sound/{mine}").headers["content-disposition"]
    saved = browser.get(f"/sound/{mine}?download").headers["content-disposition"]
    assert inline.startswith("inline") and saved.startswith("attachment")
    assert "2026-11-22 11.00" in saved.replace("%20", " "), "the office's clock"
    assert not set('/\\\r\n"') & set(saved.split("filename")[1].strip('*="').replace('"', ""))


def test_a_row_that_points_outside_is_not_served(browser: TestClient, here: Desk) -> None:
    mine = message(here, 1)
    with here.database.session() as session:
        row = session.get(VoiceMessage, mine)
        assert row is not None
        row.file = "../../../etc/passwd"
    sign_in(browser)
    assert browser.get(f"/sound/{mine}").status_code == 410


def test_a_lost_sound_is_gone_not_an_error(browser: TestClient, here: Desk) -> None:
    mine = message(here, 1)
    (here.database.data / "messages" / "c1.wav").unlink()
    sign_in(browser)
    assert browser.get(f"/sound/{mine}").status_code == 410


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("/messaggi", "/messaggi"),
        ("/messaggi?scheda=perse", "/messaggi?scheda=perse"),
        ("https://evil.test/", "/"),
        ("//evil.test", "/"),
        ("/\\evil.test", "/"),
        ("javascript:alert(1)", "/"),
        ("/accesso", "/"),
        ("", "/"),
    ],
)
def test_signing_in_leads_nowhere_else(asked: str, given: str) -> None:
    assert go_on(asked) == given


def test_the_office_language_is_told_once(browser: TestClient) -> None:
    first = browser.get("/accesso")
    assert "language=it" in first.headers["set-cookie"]
    browser.cookies.set("language", "en")
    assert "set-cookie" not in browser.get("/accesso").headers
