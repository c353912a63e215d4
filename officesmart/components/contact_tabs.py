"""The lists of Contatti, each a page of its own (guide 6)."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.i18n import t
from officesmart.theme import link

LISTS: tuple[tuple[str, str, str], ...] = (
    ("/contatti", "Elenco contatti", "Contact list"),
    ("/contatti/selezione-rapida", "Selezione rapida", "Speed dials"),
    ("/contatti/interni", "Interni", "Extensions"),
    ("/contatti/codici-brevi", "Codici brevi", "Short codes"),
)


def contact_page(here: str, *children: Any, buttons: tuple[rx.Component, ...] = ()) -> rx.Component:
    """One of the lists: the title, what can be done, the tabs, the list. here: its route."""
    return rx.fragment(
        rx.el.div(
            rx.el.h1(t(it="Contatti", en="Contacts")),
            rx.el.span(*buttons, class_name="end row wrap"),
            class_name="head",
        ),
        rx.el.section(
            rx.el.nav(
                *(
                    link(
                        t(it=it, en=en),
                        href=route,
                        aria_current="page" if route == here else "false",
                        class_name="tab",
                    )
                    for route, it, en in LISTS
                ),
                class_name="tabs",
                aria_label=t(it="Rubriche", en="Address books"),
            ),
            *children,
            class_name="panel",
        ),
    )
