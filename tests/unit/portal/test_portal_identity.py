"""The posts that change how one signs in: who may, what is refused, and what nobody keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
from sqlmodel import select

from officesmart import auth, routes
from officesmart.desk import Desk
from officesmart.identity import Factors, factors, posting, posts
from officesmart.routes import Built
from officesmart.tables import EmailProof, Passkey, Totp, WebSession
from pbx import credentials
from pbx.tables import Line, Mailbox, OutboxItem
from tests.unit.identity.authenticator import Authenticator
from tests.unit.portal.conftest import PASSWORD, HandClock
from tests.unit.portal.test_portal_routes import (  # type: ignore[attr-defined]
    TestClient,
    reflex,
)

HOST = "https://office.test"
OURS = {"Origin": HOST}
NEW = "nuvola-lenta-58"
PIN = "849261"
NASTY: list[Any] = [
    *("", "x" * 10_000, "😀", "\u202eabc", "<b>x</b>", "' OR 1=1", "\x00", "\ud800"),
    *(None, 7, [], {}),
]


@pytest.fixture
def browser(here: Desk, tmp_path: Path) -> Iterator[TestClient]:
    """Giulia's, signed in."""
    app = routes.portal(reflex, (), Built(tmp_path, ()))
    with TestClient(app, base_url=HOST, follow_redirects=False) as client:
        told = {"number": "201", "password": PASSWORD}
        assert client.post("/session/in", json=told, headers=OURS).status_code == 200
        yield client


def post(browser: TestClient, which: str, /, **told: Any) -> tuple[int, dict[str, Any]]:
    # TestClient's own writer of JSON refuses half a pair of UTF-16.
    headers = {**OURS, "Content-Type": "application/json"}
    answer = browser.post(f"/identity/{which}", content=json.dumps(told), headers=headers)
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status_code, answer.json()


def line(here: Desk, extension: str = "201") -> Line:
    with here.database.reading() as session:
        return session.exec(select(Line).where(Line.extension == extension)).one()


def has(here: Desk) -> Factors:
    with here.database.reading() as session:
        return factors(session, line(here).id or 0)


def code_mailed(here: Desk) -> str:
    with here.database.reading() as session:
        rows = session.exec(select(OutboxItem).where(OutboxItem.kind == "email_code")).all()
    return str(rows[-1].payload["code"])


def switched_on(browser: TestClient, here: Desk) -> tuple[str, list[str]]:
    _, answer = post(browser, "totp", present=PASSWORD)
    seed = answer["secret"].replace(" ", "")
    status, answer = post(browser, "totp/on", code=pyotp.TOTP(seed).at(here.now()))
    assert status == 200
    return seed, answer["codes"]


@pytest.mark.parametrize("name", posts.DEEDS)
def test_nobody_who_is_not_signed_in_gets_anywhere(
    browser: TestClient, here: Desk, name: str
) -> None:
    browser.cookies.clear()
    status, answer = post(browser, name, present=PASSWORD, new=NEW, again=NEW)
    assert (status, answer) == (401, {"next": "/accesso?fine=1"})


@pytest.mark.parametrize("name", posts.DEEDS)
@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://evil.test"}, {"Origin": "null"}], ids=str
)
def test_another_site_gets_nowhere(browser: TestClient, name: str, headers: dict[str, str]) -> None:
    answer = browser.post(f"/identity/{name}", json={"present": PASSWORD}, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "name", [name for name in posts.DEEDS if name not in ("email/code", "totp/on", "passkey/made")]
)
def test_each_change_asks_for_the_present_password(
    browser: TestClient, here: Desk, name: str
) -> None:
    before = line(here).password_hash
    for wrong in ("", "sbagliata"):
        status, answer = post(
            browser, name, present=wrong, new=NEW, again=NEW, address="a@b.example", code="1"
        )
        assert status in (403, 422) and list(answer["faults"]) == ["present"]
    assert line(here).password_hash == before
    with here.database.reading() as session:
        for table in (Totp, EmailProof, Passkey, OutboxItem):
            assert session.exec(select(table)).all() == []


def test_five_wrong_ones_end_the_session_and_empty_ones_do_not_count(
    browser: TestClient, here: Desk
) -> None:
    for _ in range(8):
        assert post(browser, "recovery", present="")[0] == 422
    for _ in range(posting.TRIES - 1):
        assert post(browser, "recovery", present="sbagliata")[0] == 403
    assert post(browser, "recovery", present="sbagliata") == (403, {"next": "/accesso?fine=1"})
    assert post(browser, "recovery", present=PASSWORD)[0] == 401


def test_a_right_one_forgives_the_wrong_ones(browser: TestClient, here: Desk) -> None:
    for _ in range(3):
        for _ in range(posting.TRIES - 1):
            assert post(browser, "recovery", present="sbagliata")[0] == 403
        assert post(browser, "recovery", present=PASSWORD)[0] == 200


def test_whoever_sees_as_somebody_else_changes_nothing(browser: TestClient, here: Desk) -> None:
    """An administrator who looks at Giulia's portal may not, even with her password."""
    with here.database.session() as session:
        row = session.exec(select(WebSession)).one()
        row.line_id, row.views_line_id = line(here, "203").id or 0, line(here).id
        row.admin_since = row.proved_at = here.now()
        session.add(row)
    before = [line(here, extension).password_hash for extension in ("201", "203")]
    for name in posts.DEEDS:
        status, _ = post(browser, name, present=PASSWORD, new=NEW, again=NEW)
        assert status == 403
    assert [line(here, extension).password_hash for extension in ("201", "203")] == before


def test_a_password_is_changed_and_the_session_stays(browser: TestClient, here: Desk) -> None:
    assert post(browser, "password", present=PASSWORD, new=NEW, again=NEW + "x") == (
        422,
        {"faults": {"again": ["Non coincide con quanto scritto sopra"]}},
    )
    status, answer = post(browser, "password", present=PASSWORD, new="corta", again="corta")
    assert (status, answer["faults"]["new"]) == (422, ["La password ha meno di 10 caratteri"])
    assert post(browser, "password", present=PASSWORD, new=NEW, again=NEW) == (200, {"done": True})
    assert credentials.verify(line(here).password_hash, NEW)
    assert post(browser, "recovery", present=NEW)[0] == 200


def test_a_pin_is_changed_by_the_old_one_or_the_password(browser: TestClient, here: Desk) -> None:
    assert post(browser, "pin", by="password", present=PASSWORD, new=PIN, again=PIN)[0] == 200
    other = "571938"
    told = {"by": "pin", "new": other, "again": other}
    status, answer = post(browser, "pin", present="000000", **told)
    assert (status, answer["faults"]) == (403, {"present": ["Non è il tuo PIN attuale"]})
    assert post(browser, "pin", present=PASSWORD, **told)[0] == 403
    assert post(browser, "pin", present=PIN, **told)[0] == 200
    with here.database.reading() as session:
        box = session.get_one(Mailbox, line(here).id)
    assert credentials.verify(box.pin_hash, other)


def test_without_a_pin_nobody_gets_in_by_an_empty_one(browser: TestClient, here: Desk) -> None:
    for present in ("", " ", "000000"):
        told = {"by": "pin", "present": present, "new": PIN, "again": PIN}
        assert post(browser, "pin", **told)[0] in (403, 422)


def test_an_address_by_its_code(browser: TestClient, here: Desk) -> None:
    assert post(browser, "email", present=PASSWORD, address="g@nuova.example")[0] == 200
    assert post(browser, "email/code", code="1")[1]["faults"]["code"]
    assert line(here).security_email == "201@ufficio.example"
    assert post(browser, "email/code", code=code_mailed(here))[0] == 200
    assert line(here).security_email == "g@nuova.example"


def test_the_second_step_on_and_off(browser: TestClient, here: Desk, clock: HandClock) -> None:
    status, answer = post(browser, "totp", present=PASSWORD)
    assert status == 200 and answer["picture"].startswith("<?xml") and "<svg" in answer["picture"]
    assert post(browser, "totp/on", code="000000")[0] == 422
    assert has(here) == Factors()
    seed, codes = switched_on(browser, here)
    assert has(here) == Factors(totp=True, recovery_left=10)
    # Begun anew in another window, it stays as it is.
    assert "secret" not in post(browser, "totp", present=PASSWORD)[1]
    clock.forward(minutes=1)
    code = pyotp.TOTP(seed).at(here.now())
    assert post(browser, "totp/off", present=PASSWORD, code="")[0] == 403
    assert post(browser, "totp/off", present=PASSWORD, code=code)[0] == 200
    assert has(here) == Factors()
    assert post(browser, "totp/off", present=PASSWORD, code=codes[0])[0] == 403


def test_codes_are_not_guessed_with_the_password_in_hand(browser: TestClient, here: Desk) -> None:
    _, codes = switched_on(browser, here)
    for _ in range(posting.TRIES - 1):
        assert post(browser, "totp/off", present=PASSWORD, code="000000")[0] == 403
    answer = post(browser, "totp/off", present=PASSWORD, code="000000")
    assert answer == (403, {"next": "/accesso?fine=1"})
    assert post(browser, "totp/off", present=PASSWORD, code=codes[0])[0] == 401
    assert has(here).totp


def test_paper_stands_for_a_lost_telephone(browser: TestClient, here: Desk) -> None:
    _, codes = switched_on(browser, here)
    new = post(browser, "recovery", present=PASSWORD)[1]["codes"]
    assert post(browser, "totp/off", present=PASSWORD, code=codes[0])[0] == 403
    assert post(browser, "totp/off", present=PASSWORD, code=new[0])[0] == 200


def test_codes_on_paper_need_something_to_stand_for(browser: TestClient, here: Desk) -> None:
    assert post(browser, "recovery", present=PASSWORD)[1]["codes"] == []


def test_a_lost_key_of_the_office_is_explained(browser: TestClient, here: Desk) -> None:
    _, codes = switched_on(browser, here)
    (here.database.data / "secret.key").write_bytes(b"no key")
    assert post(browser, "totp/off", present=PASSWORD, code=codes[0])[0] == 200
    status, answer = post(browser, "totp", present=PASSWORD)
    assert status == 500 and "chiave" in answer["faults"][""][0]


def test_a_passkey_is_made_and_taken_away(browser: TestClient, here: Desk) -> None:
    options = post(browser, "passkey", present=PASSWORD)[1]["options"]
    mine = Authenticator(rp_id="office.test", origin=HOST)
    status, answer = post(browser, "passkey/made", answer=mine.make(options), name="Portatile")
    assert status == 200 and len(answer["codes"]) == 10
    # The same answer once more answers no question.
    assert post(browser, "passkey/made", answer=mine.make(options), name="x")[0] == 422
    with here.database.reading() as session:
        which = str(session.exec(select(Passkey)).one().id)
    odd: Any
    for odd in ("", "-1", "x" * 100, "999", None, []):
        assert post(browser, "passkey/remove", present=PASSWORD, passkey=odd)[0] == 200
    assert has(here).passkeys == 1
    assert post(browser, "passkey/remove", present=PASSWORD, passkey=which)[0] == 200
    assert has(here) == Factors()


def test_passkeys_say_where_they_work(browser: TestClient, here: Desk) -> None:
    headers = {"Origin": "https://192.0.2.1", "Host": "192.0.2.1"}
    answer = browser.post("/identity/passkey", json={"present": PASSWORD}, headers=headers)
    assert answer.status_code == 422 and "nome" in answer.json()["faults"][""][0]


@pytest.mark.parametrize("odd", NASTY, ids=lambda odd: repr(odd)[:12])
def test_nothing_odd_breaks_anything(browser: TestClient, here: Desk, odd: Any) -> None:
    for name in posts.DEEDS:
        if name == "email/code" and odd is None:
            assert post(browser, "email", present=PASSWORD, address="g@nuova.example")[0] == 200
        status, _ = post(
            browser, name, present=PASSWORD, new=odd, again=odd, address=odd, code=odd,
            answer=odd, name=odd, passkey=odd, by=odd,
        )  # fmt: skip
        assert status in (200, 400, 403, 422), name
    assert credentials.verify(line(here).password_hash, PASSWORD)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"{}", "text/plain"),
        (b"[]", "application/json"),
        (b"{", "application/json"),
        (b"[" * 20_000, "application/json"),
        (b'{"present":"' + b"x" * 40_000 + b'"}', "application/json"),
        (b"\xff\xfe", "application/json"),
    ],
    ids=lambda value: repr(value)[:16],
)
def test_what_is_no_form_is_refused(browser: TestClient, content: bytes, kind: str) -> None:
    headers = {**OURS, "Content-Type": kind}
    assert browser.post("/identity/password", content=content, headers=headers).status_code == 400


def test_the_person_reads_it_in_their_language(browser: TestClient, here: Desk) -> None:
    with here.database.session() as session:
        row = session.get_one(Line, line(here).id)
        row.language = "en"
        session.add(row)
    answer = post(browser, "password", present=PASSWORD, new="short", again="short")[1]
    assert answer["faults"]["new"] == ["The password has fewer than 10 characters"]


def test_the_token_of_the_session_is_not_told(browser: TestClient, here: Desk) -> None:
    token = browser.cookies[auth.COOKIE]
    for name in posts.DEEDS:
        assert token not in str(post(browser, name, present=PASSWORD))
