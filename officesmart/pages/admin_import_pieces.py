"""The pieces of Importa e copie; its State is in admin_import.py, which hands itself in."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.files import LARGEST_BACKUP
from officesmart.administration.pieces import WHOLE, administration, dialog, pager
from officesmart.csv_rows import COLUMNS, MOST_BYTES
from officesmart.i18n import t
from officesmart.theme import chip, icon, note, number_of, panel, text_of

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
                        ("trial", _trial(page)),
                        ("done", _done(page)),
                        _file(page),
                    ),
                    class_name="wizard",
                ),
                _export(),
                _backup(page),
                class_name="stack",
            ),
            _question(page),
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


def _upload(
    page: Any, *, to: str, most: int, words: Any, kinds: str, does: Any, name: str, kind: str = ""
) -> rx.Component:
    return rx.el.div(
        rx.el.label(
            icon("upload", "s"),
            words,
            rx.el.input(
                type="file",
                id=f"up-{name}",
                accept=kinds,
                class_name="vh",
                custom_attrs={"data-upload": to, "data-most": str(most)},
            ),
            class_name=f"btn file {kind}".strip(),
        ),
        rx.el.span(
            icon("loader", "spin"), t(it="Invio in corso", en="Sending"), class_name="row sending"
        ),
        rx.el.p(
            class_name="err",
            role="alert",
            hidden=True,
            custom_attrs={
                "data-upload-said": "",
                "data-large": t(
                    it=f"Il file supera {most // 1_000_000} MB o lo spazio libero sul disco",
                    en=f"The file is over {most // 1_000_000} MB or the room left on the disk",
                ),
                "data-empty": t(it="Il file è vuoto", en="The file is empty"),
                "data-away": t(
                    it="Il file non è arrivato: riprova", en="The file did not arrive: try again"
                ),
            },
        ),
        rx.el.button(type="button", hidden=True, on_click=does, custom_attrs={"data-uploaded": ""}),
        class_name="row wrap upload",
        custom_attrs={"data-uploading": "false"},
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
        _upload(
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
            _button(t(it="Altro file", en="Another file"), page.again, "quiet"),
            _button(t(it="Prova", en="Try"), page.try_it, "pri"),
            class_name="confirm",
        ),
    )


def _button(words: Any, does: Any, kind: str, **props: Any) -> rx.Component:
    return rx.el.button(words, type="button", class_name=f"btn {kind}", on_click=does, **props)


def _trial(page: Any) -> rx.Component:
    def of(kind: str, words: Any, number: Any) -> rx.Component:
        return rx.el.button(
            words,
            " ",
            rx.el.b(number, class_name="num"),
            type="button",
            class_name="btn sm",
            aria_pressed=page.only == kind,
            on_click=page.choose_kind(kind),
        )

    total = page.fresh + page.changed
    stuck = (page.wrong > 0) & ~page.leave_out
    return rx.fragment(
        rx.cond(
            page.fault != "",
            rx.el.div(
                note(page.fault, kind="dnd", glyph="circle-alert", role="alert"), class_name="pad"
            ),
        ),
        rx.el.div(
            of("", t(it="Tutte", en="All"), page.fresh + page.changed + page.same + page.wrong),
            of("new", t(it="Nuove", en="New"), page.fresh),
            of("changed", t(it="Cambiano", en="Changed"), page.changed),
            of("same", t(it="Uguali", en="Same"), page.same),
            of("error", t(it="Errori", en="Errors"), page.wrong),
            pager(page.first, page.last, page.found, page.turn(-1), page.turn(1)),
            class_name="filters kinds",
        ),
        rx.el.table(
            rx.el.caption(
                t(it="Che cosa succede a ogni riga", en="What happens to each row"), class_name="vh"
            ),
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(t(it="Riga", en="Row"), scope="col", class_name="c-row"),
                    rx.el.th(t(it="Interno", en="Extension"), scope="col", class_name="c-ext"),
                    rx.el.th(t(it="Nome", en="Name"), scope="col"),
                    rx.el.th(
                        t(it="Che cosa succede", en="What happens"),
                        scope="col",
                        class_name="c-what",
                    ),
                )
            ),
            rx.el.tbody(
                rx.foreach(
                    page.rows,
                    lambda row: rx.el.tr(
                        rx.el.td(row.line, class_name="c-row t2 num"),
                        rx.el.td(row.extension, class_name="c-ext b cut"),
                        rx.el.td(row.name, class_name="cut"),
                        rx.el.td(
                            rx.match(
                                row.kind,
                                (
                                    "new",
                                    chip(
                                        t(it="Nuova linea", en="New line"),
                                        kind="available",
                                        glyph="plus",
                                    ),
                                ),
                                (
                                    "changed",
                                    chip(t(it="Cambia", en="Changes"), kind="info", glyph="pencil"),
                                ),
                                (
                                    "same",
                                    chip(
                                        t(it="Uguale, saltata", en="Same, skipped"),
                                        kind="offline",
                                        glyph="equal",
                                    ),
                                ),
                                chip(t(it="Errore", en="Error"), kind="dnd", glyph="circle-x"),
                            ),
                            " ",
                            rx.el.span(row.detail, class_name="small t2"),
                            class_name="c-what",
                        ),
                        key=text_of(row.line),
                    ),
                )
            ),
            class_name="trial",
        ),
        rx.cond(
            page.running,
            rx.el.div(
                rx.el.p(
                    icon("loader", "spin"),
                    t(
                        it=f"Importo {total} linee: le password richiedono qualche secondo. ",
                        en=f"Importing {total} lines: the passwords take a few seconds. ",
                    ),
                    rx.el.span(class_name="num", custom_attrs={"data-age": "0"}),
                    class_name="row",
                ),
                rx.el.progress(aria_label=t(it="Importazione", en="Import")),
                class_name="pad stack tight",
                role="status",
            ),
        ),
        rx.el.div(
            rx.el.p(
                rx.el.b(
                    t(
                        it=f"Nuove: {page.fresh}, cambiano: {page.changed}, uguali: {page.same}, "
                        f"con errori: {page.wrong}",
                        en=f"New: {page.fresh}, changed: {page.changed}, same: {page.same}, "
                        f"with errors: {page.wrong}",
                    )
                ),
                rx.cond(
                    page.wrong > 0,
                    rx.el.label(
                        rx.el.input(
                            type="checkbox",
                            class_name="cb",
                            checked=page.leave_out,
                            on_change=page.leave_errors_out,
                        ),
                        t(it="Salta le righe con errori", en="Leave out rows with errors"),
                        class_name="row t2",
                    ),
                ),
                role="status",
            ),
            _button(t(it="Indietro", en="Back"), page.back, "quiet", disabled=page.running),
            _button(
                t(it=f"Importa {total} righe", en=f"Import {total} rows"),
                page.take_over,
                "pri",
                disabled=page.running | stuck | (total == 0),
            ),
            class_name="confirm",
        ),
    )


def _done(page: Any) -> rx.Component:
    return rx.el.div(
        note(
            rx.el.p(
                rx.el.b(
                    t(
                        it=f"Fatto: {page.created} linee create, {page.updated} aggiornate.",
                        en=f"Done: {page.created} lines made, {page.updated} updated.",
                    )
                )
            ),
            rx.el.p(
                t(it="Valgono dalla prossima chiamata.", en="They count from the next call on.")
            ),
            kind="available",
            glyph="circle-check",
            role="status",
        ),
        rx.cond(
            page.made_up > 0,
            note(
                rx.el.p(
                    t(
                        it=f"Per {page.made_up} linee nuove abbiamo inventato password e PIN. Il "
                        "file si scarica una volta sola: conservalo e consegna a ognuno le sue.",
                        en=f"For {page.made_up} new lines we made up passwords and PINs. The "
                        "file can be downloaded once: keep it, and hand each person theirs.",
                    )
                ),
                rx.el.a(
                    icon("download", "s"),
                    t(it="Scarica le credenziali", en="Download the credentials"),
                    href="/admin/file/credenziali.csv",
                    download=True,
                    **WHOLE,
                    class_name="btn pri",
                    on_click=page.taken,
                ),
                kind="warning",
                glyph="key-round",
            ),
        ),
        rx.el.span(
            _button(t(it="Importa un altro file", en="Import another file"), page.again, ""),
            class_name="row",
        ),
        class_name="pad stack",
    )


def _export() -> rx.Component:
    return panel(
        t(it="Esporta", en="Export"),
        rx.el.div(
            rx.el.p(
                t(
                    it="Tutte le linee in un file che l'importazione rilegge. Password e PIN sono "
                    "vuoti: ne conserviamo solo l'impronta, e reimportarli vuoti non li cambia.",
                    en="All lines in a file that the import reads back. Passwords and PINs are "
                    "empty: only their digests are kept, and importing them empty changes nothing.",
                ),
                class_name="t2",
            ),
            rx.el.a(
                icon("download", "s"),
                t(it="Scarica il CSV", en="Download the CSV"),
                href="/admin/file/interni.csv",
                download=True,
                **WHOLE,
                class_name="btn",
            ),
            class_name="pad stack",
        ),
    )


def _backup(page: Any) -> rx.Component:
    return panel(
        t(it="Copia di sicurezza", en="Backup"),
        rx.el.div(
            rx.el.p(
                t(
                    it="Tutto l'ufficio in un file: linee, impostazioni, messaggi con il loro "
                    "suono. Contiene dati personali: tienilo al sicuro.",
                    en="The whole office in one file: lines, settings, messages with their "
                    "sound. It holds personal data: keep it safe.",
                ),
                class_name="t2",
            ),
            rx.cond(
                page.backup_fault != "",
                note(
                    rx.el.p(
                        t(
                            it="Il ripristino non è riuscito e nulla è cambiato: ",
                            en="The restore failed and nothing has changed: ",
                        ),
                        page.backup_fault,
                    ),
                    kind="dnd",
                    glyph="circle-alert",
                    role="alert",
                ),
            ),
            rx.el.div(
                rx.el.a(
                    icon("download", "s"),
                    t(it="Scarica una copia", en="Download a backup"),
                    href="/admin/file/copia.tar.gz",
                    download=True,
                    **WHOLE,
                    class_name="btn",
                ),
                class_name="row wrap",
            ),
            rx.el.hr(class_name="rule"),
            rx.el.p(
                t(
                    it="Ripristinare sostituisce tutto l'ufficio con quello della copia. Prima "
                    "te lo chiediamo, e l'ufficio di adesso si salva da sé.",
                    en="Restoring replaces the whole office by the backup's. You are asked "
                    "first, and the present office is saved by itself.",
                ),
                class_name="t2",
            ),
            _upload(
                page,
                to="/admin/file/copia",
                most=LARGEST_BACKUP,
                words=t(it="Ripristina da un file…", en="Restore from a file…"),
                kinds=".gz,application/gzip",
                does=page.backup_sent,
                name="backup",
            ),
            class_name="pad stack",
        ),
    )


def _question(page: Any) -> rx.Component:
    return dialog(
        "restore",
        t(it="Sostituire tutto l'ufficio?", en="Replace the whole office?"),
        rx.el.p(rx.el.b(page.backup_name), " ", page.backup_size),
        rx.el.p(
            t(
                it="Linee, impostazioni e messaggi tornano com'erano nella copia. Tutti i browser "
                "dovranno entrare di nuovo, anche il tuo; i telefoni restano collegati. "
                "L'ufficio di adesso si salva nella cartella dei dati.",
                en="Lines, settings and messages become as they were in the backup. Every browser "
                "has to sign in again, yours too; phones stay registered. The present office is "
                "saved in the data folder.",
            ),
            class_name="t2",
        ),
        rx.cond(
            page.restoring,
            rx.el.p(
                icon("loader", "spin"),
                t(it="Ripristino in corso", en="Restoring"),
                class_name="row",
                role="status",
            ),
        ),
        is_open=page.backup_name != "",
        footer=(
            rx.el.button(
                t(it="Annulla", en="Cancel"),
                type="button",
                class_name="btn",
                disabled=page.restoring,
                on_click=page.forget_backup,
                custom_attrs={"data-dismiss": ""},
            ),
            rx.el.button(
                t(it="Sostituisci", en="Replace"),
                type="button",
                class_name="btn danger",
                disabled=page.restoring,
                on_click=page.restore,
            ),
        ),
        role="alertdialog",
    )
