"""The frame of every page: roles, what was typed and not saved, a server that goes away."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Office, Screen
from tests.browser.late import Late
from tests.browser.office import PASSWORD

BACK = 20_000  # milliseconds for a page to find a portal that was started again


def menu(page: Page, item: str) -> None:
    page.get_by_role("button", name=re.compile("Menù utente|User menu")).click()
    page.get_by_role("menuitem", name=item).click()
    expect(page.get_by_role("menu")).to_have_count(0)  # else the next click only closes it


def proved(screen: Screen, **ago: float) -> None:
    """Everybody proved who they are so long ago."""
    at = datetime.now(UTC).replace(tzinfo=None) - timedelta(**ago)
    with closing(sqlite3.connect(screen.office.data / "officesmart.db")) as rows, rows:
        rows.execute("UPDATE websession SET proved_at = ?", (str(at),))


# -- the administrator's role -------------------------------------------------------------------


def test_the_role_is_taken_from_the_menu_and_left_by_the_strip(screen: Screen) -> None:
    page = screen.sign_in("203", elevate=False)
    screen.open("/")
    top = page.get_by_role("navigation", name="Principale", exact=True)
    expect(top.get_by_role("link", name="Messaggi e Chiamate")).to_be_visible()
    expect(top.get_by_role("link", name="Centralino")).to_have_count(0)
    menu(page, "Passa al profilo amministratore")
    expect(page.get_by_role("heading", name="Centralino")).to_be_visible()
    expect(top.get_by_role("link", name="Messaggi e Chiamate")).to_have_count(0)
    strip = page.get_by_role("region", name="Ruolo")
    expect(strip).to_contain_text("Profilo amministratore")
    strip.get_by_role("button", name="Torna al profilo utente").click()
    expect(page.get_by_role("heading", name="Disponibilità")).to_be_visible()
    expect(strip).to_have_count(0)


def test_an_old_proof_asks_the_password_and_leads_on(screen: Screen) -> None:
    page = screen.sign_in("203", elevate=False)
    proved(screen, minutes=16)
    page.goto(f"{screen.office.url}/admin/interni?interno=202")
    expect(page.get_by_role("heading", name="Passa al profilo amministratore")).to_be_visible()
    page.wait_for_selector("[data-spoken=true]")
    field = page.get_by_label("Password", exact=True)
    field.fill("sbagliata")
    field.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="non è giusta")).to_be_visible()
    expect(field).to_be_focused()
    field.fill(PASSWORD)
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"/admin/interni\?interno=202"))
    expect(page.get_by_label("Nome", exact=True)).to_have_value("Davide Conti")


def test_another_tab_goes_on_when_the_role_is_taken(screen: Screen) -> None:
    first = screen.sign_in("203", elevate=False)
    screen.open("/")
    other = screen.open("/messaggi?scheda=perse", screen.tab())
    other.evaluate("window.never_reloaded = true")
    menu(first, "Passa al profilo amministratore")
    expect(first.get_by_role("heading", name="Centralino")).to_be_visible()
    other.get_by_role("tab", name="Chiamate Ricevute").click()
    expect(other).to_have_url(re.compile("scheda=ricevute"))
    assert other.evaluate("window.never_reloaded")


def test_seeing_as_somebody_changes_nothing(screen: Screen, office: Office) -> None:
    page = screen.sign_in("203")
    screen.open("/admin/interni?interno=201")
    page.get_by_role("tab", name="Accesso").click()
    page.get_by_role("link", name="Vedi come utente").click()
    page.get_by_role("button", name="Vedi come Giulia Ferrante").click()
    strip = page.get_by_role("region", name="Ruolo")
    expect(strip).to_contain_text("Vedi come Giulia Ferrante")
    expect(page.get_by_role("definition").filter(has_text="02 5550 1201")).to_be_visible()
    page.get_by_label("Numero o interno").first.fill("202")
    page.get_by_role("button", name="Componi", exact=True).first.click()
    expect(page.get_by_text("Stai solo guardando")).to_be_visible()
    assert not [told for told in office.told() if told.get("line") == "201"]
    screen.open("/messaggi?scheda=messaggi")
    expect(page.get_by_text("Teresa Olivari")).to_be_visible()
    page.locator(".msg .play").first.click()
    expect(page.get_by_text("Stai solo guardando")).to_be_visible()
    expect(page.locator("[data-player]")).to_have_count(0)
    strip.get_by_role("button", name="Esci dalla vista").click()
    expect(page).to_have_url(re.compile(r"/admin/interni\?interno=201"))
    screen.open("/admin/registro")
    expect(page.get_by_text("ha chiuso la vista come la linea")).to_be_visible()


# -- what was typed -----------------------------------------------------------------------------


@pytest.fixture
def edited(screen: Screen) -> Page:
    """A line's name, changed and not saved."""
    page = screen.sign_in("203")
    screen.open("/admin/interni")
    screen.open("/admin/interni?interno=202")
    page.get_by_label("Nome", exact=True).fill("Davide Conti Rossi")
    expect(page.get_by_text("1 modifica non salvata")).to_be_visible()
    return page


def stay_then_leave(page: Page) -> None:
    question = page.get_by_role("alertdialog", name="Uscire senza salvare?")
    expect(question.get_by_role("button", name="Resta")).to_be_focused()
    question.get_by_role("button", name="Resta").click()
    expect(page.get_by_label("Nome", exact=True)).to_have_value("Davide Conti Rossi")


def leave(page: Page) -> None:
    page.get_by_role("button", name="Esci senza salvare").click()


def test_a_link_asks_before_edits_are_lost(edited: Page) -> None:
    room = edited.get_by_role("navigation", name="Amministrazione").get_by_role(
        "link", name="Registro modifiche"
    )
    room.click()
    stay_then_leave(edited)
    room.click()
    leave(edited)
    expect(edited).to_have_url(re.compile("/admin/registro"))


def test_signing_out_and_another_role_ask_too(edited: Page) -> None:
    edited.get_by_role("button", name="Torna al profilo utente").click()
    stay_then_leave(edited)
    menu(edited, "Esci")
    stay_then_leave(edited)
    menu(edited, "Esci")
    leave(edited)
    expect(edited).to_have_url(re.compile("/accesso"))


def test_going_back_asks_too(edited: Page) -> None:
    leave_it = edited.locator("[data-close]")
    leave_it.click()
    leave(edited)
    rooms = edited.get_by_role("navigation", name="Amministrazione")
    rooms.get_by_role("link", name="Registro modifiche").click()
    expect(edited.get_by_role("heading", name="Registro modifiche")).to_be_visible()
    rooms.get_by_role("link", name="Interni").click()
    edited.get_by_role("button", name="Davide Conti", exact=True).click()
    edited.get_by_label("Nome", exact=True).fill("Davide Conti Rossi")
    edited.evaluate("history.back()")
    stay_then_leave(edited)
    expect(edited).to_have_url(re.compile("/admin/interni"))
    edited.evaluate("history.back()")
    leave(edited)
    expect(edited).to_have_url(re.compile("/admin/registro"))


def test_changing_the_language_keeps_what_was_typed(edited: Page) -> None:
    menu(edited, "English")
    expect(edited.locator("html")).to_have_attribute("lang", "en")
    expect(edited.get_by_label("Name", exact=True)).to_have_value("Davide Conti Rossi")
    menu(edited, "Italiano")
    expect(edited.get_by_label("Nome", exact=True)).to_have_value("Davide Conti Rossi")


def test_a_page_shows_what_was_read_for_this_visit(screen: Screen) -> None:
    page = screen.sign_in("201")
    line = Late(page)
    screen.open("/contatti/interni")
    here = page.locator("main").get_by_text("Davide Conti")
    expect(here).to_be_visible()
    line.late = True
    page.reload(wait_until="commit")
    line.let_in_to("Davide Conti")  # what the tab had before: older than this visit
    expect(page.locator("[data-ready=true]")).to_be_attached()
    expect(here).to_have_count(0)
    line.late = False
    line.let_in()
    expect(here).to_be_visible()
    page.get_by_role("link", name="Home", exact=True).click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Contatti")
    line.late = True
    page.get_by_role("link", name="Contatti", exact=True).click()
    page.wait_for_url("**/contatti")
    expect(page.locator("main [aria-busy=true]")).to_have_count(1)
    line.late = False
    line.let_in()
    expect(page.locator("main")).not_to_contain_text("Davide Conti")
    expect(page.get_by_role("button", name="Nuovo contatto").first).to_be_visible()


def test_a_line_that_died_silently_is_noticed(screen: Screen) -> None:
    page = screen.sign_in("201")
    line = Late(page)
    screen.open("/")
    page.get_by_label("Numero o interno").first.fill("02 5550 7741")
    line.late = True  # nothing comes, and nobody says why
    away = page.get_by_role("alert").filter(has_text="Il portale non risponde")
    expect(away).to_be_visible(timeout=40_000)
    line.late = False
    line.let_in()  # the page is knocking already
    expect(away).to_have_count(0, timeout=BACK)
    expect(page.get_by_label("Numero o interno").first).to_have_value("02 5550 7741")


@pytest.mark.timeout(120)
def test_a_server_that_goes_away_loses_nothing(screen: Screen, office: Office) -> None:
    page = screen.sign_in("201")
    screen.open("/")
    page.get_by_label("Numero o interno").first.fill("02 5550 7741")
    page.evaluate("window.never_reloaded = true")
    office.stop()
    expect(page.get_by_role("alert").filter(has_text="Il portale non risponde")).to_be_visible(
        timeout=BACK
    )
    office.start()
    expect(page.get_by_text("Il portale non risponde")).to_have_count(0, timeout=BACK)
    expect(page.locator("[data-page][data-entered=true]")).to_be_visible(timeout=BACK)
    page.wait_for_timeout(1500)  # the page settles: it must not be emptied late
    expect(page.get_by_label("Numero o interno").first).to_have_value("02 5550 7741")
    assert page.evaluate("window.never_reloaded")


@pytest.mark.timeout(120)
def test_a_panel_keeps_its_edits_through_a_restart(edited: Page, office: Office) -> None:
    office.stop()
    expect(edited.get_by_role("alert").filter(has_text="Il portale non risponde")).to_be_visible(
        timeout=BACK
    )
    office.start()
    expect(edited.get_by_text("Il portale non risponde")).to_have_count(0, timeout=BACK)
    edited.wait_for_timeout(1500)
    expect(edited.get_by_label("Nome", exact=True)).to_have_value("Davide Conti Rossi")
    expect(edited.get_by_text("1 modifica non salvata")).to_be_visible()
    edited.get_by_role("button", name="Conferma").click()
    expect(edited.get_by_text("1 modifica non salvata")).to_have_count(0)
    expect(edited.get_by_role("row", name=re.compile("Davide Conti Rossi"))).to_be_visible()
