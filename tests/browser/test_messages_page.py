"""Messaggi e Chiamate: listening, deleting, bringing back, calling back."""

from __future__ import annotations

import csv
import re
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Screen


@pytest.fixture
def page(screen: Screen) -> Page:
    screen.sign_in("201")
    return screen.open("/messaggi?scheda=messaggi")


def row(page: Page, who: str) -> Locator:
    return page.get_by_role("listitem").filter(has_text=who)


def tab(page: Page, name: str) -> Locator:
    return page.get_by_role("tab", name=name)


def test_each_tab_has_its_rows(page: Page) -> None:
    for name, there, elsewhere in (
        ("Chiamate Perse", "Ottica Marzorati", "Sara Lombardi"),
        ("Effettuate", "Sara Lombardi", "Teresa Olivari"),
        ("Ricevute", "Davide Conti", "Ottica Marzorati"),
        ("Eliminati", "203", "Teresa Olivari"),
        ("Messaggi", "Marco Bellandi", "Sara Lombardi"),
    ):
        tab(page, name).last.click() if name == "Eliminati" else tab(page, name).first.click()
        expect(row(page, there)).to_have_count(1)
        expect(row(page, elsewhere)).to_have_count(0)
    today = page.get_by_role("heading", name=re.compile("^(Oggi|Ieri), ")).first
    expect(today).to_be_visible()  # the latest are minutes old: of yesterday, just after midnight


def test_tabs_move_with_arrows_and_survive_a_reload(page: Page) -> None:
    tab(page, "Chiamate Perse").click()
    tab(page, "Chiamate Perse").press("ArrowRight")
    expect(tab(page, "Effettuate")).to_have_attribute("aria-selected", "true")
    expect(tab(page, "Effettuate")).to_be_focused()
    page.reload()
    expect(tab(page, "Effettuate")).to_have_attribute("aria-selected", "true")


def test_a_message_plays_and_becomes_heard(page: Page, screen: Screen) -> None:
    message = row(page, "Teresa Olivari")
    expect(message.get_by_title("Nuovo")).to_be_visible()
    message.get_by_role("button", name="Ascolta il messaggio di Teresa Olivari").click()
    player = message.get_by_role("group", name="Lettore della segreteria telefonica")
    expect(player).to_have_attribute("data-state", "playing")
    expect(message.get_by_title("Nuovo")).to_have_count(0, timeout=15000)
    assert player.locator("audio").evaluate("audio => audio.currentTime") >= 4.5
    assert {"lamp": "201"} in screen.office.told(), "the phone's lamp is told"
    player.get_by_role("button", name="Riproduci o metti in pausa").click()
    expect(player).to_have_attribute("data-state", "paused")


def test_opening_without_listening_leaves_a_message_new(page: Page) -> None:
    message = row(page, "Ottica Marzorati")
    message.get_by_role("button", name=re.compile("^Ascolta")).click()
    message.get_by_role("button", name="Chiudi", exact=True).click()
    expect(message.get_by_role("group")).to_have_count(0)
    expect(message.get_by_title("Nuovo")).to_be_visible()


def test_the_position_moves_by_keyboard(page: Page) -> None:
    message = row(page, "Marco Bellandi")
    message.get_by_role("button", name=re.compile("^Ascolta")).click()
    position = message.get_by_role("slider", name="Posizione nel messaggio")
    position.press("End")
    expect(position).to_have_attribute("aria-valuenow", "5")
    position.press("Home")
    expect(position).to_have_attribute("aria-valuetext", re.compile("^[01] secondi di 5"))
    position.press("Escape")
    expect(message.get_by_role("group")).to_have_count(0)


def test_one_player_at_a_time(page: Page) -> None:
    for who in ("Marco Bellandi", "Davide Conti"):
        row(page, who).get_by_role("button", name=re.compile("^Ascolta")).click()
    expect(page.locator("[data-player]")).to_have_count(1)


def test_a_deleted_message_comes_back_from_the_remark(page: Page) -> None:
    row(page, "Davide Conti").get_by_role("button", name=re.compile("^Elimina")).click()
    expect(row(page, "Davide Conti")).to_have_count(0)
    page.locator(".toast").get_by_role("button", name="Ripristina").click()
    expect(row(page, "Davide Conti")).to_be_visible()


def test_a_deleted_message_waits_among_the_deleted(page: Page) -> None:
    row(page, "Marco Bellandi").get_by_role("button", name=re.compile("^Elimina")).click()
    tab(page, "Eliminati").click()
    deleted = row(page, "Marco Bellandi")
    expect(deleted).to_be_visible()
    deleted.get_by_role("button", name=re.compile("^Ripristina")).click()
    expect(deleted).to_have_count(0)
    tab(page, "Messaggi").first.click()
    expect(row(page, "Marco Bellandi")).to_be_visible()


def test_marking_goes_both_ways(page: Page) -> None:
    message = row(page, "Anonimo")
    for item, new in (("Contrassegna come nuovo", 1), ("Contrassegna come Ascoltato", 0)):
        message.get_by_role("button", name=re.compile("^Azioni")).click()
        page.get_by_role("menuitem", name=item).click()
        expect(page.get_by_role("menu")).to_have_count(0)
        expect(message.get_by_title("Nuovo")).to_have_count(new)


def test_who_withheld_the_number_cannot_be_called_back(page: Page) -> None:
    row(page, "Anonimo").get_by_role("button", name=re.compile("^Azioni")).click()
    expect(page.get_by_role("menuitem", name=re.compile("Componi"))).to_have_count(0)


def test_the_menu_of_a_number_leads_everywhere(page: Page) -> None:
    tab(page, "Chiamate Perse").click()
    missed = row(page, "Ottica Marzorati")
    expect(missed.get_by_role("button", name="Richiama Ottica Marzorati")).to_be_visible()
    name = missed.get_by_role("button", name="Ottica Marzorati", exact=True)

    def menu(item: str) -> Locator:
        name.focus()
        page.keyboard.press("Enter")
        return page.get_by_role("menuitem", name=item)

    menu("Aggiungi ai prioritari").click()
    expect(page.locator(".toast").get_by_text("Aggiunto ai prioritari")).to_be_visible()
    expect(page.get_by_role("menu")).to_have_count(0)
    menu("Aggiungi ai prioritari").click()
    expect(page.locator(".toast").get_by_text("C'è già")).to_be_visible()
    expect(page.get_by_role("menu")).to_have_count(0)
    menu("Componi da un altro numero").click()
    dialog = page.get_by_role("dialog", name="Chiamata")
    dialog.get_by_role("button", name="Chiudi la finestra").click()
    expect(dialog).to_be_hidden()
    menu("Aggiungi ai contatti").click()
    form = page.get_by_role("dialog", name="Nuovo contatto")
    expect(form.get_by_label("Numero 1", exact=True)).to_have_value(re.compile("5550 ?7318"))


def test_calls_are_searched_listed_further_back_and_taken_out(page: Page, screen: Screen) -> None:
    with closing(sqlite3.connect(screen.office.data / "officesmart.db")) as office, office:
        office.execute("UPDATE callrecord SET caller_name = '=1+1' WHERE call_id = 'c2'")
        for n in range(120):
            office.execute(*like("c2", n))
    tab(page, "Chiamate Perse").click()
    calls = page.locator("#elenco").get_by_role("listitem")
    expect(calls).to_have_count(100)
    page.get_by_role("button", name="Altre chiamate, più vecchie").press("Enter")
    expect(calls).to_have_count(123)
    expect(page.get_by_role("button", name="Altre chiamate, più vecchie")).to_have_count(0)

    def taken(item: str) -> list[list[str]]:
        page.get_by_role("button", name="Esporta le chiamate").press("Enter")
        with page.expect_download() as saving:
            page.get_by_role("menuitem", name=item).press("Enter")
        expect(page.get_by_role("menu")).to_have_count(0)
        assert re.fullmatch(r"chiamate-perse-[0-9-]{10}\.csv", saving.value.suggested_filename)
        with Path(saving.value.path()).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))

    search = page.get_by_label("Cerca nelle chiamate")
    search.press_sequentially("olivari")
    expect(page.get_by_text("1 trovata")).to_be_visible()
    expect(calls).to_have_count(1)
    head, *rows = taken("Solo quelle in elenco (1)")
    assert head[:3] == ["Data e ora", "Tipo", "Nome"] and len(rows) == 1
    assert rows[0][1:3] == ["persa", "Teresa Olivari"] and rows[0][4] == "+390163555021"
    datetime.strptime(rows[0][0], "%Y-%m-%d %H:%M:%S")
    every = taken("Tutte quelle conservate")[1:]
    assert len(every) == 123 and "'=1+1" in {row[2] for row in every}
    search.press_sequentially("xyz")
    expect(page.get_by_role("heading", name="Niente di simile")).to_be_visible()
    page.get_by_role("button", name="Mostra tutte").click()
    expect(calls).to_have_count(100)
    expect(search).to_have_value("")
    expect(search).to_be_focused()
    tab(page, "Messaggi Eliminati").click()
    expect(search).to_have_count(0)
    tab(page, "Chiamate Perse").click()
    expect(calls).to_have_count(100)
    expect(search).not_to_be_focused()


def like(call: str, n: int) -> tuple[str, tuple[str, str, str]]:
    """One more call like this one, n minutes before it."""
    columns = (
        "caller_number, caller_name, dialled, callee_name, to_line_id, answered_by, forwarded, "
        "ended_by, status, why, from_web, phones, because, message_left, ended_at"
    )
    return (
        f"INSERT INTO callrecord (call_id, started_at, {columns}) SELECT ?, "
        f"datetime(started_at, ?), {columns} FROM callrecord WHERE call_id = ?",
        (f"{call}-{n}", f"-{n + 1} minutes", call),
    )


def test_deleting_for_good_asks_first(page: Page, screen: Screen) -> None:
    tab(page, "Eliminati").click()
    doomed = row(page, "203")
    sound = screen.office.data / "messages" / "201" / "m7.wav"
    assert sound.exists()
    page.get_by_role("button", name="Elimina tutti definitivamente").click()
    question = page.get_by_role("alertdialog")
    question.get_by_role("button", name="Annulla").click()
    expect(question).to_be_hidden()
    expect(doomed).to_be_visible()
    page.get_by_role("button", name="Elimina tutti definitivamente").click()
    question.get_by_role("button", name="Elimina definitivamente").click()
    expect(page.get_by_text("Nessun messaggio eliminato")).to_be_visible()
    assert not sound.exists()


def test_a_message_is_saved_to_disk_without_being_heard(page: Page) -> None:
    message = row(page, "02 5550 6643")
    message.get_by_role("button", name=re.compile("^Azioni")).click()
    with page.expect_download() as saving:
        page.get_by_role("menuitem", name="Salva sul disco").click()
    assert saving.value.suggested_filename.endswith(".wav")
    expect(message.get_by_title("Nuovo")).to_be_visible()


def test_nobody_elses_sound_is_given(page: Page, screen: Screen) -> None:
    answers = [
        screen.context.request.get(f"{screen.office.url}/sound/{n}").status for n in range(1, 12)
    ]
    assert 200 in answers and 404 in answers  # message 8 is Davide's
    assert answers[7] == 404


def test_componi_calls_back(page: Page, screen: Screen) -> None:
    message = row(page, "Davide Conti")
    message.get_by_role("button", name="Davide Conti", exact=True).click()
    page.get_by_role("menuitem", name="Componi dal proprio numero").click()
    dialog = page.get_by_role("dialog", name="Chiamata")
    expect(dialog.get_by_text("Il tuo telefono squilla").first).to_be_visible()
    placed = [each for each in screen.office.told() if "call" in each]
    assert [(each["line"], each["number"]) for each in placed] == [("201", "202")]
    dialog.get_by_role("button", name="Chiudi", exact=True).click()
    expect(dialog.get_by_text("chiamata finita").first).to_be_visible()
