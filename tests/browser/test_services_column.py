"""Advanced services in the browser: toggled, their lists and numbers filled in the dialogs."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Office, Screen
from tests.browser.test_looks import RULES


def tile(page: Page, name: str) -> Locator:
    return page.locator("#servizi").get_by_role("button", name=name, exact=True)


def clean(page: Page, where: str) -> None:
    """Nothing for axe-core to complain of in here."""
    page.emulate_media(reduced_motion="reduce")  # or colours are measured in the middle of a fade
    found = Axe().run(page, context=where, options=RULES)
    assert not found.response["violations"], found.generate_report()


def ask(office: Office, sql: str, *values: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(office.data / "officesmart.db")) as database:
        found = database.execute(sql, values).fetchall()
        database.commit()
    return found


def entries(office: Office, service: str) -> list[tuple[str, ...]]:
    return ask(office, "SELECT kind, value FROM callerentry WHERE service = ? ORDER BY id", service)


def test_services_are_switched_and_ask_for_what_they_lack(screen: Screen, office: Office) -> None:
    screen.sign_in("201")
    page = screen.open("/")
    other = screen.open("/", screen.tab())
    anonymous = tile(page, "Gestione chiamate anonime")
    expect(anonymous).to_have_attribute("aria-pressed", "false")
    expect(tile(other, "Gestione chiamate anonime")).to_have_attribute("aria-pressed", "false")

    # By the keyboard, and at once in the other window too.
    page.bring_to_front()
    anonymous.focus()
    page.keyboard.press("Space")
    expect(anonymous).to_have_attribute("aria-pressed", "true")
    expect(tile(other, "Gestione chiamate anonime")).to_have_attribute("aria-pressed", "true")
    page.locator(".toast").get_by_role("button", name="Annulla").click()
    expect(anonymous).to_have_attribute("aria-pressed", "false")

    # The list first: a number with the 0 too many, a colleague, and the service goes on.
    tile(page, "Rifiuto intelligente").click()
    dialog = page.get_by_role("dialog", name="Lista di rifiuto")
    field = dialog.get_by_label("Numero, senza lo 0 iniziale di uscita")
    expect(field).to_be_focused()
    field.fill("0 347 555 0182")
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="usa 347 555 0182").click()
    expect(dialog.locator("li")).to_have_count(1)
    dialog.get_by_role("button", name="Scegli dagli Interni").click()
    chooser = page.get_by_role("dialog", name="Scegli dagli Interni")
    chooser.get_by_label("Cerca per nome o numero").fill("dav")
    expect(chooser.locator("li")).to_have_count(1)
    chooser.get_by_label("Davide Conti").click()
    expect(chooser.get_by_label("Davide Conti")).to_be_checked()
    clean(page, "dialog[open]")
    chooser.get_by_role("button", name="Torna all'elenco").click()
    expect(dialog.locator("li")).to_have_count(2)
    clean(page, "dialog[open]")
    dialog.get_by_role("button", name="Elimina 347 555 0182").press("Enter")
    expect(dialog.get_by_role("button", name="Elimina Davide Conti")).to_be_focused()
    dialog.get_by_role("button", name="Ripristina").click()
    expect(dialog.locator("li")).to_have_count(2)
    assert entries(office, "selective_reject") == []
    dialog.get_by_role("button", name="Conferma").click()
    expect(tile(page, "Rifiuto intelligente")).to_have_attribute("aria-pressed", "true")
    assert entries(office, "selective_reject") == [
        ("number", "+393475550182"),
        ("extension", "202"),
    ]

    # The same caller in another list: the warning, its remedy, and only Conferma makes it so.
    page.get_by_role("button", name="lista dei prioritari").click()
    dialog = page.get_by_role("dialog", name="Lista dei prioritari")
    dialog.get_by_label("Numero, senza lo 0 iniziale di uscita").fill("347 555 0182")
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Avviso su 347 555 0182").click()
    clean(page, "dialog[open]")
    dialog.get_by_role("button", name="Togli dalla lista di rifiuto").click()
    expect(dialog.get_by_role("button", name="Avviso su 347 555 0182")).to_have_count(0)
    assert len(entries(office, "selective_reject")) == 2
    dialog.get_by_role("button", name="Conferma").click()
    expect(dialog).to_be_hidden()
    assert entries(office, "selective_reject") == [("extension", "202")]
    assert entries(office, "priority_callers") == [("number", "+393475550182")]
    expect(tile(page, "Chiamanti prioritari")).to_have_attribute("aria-pressed", "false")

    # Elimina elenco asks, and is undone by not pressing Conferma.
    page.get_by_role("button", name="lista di rifiuto").click()
    dialog = page.get_by_role("dialog", name="Lista di rifiuto")
    dialog.get_by_role("button", name="Elimina elenco").click()
    question = dialog.get_by_role("alertdialog")
    question.get_by_role("button", name="Elimina elenco").click()
    expect(dialog.locator("li")).to_have_count(0)
    page.keyboard.press("Escape")
    question.get_by_role("button", name="Esci senza salvare").click()
    expect(dialog).to_be_hidden()
    assert entries(office, "selective_reject") == [("extension", "202")]


def test_a_number_is_chosen_from_the_list_of_numbers(screen: Screen, office: Office) -> None:
    screen.sign_in("202")
    page = screen.open("/")
    unavailable = tile(page, "Inoltro se non disponibile")
    unavailable.click()
    dialog = page.get_by_role("dialog", name="A quale numero inoltrare")
    dialog.get_by_label("Numero, con lo 0 per uscire").fill("299")
    dialog.get_by_role("button", name="Aggiungi").click()
    expect(dialog.get_by_role("alert")).to_contain_text("299 non è un interno")
    clean(page, "dialog[open]")
    dialog.get_by_label("Nome").fill("Segreteria di Sara")
    dialog.get_by_label("Numero, con lo 0 per uscire").fill("203")
    dialog.get_by_role("button", name="Aggiungi").click()
    expect(dialog.get_by_role("radio")).to_be_checked()
    clean(page, "dialog[open]")
    dialog.get_by_role("button", name="Conferma").click()
    expect(unavailable).to_have_attribute("aria-pressed", "true")
    link = page.locator("#servizi").get_by_role("button", name="Segreteria di Sara, int. 203")
    expect(link).to_be_visible()

    # It is in use now: the bin names who uses it; Escape closes and nothing was lost.
    link.click()
    expect(dialog.get_by_role("radio")).to_be_focused()
    dialog.get_by_role("button", name="Elimina Segreteria di Sara").click()
    expect(dialog.get_by_text("Lo usa «Inoltro se non disponibile»")).to_be_visible()
    clean(page, "dialog[open]")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert ask(office, "SELECT name FROM forwardnumber") == [("Segreteria di Sara",)]
