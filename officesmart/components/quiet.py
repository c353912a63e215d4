"""A line on which nothing goes on: what would happen if somebody called now."""

from __future__ import annotations

import reflex as rx

from officesmart.components.route import point, stop
from officesmart.i18n import t
from officesmart.page import Portal
from officesmart.theme import number_of


def quiet() -> rx.Component:
    """In words, and as the path that a call would take."""
    return rx.el.div(
        rx.el.p(
            rx.cond(
                number_of(Portal.phones) == 0,
                t(
                    it="Nessun telefono collegato: chi ti chiama trova subito la segreteria.",
                    en="No phone is connected: whoever calls you gets voicemail at once.",
                ),
                rx.cond(
                    number_of(Portal.phones) == 1,
                    t(
                        it="Nessuna chiamata in corso. Se ti chiamano, squilla il tuo telefono.",
                        en="No call in progress. If somebody calls, your phone rings.",
                    ),
                    t(
                        it="Nessuna chiamata in corso. Se ti chiamano, squillano insieme i tuoi "
                        f"{number_of(Portal.phones)} telefoni.",
                        en="No call in progress. If somebody calls, your "
                        f"{number_of(Portal.phones)} phones ring together.",
                    ),
                ),
            ),
            class_name="say",
        ),
        rx.el.ol(
            stop(
                point("phone-incoming"),
                t(it="Chiamata", en="A call"),
                "",
                when=t(it="Arriva", en="Arrives"),
                gone=True,
            ),
            rx.cond(
                number_of(Portal.phones) > 0,
                stop(
                    point("bell"),
                    t(it="I tuoi telefoni", en="Your phones"),
                    t(it="squillano tutti insieme", en="all ring together"),
                    when=t(it="subito", en="at once"),
                    gone=True,
                ),
            ),
            stop(
                point("voicemail"),
                t(it="Segreteria", en="Voicemail"),
                t(it="il messaggio appare qui", en="the message appears here"),
                when=rx.cond(
                    number_of(Portal.phones) > 0,
                    t(it="se non rispondi", en="if you don't answer"),
                    t(it="subito", en="at once"),
                ),
            ),
            class_name="route",
        ),
        class_name="pad quiet",
    )
