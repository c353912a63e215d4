"""Pages that move by themselves: what phones do appears on open pages, without a reload."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Office, Screen
from tests.browser.test_looks import picture


@pytest.fixture
def home(screen: Screen) -> Page:
    screen.sign_in("201")
    page = screen.open("/")
    # A page that was reloaded would have forgotten this.
    page.evaluate("window.never_reloaded = true")
    return page


def test_a_phone_appears_and_goes(home: Page, office: Office) -> None:
    expect(home.get_by_text("Nessuno è collegato")).to_be_visible()
    office.happens("register", line="201", phone=1)
    expect(home.get_by_text("Yealink SIP-T54W", exact=True)).to_be_visible()
    expect(home.get_by_text("1 collegato", exact=True)).to_be_visible()
    office.happens("quiet", line="201", on=True)
    standing = home.locator(".facts .now")
    expect(standing).to_have_text("non disturbare")
    office.happens("quiet", line="201", on=False)
    expect(standing).not_to_have_text("non disturbare")
    office.happens("register", line="202", phone=9, agent="Elsewhere")
    office.happens("gone", line="201", phone=1)
    expect(home.get_by_text("Yealink SIP-T54W", exact=True)).to_have_count(0)
    expect(home.get_by_text("Elsewhere")).to_have_count(0)
    office.happens("gone", line="202", phone=9)
    assert home.evaluate("window.never_reloaded")


def test_a_call_is_followed_from_ring_to_end(home: Page, office: Office) -> None:
    now = home.locator("section", has=home.get_by_role("heading", name="Adesso", exact=True))
    office.happens("start", call="c1", **{"from": "202", "to": "201"})
    office.happens("ring", call="c1", to="201")
    expect(now.get_by_text("Ti chiama da")).to_be_visible()
    expect(now.get_by_text("Davide Conti")).to_be_visible()
    office.happens("answer", call="c1", to="201")
    expect(now.get_by_text("In linea da")).to_be_visible()
    timer = now.locator("[data-age]")
    expect(timer).to_have_text(re.compile("0:0[2-9]"))  # each second shows for a second only
    office.happens("hold", call="c1", line="202", held=True)
    expect(now.get_by_text("Ti ha messo in attesa")).to_be_visible()
    office.happens("hold", call="c1", line="202", held=False)
    expect(now.get_by_text("In linea da")).to_be_visible()
    office.happens("end", call="c1")
    expect(now.get_by_text("In linea da")).to_have_count(0)
    assert home.evaluate("window.never_reloaded")


def test_a_contact_renamed_now_is_renamed_wherever_it_is_shown(
    home: Page, screen: Screen, office: Office
) -> None:
    office.happens("start", call="c9", **{"from": "+390163555021", "to": "201"})
    office.happens("answer", call="c9", to="201")
    office.happens("park", call="p9", orbit="801", by="201", who="+390163555021")
    now = home.locator("section", has=home.get_by_role("heading", name="Adesso", exact=True))
    parked = home.locator("section", has=home.get_by_role("heading", name="Chiamate parcheggiate"))
    book = screen.open("/contatti", screen.tab())
    book.get_by_role("button", name="Nuovo contatto").first.click()
    form = book.get_by_role("dialog", name="Nuovo contatto")
    form.get_by_label("Nome", exact=True).fill("Teresa")
    form.get_by_label("Azienda", exact=True).fill("Cartiera Olivari")
    form.get_by_label("Numero 1", exact=True).fill("0163 555021")
    form.get_by_role("button", name="Continua").click()
    for place in (now, parked):
        expect(place.get_by_text("Teresa", exact=True).first).to_be_visible()
    expect(now.get_by_text("Cartiera Olivari")).to_be_visible()
    picture(home, "names-live")
    book.get_by_role("button", name="Modifica Teresa").click()
    form = book.get_by_role("dialog", name="Modifica contatto")
    form.get_by_label("Nome", exact=True).fill("Tea")
    form.get_by_role("button", name="Continua").click()
    for place in (now, parked):
        expect(place.get_by_text("Tea", exact=True).first).to_be_visible()
    office.happens("end", call="c9")
    expect(now.get_by_text("Tea", exact=True)).to_have_count(0)
    assert home.evaluate("window.never_reloaded")


def test_the_button_hangs_up(home: Page, office: Office) -> None:
    office.happens("start", call="c2", **{"from": "201", "to": "0612345678"})
    office.happens("answer", call="c2", to="0612345678")
    home.get_by_role("listitem").get_by_role("button", name="Chiudi").click()
    expect(home.get_by_text("In linea da")).to_have_count(0)
    assert {"hang_up": "c2", "line": "201"} in office.told()


def test_a_call_of_others_is_not_shown(home: Page, office: Office) -> None:
    office.happens("start", call="c3", **{"from": "202", "to": "203"})
    office.happens("answer", call="c3", to="203")
    office.happens("start", call="c4", **{"from": "0699999999", "to": "201"})
    office.happens("ring", call="c4", to="201")
    # In the list, and above the page; a screen reader is told so in a sentence.
    expect(home.get_by_text("06 9999 9999", exact=True)).to_have_count(2)
    expect(home.get_by_text("Sara Lombardi")).to_have_count(1)  # in the calls of yesterday
    for call in ("c3", "c4"):
        office.happens("end", call=call)


def test_a_message_appears_on_the_open_page_and_plays(screen: Screen, office: Office) -> None:
    screen.sign_in("202")
    page = screen.open("/messaggi?scheda=messaggi")
    page.evaluate("window.never_reloaded = true")
    expect(page.get_by_role("listitem").filter(has_text="Ascolta")).to_have_count(0)
    expect(page.locator(".msg")).not_to_have_count(0)
    before = page.locator(".msg").count()
    office.happens("message", line="202", call="new1", **{"from": "+390612345678"})
    expect(page.locator(".msg")).to_have_count(before + 1)
    fresh = page.get_by_role("listitem").filter(has_text="06 1234 5678")
    expect(fresh.get_by_title("Nuovo")).to_be_visible()
    expect(
        page.get_by_role("navigation", name="Principale").get_by_text(str(before + 1))
    ).to_be_visible()
    fresh.get_by_role("button", name=re.compile("^Ascolta")).click()
    expect(fresh.locator("[data-player]")).to_have_attribute("data-state", "playing")
    assert page.evaluate("window.never_reloaded")


def test_two_tabs_agree(screen: Screen, office: Office) -> None:
    screen.sign_in("201")
    one = screen.open("/messaggi?scheda=messaggi")
    other = screen.open("/", screen.tab())
    badge = other.locator(".todo .count").first
    expect(badge).to_have_text(re.compile("^3"))
    row = one.get_by_role("listitem").filter(has_text="Ottica Marzorati")
    row.get_by_role("button", name=re.compile("^Elimina")).click()
    expect(badge).to_have_text(re.compile("^2"))
    one.locator(".toast").get_by_role("button", name="Ripristina").click()
    expect(badge).to_have_text(re.compile("^3"))


def test_the_dialler_follows_both_legs(home: Page, office: Office) -> None:
    office.happens("register", line="201", phone=1)
    home.get_by_role("button", name="Chiamata").first.click()
    dialog = home.get_by_role("dialog", name="Chiamata")
    field = dialog.get_by_label("Numero o nome")
    field.fill("casa di Teresa")
    field.press("Enter")
    expect(dialog.get_by_text("scrivi un numero")).to_be_visible()
    field.fill("203")
    field.press("Enter")
    expect(dialog.get_by_text("Il tuo telefono squilla").first).to_be_visible()
    call = [told["call"] for told in office.told() if "call" in told][-1]
    office.happens("ring", call=call, to="203")
    expect(dialog.get_by_text("squilla: aspetta in linea")).to_be_visible()
    office.happens("answer", call=call, to="203")
    expect(dialog.get_by_text("in linea da").first).to_be_visible()
    office.happens("end", call=call)
    expect(dialog.get_by_text("chiamata finita").first).to_be_visible()
    dialog.get_by_role("button", name="Riprova").click()
    expect(dialog.get_by_text("Il tuo telefono squilla").first).to_be_visible()
    call = [told["call"] for told in office.told() if "call" in told][-1]
    office.happens("ring", call=call, to="203")
    expect(dialog.get_by_text("squilla: aspetta in linea")).to_be_visible()
    office.happens("end", call=call, end="busy")
    expect(dialog.get_by_text("è occupato").first).to_be_visible()
    home.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    office.happens("gone", line="201", phone=1)


def test_the_administrator_sees_the_whole_office(screen: Screen, office: Office) -> None:
    screen.sign_in("203")
    page = screen.open("/centralino")
    office.happens("register", line="202", phone=5, agent="Snom D785")
    phones = page.locator("section", has_text="Telefoni collegati")
    expect(phones.get_by_text("Snom D785")).to_be_visible()
    expect(phones.get_by_text("192.0.2.5:5060")).to_be_visible()
    office.happens("start", call="c9", **{"from": "201", "to": "202"})
    office.happens("answer", call="c9", to="202")
    calls = page.locator("section", has_text="Chiamate in corso")
    expect(calls.get_by_text("Giulia Ferrante")).to_be_visible()
    expect(calls.get_by_text("in linea")).to_be_visible()
    office.happens("worker", worker=1, alive=True)
    expect(page.get_by_text("pid 4001")).to_be_visible()
    office.happens("trouble")
    expect(page.get_by_text("Il disco è pieno")).to_be_visible()
    office.happens("trouble", over=True)
    expect(page.get_by_text("Il disco è pieno")).to_have_count(0)
    calls.get_by_role("button", name=re.compile("^Chiudi la chiamata")).click()
    expect(calls.get_by_text("Nessuno sta telefonando")).to_be_visible()
    phones.get_by_role("button", name=re.compile("^Scollega")).click()
    expect(phones.get_by_text("Snom D785")).to_have_count(0)


def test_the_test_of_the_line_says_which_step_failed(screen: Screen) -> None:
    screen.sign_in("203")
    page = screen.open("/centralino")
    page.get_by_role("button", name="Prova adesso").click()
    # Nothing listens on this office's SIP port: the first step says so, the others are not run.
    expect(page.get_by_text("Il centralino non risponde: è acceso")).to_be_visible(timeout=25000)
    expect(page.get_by_text("La linea non funziona")).to_be_visible(timeout=15000)
    expect(page.get_by_role("button", name="Prova adesso")).to_be_enabled()


def test_a_portal_that_restarts_is_found_again(screen: Screen, office: Office) -> None:
    screen.sign_in("201")
    page = screen.open("/messaggi?scheda=messaggi")
    expect(page.get_by_text("Marco Bellandi")).to_be_visible()
    other = screen.open("/", screen.tab())
    other.get_by_role("button", name="Chiamata").first.click()
    dialog = other.get_by_role("dialog", name="Chiamata")
    dialog.get_by_label("Numero o nome").fill("203")
    dialog.get_by_role("button", name="Componi").click()
    expect(dialog.get_by_text("squilla").first).to_be_visible()
    on_call = page.get_by_role("button", name="chiamata con Sara Lombardi").first
    expect(on_call).to_contain_text("Chiamo")  # every tab shows it, one click away
    made = [told for told in office.told() if "call" in told]
    office.happens("origin_answers", call=made[-1]["call"])
    office.happens("ring", call=made[-1]["call"], to="203")
    office.happens("answer", call=made[-1]["call"], to="203")
    expect(on_call).to_contain_text(re.compile("In linea 0:0[1-9]"))
    office.stop()
    expect(page.get_by_text("Il portale non risponde")).to_be_visible(timeout=15000)
    expect(dialog.get_by_text("può non essere più vero")).to_be_visible(timeout=15000)
    page.keyboard.press("Escape")
    office.start()
    expect(page.get_by_text("Il portale non risponde")).to_have_count(0, timeout=20000)
    expect(page.get_by_text("Marco Bellandi")).to_be_visible()
    # The dialog tells what became of the call; nothing calls by itself, nor does a late click.
    expect(dialog.get_by_text("interrotta dal riavvio").first).to_be_visible(timeout=20000)
    expect(on_call).to_have_count(0)
    office.stop()
    expect(dialog.get_by_text("Senza collegamento")).to_be_visible(timeout=15000)
    dialog.get_by_role("button", name="Riprova").click()
    office.start()
    expect(other.locator("[data-offline]")).to_have_count(0, timeout=20000)
    assert [told for told in office.told() if "call" in told] == made
    office.happens("message", line="201", call="after", **{"from": "+390698765432"})
    expect(page.get_by_text("06 9876 5432")).to_be_visible()


def test_without_a_pbx_the_page_says_why(
    screen: Screen, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.stop()
    monkeypatch.setenv("STAND_IN", "no")
    office.start()
    screen.sign_in("201")
    page = screen.open("/")
    banner = page.get_by_role("alert").filter(has_text="Il centralino non è attivo qui")
    expect(banner).to_contain_text("OFFICESMART_PBX=off")
    page.get_by_label("Numero o interno").first.fill("202")
    page.get_by_role("button", name="Componi", exact=True).first.click()
    expect(page.get_by_text("Il centralino non risponde").first).to_be_visible()
    expect(page.get_by_text("Ottica Marzorati").first).to_be_visible()  # the rest works
