"""Administrators say where the office is, when it is open, and what its numbers reach."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Office, Screen
from tests.browser.test_admin_lines import confirm, rows
from tests.browser.test_looks import LOOKS, RULES, SIZES, picture, speak


@pytest.fixture(scope="module")
def peopled(office: Office) -> Office:
    """Two sites, hours, numbers of every kind, a few codes and closing days."""
    with closing(sqlite3.connect(office.data / "officesmart.db")) as database, database:
        database.executescript(
            """
            INSERT INTO openinghours (name, week) VALUES
              ('Ufficio', '[[["09:00","13:00"],["14:00","18:00"]],[["09:00","13:00"],
               ["14:00","18:00"]],[["09:00","13:00"],["14:00","18:00"]],[["09:00","13:00"],
               ["14:00","18:00"]],[["09:00","13:00"],["14:00","18:00"]],[],[]]'),
              ('Portineria', '[[["00:00","24:00"]],[["00:00","24:00"]],[["00:00","24:00"]],
               [["00:00","24:00"]],[["00:00","24:00"]],[["08:00","20:00"]],[["08:00","20:00"]]]');
            INSERT INTO site (name, address, number, area_code, hours_id) VALUES
              ('Milano', 'Via Torino 2, terzo piano, 20123 Milano', '+390255501200', '', 1),
              ('Stabilimento di Castelnuovo', 'Strada provinciale 17, km 4', '', '', NULL);
            UPDATE line SET site = 'Milano' WHERE extension IN ('201', '203');
            UPDATE line SET site = 'Stabilimento di Castelnuovo' WHERE extension = '202';
            INSERT INTO directnumber (number, label, kind, target, hours_id, closed_kind,
              closed_target) VALUES
              ('+390255501200', 'Centralino', 'line', '203', 1, 'announcement',
               'announce.office_closed'),
              ('+390255501250', 'Reperibilità', 'number', '+393471234567', NULL, '', ''),
              ('+390255501251', 'Vecchio commerciale', 'line', '', NULL, '', '');
            INSERT INTO closingday (name, first, last, yearly) VALUES
              ('Natale', '2026-12-25', '2026-12-25', 1),
              ('Ferie estive', '2027-08-09', '2027-08-22', 0);
            INSERT INTO shortcode (code, name, number, for_everybody) VALUES
              ('7001', 'Ottica Marzorati', '+390255507318', 1),
              ('7002', 'Portineria', '203', 0);
            """
        )
    return office


@pytest.fixture
def sara(screen: Screen, peopled: Office) -> Screen:
    """Sara's browser."""
    screen.sign_in("203")
    return screen


def opened(page: Page, name: str) -> Page:
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator("#panel-title")).to_have_text(name)
    return page


def test_a_site_that_changes_takes_its_lines_along(sara: Screen, office: Office) -> None:
    page = opened(sara.open("/admin/sedi"), "Milano")
    page.fill("#f-name", "Milano centro")
    expect(page.get_by_text("1 modifica non salvata")).to_be_visible()
    confirm(page)
    expect(page.get_by_text("Sede salvata")).to_be_visible()
    lines = "SELECT extension FROM line WHERE site = ? ORDER BY extension"
    assert rows(office, lines, "Milano centro") == [("201",), ("203",)]
    page.get_by_label("Scegli Milano centro").click()
    page.get_by_role("button", name="Elimina…").last.click()
    ask = page.get_by_role("alertdialog", name="Eliminare la sede?")
    ask.get_by_label("2 linee sono qui. Dove vanno?").select_option("Stabilimento di Castelnuovo")
    ask.get_by_role("button", name="Elimina").click()
    expect(page.get_by_text("1 sede eliminata")).to_be_visible()
    assert len(rows(office, lines, "Stabilimento di Castelnuovo")) == 3


def test_a_week_is_written_with_the_keyboard(sara: Screen, office: Office) -> None:
    page = sara.open("/admin/orari")
    page.get_by_role("button", name="Nuovo orario").click()
    page.fill("#f-name", "Negozio")
    page.fill("#f-day0", "9-12:30 15.30-19")
    page.get_by_role("button", name="Copia lunedì nei giorni da lunedì a venerdì").press("Enter")
    expect(page.locator("#f-day4")).to_have_value("9-12:30 15.30-19")
    expect(page.locator(".strip").nth(4).locator("i")).to_have_count(2)
    page.fill("#f-day5", "18-9")
    page.locator("#f-day5").press("Control+Enter")
    expect(page.get_by_text("La fine viene prima dell'inizio")).to_be_visible()
    expect(page.locator("#f-day5")).to_be_focused()
    page.fill("#f-day5", "9-13")
    confirm(page)
    expect(page.get_by_text("Orario creato")).to_be_visible()
    expect(page.locator("#f-day5")).to_have_value("09:00–13:00")
    expect(page.get_by_text("lun-ven 09:00–12:30, 15:30–19:00; sab 09:00–13:00")).to_be_visible()
    assert rows(office, "SELECT count(*) FROM openinghours WHERE name = 'Negozio'") == [(1,)]
    page.get_by_role("link", name="Festività e chiusure").click()
    page.get_by_role("button", name="Importa le festività").click()
    window = page.get_by_role("dialog", name="Importare le festività")
    window.get_by_label("Patrono di").select_option(label="Milano")
    window.get_by_text("7 dicembre, ogni anno").wait_for()
    expect(window.get_by_label("Natale")).to_be_disabled()  # it is there
    window.get_by_role("button", name="Aggiungi").click()
    expect(page.get_by_text("chiusure aggiunte")).to_be_visible()
    christmas = "SELECT count(*) FROM closingday WHERE yearly AND name = 'Natale'"
    assert rows(office, christmas) == [(1,)]


def test_a_number_is_given_and_tried(sara: Screen, office: Office) -> None:
    page = sara.open("/admin/numeri")
    page.get_by_role("searchbox").fill("0039 02 5550 1201")
    expect(page.get_by_text("1–1 di 1")).to_be_visible()
    opened(page, "02 5550 1201")
    expect(page.locator("#f-target")).to_have_value("201")
    page.locator("#f-hours_id").select_option("Portineria")
    page.locator("#f-closed_kind").select_option("Casella vocale")
    page.locator("#f-closed_target").select_option("202 Davide Conti")
    confirm(page)
    expect(page.get_by_text("Numero salvato")).to_be_visible()
    page.fill("#f-moment", "2027-02-06T22:30")  # a Saturday night
    page.get_by_role("button", name="Prova", exact=True).click()
    expect(page.get_by_text("Casella vocale di 202 Davide Conti")).to_be_visible()
    page.fill("#f-moment", "")
    page.locator("#f-kind").select_option("Numero esterno")
    page.fill("#f-target", "02 5550 1200")
    confirm(page)
    expect(page.get_by_text("È un numero dell'ufficio")).to_be_visible()
    assert rows(
        office, "SELECT kind, closed_target FROM directnumber WHERE number LIKE '%1201'"
    ) == [("line", "202")]


def test_a_code_is_corrected_and_a_file_of_them_taken(sara: Screen, office: Office) -> None:
    page = sara.open("/admin/codici-brevi")
    page.get_by_role("button", name="Nuovo codice").click()
    page.fill("#f-code", "201")
    page.fill("#f-name", "Tipografia")
    page.fill("#f-number", "0163 555 021")
    confirm(page)
    expect(page.get_by_text("201 è già l'interno di Giulia Ferrante")).to_be_visible()
    page.get_by_role("button", name="Scrivi 0 0163 555021").click()
    page.fill("#f-code", "7005")
    confirm(page)
    expect(page.get_by_text("Codice breve creato")).to_be_visible()
    page.get_by_role("button", name="Importa").click()
    content = b"codice;nome;numero\n7006;Bar;0 02 5550 7741\n7007;Boh;299\n"
    page.set_input_files(
        "#up-codes", files=[{"name": "c.csv", "mimeType": "text/csv", "buffer": content}]
    )
    expect(page.get_by_text("299 non è un interno")).to_be_visible()
    page.get_by_label("Salta le righe con errori").click()
    page.get_by_role("button", name="Importa 1 codice").click()
    expect(page.get_by_text("Codici importati: 1 nuovi, 0 cambiati")).to_be_visible()
    text = sara.context.request.get(f"{office.url}/admin/file/codici-brevi.csv").text()
    assert "7005,Tipografia,0 0163 555021,0" in text and "7006,Bar" in text


# -- how it looks -------------------------------------------------------------------------------


def nothing(page: Page) -> None:
    """The page as it opens."""


def first_row(page: Page) -> None:
    page.locator("tbody .who").first.click()
    page.locator("[data-panel] form").first.wait_for()


def tried(page: Page) -> None:
    first_row(page)
    page.locator(".trying button").click()
    page.locator(".why").wait_for()


def wrong_week(page: Page) -> None:
    first_row(page)
    page.fill("#f-day1", "18-9")
    page.locator("#f-day1").press("Control+Enter")
    page.locator(".err").wait_for()


def holidays(page: Page) -> None:
    page.locator(".head .btn:not(.pri)").first.click()
    page.locator("dialog[open] .tried li").first.wait_for()


def deleting(page: Page) -> None:
    page.locator("tbody .cb").first.click()
    page.locator(".bulk .dtext").click()
    page.locator("dialog[open]").wait_for()


def block(page: Page) -> None:
    page.locator(".head .btn:not(.pri)").first.click()
    page.fill("#f-first", "02 5550 1200")
    page.fill("#f-last", "1212")
    page.fill("#f-extension", "200")
    page.locator("#f-extension").press("Enter")
    page.locator("dialog[open] .tried li").first.wait_for()


def offered(page: Page) -> None:
    first_row(page)
    page.fill("#f-number", "02 5550 7318")
    page.locator("#f-number").press("Control+Enter")
    page.locator(".offer").wait_for()


PAGES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "sedi": ("/admin/sedi", nothing),
    "sedi-elimina": ("/admin/sedi", deleting),
    "numeri": ("/admin/numeri", nothing),
    "numeri-prova": ("/admin/numeri", tried),
    "numeri-blocco": ("/admin/numeri", block),
    "orari": ("/admin/orari", wrong_week),
    "festivita": ("/admin/orari/chiusure", holidays),
    "codici-brevi": ("/admin/codici-brevi", offered),
}


@pytest.fixture(params=LOOKS)
def look(
    request: pytest.FixtureRequest, chromium: Browser, peopled: Office
) -> Iterator[tuple[str, Screen]]:
    _, theme, size = request.param.split("-")
    width, height = SIZES[size]
    context = chromium.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce"
    )
    yield request.param, Screen(context, peopled)
    context.close()


@pytest.mark.timeout(120)  # eight pages
def test_the_pages_are_for_everybody(look: tuple[str, Screen]) -> None:
    kind, screen = look
    language = kind.split("-")[0]
    speak(screen, "203", language)
    for name, (where, first) in PAGES.items():
        page = screen.open(where, screen.tab())
        page.locator(f"html[lang={language}]").wait_for()
        page.locator("tbody tr").first.wait_for()
        first(page)
        page.wait_for_load_state("networkidle")
        picture(page, f"admin-{name}-{kind}")
        sideways = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert sideways <= 0, f"{name} scrolls sideways"
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        page.close()
