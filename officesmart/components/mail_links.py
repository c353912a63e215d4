"""Where the links in mails lead, and a warning while nobody has said."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.i18n import t
from officesmart.theme import icon, link, note, panel

SETTINGS = "/admin/impostazioni"


def mail_links(address: Any, state: Any) -> rx.Component:
    """state: 'set', 'guess' (made from the server's own settings) or 'here' (this machine only)."""
    return panel(
        t(it="Collegamenti nelle mail", en="Links in mails"),
        rx.el.div(
            rx.el.p(
                icon("link", "s"),
                rx.el.span(address, class_name="num", translate="no"),
                class_name="row",
            ),
            rx.match(
                state,
                (
                    "here",
                    note(
                        t(
                            it="Chi chiede una nuova password riceve un collegamento che si apre "
                            "solo su questo computer: imposta l'indirizzo del portale. ",
                            en="Whoever asks for a new password gets a link that opens on this "
                            "computer only: set the portal's address. ",
                        ),
                        _settings(),
                        kind="warning",
                        glyph="triangle-alert",
                    ),
                ),
                (
                    "guess",
                    note(
                        t(
                            it="È l'indirizzo su cui il portale è stato avviato. Se da fuori ha "
                            "un altro nome, impostalo. ",
                            en="It is the address that the portal was started on. If it has "
                            "another name from outside, set it. ",
                        ),
                        _settings(),
                        kind="warning",
                        glyph="triangle-alert",
                    ),
                ),
                rx.fragment(),
            ),
            class_name="pad stack tight",
        ),
    )


def _settings() -> rx.Component:
    return link(
        t(it="Apri le impostazioni", en="Open the settings"), href=SETTINGS, class_name="as-link"
    )
