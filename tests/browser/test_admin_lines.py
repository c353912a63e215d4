"""Administrators set the office up: lines, accounts, import, two at once, the log."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from pbx import credentials
from tests.browser.conftest import Office, Screen
from tests.browser.test_looks import LOOKS, RULES, SIZES, picture, speak

CSV = (
    "Interno;Nome;Numero;Reparto\n"
    "510;Ada Neri;02 5550 1510;x\n"
    "202;Davide Conti;02 5550 1202;x\n"
    "25A;Omar Ferri;;x\n"
    "511;Lina Rota;02 5550 1201;y\n"
    "112;Soccorso;;\n"
)


def rows(office: Office, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """What the database says."""
    with closing(sqlite3.connect(office.data / "officesmart.db")) as database:
        return database.execute(query, values).fetchall()


def confirm(page: Page) -> None:
    page.get_by_role("button", name="Conferma").click()


def open_line(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator("#panel-title")).to_have_text(name)


@pytest.fixture
def page(screen: Screen) -> Page:
    """Sara's browser, on the lines."""
    screen.sign_in("203")
    opened = screen.open("/admin/interni")
    expect(opened.get_by_role("button", name="Giulia Ferrante", exact=True)).to_be_visible()
    return opened


def test_a_new_line_gets_credentials_that_work_and_are_seen_once(
    page: Page, office: Office, screen: Screen
) -> None:
    page.get_by_role("button", name="Nuova linea").click()
    page.fill("#f-name", "Marta Riva")
    page.fill("#f-extension", "204")
    page.fill("#f-number", "02 5550 1204")
    page.select_option("#f-site", label="Nuova sede…")
    page.fill("#f-new_site", "Torino")
    confirm(page)
    window = page.locator("dialog[open]")
    expect(window.get_by_text("204 Marta Riva")).to_be_visible()
    portal, sip, pin = window.locator("code").all_text_contents()[:3]
    (found,) = rows(
        office,
        "SELECT l.number, l.site, l.password_hash, a.ha1_md5, m.pin_hash FROM line l "
        "JOIN sipaccount a ON a.line_id = l.id JOIN mailbox m ON m.line_id = l.id "
        "WHERE a.username = '204'",
    )
    assert found[:2] == ("+390255501204", "Torino")
    assert credentials.verify(found[2], portal)
    assert found[3] == credentials.ha1_md5("204", sip)
    assert credentials.verify(found[4], pin)
    assert {"settings": True} in office.told()
    window.get_by_role("button", name="Ho finito").click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("button", name="Marta Riva")).to_be_visible()
    assert sip not in page.content() and portal not in page.content()
    answer = screen.context.request.post(
        f"{office.url}/session/in",
        data={"number": "204", "password": portal},
        headers={"Origin": office.url},
    )
    assert answer.ok


def test_secrets_are_gone_after_leaving_the_page(page: Page) -> None:
    open_line(page, "Davide Conti")
    page.get_by_role("tab", name="Accesso").click()
    page.get_by_role("button", name="Nuovo PIN della casella").click()
    pin = page.locator("dialog[open] code").text_content() or "?"
    # Away inside the portal, without closing the window: the tab and its state stay.
    page.evaluate("document.querySelector('.adm-nav a[href*=registro]').click()")
    expect(page.get_by_role("heading", name="Registro modifiche")).to_be_visible()
    page.get_by_role("link", name="Interni").first.click()
    expect(page.get_by_role("button", name="Giulia Ferrante", exact=True)).to_be_visible()
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert pin not in page.content()


def test_an_edit_is_confirmed_and_noted(page: Page, office: Office) -> None:
    open_line(page, "Giulia Ferrante")
    expect(page.get_by_role("button", name="Conferma")).to_be_hidden()
    page.fill("#f-email", "giulia@lanfranchi.example")
    page.fill("#f-mailbox_seconds", "18")
    expect(page.get_by_text("2 modifiche non salvate")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Linea salvata")).to_be_visible()
    expect(page.get_by_role("button", name="Conferma")).to_be_hidden()
    assert rows(office, "SELECT email FROM line WHERE extension = '201'") == [
        ("giulia@lanfranchi.example",)
    ]
    assert '"seconds": 18' in rows(office, "SELECT options FROM featureoption")[0][0]
    page.get_by_role("link", name="Registro modifiche").click()
    expect(page.get_by_text("Sara Lombardi ha cambiato la linea 201")).to_be_visible()
    expect(page.get_by_text("giulia@lanfranchi.example")).to_be_visible()


def test_what_is_wrong_is_said_beside_the_field(page: Page, office: Office) -> None:
    open_line(page, "Davide Conti")
    page.fill("#f-extension", "201")
    page.fill("#f-number", "02 5550 1203")
    confirm(page)
    expect(page.get_by_text("201 è già l'interno di Giulia Ferrante")).to_be_visible()
    expect(page.get_by_text("È già il numero di Sara Lombardi (interno 203)")).to_be_visible()
    expect(page.locator("#f-extension")).to_be_focused()
    expect(page.locator("#f-extension")).to_have_attribute("aria-invalid", "true")
    page.fill("#f-extension", "112")
    page.fill("#f-number", "🦆")
    confirm(page)
    expect(page.get_by_text("112 è un numero di emergenza")).to_be_visible()
    expect(page.get_by_text("Non è un numero di telefono valido")).to_be_visible()
    page.get_by_role("button", name="Annulla").click()
    expect(page.locator("#f-extension")).to_have_value("202")
    expect(page.locator(".err")).to_have_count(0)
    assert rows(office, "SELECT count(*) FROM line WHERE extension = '202'") == [(1,)]


def test_leaving_with_edits_is_asked_first(page: Page) -> None:
    open_line(page, "Davide Conti")
    page.fill("#f-name", "Davide")
    page.get_by_role("button", name="Giulia Ferrante", exact=True).click()
    ask = page.get_by_role("alertdialog", name="Uscire senza salvare?")
    ask.get_by_role("button", name="Resta").click()
    expect(page.locator("#f-name")).to_have_value("Davide")
    page.get_by_role("link", name="Registro modifiche").click()
    ask.get_by_role("button", name="Esci senza salvare").click()
    expect(page.get_by_role("heading", name="Registro modifiche")).to_be_visible()


def test_two_at_once_the_second_chooses(page: Page, screen: Screen, office: Office) -> None:
    other = screen.open("/admin/interni?interno=202", screen.tab())
    open_line(page, "Davide Conti")
    expect(other.locator("#panel-title")).to_have_text("Davide Conti")
    page.select_option("#f-site", label="Nuova sede…")
    page.fill("#f-new_site", "Lodi")
    confirm(page)
    expect(page.get_by_text("Linea salvata")).to_be_visible()
    other.fill("#f-email", "davide@lanfranchi.example")
    confirm(other)
    expect(other.get_by_text("Sara Lombardi ha cambiato: sede")).to_be_visible()
    assert rows(office, "SELECT email FROM line WHERE extension = '202'") == [("",)]
    other.get_by_role("button", name="Tieni le mie").click()
    expect(other.get_by_text("Linea salvata")).to_be_visible()
    assert rows(office, "SELECT email, site FROM line WHERE extension = '202'") == [
        ("davide@lanfranchi.example", "Lodi")
    ]


def test_accounts_are_added_and_removed(page: Page, office: Office) -> None:
    office.happens("register", line="202", phone=7, agent="Snom D785/10.1.175.16")
    open_line(page, "Davide Conti")
    page.get_by_role("tab", name="Telefoni").click()
    expect(page.locator("#part-telefoni").get_by_text("Snom D785")).to_be_visible()
    page.get_by_role("button", name="Scollega Snom D785").click()
    expect(page.get_by_text("Telefono scollegato")).to_be_visible()
    page.get_by_label("Nuovo account per").fill("Cellulare")
    page.get_by_role("button", name="Aggiungi").click()
    sip = page.locator("dialog[open] code").first.text_content() or ""
    page.get_by_role("button", name="Ho finito").click()
    (user, ha1) = rows(
        office, "SELECT username, ha1_sha256 FROM sipaccount WHERE label = 'Cellulare'"
    )[0]
    assert ha1 == credentials.ha1_sha256(user, sip)
    page.get_by_role("checkbox", name="Audio diretto").first.click()
    expect(page.get_by_role("checkbox", name="Audio diretto").first).to_be_checked()
    page.get_by_role("button", name=f"Rimuovi l'account {user}").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Rimuovi").click()
    expect(page.get_by_text("Account rimosso")).to_be_visible()
    assert rows(office, "SELECT count(*) FROM sipaccount WHERE label = 'Cellulare'") == [(0,)]


def test_many_are_changed_and_deleted_at_once(page: Page, office: Office) -> None:
    with closing(sqlite3.connect(office.data / "officesmart.db")) as database, database:
        for n in range(120):
            database.execute(
                "INSERT INTO line (extension, name, email, number, site, role, language, "
                "password_hash, active, created_at) VALUES (?, ?, '', '', 'Prova', 'user', 'it', "
                "'', 1, '2026-01-01 00:00:00')",
                (str(700 + n), f"Prova {n:03d}"),
            )
    search = page.get_by_role("searchbox")
    search.fill("prova")
    expect(page.get_by_text("1–50 di 120")).to_be_visible()
    page.get_by_role("button", name="Pagina successiva").click()
    expect(page.get_by_text("51–100 di 120")).to_be_visible()
    search.fill("prova 05")
    expect(page.get_by_text("1–12 di 12")).to_be_visible()
    page.get_by_label("Seleziona le linee di questa pagina").click()
    expect(page.get_by_text("12 selezionate")).to_be_visible()
    page.get_by_role("button", name="Disattiva…").click()
    asked = page.get_by_role("dialog", name="Disattivare le linee?")
    expect(asked.get_by_text("Cambiano: 12. Già così: 0. Non si può: 0.")).to_be_visible()
    asked.get_by_role("button", name="Conferma per 12").click()
    expect(page.get_by_text("12 linee modificate")).to_be_visible()
    search.fill("prova")
    expect(page.get_by_text("di 120")).to_be_visible()
    page.get_by_role("button", name="Nome").click()
    page.get_by_role("button", name="Nome").click()
    expect(page.locator("tbody tr").first).to_contain_text("Prova 119")
    page.get_by_label("Seleziona le linee di questa pagina").click()
    page.get_by_role("button", name="Elimina…").click()
    ask = page.get_by_role("alertdialog", name="Eliminare 50 linee?")
    expect(ask.get_by_text("e altre 42")).to_be_visible()
    ask.get_by_role("button", name="Elimina").click()
    expect(page.get_by_text("50 linee eliminate")).to_be_visible()
    assert rows(office, "SELECT count(*) FROM line WHERE site = 'Prova'") == [(70,)]
    assert rows(office, "SELECT count(*) FROM line WHERE active = 0 AND site = 'Prova'") == [(11,)]
    search.fill("")
    page.get_by_label("Seleziona Sara Lombardi").click()
    page.get_by_role("button", name="Elimina…").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Elimina").click()
    expect(page.get_by_text("È la linea con cui sei entrato")).to_be_visible()


def send(page: Page, content: bytes) -> None:
    page.set_input_files(
        "#up-lines", files=[{"name": "linee.csv", "mimeType": "text/csv", "buffer": content}]
    )


def test_a_file_with_errors_is_tried_and_the_rest_imported(
    page: Page, screen: Screen, office: Office
) -> None:
    screen.open("/admin/importa")
    send(page, CSV.encode())
    expect(page.get_by_text("3 riconosciute su 4")).to_be_visible()
    page.get_by_role("button", name="Prova", exact=True).click()
    expect(page.get_by_text("Nuove: 1, cambiano: 1, uguali: 0, con errori: 3")).to_be_visible()
    expect(page.get_by_text("02 5550 1201 è già il numero dell'interno 201")).to_be_visible()
    take = page.get_by_role("button", name="Importa 2 righe")
    expect(take).to_be_disabled()
    page.get_by_label("Salta le righe con errori").click()
    take.click()
    expect(page.get_by_text("Fatto: 1 linee create, 1 aggiornate")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Scarica le credenziali").click()
    text = download.value.path().read_text("utf-8-sig")
    assert text.splitlines()[1].startswith("510,Ada Neri,")
    again = screen.context.request.get(f"{office.url}/admin/file/credenziali.csv")
    assert again.status == 410
    assert rows(office, "SELECT number FROM line WHERE extension = '202'") == [("+390255501202",)]


def test_an_import_under_way_shows_its_rows_and_can_be_stopped(
    page: Page, screen: Screen, office: Office
) -> None:
    before = rows(office, "SELECT count(*) FROM line")
    screen.open("/admin/importa")
    send(page, ("interno;nome\n" + "".join(f"{60000 + n};P {n}\n" for n in range(900))).encode())
    page.get_by_role("button", name="Importa 900 righe").click()
    expect(page.get_by_text(re.compile(r"[1-9]\d* righe su 900 \(\d+ %\)"))).to_be_visible()
    page.get_by_role("button", name="Annulla l'importazione").click()
    expect(page.get_by_text("Importazione annullata: nulla è cambiato")).to_be_visible()
    assert rows(office, "SELECT count(*) FROM line") == before
    expect(page.get_by_role("button", name="Importa 900 righe")).to_be_enabled()


def test_a_new_password_is_scanned_once_and_printed(
    page: Page, screen: Screen, office: Office
) -> None:
    with closing(sqlite3.connect(office.data / "officesmart.db")) as database, database:
        database.execute("INSERT OR REPLACE INTO officesetting VALUES ('portal.address', ?)",
                         ("https://voce.example.it",))  # fmt: skip
    open_line(page, "Davide Conti")
    page.get_by_role("tab", name="Telefoni").click()
    page.get_by_label("Nuovo account per").fill("Cellulare 📱")
    page.get_by_role("button", name="Aggiungi").click()
    window = page.locator("dialog[open]")
    secret = window.locator("code").first.text_content() or "?"
    link = window.get_by_role("link", name="Apri in Linphone").get_attribute("href") or ""
    assert link.startswith("linphone-config:https://voce.example.it/telefono/")
    expect(window.locator("img.qr")).to_have_js_property("complete", True)
    assert window.locator("img.qr").evaluate("i => i.naturalWidth") > 0
    with page.expect_download() as download:
        window.get_by_role("link", name="Stampa il foglio").click()
    text = PdfReader(download.value.path()).pages[0].extract_text()
    assert "Davide Conti" in text and secret in text
    asked = f"{office.url}/telefono/{link.rpartition('/')[2]}"
    fetched = screen.context.request.get(asked)
    assert fetched.ok and secret in fetched.text() and "transient_provisioning" in fetched.text()
    assert screen.context.request.get(asked).status == 410
    sheet = window.get_by_role("link", name="Stampa il foglio").get_attribute("href") or ""
    window.get_by_role("button", name="Ho finito").click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert screen.context.request.get(f"{office.url}{sheet}").status == 410  # with its secrets
    page.get_by_role("combobox", name="Trasporto 202").last.select_option("tcp")
    page.get_by_role("combobox", name="1° codec 202").last.select_option("G722")
    expect(page.get_by_role("combobox", name="2° codec 202").last).to_be_visible()
    assert rows(
        office, "SELECT transport, codecs FROM sipaccount WHERE label LIKE 'Cellulare%' "
    ) == [("tcp", "G722")]


def test_rights_and_access_of_a_line(page: Page, office: Office) -> None:
    open_line(page, "Davide Conti")
    page.get_by_label("Numeri internazionali").check()
    page.get_by_label("Cellulari italiani").uncheck()
    confirm(page)
    expect(page.get_by_text("Linea salvata")).to_be_visible()
    asked = "SELECT rights FROM line WHERE extension = '202'"
    assert rows(office, asked) == [("internal national international",)]
    page.get_by_role("tab", name="Accesso").click()
    part = page.locator("#part-accesso")
    expect(part.get_by_text("202@ufficio.example")).to_be_visible()
    part.get_by_role("button", name="Nuova password del portale").click()
    page.get_by_role("button", name="Ho finito").click()
    expect(part.get_by_text("Deve ancora fare il primo accesso")).to_be_visible()
    part.get_by_role("button", name="Invia di nuovo le istruzioni").click()
    expect(page.get_by_text(re.compile("Istruzioni inviate a .+@"))).to_be_visible()
    assert ("welcome",) in rows(office, "SELECT kind FROM outboxitem")


def test_latin_1_is_told_with_its_remedy(page: Page, screen: Screen) -> None:
    screen.open("/admin/importa")
    send(page, "interno;nome\n512;Zoè Però\n".encode("latin-1"))
    expect(page.get_by_text("Il file è in Latin-1")).to_be_visible()
    page.get_by_role("button", name="Leggilo come Latin-1").click()
    expect(page.get_by_role("cell", name="Zoè Però")).to_be_visible()


def test_export_and_backup_are_for_administrators_only(
    page: Page, screen: Screen, office: Office, chromium: Browser
) -> None:
    with closing(sqlite3.connect(office.data / "officesmart.db")) as database, database:
        database.execute("DELETE FROM voicemessage")  # their sounds are named as no real one is
    ask = screen.context.request
    assert "Giulia Ferrante" in ask.get(f"{office.url}/admin/file/interni.csv").text()
    assert ask.get(f"{office.url}/admin/file/copia.tar.gz").body()[:2] == b"\x1f\x8b"
    context = chromium.new_context()
    window = Screen(context, office)
    paths = ("interni.csv", "credenziali.csv", "copia.tar.gz")
    for signed_in, status in ((False, 401), (True, 403)):
        if signed_in:
            window.sign_in("201")
        for path in paths:
            assert context.request.get(f"{office.url}/admin/file/{path}").status == status
        for path in ("interni", "copia"):
            sent = context.request.post(
                f"{office.url}/admin/file/{path}", data=b"x", headers={"Origin": office.url}
            )
            assert sent.status == status
    foreign = ask.post(
        f"{office.url}/admin/file/interni", data=b"x", headers={"Origin": "http://evil.example"}
    )
    assert foreign.status == 403
    large = ask.post(
        f"{office.url}/admin/file/interni",
        data=b"x" * 10_000_001,
        headers={"Origin": office.url},
    )
    assert large.status == 413
    context.close()


def test_a_backup_brings_the_office_back(page: Page, screen: Screen, office: Office) -> None:
    with closing(sqlite3.connect(office.data / "officesmart.db")) as database, database:
        database.execute("DELETE FROM voicemessage")  # their sounds are named as no real one is
    copy = screen.context.request.get(f"{office.url}/admin/file/copia.tar.gz").body()
    open_line(page, "Davide Conti")
    page.fill("#f-name", "Davide Altro")
    confirm(page)
    expect(page.get_by_text("Linea salvata")).to_be_visible()
    screen.open("/admin/importa")
    for content, answer in ((b"no backup", "nulla è cambiato"), (copy, "")):
        page.set_input_files(
            "#up-backup",
            files=[{"name": "copia.tar.gz", "mimeType": "application/gzip", "buffer": content}],
        )
        ask = page.get_by_role("alertdialog", name="Sostituire tutto l'ufficio?")
        expect(ask.get_by_text("copia.tar.gz")).to_be_visible()
        assert rows(office, "SELECT count(*) FROM line WHERE name = 'Davide Altro'") == [(1,)]
        ask.get_by_role("button", name="Sostituisci").click()
        if answer:
            expect(page.get_by_text(answer)).to_be_visible()
    page.wait_for_url("**/accesso*")  # everybody signs in again
    assert rows(office, "SELECT count(*) FROM line WHERE name = 'Davide Altro'") == [(0,)]
    assert rows(office, "SELECT what FROM auditentry ORDER BY id DESC LIMIT 1") == [("restored",)]
    assert list(office.data.glob("before-restore-*.tar.gz"))
    assert not list(office.data.glob(".sent-*"))


# -- looks --------------------------------------------------------------------------------------


def line_open(page: Page) -> None:
    page.get_by_role("button", name="Giulia Ferrante", exact=True).click()
    page.locator("#f-number").fill("12")
    page.locator("[data-panel] [type=submit]").first.click()
    page.locator(".err").first.wait_for()


def phones_open(page: Page) -> None:
    page.get_by_role("button", name="Giulia Ferrante", exact=True).click()
    page.locator("#tab-telefoni").click()
    page.locator("#part-telefoni .account").first.wait_for()


def new_line(page: Page) -> None:
    page.locator(".head .btn.pri").click()
    page.locator("#f-name").wait_for()


def deleting(page: Page) -> None:
    page.locator("tbody .cb").first.click()
    page.locator(".bulk .dtext").click()
    page.locator("dialog[open]").wait_for()


def services_open(page: Page) -> None:
    page.get_by_role("button", name="Giulia Ferrante", exact=True).click()
    page.locator("#tab-servizi").click()
    page.locator("#f-hide_id").wait_for()


def access_open(page: Page) -> None:
    page.get_by_role("button", name="Giulia Ferrante", exact=True).click()
    page.locator("#tab-accesso").click()
    page.locator("#part-accesso .plain").wait_for()


def handed(page: Page) -> None:
    phones_open(page)
    page.locator(".account .ib").first.click()
    page.locator("dialog[open] .qr").wait_for()


def many_rights(page: Page) -> None:
    for place in range(3):
        page.locator("tbody .cb").nth(place).click()
    page.locator(".bulk .btn").nth(3).click()
    page.locator("dialog[open] .outcomes li").first.wait_for()


def columns(page: Page) -> None:
    send(page, CSV.encode())
    page.locator(".columns").wait_for()


def tried(page: Page) -> None:
    columns(page)
    page.locator(".confirm .btn.pri").click()
    page.locator(".trial").wait_for()


def latin(page: Page) -> None:
    send(page, "interno;nome\n512;Zoè\n".encode("latin-1"))
    page.locator(".note").first.wait_for()


def listed(page: Page) -> None:
    page.locator("tbody tr, .log li, .wizard, .empty").first.wait_for()


PAGES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "interni": ("/admin/interni", listed),
    "interni-errore": ("/admin/interni", line_open),
    "interni-servizi": ("/admin/interni", services_open),
    "interni-telefoni": ("/admin/interni", phones_open),
    "interni-accesso": ("/admin/interni", access_open),
    "interni-credenziali": ("/admin/interni", handed),
    "interni-molte": ("/admin/interni", many_rights),
    "interni-nuova": ("/admin/interni", new_line),
    "interni-elimina": ("/admin/interni", deleting),
    "importa": ("/admin/importa", listed),
    "importa-colonne": ("/admin/importa", columns),
    "importa-prova": ("/admin/importa", tried),
    "importa-latin": ("/admin/importa", latin),
    "registro": ("/admin/registro", listed),
}


@pytest.fixture(params=LOOKS)
def look(
    request: pytest.FixtureRequest, chromium: Browser, office: Office
) -> Iterator[tuple[str, Screen]]:
    _, theme, size = request.param.split("-")
    width, height = SIZES[size]
    context = chromium.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce"
    )
    yield request.param, Screen(context, office)
    context.close()


@pytest.fixture(scope="module")
def peopled(office: Office) -> Office:
    """Phones that are registered, an account, a long name."""
    office.happens("register", line="201", phone=21)
    office.happens("register", line="201", phone=22, agent="baresip v3.9.0 (x86_64/Linux)")
    with closing(sqlite3.connect(office.data / "officesmart.db")) as database, database:
        database.execute(
            "INSERT INTO sipaccount (line_id, username, ha1_md5, ha1_sha256, label, direct_audio, "
            "transport, codecs) SELECT id, '201', '', '', 'Scrivania', 0, 'tcp', 'G722 PCMA' "
            "FROM line WHERE extension = '201'"
        )
        database.execute(
            "INSERT OR REPLACE INTO officesetting (name, value) VALUES ('portal.address', ?)",
            ("https://voce.lanfranchi.example",),
        )
        database.execute(
            "INSERT INTO line (extension, name, email, number, site, role, language, "
            "password_hash, active, created_at) VALUES ('298', ?, '', '+390255501298', ?, 'user', "
            "'it', '', 0, '2026-01-01 00:00:00')",
            ("Massimiliano Bartolomei Degli Alessandrini", "Stabilimento di Castelnuovo"),
        )
        for what, before, after in (
            ("line_created", "{}", '{"extension": "298", "name": "Massimiliano", "active": true}'),
            ("line_changed", '{"name": "M. Bartolomei", "site": ""}',
             '{"name": "Massimiliano", "site": "Stabilimento"}'),
            ("sip_reset", "{}", '{"user": "298"}'),
        ):  # fmt: skip
            database.execute(
                "INSERT INTO auditentry (at, who, who_name, line, line_name, what, before, after) "
                "VALUES ('2026-11-21 10:00:00', '203', 'Sara Lombardi', '298', 'Massimiliano', "
                "?, ?, ?)",
                (what, before, after),
            )
    return office


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_for_everybody(name: str, look: tuple[str, Screen], peopled: Office) -> None:
    kind, screen = look
    language = kind.split("-")[0]
    where, first = PAGES[name]
    speak(screen, "203", language)
    page = screen.open(where)
    page.locator(f"html[lang={language}]").wait_for()
    listed(page)
    first(page)
    page.wait_for_load_state("networkidle")
    picture(page, f"admin-{name}-{kind}")
    sideways = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert sideways <= 0, "the page scrolls sideways"
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


def test_services_of_a_line_as_they_are_and_as_they_are_set(
    page: Page, office: Office, screen: Screen
) -> None:
    open_line(page, "Giulia Ferrante")
    page.get_by_role("tab", name="Servizi").click()
    part = page.locator("#part-servizi")
    expect(part.get_by_text("Se la chiamano adesso")).to_be_visible()
    page.check("#f-forward_all")
    page.fill("#f-forward_all_number", "299")
    confirm(page)
    expect(part.get_by_text("299 non è un interno")).to_be_visible()
    page.fill("#f-forward_all_number", "202")
    confirm(page)
    expect(page.get_by_text("Servizi salvati")).to_be_visible()
    expect(part.get_by_text("La chiamata va all'interno 202 (Davide Conti)")).to_be_visible()
    assert rows(
        office,
        "SELECT o.options FROM featureoption o JOIN line l ON l.id = o.line_id "
        "WHERE l.extension = '201' AND o.feature = 'forward_all'",
    ) == [('{"enabled": true, "number": "202"}',)]
    assert not Axe().run(page, context="aside.edit", options=RULES).response["violations"]
    part.get_by_role("link", name="Apri in Numeri").click()
    expect(page.get_by_role("searchbox")).to_have_value("201 Giulia Ferrante")
