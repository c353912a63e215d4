"""A call rings, and every open page of mine shows it: who it is and what can be done from here."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from officesmart.contacts import book
from officesmart.contacts.card import Card, Number
from pbx.config import Config
from pbx.store.session import Database
from tests.browser.conftest import Office, Screen
from tests.browser.test_looks import RULES, picture
from tests.interop.baresip import Baresip
from tests.interop.office import Office as RealOffice
from tests.interop.office import eventually

MARCO = "+390255507741"


def keep_marco(office: Office) -> None:
    """In Giulia's address book."""
    database = Database(Config(data=office.data).url, office.data)
    with database.session() as session:
        card = Card(
            first_name="Marco",
            last_name="Bellandi",
            company="Bellandi Imballaggi",
            role="Acquisti",
            notes="Richiamare dopo le 15",
            numbers=(Number("work", "02 5550 7741"),),
        )
        book.add(session, 1, card)
    database.close()


def rings(office: Office, call: str, caller: str, to: str = "201", **more: object) -> None:
    office.happens("start", call=call, **{"from": caller, "to": to})
    office.happens("ring", call=call, to=to, **more)


def popup(page: Page) -> Locator:
    return page.get_by_role("region", name="Chiamata in arrivo")


def complaints(page: Page) -> list[object]:
    """What axe finds in the popup; the page behind it is test_looks.py's."""
    found: list[object] = Axe().run(page, ".calling-in", RULES).response["violations"]
    return found


def last_told(office: Office, word: str) -> dict[str, object]:
    return [told for told in office.told() if word in told][-1]


@pytest.mark.timeout(120)
def test_a_call_rings_on_every_page(screen: Screen, office: Office, chromium: Browser) -> None:
    keep_marco(office)
    for line in ("201", "202", "203"):
        office.happens("register", line=line, phone=int(line))
    screen.sign_in("201")
    home = screen.open("/")
    other = screen.open("/contatti", screen.tab())
    search = other.get_by_label("Cerca nei contatti")
    search.focus()
    began = time.monotonic()
    rings(office, "c1", MARCO, through="forward", who="202")
    expect(popup(other)).to_be_visible()
    assert time.monotonic() - began < 5, "at once, on a busy machine too"
    for page in (home, other):
        card = popup(page).get_by_role("article")
        expect(card.get_by_role("heading", name="Marco Bellandi")).to_be_visible()
        for said in (
            "inoltrata da Davide Conti", "Bellandi Imballaggi", "Acquisti", "02 5550 7741",
            "Richiamare dopo le 15", "Ultima volta:", "Rispondi dal telefono",
        ):  # fmt: skip
            expect(card).to_contain_text(said)
        expect(card.get_by_role("button", name="Rispondi")).to_have_count(0)
    expect(other.locator("[data-rings][role=alert]")).to_have_text(
        "Chiamata in arrivo da Marco Bellandi, Bellandi Imballaggi, inoltrata da Davide Conti."
    )
    expect(search).to_be_focused()
    picture(home, "in-arrivo-it-light-wide")
    assert complaints(home) == []

    # The keyboard reaches it from the middle of a word, and comes back.
    other.keyboard.press("Control+Alt+KeyR")
    expect(popup(other)).to_be_focused()
    other.keyboard.press("Escape")
    expect(search).to_be_focused()

    # To a colleague, by the keys alone, while his presence moves.
    other.keyboard.press("Control+Alt+KeyR")
    popup(other).get_by_role("button", name="Inoltra a un collega").press("Enter")
    field = popup(other).get_by_role("combobox", name="A quale collega")
    expect(field).to_be_focused()
    davide = popup(other).get_by_role("option", name="Davide Conti")
    expect(davide).to_contain_text("disponibile")
    office.happens("quiet", line="202", on=True)
    expect(davide).to_contain_text("non disturbare")
    office.happens("quiet", line="202", on=False)
    expect(davide).to_contain_text("disponibile")
    field.press_sequentially("lomb")
    expect(davide).to_have_count(0)
    field.press("Enter")
    expect(popup(home)).to_be_hidden()
    expect(popup(other)).to_be_hidden()
    expect(other.get_by_text("Chiamata inoltrata a Sara Lombardi")).to_be_visible()
    assert last_told(office, "divert") == {"divert": "c1", "line": "201", "to": "203"}
    office.happens("end", call="c1")

    # Two at once; who only rings along may decline; one is hidden, the other answered.
    rings(office, "c2", "+393471234567", through="plan", who="202", may=["decline"])
    rings(office, "c3", "", through="orbit", orbit="801", may=["decline", "colleague"])
    cards = popup(home).get_by_role("article")
    expect(cards).to_have_count(2)
    mobile, withheld = cards.filter(has_text="347 123 4567"), cards.filter(has_text="Anonimo")
    expect(mobile.get_by_role("button")).to_have_count(2)
    expect(mobile.get_by_role("link", name="Aggiungi ai contatti")).to_be_visible()
    expect(withheld).to_contain_text("torna dal parcheggio 801")
    expect(withheld.get_by_role("button", name="In segreteria")).to_have_count(0)
    mobile.get_by_role("button", name="Rifiuta").click()
    expect(cards).to_have_count(1)
    assert last_told(office, "hang_up") == {"hang_up": "c2", "line": "201"}
    withheld.get_by_role("button", name="Nascondi").click()
    expect(popup(home)).to_be_hidden()
    expect(popup(other)).to_be_visible()  # it rings on there
    office.happens("answer", call="c3", to="201")
    expect(popup(other)).to_be_hidden()
    office.happens("end", call="c3")

    # An open dialog neither covers it nor is covered; to the mailbox from there.
    home.get_by_role("button", name="Chiamata").first.click()
    dialog = home.get_by_role("dialog", name="Chiamata")
    typed = dialog.get_by_role("combobox")
    typed.fill("02 55")
    rings(office, "c4", MARCO)
    within = dialog.get_by_role("region", name="Chiamata in arrivo")
    expect(within).to_be_visible()
    expect(typed).to_be_focused()
    expect(typed).to_have_value("02 55")
    place, button = (
        within.bounding_box(),
        dialog.get_by_role("button", name="Componi").bounding_box(),
    )
    assert place and button and place["y"] + place["height"] <= button["y"]
    within.get_by_role("button", name="In segreteria").click()
    expect(popup(home)).to_be_hidden()
    assert last_told(office, "divert") == {"divert": "c4", "line": "201", "to": "mailbox"}
    dialog.get_by_role("button", name="Chiudi la finestra").click()
    office.happens("end", call="c4")

    # The contact is one click away.
    rings(office, "c5", MARCO)
    popup(home).get_by_role("link", name="Apri il contatto").click()
    expect(home.get_by_role("heading", name="Contatti", level=1)).to_be_visible()
    expect(home.get_by_text("Richiamare dopo le 15").first).to_be_visible()
    office.happens("end", call="c5")
    expect(popup(home)).to_be_hidden()

    # An administrator: on pages of the administration; and in another's view, without buttons.
    context = chromium.new_context(
        viewport={"width": 360, "height": 780}, color_scheme="dark", reduced_motion="reduce"
    )
    sara = Screen(context, office)
    sara.sign_in("203")
    page = sara.open("/admin/interni")
    rings(office, "c6", "202", to="203")
    expect(popup(page).get_by_role("heading", name="Davide Conti")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert complaints(page) == []
    picture(page, "in-arrivo-it-dark-phone")
    office.happens("end", call="c6")
    expect(popup(page)).to_be_hidden()
    answer = context.request.post(
        f"{office.url}/session/view", data={"line": "201"}, headers={"Origin": office.url}
    )
    assert answer.ok, answer.text()
    page = sara.open("/")
    rings(office, "c7", MARCO)
    expect(popup(page)).to_contain_text("Stai solo guardando")
    expect(popup(page).get_by_role("button")).to_have_count(1)  # the cross
    office.happens("end", call="c7")
    expect(popup(page)).to_be_hidden()
    assert not sara.faults
    context.close()


@pytest.mark.timeout(120)
def test_a_ringing_call_is_sent_on_from_the_page(
    phone: Callable[..., Baresip], page_of: Callable[[str, str], Page], product: RealOffice
) -> None:
    """To a colleague's telephone, then to the mailbox, which greets."""
    anna, bruno, carla = phone("201", tone=440), phone("202"), phone("203", tone=700)
    page = page_of("202", "/contatti")
    popup = page.get_by_role("region", name="Chiamata in arrivo")
    anna.dial("202")
    bruno.wait("CALL_INCOMING")
    expect(popup.get_by_role("heading", name="Persona 201")).to_be_visible()
    popup.get_by_role("button", name="Inoltra a un collega").click()
    field = popup.get_by_role("combobox", name="A quale collega")
    field.fill("203")
    expect(popup.get_by_role("option")).to_have_count(1)
    field.press("Enter")
    carla.wait("CALL_INCOMING")
    bruno.wait("CALL_CLOSED")
    expect(popup).to_be_hidden()
    carla.answer()
    anna.wait("CALL_ESTABLISHED")
    anna.wait_seconds(2)
    anna.hang_up()
    carla.wait("CALL_CLOSED")
    assert anna.heard().share(700) > 0.9
    (record,) = eventually(product.calls)
    assert (record["forwarded"], record["answered_by"]) == (1, "person")

    for one in (anna, bruno, carla):
        one.forget()
    anna.dial("202")
    bruno.wait("CALL_INCOMING")
    popup.get_by_role("button", name="In segreteria").click()
    bruno.wait("CALL_CLOSED")
    anna.wait("CALL_ESTABLISHED")
    expect(popup).to_be_hidden()
    anna.wait_seconds(3)
    anna.hang_up()
    greeting = anna.heard()
    assert greeting.level > -45 and greeting.share(700) < 0.5, "words, and no tone of Carla's"
