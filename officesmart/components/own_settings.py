"""Le tue impostazioni (guide 2.3): what a person sets, how it stands, and the way there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from officesmart.components.around import Around
from officesmart.i18n import t
from officesmart.page import Portal
from officesmart.theme import icon, link, number_of

PROFILE = "/profilo"
CALLS = "/impostazioni/chiamate"


def own_settings(
    email: Any, notice: Any, two_step: Any, *, set_notice: Callable[..., Any]
) -> rx.Component:
    """One card each; only what works.

    email: the line's address, '' for none. notice: a mail for each new message. two_step: signing
    in asks for a second step.
    """
    return rx.el.section(
        rx.el.h2(t(it="Le tue impostazioni", en="Your settings"), id="impostazioni"),
        rx.el.ul(
            _way(
                "user-round",
                t(it="Il mio profilo", en="My profile"),
                t(it="dati personali e attività", en="personal details and activity"),
                PROFILE,
            ),
            _way(
                "phone",
                t(it="Impostazioni di chiamata", en="Call settings"),
                t(it="il tuo numero, i codici degli inoltri", en="your number, forwarding codes"),
                CALLS,
            ),
            _way(
                "monitor-smartphone",
                t(it="Dispositivi", en="Devices"),
                rx.cond(
                    number_of(Portal.phones) == 1,
                    t(it="1 telefono collegato, i tuoi browser", en="1 phone, your browsers"),
                    t(
                        it=f"{number_of(Portal.phones)} telefoni collegati, i tuoi browser",
                        en=f"{number_of(Portal.phones)} phones, your browsers",
                    ),
                ),
                f"{PROFILE}#dispositivi",
            ),
            _way(
                "key-round",
                t(it="Password e PIN", en="Password and PIN"),
                rx.cond(
                    two_step,
                    t(it="accesso in due passaggi attivo", en="two-step sign-in is on"),
                    t(it="accesso in due passaggi spento", en="two-step sign-in is off"),
                ),
                f"{PROFILE}#sicurezza",
            ),
            _notice(email, notice, set_notice),
            _language(),
            class_name="own-cards",
        ),
        class_name="own-settings",
        aria_labelledby="impostazioni",
    )


def _way(glyph: str, title: Any, state: Any, href: str) -> rx.Component:
    return rx.el.li(
        link(
            icon(glyph),
            rx.el.span(rx.el.b(title), rx.el.span(state, class_name="small t2"), class_name="two"),
            icon("chevron-right", "s"),
            href=href,
            class_name="panel own-card",
        )
    )


def _notice(email: Any, notice: Any, set_notice: Callable[..., Any]) -> rx.Component:
    title = t(it="Avviso di nuovi messaggi", en="Notice of new messages")
    return rx.el.li(
        rx.cond(
            email != "",
            rx.el.label(
                icon("mail"),
                rx.el.span(
                    rx.el.b(title),
                    rx.el.span(
                        rx.cond(
                            notice,
                            t(it="una mail a ", en="a mail to "),
                            t(it="spento; andrebbe a ", en="off; it would go to "),
                        ),
                        email,
                        class_name="small t2 cut",
                    ),
                    class_name="two grow",
                ),
                rx.el.input(type="checkbox", checked=notice, on_change=set_notice, class_name="sw"),
                class_name="panel own-card",
            ),
            rx.el.div(
                icon("mail-x"),
                rx.el.span(
                    rx.el.b(title),
                    rx.el.span(
                        t(
                            it="la linea non ha un indirizzo: chiedi all'amministratore",
                            en="the line has no address: ask the administrator",
                        ),
                        class_name="small t2",
                    ),
                    class_name="two",
                ),
                class_name="panel own-card",
            ),
        )
    )


def _language() -> rx.Component:
    return rx.el.li(
        rx.el.button(
            icon("languages"),
            rx.el.span(
                rx.el.b(t(it="Lingua", en="Language")),
                rx.el.span(
                    t(it="Italiano; passa a ", en="English; change to "),
                    rx.el.span(
                        rx.cond(Portal.english, "Italiano", "English"),
                        lang=rx.cond(Portal.english, "it", "en"),
                    ),
                    class_name="small t2",
                ),
                class_name="two",
            ),
            type="button",
            class_name="panel own-card",
            on_click=Around.choose_language(rx.cond(Portal.english, "it", "en")),
        )
    )
