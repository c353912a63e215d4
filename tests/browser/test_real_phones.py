"""The whole product at once: the portal and its PBX in one process, real phones, and a browser.

A call that nobody answers becomes a message on the open page, and the page plays it; a call that
the page makes rings two phones.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.interop.baresip import Baresip
from tests.interop.office import Office, eventually
from tests.interop.sound import read

LONG = 15000  # milliseconds: the mailbox has to answer first
pytestmark = pytest.mark.timeout(120)


def test_an_unanswered_call_is_a_message_on_the_open_page(
    product: Office,
    phone: Callable[..., Baresip],
    page_of: Callable[[str, str], Page],
    tmp_path: Path,
) -> None:
    product.option("202", "mailbox", seconds=2)
    home, page = page_of("202", "/"), page_of("202", "/messaggi?scheda=messaggi")
    phone("202")
    expect(home.get_by_text("1 collegato", exact=True)).to_be_visible()
    anna = phone("201", tone=440)
    anna.dial("202")
    expect(home.get_by_text("Ti chiama da")).to_be_visible()
    anna.wait("CALL_ESTABLISHED")
    anna.press("1")
    anna.wait_seconds(8)
    anna.hang_up()

    message = page.get_by_role("listitem").filter(has_text="Persona 201")
    expect(message.get_by_title("Nuovo")).to_be_visible(timeout=LONG)
    expect(home.locator(".todo .count").first).to_have_text(re.compile("^1"))
    message.get_by_role("button", name=re.compile("^Ascolta")).click()
    expect(message.get_by_title("Nuovo")).to_have_count(0, timeout=LONG)
    (kept,) = product.messages("202")
    assert kept["state"] == "heard"
    saved = tmp_path / "saved.wav"
    saved.write_bytes(
        page.context.request.get(f"{product.extra['url']}/sound/{kept['id']}?download").body()
    )
    assert read(saved).between(0.5).share(440) > 0.95, "what the caller said is what is played"
    assert page.evaluate("window.never_reloaded") and home.evaluate("window.never_reloaded")

    page.get_by_role("tab", name="Chiamate Perse").click()
    expect(page.get_by_text("ha lasciato un messaggio")).to_be_visible()


def test_the_page_rings_my_phone_then_the_number(
    product: Office, phone: Callable[..., Baresip], page_of: Callable[[str, str], Page]
) -> None:
    anna, bruno = phone("201", tone=440), phone("202", tone=700)
    home, admin = page_of("202", "/"), page_of("201", "/centralino")
    home.get_by_label("Numero o interno").first.fill("201")
    home.get_by_role("button", name="Componi", exact=True).first.click()
    dialog = home.get_by_role("dialog", name="Chiamata")
    expect(dialog.get_by_text("Il tuo telefono squilla").first).to_be_visible()
    bruno.wait("CALL_INCOMING")
    assert anna.never("CALL_INCOMING"), "first my own phone"
    bruno.answer()
    anna.wait("CALL_INCOMING")
    expect(dialog.get_by_text("squilla: aspetta in linea").first).to_be_visible()
    anna.answer()
    expect(dialog.get_by_text("in linea da").first).to_be_visible()
    expect(
        admin.locator("section", has_text="Chiamate in corso").get_by_text("in linea")
    ).to_be_visible()
    anna.wait_seconds(2)
    dialog.get_by_role("button", name="Chiudi", exact=True).click()
    anna.wait("CALL_CLOSED")
    bruno.wait("CALL_CLOSED")
    expect(dialog.get_by_text("chiamata finita").first).to_be_visible()
    assert anna.heard().share(700) > 0.9 and bruno.heard().share(440) > 0.9
    (record,) = eventually(product.calls)
    assert record["from_web"] == 1
    expect(home.get_by_text("effettuata").first).to_be_attached()


def test_the_line_test_of_the_page_passes(
    page_of: Callable[[str, str], Page], product: Office
) -> None:
    page = page_of("201", "/centralino")
    page.get_by_role("button", name="Prova adesso").click()
    expect(page.get_by_text("La linea funziona.")).to_be_visible(timeout=40000)
    assert product.rows("SELECT * FROM sipaccount WHERE username LIKE 'prova-%'") == []
