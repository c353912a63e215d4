"""The rows of Elenco contatti: who, how to call, what else is known."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.row_menu import number_menu, phone_menu
from officesmart.components.search_field import search_field
from officesmart.contacts.groups import ICONS
from officesmart.i18n import t
from officesmart.pages._contact_group_shown import group_strip
from officesmart.pages._contacts_chosen import ContactsChosen
from officesmart.pages._contacts_state import Contacts
from officesmart.pages._contacts_tools import pages, select_button
from officesmart.theme import empty, icon, number_of, text_of


def groups_column() -> rx.Component:
    """Tutti, and the groups."""

    def row(group: Any, glyph: rx.Component, name: Any, members: Any) -> rx.Component:
        return rx.el.button(
            glyph,
            rx.el.span(name, class_name="cut", title=name),
            rx.el.span(members, class_name="end num"),
            type="button",
            aria_pressed=Contacts.group == group,
            on_click=Contacts.show_group(group),
        )

    return rx.el.nav(
        row(0, icon("book-user"), t(it="Tutti", en="All"), text_of(Contacts.everybody)),
        rx.el.h2(t(it="Gruppi", en="Groups")),
        rx.cond(
            number_of(Contacts.groups) > 0,
            rx.foreach(
                Contacts.groups,
                lambda each: rx.el.div(
                    row(each.id, group_icon(each.icon), each.name, text_of(each.members)),
                    _arrow(each),
                    class_name="row",
                    key=text_of(each.id),
                ),
            ),
            rx.el.p(
                t(
                    it="Nessun gruppo: raccogli qui i contatti che vanno insieme.",
                    en="No groups: gather contacts that belong together here.",
                ),
                class_name="hint",
            ),
        ),
        class_name="grp",
        aria_label=t(it="Filtra", en="Filter"),
    )


def _arrow(group: Any) -> rx.Component:
    """Expands a group: its contacts, its pencil and its bin."""
    is_open = Contacts.group == group.id
    return rx.el.button(
        rx.cond(is_open, icon("chevron-up", "s"), icon("chevron-down", "s")),
        type="button",
        class_name="ib",
        aria_expanded=is_open,
        aria_label=rx.cond(
            is_open,
            t(it="Riduci il gruppo ", en="Collapse the group "),
            t(it="Espandi il gruppo ", en="Expand the group "),
        )
        + group.name,
        on_click=Contacts.show_group(rx.cond(is_open, 0, group.id)),
    )


def shown_group() -> rx.Component:
    """The group that the list is held to, and what can be done with it."""
    return rx.foreach(
        Contacts.groups,
        lambda each: rx.cond(
            Contacts.group == each.id,
            rx.fragment(group_strip(each, group_icon(each.icon))),
        ),
    )


def group_icon(name: Any) -> rx.Component:
    """The glyph of a group."""
    return rx.match(
        name, *((glyph, icon(glyph)) for glyph in ICONS if glyph != "users"), icon("users")
    )


def search() -> rx.Component:
    """The field that filters while it is typed into."""
    return rx.el.div(
        search_field(
            t(it="Cerca nei contatti", en="Search the contacts"),
            Contacts.search,
            hint=t(it="Nome, azienda o numero", en="Name, company or number"),
            wait_ms=100,
            kind="in",
            id="contact-search",
            default_value=Contacts.text,
            key=text_of(Contacts.cleared),
            auto_focus=Contacts.to_field,
            after=rx.cond(
                Contacts.text != "",
                rx.el.button(
                    icon("x", "s"),
                    type="button",
                    class_name="ib",
                    aria_label=t(it="Cancella la ricerca", en="Clear the search"),
                    on_click=Contacts.clear,
                ),
            ),
        ),
        rx.el.span(
            text_of(Contacts.total),
            t(it=" di ", en=" of "),
            text_of(Contacts.everybody),
            role="status",
            class_name=rx.cond(
                Contacts.total == Contacts.everybody,
                "small t2 nw num every",  # a phone has no room for what Tutti says already
                "small t2 nw num",
            ),
        ),
        select_button(),
        class_name="srch",
    )


def contact_list() -> rx.Component:
    """The contacts, or why there are none."""
    return rx.cond(
        number_of(Contacts.rows) > 0,
        rx.fragment(
            rx.el.ul(rx.foreach(Contacts.rows, _contact), custom_attrs={"data-list": ""}),
            pages(),
        ),
        rx.cond(
            Contacts.everybody > 0,
            empty(
                "search-x",
                t(it="Nessun contatto trovato", en="No contact found"),
                t(
                    it="La ricerca guarda l'inizio di nomi, aziende e numeri.",
                    en="The search looks at how names, companies and numbers begin.",
                ),
                rx.el.button(
                    t(it="Mostra tutti i contatti", en="Show all contacts"),
                    type="button",
                    class_name="btn",
                    on_click=[Contacts.clear, Contacts.show_group(0)],
                ),
            ),
            empty(
                "book-user",
                t(it="La rubrica è vuota", en="The address book is empty"),
                t(
                    it="I contatti che aggiungi hanno un nome in chiamate e messaggi, e si "
                    "chiamano con un clic.",
                    en="Contacts that you add have a name in calls and messages, and are called "
                    "with a click.",
                ),
                rx.el.button(
                    icon("plus"),
                    t(it="Nuovo contatto", en="New contact"),
                    type="button",
                    class_name="btn pri",
                    on_click=Contacts.create,
                ),
            ),
        ),
    )


def _contact(row: Any) -> rx.Component:
    is_open = Contacts.opened == row.id
    chosen: Any = ContactsChosen.chosen
    return rx.el.li(
        rx.el.div(
            rx.cond(
                ContactsChosen.choosing,
                rx.el.label(
                    rx.el.input(
                        type="checkbox",
                        class_name="cb",
                        checked=chosen.contains(row.id),
                        on_change=lambda ticked: ContactsChosen.choose(row.id),
                        aria_label=t(it="Scegli ", en="Choose ") + row.title,
                    ),
                    class_name="tick",
                ),
            ),
            rx.el.button(
                rx.el.span(row.letters, class_name="av", aria_hidden=True),
                rx.el.span(
                    rx.el.b(marked(row.title_parts), class_name="cut"),
                    rx.cond(
                        row.company != "",
                        rx.el.span(marked(row.company_parts), class_name="small t2 cut"),
                    ),
                    class_name="two grow",
                ),
                type="button",
                class_name="cth",
                aria_expanded=is_open,
                on_click=Contacts.expand(row.id),
            ),
            rx.cond(
                is_open,
                rx.fragment(
                    rx.el.button(
                        icon("pencil"),
                        type="button",
                        class_name="ib",
                        aria_label=t(it="Modifica ", en="Edit ") + row.title,
                        on_click=Contacts.edit(row.id),
                    ),
                    rx.el.button(
                        icon("trash-2"),
                        type="button",
                        class_name="ib",
                        aria_label=t(it="Elimina ", en="Delete ") + row.title,
                        on_click=ContactsChosen.doom(row.id),
                    ),
                ),
                rx.cond(
                    row.dial != "",
                    rx.fragment(
                        number_menu(marked(row.number_parts), row.dial, row.title, "hide-s"),
                        phone_menu(row.dial, row.title),
                    ),
                ),
            ),
            rx.el.button(
                rx.cond(is_open, icon("chevron-up"), icon("chevron-down")),
                type="button",
                class_name="ib",
                aria_expanded=is_open,
                aria_label=rx.cond(
                    is_open,
                    t(it="Riduci ", en="Collapse ") + row.title,
                    t(it="Espandi ", en="Expand ") + row.title,
                ),
                on_click=Contacts.expand(row.id),
            ),
            class_name="ct",
        ),
        rx.cond(is_open, _details(row)),
        class_name=rx.cond(is_open, "cx", ""),
        key=text_of(row.id),
    )


def _details(row: Any) -> rx.Component:
    def number(fact: Any) -> rx.Component:
        return rx.fragment(
            rx.el.dt(fact.label),
            rx.el.dd(
                number_menu(fact.text, fact.dial, row.title),
                rx.cond(
                    fact.main,
                    rx.el.span(t(it="principale", en="main"), class_name="chip"),
                ),
            ),
        )

    def other(fact: Any) -> rx.Component:
        return rx.fragment(
            rx.el.dt(fact.label),
            rx.el.dd(
                rx.cond(
                    fact.href != "",
                    rx.el.a(fact.text, href=fact.href),
                    rx.el.span(fact.text, class_name="prew"),
                )
            ),
        )

    return rx.el.div(
        rx.cond(
            number_of(Contacts.facts) > 0,
            rx.el.dl(rx.foreach(Contacts.facts, number)),
            rx.el.p(t(it="Nessun numero.", en="No number."), class_name="t2"),
        ),
        rx.cond(
            number_of(Contacts.more) + number_of(Contacts.opened_groups) > 0,
            rx.el.dl(
                rx.foreach(Contacts.more, other),
                rx.cond(
                    number_of(Contacts.opened_groups) > 0,
                    rx.fragment(
                        rx.el.dt(t(it="Gruppi", en="Groups")),
                        rx.el.dd(rx.foreach(Contacts.opened_groups, _group_chip)),
                    ),
                ),
            ),
        ),
        class_name="det",
    )


def _group_chip(group: Any) -> rx.Component:
    return rx.el.button(
        group_icon(group.icon),
        group.name,
        type="button",
        class_name="chip",
        aria_label=t(it="Mostra il gruppo ", en="Show the group ") + group.name,
        on_click=Contacts.show_group(group.id),
    )


def marked(parts: Any) -> rx.Component:
    """A text with what was searched for in it."""
    return rx.foreach(
        parts, lambda part: rx.cond(part.found, rx.el.mark(part.text), rx.el.span(part.text))
    )
