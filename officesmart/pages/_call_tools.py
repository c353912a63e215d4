"""Around the lists of calls: the search, Esporta, and what brings older ones."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.call_file import PATH
from officesmart.call_lists import LONGEST_SEARCH, MOST_LISTED
from officesmart.components.search_field import search_field
from officesmart.i18n import t
from officesmart.page import BEHIND
from officesmart.pages._messages_state import Messages
from officesmart.theme import empty, icon, text_of


def call_tools() -> rx.Component:
    """Above the list; nothing where there is nothing to search or to take out."""
    searching = Messages.call_search != ""
    return rx.cond(
        (Messages.listed > 0) | searching,
        rx.el.div(
            search_field(
                t(it="Cerca nelle chiamate", en="Search the calls"),
                Messages.search_calls,
                hint=t(it="Nome, azienda o numero", en="Name, company or number"),
                longest=LONGEST_SEARCH,
                kind="in",
                id="call-search",
                default_value=Messages.call_search,
                key=text_of(Messages.cleared),
                auto_focus=Messages.to_field,
                after=rx.cond(
                    searching,
                    rx.el.button(
                        icon("x", "s"),
                        type="button",
                        class_name="ib",
                        aria_label=t(it="Cancella la ricerca", en="Clear the search"),
                        on_click=Messages.clear_search,
                    ),
                ),
            ),
            rx.el.span(
                rx.cond(searching, _found(), ""),
                role="status",
                class_name="small t2 nw num",
            ),
            _export(searching),
            class_name="srch of-calls",
        ),
    )


def nothing_found() -> rx.Component:
    """In the list's place, when a search finds nobody."""
    return empty(
        "search-x",
        t(it="Niente di simile", en="Nothing like that"),
        t(
            it="Nessuna chiamata di questa scheda è con chi cerchi.",
            en="No call of this tab is with whom you look for.",
        ),
        rx.el.button(
            t(it="Mostra tutte", en="Show all"),
            type="button",
            class_name="btn",
            on_click=Messages.clear_search,
        ),
    )


def older_calls() -> rx.Component:
    """Under the list: Altre, or how else to get at what is older."""
    return rx.cond(
        Messages.more,
        rx.el.div(
            rx.cond(
                Messages.listed < MOST_LISTED,
                rx.el.button(
                    icon("chevron-down", "s"),
                    t(it="Altre", en="More"),
                    type="button",
                    class_name="btn",
                    aria_label=t(it="Altre chiamate, più vecchie", en="More calls, older ones"),
                    on_click=Messages.older,
                ),
                rx.el.p(
                    t(
                        it=f"Queste sono le ultime {MOST_LISTED}. Per le più vecchie cerca un nome "
                        "o un numero, oppure usa Esporta.",
                        en=f"These are the latest {MOST_LISTED}. For older ones search a name or a "
                        "number, or use Export.",
                    ),
                    class_name="hint",
                    role="status",
                ),
            ),
            class_name="older",
        ),
    )


def _found() -> Any:
    number = text_of(Messages.listed)
    return rx.match(
        Messages.listed,
        (0, t(it="nessuna", en="none")),
        (1, t(it="1 trovata", en="1 found")),
        rx.cond(
            Messages.more,
            t(it="le ultime ", en="the latest ") + number,
            number + t(it=" trovate", en=" found"),
        ),
    )


def _export(searching: Any) -> rx.Component:
    tab = f"{BEHIND}{PATH}?scheda=" + Messages.tab
    listed = tab + "&righe=" + text_of(Messages.listed) + "&cerca=" + Messages.call_sought
    return rx.dropdown_menu.root(
        rx.dropdown_menu.trigger(
            rx.el.button(
                icon("download", "s"),
                rx.el.span(t(it="Esporta", en="Export"), class_name="hide-s"),
                type="button",
                class_name="btn quiet end",
                aria_label=t(it="Esporta le chiamate", en="Export the calls"),
            )
        ),
        rx.dropdown_menu.content(
            rx.el.div(
                t(it="File CSV, per i fogli di calcolo", en="A CSV file, for spreadsheets"),
                class_name="menu-who small mut",
            ),
            rx.cond(
                (Messages.listed > 0) & (searching | Messages.more),
                _take(
                    "list-filter",
                    rx.fragment(
                        t(it="Solo quelle in elenco (", en="Only those listed ("),
                        text_of(Messages.listed),
                        ")",
                    ),
                    listed,
                ),
            ),
            _take(
                "history",
                t(
                    it="Tutte quelle conservate di questa scheda",
                    en="All that are kept of this tab",
                ),
                tab + "&tutte=1",
            ),
            class_name="menu-content",
        ),
        modal=False,
    )


def _take(glyph: str, words: Any, href: Any) -> rx.Component:
    return rx.dropdown_menu.item(
        rx.el.a(
            icon(glyph),
            words,
            href=href,
            download=True,
            reload_document=True,  # or the router would take it for a page
        ),
        as_child=True,
    )
