"""From which telephone the call begins: my own number first, another by *Modifica* (guide 11)."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.dialler_field import offers
from officesmart.components.dialler_state import Dialler
from officesmart.i18n import t
from officesmart.page import Portal
from officesmart.theme import icon, note, number_of, text_of

SETTINGS = "/impostazioni/chiamate"
FORM = "dial-form"
"The form that Componi sends."


def origin() -> rx.Component:
    """What rings first, and the choice of another."""
    return rx.el.div(
        rx.el.p(
            t(it="Da ", en="From "),
            rx.cond(
                Portal.origin != "",
                rx.el.span(Portal.origin_shown, class_name="num b"),
                rx.el.span(_own(), class_name="num"),
            ),
            ". ",
            rx.el.button(
                t(it="Modifica", en="Change"),
                type="button",
                class_name="as-link",
                aria_label=t(
                    it="Modifica il numero da cui chiamare", en="Change the number to call from"
                ),
                aria_expanded=Dialler.choosing,
                aria_controls="origin-choice",
                on_click=Dialler.change_origin,
            ),
            class_name="small t2",
        ),
        rx.el.div(rx.cond(Dialler.choosing, _choice()), id="origin-choice"),
        rx.cond(
            (number_of(Portal.phones) == 0) & (Portal.origin == ""),
            note(
                t(
                    it="Nessun tuo telefono è collegato: accendine uno, o chiama da un altro "
                    "numero.",
                    en="None of your phones is connected: switch one on, or call from another "
                    "number.",
                ),
                kind="warning",
                glyph="triangle-alert",
            ),
            rx.el.p(
                rx.cond(
                    Portal.origin != "",
                    t(
                        it="Squilla prima quel telefono, solo per questa chiamata. Quando "
                        "rispondi, chiamiamo il numero.",
                        en="That telephone rings first, for this call only. When you answer, we "
                        "call the number.",
                    ),
                    t(
                        it="Squilla prima il tuo telefono. Quando rispondi, chiamiamo il numero.",
                        en="Your own phone rings first. When you answer, we call the number.",
                    ),
                ),
                class_name="hint",
            ),
        ),
        class_name="stack tight",
    )


def _own() -> Any:
    """My own number, as the guide shows it: the line's main number and its extension."""
    extension = t(it="int. ", en="ext. ") + Portal.extension
    number = rx.cond(Portal.number != "", Portal.number + ", " + extension, extension)
    return rx.cond(Portal.my_phone != "", number + ", " + Portal.my_phone, number)


def _choice() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(t(it="Da quale numero", en="From which number"), class_name="vh"),
        _option(
            "",
            rx.el.b(t(it="Il tuo numero", en="Your own number")),
            _own(),
        ),
        rx.foreach(Dialler.others, _other),
        rx.el.div(
            rx.el.label(t(it="Un nuovo numero", en="A new number"), html_for="origin-new"),
            rx.el.input(
                id="origin-new",
                name="origin",
                type="text",
                input_mode="tel",
                auto_complete="off",
                max_length=80,
                class_name=rx.cond(Dialler.origin_wrong != "", "in bad num", "in num"),
                placeholder=t(it="335 555 0147 o 203", en="335 555 0147 or 203"),
                default_value=Dialler.origin_typed,
                aria_describedby="origin-fault",
                aria_invalid=Dialler.origin_wrong != "",
                on_blur=Dialler.type_origin,  # for who then takes a suggestion
                key=text_of(Dialler.origin_stamp),
                custom_attrs={"form": FORM},  # Componi sends it along
            ),
            rx.el.div(
                rx.cond(
                    Dialler.origin_wrong != "",
                    rx.fragment(
                        rx.el.p(
                            icon("circle-alert", "xs"),
                            rx.el.span(Dialler.origin_wrong),
                            class_name="err",
                        ),
                        offers(Dialler.origin_offers, lambda each: Dialler.use_offer(each)),
                    ),
                ),
                id="origin-fault",
                role="alert",
            ),
            rx.el.p(
                t(
                    it="Dopo una chiamata riuscita resta tra gli altri numeri.",
                    en="After a call that went through it stays among your other numbers.",
                ),
                class_name="hint",
            ),
            class_name="field",
        ),
        rx.el.a(
            t(
                it="Quale dei tuoi telefoni squilla, e se risponde da solo",
                en="Which of your phones rings, and whether it answers by itself",
            ),
            href=f"{SETTINGS}#dal-portale",
            target="_blank",  # the call that is being made stays where it is
            class_name="as-link small",
        ),
        class_name="origins stack",
    )


def _option(number: Any, *words: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="origin-choice",
            value=number,
            class_name="rb",
            checked=Portal.origin == number,
            on_change=Dialler.choose_origin(number),
        ),
        rx.el.span(
            words[0], rx.el.span(*words[1:], class_name="small t2 num"), class_name="grow two"
        ),
        class_name="row origin",
    )


def _other(each: Any) -> rx.Component:
    named = rx.cond(each.name != "", each.name, each.shown)
    return rx.cond(
        Dialler.renaming == each.number,
        rx.el.form(
            rx.el.label(
                t(it="Nome di ", en="Name of ") + each.shown,
                html_for="origin-name",
            ),
            rx.el.div(
                rx.el.input(
                    id="origin-name",
                    name="name",
                    type="text",
                    max_length=80,
                    class_name="in",
                    auto_focus=True,
                    default_value=each.name,
                ),
                rx.el.button(t(it="Salva", en="Save"), type="submit", class_name="btn"),
                class_name="row",
            ),
            on_submit=Dialler.rename,
            class_name="field",
        ),
        rx.el.div(
            _option(
                each.number, rx.el.b(named, class_name="cut"), rx.cond(each.name, each.shown, "")
            ),
            _deed(
                "pencil", t(it="Rinomina ", en="Rename ") + named, Dialler.begin_rename(each.number)
            ),
            _deed(
                "trash-2",
                t(it="Elimina ", en="Delete ") + named,
                Dialler.forget_origin(each.number),
            ),
            class_name="row",
            key=each.number,
        ),
    )


def _deed(glyph: str, words: Any, does: Any) -> rx.Component:
    return rx.el.button(
        icon(glyph, "s"), type="button", class_name="ib", aria_label=words, on_click=does
    )
