"""The person's menu at the end of the bar: pages of one's own, language, role, signing out."""

from __future__ import annotations

from collections.abc import Sequence

import reflex as rx

from officesmart.components.around import Around
from officesmart.components.menu import item, link_item, menu, separator
from officesmart.components.presence import presence_word
from officesmart.i18n import t
from officesmart.page import Page, Portal
from officesmart.theme import dot, hidden, icon, link

PROFILE = "/profilo"


def person_menu(pages: Sequence[Page]) -> rx.Component:
    """Opens from the initials. pages: all there are; it leads only to these."""
    return menu(
        rx.el.button(
            hidden(t(it="Menù utente: ", en="User menu: "), Portal.me, ", "),
            rx.el.span(Portal.letters, dot(Portal.presence), class_name="av", aria_hidden=True),
            hidden(presence_word(Portal.presence)),
            icon("chevron-down", "s"),
            type="button",
            class_name="me",
        ),
        rx.el.div(
            rx.el.span(
                rx.el.b(Portal.me),
                rx.el.span(
                    t(it="interno ", en="extension "),
                    Portal.extension,
                    rx.cond(Portal.number != "", " · ", ""),
                    Portal.number,
                    class_name="small t2 num",
                ),
                class_name="menu-who",
            )
        ),
        separator(),
        *_own_pages(pages),
        rx.cond(
            Portal.is_admin,
            rx.cond(
                Portal.elevated,
                item(
                    "user",
                    t(it="Torna al profilo utente", en="Back to my user profile"),
                    custom_attrs={"data-post": "/session/role/end"},
                ),
                item(
                    "shield-check",
                    t(it="Passa al profilo amministratore", en="Go to administrator profile"),
                    custom_attrs={"data-post": "/session/role"},
                ),
            ),
        ),
        item(
            "languages",
            rx.cond(Portal.english, "Italiano", "English"),
            Around.choose_language(rx.cond(Portal.english, "it", "en")),
        ),
        rx.dropdown_menu.item(
            rx.color_mode_cond(icon("moon"), icon("sun")),
            rx.color_mode_cond(
                t(it="Tema scuro", en="Dark theme"), t(it="Tema chiaro", en="Light theme")
            ),
            on_select=rx.toggle_color_mode,
        ),
        separator(),
        item(
            "log-out",
            t(it="Esci", en="Sign out"),
            custom_attrs={"data-sign-out": ""},
        ),
        align="end",
    )


def _own_pages(pages: Sequence[Page]) -> list[rx.Component]:
    """*Il mio profilo* and its part about password and PIN, as soon as there is such a page."""
    if PROFILE not in {page.route for page in pages}:
        return []
    return [
        link_item(
            link(icon("user-round"), t(it="Il mio profilo", en="My profile"), href=PROFILE),
        ),
        link_item(
            link(
                icon("key-round"),
                t(it="Password e PIN", en="Password and PIN"),
                href=f"{PROFILE}#sicurezza",
            ),
        ),
        separator(),
    ]
