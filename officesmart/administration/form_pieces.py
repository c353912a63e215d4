"""Pieces of a form that is edited: who changed what meanwhile, what is wrong."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.i18n import t
from officesmart.theme import icon, note


def clash_note(said: Any, *, theirs: Any, mine: Any) -> rx.Component:
    """Somebody else saved first: whose changes stay? said: who changed what; '' for nobody."""
    return rx.cond(
        said != "",
        note(
            rx.el.p(rx.el.b(said)),
            rx.el.p(
                t(
                    it="Le tue modifiche non sono salvate: scegli quali restano.",
                    en="Your changes are not saved: choose which ones stay.",
                )
            ),
            rx.el.span(
                rx.el.button(
                    t(it="Tieni le sue", en="Keep theirs"),
                    type="button",
                    class_name="btn sm",
                    on_click=theirs,
                ),
                rx.el.button(
                    t(it="Tieni le mie", en="Keep mine"),
                    type="button",
                    class_name="btn pri sm",
                    on_click=mine,
                ),
                class_name="row wrap",
            ),
            kind="warning",
            glyph="triangle-alert",
            role="alert",
        ),
    )


def fault_note(fault: Any) -> rx.Component:
    """What is wrong with the whole of it."""
    return rx.cond(fault != "", note(fault, kind="dnd", glyph="circle-alert", role="alert"))


def panel_head(title: Any, under: Any, close: Any) -> rx.Component:
    """The head of a panel: what is open in it, and the way out."""
    return rx.el.header(
        rx.el.div(
            rx.el.h2(title, id="panel-title", tab_index=-1, custom_attrs={"data-title": ""}),
            under,
            class_name="grow two",
        ),
        rx.el.button(
            icon("x"),
            type="button",
            class_name="ib",
            aria_label=t(it="Chiudi il pannello", en="Close the panel"),
            on_click=close,
            custom_attrs={"data-close": "", "data-leaves": ""},
        ),
        class_name="row",
    )


def mover(glyph: str, words: Any, does: Any, *, name: Any, ended: Any) -> rx.Component:
    """A button that moves a row; it keeps the focus while its row moves (administration.js)."""
    return rx.el.button(
        icon(glyph, "s"),
        type="button",
        class_name="ib",
        id=name,
        aria_label=words,
        aria_disabled=rx.cond(ended, "true", "false"),
        on_click=does,
        custom_attrs={"data-moves": ""},
    )
