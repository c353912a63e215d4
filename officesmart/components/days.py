"""A list of the past, day by day: a heading for each day, its rows under it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx


def by_day(
    days: Any, row: Callable[[Any], rx.Component], *, heading: Any = rx.el.h2, kind: str = ""
) -> rx.Component:
    """`days` are lists.CallDay or MessageDay, `row` draws one of their rows, `kind` the list."""
    props = {"class_name": kind} if kind else {}
    return rx.foreach(
        days,
        lambda day: rx.el.div(
            heading(day.heading, class_name="day"),
            rx.el.ul(rx.foreach(day.rows, row), **props),
            key=day.heading,
        ),
    )
