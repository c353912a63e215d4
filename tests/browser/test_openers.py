"""Whatever opens over or beside a page: Escape closes it, and the focus is where it was.

The openers are found by what they are called, so a new page is judged without being named here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Screen
from tests.browser.test_every_page import ADMIN, ROUTES
from tests.browser.test_organisation import peopled

__all__ = ["peopled"]  # a fixture: an office with sites, hours, numbers and codes

OPENS = re.compile(r"…$|^(Nuov|Aggiungi |Importa |Chiamata$|Rimetti|Statunitense)")
OVER = "dialog[open], [data-panel]"
MENU = "[role=menu]"
LEAVING = "dialog[data-leave][open]"


def openers(page: Page, *, bar: bool) -> Iterator[Locator]:
    """Buttons that say that something opens, and the first row of a table."""
    for button in page.locator("main button, .bar button" if bar else "main button").all():
        if (
            button.is_visible()
            and button.is_enabled()
            and OPENS.search(button.inner_text().strip())
        ):
            yield button
    row = page.locator("main tbody button.who, main .rows button.who").first
    if row.count():
        yield row


def opened_by(page: Page, opener: Locator) -> bool:
    """Whether something opens with the keyboard, and no menu: those are another matter."""
    opener.focus()
    opener.press("Enter")
    page.locator(f"{OVER}, {MENU}").locator("visible=true").first.wait_for()
    return page.locator(MENU).count() == 0


def closes(page: Page, opener: Locator) -> None:
    # A locator, not a script to wait for: the pages' policy forbids eval.
    inside = page.locator("dialog[open]:focus-within, [data-panel]:focus-within")
    expect(inside.first).to_be_attached()
    page.keyboard.press("Escape")
    expect(page.locator(OVER)).to_have_count(0)
    expect(opener).to_be_focused()


@pytest.mark.parametrize("who", ["201", "203"])
def test_escape_closes_and_the_focus_goes_back(
    who: str, screen: Screen, peopled: Callable[..., object]
) -> None:
    screen.sign_in(who)
    admin, found = who == "203", 0
    for route in (each for each in ROUTES if (each in ADMIN) == admin):
        page = screen.open(route)
        page.locator("[data-entered=true]").wait_for()
        page.wait_for_load_state("networkidle")
        for opener in openers(page, bar=found == 0):
            if opened_by(page, opener):
                closes(page, opener)
                found += 1
            else:
                page = screen.open(route)
    assert found >= (20 if admin else 1)  # a user's pages open the dialler at least


def test_escape_in_a_changed_panel_asks_and_staying_keeps_the_field(screen: Screen) -> None:
    screen.sign_in("203")
    page = screen.open("/admin/interni")
    page.get_by_role("button", name="Nuova linea").first.click()
    page.fill("#f-name", "Nadia Brusa")
    page.locator("#f-name").press("Escape")
    expect(page.locator(LEAVING)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(LEAVING)).to_have_count(0)
    expect(page.locator("#f-name")).to_be_focused()
    expect(page.locator("#f-name")).to_have_value("Nadia Brusa")
