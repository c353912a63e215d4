"""The windows that the page of lines opens: what goes when a line does, new credentials.

Pieces only; the State (`_lines_*.py`) is handed in by admin_lines.py.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.pieces import dialog, field
from officesmart.i18n import t
from officesmart.theme import icon, number_of


def dialogs(lines: Any) -> rx.Component:
    """Every window that this page may open."""
    cancel = rx.el.button(
        t(it="Annulla", en="Cancel"),
        type="button",
        class_name="btn",
        on_click=lines.cancel,
        custom_attrs={"data-dismiss": ""},
    )
    return rx.fragment(
        _delete(lines, cancel),
        dialog(
            "ask-account",
            t(it="Rimuovere l'account?", en="Remove the account?"),
            rx.el.p(
                t(
                    it=f"I telefoni che entrano come {lines.ask_user} si scollegano subito.",
                    en=f"Phones that sign in as {lines.ask_user} are signed out at once.",
                ),
                class_name="t2",
            ),
            is_open=lines.asking == "account",
            footer=(cancel, _danger(t(it="Rimuovi", en="Remove"), lines.remove_account)),
            role="alertdialog",
        ),
        _site(lines, cancel),
        _credentials(lines),
    )


def _danger(words: Any, does: Any) -> rx.Component:
    return rx.el.button(
        icon("trash-2", "s"), words, type="button", class_name="btn danger", on_click=does
    )


def _delete(lines: Any, cancel: rx.Component) -> rx.Component:
    count = number_of(lines.ask_names) + lines.ask_more
    return dialog(
        "ask-delete",
        rx.cond(
            count == 1,
            t(it="Eliminare la linea?", en="Delete the line?"),
            t(it=f"Eliminare {count} linee?", en=f"Delete {count} lines?"),
        ),
        rx.el.ul(
            rx.foreach(lines.ask_names, lambda name: rx.el.li(name, key=name)),
            rx.cond(
                lines.ask_more > 0,
                rx.el.li(t(it=f"e altre {lines.ask_more}", en=f"and {lines.ask_more} more")),
            ),
            class_name="names",
        ),
        rx.el.p(
            t(
                it="Spariscono anche le caselle vocali, gli account SIP "
                f"({lines.ask_accounts}) e i messaggi vocali ({lines.ask_messages}). I telefoni "
                "si scollegano. La cronologia delle chiamate resta. Non si può annullare.",
                en="The mailboxes go too, with the SIP accounts "
                f"({lines.ask_accounts}) and the voice messages ({lines.ask_messages}). Phones "
                "are signed out. The call history stays. This cannot be undone.",
            ),
            class_name="t2",
        ),
        is_open=lines.asking == "delete",
        footer=(cancel, _danger(t(it="Elimina", en="Delete"), lines.delete)),
        role="alertdialog",
    )


def _site(lines: Any, cancel: rx.Component) -> rx.Component:
    return dialog(
        "ask-site",
        t(it="In quale sede?", en="To which site?"),
        rx.el.form(
            field(
                "bulk_site",
                t(it="Sede delle linee selezionate", en="Site of the selected lines"),
                rx.fragment(
                    rx.el.input(
                        id="f-bulk_site",
                        name="bulk_site",
                        list="bulk-site-names",
                        auto_complete="off",
                        aria_describedby="e-bulk_site",
                        class_name="in",
                    ),
                    rx.el.datalist(
                        rx.foreach(lines.site_names, lambda site: rx.el.option(value=site)),
                        id="bulk-site-names",
                    ),
                ),
                fault=lines.faults["site"],
                hint=t(
                    it="Scegli o scrivine una nuova; vuota: nessuna sede.",
                    en="Choose, or type a new one; empty: no site.",
                ),
            ),
            on_submit=lines.move,
            id="bulk-site",
        ),
        is_open=lines.asking == "site",
        footer=(
            cancel,
            rx.el.button(
                t(it="Conferma", en="Confirm"),
                type="submit",
                class_name="btn pri",
                form="bulk-site",
            ),
        ),
    )


def _credentials(lines: Any) -> rx.Component:
    return dialog(
        "shown",
        t(it="Credenziali nuove", en="New credentials"),
        rx.el.p(
            rx.el.b(lines.shown_of),
            " ",
            t(
                it="Si vedono solo adesso: copiale e consegnale di persona.",
                en="They are shown only now: copy them and hand them over in person.",
            ),
            class_name="t2",
        ),
        rx.el.dl(
            rx.foreach(
                lines.shown,
                lambda each: rx.el.div(
                    rx.el.dt(
                        rx.match(
                            each.kind,
                            ("portal", t(it="Password del portale", en="Portal password")),
                            ("pin", t(it="PIN della casella", en="Mailbox PIN")),
                            t(it="Password SIP", en="SIP password"),
                        ),
                        rx.el.span(
                            t(it="utente ", en="user "), each.user, class_name="small mut num"
                        ),
                        class_name="two",
                    ),
                    rx.el.dd(
                        rx.el.code(each.value),
                        rx.el.button(
                            icon("copy", "s"),
                            rx.el.span(t(it="Copia", en="Copy")),
                            type="button",
                            class_name="btn sm",
                            custom_attrs={
                                "data-copy": each.value,
                                "data-said": t(it="Copiato", en="Copied"),
                            },
                        ),
                    ),
                    key=each.kind,
                    class_name="credential",
                ),
            ),
        ),
        rx.el.p(
            role="status",
            class_name="small",
            custom_attrs={"data-copy-said": ""},
            on_unmount=lines.forget_shown,
        ),
        is_open=number_of(lines.shown) > 0,
        footer=(
            rx.el.button(
                t(it="Ho finito", en="Done"),
                type="button",
                class_name="btn pri",
                on_click=lines.forget_shown,
                custom_attrs={"data-dismiss": ""},
            ),
        ),
    )
