"""The window with new credentials: seen once, printed, or scanned by a softphone.

Pieces only; the State (`_lines_handed.py`) is handed in by admin_lines.py.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.pieces import WHOLE
from officesmart.components.dialogs import cancel, dialog
from officesmart.i18n import t
from officesmart.theme import icon, note, number_of


def credentials(lines: Any) -> rx.Component:
    """What was made just now."""
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
        rx.el.dl(rx.foreach(lines.shown, _secret)),
        rx.cond(lines.softphone.address != "", _softphone(lines.softphone)),
        rx.el.p(
            role="status",
            class_name="small",
            custom_attrs={"data-copy-said": ""},
            on_unmount=lines.forget_shown,
        ),
        is_open=number_of(lines.shown) > 0,
        footer=(
            rx.el.a(
                icon("printer", "s"),
                t(it="Stampa il foglio", en="Print the sheet"),
                href=lines.sheet,
                download=True,
                **WHOLE,
                class_name="btn",
            ),
            cancel(lines.forget_shown, t(it="Ho finito", en="Done"), kind="btn pri"),
        ),
    )


def _secret(each: Any) -> rx.Component:
    return rx.el.div(
        rx.el.dt(
            rx.match(
                each.kind,
                ("portal", t(it="Password del portale", en="Portal password")),
                ("pin", t(it="PIN della casella", en="Mailbox PIN")),
                t(it="Password SIP", en="SIP password"),
            ),
            rx.el.span(t(it="utente ", en="user "), each.user, class_name="small mut num"),
            class_name="two",
        ),
        rx.el.dd(
            rx.el.code(each.value),
            _copy(each.value),
        ),
        key=each.kind,
        class_name="credential",
    )


def _copy(value: Any) -> rx.Component:
    return rx.el.button(
        icon("copy", "s"),
        rx.el.span(t(it="Copia", en="Copy")),
        type="button",
        class_name="btn sm",
        custom_attrs={"data-copy": value, "data-said": t(it="Copiato", en="Copied")},
    )


def _softphone(phone: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h3(t(it="Sul cellulare o sul computer", en="On a mobile or a computer")),
        rx.cond(
            phone.code != "",
            rx.el.div(
                rx.el.img(
                    src=phone.code,
                    alt=t(
                        it="Codice QR con le impostazioni per Linphone",
                        en="QR code with the settings for Linphone",
                    ),
                    class_name="qr",
                ),
                rx.el.div(
                    rx.el.p(
                        t(
                            it="In Linphone scegli «Configurazione remota» e inquadra il codice. "
                            "Vale una volta, per dieci minuti e finché questa finestra è aperta.",
                            en="In Linphone choose “Remote configuration” and scan the code. It "
                            "works once, for ten minutes and while this window is open.",
                        )
                    ),
                    rx.el.a(
                        icon("smartphone", "s"),
                        t(it="Apri in Linphone", en="Open in Linphone"),
                        href=phone.link,
                        **WHOLE,
                        class_name="btn sm",
                    ),
                    class_name="stack tight grow",
                ),
                class_name="row wrap scan",
            ),
        ),
        rx.cond(
            (phone.code == "") | ~phone.portal_set,
            note(
                rx.cond(
                    phone.code == "",
                    t(
                        it="Il codice QR serve solo se il telefono raggiunge il portale: "
                        "imposta l'indirizzo del portale in Impostazioni ufficio.",
                        en="A QR code works only if the phone can reach the portal: set the "
                        "portal's address in the office settings.",
                    ),
                    t(
                        it="Il telefono deve raggiungere il portale all'indirizzo che usi tu "
                        "adesso. Se ne ha un altro, impostalo in Impostazioni ufficio.",
                        en="The phone must reach the portal at the address that you use now. If "
                        "it has another, set it in the office settings.",
                    ),
                ),
                kind="info",
                glyph="info",
            ),
        ),
        rx.el.dl(
            rx.el.div(
                rx.el.dt(t(it="Altri softphone", en="Other softphones")),
                rx.el.dd(rx.el.code(phone.address), _copy(phone.address)),
                class_name="credential",
            ),
        ),
        rx.el.p(
            t(it="Server ", en="Server "),
            rx.el.b(phone.server),
            t(it=", porta ", en=", port "),
            rx.el.b(phone.port),
            t(it=", trasporto ", en=", transport "),
            rx.el.b(rx.cond(phone.transport != "", phone.transport, "UDP / TCP")),
            class_name="small t2",
        ),
        class_name="stack tight",
    )
