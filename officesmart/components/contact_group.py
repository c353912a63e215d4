"""A group of contacts as its form shows it: its name, its icon, who is in it (guide 6.1.6)."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.contact_group_state import LONGEST_SEARCH, NEW, ContactGroupForm
from officesmart.components.dialogs import cross, opens
from officesmart.components.search_field import search_field
from officesmart.contacts import groups
from officesmart.i18n import t
from officesmart.theme import icon, number_of, text_of

FORM = "group-form"


def group_form() -> rx.Component:
    """The dialog in which a group is made or changed."""
    state = ContactGroupForm
    return rx.el.dialog(
        rx.el.header(
            rx.el.h2(
                rx.cond(
                    state.group == NEW,
                    t(it="Nuovo gruppo", en="New group"),
                    t(it="Modifica gruppo", en="Edit group"),
                ),
                id="group-title",
            ),
            _save(),
            cross(state.put_away),
            class_name="saving",
        ),
        rx.cond(state.group != 0, _form()),
        class_name="dialog",
        aria_labelledby="group-title",
        custom_attrs=opens(state.group != 0, passing=~state.changed),
    )


def _save() -> rx.Component:
    """Salva, at the top right (guide 6.1.6): what it waits for is said while it can do nothing."""
    state = ContactGroupForm
    return rx.el.span(
        rx.el.span(
            rx.cond(
                state.changed,
                "",
                rx.cond(
                    state.group == NEW,
                    t(it="Manca l'ID", en="It has no name yet"),
                    t(it="Nessuna modifica", en="Nothing changed"),
                ),
            ),
            id="group-waits",
            class_name="small t2",
        ),
        rx.el.button(
            t(it="Salva", en="Save"),
            type="submit",
            form=FORM,
            class_name="btn pri",
            aria_disabled=rx.cond(state.changed, "false", "true"),
            aria_describedby="group-waits",
        ),
        class_name="row saves end",
    )


def _form() -> rx.Component:
    state = ContactGroupForm
    return rx.el.form(
        rx.el.div(
            rx.el.div(
                rx.el.label(t(it="ID del gruppo", en="Name of the group"), html_for="group-name"),
                rx.el.div(
                    rx.el.input(
                        id="group-name",
                        name="name",
                        default_value=state.name,
                        on_change=state.call_it.debounce(200),
                        on_blur=state.call_it,
                        max_length=groups.LONGEST,
                        auto_complete="off",
                        aria_invalid=state.fault != "",
                        aria_describedby="group-fault",
                    ),
                    class_name=rx.cond(state.fault != "", "in bad", "in"),
                ),
                rx.el.div(
                    rx.cond(
                        state.fault != "",
                        rx.el.p(icon("circle-alert", "xs"), state.fault, class_name="err"),
                    ),
                    id="group-fault",
                    role="alert",
                ),
                class_name="field",
            ),
            rx.el.fieldset(
                rx.el.legend(t(it="Icona", en="Icon")),
                rx.el.div(
                    *(_icon(name, words) for name, words in groups.ICONS.items()),
                    class_name="glyphs",
                ),
            ),
            rx.el.fieldset(
                rx.el.legend(
                    t(it="Contatti nel gruppo: ", en="Contacts in the group: "),
                    text_of(state.chosen),
                ),
                rx.cond(
                    state.chosen > 0,
                    rx.el.label(
                        rx.el.input(
                            type="checkbox",
                            class_name="cb",
                            checked=state.only_chosen,
                            on_change=lambda ticked: state.show_chosen(),
                        ),
                        t(it="Mostra solo chi è nel gruppo", en="Show only those in the group"),
                        class_name="row small",
                    ),
                ),
                search_field(
                    t(it="Cerca nei contatti", en="Search the contacts"),
                    state.search,
                    longest=LONGEST_SEARCH,
                    wait_ms=100,
                    kind="in",
                    default_value=state.text,
                ),
                rx.cond(
                    number_of(state.candidates) > 0,
                    rx.el.ul(rx.foreach(state.candidates, _candidate), class_name="picks"),
                    rx.el.p(
                        rx.cond(
                            state.text != "",
                            t(it="Nessun contatto trovato.", en="No contact found."),
                            t(
                                it="Nessun contatto: aggiungine prima alla rubrica.",
                                en="No contact: add some to the address book first.",
                            ),
                        ),
                        class_name="hint",
                    ),
                ),
                rx.cond(
                    state.found > number_of(state.candidates),
                    rx.el.p(
                        t(
                            it="Ce ne sono altri: scrivi l'inizio del nome.",
                            en="There are more: type how the name begins.",
                        ),
                        class_name="hint",
                    ),
                ),
                class_name="stack tight",
            ),
            class_name="dialog-body stack",
        ),
        rx.el.footer(
            rx.cond(
                state.group != NEW,
                rx.cond(
                    state.dooming,
                    rx.el.button(
                        icon("trash-2"),
                        t(it="Sì, elimina il gruppo", en="Yes, delete the group"),
                        type="button",
                        class_name="btn danger start",
                        on_click=state.delete,
                    ),
                    rx.el.button(
                        icon("trash-2"),
                        t(it="Elimina gruppo", en="Delete group"),
                        type="button",
                        class_name="btn dtext start",
                        on_click=state.doom,
                    ),
                ),
            ),
            rx.el.button(
                t(it="Annulla", en="Cancel"),
                type="button",
                class_name="btn",
                on_click=state.put_away,
            ),
        ),
        id=FORM,
        on_submit=state.save,
        no_validate=True,
        key=text_of(state.group),
        class_name="dialog-form",
    )


def _icon(name: str, words: tuple[str, str]) -> rx.Component:
    state = ContactGroupForm
    return rx.el.button(
        icon(name),
        type="button",
        class_name="ib boxed",
        title=t(it=words[0], en=words[1]),
        aria_label=t(it=words[0], en=words[1]),
        aria_pressed=state.icon == name,
        on_click=state.draw_it(name),
    )


def _candidate(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.label(
            rx.el.input(
                type="checkbox",
                checked=row.chosen,
                on_change=lambda ticked: ContactGroupForm.choose(row.id),
                class_name="cb",
            ),
            rx.el.span(
                rx.el.span(row.title, class_name="cut"),
                rx.cond(
                    (row.company != "") & (row.company != row.title),
                    rx.el.span(row.company, class_name="small t2 cut"),
                ),
                class_name="two grow",
            ),
        ),
        key=text_of(row.id),
    )
