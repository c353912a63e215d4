"""A new office, from its first start to its first calls: set up by hand in the browser alone.

The whole product runs over an empty folder, SIPp is the telephone company, and the telephone is
signed in with what the page showed: nothing here knows a secret that an administrator would not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.browser.whole import address, opened
from tests.interop import baresip, sipp
from tests.interop.baresip import Baresip
from tests.interop.office import Office, eventually
from tests.interop.provider import SECRET, USER, Provider

DID, CALLER, ROME = "+390255501210", "+393331234567", "+390612345678"
LONG = 15000  # milliseconds: real telephones and a real provider, on a busy machine
pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def product(chromium: Browser, tmp_path: Path) -> Iterator[Office]:
    """`officesmart run` over an empty folder."""
    if not (baresip.installed() and sipp.installed()):
        pytest.skip("baresip or sipp is missing; scripts/debian_packages.sh test brings them")
    office = Office(tmp_path / "office", extra=address())
    opened(office)
    yield office
    office.stop()


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[Provider]:
    """The telephone company."""
    company = Provider("127.0.0.2", tmp_path / "provider").start()
    yield company
    company.stop()


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[Callable[..., Baresip]]:
    """Makes telephones, signed in."""
    phones: list[Baresip] = []

    def make(line: str, password: str, server: int, **how: Any) -> Baresip:
        phones.append(Baresip(line, password, server, tmp_path / f"phone-{line}", **how))
        return phones[-1].start().registered()

    yield make
    for one in phones:
        one.stop()


@pytest.fixture
def window(chromium: Browser) -> Iterator[Callable[[], Page]]:
    """Opens browsers of different people."""
    contexts = []

    def open_one() -> Page:
        contexts.append(
            chromium.new_context(viewport={"width": 1440, "height": 900}, locale="it-IT")
        )
        contexts[-1].set_default_timeout(LONG)
        return contexts[-1].new_page()

    yield open_one
    for context in contexts:
        context.close()


def first_sign_in(page: Page, office: Office, number: str, given: str, chosen: str) -> None:
    """With the password that was handed over, to one of one's own."""
    page.goto(office.extra["url"])
    page.locator("[data-spoken=true]").wait_for()
    page.get_by_label("Numero di telefono o interno").fill(number)
    page.get_by_label("Password", exact=True).fill(given)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Benvenuto in Office Smart").wait_for()
    page.locator("[data-spoken=true]").wait_for()
    page.fill("#password", chosen)
    page.fill("#again", "un'altra cosa")
    page.fill("#email", f"{number}@ufficio.example")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Le due password non sono uguali")).to_be_visible()
    page.fill("#again", chosen)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{office.extra['url']}/")
    page.locator("[data-entered=true]").wait_for()


def go(page: Page, office: Office, where: str, new: str = "") -> None:
    """To a page of the administration, and into its form."""
    page.goto(office.extra["url"] + where)
    page.locator("[data-entered=true]").wait_for()
    if new:
        page.get_by_role("button", name=new).first.click()


def confirm(page: Page, said: str) -> None:
    page.get_by_role("button", name="Conferma").click()
    expect(page.get_by_text(said)).to_be_visible(timeout=LONG)


def the_house(page: Page, office: Office) -> None:
    """Opening hours, closed on one day of the week that is far from today; and a site."""
    go(page, office, "/admin/orari", "Nuovo orario")
    page.fill("#f-name", "Ufficio")
    today = datetime.now(ZoneInfo("Europe/Rome")).weekday()
    for day in (0, 1, 2, 4, 5, 6):
        page.fill(f"#f-day{(today + day) % 7}", "sempre")
    confirm(page, "Orario creato")
    go(page, office, "/admin/sedi", "Nuova sede")
    page.fill("#f-name", "Milano")
    page.fill("#f-address", "Via Torino 2, 20123 Milano")
    page.select_option("#f-hours_id", label="Ufficio")
    confirm(page, "Sede creata")


def marta(page: Page, office: Office) -> tuple[str, str, int]:
    """A line for Marta: her passwords for the portal and the phone, and the server's port."""
    go(page, office, "/admin/interni", "Nuova linea")
    page.fill("#f-name", "Marta Colombo")
    page.fill("#f-extension", "210")
    page.locator("#f-site").select_option("Milano")
    page.get_by_role("button", name="Conferma").click()
    handed = page.get_by_role("dialog", name="Credenziali nuove")
    handed.get_by_role("link", name="Stampa il foglio").wait_for()
    portal, sip, _, _ = handed.locator("code").all_inner_texts()
    server = re.search(r"Server 127\.0\.0\.1, porta (\d+)", handed.inner_text())
    assert server is not None
    with page.expect_download() as sheet:
        handed.get_by_role("link", name="Stampa il foglio").click()
    printed = PdfReader(sheet.value.path()).pages[0].extract_text()
    assert all(each in printed for each in ("Marta Colombo", portal, sip, server[1]))
    handed.get_by_role("button", name="Ho finito").click()
    expect(handed).to_have_count(0)
    assert sip not in page.content()
    return portal, sip, int(server[1])


def the_outside(page: Page, office: Office, company: Provider) -> None:
    """A trunk, at first with a wrong password; a number; a short code."""
    go(page, office, "/admin/trunk", "Nuova con password")
    for field, value in (
        ("name", "Fornitore"),
        ("host", company.host),
        ("port", str(company.port)),
        ("username", USER),
        ("password", "sbagliata"),
        ("main_number", "02 5550 1000"),
    ):
        page.fill(f"#f-{field}", value)
    page.get_by_role("button", name="Conferma").click()
    row = page.locator(".trunk")
    expect(row).to_contain_text("rifiuta il nome utente o la password", timeout=LONG)
    page.get_by_role("button", name="Cambia").last.click()
    page.fill("#f-password", SECRET)
    confirm(page, "Linea esterna salvata")
    expect(row.locator(".chip")).to_have_text("funziona", timeout=LONG)
    go(page, office, "/admin/numeri", "Nuovo numero")
    page.fill("#f-number", "02 5550 1210")
    page.select_option("#f-target", label="210 Marta Colombo")
    page.select_option("#f-hours_id", label="Ufficio")
    page.select_option("#f-closed_kind", label="Casella vocale")
    page.select_option("#f-closed_target", label="210 Marta Colombo")
    confirm(page, "Numero creato")
    go(page, office, "/admin/codici-brevi", "Nuovo codice")
    page.fill("#f-code", "7001")
    page.fill("#f-name", "Tipografia")
    page.fill("#f-number", "0 06 1234 5678")
    confirm(page, "Codice breve creato")


def dials(one: Baresip, office: Office, number: str) -> dict[str, Any]:
    """A call to its end, a second after it was answered; its record."""
    known = len(office.calls())
    one.wait_seconds(0.3)
    one.forget()
    one.dial(number)
    if one.wait("CALL_ESTABLISHED", "CALL_CLOSED").kind == "CALL_ESTABLISHED":
        one.wait_seconds(1)
        one.hang_up()
    found = eventually(lambda: calls[known:] if len(calls := office.calls()) > known else None)
    return dict(found[0])


def test_a_new_office_is_set_up_and_talks(
    product: Office,
    provider: Provider,
    phone: Callable[..., Baresip],
    window: Callable[[], Page],
) -> None:
    told = (product.data / "first-run.txt").read_text()
    (given,) = re.findall(r"^\s+200\s+Amministratore\s+(\S+)", told, re.MULTILINE)
    page = window()
    first_sign_in(page, product, "200", given, "carta-e-penna-72")
    page.get_by_role("button", name=re.compile("Menù utente")).click()
    page.get_by_role("menuitem", name="Passa al profilo amministratore").click()
    page.wait_for_url("**/centralino")
    main = page.get_by_role("navigation", name="Principale")
    main.get_by_role("link", name="Amministrazione").click()
    page.get_by_role("link", name="Sedi").click()
    entry = main.get_by_role("link", name="Amministrazione")
    expect(entry).to_have_attribute("aria-current", "true")
    the_house(page, product)
    portal, password, server = marta(page, product)
    one = phone("210", password, server, answers="auto")
    the_outside(page, product, provider)

    home = window()
    first_sign_in(home, product, "210", portal, "vento-lampada-31")
    expect(home.get_by_text("1 collegato", exact=True)).to_be_visible()
    # Open: the telephone rings. Closed from this moment on: her mailbox, and a missed call.
    home.evaluate("window.never_reloaded = true")
    incoming = {"scenario": "provider_calls", "talks": 1.0}
    provider.sends(product, DID, CALLER, **incoming)
    assert CALLER in one.wait("CALL_ESTABLISHED").peer
    go(page, product, "/admin/orari/chiusure", "Nuova chiusura")
    page.fill("#f-name", "Inventario")
    today = datetime.now(ZoneInfo("Europe/Rome")).date()
    page.fill("#f-first", today.isoformat())
    page.fill("#f-last", (today + timedelta(days=1)).isoformat())  # it may be midnight
    confirm(page, "Chiusura creata")
    rang = one.count("CALL_INCOMING")
    provider.sends(product, DID, CALLER, **incoming)
    assert one.count("CALL_INCOMING") == rang
    missed = home.get_by_role("link", name=re.compile("^Chiamate perse"))
    expect(missed).to_contain_text("1", timeout=LONG)
    # Outside, with her number; by a short code; and what she may not call.
    for number in (f"0{ROME.replace('+39', '')}", "7001"):
        record = dials(one, product, number)
        assert (record["why"], record["status"]) == ("completed", 200)
        assert f"called sip:{ROME}@" in provider.called()[-1]
        assert f"<sip:{DID}@" in provider.called()[-1]
    expect(home.get_by_role("button", name="Componi Tipografia").first).to_be_visible()
    record = dials(one, product, "000442079460018")
    assert record["why"] == "forbidden" and "abilitato a chiamare +44" in record["because"]
    # Do not disturb, from the telephone to the open page.
    one.dial("*26#")
    expect(home.get_by_text("vale come occupato").first).to_be_visible()
    one.wait("CALL_CLOSED")
    one.dial("#26#")
    expect(home.get_by_text("vale come occupato")).to_have_count(0)
    one.wait("CALL_CLOSED")
    assert eventually(lambda: product.calls()[-1]["dialled"] == "#26#")
    assert home.evaluate("window.never_reloaded")
    # A right taken away holds for the next call.
    go(page, product, "/admin/interni")
    page.get_by_role("button", name="Marta Colombo", exact=True).click()
    page.get_by_label("Numeri fissi nazionali").uncheck()
    confirm(page, "Linea salvata")
    assert dials(one, product, "00612345678")["why"] == "forbidden"
    # The line dies, and comes back.
    provider.stop()
    go(page, product, "/admin/trunk")
    page.get_by_role("button", name="Prova Fornitore", exact=True).click()
    expect(page.locator(".trunk .chip")).to_have_text(re.compile("non va"), timeout=2 * LONG)
    go(page, product, "/centralino")
    expect(page.get_by_text("La linea esterna «Fornitore» non funziona")).to_be_visible()
    provider.start()
    go(page, product, "/admin/trunk")
    page.get_by_role("button", name="Prova Fornitore", exact=True).click()
    expect(page.locator(".trunk .chip")).to_have_text("funziona", timeout=LONG)
    # Who did all this is in the log, in words.
    go(page, product, "/admin/registro")
    log = page.locator("main")
    for words in (
        "ha creato gli orari Ufficio",
        "ha creato la linea 210 Marta Colombo",
        "ha aggiunto la linea esterna Fornitore",
        "ha creato il numero 02 5550 1210",
        "ha creato la chiusura Inventario",
        "diritti di chiamata: Interni dell'ufficio, Numeri fissi nazionali",
    ):
        expect(log).to_contain_text(words)
    assert "_" not in log.inner_text(), "a name of ours where a word should stand"
    assert SECRET not in page.content() and "vento-lampada" not in page.content()
