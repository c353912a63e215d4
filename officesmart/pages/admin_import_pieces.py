"""Importa e copie: the import up to its trial; its State is handed in by admin_import.py."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.pieces import administration
from officesmart.csv_rows import COLUMNS, MOST_BYTES
from officesmart.i18n import t
from officesmart.pages.admin_import_trial import button, done, trial
from officesmart.pages.admin_keep_pieces import backups, export, question, upload
from officesmart.theme import icon, note, number_of, panel, text_of

MEANS = {
    "extension": ("Interno", "Extension"),
    "name": ("Nome", "Name"),
    "email": ("E-mail", "E-mail"),
    "password": ("Password del portale", "Portal password"),
    "sip_password": ("Password SIP", "SIP password"),
    "mailbox_pin": ("PIN della casella", "Mailbox PIN"),
    "number": ("Numero", "Number"),
    "site": ("Sede", "Site"),
    "role": ("Ruolo", "Role"),
    "language": ("Lingua", "Language"),
    "rights": ("Diritti di chiamata", "Call rights"),
    "mailbox": ("Casella vocale", "Mailbox"),
    "active": ("Linea attiva", "Active line"),
}
STEPS = (
    ("file", "upload", "File", "File"),
    ("columns", "columns-3", "Colonne", "Columns"),
    ("trial", "eye", "Prova", "Trial"),
    ("done", "check", "Importa", "Import"),
)


def view(page: Any) -> rx.Component:
    """The import above, export and backup below."""
    return administration(
        "/admin/importa",
        rx.el.div(
            rx.el.div(rx.el.h1(t(it="Importa e copie", en="Import and backup")), class_name="head"),
            rx.el.div(
                panel(
                    t(it="Importa linee da un file CSV", en="Import lines from a CSV file"),
                    _steps(page),
                    rx.match(
                        page.step,
                        ("columns", _columns(page)),
                        ("trial", trial(page)),
                        ("done", done(page)),
                        _file(page),
                    ),
                    class_name="wizard",
                ),
                export(),
                backups(page),
                class_name="stack",
            ),
            question(page),
            class_name="adm-main narrow",
        ),
    )


def _steps(page: Any) -> rx.Component:
    order = [name for name, *_ in STEPS]

    def stop(at: int, name: str, glyph: str, it: str, en: str) -> rx.Component:
        here = page.step == name
        later = rx.match(page.step, *((each, at <= order.index(each)) for each in order), False)
        detail = rx.match(
            name,
            (
                "file",
                rx.cond(page.file_name != "", page.file_name, t(it="da scegliere", en="to choose")),
            ),
            (
                "columns",
                rx.cond(
                    number_of(page.header) > 0,
                    t(
                        it=f"{page.understood} riconosciute su {number_of(page.header)}",
                        en=f"{page.understood} of {number_of(page.header)} understood",
                    ),
                    "",
                ),
            ),
            ("trial", t(it="niente è ancora cambiato", en="nothing has changed yet")),
            t(it="tutto o niente", en="all or nothing"),
        )
        return rx.el.li(
            rx.el.span(icon(glyph), class_name="pt"),
            rx.el.b(t(it=it, en=en)),
            rx.el.span(detail, class_name="small cut"),
            class_name=rx.cond(later, "stop go", "stop"),
            custom_attrs={"aria-current": rx.cond(here, "step", "false")},
        )

    return rx.el.ol(
        *(stop(at, *each) for at, each in enumerate(STEPS)),
        class_name="route pad",
        aria_label=t(it="Passi", en="Steps"),
    )


def _file(page: Any) -> rx.Component:
    return rx.el.div(
        rx.cond(
            page.file_fault != "",
            note(
                rx.el.p(rx.el.b(page.file_name)),
                rx.el.p(page.file_fault),
                rx.cond(
                    page.latin,
                    rx.el.button(
                        t(it="Leggilo come Latin-1", en="Read it as Latin-1"),
                        type="button",
                        class_name="btn sm",
                        on_click=page.read_latin,
                    ),
                ),
                kind="warning",
                glyph="triangle-alert",
                role="alert",
            ),
        ),
        rx.el.p(
            t(
                it="Una riga per linea, con un'intestazione. Le linee si riconoscono dall'interno: "
                "quelle nuove si creano, le altre si aggiornano. Le password e i PIN che mancano "
                "si inventano e si scaricano una volta.",
                en="One row a line, with a header. Lines are known by their extension: new ones "
                "are made, the others are updated. Missing passwords and PINs are made up and can "
                "be downloaded once.",
            ),
            class_name="t2",
        ),
        upload(
            page,
            to="/admin/file/interni",
            most=MOST_BYTES,
            words=t(it="Scegli il file", en="Choose the file"),
            kinds=".csv,.txt,text/csv",
            does=page.uploaded,
            name="lines",
            kind="pri",
        ),
        rx.el.p(
            t(it="Colonne: ", en="Columns: "),
            rx.el.code(", ".join(COLUMNS)),
            class_name="hint",
        ),
        class_name="pad stack",
    )


def _columns(page: Any) -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.cond(
                page.fault != "", note(page.fault, kind="dnd", glyph="circle-alert", role="alert")
            ),
            rx.el.p(
                t(
                    it="Di' che cosa c'è in ogni colonna del file.",
                    en="Say what is in each column of the file.",
                ),
                class_name="t2",
            ),
            rx.el.ul(
                rx.foreach(
                    page.header,
                    lambda cell: rx.el.li(
                        rx.el.span(
                            rx.el.b(cell.name, class_name="cut"),
                            rx.el.span(cell.sample, class_name="small t2 cut"),
                            class_name="two grow",
                        ),
                        icon("arrow-right", "s mut"),
                        rx.el.select(
                            rx.el.option(t(it="Non importare", en="Do not import"), value=""),
                            *(
                                rx.el.option(t(it=it, en=en), value=name)
                                for name, (it, en) in MEANS.items()
                            ),
                            value=cell.means,
                            aria_label=t(it="Significato di ", en="Meaning of ") + cell.name,
                            class_name="in sel",
                            on_change=lambda means: page.mean(cell.place, means),
                        ),
                        key=text_of(cell.place),
                    ),
                ),
                class_name="plain columns",
            ),
            class_name="pad stack",
        ),
        rx.el.div(
            rx.el.p(
                rx.el.b(
                    t(
                        it=f"{page.understood} colonne su {number_of(page.header)}",
                        en=f"{page.understood} of {number_of(page.header)} columns",
                    )
                )
            ),
            button(t(it="Altro file", en="Another file"), page.again, "quiet"),
            button(t(it="Prova", en="Try"), page.try_it, "pri"),
            class_name="confirm",
        ),
    )
