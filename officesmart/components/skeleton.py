"""The boxes of what is coming, while the server says who is here: nothing jumps when it has.

A page of the administration has its navigation at once, because that asks nobody.
"""

from __future__ import annotations

from collections.abc import Callable

import reflex as rx

from officesmart.administration.pieces import administration, room_of
from officesmart.i18n import t
from officesmart.page import Page


def waiting(page: Page) -> rx.Component:
    """What stands in a page's place; by its shape; an administrator's page is a table."""
    shape = SHAPES[page.shape or ("table" if page.needs == "admin" else "list")]
    boxes = rx.el.div(
        shape(),
        aria_busy=True,
        aria_label=t(it="Caricamento", en="Loading"),
        role="status",
        class_name="skeleton",
    )
    if page.needs != "admin":
        return boxes
    return administration(room_of(page.route), rx.el.div(boxes, class_name="adm-main compact"))


def _bar(*more: str) -> rx.Component:
    return rx.el.span(class_name=" ".join(("sk", *more)))


def _title(*, button: bool = False) -> rx.Component:
    return rx.el.div(_bar("title"), *([_bar("button", "end")] if button else []), class_name="head")


def _row(*, disc: bool = True) -> rx.Component:
    words = rx.el.span(_bar(), _bar("half"), class_name="two")
    return rx.el.div(*([_bar("disc")] if disc else []), words, class_name="sk-row")


def _panel(rows: int, *, disc: bool = True) -> rx.Component:
    return rx.el.div(
        _bar("half"), *(_row(disc=disc) for _ in range(rows)), class_name="panel sk-panel"
    )


def _table() -> rx.Component:
    """Search above, lines of four columns below."""
    row = rx.el.div(_bar("box"), *(_bar() for _ in range(4)), class_name="sk-row line")
    return rx.fragment(
        _title(button=True),
        rx.el.div(_bar("field"), *[row] * 7, class_name="panel sk-panel table"),
    )


def _form() -> rx.Component:
    """Labels and fields, with a smaller panel beside."""
    field = rx.el.div(_bar("half"), _bar("field"), class_name="sk-field")
    return rx.fragment(
        _title(),
        rx.el.div(
            rx.el.div(_bar("half"), *[field] * 4, class_name="panel sk-panel"),
            _panel(2, disc=False),
            class_name="mg",
        ),
    )


def _list() -> rx.Component:
    """Rows with a button at their start, with a smaller panel beside."""
    return rx.fragment(_title(), rx.el.div(_panel(5), _panel(2, disc=False), class_name="mg"))


def _cards() -> rx.Component:
    """The three columns of Home."""
    return rx.el.div(
        rx.el.div(_panel(3, disc=False), class_name="stack lft"),
        rx.el.div(_panel(1), _panel(5), class_name="stack mid"),
        rx.el.div(_panel(2), class_name="stack"),
        class_name="hg",
    )


SHAPES: dict[str, Callable[[], rx.Component]] = {
    "cards": _cards,
    "form": _form,
    "list": _list,
    "table": _table,
}
