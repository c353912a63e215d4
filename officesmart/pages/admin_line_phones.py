"""In a line's panel: its phones and their accounts, and how its owner gets in.

Pieces only; the State (`_lines_*.py`) is handed in by admin_lines.py.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.pieces import field
from officesmart.administration.rules import LONGEST_LABEL
from officesmart.i18n import t
from officesmart.theme import icon, number_of, text_of


def phones(lines: Any) -> rx.Component:
    """Who is registered now, and with which accounts phones may."""
    return rx.fragment(
        rx.el.section(
            rx.el.h3(t(it="Collegati adesso", en="Registered now")),
            rx.cond(
                number_of(lines.line_phones) > 0,
                rx.el.ul(
                    rx.foreach(lines.line_phones, lambda phone: _phone(lines, phone)),
                    class_name="plain",
                ),
                rx.el.p(
                    t(
                        it="Nessuno. Un telefono appare qui appena si registra con uno degli "
                        "account qui sotto.",
                        en="None. A phone appears here as soon as it registers with one of the "
                        "accounts below.",
                    ),
                    class_name="t2",
                ),
            ),
            aria_live="polite",
        ),
        rx.el.section(
            rx.el.h3(t(it="Account SIP", en="SIP accounts")),
            rx.el.ul(
                rx.foreach(lines.sip_accounts, lambda account: _account(lines, account)),
                class_name="plain",
            ),
            rx.el.form(
                field(
                    "label",
                    t(it="Nuovo account per", en="New account for"),
                    rx.el.div(
                        rx.el.input(
                            id="f-label",
                            name="label",
                            placeholder=t(it="Cellulare", en="Mobile"),
                            auto_complete="off",
                            max_length=LONGEST_LABEL + 1,
                            class_name="in grow",
                            aria_describedby="e-label",
                        ),
                        rx.el.button(
                            icon("plus", "s"),
                            t(it="Aggiungi", en="Add"),
                            type="submit",
                            class_name="btn",
                        ),
                        class_name="row",
                    ),
                    fault=lines.faults["label"],
                    hint=t(
                        it="Utente e password si vedono una volta.",
                        en="User and password are shown once.",
                    ),
                ),
                on_submit=lines.add_account,
                reset_on_submit=True,
            ),
        ),
    )


def _phone(lines: Any, phone: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon("phone"), class_name="ico"),
        rx.el.span(
            rx.el.b(
                rx.cond(phone.name != "", phone.name, t(it="Telefono SIP", en="SIP phone")),
                class_name="cut",
            ),
            rx.el.span(phone.source, " ", phone.transport, class_name="small t2 num cut"),
            rx.el.span(
                rx.cond(phone.user != "", rx.fragment(phone.user, " "), ""),
                rx.cond(phone.seen != "", t(it=f"visto {phone.seen}", en=f"seen {phone.seen}"), ""),
                class_name="small mut cut",
            ),
            class_name="two grow",
        ),
        rx.el.button(
            icon("unplug", "s"),
            type="button",
            class_name="ib",
            title=t(it="Scollega", en="Sign out"),
            aria_label=t(it="Scollega ", en="Sign out ") + phone.name,
            on_click=lines.sign_out(phone.id),
        ),
        key=text_of(phone.id),
    )


def _account(lines: Any, account: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.b(account.user, class_name="num grow cut"),
            rx.el.button(
                icon("key-round", "s"),
                type="button",
                class_name="ib",
                title=t(it="Nuova password", en="New password"),
                aria_label=t(it="Nuova password per ", en="New password for ") + account.user,
                on_click=lines.new_sip(account.id),
            ),
            rx.el.button(
                icon("trash-2", "s"),
                type="button",
                class_name="ib danger",
                title=t(it="Rimuovi", en="Remove"),
                aria_label=t(it="Rimuovi l'account ", en="Remove account ") + account.user,
                on_click=lines.ask_account(account.id),
            ),
            class_name="row",
        ),
        rx.el.div(
            rx.el.input(
                default_value=account.label,
                placeholder=t(it="Nome, per esempio Scrivania", en="Name, such as Desk"),
                aria_label=t(it="Nome dell'account ", en="Name of account ") + account.user,
                auto_complete="off",
                max_length=LONGEST_LABEL,
                class_name="in",
                on_blur=lambda value: lines.label(account.id, value),
            ),
            rx.el.label(
                rx.el.input(
                    type="checkbox",
                    class_name="sw",
                    checked=account.direct_audio,
                    on_change=lambda on: lines.direct_audio(account.id, on),
                ),
                rx.el.span(t(it="Audio diretto", en="Direct audio"), class_name="small nw"),
                title=t(
                    it="La voce va da telefono a telefono quando nulla la richiede qui",
                    en="Sound goes from phone to phone when nothing needs it here",
                ),
                class_name="row",
            ),
            class_name="row wrap account-set",
        ),
        key=text_of(account.id),
        class_name="account",
    )


def access(lines: Any) -> rx.Component:
    """New portal password and PIN, and the end of the line."""

    def deed(title: Any, words: Any, does: Any, *, button: Any = None) -> rx.Component:
        return rx.el.li(
            rx.el.span(
                rx.el.b(title), rx.el.span(words, class_name="small t2"), class_name="two grow"
            ),
            rx.el.button(
                t(it="Nuova", en="New") if button is None else button,
                type="button",
                class_name="btn sm",
                aria_label=title,
                on_click=does,
            ),
        )

    return rx.fragment(
        rx.el.ul(
            deed(
                t(it="Nuova password del portale", en="New portal password"),
                t(
                    it="La vecchia smette di valere e i browser della linea escono.",
                    en="The old one stops working and the line's browsers are signed out.",
                ),
                lines.new_portal,
            ),
            deed(
                t(it="Nuovo PIN della casella", en="New mailbox PIN"),
                t(
                    it="Per ascoltare i messaggi da un altro telefono.",
                    en="To listen to messages from another phone.",
                ),
                lines.new_pin,
            ),
            deed(
                t(it="Togli il secondo passaggio", en="Remove the second step"),
                t(
                    it="Per chi ha perso telefono e codici di recupero: accede con la password.",
                    en="For who lost phone and recovery codes: the password alone signs in.",
                ),
                lines.drop_factors,
                button=t(it="Togli", en="Remove"),
            ),
            class_name="plain",
        ),
        rx.el.hr(class_name="rule"),
        rx.el.button(
            icon("trash-2", "s"),
            t(it="Elimina la linea…", en="Delete the line…"),
            type="button",
            class_name="btn dtext",
            on_click=lines.ask_delete(lines.opened),
        ),
    )
