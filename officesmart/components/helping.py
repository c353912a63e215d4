"""The question mark of a panel, and the short explanations that it opens."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.i18n import t
from officesmart.theme import icon


def about(it: str, en: str, words_it: str, words_en: str) -> rx.Component:
    """One explanation: what it is about, then the words."""
    return rx.el.p(rx.el.b(t(it=it, en=en)), " ", t(it=words_it, en=words_en))


def help_button(name: Any, *explanations: rx.Component) -> rx.Component:
    """A panel's question mark; `name` says to a screen reader what the help is on."""
    return rx.popover.root(
        rx.popover.trigger(
            rx.el.button(icon("circle-help"), type="button", class_name="ib", aria_label=name)
        ),
        rx.popover.content(
            rx.el.div(*explanations, class_name="stack tight small"),
            align="end",
            class_name="helps",
            aria_label=name,
        ),
    )
