"""The pieces of Codici brevi; its State is in admin_short_codes.py, which hands itself in."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration import ledger_panel
from officesmart.administration import ledger_pieces as pieces
from officesmart.administration.ledger_pieces import Column
from officesmart.administration.pieces import WHOLE, entry, field, switch
from officesmart.components.dialogs import cancel, dialog
from officesmart.csv_rows import MOST_BYTES
from officesmart.i18n import t
from officesmart.pages.admin_keep_pieces import upload
from officesmart.theme import chip, empty, icon, note, number_of, text_of

ROUTE = "/admin/codici-brevi"


def view(codes: Any) -> rx.Component:
    """The table, the panel, the import."""
    return pieces.page(
        codes,
        ROUTE,
        t(it="Codici brevi", en="Short codes"),
        new=t(it="Nuovo codice", en="New code"),
        acts=(_import_button(codes), _export()),
        columns=(
            Column("title", t(it="Codice", en="Code"), lambda row: row.title),
            Column("name", t(it="Nome", en="Name"), lambda row: row.name),
            Column(
                "number",
                t(it="Numero", en="Number"),
                lambda row: rx.el.span(
                    row.number, rx.cond(row.of != "", rx.el.span(" ", row.of, class_name="mut"))
                ),
                kind="roomy",
            ),
            Column(
                "for_everybody",
                t(it="Per chi", en="For whom"),
                lambda row: rx.cond(
                    row.for_everybody,
                    chip(t(it="tutti", en="everybody"), kind="info"),
                    t(it="chi ne ha diritto", en="who has the right"),
                ),
            ),
        ),
        nothing=empty(
            "hash",
            t(it="Nessun codice breve", en="No short codes"),
            t(
                it="Con un codice breve tutto l'ufficio compone poche cifre al posto di un numero "
                "lungo: un fornitore, la portineria, il cellulare di reperibilità.",
                en="With a short code the whole office dials a few digits instead of a long "
                "number: a supplier, the porter, the mobile on call.",
            ),
        ),
        panel=_panel(codes),
        dialogs=(
            ledger_panel.delete_question(
                codes,
                t(it="Eliminare il codice?", en="Delete the code?"),
                lambda count: t(it=f"Eliminare {count} codici?", en=f"Delete {count} codes?"),
                rx.el.p(
                    t(
                        it="Chi li compone sentirà che il numero non è attivo.",
                        en="Whoever dials them will hear that the number is not in service.",
                    ),
                    class_name="t2",
                ),
            ),
            _importing(codes),
        ),
    )


def _import_button(codes: Any) -> rx.Component:
    return rx.el.button(
        icon("upload", "s"),
        t(it="Importa", en="Import"),
        type="button",
        class_name="btn",
        aria_haspopup="dialog",
        on_click=codes.ask_import,
    )


def _export() -> rx.Component:
    return rx.el.a(
        icon("download", "s"),
        t(it="Esporta", en="Export"),
        href="/admin/file/codici-brevi.csv",
        download=True,
        **WHOLE,
        class_name="btn hide-s",
    )


def _panel(codes: Any) -> rx.Component:
    card, faults = codes.card, codes.faults
    return ledger_panel.side_panel(
        codes,
        t(it="Nuovo codice breve", en="New short code"),
        rx.foreach(
            codes.waits, lambda words: note(words, kind="warning", glyph="hourglass", key=words)
        ),
        field(
            "code",
            t(it="Codice", en="Code"),
            entry("code", card.code, fault=faults["code"], input_mode="numeric"),
            fault=faults["code"],
            hint=t(
                it="Da 1 a 7 cifre, diverse da interni, servizi e parcheggi.",
                en="1 to 7 digits, other than extensions, services and park orbits.",
            ),
        ),
        field(
            "name",
            t(it="Nome", en="Name"),
            entry("name", card.name, fault=faults["name"]),
            fault=faults["name"],
            hint=t(it="Di chi è il numero.", en="Whose number it is."),
        ),
        rx.el.div(
            field(
                "number",
                t(it="Numero", en="Number"),
                entry("number", card.number, fault=faults["number"], kind="tel"),
                fault=faults["number"],
                hint=t(
                    it="Come lo compone un telefono dell'ufficio: 0 02 5550 7318, oppure 204.",
                    en="As a phone of the office dials it: 0 02 5550 7318, or 204.",
                ),
            ),
            rx.cond(
                codes.offer != "",
                rx.el.button(
                    icon("wand-sparkles", "s"),
                    t(it=f"Scrivi {codes.offer}", en=f"Write {codes.offer}"),
                    type="button",
                    class_name="btn sm offer",
                    custom_attrs={"data-fill": "number", "data-value": codes.offer},
                ),
            ),
            class_name="stack tight",
        ),
        switch(
            "for_everybody",
            t(it="Per tutti", en="For everybody"),
            t(
                it="Anche per le linee che da sole non potrebbero chiamare quel numero. La "
                "chiamata si paga come le altre.",
                en="Also for lines that could not call that number by themselves. The call is "
                "paid for like any other.",
            ),
            card.for_everybody,
        ),
    )


def _importing(codes: Any) -> rx.Component:
    total = codes.fresh + codes.moved
    return dialog(
        "import-codes",
        t(it="Importare codici brevi", en="Import short codes"),
        rx.el.p(
            t(
                it="Un file CSV con le colonne codice, nome, numero e, se vuoi, per tutti (1 o 0). "
                "Un codice che c'è già viene cambiato.",
                en="A CSV file with the columns code, name, number and, if you like, for everybody "
                "(1 or 0). A code that is there already is changed.",
            ),
            class_name="t2",
        ),
        upload(
            codes,
            to="/admin/file/codici-brevi",
            most=MOST_BYTES,
            words=t(it="Scegli il file…", en="Choose the file…"),
            kinds=".csv,text/csv",
            does=codes.uploaded,
            name="codes",
        ),
        rx.cond(
            codes.file_fault != "",
            note(
                rx.el.p(codes.file_fault),
                rx.cond(
                    codes.latin,
                    rx.el.button(
                        t(it="Leggilo come Latin-1", en="Read it as Latin-1"),
                        type="button",
                        class_name="btn sm",
                        on_click=codes.read_latin,
                    ),
                ),
                kind="dnd",
                glyph="circle-alert",
                role="alert",
            ),
        ),
        rx.cond(number_of(codes.tried) > 0, _trial(codes)),
        is_open=codes.importing,
        footer=(
            cancel(codes.end_import),
            rx.el.button(
                rx.cond(
                    total == 1,
                    t(it="Importa 1 codice", en="Import 1 code"),
                    t(it=f"Importa {total} codici", en=f"Import {total} codes"),
                ),
                type="button",
                class_name="btn pri",
                disabled=(total == 0) | ((codes.wrong > 0) & ~codes.leave_out),
                on_click=codes.take_over,
            ),
        ),
    )


def _trial(codes: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.el.b(codes.file_name, class_name="cut"),
            rx.el.br(),
            t(
                it=f"Nuovi: {codes.fresh}, cambiano: {codes.moved}, uguali: {codes.same}, "
                f"con errori: {codes.wrong}",
                en=f"New: {codes.fresh}, changed: {codes.moved}, same: {codes.same}, "
                f"with errors: {codes.wrong}",
            ),
            role="status",
        ),
        rx.cond(
            codes.wrong > 0,
            rx.el.label(
                rx.el.input(
                    type="checkbox",
                    class_name="cb",
                    checked=codes.leave_out,
                    on_change=codes.leave_errors_out,
                ),
                t(it="Salta le righe con errori", en="Leave out rows with errors"),
                class_name="row",
            ),
        ),
        rx.el.ul(
            rx.foreach(
                codes.tried,
                lambda row: rx.el.li(
                    rx.match(
                        row.kind,
                        ("new", chip(t(it="nuovo", en="new"), kind="available", glyph="plus")),
                        (
                            "changed",
                            chip(t(it="cambia", en="changes"), kind="info", glyph="pencil"),
                        ),
                        ("same", chip(t(it="uguale", en="same"), kind="offline", glyph="equal")),
                        chip(t(it="errore", en="error"), kind="dnd", glyph="circle-x"),
                    ),
                    rx.el.span(
                        rx.el.b(row.code, " ", row.name),
                        rx.el.span(row.detail, class_name="small t2"),
                        class_name="two grow",
                    ),
                    rx.el.span(t(it="riga ", en="row "), row.line, class_name="small mut nw"),
                    key=text_of(row.line),
                ),
            ),
            class_name="plain tried",
            tab_index=0,
            aria_label=t(it="Righe del file", en="Rows of the file"),
        ),
        class_name="stack tight",
    )
