"""Scegli dai Contatti, Scegli dagli Interni: somebody for a caller list is ticked (guide 3.4.2)."""

from __future__ import annotations

import reflex as rx

from officesmart.call_manager import lists
from officesmart.components.caller_list_state import LONGEST_SEARCH, CallerLists
from officesmart.components.search_field import search_field
from officesmart.i18n import t
from officesmart.theme import icon, number_of


def chooser() -> rx.Component:
    """Below the head of the dialog: the search, whoever it found, and the way back."""
    contacts = CallerLists.choosing == "contacts"
    return rx.fragment(
        rx.el.div(
            rx.cond(
                CallerLists.nobody,
                rx.el.p(
                    icon("book-user", "s"),
                    rx.cond(
                        contacts,
                        t(
                            it="La tua rubrica è ancora vuota: intanto scrivi il numero "
                            "nell'elenco.",
                            en="Your address book is still empty: type the number into the list "
                            "meanwhile.",
                        ),
                        t(it="Non ci sono altri interni.", en="There are no other extensions."),
                    ),
                    class_name="t2 small row none",
                ),
                _found(),
            ),
            rx.cond(
                CallerLists.fault != "",
                rx.el.p(
                    icon("circle-alert", "xs"),
                    rx.el.span(CallerLists.fault),
                    class_name="err",
                    role="alert",
                ),
            ),
            class_name="dialog-body",
        ),
        rx.el.footer(
            rx.el.span(
                t(
                    it=f"{number_of(CallerLists.rows)} nell'elenco, su {lists.MOST}",
                    en=f"{number_of(CallerLists.rows)} in the list, of {lists.MOST}",
                ),
                class_name="hint num grow",
                role="status",
            ),
            rx.el.button(
                t(it="Torna all'elenco", en="Back to the list"),
                type="button",
                class_name="btn pri",
                on_click=CallerLists.done,
            ),
        ),
    )


def _found() -> rx.Component:
    return rx.fragment(
        search_field(
            t(it="Cerca per nome o numero", en="Search by name or number"),
            CallerLists.search,
            hint=t(it="Cerca per nome o numero", en="Search by name or number"),
            longest=LONGEST_SEARCH,
            auto_focus=True,
        ),
        rx.cond(
            number_of(CallerLists.choices) > 0,
            rx.el.ul(
                rx.foreach(
                    CallerLists.choices,
                    lambda each: rx.el.li(
                        rx.el.label(
                            rx.el.input(
                                type="checkbox",
                                class_name="cb",
                                checked=each.ticked,
                                on_change=lambda on: CallerLists.pick(each.kind, each.id, on),
                            ),
                            rx.el.span(
                                rx.el.b(each.title),
                                rx.el.span(each.detail, class_name="small t2 num"),
                                class_name="grow two",
                            ),
                            rx.cond(
                                each.kind == "group", icon("users-round", "s mut"), rx.fragment()
                            ),
                            class_name="row grow",
                        ),
                        key=f"{each.kind}{each.id}",
                    ),
                ),
                class_name="list",
            ),
            rx.el.p(
                t(
                    it=f"Nessuno si chiama «{CallerLists.wanted}».",
                    en=f"Nobody is called “{CallerLists.wanted}”.",
                ),
                class_name="t2 small none",
                role="status",
            ),
        ),
        rx.cond(
            CallerLists.more > 0,
            rx.el.p(
                t(
                    it=f"Altri {CallerLists.more}: scrivi qualche lettera per trovarli.",
                    en=f"{CallerLists.more} more: type some letters to find them.",
                ),
                class_name="small t2",
            ),
        ),
    )
