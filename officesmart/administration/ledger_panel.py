"""What a Ledger's open row is drawn with: the side panel, and the questions before a deletion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx

from officesmart.administration.form_pieces import clash_note
from officesmart.components.dialogs import danger, question
from officesmart.components.unsaved import confirm_bar
from officesmart.i18n import t
from officesmart.theme import icon, note, number_of, text_of


def side_panel(
    state: Any,
    new: Any,
    *fields: rx.Component,
    under: Any = None,
    after: Sequence[Any] = (),
    deletes: bool = True,
) -> rx.Component:
    """The open thing: its fields in a watched form, and below it what is no field of it.

    under: small words below the title; after: parts outside the form, shown for one that exists.
    """
    is_new = state.opened == -1
    return rx.el.aside(
        rx.el.header(
            rx.el.div(
                rx.el.h2(
                    rx.cond(is_new, new, state.title),
                    id="panel-title",
                    tab_index=-1,
                    custom_attrs={"data-title": ""},
                ),
                *([rx.cond(~is_new, under)] if under is not None else []),
                class_name="grow two",
            ),
            *(
                [
                    rx.cond(
                        ~is_new,
                        rx.el.button(
                            icon("trash-2"),
                            type="button",
                            class_name="ib",
                            aria_label=t(it="Elimina…", en="Delete…"),
                            on_click=state.ask_delete(state.opened),
                        ),
                    )
                ]
                if deletes
                else []
            ),
            rx.el.button(
                icon("x"),
                type="button",
                class_name="ib",
                aria_label=t(it="Chiudi il pannello", en="Close the panel"),
                on_click=state.close,
                custom_attrs={"data-close": "", "data-leaves": ""},
            ),
            class_name="row",
        ),
        rx.el.div(
            rx.el.form(
                clash_note(state.clash, theirs=state.keep_theirs, mine=state.keep_mine),
                rx.cond(
                    state.faults[""] != "",
                    note(state.faults[""], kind="dnd", glyph="circle-alert", role="alert"),
                ),
                *fields,
                on_submit=state.save,
                key=text_of(state.stamp),
                id="panel-form",
                no_validate=True,
                class_name="stack",
                custom_attrs={"data-watch": "", "data-fault": text_of(state.failed)},
            ),
            *([rx.cond(~is_new, rx.fragment(*after))] if after else []),
            class_name="edit-body stack",
        ),
        confirm_bar(undo=state.undo, is_new=is_new, form="panel-form"),
        class_name=rx.cond(is_new, "edit whole always", "edit whole"),
        aria_labelledby="panel-title",
        custom_attrs={"data-panel": text_of(state.opened)},
    )


def picked(name: str, value: Any, options: Any, nothing: Any = None, **props: Any) -> rx.Component:
    """One of a list that the State gives (`Option`s), in a watched form; nothing: none of them."""
    return rx.el.select(
        *([rx.el.option(nothing, value="")] if nothing is not None else []),
        rx.foreach(options, lambda each: rx.el.option(each.words, value=each.value)),
        id=f"f-{name}",
        name=name,
        default_value=value,
        aria_describedby=f"e-{name}",
        class_name="in sel",
        custom_attrs={"data-was": value},
        **props,
    )


def goes_to(state: Any, words: Any, nothing: Any) -> rx.Component:
    """Who takes over what hangs on the things to be deleted (`others`, `ask_to`)."""
    return rx.el.div(
        rx.el.label(words, html_for="f-ask-to"),
        rx.el.select(
            rx.el.option(nothing, value=""),
            rx.foreach(state.others, lambda each: rx.el.option(each.words, value=each.value)),
            id="f-ask-to",
            value=state.ask_to,
            on_change=state.choose_target,
            class_name="in sel",
        ),
        class_name="field",
    )


def delete_question(state: Any, one: Any, many: Any, *body: Any) -> rx.Component:
    """Eliminare …? one: the title for one thing; many: of more, given their number."""
    count = number_of(state.ask_names) + state.ask_more
    return question(
        "ask-delete",
        rx.cond(count == 1, one, many(count)),
        rx.el.ul(
            rx.foreach(state.ask_names, lambda name: rx.el.li(name)),
            rx.cond(
                state.ask_more > 0,
                rx.el.li(t(it=f"e altre {state.ask_more} voci", en=f"and {state.ask_more} more")),
            ),
            class_name="names",
        ),
        *body,
        is_open=state.asking == "delete",
        does=danger(t(it="Elimina", en="Delete"), state.delete),
        spares=state.cancel,
    )
