"""A menu that a button opens: its items, and the words that stand in it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.theme import icon


def menu(
    button: rx.Component, *items: Any, on_open: Any = None, kind: str = "", **props: Any
) -> rx.Component:
    """button: opens it. on_open: a handler that is told whether it opens or closes. props: of the
    menu itself, such as `align`. The page behind stays as it is: it can be scrolled."""
    told = {} if on_open is None else {"on_open_change": on_open}
    return rx.dropdown_menu.root(
        rx.dropdown_menu.trigger(button),
        rx.dropdown_menu.content(*items, class_name=f"menu-content {kind}".strip(), **props),
        modal=False,
        **told,
    )


def item(glyph: str, words: Any, does: Any = None, **props: Any) -> rx.Component:
    """A line of the menu, and the event it sends; without one a script finds it by `props`."""
    sends = {} if does is None else {"on_select": does}
    return rx.dropdown_menu.item(icon(glyph), words, **sends, **props)


def link_item(anchor: rx.Component, **props: Any) -> rx.Component:
    """A line of the menu that is a link."""
    return rx.dropdown_menu.item(anchor, as_child=True, **props)


def only_words(words: Any) -> rx.Component:
    """What stands in a menu and does nothing: why there is no item."""
    return rx.el.div(words, class_name="menu-who small mut")


def separator() -> rx.Component:
    """A line between two kinds of items."""
    return rx.dropdown_menu.separator()
