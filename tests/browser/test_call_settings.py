"""Impostazioni di chiamata and the limits against fraud, as people and administrators use them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import Office, Screen
from tests.browser.late import Late
from tests.browser.test_looks import RULES


def option(office: Office, feature: str, extension: str = "") -> dict[str, Any]:
    """What is stored of a feature: of a line, or of the office."""
    query = (
        "SELECT options FROM featureoption LEFT JOIN line ON line.id = line_id "
        "WHERE feature = ? AND coalesce(extension, '') = ?"
    )
    with closing(sqlite3.connect(office.data / "officesmart.db")) as rows:
        found = rows.execute(query, (feature, extension)).fetchone()
    return dict(json.loads(found[0])) if found else {}


def test_call_settings_from_the_home_page_to_the_line(screen: Screen, office: Office) -> None:
    page = screen.sign_in("202")
    line = Late(page)
    screen.open("/")
    line.late = True
    page.get_by_role("link", name="Impostazioni di chiamata").click()
    expect(page.locator("main [aria-busy=true]")).to_be_attached()
    expect(page.locator("#f-hide")).to_have_count(0)  # nobody knows yet how it is set
    line.late = False
    line.let_in()
    expect(page.get_by_role("heading", level=1)).to_have_text("Impostazioni di chiamata")
    expect(page.get_by_text("premere 0 nella tua casella vocale non ha effetto")).to_be_visible()
    page.locator("#f-hide").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-count]")).to_have_text("1 modifica non salvata")
    # The line's own code, or another tab, meanwhile: this page says so by itself.
    other = screen.tab()
    screen.open("/impostazioni/chiamate", other)
    other.locator("#f-needs_busy").check()
    other.get_by_role("button", name="Conferma").click()
    expect(other.get_by_text("Impostazioni salvate")).to_be_visible()
    expect(page.get_by_text("Intanto sono cambiate")).to_be_visible()
    page.get_by_role("button", name="Conferma").click()
    expect(page.get_by_text("è cambiato: numero per l'inoltro su occupato")).to_be_visible()
    page.get_by_role("button", name="Tieni le mie").click()
    expect(page.get_by_role("button", name="Tieni le mie")).to_have_count(0)
    expect(page.locator("#f-needs_busy")).to_be_checked()
    assert option(office, "caller_id", "202")["hide"] is True
    assert option(office, "forward_busy", "202")["needs_number"] is True
    expect(other.locator("#f-hide")).to_be_checked()
    # What is not saved is asked about.
    page.locator("#f-shows_caller").uncheck()
    page.get_by_role("link", name="Home").first.click()
    expect(page.locator("dialog[data-leave]")).to_be_visible()
    page.locator("dialog[data-leave] [data-go]").click()
    expect(page.locator("#impostazioni")).to_be_visible()
    assert option(office, "caller_id", "202").get("shows_caller", True) is True
    screen.open("/impostazioni/chiamate")
    assert Axe().run(page, options=RULES).violations_count == 0


def test_limits_are_set_and_a_line_differs(screen: Screen, office: Office) -> None:
    page = screen.sign_in("203")
    screen.open("/admin/uscita?parte=frodi")
    page.fill("#f-calls", "mille")
    page.get_by_role("button", name="Conferma").click()
    expect(page.locator("#e-calls")).to_contain_text("Scrivi un numero da 0 a 999")
    expect(page.locator("#f-calls")).to_be_focused()
    page.fill("#f-calls", "4")
    page.get_by_role("button", name="Conferma").click()
    expect(page.get_by_text("Limiti salvati")).to_be_visible()
    assert option(office, "outside_limits")["calls"] == 4
    page.select_option("#f-own-line", "202")
    page.fill("#o-dear_minutes", "200")
    page.get_by_role("button", name="Aggiungi").click()
    expect(page.get_by_text("4 chiamate e 3 inoltri insieme; in un'ora 20")).to_be_visible()
    assert option(office, "outside_limits", "202")["dear_minutes"] == 200
    assert Axe().run(page, options=RULES).violations_count == 0
    page.get_by_role("button", name="Togli i limiti propri di 202").click()
    expect(page.get_by_text("Nessuna: per tutte valgono")).to_be_visible()
