"""The field that searches while it is typed into."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.i18n import t
from officesmart.theme import icon


def search_field(
    words: Any,
    does: Any,
    *,
    hint: Any = None,
    longest: int = 200,
    wait_ms: int = 200,
    kind: str = "in search",
    after: Any = None,
    **props: Any,
) -> rx.Component:
    """A magnifier and the field.

    words: its name for who does not see it; hint: what stands in it while it is empty. does: the
    handler, told the text once nothing was typed for `wait_ms`. longest: in characters. after:
    what stands behind the field, such as a cross that clears it.
    """
    return rx.el.div(
        icon("search", "s mut"),
        rx.el.input(
            type="search",
            placeholder=t(it="Cerca", en="Search") if hint is None else hint,
            aria_label=words,
            auto_complete="off",
            max_length=longest,
            on_change=does.debounce(wait_ms),
            **props,
        ),
        *([after] if after is not None else []),
        class_name=kind,
    )
