"""Why a call goes where it goes, on Home: a trial, the setting that decided, a warning mended."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlmodel import select

from pbx.config import Config
from pbx.store import options
from pbx.store.session import Database
from pbx.tables import Line
from tests.browser.conftest import Office, Screen
from tests.browser.test_looks import RULES


def set_up(office: Office) -> None:
    """201 refuses anonymous callers, does not want to be disturbed, and forwards when busy."""
    config = Config(data=office.data)
    database = Database(config.url, config.data)
    with database.session() as session:
        line = session.exec(select(Line.id).where(Line.extension == "201")).one() or 0
        options.change(session, "anonymous_reject", line, enabled=True)
        options.change(session, "do_not_disturb", line, enabled=True)
        options.change(session, "forward_busy", line, enabled=True, number="202")
    database.close()


def test_a_trial_says_who_decides_and_a_warning_is_mended(screen: Screen, office: Office) -> None:
    set_up(office)
    screen.sign_in("201")
    page: Page = screen.open("/")
    answer = page.locator(".answer .in-force")
    expect(answer).to_contain_text("La chiamata va all'interno 202")
    expect(answer).to_contain_text("Chi nasconde il numero sente un annuncio")

    page.get_by_role("button", name="Prova una chiamata").click()
    dialog = page.get_by_role("dialog", name="Prova una chiamata")
    expect(dialog.get_by_text("Poi decide Davide Conti (202)")).to_be_visible()
    dialog.get_by_label("Chi chiama", exact=True).select_option("anonymous")
    outcome = dialog.locator(".outcome")
    expect(outcome).to_contain_text("non accetta chiamate da numeri nascosti")
    expect(outcome).to_contain_text("Lo decide: Gestione chiamate anonime")
    dialog.get_by_text("Perché, regola per regola").click()
    rules = dialog.locator(".stages")
    expect(rules.locator(".skip", has_text="Non disturbare")).to_be_visible()
    page.emulate_media(reduced_motion="reduce")  # or colours are measured in the middle of a fade
    found = Axe().run(page, context="dialog.trial", options=RULES)
    assert not found.response["violations"], found.generate_report()

    dialog.get_by_label("Chi chiama", exact=True).select_option("number")
    typed = dialog.get_by_label("Numero di chi chiama")
    typed.fill("202")
    typed.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("scegli «Un collega»")
    typed.fill("347 555 0182")
    typed.press("Enter")
    expect(dialog.get_by_role("alert")).to_have_count(0)
    colleague = dialog.get_by_label(re.compile("Davide Conti"))
    colleague.select_option("answers")
    expect(outcome).to_contain_text("parla con chi risponde")

    dialog.get_by_label("Chi chiama", exact=True).select_option("anonymous")
    dialog.get_by_role("button", name="Gestione chiamate anonime").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("[data-setting=anonymous_reject] button").first).to_be_focused()

    badge = page.get_by_role("button", name="Avviso: Non Disturbare")
    badge.click()
    told = page.get_by_role("dialog", name="Avviso: Non Disturbare")
    expect(told).to_contain_text("non in segreteria")
    told.get_by_role("button", name="Spegni «Inoltro su occupato»").click()
    expect(badge).to_have_count(0)
    expect(answer).to_contain_text("Risponde la segreteria")
