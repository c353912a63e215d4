"""Doubles as they look: the remark over the list, and the contacts side by side."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.dialogs import cross, opens
from officesmart.i18n import t
from officesmart.pages._contact_doubles_state import ContactDoubles
from officesmart.theme import icon, number_of, text_of


def doubles_remark() -> rx.Component:
    """N contatti sembrano doppi; nothing while all are different."""
    state = ContactDoubles
    return rx.fragment(
        rx.cond(
            (state.many > 0) & (state.merged == ""),
            rx.el.p(
                icon("users-round", "s"),
                rx.el.span(
                    text_of(state.many),
                    t(it=" contatti sembrano doppi", en=" contacts look like doubles"),
                    class_name="grow",
                ),
                rx.el.button(
                    t(it="Guarda e unisci", en="Look and merge"),
                    type="button",
                    class_name="btn sm",
                    on_click=state.compare,
                ),
                class_name="strip",
            ),
        ),
        undo_strip(state.merged, state.undo, state.forget),
    )


def undo_strip(said: Any, undo: Any, forget: Any) -> rx.Component:
    """What was just done, and the way back; nothing while `said` is empty."""
    return rx.el.div(
        rx.cond(
            said != "",
            rx.el.p(
                icon("check", "s"),
                rx.el.span(said, class_name="grow"),
                rx.el.button(
                    t(it="Ripristina", en="Restore"),
                    type="button",
                    class_name="btn sm",
                    on_click=undo,
                ),
                rx.el.button(
                    icon("x", "s"),
                    type="button",
                    class_name="ib",
                    aria_label=t(it="Chiudi l'avviso", en="Dismiss"),
                    on_click=forget,
                ),
                class_name="strip",
            ),
        ),
        role="status",
    )


def doubles_dialog() -> rx.Component:
    """The contacts of one offer, what would become of them, and the answers."""
    state = ContactDoubles
    return rx.el.dialog(
        rx.el.header(
            rx.el.h2(t(it="Contatti doppi", en="Doubles"), id="doubles-title"),
            rx.cond(
                state.left > 0,
                rx.el.span(
                    t(it="poi altri ", en="then "),
                    text_of(state.left),
                    t(it="", en=" more"),
                    class_name="small t2",
                ),
            ),
            cross(state.put_away, kind="ib end"),
        ),
        rx.el.div(
            rx.el.fieldset(
                rx.el.legend(t(it="Quale resta?", en="Which one stays?")),
                rx.el.div(rx.foreach(state.sides, _side), class_name="sides"),
            ),
            rx.foreach(state.fields, _field),
            _items(t(it="Numeri", en="Numbers"), state.numbers),
            _items(t(it="E-mail", en="E-mail addresses"), state.emails),
            _items(t(it="Indirizzi", en="Addresses"), state.addresses),
            rx.el.p(
                t(
                    it="Gruppi ed elenchi di chiamanti passano al contatto che resta; le note si "
                    "sommano.",
                    en="Groups and lists of callers go to the contact that stays; notes are put "
                    "together.",
                ),
                class_name="hint",
            ),
            rx.el.div(
                rx.cond(
                    state.fault != "",
                    rx.el.p(icon("circle-alert", "xs"), state.fault, class_name="err"),
                ),
                role="alert",
            ),
            class_name="dialog-body stack",
        ),
        rx.el.footer(
            rx.el.button(
                t(it="Non sono doppi", en="They are not doubles"),
                type="button",
                class_name="btn start",
                on_click=state.tell_apart,
            ),
            rx.el.button(
                t(it="Decidi dopo", en="Decide later"),
                type="button",
                class_name="btn quiet",
                on_click=state.skip,
            ),
            rx.el.button(
                t(it="Unisci", en="Merge"),
                type="button",
                class_name="btn pri",
                on_click=state.merge,
            ),
            class_name="wraps",
        ),
        class_name="dialog broad",
        aria_labelledby="doubles-title",
        custom_attrs=opens(state.comparing),
    )


def _side(side: Any) -> rx.Component:
    state = ContactDoubles
    return rx.el.div(
        rx.el.label(
            rx.el.input(
                type="radio",
                name="stays",
                class_name="rb",
                checked=state.stays == side.id,
                disabled=~side.chosen,
                on_change=lambda picked: state.keep(side.id),
            ),
            rx.el.span(side.letters, class_name="av", aria_hidden=True),
            rx.el.span(
                rx.el.b(side.title),
                rx.cond(side.company != "", rx.el.span(side.company, class_name="small t2")),
                rx.el.span(
                    rx.cond(side.known != "", side.known, t(it="Nessun numero", en="No number")),
                    class_name="small t2 num",
                ),
                class_name="two grow",
            ),
        ),
        rx.cond(
            number_of(state.sides) > 2,
            rx.el.label(
                rx.el.input(
                    type="checkbox",
                    class_name="cb",
                    checked=side.chosen,
                    on_change=lambda picked: state.include(side.id),
                ),
                t(it="È lo stesso", en="The same person"),
                class_name="small",
            ),
        ),
        key=text_of(side.id),
        class_name=rx.cond(side.chosen, "side", "side off"),
    )


def _field(field: Any) -> rx.Component:
    def choice(each: Any) -> rx.Component:
        return rx.el.label(
            rx.el.input(
                type="radio",
                name="field-" + each.field,
                class_name="rb",
                checked=each.chosen,
                on_change=lambda picked: ContactDoubles.prefer(each.field, each.contact),
            ),
            rx.el.span(each.text, class_name="any"),
            key=each.text,
        )

    return rx.el.fieldset(
        rx.el.legend(field.label),
        rx.el.div(rx.foreach(field.choices, choice), class_name="opts"),
        key=field.name,
    )


def _items(words: Any, items: Any) -> rx.Component:
    def item(each: Any) -> rx.Component:
        return rx.el.label(
            rx.el.input(
                type="checkbox",
                class_name="cb",
                checked=each.kept,
                on_change=lambda picked: ContactDoubles.drop(each.key),
            ),
            rx.el.span(each.text, class_name="any num"),
            rx.el.span(each.label, class_name="small t2"),
            key=each.key,
        )

    return rx.cond(
        number_of(items) > 0,
        rx.el.fieldset(
            rx.el.legend(words),
            rx.el.div(rx.foreach(items, item), class_name="opts"),
        ),
    )
