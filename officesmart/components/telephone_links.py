"""Telephone numbers on other web pages open here: what that is, and the button that asks for it.

The browser asks the person; it does not tell us the answer (HTML, custom scheme handlers).
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.dialler import WINDOW
from officesmart.i18n import t
from officesmart.theme import icon, note


def telephone_links() -> rx.Component:
    """The button; assets/dialler.js presses the browser's own."""
    return rx.el.div(
        rx.el.h3(t(it="Numeri nelle altre pagine web", en="Numbers on other web pages")),
        rx.el.p(
            t(
                it="Un clic su un numero di telefono in una pagina o in una mail apre il "
                "compositore con quel numero. Non parte nessuna chiamata finché non premi Componi.",
                en="A click on a telephone number on a page or in a mail opens the dialler with "
                "that number. No call is made until you press Dial.",
            ),
            class_name="hint",
        ),
        rx.el.button(
            icon("link"),
            t(it="Apri qui i numeri di telefono", en="Open telephone numbers here"),
            type="button",
            class_name="btn",
            custom_attrs={"data-links": WINDOW},
        ),
        rx.el.div(
            _said(
                "asked",
                note(
                    t(
                        it="Il browser chiede se permetterlo: rispondi Consenti. Si cambia nelle "
                        "impostazioni del browser, alla voce dei gestori di protocollo.",
                        en="The browser asks whether to allow it: answer Allow. It is changed in "
                        "the browser's settings, under protocol handlers.",
                    ),
                    kind="info",
                    glyph="info",
                ),
            ),
            _said(
                "cannot",
                note(
                    t(
                        it="Questo browser non lo permette: serve l'indirizzo https del portale, "
                        "su un computer. Puoi copiare il numero e incollarlo nel compositore.",
                        en="This browser does not allow it: it takes the portal's https address, "
                        "on a computer. You can copy a number and paste it into the dialler.",
                    ),
                    kind="warning",
                    glyph="triangle-alert",
                ),
            ),
            role="status",
        ),
        class_name="stack tight",
    )


def _said(name: str, inside: Any) -> rx.Component:
    return rx.el.div(inside, hidden=True, custom_attrs={"data-links-said": name})
