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
    expect(page.get_by_role("button", name="Riduci Teresa Olivarì")).to_be_visible()
    page.get_by_role("button", name="0163 555021").click()  # the closed row had one of its own
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

    page.get_by_role("button", name="Nuovo contatto").click()
    new = page.get_by_role("dialog", name="Nuovo contatto")
    expect(new).to_be_visible()
    screen.reload()  # what nobody has written in does not lie over the page that comes
    expect(new).to_be_hidden()
    page.get_by_role("button", name="Nuovo gruppo").click()
    group = page.get_by_role("dialog", name="Nuovo gruppo")
    expect(group).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Importa contatti")).to_be_visible()
    page.go_forward()
    expect(page.get_by_text("1 di 2", exact=True)).to_be_visible()
    expect(group).to_be_hidden()
    screen.open("/contatti?nuovo=%2B390255507741&nome=Pia+Longo")
    expect(new.get_by_label("Nome", exact=True)).to_have_value("Pia")
    screen.reload()  # its address asks for this one
    expect(new.get_by_label("Nome", exact=True)).to_have_value("Pia")
    new.get_by_role("button", name="Annulla").click()
    expect(new).to_be_hidden()
    expect(page).to_have_url(f"{screen.office.url}/contatti")  # and asks no longer
    screen.reload()
    expect(new).to_be_hidden()

    page.get_by_role("button", name="Nuovo gruppo").click()
    group = page.get_by_role("dialog", name="Nuovo gruppo")
    expect(group.get_by_role("button", name="Salva")).to_be_disabled()
    group.get_by_label("ID del gruppo").fill("Fornitori")
    group.get_by_label("Gianni Moretti").click()
    expect(group.get_by_label("Gianni Moretti")).to_be_checked()
    group.get_by_role("button", name="Salva").click()
    page.get_by_role("button", name="Cancella la ricerca").click()
    expect(page.get_by_label("Cerca nei contatti")).to_be_focused()
    page.get_by_role("button", name="Fornitori 1", exact=True).click()
    expect(page.get_by_role("button", name="Espandi Gianni Moretti")).to_be_visible()
    expect(page.get_by_role("button", name="Espandi Teresa Olivarì")).to_have_count(0)
    page.get_by_role("button", name="Riduci il gruppo Fornitori").click()
    expect(page.get_by_role("button", name="Espandi Teresa Olivarì")).to_be_visible()
    page.get_by_role("button", name="Espandi il gruppo Fornitori").click()
    expect(page.get_by_role("button", name="Modifica il gruppo Fornitori")).to_be_visible()
    page.get_by_role("button", name="Elimina il gruppo Fornitori").click()
    question = page.get_by_role("alertdialog", name="Eliminare il gruppo Fornitori?")
    question.get_by_role("button", name="Elimina gruppo").click()
    expect(page.get_by_role("button", name="Espandi Gianni Moretti")).to_be_visible()
    expect(page.get_by_text("Nessun gruppo: ")).to_be_visible()

    screen.office.happens("register", line="201", phone=1)
    page.get_by_role("button", name="Chiamata").first.click()
    dialler = page.get_by_role("dialog", name="Chiamata")
    field = dialler.get_by_role("combobox", name="Numero o nome")
    field.press_sequentially("mor")
    expect(dialler.get_by_role("option", name="Gianni Moretti")).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    expect(dialler.get_by_text("Il tuo telefono squilla").first).to_be_visible()
    expect(dialler.get_by_text("Gianni Moretti").first).to_be_visible()
    asked = [told for told in screen.office.told() if "call" in told][-1]
    assert (asked["line"], asked["number"]) == ("201", "+390305550412")
    page.keyboard.press("Escape")

    page.get_by_role("link", name="Interni").click()
    expect(page.get_by_text("Davide Conti")).to_be_visible()


DOUBLES = (
    "Nome;Cognome;Azienda;Telefono\n"
    "Teresa;Olivari;Cartiera Valsesia;0163 555 021\n"
    "Olivari;Teresa;Cartiera;335 555 0870\n"
    "Gianni;Moretti;Trasporti;030 555 0412\n"
)


@pytest.mark.timeout(120)
def test_doubles_are_merged_and_several_deleted_and_put_back(
    screen: Screen, tmp_path: Path
) -> None:
    page = screen.sign_in("203", elevate=False)
    screen.open("/contatti/importa")
    file = tmp_path / "rubrica.csv"
    file.write_text(DOUBLES)
    page.set_input_files("#up-contacts", file)
    page.get_by_role("button", name="Prova").click()
    page.get_by_role("button", name="Importa 3").click()
    page.get_by_role("link", name="Vai all'elenco contatti").click()

    page.get_by_role("button", name="Guarda e unisci").click()
    doubles = page.get_by_role("dialog", name="Contatti doppi")
    stays = doubles.get_by_role("radio", name="Olivari Teresa")
    stays.click()
    expect(stays).to_be_checked()
    company = doubles.get_by_role("group", name="Azienda")
    company.get_by_role("radio", name="Cartiera Valsesia").click()
    expect(company.get_by_role("radio", name="Cartiera Valsesia")).to_be_checked()
    doubles.get_by_role("button", name="Unisci").click()
    expect(page.get_by_text("2 contatti uniti in Olivari Teresa")).to_be_visible()
    expect(page.get_by_text("2 di 2", exact=True)).to_be_visible()
    page.get_by_role("button", name="Ripristina").click()
    expect(page.get_by_text("3 di 3", exact=True)).to_be_visible()
    page.get_by_role("button", name="Guarda e unisci").click()
    doubles.get_by_role("button", name="Non sono doppi").click()
    expect(page.get_by_text("sembrano doppi")).to_have_count(0)
    expect(doubles).to_be_hidden()  # or the page behind it takes no key

    page.get_by_label("Cerca nei contatti").press("ArrowDown")
    expect(page.locator(".cth").nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".cth").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Modifica Olivari Teresa")).to_be_visible()

    page.get_by_role("button", name="Nuovo contatto").click()
    form = page.get_by_role("dialog", name="Nuovo contatto")
    form.get_by_label("Nome", exact=True).fill("gianni")
    form.get_by_label("Cognome").fill("MORETTI")
    form.get_by_label("Numero 1", exact=True).fill("347 123 4567")
    form.get_by_role("button", name="Continua").click()
    form.get_by_role("button", name="Aggiungi a Gianni Moretti").click()
    expect(page.get_by_role("button", name="347 123 4567")).to_be_visible()
    expect(page.get_by_text("3 di 3", exact=True)).to_be_visible()

    page.get_by_role("button", name="Seleziona contatti").click()
    page.get_by_role("button", name="Tutti", exact=True).click()
    expect(page.get_by_text("3 scelti")).to_be_visible()
    page.get_by_role("button", name="Esporta").click()
    with page.expect_download() as taken:
        page.get_by_role("menuitem", name="Come vCard").click()
    assert Path(taken.value.path()).read_text().count("BEGIN:VCARD") == 3
    page.get_by_role("button", name="Elimina gli scelti").click()
    question = page.get_by_role("alertdialog", name="Eliminare 3 contatti?")
    question.get_by_role("button", name="Elimina").click()
    expect(page.get_by_text("La rubrica è vuota")).to_be_visible()
    page.get_by_role("button", name="Ripristina").click()
    expect(page.get_by_text("3 di 3", exact=True)).to_be_visible()


@pytest.mark.timeout(120)
def test_speed_dials_and_colleagues_live(screen: Screen) -> None:
    page = screen.sign_in("202", elevate=False)
    screen.open("/contatti/selezione-rapida")
    expect(page.get_by_text("Nessuna selezione rapida")).to_be_visible()
    applies = page.get_by_role("button", name="Applica", exact=True)
    expect(applies).to_be_disabled()
    expect(applies).to_have_accessible_description("Nessuna modifica")

    def add(number: str, code: str) -> None:
        page.get_by_label("Numero", exact=True).fill(number)
        page.get_by_label("Codice", exact=True).select_option(code)
        page.get_by_role("button", name="Aggiungi").click()

    add("pippo", "5")
    expect(page.get_by_label("Numero", exact=True)).to_have_attribute("aria-invalid", "true")
    add("201", "5")
    expect(page.get_by_role("button", name="Elimina il codice 5")).to_be_visible()
    assert "5" not in page.get_by_label("Codice", exact=True).locator("option").all_inner_texts()
    add("203", "12")
    expect(page.get_by_text("2 modifiche da applicare")).to_be_visible()
    applies.click()
    expect(page.get_by_text("da applicare")).to_have_count(0)

    other = screen.open("/contatti/selezione-rapida", screen.tab())
    other.get_by_role("button", name="Elimina il codice 12").click()
    page.get_by_role("button", name="Elimina elenco").click()
    question = page.get_by_role("alertdialog", name="Eliminare l'elenco?")
    question.get_by_role("button", name="Elimina elenco").click()
    expect(page.get_by_text("2 modifiche da applicare")).to_be_visible()
    other.get_by_role("button", name="Applica").click()
    expect(page.get_by_role("alert").get_by_text("l'elenco è cambiato")).to_be_visible()
    page.get_by_role("button", name="Usa l'elenco di ora").click()
    expect(page.get_by_role("button", name="Elimina il codice 5")).to_be_visible()
    expect(page.get_by_role("button", name="Elimina il codice 12")).to_have_count(0)
    other.close()

    page.get_by_role("link", name="Interni").click()
    sara = page.get_by_role("listitem").filter(has_text="Sara Lombardi")
    happens = screen.office.happens
    for deeds, word in (
        ([{"do": "register", "line": "203", "phone": 31}], "disponibile"),
        ([{"do": "start", "call": "p1", "from": "0255501299", "to": "203"},
          {"do": "ring", "call": "p1", "to": "203"}], "squilla"),
        ([{"do": "answer", "call": "p1", "to": "203"}], "in chiamata"),
        ([{"do": "end", "call": "p1"}, {"do": "quiet", "line": "203", "on": True}],
         "non disturbare"),
        ([{"do": "quiet", "line": "203", "on": False},
          {"do": "gone", "line": "203", "phone": 31}], "scollegato"),
    ):  # fmt: skip
        for deed in deeds:
            happens(**deed)
        expect(sara).to_contain_text(word)
