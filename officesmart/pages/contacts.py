"""Contatti: the address book of whoever is signed in (guide 6.1)."""

from __future__ import annotations

import reflex as rx

from officesmart.components.contact_group import group_form
from officesmart.components.contact_group_state import ContactGroupForm
from officesmart.components.contact_tabs import contact_page
from officesmart.i18n import t
from officesmart.page import Page
from officesmart.pages._contact_doubles import doubles_dialog, doubles_remark
from officesmart.pages._contact_form import contact_form
from officesmart.pages._contact_group_shown import group_question
from officesmart.pages._contact_rows import contact_list, groups_column, search, shown_group
from officesmart.pages._contacts_state import Contacts
from officesmart.pages._contacts_tools import chosen_bar, gone_strip, question
from officesmart.theme import icon, link

ROUTE = "/contatti"


def view() -> rx.Component:
    """Groups on the left, contacts beside them."""
    return rx.fragment(
        contact_page(
            ROUTE,
            rx.el.div(
                groups_column(),
                rx.el.div(
                    search(),
                    shown_group(),
                    chosen_bar(),
                    gone_strip(),
                    doubles_remark(),
                    contact_list(),
                    class_name="lst",
                ),
                class_name="cg",
            ),
            buttons=(
                link(
                    icon("upload"),
                    rx.el.span(t(it="Importa", en="Import"), class_name="hide-s"),
                    href="/contatti/importa",
                    class_name="btn",
                    aria_label=t(it="Importa", en="Import"),
                ),
                rx.el.button(
                    icon("users"),
                    rx.el.span(t(it="Nuovo gruppo", en="New group"), class_name="hide-s"),
                    type="button",
                    class_name="btn",
                    aria_label=t(it="Nuovo gruppo", en="New group"),
                    on_click=ContactGroupForm.create,
                ),
                rx.el.button(
                    icon("plus"),
                    rx.el.span(t(it="Nuovo", en="New")),
                    rx.el.span(t(it="contatto", en="contact"), class_name="hide-xs"),
                    type="button",
                    class_name="btn pri",
                    aria_label=t(it="Nuovo contatto", en="New contact"),
                    on_click=Contacts.create,
                ),
            ),
        ),
        contact_form(),
        group_form(),
        group_question(),
        doubles_dialog(),
        question(),
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
