"""The path of a call, drawn: a line with stops. Each has a point, a title and a detail.

The list around them is the caller's: `rx.el.ol(..., class_name="route")`, `route v` when it goes
down.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.theme import icon


def point(glyph: str, *, kind: str = "") -> rx.Component:
    """The mark of a stop; filled in the colour of `kind` ('busy', 'warning') when it has one."""
    return rx.el.span(icon(glyph), class_name=f"pt fill p-{kind}" if kind else "pt")


def stop(
    mark: rx.Component, title: Any, detail: Any, *, when: Any = None, gone: Any = False
) -> rx.Component:
    """One stop. `when`: the small words above its title; gone: the call goes on from here."""
    above = [] if when is None else [rx.el.span(when, class_name="when")]
    return rx.el.li(
        mark,
        *above,
        rx.el.b(title),
        rx.el.span(detail, class_name="small"),
        class_name=("stop go" if gone else "stop")
        if isinstance(gone, bool)
        else rx.cond(gone, "stop go", "stop"),
    )
