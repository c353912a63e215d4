"""Every page there is, found and not listed: for axe, for small screens, for the keyboard alone.

Pages whose tests have pictures are looked at there in every state; here a page that somebody adds
is held to the same rules from its first day.
"""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from officesmart.components.dialler import WINDOW
from officesmart.officesmart import PAGES
from tests.browser.conftest import Screen
from tests.browser.test_looks import RULES

MOST = 400  # presses of Tab; no page has as many controls in a test's office
DOOR = ("/amministratore",)
"Pages that lead on at once when they are opened like this."
ROUTES = [page.route for page in PAGES if page.needs != "anybody" and page.route not in DOOR]
ADMIN = {page.route for page in PAGES if page.needs == "admin"}

FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return null;
  const all = (window.walked = window.walked || []);
  if (!all.includes(at)) all.push(at);
  const drawn = (el) => {
    const style = getComputedStyle(el);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
      || style.boxShadow !== 'none';
  };
  const box = at.getBoundingClientRect();
  const near = [at, at.parentElement, at.parentElement?.parentElement].filter(Boolean);
  return {
    number: all.indexOf(at),
    name: (at.getAttribute('aria-label') || at.textContent || at.name || at.id).trim().slice(0, 60),
    tag: at.tagName,
    box: [box.left, box.top, box.width, box.height].map(Math.round),
    shown: near.some(drawn),
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
  };
}"""


def opened(screen: Screen, route: str) -> Page:
    screen.sign_in("203", elevate=route in ADMIN)
    page = screen.open(route)
    page.locator("[data-page][data-entered=true]").wait_for()
    page.wait_for_load_state("networkidle")
    return page


def walk(page: Page) -> list[dict[str, Any]]:
    """What Tab comes to, until it leaves the page or begins again."""
    stops: list[dict[str, Any]] = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None or (stops and stop["number"] == 0):
            return stops
        if stops and stop["number"] == stops[-1]["number"]:
            continue  # a player or a field of a date: Tab goes through its own parts
        stops.append(stop)
    raise AssertionError(f"Tab never leaves the page: {stops[-3:]}")


@pytest.mark.parametrize("route", ROUTES)
def test_a_page_is_for_everybody(screen: Screen, route: str) -> None:
    page = opened(screen, route)
    page.emulate_media(reduced_motion="reduce")
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()

    stops = walk(page)
    if route != WINDOW:  # a small window has no navigation to lead past
        assert "Vai al contenuto" in stops[0]["name"], "the first stop leads past the navigation"
    numbers = [stop["number"] for stop in stops]
    assert len(set(numbers)) == len(numbers), "Tab comes back to where it was"
    assert not [stop for stop in stops if not stop["shown"]], "where the focus is must be seen"
    away = [stop for stop in stops if not stop["seen"]]
    assert not away, "what has the focus is on the screen"
    if route != WINDOW:
        page.keyboard.press("Home")
        page.evaluate("document.querySelector('[data-skip]').focus()")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "contenuto"

    # 1280 px at 400 % (WCAG 2.2 s.1.4.10): nothing has to be scrolled sideways.
    page.set_viewport_size({"width": 320, "height": 256})
    page.wait_for_timeout(200)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, "the page scrolls sideways at 320 px"
    assert (
        page.evaluate("document.getAnimations().filter((a) => a.playState === 'running').length")
        == 0
    )
