"""The portal places a call: a contact is written, found, clicked; phones ring, the page follows.

Real phones, a telephone company and browsers at once. What the page says is compared with what the
phones saw, in order.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.interop.baresip import Baresip
from tests.interop.office import Office, eventually
from tests.interop.provider import Provider

pytestmark = pytest.mark.timeout(150)
CHOICE = "Componi dal proprio numero"
OUTSIDE = "Componi da un altro numero"
AT_ONCE = 3.0
"Seconds for both sides to be over; bench/README.md has the figure, a busy machine is slower."


def write_contact(page: Page, first: str, last: str, number: str) -> None:
    """Nuovo contatto, as a person fills it in."""
    page.get_by_role("button", name="Nuovo contatto").first.click()
    form = page.get_by_role("dialog", name="Nuovo contatto")
    form.get_by_label("Nome", exact=True).fill(first)
    form.get_by_label("Cognome", exact=True).fill(last)
    form.get_by_label("Numero 1", exact=True).fill(number)
    form.get_by_role("button", name="Continua").click()
    expect(form).to_be_hidden()


def the_dialler(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Chiamata", exact=True)


def keep_what_is_said(page: Page) -> None:
    """From now on note each sentence that the dialler says to a screen reader."""
    page.evaluate(
        """() => {
            window.said = [];
            const told = document.querySelector('dialog.dialler');
            new MutationObserver(() => {
                const words = told.querySelector('[role=status]')?.textContent?.trim();
                if (words && window.said.at(-1) !== words) window.said.push(words);
            }).observe(told, {subtree: true, childList: true, characterData: true});
        }"""
    )


def test_a_contact_is_written_found_and_called(
    product: Office, phone: Callable[..., Baresip], page_of: Callable[[str, str], Page]
) -> None:
    anna, bruno = phone("201", tone=440), phone("202", tone=700)
    page = page_of("202", "/contatti")
    write_contact(page, "Annalisa", "Ferrèro", "201")
    write_contact(page, "Zeno", "Altri", "02 5550 7741")
    page.get_by_label("Cerca nei contatti").press_sequentially("fe")
    expect(page.get_by_text("1 di 2", exact=True)).to_be_visible()
    keep_what_is_said(page)
    page.get_by_role("button", name=re.compile("201")).first.click()
    page.get_by_role("menuitem", name=CHOICE).dblclick()
    dialog = the_dialler(page)
    expect(dialog.get_by_text("Il tuo telefono squilla").first).to_be_visible()
    bruno.wait("CALL_INCOMING")
    assert anna.never("CALL_INCOMING"), "first my own phone"
    bruno.answer()
    anna.wait("CALL_INCOMING")
    expect(dialog.get_by_role("status")).to_have_text("Annalisa Ferrèro squilla")
    anna.answer()
    expect(dialog.get_by_text("in linea da").first).to_be_visible()
    anna.wait_seconds(1)
    closed = time.monotonic()
    dialog.get_by_role("button", name="Chiudi", exact=True).click()
    over = [each.wait("CALL_CLOSED").at - closed for each in (anna, bruno)]
    assert max(over) < AT_ONCE, over
    expect(dialog.get_by_text("chiamata finita").first).to_be_visible()
    said = page.evaluate("window.said")
    states = [
        next(n for n, each in enumerate(said) if re.search(words, each))
        for words in ("Il tuo telefono squilla", "Annalisa Ferrèro squilla", "In linea", "Finita")
    ]
    assert states == sorted(states), said
    (record,) = eventually(product.calls)
    assert record["from_web"] == 1 and record["why"] == "completed"
    assert bruno.count("CALL_INCOMING") == anna.count("CALL_INCOMING") == 1, "a double click"


def test_two_tabs_and_impatient_clicks_place_one_call(
    product: Office, phone: Callable[..., Baresip], page_of: Callable[[str, str], Page]
) -> None:
    anna, bruno = phone("201"), phone("202")
    first = page_of("202", "/")
    second = first.context.new_page()
    second.goto(first.url)
    second.wait_for_selector("[data-entered=true]")
    for page in (first, second):
        page.get_by_label("Numero o interno").first.fill("201")
    for page in (first, second):
        page.get_by_role("button", name="Componi", exact=True).first.dblclick()
    for page in (first, second):
        expect(the_dialler(page).get_by_text("Il tuo telefono squilla").first).to_be_visible()
    bruno.wait("CALL_INCOMING")
    bruno.answer()
    anna.wait("CALL_INCOMING")
    anna.answer()
    for page in (first, second):
        expect(the_dialler(page).get_by_text("in linea da").first).to_be_visible()
    the_dialler(second).get_by_role("button", name="Chiudi", exact=True).click()
    anna.wait("CALL_CLOSED")
    bruno.wait("CALL_CLOSED")
    expect(the_dialler(first).get_by_text("chiamata finita").first).to_be_visible()
    bruno.wait_seconds(1)
    assert (bruno.count("CALL_INCOMING"), anna.count("CALL_INCOMING")) == (1, 1)
    (record,) = eventually(product.calls)
    assert record["from_web"] == 1


def test_a_number_outside_rings_first(
    product: Office,
    phone: Callable[..., Baresip],
    page_of: Callable[[str, str], Page],
    company: Provider,
) -> None:
    anna, bruno = phone("201", answers="auto", tone=440), phone("202")
    page = page_of("202", "/contatti")
    write_contact(page, "Annalisa", "Ferrèro", "201")
    page.get_by_role("button", name=re.compile("201")).first.click()
    page.get_by_role("menuitem", name=OUTSIDE).click()
    dialog = the_dialler(page)
    dialog.get_by_label("Un nuovo numero").fill("0 333 123 4567")
    dialog.get_by_role("button", name="Componi", exact=True).click()
    expect(dialog.get_by_text("in linea da").first).to_be_visible()
    anna.wait("CALL_ESTABLISHED")
    assert "called sip:+393331234567@" in company.said(), "the mobile was rung"
    assert bruno.never("CALL_INCOMING"), "and not the desk"
    anna.wait_seconds(2)
    dialog.get_by_role("button", name="Chiudi", exact=True).click()
    anna.wait("CALL_CLOSED")
    assert anna.heard().seconds_of(440) > 1, "the company sends back what it hears"
    assert eventually(lambda: "BYE" in company.messages())
    (record,) = eventually(product.calls)
    assert record["from_web"] == 1 and record["why"] == "completed"
    page.reload()
    page.wait_for_selector("[data-entered=true]")
    page.get_by_role("button", name=re.compile("201")).first.click()
    page.get_by_role("menuitem", name=OUTSIDE).click()
    expect(the_dialler(page).get_by_text("333 123 4567").first).to_be_visible()
