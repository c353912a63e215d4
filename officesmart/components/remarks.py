"""What is said on top of a page: banners about the whole of it, and remarks that go away again."""

from __future__ import annotations

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors  # type: ignore[import-untyped]

from officesmart.components.around import Around
from officesmart.components.services import Services
from officesmart.i18n import t
from officesmart.page import Portal
from officesmart.theme import hidden, icon, text_of


def banners() -> rx.Component:
    """What concerns the whole page, above it."""
    return rx.el.div(
        rx.el.noscript(
            rx.el.p(
                "Office Smart ha bisogno di JavaScript: attivalo nel browser. "
                "Office Smart needs JavaScript: please switch it on.",
                class_name="banner",
            )
        ),
        rx.cond(
            has_connection_errors,
            rx.el.p(
                icon("wifi-off"),
                t(
                    it="Il portale non risponde. Riprovo da solo: quello che stai scrivendo resta "
                    "qui, e le telefonate in corso non dipendono da questa pagina.",
                    en="The portal does not answer. Trying again by itself: what you are typing "
                    "stays here, and calls in progress do not depend on this page.",
                ),
                class_name="banner p-warning",
                role="alert",
                custom_attrs={"data-offline": ""},
            ),
        ),
        rx.cond(
            Portal.ready & ~Portal.pbx_up,
            rx.el.p(
                icon("phone-off"),
                rx.el.span(
                    rx.el.b(
                        t(it="Il centralino non è attivo qui. ", en="The PBX is not running here. ")
                    ),
                    Portal.pbx_why,
                ),
                class_name="banner p-dnd",
                role="alert",
            ),
        ),
        rx.cond(
            Portal.ending_soon,
            _ending(),
        ),
        class_name="banners",
    )


def _ending() -> rx.Component:
    """Two minutes before the session ends by itself (WCAG 2.2.1); assets/door.js counts down."""
    return rx.el.div(
        icon("clock-alert"),
        rx.el.p(
            rx.el.b(
                t(it="La sessione sta per chiudersi. ", en="The session is about to end. "),
                id="ending-title",
            ),
            rx.el.span(
                t(
                    it="Se non fai nulla, si chiude da sola tra ",
                    en="If you do nothing, it ends by itself in ",
                ),
                rx.el.span("2:00", class_name="num", custom_attrs={"data-left": ""}),
                ".",
                id="ending-words",
            ),
        ),
        rx.el.button(
            t(it="Resta collegato", en="Stay signed in"),
            type="button",
            class_name="btn sm",
            on_click=Around.stay,
        ),
        hidden(
            custom_attrs={
                "data-say": t(
                    it="La sessione si chiude tra {seconds} secondi",
                    en="The session ends in {seconds} seconds",
                )
            },
            aria_live="assertive",
        ),
        class_name="banner p-warning ending",
        role="alertdialog",
        aria_labelledby="ending-title",
        aria_describedby="ending-words",
        custom_attrs={"data-ends": text_of(Portal.ends_ms)},
    )


def remarks() -> rx.Component:
    """Toasts at the edge of the page, with what can be undone."""
    return rx.el.div(
        rx.foreach(
            Portal.toasts,
            lambda toast: rx.el.div(
                rx.match(
                    toast.kind,
                    ("danger", icon("circle-alert")),
                    ("available", icon("circle-check")),
                    icon("info"),
                ),
                rx.el.span(toast.text, class_name="grow"),
                rx.cond(
                    toast.undo > 0,
                    rx.el.button(
                        t(it="Ripristina", en="Restore"),
                        type="button",
                        class_name="btn quiet sm",
                        on_click=Around.undo(toast.undo),
                    ),
                ),
                rx.cond(
                    toast.back != "",
                    rx.el.button(
                        t(it="Annulla", en="Undo"),
                        type="button",
                        class_name="btn quiet sm",
                        on_click=Services.take_back(toast.back),
                    ),
                ),
                rx.el.button(
                    icon("x", "s"),
                    type="button",
                    class_name="ib",
                    aria_label=t(it="Chiudi l'avviso", en="Dismiss"),
                    on_click=Around.drop_toast(toast.id),
                    custom_attrs={"data-drop": ""},
                ),
                key=toast.id,
                class_name=f"toast p-{toast.kind}",
                role=rx.cond(toast.kind == "danger", "alert", "none"),
                custom_attrs={"data-toast": toast.kind},
            ),
        ),
        class_name="toasts",
        role="status",
        aria_live="polite",
    )
