"""Signing in and out, as a person does it."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Screen
from tests.browser.office import PASSWORD

SWEPT = 25000  # milliseconds; the portal looks for sessions that end every 15 s


def type_and_enter(screen: Screen, who: str, password: str) -> None:
    page = screen.page
    page.get_by_label("Numero di telefono o interno").fill(who)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_label("Password", exact=True).press("Enter")


def test_a_person_signs_in_and_sees_the_own_line(screen: Screen) -> None:
    screen.open("/")
    expect(screen.page).to_have_url(re.compile("/accesso"))
    type_and_enter(screen, "201", PASSWORD)
    expect(screen.page).to_have_url(f"{screen.office.url}/")
    expect(screen.page.get_by_role("definition").filter(has_text="02 5550 1201")).to_be_visible()
    cookie = next(c for c in screen.context.cookies() if c["name"] == "officesmart")
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict"


def test_a_wrong_password_is_said_and_the_number_stays(screen: Screen) -> None:
    screen.open("/accesso")
    type_and_enter(screen, "202", "sbagliata")
    expect(screen.page.get_by_role("alert").filter(has_text="non corretti")).to_be_visible()
    expect(screen.page.get_by_label("Numero di telefono o interno")).to_have_value("202")
    expect(screen.page.get_by_label("Password", exact=True)).to_be_focused()
    expect(screen.page.get_by_label("Password", exact=True)).to_have_value("")


def test_the_sixth_try_is_told_to_wait(screen: Screen) -> None:
    screen.open("/accesso")
    for _ in range(5):
        type_and_enter(screen, "299", "sbagliata")
        # Emptied once the answer is there: what is typed before that would be lost.
        expect(screen.page.get_by_label("Password", exact=True)).to_have_value("")
    expect(screen.page.get_by_role("alert").filter(has_text="riprova tra 1 min")).to_be_visible()


def test_the_eye_shows_the_password(screen: Screen) -> None:
    screen.open("/accesso")
    field = screen.page.get_by_label("Password", exact=True)
    field.fill("segreto")
    screen.page.get_by_role("button", name="Mostra la password").click()
    expect(field).to_have_attribute("type", "text")


def test_signing_in_leads_where_one_wanted_to_go(screen: Screen) -> None:
    screen.open("/messaggi")
    type_and_enter(screen, "201", PASSWORD)
    expect(screen.page.get_by_role("heading", name="Messaggi e Chiamate")).to_be_visible()


def test_who_is_signed_in_is_not_asked_again(screen: Screen) -> None:
    screen.sign_in("201")
    screen.page.goto(f"{screen.office.url}/accesso")
    expect(screen.page).to_have_url(f"{screen.office.url}/")


def test_signing_out_closes_every_tab_of_the_session(screen: Screen) -> None:
    first = screen.sign_in("201")
    screen.open("/")
    second = screen.open("/messaggi", screen.tab())
    expect(second.get_by_text("Teresa Olivari")).to_be_visible()
    first.get_by_role("button", name=re.compile("Menù utente")).click()
    first.get_by_role("menuitem", name="Esci").click()
    expect(first).to_have_url(re.compile("/accesso"))
    expect(second).to_have_url(re.compile("/accesso"))
    first.go_back()
    expect(first.get_by_text("02 5550 1201")).to_have_count(0)


def test_the_administrators_page_is_refused_to_a_user(screen: Screen) -> None:
    page = screen.sign_in("201")
    screen.open("/")
    expect(page.get_by_role("link", name="Centralino")).to_have_count(0)
    answer = page.goto(f"{screen.office.url}/centralino")
    assert answer is not None and answer.status == 403
    expect(page.get_by_role("heading", name="Pagina riservata")).to_be_visible()


def test_what_is_not_there_says_so(screen: Screen) -> None:
    page = screen.sign_in("201")
    answer = page.goto(f"{screen.office.url}/niente-qui")
    assert answer is not None and answer.status == 404
    expect(page.get_by_role("heading", name="Questa pagina non c'è")).to_be_visible()


def test_the_language_and_theme_a_person_chose_stay(screen: Screen) -> None:
    page = screen.sign_in("202")
    screen.open("/")
    for item in ("English", "Dark theme"):
        page.get_by_role("button", name=re.compile("Menù utente|User menu")).click()
        page.get_by_role("menuitem", name=item).click()
        expect(page.get_by_role("menu")).to_have_count(0)
    expect(page.get_by_role("heading", name="Availability")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("html")).to_have_class(re.compile("dark"))
    page.reload()
    expect(page.get_by_role("heading", name="Availability")).to_be_visible()
    expect(page.locator("html")).to_have_class(re.compile("dark"))
    screen.context.clear_cookies(name="officesmart")
    screen.open("/accesso")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def test_the_portal_is_found_by_any_name_of_its_machine(screen: Screen) -> None:
    page = screen.page
    page.goto(f"http://office.test:{screen.office.port}/accesso")
    page.wait_for_selector("[data-spoken=true]")
    type_and_enter(screen, "201", PASSWORD)
    expect(page.get_by_role("definition").filter(has_text="02 5550 1201")).to_be_visible()


def idle(screen: Screen, **how_long: float) -> None:
    """Nobody has done anything in any session for so long."""
    last = datetime.now(UTC).replace(tzinfo=None) - timedelta(**how_long)
    with closing(sqlite3.connect(screen.office.data / "officesmart.db")) as rows, rows:
        rows.execute("UPDATE websession SET last_activity_at = ?", (str(last),))


@pytest.mark.timeout(120)
def test_an_idle_session_warns_and_then_ends_by_itself(screen: Screen) -> None:
    page = screen.sign_in("201")
    screen.open("/")
    idle(screen, minutes=28, seconds=30)
    warning = page.get_by_role("alertdialog", name="La sessione sta per chiudersi")
    expect(warning).to_be_visible(timeout=SWEPT)
    expect(warning).to_contain_text(re.compile("si chiude da sola tra 1:[0-5][0-9]"))
    other = screen.open("/messaggi", screen.tab())
    expect(other.get_by_text("Teresa Olivari")).to_be_visible()
    expect(warning).to_have_count(0)  # opening a page is doing something, in any tab
    idle(screen, minutes=28, seconds=30)
    expect(warning).to_be_visible(timeout=SWEPT)
    expect(other.get_by_role("alertdialog")).to_be_visible()
    warning.get_by_role("button", name="Resta collegato").click()
    expect(warning).to_have_count(0)
    expect(other.get_by_role("alertdialog")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("definition").filter(has_text="02 5550 1201")).to_be_visible()
    idle(screen, minutes=30)
    expect(page).to_have_url(re.compile("/accesso"), timeout=SWEPT)
    expect(page.get_by_text("La sessione è finita: dopo 30 minuti senza attività")).to_be_visible()
