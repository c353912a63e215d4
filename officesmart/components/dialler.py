"""The dialler: rings my phone, then the number, and follows the call (guide chapter 11).

A dialog of the browser's own, so that Escape, focus and screen readers work as everywhere; the same
pieces stand alone in a small window (pages/dialler_window.py).
"""

from __future__ import annotations

import reflex as rx

from officesmart.components.dialler_field import fault, number_field
from officesmart.components.dialler_origin import FORM, origin
from officesmart.components.dialler_progress import how_it_ended, progress, timer
from officesmart.components.dialler_state import Dialler
from officesmart.components.dialogs import cross
from officesmart.i18n import t
from officesmart.page import Portal
from officesmart.theme import icon

WINDOW = "/componi"


def dialler() -> rx.Component:
    """The dialog; present on every page, shown when asked for."""
    return rx.el.dialog(
        rx.el.header(
            rx.el.h2(t(it="Chiamata", en="Call"), id="dialler-title"),
            rx.el.span(
                rx.el.button(
                    icon("picture-in-picture-2"),
                    type="button",
                    class_name="ib hide-s",
                    aria_label=t(it="Apri in una finestra", en="Open in a window"),
                    title=t(it="Apri in una finestra", en="Open in a window"),
                    custom_attrs={"data-window": WINDOW},
                ),
                cross(Dialler.close_dialler),
                class_name="row end",
            ),
        ),
        rx.el.p(
            icon("circle-alert", "xs"),
            t(
                it="Il browser ha bloccato la finestra: consenti le finestre di questo sito, o "
                "chiama da qui.",
                en="The browser has blocked the window: allow this site to open windows, or call "
                "from here.",
            ),
            class_name="blocked",
            role="alert",
            hidden=True,
        ),
        calling(),
        class_name="dialog dialler",
        aria_labelledby="dialler-title",
        custom_attrs={"data-open": rx.cond(Portal.dialler, "true", "false")},
    )


def calling() -> rx.Component:
    """The composing, or the call that is on its way."""
    return rx.cond(Portal.dial_stage == "", compose(), progress())


def compose() -> rx.Component:
    """Whom to call, and from where."""
    return rx.el.div(
        rx.el.form(
            number_field("dial-number"),
            id=FORM,
            on_submit=Dialler.dial_typed,
            no_validate=True,
        ),
        origin(),
        rx.el.button(
            icon("phone"),
            t(it="Componi", en="Dial"),
            type="submit",
            form=FORM,
            class_name="btn pri lg wide",
        ),
        class_name="dialog-body stack",
    )


__all__ = [
    "WINDOW",
    "Dialler",
    "calling",
    "dialler",
    "fault",
    "how_it_ended",
    "number_field",
    "timer",
]
