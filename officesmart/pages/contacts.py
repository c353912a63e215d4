"""Contatti: the address book of whoever is signed in (guide 6.1)."""

from __future__ import annotations

import reflex as rx

from officesmart.components.contact_group import ContactGroupForm, group_form
from officesmart.components.contact_tabs import contact_page
from officesmart.i18n import t
from officesmart.page import Page
from officesmart.pages._contact_form import contact_form
from officesmart.pages._contact_rows import contact_list, groups_column, search
from officesmart.pages._contacts_state import Contacts
from officesmart.theme import icon, link

ROUTE = "/contatti"


def view() -> rx.Component:
    """Groups on the left, contacts beside them."""
    return rx.fragment(
        contact_page(
            ROUTE,
            rx.el.div(
                groups_column(),
                rx.el.div(search(), contact_list(), class_name="lst"),
                class_name="cg",
            ),
            buttons=(
                link(
                    icon("upload"),
                    t(it="Importa", en="Import"),
                    href="/contatti/importa",
                    class_name="btn",
                ),
                rx.el.button(
                    icon("users"),
                    t(it="Nuovo gruppo", en="New group"),
                    type="button",
                    class_name="btn",
                    on_click=ContactGroupForm.create,
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
        contact_form(),
        group_form(),
        _question(),
    )


def _question() -> rx.Component:
    return rx.el.dialog(
        rx.el.div(
            rx.el.h2(t(it="Eliminare ", en="Delete "), Contacts.doomed_name, "?", id="doom-title"),
            rx.el.p(
                t(
                    it="Il contatto sparisce anche dai gruppi e dagli elenchi di chiamanti. Non si "
                    "può annullare.",
                    en="The contact also leaves groups and lists of callers. This cannot be "
                    "undone.",
                ),
                class_name="t2",
            ),
            class_name="dialog-body stack tight",
        ),
        rx.el.footer(
            rx.el.button(
                t(it="Annulla", en="Cancel"),
                type="button",
                class_name="btn",
                on_click=Contacts.spare,
                custom_attrs={"data-dismiss": ""},
            ),
            rx.el.button(
                icon("trash-2"),
                t(it="Elimina", en="Delete"),
                type="button",
                class_name="btn danger",
                on_click=Contacts.delete,
            ),
        ),
        class_name="dialog",
        role="alertdialog",
        aria_labelledby="doom-title",
        custom_attrs={"data-open": rx.cond(Contacts.doomed != 0, "true", "false")},
    )


PAGE = Page(
    route=ROUTE,
    view=view,
    on_load=Contacts.enter,
    it="Contatti",
    en="Contacts",
    icon="users",
    nav=30,
    shape="list",
)
