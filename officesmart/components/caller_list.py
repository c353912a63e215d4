"""The dialog of a caller list: whose calls a service is for (guide 3.4.2).

A page puts `caller_list(on_saved=handler)` once and opens it with `CallerLists.open(service)`; the
handler is told the service when its list was saved.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.call_manager import lists
from officesmart.components.caller_chooser import chooser
from officesmart.components.caller_entries import add_form, entry, left_out, news, ways
from officesmart.components.caller_list_state import CallerLists, chosen_event
from officesmart.components.dialogs import cross
from officesmart.i18n import t
from officesmart.theme import icon, number_of


def caller_list(*, on_saved: Any) -> rx.Component:
    """The dialog. on_saved: a handler that takes the service."""
    return rx.fragment(
        rx.el.dialog(
            rx.cond(
                CallerLists.showing,
                rx.cond(CallerLists.choosing != "", _choosing(), _list()),
            ),
            class_name="dialog callers",
            aria_labelledby="callers-title",
            custom_attrs={"data-open": rx.cond(CallerLists.showing, "true", "false")},
        ),
        rx.cond(
            CallerLists.saved != "",
            rx.el.span(hidden=True, on_mount=chosen_event(on_saved)),
        ),
    )


# -- the list -----------------------------------------------------------------------------------


def _list() -> rx.Component:
    return rx.fragment(
        _head(
            rx.match(
                CallerLists.service,
                ("selective_forward", t(it="Lista di inoltro", en="Forwarding list")),
                ("selective_reject", t(it="Lista di rifiuto", en="Rejection list")),
                t(it="Lista dei prioritari", en="Priority list"),
            ),
            rx.match(
                CallerLists.service,
                (
                    "selective_forward",
                    rx.cond(
                        CallerLists.to != "",
                        t(
                            it=f"Le loro chiamate passano a {CallerLists.to}",
                            en=f"Their calls go to {CallerLists.to}",
                        ),
                        t(
                            it="Le loro chiamate passano al numero che sceglierai",
                            en="Their calls go to the number you will choose",
                        ),
                    ),
                ),
                (
                    "selective_reject",
                    t(
                        it="Le loro chiamate sono rifiutate subito, senza segreteria",
                        en="Their calls are rejected at once, without voicemail",
                    ),
                ),
                t(
                    it="Squillano anche quando sei su Non disturbare",
                    en="They ring even while you are on Do not disturb",
                ),
            ),
        ),
        rx.el.div(
            add_form(),
            ways(),
            rx.el.div(news(), role="status"),
            left_out(),
            rx.cond(
                number_of(CallerLists.rows) > 0,
                rx.el.ul(rx.foreach(CallerLists.rows, entry), class_name="list"),
                rx.el.p(
                    icon("list-plus", "s"),
                    t(
                        it="L'elenco è vuoto: scrivi un numero, o scegli qualcuno.",
                        en="The list is empty: type a number, or choose somebody.",
                    ),
                    class_name="t2 small row none",
                ),
            ),
            class_name="dialog-body",
        ),
        _questions(),
        _foot(),
    )


def _choosing() -> rx.Component:
    contacts = CallerLists.choosing == "contacts"
    return rx.fragment(
        _head(
            rx.cond(
                contacts,
                t(it="Scegli dai Contatti", en="Choose from Contacts"),
                t(it="Scegli dagli Interni", en="Choose from Extensions"),
            ),
            rx.cond(
                contacts,
                t(
                    it="Di un contatto valgono tutti i numeri, anche quelli che avrà",
                    en="All numbers of a contact count, also those it will have",
                ),
                t(
                    it="Di un collega valgono l'interno e il numero diretto",
                    en="Of a colleague both extension and direct number count",
                ),
            ),
        ),
        chooser(),
    )


def _head(title: Any, under: Any) -> rx.Component:
    return rx.el.header(
        rx.el.div(
            rx.el.h2(title, id="callers-title"),
            rx.el.p(under, class_name="small t2 num"),
            class_name="grow",
        ),
        cross(CallerLists.leave, t(it="Chiudi la lista", en="Close the list")),
    )


def _question(words: Any, *answers: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.p(words, class_name="grow"),
        rx.el.div(*answers, class_name="row wrap"),
        role="alertdialog",
        aria_label=words,
        class_name="ask",
    )


def _answer(words: Any, does: Any, kind: str = "btn sm", **props: Any) -> rx.Component:
    return rx.el.button(words, type="button", class_name=kind, on_click=does, **props)


def _questions() -> rx.Component:
    return rx.match(
        CallerLists.asking,
        (
            "clear",
            _question(
                t(it="Togliere tutte le voci dall'elenco?", en="Take every entry off the list?"),
                _answer(
                    t(it="Elimina elenco", en="Delete list"), CallerLists.clear, "btn sm dtext"
                ),
                _answer(t(it="Lascialo", en="Keep it"), CallerLists.stay, auto_focus=True),
            ),
        ),
        (
            "leave",
            _question(
                t(
                    it="Le modifiche che non hai confermato vanno perse.",
                    en="The changes you have not confirmed will be lost.",
                ),
                _answer(
                    t(it="Esci senza salvare", en="Leave without saving"),
                    CallerLists.close,
                    "btn sm dtext",
                ),
                _answer(t(it="Resta", en="Stay"), CallerLists.stay, "btn pri sm", auto_focus=True),
            ),
        ),
        (
            "clash",
            _question(
                t(
                    it="Nel frattempo l'elenco è cambiato, da un'altra finestra o per un rimedio: "
                    "le tue modifiche non sono salvate.",
                    en="The list has changed meanwhile, from another window or by a remedy: your "
                    "changes are not saved.",
                ),
                _answer(t(it="Tieni l'altro", en="Keep the other"), CallerLists.keep_theirs),
                _answer(
                    t(it="Aggiungi le mie modifiche", en="Add my changes"),
                    CallerLists.keep_mine,
                    "btn pri sm",
                    auto_focus=True,
                ),
            ),
        ),
        rx.fragment(),
    )


def _foot() -> rx.Component:
    return rx.el.footer(
        rx.el.button(
            t(it="Elimina elenco", en="Delete list"),
            type="button",
            class_name="btn quiet sm dtext first",
            disabled=number_of(CallerLists.rows) == 0,
            on_click=CallerLists.ask_clear,
        ),
        rx.el.span(
            t(
                it=f"{number_of(CallerLists.rows)} su {lists.MOST}",
                en=f"{number_of(CallerLists.rows)} of {lists.MOST}",
            ),
            class_name="hint num grow",
        ),
        rx.el.button(
            t(it="Annulla", en="Cancel"),
            type="button",
            class_name="btn quiet",
            on_click=CallerLists.close,
        ),
        rx.el.button(
            t(it="Conferma", en="Confirm"),
            type="button",
            class_name="btn pri",
            on_click=CallerLists.confirm,
        ),
    )
