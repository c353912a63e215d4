"""Every page in both languages, both themes, wide and on a phone: readable by everybody.

axe-core finds nothing to complain of (WCAG 2.2 A and AA, and good practice), nothing has to be
scrolled sideways, and a picture of each is left in artefacts/ for people to look at.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from officesmart import build
from tests.browser.conftest import Office, Screen

PICTURES = build.ROOT / "artefacts"
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
SIZES = {"wide": (1440, 900), "phone": (360, 780)}


def nothing(page: Page) -> None:
    """The page as it opens."""


def play(page: Page) -> None:
    page.locator(".msg .play").first.click()
    page.locator("[data-player]").wait_for()
    at = page.locator("[data-part=at]")
    expect(at).to_have_text(re.compile("0:0[1-9]"))  # each second shows for a second only


def dial(page: Page) -> None:
    page.locator(".tabbar button, .bar .btn.pri").locator("visible=true").first.click()
    page.locator("dialog[open]").wait_for()


def row_menu(page: Page) -> None:
    page.locator(".msg .acts .ib").locator("visible=true").last.click()
    page.get_by_role("menu").wait_for()


def wrong(page: Page) -> None:
    page.locator("#number").fill("299")
    page.locator("#password").fill("x")
    page.locator("[type=submit]").click()
    page.locator("[data-error]").wait_for()


PAGES: dict[str, tuple[str, str, Callable[[Page], None]]] = {
    # name: who, where, what is done first
    "accesso": ("", "/accesso?fine=1", nothing),
    "accesso-errore": ("", "/accesso", wrong),
    "home": ("201", "/", nothing),
    "home-vuota": ("202", "/", nothing),
    "chiamata": ("201", "/", dial),
    "messaggi": ("201", "/messaggi?scheda=messaggi", play),
    "messaggi-menu": ("201", "/messaggi?scheda=messaggi", row_menu),
    "perse": ("201", "/messaggi?scheda=perse", nothing),
    "effettuate": ("201", "/messaggi?scheda=effettuate", nothing),
    "ricevute-vuota": ("202", "/messaggi?scheda=ricevute", nothing),
    "eliminati": ("201", "/messaggi?scheda=eliminati", nothing),
    "centralino": ("203", "/centralino", nothing),
    "vedi-come": ("203", "/admin/vedi-come?interno=201", nothing),
    "riservata": ("201", "/riservata", nothing),
    "non-trovata": ("201", "/niente-qui", nothing),
}


@pytest.fixture(scope="module")
def busy_office(office: Office) -> Office:
    """Phones, a call that rings and one that is held, a worker and a trouble."""
    for told in (
        dict(do="register", line="201", phone=1),
        dict(do="register", line="201", phone=2, agent="baresip v3.9.0 (x86_64/Linux)"),
        dict(do="register", line="203", phone=3, agent="Snom D785/10.1.175.16"),
        dict(do="worker", worker=1, alive=True),
        dict(do="worker", worker=2, alive=False),
        dict(do="trouble"),
        {"do": "start", "call": "a1", "from": "203", "to": "201"},
        {"do": "answer", "call": "a1", "to": "201"},
        {"do": "start", "call": "a2", "from": "0163555021", "to": "201"},
        {"do": "ring", "call": "a2", "to": "201", "popup": False},  # test_incoming_call.py has it
    ):
        office.happens(**told)  # type: ignore[arg-type]
    return office


# Each language, theme and size is seen on every page; all eight together with PICTURES=all.
LOOKS = ["it-light-wide", "en-dark-wide", "en-light-phone", "it-dark-phone"]
if os.environ.get("PICTURES") == "all":
    LOOKS += ["en-light-wide", "it-dark-wide", "it-light-phone", "en-dark-phone"]


@pytest.fixture(params=LOOKS)
def look(
    request: pytest.FixtureRequest, chromium: Browser, busy_office: Office
) -> Iterator[tuple[str, Screen]]:
    _, theme, size = request.param.split("-")
    width, height = SIZES[size]
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        color_scheme=theme,
        reduced_motion="reduce",  # or axe measures colours in the middle of a fade
    )
    yield request.param, Screen(context, busy_office)
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_for_everybody(name: str, look: tuple[str, Screen]) -> None:
    kind, screen = look
    language = kind.split("-")[0]
    who, where, first = PAGES[name]
    speak(screen, who, language)
    page = screen.open(where)
    page.locator(f"html[lang={language}]").wait_for()
    page.locator("[data-age]").first.wait_for() if name == "home" else None
    first(page)
    page.wait_for_load_state("networkidle")
    picture(page, f"{name}-{kind}")
    sideways = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert sideways <= 0, "the page scrolls sideways"
    # Radix puts an open menu at the end of the body, outside every landmark.
    apart = {"rules": {"region": {"enabled": False}}} if first is row_menu else {}
    found = Axe().run(page, options={**RULES, **apart})
    assert found.violations_count == 0, found.generate_report()


def speak(screen: Screen, who: str, language: str) -> None:
    """Sign in, in this language."""
    screen.context.add_cookies([{"name": "language", "value": language, "url": screen.office.url}])
    if who:
        screen.sign_in(who)
        with closing(sqlite3.connect(screen.office.data / "officesmart.db")) as rows, rows:
            rows.execute("UPDATE line SET language = ? WHERE extension = ?", (language, who))


def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=Path(PICTURES / f"{name}.png"), full_page=True)
