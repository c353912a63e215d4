"""In a line's panel: how its owner gets in, what is handed out, and the end of the line.

Pieces only; the State (`_lines_*.py`) is handed in by admin_lines.py.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.pieces import WHOLE
from officesmart.components.role import VIEW_AS
from officesmart.i18n import t
from officesmart.theme import hidden, icon, link, note, text_of
from officesmart.welcome.routes import SHEET


def access(lines: Any) -> rx.Component:
    """First sign-in, security e-mail, new password and PIN, the welcome sheet, deleting."""
    known = lines.access
    return rx.fragment(
        rx.cond(
            known.welcomed == "",
            note(
                rx.el.p(
                    rx.el.b(
                        t(
                            it="Deve ancora fare il primo accesso",
                            en="The first sign-in is still to do",
                        )
                    )
                ),
                rx.el.p(
                    t(
                        it="Al primo accesso sceglie una password sua e un'e-mail di sicurezza.",
                        en="The first time, its owner chooses a password and a security e-mail.",
                    )
                ),
                rx.cond(
                    known.mail_to != "",
                    rx.el.button(
                        icon("mail", "s"),
                        t(it="Invia di nuovo le istruzioni", en="Send the instructions again"),
                        type="button",
                        class_name="btn sm",
                        on_click=lines.send_instructions,
                    ),
                    rx.el.p(
                        t(
                            it="Per inviare le istruzioni scrivi un'e-mail in Generale.",
                            en="To send the instructions, write an e-mail under General.",
                        ),
                        class_name="small",
                    ),
                ),
                kind="info",
                glyph="door-open",
            ),
        ),
        rx.el.dl(
            _fact(
                t(it="Primo accesso", en="First sign-in"),
                rx.cond(known.welcomed != "", known.welcomed, t(it="da fare", en="to do")),
            ),
            _fact(
                t(it="E-mail di sicurezza", en="Security e-mail"),
                rx.cond(
                    known.security_email != "",
                    known.security_email,
                    t(it="non ancora scelta", en="not chosen yet"),
                ),
                t(
                    it="La cambia solo chi usa la linea, dal suo profilo.",
                    en="Only the line's owner changes it, in the profile.",
                ),
            ),
            _fact(
                t(it="PIN della casella", en="Mailbox PIN"),
                rx.cond(known.has_pin, t(it="impostato", en="set"), t(it="manca", en="missing")),
            ),
            class_name="facts",
        ),
        rx.el.ul(
            _deed(
                t(it="Nuova password del portale", en="New portal password"),
                t(
                    it="La vecchia smette di valere, i browser della linea escono e il prossimo "
                    "accesso è di nuovo il primo.",
                    en="The old one stops working, the line's browsers are signed out, and the "
                    "next sign-in is a first one again.",
                ),
                lines.new_portal,
            ),
            _deed(
                t(it="Nuovo PIN della casella", en="New mailbox PIN"),
                t(
                    it="Per ascoltare i messaggi da un altro telefono.",
                    en="To listen to messages from another phone.",
                ),
                lines.new_pin,
            ),
            _deed(
                t(it="Togli il secondo passaggio", en="Remove the second step"),
                t(
                    it="Per chi ha perso telefono e codici di recupero: accede con la password.",
                    en="For who lost phone and recovery codes: the password alone signs in.",
                ),
                lines.drop_factors,
                button=t(it="Togli", en="Remove"),
            ),
            rx.el.li(
                rx.el.span(
                    rx.el.b(t(it="Vedi come utente", en="See as user")),
                    rx.el.span(
                        t(
                            it="Il portale come lo vede questa linea, in sola lettura. La persona "
                            "lo sa da una mail.",
                            en="The portal as this line sees it, reading only. The person is told "
                            "by mail.",
                        ),
                        class_name="small t2",
                    ),
                    class_name="two grow",
                ),
                link(
                    icon("eye", "s"),
                    t(it="Vedi", en="See"),
                    href=f"{VIEW_AS}?interno={lines.card.extension}",
                    class_name="btn sm",
                    aria_label=t(it="Vedi come utente", en="See as user"),
                ),
            ),
            rx.el.li(
                rx.el.span(
                    rx.el.b(t(it="Foglio di benvenuto", en="Welcome sheet")),
                    rx.el.span(
                        t(
                            it="Un A4 con interno, segreteria, codici e come collegare un "
                            "telefono. Senza password: quelle si stampano quando si creano.",
                            en="One A4 page with extension, voicemail, codes and how to connect a "
                            "phone. Without passwords: those are printed when they are made.",
                        ),
                        class_name="small t2",
                    ),
                    class_name="two grow",
                ),
                rx.el.a(
                    icon("printer", "s"),
                    t(it="Stampa", en="Print"),
                    hidden(t(it=" il foglio di benvenuto", en=" the welcome sheet")),
                    href=f"{SHEET}?linee=" + text_of(lines.opened),
                    download=True,
                    **WHOLE,
                    class_name="btn sm",
                ),
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


def _fact(name: Any, value: Any, hint: Any = None) -> rx.Component:
    return rx.el.div(
        rx.el.dt(name, class_name="small t2"),
        rx.el.dd(
            value,
            rx.el.span(hint, class_name="hint") if hint is not None else rx.fragment(),
            class_name="two",
        ),
        class_name="two",
    )


def _deed(title: Any, words: Any, does: Any, *, button: Any = None) -> rx.Component:
    return rx.el.li(
        rx.el.span(rx.el.b(title), rx.el.span(words, class_name="small t2"), class_name="two grow"),
        rx.el.button(
            t(it="Nuova", en="New") if button is None else button,
            type="button",
            class_name="btn sm",
            aria_label=title,
            on_click=does,
        ),
    )
