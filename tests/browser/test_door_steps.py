"""What the door asks for beside a password, as a person does it: each flow from end to end."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pyotp
import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Page, expect

from pbx import vault
from tests.browser.conftest import Office, Screen
from tests.browser.office import PASSWORD
from tests.interop import ports

NEW = "verde-lampione-48"


class Letters:
    """A mail server that keeps what it is given."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.texts.append(envelope.content.decode())
        return "250 kept"


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Letters]:
    kept = Letters()
    port = ports.row(2)
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OFFICESMART_SMTP_URL", f"smtp://127.0.0.1:{port}?from=pbx@ufficio.example")
        yield kept
    server.stop()


@pytest.fixture(scope="module", autouse=True)
def before(letters: Letters) -> None:
    """The mail server is there before the office starts."""


def rows(office: Office, query: str, *values: object) -> list[Any]:
    with closing(sqlite3.connect(office.data / "officesmart.db", timeout=10)) as database, database:
        return database.execute(query, values).fetchall()


def enter(page: Page, who: str, password: str) -> None:
    page.get_by_label("Numero di telefono o interno").fill(who)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Accedi", exact=True).click()


def choose(page: Page, password: str, again: str = "") -> None:
    page.locator("#password").fill(password)
    page.locator("#again").fill(again or password)


@pytest.mark.timeout(120)
def test_a_forgotten_password_is_reset_by_mail(screen: Screen, letters: Letters) -> None:
    page = screen.open("/accesso")
    page.get_by_role("link", name="Reset Password").click()
    # The page before it has a field of the same name: what is typed there is not on this one.
    expect(page.get_by_role("heading", name="Reimposta la password")).to_be_visible()
    page.get_by_label("Numero di telefono o interno").fill("202")
    page.get_by_role("button", name="Manda il collegamento").click()
    expect(page.get_by_role("heading", name="Controlla la posta")).to_be_focused()
    for _ in range(60):
        if letters.texts:
            break
        page.wait_for_timeout(500)
    text = letters.texts[0].replace("=\r\n", "").replace("=3D", "=")
    found = re.search(r"/accesso/nuova-password#[\w-]+", text)
    assert found is not None, text
    page.goto(screen.office.url + found[0])
    expect(page.get_by_role("heading", name="Scegli una nuova password")).to_be_visible()
    assert "#" not in page.url, "the code leaves the address at once"
    choose(page, "davide-conti-1")
    page.get_by_role("button", name="Conferma", exact=True).click()
    expect(page.locator("#password-fault")).to_contain_text("contiene il nome")
    expect(page.locator("#password")).to_be_focused()
    choose(page, NEW)
    page.get_by_role("button", name="Conferma", exact=True).click()
    expect(page.get_by_text("La password è cambiata")).to_be_visible()
    enter(page, "202", NEW)
    expect(page.locator("[data-entered=true]")).to_be_attached()
    page.goto(screen.office.url + found[0])
    expect(page.get_by_role("heading", name="Il collegamento non vale più")).to_be_visible()


def test_a_browser_that_is_remembered_knows_the_number(screen: Screen) -> None:
    page = screen.open("/accesso")
    page.get_by_label("Ricordami su questo computer").check()
    enter(page, "201", PASSWORD)
    expect(page.locator("[data-entered=true]")).to_be_attached()
    cookies = {each["name"]: each for each in screen.context.cookies()}
    kept = cookies["officesmart_browser"]
    assert kept["httpOnly"] and kept["sameSite"] == "Strict"
    assert kept["value"] not in page.content()
    screen.context.clear_cookies(name="officesmart")
    screen.open("/accesso")
    expect(page.get_by_label("Numero di telefono o interno")).to_have_value("02 5550 1201")
    expect(page.get_by_label("Ricordami su questo computer")).to_be_checked()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Accedi", exact=True).click()
    expect(page.locator("[data-entered=true]")).to_be_attached()
    changed = {each["name"]: each["value"] for each in screen.context.cookies()}
    assert changed["officesmart_browser"] != kept["value"]


def test_the_first_sign_in_comes_before_everything(screen: Screen) -> None:
    rows(
        screen.office,
        "UPDATE line SET welcomed_at = NULL, security_email = '', email = ? "
        "WHERE extension = '203'",
        "sara@ufficio.example",
    )
    page = screen.open("/messaggi")
    enter(page, "203", PASSWORD)
    expect(page.get_by_role("heading", name="Benvenuto in Office Smart")).to_be_visible()
    page.goto(f"{screen.office.url}/messaggi")
    expect(page).to_have_url(re.compile("/benvenuto"))
    expect(page.get_by_label("E-mail di sicurezza")).to_have_value("sara@ufficio.example")
    choose(page, PASSWORD)
    page.get_by_role("button", name="Conferma e continua").click()
    expect(page.locator("#password-fault")).to_contain_text("password di adesso")
    choose(page, NEW)
    page.get_by_role("button", name="Conferma e continua").click()
    expect(page.get_by_role("heading", name="Messaggi e Chiamate")).to_be_visible()


def sealed(office: Office, extension: str) -> pyotp.TOTP:
    """An authenticator application for this line."""
    secret = pyotp.random_base32()
    rows(
        office,
        "INSERT INTO totp (line_id, sealed_secret, confirmed_at, last_step) "
        "SELECT id, ?, ?, 0 FROM line WHERE extension = ?",
        vault.seal(office.data, secret),
        str(datetime.now(UTC).replace(tzinfo=None)),
        extension,
    )
    return pyotp.TOTP(secret)


def test_a_second_step_is_asked_and_given(screen: Screen) -> None:
    telephone = sealed(screen.office, "201")
    try:
        page = screen.open("/messaggi")
        enter(page, "201", PASSWORD)
        expect(page.get_by_role("heading", name="Conferma che sei tu")).to_be_visible()
        page.get_by_label("Codice", exact=True).fill("000000")
        page.get_by_role("button", name="Continua").click()
        expect(page.get_by_role("alert").filter(has_text="non è giusto")).to_be_visible()
        expect(page.get_by_label("Codice", exact=True)).to_be_focused()
        page.get_by_label("Codice", exact=True).fill(telephone.now())
        page.get_by_role("button", name="Continua").click()
        expect(page.get_by_role("heading", name="Messaggi e Chiamate")).to_be_visible()
    finally:
        rows(screen.office, "DELETE FROM totp")


def with_authenticator(screen: Screen) -> None:
    """A passkey device in this browser, whose owner always agrees."""
    cdp = screen.context.new_cdp_session(screen.page)
    cdp.send("WebAuthn.enable")
    cdp.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_a_passkey_is_the_second_step_and_the_only_one(screen: Screen) -> None:
    page = screen.sign_in("201")
    with_authenticator(screen)
    screen.open("/profilo")
    mine = page.locator(".cards > li").filter(
        has=page.get_by_role("heading", name="Passkey", exact=True)
    )
    mine.get_by_role("button", name="Aggiungi", exact=True).click()
    mine.get_by_label("Nome").fill("Portatile")
    mine.get_by_label("Password attuale").fill(PASSWORD)
    mine.get_by_role("button", name="Aggiungi passkey").click()
    page.get_by_role("button", name="Li ho messi al sicuro").click()
    screen.context.clear_cookies(name="officesmart")
    try:
        page.goto(f"{screen.office.url}/accesso")
        page.get_by_role("button", name="Accedi con una passkey").click()
        expect(page.get_by_role("definition").filter(has_text="02 5550 1201")).to_be_visible()
        screen.context.clear_cookies(name="officesmart")
        screen.open("/accesso")
        enter(page, "201", PASSWORD)
        page.get_by_role("button", name="Usa la passkey").click()
        expect(page.get_by_role("definition").filter(has_text="02 5550 1201")).to_be_visible()
    finally:
        rows(screen.office, "DELETE FROM passkey")


def test_an_administrator_opens_a_lockout(screen: Screen) -> None:
    rows(screen.office, "UPDATE line SET welcomed_at = created_at")
    context = screen.context.request
    for _ in range(6):
        context.post(
            f"{screen.office.url}/session/in",
            data={"number": "202", "password": "wrong"},
            headers={"Origin": screen.office.url},
        )
    kept = rows(screen.office, "SELECT password_hash FROM line WHERE extension = '201'")[0][0]
    rows(screen.office, "UPDATE line SET password_hash = ? WHERE extension = '203'", kept)
    page = screen.sign_in("203")
    screen.open("/centralino")
    shown = page.locator(".locked li").filter(has_text="202 Davide Conti")
    expect(shown).to_contain_text("127.0.0.1")
    shown.get_by_role("button", name=re.compile("Sblocca")).click()
    expect(page.locator(".toast").filter(has_text="Accesso sbloccato")).to_be_visible()
    expect(shown).to_have_count(0)
