"""Importa contatti as it looks; its State is handed in by contacts_import.py."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.pieces import WHOLE
from officesmart.components.contact_tabs import contact_page
from officesmart.contacts.csv_file import FIELDS
from officesmart.contacts.incoming import MOST_BYTES
from officesmart.contacts.routes import CSV, SEND, VCARD
from officesmart.i18n import t
from officesmart.pages.admin_keep_pieces import upload
from officesmart.theme import icon, link, note, number_of, text_of


def view(page: Any) -> rx.Component:
    """The step that it is at, and the way out as files."""
    return contact_page(
        "/contatti",
        rx.el.div(
            rx.el.section(
                rx.el.h2(t(it="Importa contatti", en="Import contacts")),
                rx.cond(
                    page.fault != "",
                    note(
                        rx.cond(page.file_name != "", rx.el.p(rx.el.b(page.file_name))),
                        rx.el.p(page.fault),
                        kind="warning",
                        glyph="triangle-alert",
                        role="alert",
                    ),
                ),
                rx.cond(
                    page.judging,
                    _progress(page, t(it="Contatti controllati", en="Contacts checked")),
                    rx.match(
                        page.step,
                        ("columns", _columns(page)),
                        ("trial", _trial(page)),
                        ("done", _done(page)),
                        _file(page),
                    ),
                ),
                class_name="stack",
            ),
            _export(),
            class_name="pad stack split",
        ),
    )


def _file(page: Any) -> rx.Component:
    return rx.fragment(
        rx.el.p(
            t(
                it="Un file CSV di qualsiasi programma (la prima riga dà i nomi delle colonne) o "
                "un file di vCard. Prima di importare vedi che cosa succede a ogni contatto.",
                en="A CSV file of any programme (the first row names the columns) or a file of "
                "vCards. Before importing you see what becomes of each contact.",
            ),
            class_name="t2",
        ),
        upload(
            page,
            to=SEND,
            most=MOST_BYTES,
            words=t(it="Scegli il file", en="Choose the file"),
            kinds=".csv,.vcf,.vcard,text/csv,text/vcard",
            does=page.uploaded,
            name="contacts",
            kind="pri",
        ),
    )


def _columns(page: Any) -> rx.Component:
    def column(each: Any) -> rx.Component:
        return rx.el.li(
            rx.el.span(
                rx.el.b(each.name, class_name="cut"),
                rx.el.span(each.sample, class_name="small t2 cut"),
                class_name="two grow",
            ),
            rx.el.select(
                rx.el.option(t(it="Non importare", en="Do not import"), value=""),
                *(rx.el.option(t(it=it, en=en), value=name) for name, (it, en) in FIELDS.items()),
                value=each.means,
                on_change=lambda means: page.mean(each.place, means),
                aria_label=t(it="Che cosa contiene ", en="What is in ") + each.name,
                class_name="in sel",
            ),
            key=text_of(each.place),
        )

    return rx.fragment(
        rx.el.p(
            t(
                it="Di' che cosa contiene ogni colonna. Sotto il nome c'è il primo contatto.",
                en="Say what each column holds. Under its name is the first contact.",
            ),
            class_name="t2",
        ),
        rx.el.ul(rx.foreach(page.columns, column), class_name="columns"),
        _buttons(
            _button(t(it="Scegli un altro file", en="Choose another file"), page.again),
            _button(t(it="Prova", en="Try"), page.try_it, main=True),
        ),
    )


def _trial(page: Any) -> rx.Component:
    def row(each: Any) -> rx.Component:
        return rx.el.tr(
            rx.el.td(each.where, class_name="num t2"),
            rx.el.td(rx.cond(each.title != "", each.title, "—")),
            rx.el.td(
                rx.match(
                    each.outcome,
                    ("new", _chip("available", t(it="Nuovo", en="New"))),
                    ("merged", _chip("ringing", t(it="Si unisce", en="Merged"))),
                    ("skipped", _chip("offline", t(it="Saltato", en="Skipped"))),
                    ("same", _chip("offline", t(it="C'è già", en="There already"))),
                    _chip("warning", t(it="Lasciato fuori", en="Left out")),
                ),
            ),
            rx.el.td(each.detail, class_name="small t2"),
        )

    def fact(number: Any, words: Any) -> rx.Component:
        return rx.el.span(rx.el.b(text_of(number), class_name="num"), " ", words)

    return rx.fragment(
        rx.el.p(
            fact(
                page.fresh,
                t(it=rx.cond(page.fresh == 1, "nuovo", "nuovi"), en="new"),
            ),
            rx.cond(
                page.merged > 0,
                fact(
                    page.merged,
                    t(it=rx.cond(page.merged == 1, "si unisce", "si uniscono"), en="merged"),
                ),
            ),
            rx.cond(
                page.skipped > 0,
                fact(
                    page.skipped,
                    t(it=rx.cond(page.skipped == 1, "saltato", "saltati"), en="skipped"),
                ),
            ),
            fact(
                page.same,
                t(it=rx.cond(page.same == 1, "c'è già", "ci sono già"), en="there already"),
            ),
            fact(
                page.left_out,
                t(
                    it=rx.cond(page.left_out == 1, "lasciato fuori", "lasciati fuori"),
                    en="left out",
                ),
            ),
            class_name="row wrap facts-line",
            role="status",
        ),
        rx.el.fieldset(
            rx.el.legend(
                t(
                    it="Se nella rubrica c'è già un contatto con lo stesso nome",
                    en="When the address book has a contact of the same name already",
                )
            ),
            rx.el.div(
                *(
                    rx.el.label(
                        rx.el.input(
                            type="radio",
                            name="same-name",
                            class_name="rb",
                            checked=page.same_name == how,
                            disabled=page.running,
                            on_change=lambda picked, how=how: page.meet(how),
                        ),
                        words,
                    )
                    for how, words in (
                        ("merge", t(it="Uniscili", en="Merge them")),
                        ("skip", t(it="Salta quello del file", en="Skip the one in the file")),
                        ("add", t(it="Aggiungi comunque", en="Add it anyway")),
                    )
                ),
                class_name="opts across",
            ),
            class_name="same-name",
        ),
        rx.el.div(
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th(t(it="Riga", en="Row"), scope="col"),
                        rx.el.th(t(it="Contatto", en="Contact"), scope="col"),
                        rx.el.th(t(it="Esito", en="Outcome"), scope="col"),
                        rx.el.th(t(it="Perché", en="Why"), scope="col"),
                    )
                ),
                rx.el.tbody(rx.foreach(page.rows, row)),
            ),
            class_name="trial-rows",
            tab_index=0,
            role="region",
            aria_label=t(it="Esito di ogni riga", en="Outcome of each row"),
        ),
        rx.cond(
            page.fresh + page.merged + page.skipped + page.same + page.left_out
            > number_of(page.rows),
            rx.el.p(
                t(
                    it="Si vedono le prime righe; quelle da guardare vengono prima.",
                    en="The first rows are shown; those that want a look come first.",
                ),
                class_name="hint",
            ),
        ),
        rx.cond(
            page.running,
            _progress(page, t(it="Contatti importati", en="Contacts imported")),
            _buttons(
                _button(t(it="Indietro", en="Back"), page.back),
                rx.cond(
                    page.fresh + page.merged > 0,
                    _button(
                        t(it="Importa ", en="Import ") + text_of(page.fresh + page.merged),
                        page.take_over,
                        main=True,
                    ),
                ),
            ),
        ),
    )


def _progress(page: Any, words: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(words, class_name="small nw"),
        rx.el.progress(value=page.done_rows, max=page.all_rows, aria_label=words),
        rx.el.span(
            text_of(page.done_rows),
            t(it=" di ", en=" of "),
            text_of(page.all_rows),
            class_name="num small nw",
        ),
        class_name="row",
    )


def _done(page: Any) -> rx.Component:
    return rx.fragment(
        note(
            rx.cond(
                page.taken == 1,
                t(
                    it="Il contatto è ora nella rubrica.",
                    en="The contact is now in the address book.",
                ),
                rx.el.span(
                    text_of(page.taken),
                    t(
                        it=" contatti sono ora nella rubrica.",
                        en=" contacts are now in the address book.",
                    ),
                ),
            ),
            kind="available",
            glyph="check",
            role="status",
        ),
        _buttons(
            _button(t(it="Importa un altro file", en="Import another file"), page.again),
            link(
                t(it="Vai all'elenco contatti", en="Go to the contact list"),
                href="/contatti",
                class_name="btn pri",
            ),
        ),
    )


def _export() -> rx.Component:
    def take(words: Any, href: str) -> rx.Component:
        return rx.el.a(
            icon("download", "s"), words, href=href, download=True, **WHOLE, class_name="btn"
        )

    return rx.el.section(
        rx.el.h2(t(it="Esporta", en="Export")),
        rx.el.p(
            t(
                it="Tutta la rubrica in un file: CSV per i fogli di calcolo, vCard per telefoni e "
                "programmi di posta.",
                en="The whole address book in a file: CSV for spreadsheets, vCards for telephones "
                "and mail programmes.",
            ),
            class_name="t2",
        ),
        rx.el.div(
            take(t(it="CSV", en="CSV"), CSV),
            take(t(it="vCard 4", en="vCard 4"), VCARD),
            take(t(it="vCard 3", en="vCard 3"), f"{VCARD}?versione=3"),
            class_name="row wrap",
        ),
        class_name="stack",
    )


def _chip(kind: str, words: Any) -> rx.Component:
    return rx.el.span(words, class_name=f"chip p-{kind}")


def _buttons(*buttons: rx.Component) -> rx.Component:
    return rx.el.div(*buttons, class_name="row wrap end-buttons")


def _button(words: Any, does: Any, *, main: bool = False) -> rx.Component:
    return rx.el.button(
        words, type="button", class_name="btn pri" if main else "btn", on_click=does
    )
