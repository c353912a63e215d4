"""Windows over the page: how one is drawn, the ways out of it, and the question before a deed.

assets/portal.js opens a window whose `data-open` is true, and presses its `data-dismiss` for Escape
and for a click beside it; which deed that is, the page's State says.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx

from officesmart.i18n import t
from officesmart.theme import icon


def opens(is_open: Any, *, passing: Any = True, asked: str = "") -> dict[str, Any]:
    """The custom_attrs of a window, for portal.js.

    passing: it is put away when the page is loaded again or come back to, for nothing would be
    lost by that. asked: the parameter of the address that asks for the window: with it the window
    stays, and the parameter goes when the window is closed.
    """
    told: dict[str, Any] = {
        "data-open": rx.cond(is_open, "true", "false"),
        "data-passing": rx.cond(passing, "true", "false"),
    }
    return told | {"data-asked": asked} if asked else told


def dialog(
    name: str,
    title: Any,
    *body: Any,
    is_open: Any,
    footer: Sequence[rx.Component],
    passing: bool = False,
    **props: Any,
) -> rx.Component:
    """A window with buttons below; its body is there only while it is open. For passing see
    `opens`."""
    return rx.el.dialog(
        rx.cond(
            is_open,
            rx.fragment(
                rx.el.div(
                    rx.el.h2(title, id=f"{name}-title"),
                    *body,
                    class_name="dialog-body stack tight",
                ),
                rx.el.footer(*footer),
            ),
        ),
        class_name="dialog",
        aria_labelledby=f"{name}-title",
        custom_attrs=opens(is_open, passing=passing),
        **props,
    )


def question(
    name: str, title: Any, *body: Any, is_open: Any, does: rx.Component, spares: Any
) -> rx.Component:
    """What is asked before it is done. does: the button that does it; spares: Annulla's handler."""
    return dialog(
        name,
        title,
        *body,
        is_open=is_open,
        footer=(cancel(spares), does),
        passing=True,
        role="alertdialog",
    )


def cross(does: Any, words: Any = None, *, leaves: bool = False, kind: str = "ib") -> rx.Component:
    """The way out at the top. words: other than *Chiudi la finestra*; leaves: what was typed in the
    window is asked about first (unsaved.js)."""
    return rx.el.button(
        icon("x"),
        type="button",
        class_name=kind,
        aria_label=t(it="Chiudi la finestra", en="Close the window") if words is None else words,
        on_click=does,
        custom_attrs={"data-dismiss": ""} | ({"data-leaves": ""} if leaves else {}),
    )


def cancel(does: Any, words: Any = None, *, kind: str = "btn", **props: Any) -> rx.Component:
    """The way out at the foot. words: other than *Annulla*."""
    return rx.el.button(
        t(it="Annulla", en="Cancel") if words is None else words,
        type="button",
        class_name=kind,
        on_click=does,
        custom_attrs={"data-dismiss": ""},
        **props,
    )


def danger(words: Any, does: Any, *, glyph: str = "trash-2", **props: Any) -> rx.Component:
    """The way that cannot be undone. glyph: its picture, '' for none."""
    picture = [icon(glyph, "s")] if glyph else []
    return rx.el.button(
        *picture, words, type="button", class_name="btn danger", on_click=does, **props
    )
