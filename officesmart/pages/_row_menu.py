"""The menu of a row, that its name and its three dots open."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.dialler import Dialler
from officesmart.i18n import t
from officesmart.theme import icon


def menu(name: Any, kind: str, items: list[rx.Component], *inside: rx.Component) -> rx.Component:
    return rx.dropdown_menu.root(
        rx.dropdown_menu.trigger(
            rx.el.button(*inside, type="button", class_name=kind, aria_label=name)
        ),
        rx.dropdown_menu.content(*items, class_name="menu-content"),
        modal=False,
    )


def item(glyph: str, words: Any, does: Any, **props: Any) -> rx.Component:
    return rx.dropdown_menu.item(icon(glyph), words, on_select=does, **props)


def call_item(row: Any) -> rx.Component:
    return rx.cond(
        row.number != "",
        item(
            "phone",
            t(it="Componi dal proprio numero", en="Dial from my own number"),
            Dialler.call_back(row.number, row.name),
        ),
        rx.el.div(
            t(it="Il numero è nascosto", en="The number is hidden"), class_name="menu-who small mut"
        ),
    )
