"""The address book in a browser: imported, searched by two letters, opened, changed, grouped."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Screen

CSV = (
    "Nome;Cognome;Azienda;Telefono;Colore\n"
    "Teresa;Olivarì;Cartiera Valsesia;0163 555 021;rosso\n"
    "Gianni;Moretti;Trasporti Valtrompia;030 555 0412;blu\n"
    ";;;;verde\n"
)


@pytest.mark.timeout(120)
def test_contacts_come_from_a_file_and_are_used(screen: Screen, tmp_path: Path) -> None:
    page = screen.sign_in("201")
    screen.open("/contatti")
    expect(page.get_by_text("La rubrica è vuota")).to_be_visible()
    page.get_by_role("link", name="Importa", exact=True).click()
    expect(page.get_by_role("heading", name="Importa contatti")).to_be_visible()
    file = tmp_path / "rubrica.csv"
    file.write_bytes(CSV.encode("latin-1"))
    page.set_input_files("#up-contacts", file)
    expect(page.get_by_label("Che cosa contiene Telefono")).to_have_value("work")
    expect(page.get_by_label("Che cosa contiene Colore")).to_have_value("")
    page.get_by_role("button", name="Prova").click()
    expect(page.get_by_role("cell", name="Lasciato fuori")).to_have_count(1)
    page.get_by_role("button", name="Importa 2").click()
    expect(page.get_by_text("2 contatti sono ora nella rubrica")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("link", name="vCard 4").click()
    assert "FN:Teresa Olivarì" in Path(taken.value.path()).read_text()

    page.get_by_role("link", name="Vai all'elenco contatti").click()
    search = page.get_by_label("Cerca nei contatti")
    search.press_sequentially("ol")
    expect(page.get_by_text("1 di 2", exact=True)).to_be_visible()
    page.get_by_role("button", name="Espandi Teresa Olivarì").click()
    page.get_by_role("button", name="0163 555021").click()
    expect(page.get_by_role("menuitem", name="Componi dal proprio numero")).to_be_visible()
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Modifica Teresa Olivarì").click()
    form = page.get_by_role("dialog", name="Modifica contatto")
    form.get_by_label("Numero 2", exact=True).fill("pippo")
    form.get_by_role("button", name="Continua").click()
    expect(form.get_by_label("Numero 2", exact=True)).to_be_focused()
    expect(form.get_by_text("Non è un numero")).to_be_visible()
    form.get_by_label("Numero 2", exact=True).fill("335 555 0870")
    form.get_by_role("button", name="Continua").click()
    expect(page.get_by_role("button", name="335 555 0870")).to_be_visible()

    page.get_by_role("button", name="Nuovo gruppo").click()
    group = page.get_by_role("dialog", name="Nuovo gruppo")
    group.get_by_label("ID del gruppo").fill("Fornitori")
    group.get_by_label("Gianni Moretti").click()
    expect(group.get_by_label("Gianni Moretti")).to_be_checked()
    group.get_by_role("button", name="Salva").click()
    page.get_by_role("button", name="Cancella la ricerca").click()
    page.get_by_role("button", name="Fornitori 1", exact=True).click()
    expect(page.get_by_role("button", name="Espandi Gianni Moretti")).to_be_visible()
    expect(page.get_by_role("button", name="Espandi Teresa Olivarì")).to_have_count(0)

    page.get_by_role("button", name="Chiamata").first.click()
    dialler = page.get_by_role("dialog", name="Chiamata")
    field = dialler.get_by_role("combobox", name="Numero o nome")
    field.press_sequentially("mor")
    expect(dialler.get_by_role("option", name="Gianni Moretti")).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    expect(dialler.get_by_text("Gianni Moretti").first).to_be_visible()
    asked = [told for told in screen.office.told() if "call" in told][-1]
    assert (asked["line"], asked["number"]) == ("201", "+390305550412")
    page.keyboard.press("Escape")

    page.get_by_role("link", name="Interni").click()
    expect(page.get_by_text("Davide Conti")).to_be_visible()
