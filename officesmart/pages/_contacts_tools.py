"""What can be done with several contacts, and the question before they are deleted."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components import dialogs
from officesmart.components.menu import item, menu, only_words
from officesmart.i18n import t
from officesmart.pages._contact_doubles import undo_strip
from officesmart.pages._contacts_chosen import ContactsChosen
from officesmart.pages._contacts_state import Contacts
from officesmart.theme import icon, number_of, text_of


def select_button() -> rx.Component:
    """Seleziona, beside the search field."""
    return rx.cond(
        ~ContactsChosen.choosing & (Contacts.everybody > 0),
        rx.el.button(
            icon("list-checks", "s"),
            rx.el.span(t(it="Seleziona", en="Select"), class_name="hide-s"),
            type="button",
            class_name="btn quiet end",
            aria_label=t(it="Seleziona contatti", en="Select contacts"),
            on_click=ContactsChosen.begin,
        ),
    )


def chosen_bar() -> rx.Component:
    """How many are ticked and what is done with them; nothing while none can be."""
    state = ContactsChosen
    many = number_of(state.chosen)
    return rx.cond(
        state.choosing,
        rx.el.div(
            rx.el.button(
                icon("check-check", "s"),
                t(it="Tutti", en="All"),
                type="button",
                class_name="btn quiet sm",
                on_click=state.choose_all(Contacts.text, Contacts.group),
            ),
            rx.el.b(
                rx.cond(
                    many == 1,
                    t(it="1 scelto", en="1 chosen"),
                    t(it=f"{many} scelti", en=f"{many} chosen"),
                ),
                role="status",
                class_name="grow small nw",
            ),
            _menu(
                "users",
                t(it="Aggiungi a un gruppo", en="Add to a group"),
                rx.cond(
                    number_of(Contacts.groups) > 0,
                    rx.foreach(
                        Contacts.groups,
                        lambda group: rx.dropdown_menu.item(
                            group.name, on_select=state.into_group(group.id)
                        ),
                    ),
                    only_words(t(it="Prima crea un gruppo", en="Create a group first")),
                ),
            ),
            _menu(
                "download",
                t(it="Esporta", en="Export"),
                rx.fragment(
                    item("table", t(it="Come CSV", en="As CSV"), state.take_out("csv")),
                    item("contact", t(it="Come vCard", en="As vCards"), state.take_out("vcard")),
                ),
            ),
            rx.el.button(
                icon("trash-2", "s"),
                rx.el.span(t(it="Elimina", en="Delete"), class_name="hide-s"),
                type="button",
                class_name="btn quiet sm dtext",
                aria_label=t(it="Elimina gli scelti", en="Delete the chosen"),
                disabled=many == 0,
                on_click=state.doom_chosen,
            ),
            rx.el.button(
                t(it="Fine", en="Done"), type="button", class_name="btn sm", on_click=state.end
            ),
            class_name="strip",
            role="group",
            aria_label=t(it="Contatti scelti", en="Chosen contacts"),
        ),
    )


def gone_strip() -> rx.Component:
    """What was deleted, and Ripristina."""
    return undo_strip(ContactsChosen.gone, ContactsChosen.put_back, ContactsChosen.forget)


def _menu(glyph: str, words: Any, inside: Any) -> rx.Component:
    return menu(
        rx.el.button(
            icon(glyph, "s"),
            rx.el.span(words, class_name="hide-s"),
            type="button",
            class_name="btn quiet sm",
            aria_label=words,
            disabled=number_of(ContactsChosen.chosen) == 0,
        ),
        inside,
    )


def question() -> rx.Component:
    """Eliminare? Of one it says the name, of several how many."""
    state = ContactsChosen
    many = number_of(state.doomed)
    return dialogs.question(
        "doom",
        rx.cond(
            state.doomed_name != "",
            t(it=f"Eliminare {state.doomed_name}?", en=f"Delete {state.doomed_name}?"),
            t(it=f"Eliminare {many} contatti?", en=f"Delete {many} contacts?"),
        ),
        rx.el.p(
            t(
                it="Spariscono anche dai gruppi e dagli elenchi di chiamanti. Finché questa scheda "
                "del browser è aperta puoi ripristinare.",
                en="They also leave groups and lists of callers. While this tab of the browser "
                "is open you can restore them.",
            ),
            class_name="t2",
        ),
        is_open=many > 0,
        does=dialogs.danger(t(it="Elimina", en="Delete"), state.delete),
        spares=state.spare,
    )


def pages() -> rx.Component:
    """Precedenti, which of how many, Successivi; nothing while all fit."""
    last = Contacts.start + number_of(Contacts.rows)
    return rx.cond(
        Contacts.total > number_of(Contacts.rows),
        rx.el.nav(
            rx.el.button(
                icon("chevron-left", "s"),
                t(it="Precedenti", en="Previous"),
                type="button",
                class_name="btn",
                disabled=Contacts.start == 0,
                on_click=Contacts.turn(-1),
                custom_attrs={"data-list-turn": "back"},
            ),
            rx.el.span(
                text_of(Contacts.start + 1),
                "–",
                text_of(last),
                t(it=" di ", en=" of "),
                text_of(Contacts.total),
                class_name="small t2 num nw",
                role="status",
            ),
            rx.el.button(
                t(it="Successivi", en="Next"),
                icon("chevron-right", "s"),
                type="button",
                class_name="btn",
                disabled=last >= Contacts.total,
                on_click=Contacts.turn(1),
                custom_attrs={"data-list-turn": "on"},
            ),
            class_name="pad row centre",
            aria_label=t(it="Pagine dell'elenco", en="Pages of the list"),
        ),
    )
