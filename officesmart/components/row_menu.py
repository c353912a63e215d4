"""What rows share: the mark of a new one, and the menus of who it was and of a number.

A row's name and its three dots open the same menu.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.dialler import Dialler
from officesmart.i18n import t
from officesmart.theme import icon


def new_dot(row: Any, words: Any) -> rx.Component:
    """The mark of a row that waits for somebody; an empty place on the others."""
    return rx.cond(row.fresh, rx.el.span(class_name="newdot", title=words), rx.el.span())


def name_menu(row: Any, items: list[rx.Component]) -> rx.Component:
    """Who it was; opens the menu."""
    return _menu(row.name, "who cut", items, rx.el.span(row.name))


def more_menu(row: Any, items: list[rx.Component]) -> rx.Component:
    """The three dots at the end of a row; they open the menu."""
    return _menu(t(it="Azioni: ", en="Actions: ") + row.name, "ib", items, icon("ellipsis"))


def _menu(name: Any, kind: str, items: list[rx.Component], inside: rx.Component) -> rx.Component:
    return rx.dropdown_menu.root(
        rx.dropdown_menu.trigger(
            rx.el.button(inside, type="button", class_name=kind, aria_label=name)
        ),
        rx.dropdown_menu.content(*items, class_name="menu-content"),
        modal=False,
    )


def item(glyph: str, words: Any, does: Any, **props: Any) -> rx.Component:
    """A line of the menu, and the event it sends."""
    return rx.dropdown_menu.item(icon(glyph), words, on_select=does, **props)


def call_item(row: Any) -> rx.Component:
    """Call who it was; a number that was withheld cannot be."""
    return rx.cond(
        row.number != "",
        item(
            "phone",
            t(it="Componi dal proprio numero", en="Dial from my own number"),
            Dialler.call_back(row.number, row.name),
        ),
        rx.el.div(
            t(it="Nessun numero da chiamare", en="No number to call"),
            class_name="menu-who small mut",
        ),
    )


def contact_item(row: Any) -> rx.Component:
    """Add who it was to one's contacts, when none of them has the number."""
    return rx.cond(
        row.can_add,
        item(
            "user-plus",
            t(it="Aggiungi ai contatti", en="Add to contacts"),
            rx.redirect("/contatti?nuovo=" + row.number.replace("+", "%2B")),
        ),
    )


def number_menu(shown: Any, dial: Any, name: Any, kind: str = "") -> rx.Component:
    """A number, and what can be done with it."""
    return rx.dropdown_menu.root(
        rx.dropdown_menu.trigger(
            rx.el.button(shown, type="button", class_name=f"as-link num nw {kind}".strip())
        ),
        rx.dropdown_menu.content(
            item(
                "phone",
                t(it="Componi dal proprio numero", en="Dial from my own number"),
                Dialler.call_back(dial, name),
            ),
            item("copy", t(it="Copia il numero", en="Copy the number"), rx.set_clipboard(dial)),
            class_name="menu-content",
        ),
        modal=False,
    )
