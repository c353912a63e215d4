"""The cards of *Sicurezza*: a thing, how it stands, a pencil, and the form behind it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.posts import confirm
from officesmart.i18n import t
from officesmart.pages._profile_state import Profile
from officesmart.theme import icon


def card(
    glyph: str,
    title: Any,
    words: Any,
    *forms: rx.Component,
    state: Any = None,
    button: rx.Component | None = None,
) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(icon(glyph), class_name="ico"),
            rx.el.div(
                rx.el.span(
                    rx.el.h3(title), *([state] if state is not None else []),
                    class_name="row wrap tight",
                ),
                rx.el.span(words, class_name="small t2"),
                class_name="grow two",
            ),
            *([button] if button is not None else []),
            class_name="card-head",
        ),
        *forms,
    )  # fmt: skip


def pencil(form: str, words: Any) -> rx.Component:
    """The guide's pencil."""
    return rx.el.button(
        icon("pencil"),
        type="button",
        class_name=rx.cond(Profile.opened == form, "ib on", "ib"),
        aria_label=words,
        aria_expanded=rx.cond(Profile.opened == form, "true", "false"),
        title=words,
        on_click=Profile.open(form),
        custom_attrs={"data-opens": form},
    )


def opener(form: str, words: Any, *, kind: str = "btn sm") -> rx.Component:
    return rx.el.button(
        words,
        type="button",
        class_name=kind,
        aria_expanded=rx.cond(Profile.opened == form, "true", "false"),
        on_click=Profile.open(form),
        custom_attrs={"data-opens": form},
    )


def when_open(form: Any, *content: rx.Component) -> rx.Component:
    return rx.cond(Profile.opened == form, rx.el.div(*content, class_name="card-form"))


def foot(form: str, words: Any) -> list[rx.Component]:
    return confirm(words, cancel=Profile.close, done=Profile.settled, form=form)


CONFIRM = t(it="Conferma", en="Confirm")
