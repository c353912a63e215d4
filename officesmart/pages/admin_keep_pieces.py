"""Importa e copie: the export, backup and restore, and the field that sends a file."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.files import LARGEST_BACKUP
from officesmart.administration.pieces import WHOLE
from officesmart.components.dialogs import cancel, danger, dialog
from officesmart.i18n import t
from officesmart.theme import icon, note, panel


def upload(
    page: Any, *, to: str, most: int, words: Any, kinds: str, does: Any, name: str, kind: str = ""
) -> rx.Component:
    """A file goes to this route; then the page is told."""
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


def export() -> rx.Component:
    """Every line as a file."""
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


def backups(page: Any) -> rx.Component:
    """The whole office as a file, and back."""
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
            upload(
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


def question(page: Any) -> rx.Component:
    """Is it meant?"""
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
            cancel(page.forget_backup, disabled=page.restoring),
            danger(
                t(it="Sostituisci", en="Replace"), page.restore, glyph="", disabled=page.restoring
            ),
        ),
        role="alertdialog",
    )
