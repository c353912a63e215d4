"""Trunks, outside calls, star codes, office settings: set up in the browser, and looked at."""

from __future__ import annotations

import math
import sqlite3
import struct
import wave
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Office, Screen
from tests.browser.test_looks import RULES, SIZES, picture, speak


def rows(office: Office, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """What the database says."""
    with closing(sqlite3.connect(office.data / "officesmart.db")) as database:
        return database.execute(query, values).fetchall()


def confirm(page: Page) -> None:
    page.get_by_role("button", name="Conferma").click()


def add_trunk(page: Page, name: str, host: str = "sip.fornitore.it") -> None:
    page.get_by_role("button", name="Nuova con password").first.click()
    page.fill("#f-name", name)
    page.fill("#f-host", host)
    page.fill("#f-username", f"390255501{len(name)}")
    page.fill("#f-password", "una-password-del-fornitore")
    page.fill("#f-main_number", "02 5550 1200")
    confirm(page)
    expect(page.locator("#panel-title")).to_have_text(name)


def test_a_trunk_is_set_up_and_shows_how_it_stands(screen: Screen, office: Office) -> None:
    screen.sign_in("203")
    page = screen.open("/admin/trunk")
    page.get_by_role("button", name="Nuova con password").first.click()
    page.fill("#f-host", "sip fornitore")
    confirm(page)
    expect(page.locator("#e-host")).to_contain_text("Non è il nome di un server")
    expect(page.locator("#e-name")).to_contain_text("Scrivi un nome")
    expect(page.locator("#f-name")).to_be_focused()
    page.locator("[data-close]").click()
    page.locator("dialog[data-leave] [data-go]").click()
    add_trunk(page, "Primo fornitore")
    ((trunk, sealed),) = rows(office, "SELECT id, sealed_password FROM trunk")
    assert sealed and "fornitore" not in sealed
    expect(page.get_by_text("non si può rileggere")).to_be_visible()
    assert "una-password-del-fornitore" not in page.content()
    # The codecs change places by the keyboard, and the button keeps the focus.
    page.locator("#up-G722").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".codecs li").nth(1)).to_contain_text("G722")
    expect(page.locator("#up-G722")).to_be_focused()
    expect(page.locator("[data-count]")).to_have_text("1 modifica non salvata")
    page.fill("#f-capacity", "10")
    confirm(page)
    expect(page.get_by_text("Linea esterna salvata")).to_be_visible()
    assert rows(office, "SELECT codecs, capacity FROM trunk") == [("PCMA G722 PCMU", 10)]
    office.happens("trunk", trunk=trunk, name="Primo fornitore", state="down")
    row = page.locator(".trunk")
    expect(row).to_contain_text("non va")
    expect(row).to_contain_text("Il provider non risponde")
    row.get_by_role("button", name="Prova Primo fornitore", exact=True).click()
    expect(page.get_by_text("«Primo fornitore» funziona")).to_be_visible()
    expect(row.locator(".chip")).to_have_text("funziona")


def test_the_second_administrator_is_told_who_changed_the_trunk(
    screen: Screen, office: Office
) -> None:
    screen.sign_in("203")
    page = screen.open("/admin/trunk")
    page.locator(".trunk .who").first.click()
    page.fill("#f-port", "5080")
    other = screen.open("/admin/trunk", screen.tab())
    other.locator(".trunk .who").first.click()
    other.select_option("#f-number_format", "national")
    confirm(other)
    expect(other.get_by_text("Linea esterna salvata")).to_be_visible()
    confirm(page)
    expect(page.get_by_text("Sara Lombardi ha cambiato: formato dei numeri")).to_be_visible()
    page.get_by_role("button", name="Tieni le mie").click()
    expect(page.get_by_text("Linea esterna salvata")).to_be_visible()
    assert rows(office, "SELECT port, number_format FROM trunk") == [(5080, "national")]


def test_rights_are_given_to_many_and_a_number_says_what_it_would_do(
    screen: Screen, office: Office
) -> None:
    screen.sign_in("203")
    page = screen.open("/admin/uscita")
    page.get_by_role("checkbox", name="Seleziona tutte le linee trovate").click()
    page.get_by_role("button", name="Permetti: Numeri internazionali").click()
    expect(page.get_by_text("3 linee modificate")).to_be_visible()
    page.get_by_label("Giulia Ferrante: Cellulari italiani").click()
    expect(page.get_by_label("Giulia Ferrante: Cellulari italiani")).not_to_be_checked()
    assert rows(office, "SELECT rights FROM line WHERE extension = '201'") == [
        ("internal national international",)
    ]
    page.get_by_role("tab", name="Regole").click()
    page.get_by_role("button", name="Nuova regola").click()
    page.fill("#f-prefix", "112")
    page.locator("#f-barred").check()
    confirm(page)
    expect(page.locator("#e-prefix")).to_contain_text("emergenza")
    page.fill("#f-prefix", "+44")
    page.select_option("#f-kind", "international")
    confirm(page)
    expect(page.get_by_text("Regola salvata")).to_be_visible()
    page.get_by_role("tab", name="Prova un numero").click()
    page.select_option("#try-line", "201")
    for number, outcome in (
        ("0 333 123 4567", "La chiamata non esce"),
        ("0 0044 20 7946 0018", "La chiamata non esce"),
        ("0 02 5550 7318", "La chiamata esce"),
        ("112", "La chiamata esce"),
    ):
        page.fill("#try-number", number)
        page.get_by_role("button", name="Prova", exact=True).click()
        expect(page.locator("#part-prova .note b")).to_have_text(outcome)
    expect(page.get_by_text("Emergenza", exact=True)).to_be_visible()
    expect(page.locator(".facts")).to_contain_text("Primo fornitore")


def test_star_codes_change_and_name_who_has_the_digits(screen: Screen, office: Office) -> None:
    screen.sign_in("203")
    page = screen.open("/admin/codici-servizi")
    page.get_by_role("button", name="Cambia *86", exact=True).click()
    page.fill("#f-code", "201")
    confirm(page)
    expect(page.locator("#e-code")).to_contain_text("201 è già l'interno di Giulia Ferrante")
    page.fill("#f-code", "*88")
    confirm(page)
    expect(page.get_by_text("Codice salvato")).to_be_visible()
    assert rows(office, "SELECT app FROM servicenumber WHERE code = '*88'") == [("voicemail_menu",)]
    page.get_by_role("button", name="Statunitense…").click()
    expect(page.locator(".moves")).to_contain_text("*72")
    page.get_by_role("button", name="Rimetti il profilo", exact=True).click()
    expect(page.get_by_text("Profilo in vigore")).to_be_visible()
    page.get_by_placeholder("Cerca").fill("*72")
    expect(page.locator(".digit-table tbody tr")).to_have_count(1)
    page.get_by_role("checkbox", name="Acceso: *72").click()
    expect(page.locator(".is-off")).to_have_count(1)
    assert rows(office, "SELECT enabled FROM servicenumber WHERE code = '*72'") == [(0,)]
    page.get_by_placeholder("Cerca").fill("")
    # On paper: what can be dialled, and nothing to click.
    page.emulate_media(media="print")
    expect(page.locator(".digit-table tbody tr").first).to_be_visible()
    for gone in (".is-off", ".adm-nav", ".bar", ".filters", "th.c-on"):
        expect(page.locator(gone).first).to_be_hidden()
    picture(page, "codici-servizi-stampa")


def tone(path: Path, seconds: float) -> Path:
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(2)
        sound.setsampwidth(2)
        sound.setframerate(44_100)
        sound.writeframes(
            b"".join(
                struct.pack("<hh", value, value)
                for value in (
                    round(9000 * math.sin(2 * math.pi * 620 * n / 44_100))
                    for n in range(int(44_100 * seconds))
                )
            )
        )
    return path


def test_the_office_sets_its_limits_and_its_music(
    screen: Screen, office: Office, tmp_path: Path
) -> None:
    screen.sign_in("203")
    page = screen.open("/admin/impostazioni")
    page.fill("#f-park_range", "195-205")
    page.fill("#f-deleted_days", "0")
    confirm(page)
    expect(page.locator("#e-deleted_days")).to_contain_text("da 1 a 365")
    page.fill("#f-deleted_days", "7")
    page.fill("#f-max_messages", "50")
    confirm(page)
    expect(page.locator("#e-park_range")).to_contain_text("è già l'interno di Giulia Ferrante")
    page.fill("#f-park_range", "851-860")
    confirm(page)
    expect(page.get_by_text("Impostazioni salvate")).to_be_visible()
    page.get_by_role("button", name="Applica a tutte…").click()
    page.get_by_role("button", name="Applica a tutte", exact=True).click()
    expect(page.get_by_text("3 caselle modificate")).to_be_visible()
    assert rows(office, "SELECT DISTINCT max_messages FROM mailbox") == [(50,)]
    broken = tmp_path / "rotto.mp3"
    broken.write_bytes(b"\xff\xfb" + b"niente" * 400)
    page.set_input_files("#up-music", broken)
    expect(page.get_by_text("Non è un file audio")).to_be_visible()
    page.set_input_files("#up-music", tone(tmp_path / "attesa.wav", 5))
    expect(page.get_by_text("Si sente dalla prossima attesa")).to_be_visible()
    expect(page.get_by_text("attesa.wav")).to_be_visible()
    ((kept,),) = rows(office, "SELECT value FROM officesetting WHERE name = 'hold.music'")
    assert (office.data / "music" / kept).stat().st_size == pytest.approx(80_044, abs=400)
    heard = screen.context.request.get(f"{office.url}/admin/file/attesa")
    assert heard.ok and heard.body()[:4] == b"RIFF"
    page.get_by_role("button", name="Torna alla nostra").click()
    expect(page.get_by_text("Si sente di nuovo la nostra")).to_be_visible()
    assert not list((office.data / "music").glob("*.wav"))


# -- how they look ------------------------------------------------------------------------------


def a_trunk(page: Page) -> None:
    page.locator(".trunk .who").first.click()
    page.locator("#panel-title").wait_for()


def part(name: str) -> Callable[[Page], None]:
    def go(page: Page) -> None:
        page.locator(f"#tab-{name}").click()
        page.locator(f"#part-{name} > *").first.wait_for()

    return go


def a_rule(page: Page) -> None:
    part("regole")(page)
    page.locator(".digit-table .who").first.click()
    page.locator("#panel-title").wait_for()


def tried(page: Page) -> None:
    part("prova")(page)
    page.fill("#try-number", "0 02 5550 7318")
    page.locator("#part-prova [type=submit]").click()
    page.locator("#part-prova .note").wait_for()


def a_profile(page: Page) -> None:
    page.locator(".filters .btn").first.click()
    page.locator("dialog[open]").wait_for()


def nothing(page: Page) -> None:
    """As it opens."""


LOOKS: dict[str, tuple[str, Callable[[Page], None]]] = {
    "trunk": ("/admin/trunk", nothing),
    "trunk-pannello": ("/admin/trunk", a_trunk),
    "uscita-permessi": ("/admin/uscita", nothing),
    "uscita-regola": ("/admin/uscita", a_rule),
    "uscita-prova": ("/admin/uscita", tried),
    "codici-servizi": ("/admin/codici-servizi", nothing),
    "codici-servizi-profilo": ("/admin/codici-servizi", a_profile),
    "impostazioni": ("/admin/impostazioni", nothing),
}


@pytest.fixture(params=["it-light-wide", "en-dark-wide", "en-light-phone", "it-dark-phone"])
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


def test_these_pages_are_for_everybody(look: tuple[str, Screen], office: Office) -> None:
    kind, screen = look
    language = kind.split("-")[0]
    speak(screen, "203", language)
    if not rows(office, "SELECT id FROM trunk"):
        add_trunk(screen.open("/admin/trunk"), "Primo fornitore")
    wrong = []
    for name, (where, first) in LOOKS.items():
        page = screen.open(where, screen.tab())
        page.locator(f"html[lang={language}]").wait_for()
        first(page)
        page.wait_for_load_state("networkidle")
        picture(page, f"{name}-{kind}")
        sideways = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if sideways > 0:
            wrong.append(f"{name} scrolls sideways")
        found = Axe().run(page, options=RULES)
        if found.violations_count:
            wrong.append(f"{name}: {found.generate_report()}")
    assert not wrong, "\n".join(wrong)
