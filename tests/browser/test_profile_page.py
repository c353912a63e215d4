"""Il mio profilo in the browser: secrets changed, a second step set up, browsers signed out."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from officesmart import build
from tests.browser.conftest import Office, Screen
from tests.browser.office import PASSWORD
from tests.browser.test_looks import RULES, SIZES

NEW = "nuvola-lenta-58"
PICTURES = build.ROOT / "artefacts"
NASTY = ("", "x" * 10_000, "😀😀", "\u202eabc", "<img src=x onerror=alert(1)>", "' OR 1=1 --")


@pytest.fixture
def other(chromium: Browser, office: Office) -> Iterator[Screen]:
    """A second browser, somewhere else."""
    context = chromium.new_context(
        locale="it-IT",
        user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1",
    )
    yield Screen(context, office)
    context.close()


def card(page: Page, title: str) -> Locator:
    """One card of Sicurezza."""
    heading = page.get_by_role("heading", name=title, exact=True)
    return page.locator(".cards > li").filter(has=heading)


def fault(card: Locator, field: str) -> Locator:
    return card.locator(f"[data-fault-of={field}]")


def toast(page: Page, words: str) -> None:
    expect(page.locator(".toast").filter(has_text=words)).to_be_visible()


def mails(office: Office, kind: str = "security_notice") -> list[str]:
    """What was owed by mail, newest last."""
    with closing(sqlite3.connect(office.data / "officesmart.db")) as database:
        rows = database.execute(
            "SELECT coalesce(json_extract(payload, '$.what'), json_extract(payload, '$.code')) "
            "FROM outboxitem WHERE kind = ? ORDER BY id",
            (kind,),
        )
        return [str(what) for (what,) in rows]


def test_a_wrong_password_is_explained_and_a_right_one_counts(
    screen: Screen, other: Screen, office: Office
) -> None:
    other.sign_in("202")
    elsewhere = other.open("/")
    screen.sign_in("202")
    frames: list[str] = []
    screen.page.on(
        "websocket",
        lambda socket: [
            socket.on(way, lambda frame: frames.append(str(frame)))
            for way in ("framesent", "framereceived")
        ],
    )
    page = screen.open("/profilo#sicurezza")
    mine = card(page, "Password")
    mine.get_by_role("button", name="Modifica password").click()
    present = mine.get_by_label("Password attuale")
    new = mine.get_by_label("Nuova password", exact=True)
    again = mine.get_by_label("Conferma la nuova password")
    send = mine.get_by_role("button", name="Conferma", exact=True)
    expect(present).to_be_focused()

    present.fill("sbagliata")
    new.fill(NEW)
    again.fill(NEW + "x")
    send.click()
    expect(fault(mine, "again")).to_contain_text("Non coincide")
    again.fill(NEW)
    send.click()
    expect(fault(mine, "present")).to_contain_text("Non è la tua password attuale")
    expect(present).to_be_focused()
    present.fill(PASSWORD)
    for wrong, why in (
        ("corta", "meno di 10 caratteri"),
        ("davide-e-basta", "contiene il nome"),
        ("Manchester!2026", "tra le più usate"),
        (PASSWORD, "la password di adesso"),
    ):
        new.fill(wrong)
        again.fill(wrong)
        send.click()
        expect(fault(mine, "new")).to_contain_text(why)
        expect(new).to_have_attribute("aria-invalid", "true")
    assert mails(office) == []

    new.fill(NEW)
    again.fill(NEW)
    send.click()
    toast(page, "Password cambiata")
    expect(mine).to_contain_text("Cambiata oggi")
    expect(page.locator(".deeds")).to_contain_text("Password cambiata")
    assert mails(office) == ["password"]
    expect(elsewhere).to_have_url(re.compile("/accesso"))
    for kept in (PASSWORD, NEW):
        assert kept not in (office.data / "portal.log").read_text()
        assert frames and not [frame for frame in frames if kept in frame]


def test_a_code_by_mail_makes_an_address_count(screen: Screen, office: Office) -> None:
    screen.sign_in("203")
    page = screen.open("/profilo")
    mine = card(page, "E-mail di sicurezza")
    mine.get_by_role("button", name="Modifica E-mail").click()
    for wrong in NASTY:
        mine.get_by_label("Password attuale").fill(PASSWORD)
        mine.get_by_label("Indirizzo e-mail").evaluate("(field, to) => field.value = to", wrong)
        send = mine.get_by_role("button", name="Conferma", exact=True)
        with page.expect_response("**/identity/email"):
            send.click()
        expect(send).not_to_have_attribute("aria-busy", "true")
        expect(fault(mine, "address")).to_contain_text("Non è un indirizzo e-mail")
    mine.get_by_label("Password attuale").fill(PASSWORD)
    mine.get_by_label("Indirizzo e-mail").fill("sara@nuova.example")
    mine.get_by_role("button", name="Conferma", exact=True).click()
    expect(mine).to_contain_text("Abbiamo mandato un codice a sara@nuova.example")
    expect(mine).to_contain_text("203@ufficio.example")
    page.reload()
    mine.get_by_label("Codice", exact=True).fill("1")
    mine.get_by_role("button", name="Conferma", exact=True).click()
    expect(fault(mine, "code")).to_contain_text("non è quello che ti abbiamo mandato")
    mine.get_by_label("Codice", exact=True).fill(mails(office, "email_code")[-1])
    mine.get_by_role("button", name="Conferma", exact=True).click()
    toast(page, "E-mail di sicurezza confermata")
    expect(mine).not_to_contain_text("203@ufficio.example")
    expect(mine).to_contain_text("sara@nuova.example")
    assert mails(office)[-2:] == ["security_email", "security_email"]


def test_the_second_step_is_set_up_and_taken_down(
    screen: Screen, other: Screen, office: Office, tmp_path: Path
) -> None:
    screen.sign_in("201")
    page = screen.open("/profilo")
    mine = card(page, "Accesso in due passaggi")
    mine.get_by_role("button", name="Attiva").click()
    mine.get_by_label("Password attuale").fill(PASSWORD)
    mine.get_by_role("button", name="Continua").click()
    expect(mine.get_by_label("Codice di 6 cifre")).to_be_focused()
    seed = mine.locator("[data-seed]").inner_text().replace(" ", "")
    expect(mine.locator(".qr")).to_have_js_property("complete", True)
    assert mine.locator(".qr").evaluate("picture => picture.naturalWidth") > 100
    mine.get_by_label("Codice di 6 cifre").fill("000000")
    mine.get_by_role("button", name="Attiva").last.click()
    expect(fault(mine, "code")).to_contain_text("Il codice non è giusto")
    mine.get_by_label("Codice di 6 cifre").fill(pyotp.TOTP(seed).now())
    mine.get_by_role("button", name="Attiva").last.click()

    shown = page.get_by_role("dialog", name="I tuoi codici di recupero")
    expect(shown.get_by_role("listitem")).to_have_count(10)
    codes = shown.get_by_role("listitem").all_inner_texts()
    with page.expect_download() as saving:
        shown.get_by_role("button", name="Scarica").click()
    kept = tmp_path / "codes"
    saving.value.save_as(kept)
    assert all(code in kept.read_text() for code in codes)
    page.emulate_media(media="print")  # a sheet with the codes and nothing else
    expect(shown.get_by_role("listitem").last).to_be_visible()
    expect(page.locator("#sicurezza")).to_be_hidden()
    page.emulate_media(media="screen")
    page.keyboard.press("Escape")
    expect(shown).to_be_visible()
    shown.get_by_role("button", name="Li ho messi al sicuro").click()
    expect(mine).to_contain_text("Attivo")
    assert codes[0] not in page.content()
    expect(card(page, "Codici di recupero")).to_contain_text("10 su 10")

    door = other.open("/accesso?per=/profilo")
    door.get_by_label("Numero di telefono o interno").fill("201")
    door.get_by_label("Password", exact=True).fill(PASSWORD)
    door.get_by_label("Password", exact=True).press("Enter")
    door.get_by_role("button", name="Usa un codice di recupero").click()
    door.get_by_role("textbox").fill(codes[1])
    door.get_by_role("textbox").press("Enter")
    expect(card(door, "Codici di recupero")).to_contain_text("9 su 10")
    expect(page.locator("#dispositivi")).to_contain_text("Safari su iPhone")

    paper = card(page, "Codici di recupero")
    paper.get_by_role("button", name="Creane di nuovi").click()
    paper.get_by_label("Password attuale").fill(PASSWORD)
    paper.get_by_role("button", name="Crea nuovi codici").click()
    expect(shown.get_by_role("listitem")).to_have_count(10)
    new = shown.get_by_role("listitem").all_inner_texts()
    assert not set(new) & set(codes)
    shown.get_by_role("button", name="Li ho messi al sicuro").click()

    mine.get_by_role("button", name="Disattiva").click()
    mine.get_by_label("Password attuale").fill(PASSWORD)
    mine.get_by_label("Codice", exact=True).fill(codes[0])
    mine.get_by_role("button", name="Disattiva").last.click()
    expect(fault(mine, "code")).to_be_visible()
    mine.get_by_label("Password attuale").fill(PASSWORD)
    mine.get_by_label("Codice", exact=True).fill(new[0])
    mine.get_by_role("button", name="Disattiva").last.click()
    expect(mine).to_contain_text("Non attivo")
    assert mails(office)[-3:] == ["two_factor_on", "recovery_codes", "two_factor_off"]


def test_a_passkey_is_added_and_removed(screen: Screen, office: Office) -> None:
    screen.sign_in("201")
    page = screen.open("/profilo")
    devtools = screen.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    mine = card(page, "Passkey")
    for name, end in (("Portatile", "added"), ("Di nuovo", "twice")):
        mine.get_by_role("button", name="Aggiungi", exact=True).click()
        mine.get_by_label("Nome").fill(name)
        mine.get_by_label("Password attuale").fill(PASSWORD)
        mine.get_by_role("button", name="Aggiungi passkey").click()
        if end == "added":
            page.get_by_role("button", name="Li ho messi al sicuro").click()
            expect(mine.get_by_role("listitem")).to_contain_text("Portatile")
        else:
            expect(mine).to_contain_text("ha già una tua passkey")
            mine.get_by_role("button", name="Annulla").click()
    page.get_by_role("button", name="Esci", exact=True).click()
    page.get_by_role("button", name="Accedi con una passkey").click()
    expect(page).to_have_url(f"{office.url}/")
    screen.open("/profilo")
    expect(mine).to_contain_text("usata oggi")
    mine.get_by_role("button", name="Togli").click()
    mine.get_by_label("Password attuale").fill(PASSWORD)
    mine.get_by_role("button", name="Togli la passkey").click()
    toast(page, "Passkey tolta")
    expect(mine.get_by_role("listitem")).to_have_count(0)
    assert mails(office)[-2:] == ["passkey_added", "passkey_removed"]


def test_a_browser_is_signed_out_from_another(
    screen: Screen, other: Screen, office: Office
) -> None:
    screen.sign_in("203")
    page = screen.open("/profilo")
    other.sign_in("203")
    elsewhere = other.open("/profilo")
    page.reload()
    rows = page.locator("#dispositivi li")
    expect(rows.filter(has_text="questo browser")).to_contain_text("Chrome su Linux")
    rows.filter(has_text="Safari su iPhone").get_by_role("button", name="Scollega").click()
    toast(page, "Browser scollegato")
    expect(elsewhere).to_have_url(re.compile("/accesso"))
    expect(rows.filter(has_text="Safari su iPhone")).to_have_count(0)

    other.sign_in("203")
    elsewhere = other.open("/")
    page.get_by_role("button", name="Esci ovunque").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Esci ovunque").click()
    expect(page).to_have_url(re.compile("/accesso"))
    expect(elsewhere).to_have_url(re.compile("/accesso"))
    assert mails(office)[-1] == "signed_out_everywhere"


def test_five_wrong_passwords_end_the_session(screen: Screen) -> None:
    screen.sign_in("203")
    page = screen.open("/profilo")
    mine = card(page, "Passkey")
    mine.get_by_role("button", name="Aggiungi", exact=True).click()
    for _ in range(4):
        mine.get_by_label("Password attuale").fill("sbagliata")
        mine.get_by_role("button", name="Aggiungi passkey").click()
        expect(fault(mine, "present")).to_be_visible()
    mine.get_by_label("Password attuale").fill("sbagliata")
    mine.get_by_role("button", name="Aggiungi passkey").click()
    expect(page).to_have_url(re.compile("/accesso"))


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_it_is_readable_by_everybody(
    chromium: Browser, office: Office, language: str, theme: str, size: str
) -> None:
    office.happens("register", line="201", phone=10)
    office.happens("register", line="201", phone=11, agent="LinphoneAndroid/5.2.5 (Pixel 8)")
    width, height = SIZES[size]
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        color_scheme="light" if theme == "light" else "dark",
        reduced_motion="reduce",
    )
    window = Screen(context, office)
    window.sign_in("201")
    page = window.open("/profilo")
    page.get_by_role("button", name={"it": "Italiano", "en": "English"}[language]).click()
    expect(page.locator("h1")).to_have_text({"it": "Il mio profilo", "en": "My profile"}[language])
    for form in ("password", "mailbox:password", "email", "totp", "passkey"):
        page.locator(f"[data-opens='{form}']").click()
        expect(page.locator(f".card-form input[id^='{form}-']").first).to_be_visible()
    page.locator("[data-opens=password]").click()
    page.locator("[data-post=password] [type=submit]").click()
    expect(page.locator("#password-present-fault")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate("scrollTo(0, 0)")  # the bar above covers what lies half under it
    found = Axe().run(page, options=RULES)
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"profilo-{language}-{theme}-{size}.png", full_page=True)
    context.close()
    assert found.violations_count == 0, found.generate_report()
