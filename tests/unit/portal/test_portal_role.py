"""The role of administrator: taken with fresh proof, left, and seeing as somebody else."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from sqlmodel import select

from officesmart import auth, role
from officesmart.auth import Person
from officesmart.desk import Desk, desk, looking
from officesmart.live import Live, Tab
from officesmart.looking import MayOnlyLook
from officesmart.routes import portal
from pbx.tables import AuditEntry, Line, OutboxItem
from tests.unit.portal.conftest import PASSWORD, HandClock
from tests.unit.portal.test_door_steps import with_authenticator
from tests.unit.portal.test_portal_routes import HOST, OURS, PAGES, message, reflex, sign_in

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient


@pytest.fixture
def browser(here: Desk) -> Any:
    with TestClient(portal(reflex, PAGES, None), base_url=HOST, follow_redirects=False) as client:
        yield client


def post(browser: TestClient, path: str, **told: str) -> Any:
    return browser.post(path, json=told, headers=OURS)


def token(browser: TestClient) -> str:
    return str(browser.cookies[auth.COOKIE])


def person(here: Desk, browser: TestClient) -> Person:
    with here.database.reading() as session:
        who = auth.person_of(session, auth.hash_of(token(browser)), here.now())
    assert who is not None
    return who


def entries(here: Desk) -> list[tuple[str, str, str]]:
    with here.database.reading() as session:
        return [(each.who, each.what, each.line) for each in session.exec(select(AuditEntry))]


def give_addresses(here: Desk, extension: str, **addresses: str) -> None:
    with here.database.session() as session:
        line = session.exec(select(Line).where(Line.extension == extension)).one()
        for name, value in addresses.items():
            setattr(line, name, value)


def test_just_after_signing_in_nothing_is_asked(browser: TestClient, here: Desk) -> None:
    sign_in(browser, "203")
    before = token(browser)
    assert not person(here, browser).elevated
    assert post(browser, "/session/role").json() == {"next": "/centralino"}
    assert token(browser) != before, "the session has another token in the other role"
    assert person(here, browser).elevated
    with here.database.reading() as session:
        assert auth.person_of(session, auth.hash_of(before), here.now()) is None
    assert entries(here) == [("203", "role_taken", "")]


def test_after_a_quarter_of_an_hour_the_password_is_asked(
    browser: TestClient, here: Desk, clock: HandClock
) -> None:
    sign_in(browser, "203")
    clock.forward(minutes=15)
    led = post(browser, "/session/role", next="/admin/posta").json()["next"]
    assert led == "/amministratore?per=%2Fadmin%2Fposta"
    wrong = post(browser, "/session/role", password="sbagliata")
    assert (wrong.status_code, wrong.json()) == (403, {"error": "wrong"})
    assert not person(here, browser).elevated and entries(here) == []
    right = post(browser, "/session/role", password=PASSWORD, next="/admin/posta")
    assert right.json() == {"next": "/admin/posta"}
    assert person(here, browser).proved_at == clock.now()


def test_guessing_the_password_there_has_to_wait_too(
    browser: TestClient, here: Desk, clock: HandClock
) -> None:
    sign_in(browser, "203")
    clock.forward(minutes=16)
    for _ in range(5):
        post(browser, "/session/role", password="sbagliata")
    told = post(browser, "/session/role", password=PASSWORD)
    assert (told.status_code, told.json()["error"]) == (429, "wait")
    assert not person(here, browser).elevated


@pytest.mark.parametrize("password", ["", "x" * 10_000, "👩‍💻", "\u202eabc", "' OR 1=1 --", "<b>"])
def test_nonsense_is_no_password(
    browser: TestClient, here: Desk, clock: HandClock, password: str
) -> None:
    sign_in(browser, "203")
    clock.forward(minutes=16)
    assert post(browser, "/session/role", password=password).status_code == 403
    assert not person(here, browser).elevated


def test_a_user_and_a_stranger_get_no_role(browser: TestClient, here: Desk) -> None:
    assert post(browser, "/session/role").json() == {"next": "/accesso"}
    sign_in(browser, "201")
    assert post(browser, "/session/role", password=PASSWORD).json() == {"next": "/riservata"}
    assert post(browser, "/session/view", line="203").json() == {"next": "/riservata"}
    assert not person(here, browser).elevated and entries(here) == []


def test_another_site_takes_no_role(browser: TestClient, here: Desk) -> None:
    sign_in(browser, "203")
    for path in ("/session/role", "/session/role/end", "/session/view", "/session/view/end"):
        answer = browser.post(path, json={}, headers={"Origin": "https://evil.example"})
        assert answer.status_code == 403
    assert not person(here, browser).elevated


def test_the_role_is_left_and_ends_with_the_right_to_it(browser: TestClient, here: Desk) -> None:
    sign_in(browser, "203")
    post(browser, "/session/role")
    assert post(browser, "/session/role/end").json() == {"next": "/"}
    assert not person(here, browser).elevated
    post(browser, "/session/role")
    with here.database.session() as session:
        session.exec(select(Line).where(Line.extension == "203")).one().role = "user"
    who = person(here, browser)
    assert not who.admin and not who.elevated
    assert [what for _, what, _ in entries(here)] == ["role_taken", "role_left", "role_taken"]


def test_seeing_as_somebody_is_logged_and_mailed(browser: TestClient, here: Desk) -> None:
    give_addresses(here, "201", security_email="giulia@example.com", email="other@example.com")
    sign_in(browser, "203")
    assert post(browser, "/session/view", line="201").json() == {"next": "/riservata"}
    post(browser, "/session/role")
    assert post(browser, "/session/view", line="201").json() == {"next": "/"}
    who = person(here, browser)
    assert (who.extension, who.viewer, who.admin, who.elevated) == (
        *("201", "Sara Lombardi", False, False),
    )
    with here.database.reading() as session:
        (owed,) = session.exec(select(OutboxItem)).all()
    assert owed.kind == "security_notice" and owed.payload["to"] == "giulia@example.com"
    assert (owed.payload["what"], owed.payload["by"]) == ("viewed_as", "Sara Lombardi (203)")
    assert post(browser, "/session/view/end").json() == {"next": "/admin/interni?interno=201"}
    assert person(here, browser).elevated and person(here, browser).extension == "203"
    assert entries(here) == [
        *(("203", "role_taken", ""), ("203", "viewed_as", "201"), ("203", "view_ended", "201")),
    ]


@pytest.mark.parametrize("line", ["", "999", "203", "x" * 10_000, "' OR 1=1"])
def test_there_must_be_somebody_else_to_see_as(browser: TestClient, here: Desk, line: str) -> None:
    sign_in(browser, "203")
    post(browser, "/session/role")
    assert post(browser, "/session/view", line=line).status_code == 404
    assert person(here, browser).viewed_by == 0


def test_a_line_without_a_usable_address_is_seen_and_not_told(
    browser: TestClient, here: Desk
) -> None:
    give_addresses(here, "201", security_email="nonsense", email="")
    sign_in(browser, "203")
    post(browser, "/session/role")
    assert post(browser, "/session/view", line="201").json() == {"next": "/"}
    with here.database.reading() as session:
        assert session.exec(select(OutboxItem)).all() == []


def test_no_message_is_heard_and_no_file_taken_while_seeing_as_somebody(
    browser: TestClient, here: Desk
) -> None:
    heard = message(here, 1)
    sign_in(browser, "203")
    assert browser.get("/admin/file/interni.csv").status_code == 403, "not in the role yet"
    post(browser, "/session/role")
    assert browser.get("/admin/file/interni.csv").status_code == 200
    post(browser, "/session/view", line="201")
    for path in (f"/sound/{heard}", f"/sound/{heard}?download", "/admin/file/interni.csv"):
        assert browser.get(path).status_code == 403
    assert post(browser, "/session/view", line="202").json() == {"next": "/riservata"}


def test_signing_out_while_seeing_as_somebody_ends_the_own_session(
    browser: TestClient, here: Desk
) -> None:
    sign_in(browser, "203")
    post(browser, "/session/role")
    post(browser, "/session/view", line="201")
    hashed = auth.hash_of(token(browser))
    post(browser, "/session/out")
    with here.database.reading() as session:
        assert auth.person_of(session, hashed, here.now()) is None


def test_who_only_looks_is_refused_by_the_desk(here: Desk) -> None:
    with looking():
        with desk().database.reading() as session:
            assert session.exec(select(Line)).first() is not None
        with pytest.raises(MayOnlyLook):
            desk().database.session()
        with pytest.raises(MayOnlyLook):
            _ = desk().phone.hang_up
        assert not desk().phone.running()
    with desk().database.session() as session:
        assert session.exec(select(Line)).first() is not None


def test_open_tabs_go_on_when_the_token_changes() -> None:
    live = Live()
    live.watch(Tab("tab", "old", "203", 3, "handler"))
    live.moved("old", "new")
    assert live.now_called("tab", "old") == "new"
    assert live.now_called("tab", "stolen") == "stolen"
    assert live.now_called("another tab", "old") == "old", "the old name opens nothing elsewhere"
    live.watch(Tab("tab", "new", "203", 3, "another page"))
    assert live.now_called("tab", "old") == "new"
    live.moved("new", "newer")
    assert live.now_called("tab", "old") == "newer"


def test_a_proof_is_fresh_for_a_quarter_of_an_hour(here: Desk, clock: HandClock) -> None:
    who = Person(3, "203", "Sara", "", True, "it", "s", clock.now(), proved_at=clock.now())
    assert role.is_fresh(who, clock.now())
    clock.forward(minutes=14, seconds=59)
    assert role.is_fresh(who, clock.now())
    clock.forward(seconds=1)
    assert not role.is_fresh(who, clock.now())


def test_a_line_with_a_second_step_is_asked_for_that_too(
    browser: TestClient, here: Desk, clock: HandClock
) -> None:
    sign_in(browser, "203")
    authenticator, codes = with_authenticator(here, "203")
    clock.forward(minutes=16)
    typed = {"password": PASSWORD, "next": "/centralino"}
    assert post(browser, "/session/role", **typed).json() == {"error": "wrong"}
    assert post(browser, "/session/role", **typed, code="000000").status_code == 403
    assert not person(here, browser).elevated
    code = authenticator.at(here.now())
    assert post(browser, "/session/role", **typed, code=code).json() == {"next": "/centralino"}
    post(browser, "/session/role/end")
    clock.forward(minutes=16)
    assert post(browser, "/session/role", **typed, code=code).status_code == 403, "used"
    assert post(browser, "/session/role", **typed, code=codes[0]).status_code == 200
    assert person(here, browser).elevated


def test_codes_cannot_be_guessed_by_who_knows_the_password(
    browser: TestClient, here: Desk, clock: HandClock
) -> None:
    sign_in(browser, "203")
    authenticator, _ = with_authenticator(here, "203")
    clock.forward(minutes=16)
    for n in range(5):
        post(browser, "/session/role", password=PASSWORD, code=f"{n:06}")
    code = authenticator.at(here.now())
    assert post(browser, "/session/role", password=PASSWORD, code=code).status_code == 429


@pytest.mark.parametrize("answer", ["", {}, [], {"id": "x" * 2000}, {"id": 1, "response": None}])
def test_a_made_up_passkey_proves_nothing(
    browser: TestClient, here: Desk, clock: HandClock, answer: Any
) -> None:
    sign_in(browser, "203")
    clock.forward(minutes=16)
    told = browser.post("/session/role", json={"answer": answer}, headers=OURS)
    assert told.status_code == 403 and not person(here, browser).elevated


def test_whose_portal_is_looked_at_keeps_the_names_of_his_keys(
    browser: TestClient, here: Desk
) -> None:
    sign_in(browser, "203")
    post(browser, "/session/role")
    post(browser, "/session/view", line="201")
    assert post(browser, "/session/role/passkey").json() == {"next": "/"}
    post(browser, "/session/view/end")
    sign_in(browser, "201")
    assert post(browser, "/session/role/passkey").json() == {"next": "/riservata"}
