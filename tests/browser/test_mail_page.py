"""Posta: what an administrator sees of the mail, over a mail server of the test's own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from officesmart import mail
from pbx.config import Config
from pbx.store.session import Database
from tests.browser.conftest import Office, Screen
from tests.browser.test_looks import LOOKS, RULES, SIZES, picture, speak
from tests.interop import ports

SECRET = "chiave-segreta-9"
SOON = 15_000  # milliseconds; the portal looks for mail every five seconds
OK = "250 OK"


class Inbox:
    """Takes what it gets, unless it was told to refuse a recipient."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []
        self.refuses: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.refuses.get(address, OK)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        letter = message_from_bytes(cast(bytes, envelope.content), policy=default)
        self.taken.append((envelope.rcpt_tos[0], str(letter["Subject"])))
        return OK


@pytest.fixture(scope="module")
def inbox() -> Iterator[tuple[Inbox, int]]:
    kept, port = Inbox(), ports.row(2)
    running = Controller(kept, hostname="127.0.0.1", port=port)
    running.start()
    yield kept, port
    running.stop()


@pytest.fixture(scope="module")
def office(
    chromium: Browser, tmp_path_factory: pytest.TempPathFactory, inbox: tuple[Inbox, int]
) -> Iterator[Office]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(
            "OFFICESMART_SMTP_URL",
            f"smtp://127.0.0.1:{inbox[1]}?from=centralino%40example.it",
        )
        running = Office(tmp_path_factory.mktemp("office"), ports.row(2))
    yield running
    running.stop()


@pytest.fixture
def page(screen: Screen) -> Page:
    screen.sign_in("203")
    return screen.open("/admin/posta")


def listed(page: Page, name: str) -> Locator:
    return page.locator("section.panel").filter(has=page.get_by_role("heading", name=name))


def row(page: Page, where: str, to: str) -> Locator:
    return listed(page, where).get_by_role("listitem").filter(has_text=to)


def owe(data: Path, to: str, **told: Any) -> None:
    """Another part of the office owes a mail."""
    database = Database(Config(data=data).url, data)
    with database.session() as session:
        mail.owe(
            session,
            "security_notice",
            to=to,
            cause="a test",
            at=datetime.now(UTC),
            payload={"what": "password"},
            name="Giulia Ferrante",
        )
    database.close()


def test_the_server_is_shown_and_nothing_waits(page: Page, inbox: tuple[Inbox, int]) -> None:
    expect(page.get_by_role("heading", name="Nessuna mail in attesa")).to_be_visible()
    facts = listed(page, "Server di posta")
    expect(facts).to_contain_text(f"127.0.0.1:{inbox[1]}")
    expect(facts).to_contain_text("senza cifratura")
    expect(facts).to_contain_text("centralino@example.it")


def test_a_test_mail_arrives_and_the_page_says_so(page: Page, inbox: tuple[Inbox, int]) -> None:
    page.get_by_label("A quale indirizzo").fill("prova@example.it")
    page.get_by_role("button", name="Manda la prova").click()
    expect(
        page.get_by_role("status").filter(has_text="accettata per prova@example.it")
    ).to_be_visible()
    assert ("prova@example.it", "Prova di Office Smart") in inbox[0].taken
    expect(row(page, "Ultime spedite", "prova@example.it")).to_be_visible()


@pytest.mark.parametrize("typed", ["", "nessuno", "a@b c.it", "x" * 250 + "@e.it", "😀\u202e@@"])
def test_what_is_no_address_is_refused_beside_the_field(page: Page, typed: str) -> None:
    field = page.get_by_label("A quale indirizzo")
    field.fill(typed)
    field.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Scrivi un indirizzo")).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("heading", name="Nessuna mail in attesa")).to_be_visible()


def test_a_refused_mail_says_why_and_goes_once_it_may(
    page: Page, screen: Screen, inbox: tuple[Inbox, int]
) -> None:
    inbox[0].refuses["chiusa@example.it"] = "550 5.1.1 <b>No such user</b>"
    owe(screen.office.data, "chiusa@example.it")
    lost = row(page, "Non spedite", "chiusa@example.it")
    expect(lost).to_contain_text(
        "Il server di posta ha rifiutato: 550 5.1.1 <b>No such user</b>", timeout=SOON
    )
    expect(lost).to_contain_text("1 tentativo")
    expect(page.get_by_role("status").filter(has_text="1 non spedita")).to_be_visible()
    del inbox[0].refuses["chiusa@example.it"]
    again = lost.get_by_role("button", name=re.compile("^Riprova adesso: .*chiusa@example.it"))
    again.focus()
    again.press("Enter")
    expect(row(page, "Ultime spedite", "chiusa@example.it")).to_be_visible(timeout=SOON)
    expect(lost).to_have_count(0)


def test_one_that_waits_can_be_given_up_and_taken_off(
    page: Page, screen: Screen, inbox: tuple[Inbox, int]
) -> None:
    inbox[0].refuses["lenta@example.it"] = "451 4.7.1 Greylisted"
    owe(screen.office.data, "lenta@example.it")
    waits = row(page, "In attesa", "lenta@example.it")
    expect(waits).to_contain_text("chiede di riprovare: 451 4.7.1 Greylisted", timeout=SOON)
    expect(waits).to_contain_text(re.compile(r"1 tentativo, il prossimo .+ alle \d\d:\d\d"))
    waits.get_by_role("button", name=re.compile("^Riprova adesso")).click()
    expect(waits).to_contain_text("2 tentativi", timeout=SOON)
    waits.get_by_role("button", name=re.compile("^Rinuncia")).click()
    lost = row(page, "Non spedite", "lenta@example.it")
    expect(lost).to_contain_text("Fermato da Sara Lombardi")
    lost.get_by_role("button", name=re.compile("^Togli dall'elenco")).click()
    expect(lost).to_have_count(0)


def test_it_speaks_the_readers_language_at_once(
    page: Page, screen: Screen, inbox: tuple[Inbox, int]
) -> None:
    inbox[0].refuses["full@example.it"] = "552 5.2.2 Mailbox full " + "x" * 200
    owe(screen.office.data, "full@example.it")
    expect(row(page, "Non spedite", "full@example.it")).to_be_visible(timeout=SOON)
    page.get_by_role("button", name=re.compile("Menù utente")).click()
    page.get_by_role("menuitem", name="English").click()
    expect(row(page, "Not sent", "full@example.it")).to_contain_text("The mail server refused: 552")
    expect(row(page, "Not sent", "full@example.it")).to_contain_text("Security notice")


@pytest.mark.parametrize("look", LOOKS)
def test_it_is_for_everybody(
    chromium: Browser, office: Office, inbox: tuple[Inbox, int], look: str
) -> None:
    """With something in every list, in the four looks: axe-core finds nothing."""
    language, theme, size = look.split("-")
    width, height = SIZES[size]
    context = chromium.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce"
    )
    screen = Screen(context, office)
    speak(screen, "203", language)
    page = screen.open("/admin/posta")
    page.locator("[data-entered=true]").wait_for()
    for to, answer in (("full@example.it", "552 Full"), ("slow@example.it", "451 Later")):
        inbox[0].refuses[to] = answer
        if not page.get_by_role("listitem").filter(has_text=to).count():
            owe(office.data, to)
        expect(page.get_by_role("listitem").filter(has_text=to)).to_be_visible(timeout=SOON)
    picture(page, f"posta-{look}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    context.close()


def test_it_is_for_administrators(screen: Screen) -> None:
    screen.sign_in("201")
    screen.page.goto(f"{screen.office.url}/admin/posta")
    expect(screen.page).to_have_url(re.compile("/riservata"))


@pytest.fixture
def speechless(chromium: Browser, tmp_path: Path) -> Iterator[Office]:
    """An office without a usable mail server, but with a password in its setting."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("OFFICESMART_SMTP_URL", f"smtp://u:{SECRET}@127.0.0.1:1?verify=off")
        running = Office(tmp_path, ports.row(2))
    yield running
    running.stop()


def test_a_setting_that_cannot_be_used_is_explained_without_its_password(
    chromium: Browser, speechless: Office
) -> None:
    assert os.environ.get("OFFICESMART_SMTP_URL") is None
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="it-IT")
    window = Screen(context, speechless)
    heard: list[str] = []
    window.page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda frame: heard.append(str(frame))),
    )
    window.sign_in("203")
    page = window.open("/admin/posta")
    expect(listed(page, "Server di posta")).to_contain_text("'verify' is unknown")
    expect(page.get_by_role("button", name="Manda la prova")).to_be_disabled()
    owe(speechless.data, "aspetta@example.it")
    expect(row(page, "In attesa", "aspetta@example.it")).to_contain_text(
        "L'impostazione del server di posta non è valida", timeout=SOON
    )
    assert heard and not [frame for frame in heard if SECRET in frame]
    assert SECRET not in page.content()
    assert SECRET not in (speechless.data / "portal.log").read_text()
    context.close()
