"""In a line's panel: its phones and their accounts.

Pieces only; the State (`_lines_*.py`) is handed in by admin_lines.py.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.pieces import field
from officesmart.administration.rules import LONGEST_LABEL
from officesmart.i18n import t
from officesmart.theme import icon, note, number_of, text_of


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


UNSET = t(it="Come l'ufficio", en="As the office")
NO_MORE = t(it="Nessun altro", en="No other")
CODECS = (("PCMA", "G.711 A (PCMA)"), ("PCMU", "G.711 µ (PCMU)"), ("G722", "G.722 (HD)"))


def _choice(
    words: Any, account: Any, value: Any, options: Any, does: Any, *, hidden: Any = False
) -> rx.Component:
    made = rx.el.label(
        rx.el.span(words, class_name="small t2"),
        rx.el.select(
            *(rx.el.option(said, value=key) for key, said in options),
            value=value,
            aria_label=words + " " + account.user,
            class_name="in sel",
            on_change=does,
        ),
        class_name="two",
    )
    return made if hidden is False else rx.cond(hidden, rx.fragment(), made)


def _codec(lines: Any, account: Any, place: int) -> Any:
    return lambda codec: lines.codec(account.id, place, codec)


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
        rx.el.div(
            _choice(
                t(it="Trasporto", en="Transport"),
                account,
                account.transport,
                (("", t(it="Qualsiasi", en="Any")), ("udp", "UDP"), ("tcp", "TCP")),
                lambda value: lines.transport(account.id, value),
            ),
            *(
                _choice(
                    t(it=f"{at + 1}° codec", en=f"Codec {at + 1}"),
                    account,
                    value,
                    (("", UNSET if at == 0 else NO_MORE), *CODECS),
                    _codec(lines, account, at),
                    hidden=False if at == 0 else before == "",
                )
                for at, (before, value) in enumerate(
                    (
                        ("", account.codec_1),
                        (account.codec_1, account.codec_2),
                        (account.codec_2, account.codec_3),
                    )
                )
            ),
            class_name="account-choices",
        ),
        rx.cond(
            account.trouble != "",
            note(account.trouble, kind="warning", glyph="triangle-alert", role="status"),
        ),
        key=text_of(account.id),
        class_name="account",
    )
