"""The pages of the door, and the warning before a session ends: readable by everybody."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from officesmart.auth import hash_of
from tests.browser.conftest import Office, Screen
from tests.browser.office import PASSWORD
from tests.browser.test_looks import LOOKS, RULES, SIZES, picture, speak

NOW = "strftime('%Y-%m-%d %H:%M:%f', 'now')"


def rows(office: Office, query: str, *values: object) -> None:
    with closing(sqlite3.connect(office.data / "officesmart.db", timeout=10)) as database, database:
        database.execute(query, values)


def step(screen: Screen, who: str, language: str) -> None:
    """Number and password, and no further."""
    rows(screen.office, "UPDATE line SET language = ? WHERE extension = ?", language, who)
    answer = screen.context.request.post(
        f"{screen.office.url}/session/in",
        data={"number": who, "password": PASSWORD},
        headers={"Origin": screen.office.url},
    )
    assert "/" in answer.json()["next"]


def ask(screen: Screen, language: str) -> Page:
    return screen.open("/accesso/reset-password")


def sent(screen: Screen, language: str) -> Page:
    page = screen.open("/accesso/reset-password")
    page.locator("#number").fill("299")
    page.locator("[type=submit]").click()
    page.locator("[data-part-of-door=sent]").wait_for()
    return page


def choose(screen: Screen, language: str) -> Page:
    rows(screen.office, "DELETE FROM passwordreset")
    rows(
        screen.office,
        f"INSERT INTO passwordreset (line_id, token_hash, asked_at) VALUES (1, ?, {NOW})",
        hash_of("a-code"),
    )
    page = screen.open("/accesso/nuova-password#a-code")
    page.locator("#password").fill("corta")
    page.locator("#again").fill("corta")
    page.locator("[type=submit]").click()
    page.locator("#password-fault").wait_for()
    return page


def gone(screen: Screen, language: str) -> Page:
    page = screen.open("/accesso/nuova-password")
    page.locator("[data-part-of-door=gone]").wait_for()
    return page


def second(screen: Screen, language: str) -> Page:
    rows(
        screen.office,
        "INSERT OR REPLACE INTO totp (line_id, sealed_secret, confirmed_at, last_step) "
        f"VALUES (2, 'x', {NOW}, 0)",
    )
    rows(screen.office, "INSERT INTO recoverycode (line_id, code_hash) VALUES (2, 'x')")
    step(screen, "202", language)
    page = screen.open("/accesso/verifica")
    page.locator("#code").wait_for()
    return page


def welcome(screen: Screen, language: str) -> Page:
    rows(screen.office, "UPDATE line SET welcomed_at = NULL WHERE extension = '203'")
    step(screen, "203", language)
    page = screen.open("/benvenuto")
    page.locator("#email").wait_for()
    return page


def warning(screen: Screen, language: str) -> Page:
    speak(screen, "201", language)
    page = screen.open("/messaggi")
    page.locator("[data-entered=true]").wait_for()
    last = datetime.now(UTC).replace(tzinfo=None) - timedelta(minutes=28, seconds=30)
    rows(screen.office, "UPDATE websession SET last_activity_at = ?", str(last))
    screen.office.happens("message", line="201", call=f"w{datetime.now(UTC).timestamp()}")
    page.get_by_role("alertdialog").wait_for()
    return page


PAGES: dict[str, Callable[[Screen, str], Page]] = {
    "reset-chiedi": ask,
    "reset-mandato": sent,
    "reset-scegli": choose,
    "reset-scaduto": gone,
    "verifica": second,
    "benvenuto": welcome,
    "sessione-avviso": warning,
}


@pytest.fixture(params=LOOKS)
def look(
    request: pytest.FixtureRequest, chromium: Browser, office: Office
) -> Iterator[tuple[str, Screen]]:
    _, theme, size = request.param.split("-")
    width, height = SIZES[size]
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        color_scheme=theme,
        reduced_motion="reduce",
    )
    yield request.param, Screen(context, office)
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_door_is_for_everybody(name: str, look: tuple[str, Screen]) -> None:
    kind, screen = look
    language = kind.split("-")[0]
    speak(screen, "", language)
    page = PAGES[name](screen, language)
    page.locator(f"html[lang={language}]").wait_for()
    page.wait_for_load_state("networkidle")
    picture(page, f"{name}-{kind}")
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
