"""Where a number or a name is typed: who may be meant under it, and what is wrong."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.combobox import combobox
from officesmart.components.dialler_state import Dialler
from officesmart.i18n import t
from officesmart.page import LONGEST_NUMBER, Portal
from officesmart.suggesting import MOST_CONTACTS
from officesmart.theme import icon, number_of, text_of


def number_field(field_id: str) -> rx.Component:
    """The field and its list."""
    return rx.el.div(
        *combobox(
            field_id,
            t(it="Numero o nome", en="Number or name"),
            found=Dialler.suggested,
            option=_suggestion,
            list_name=t(it="Suggerimenti", en="Suggestions"),
            fault=fault(),
            wrong=Portal.dial_fault == "number",
            all_button=rx.el.button(
                icon("chevron-down", "s"),
                type="button",
                class_name="ib",
                aria_label=t(it="Scegli dall'elenco", en="Choose from the list"),
                aria_expanded=number_of(Dialler.suggested) > 0,
                aria_controls=f"{field_id}-list",
                on_click=Dialler.offer_all,
                custom_attrs={"data-all": ""},
            ),
            name="number",
            max_length=LONGEST_NUMBER,
            placeholder=t(it="201, 02 5550 0000 o un nome", en="201, 02 5550 0000 or a name"),
            default_value=Portal.dialled,
            on_change=Dialler.type_number.debounce(120),
            key=text_of(Dialler.composed),
        ),
        rx.cond(
            number_of(Dialler.suggested) >= MOST_CONTACTS,  # beyond them an address book is cut
            rx.el.p(
                t(
                    it="Si vedono i primi: continua a scrivere per trovare gli altri.",
                    en="These are the first: keep typing to find the others.",
                ),
                class_name="hint",
            ),
        ),
        rx.el.button(
            hidden=True, type="button", on_click=Dialler.offer_none, custom_attrs={"data-none": ""}
        ),
        class_name="field",
    )


def _suggestion(each: Any) -> tuple[list[rx.Component], dict[str, Any]]:
    shown = [
        rx.match(
            each.kind,
            ("contact", icon("book-user", "s mut")),
            ("code", icon("hash", "s mut")),
            ("recent", icon("history", "s mut")),
            icon("user", "s mut"),
        ),
        rx.el.span(
            rx.el.span(rx.foreach(each.title, _piece), class_name="cut"),
            rx.el.span(
                rx.cond(each.label != "", each.label + " ", ""),
                rx.el.span(rx.foreach(each.written, _piece), class_name="num nw"),
                class_name="small t2 cut",
            ),
            class_name="grow two",
        ),
    ]
    return shown, {"on_click": Dialler.choose(each.dial, each.name), "key": each.dial}


def _piece(piece: Any) -> rx.Component:
    """Some letters; those that were typed stand out."""
    return rx.cond(piece.hit, rx.el.mark(piece.text), piece.text)


def fault() -> rx.Component:
    """Why a number cannot be dialled, and what was probably meant."""
    return rx.match(
        Portal.dial_fault,
        (
            "number",
            rx.fragment(
                rx.el.p(
                    icon("circle-alert", "xs"), rx.el.span(Portal.dial_wrong), class_name="err"
                ),
                offers(Portal.dial_offers, lambda each: Dialler.choose(each, "")),
            ),
        ),
        (
            "down",
            rx.el.p(
                icon("circle-alert", "xs"),
                t(
                    it="Il centralino non risponde: riprova tra poco.",
                    en="The PBX does not answer: try again shortly.",
                ),
                class_name="err",
            ),
        ),
        rx.fragment(),
    )


def offers(numbers: Any, takes: Any) -> rx.Component:
    """What was probably meant: one click takes it."""
    return rx.cond(
        number_of(numbers) > 0,
        rx.el.div(
            rx.foreach(
                numbers,
                lambda each: rx.el.button(
                    t(it="Usa ", en="Use "),
                    rx.el.span(each, class_name="num"),
                    type="button",
                    class_name="btn sm",
                    on_click=takes(each),
                ),
            ),
            class_name="row wrap offers",
        ),
    )
