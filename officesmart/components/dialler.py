"""The dialler: rings my phone, then the number, and follows the call (guide chapter 11).

A dialog of the browser's own, so that Escape, focus and screen readers work as everywhere; the same
pieces stand alone in a small window (pages/dialler_window.py).
"""

from __future__ import annotations

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors  # type: ignore[import-untyped]

from officesmart.components.dialler_field import fault, number_field
from officesmart.components.dialler_origin import FORM, origin
from officesmart.components.dialler_progress import (
    how_it_ended,
    how_it_stands,
    progress,
    timer,
    with_whom,
)
from officesmart.components.dialler_state import Dialler
from officesmart.components.dialogs import cross, opens
from officesmart.i18n import t
from officesmart.page import Portal
from officesmart.theme import icon, note

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
        custom_attrs=opens(Portal.dialler, passing=Portal.dial_stage == ""),
    )


def calling() -> rx.Component:
    """The composing, or the call that is on its way."""
    return rx.fragment(
        _away(), rx.cond(Portal.dial_stage == "", compose(), progress()), _what_was_shown()
    )


def _away() -> rx.Component:
    """The banner of the page lies behind the dialog, and says nothing of a call."""
    return rx.cond(
        has_connection_errors,
        rx.el.div(
            note(
                rx.cond(
                    Portal.dial_stage == "",
                    t(
                        it="Senza collegamento al portale: si può chiamare di nuovo appena torna.",
                        en="No connection to the portal: calls can be made again once it is back.",
                    ),
                    t(
                        it="Senza collegamento al portale: quello che vedi qui può non essere più "
                        "vero. Per chiudere la chiamata riaggancia il telefono.",
                        en="No connection to the portal: what you see here may be true no longer. "
                        "To end the call hang up the phone.",
                    ),
                ),
                kind="warning",
                glyph="wifi-off",
            ),
            class_name="cut-off",
            role="alert",
        ),
    )


def _what_was_shown() -> rx.Component:
    """The call that this page shows, for assets/dialler.js, which asks what became of it when the
    portal comes back and knows nothing of it."""
    return rx.el.form(
        rx.el.input(type="hidden", name="number"),
        rx.el.input(type="hidden", name="name"),
        hidden=True,
        on_submit=Dialler.was_calling,
        custom_attrs={
            "data-call-stage": Portal.dial_stage,
            "data-number": Portal.dialled,
            "data-name": Portal.dialled_name,
        },
    )


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


def opener(words: rx.Component, *, class_name: str) -> rx.Component:
    """The button that opens the dialler; while a call made on a page goes on, how it stands.

    words: what it says otherwise.
    """
    on = (Portal.dial_stage != "") & (Portal.dial_stage != "ended")
    return rx.el.button(
        rx.cond(on, icon("phone-call"), icon("phone")),
        rx.cond(
            on,
            rx.el.span(rx.el.span(how_it_stands(), class_name="word"), " ", timer(), with_whom()),
            words,
        ),
        type="button",
        class_name=rx.cond(on, f"{class_name} on-call p-busy", class_name),
        aria_haspopup="dialog",
        on_click=Dialler.open_dialler,
    )


__all__ = [
    "WINDOW",
    "Dialler",
    "calling",
    "dialler",
    "fault",
    "how_it_ended",
    "number_field",
    "opener",
    "timer",
]
