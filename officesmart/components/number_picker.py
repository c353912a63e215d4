"""A quale numero inoltrare: the dialog that every forward and the ring plan choose a number with
(guide 3.4.1).

A page puts `number_picker(on_choose=handler)` once and opens it with `NumberPicker.open(purpose)`;
the handler is told (purpose, number, name) when somebody presses Conferma, and judges the number
again: what a browser sends proves nothing. The dialog itself keeps only the list of numbers.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.call_manager import numbers
from officesmart.components.dialogs import cancel, opens
from officesmart.components.number_picker_state import NumberPicker
from officesmart.i18n import t
from officesmart.theme import chip, icon, note, number_of, text_of
from pbx.routing.names import name_of

ALSO = {
    "forward_all": ("forward",),
    "forward_busy": ("busy",),
    "forward_no_answer": ("no_answer",),
    "ring_plan": ("plan",),
}
"What the incoming panel calls the same purposes."


def number_picker(*, on_choose: Any) -> rx.Component:
    """The dialog. on_choose: a handler that takes (purpose, number, name), or several: each passes
    over a purpose that is not its own."""
    choosers = on_choose if isinstance(on_choose, list | tuple) else (on_choose,)
    chosen = (NumberPicker.purpose, NumberPicker.decided, NumberPicker.decided_name)
    return rx.fragment(
        rx.el.dialog(
            rx.cond(NumberPicker.showing, rx.fragment(_head(), _body(), _foot())),
            class_name="dialog picker",
            aria_labelledby="picker-title",
            custom_attrs=opens(NumberPicker.showing),
        ),
        # The server decides whether something was chosen; that this appears tells the page.
        rx.cond(
            NumberPicker.decided != "",
            rx.el.span(
                hidden=True,
                on_mount=[*(chooses(*chosen) for chooses in choosers), NumberPicker.told],
            ),
        ),
    )


def _head() -> rx.Component:
    used = []
    for service in numbers.SERVICES:
        it, en = name_of(service)
        words = t(it=f"Per «{it}»", en=f"For “{en}”")
        used += [(each, words) for each in (service, *ALSO.get(service, ()))]
    return rx.el.header(
        rx.el.div(
            rx.el.h2(
                rx.cond(
                    (NumberPicker.purpose == "plan") | (NumberPicker.purpose == "ring_plan"),
                    t(it="Quale telefono aggiungere", en="Which phone to add"),
                    t(it="A quale numero inoltrare", en="Which number to forward to"),
                ),
                id="picker-title",
            ),
            rx.el.p(rx.match(NumberPicker.purpose, *used, ""), class_name="small t2"),
            class_name="grow",
        ),
        rx.el.button(
            icon("x"),
            type="button",
            class_name="ib",
            aria_label=t(it="Chiudi la scelta del numero", en="Close the choice of a number"),
            on_click=NumberPicker.close,
        ),
    )


def _body() -> rx.Component:
    return rx.el.div(
        rx.cond(NumberPicker.explain, _why()),
        rx.cond(
            number_of(NumberPicker.rows) > 0,
            rx.el.fieldset(
                rx.el.legend(
                    t(it="I tuoi numeri di inoltro", en="Your forwarding numbers"), class_name="vh"
                ),
                rx.el.ul(rx.foreach(NumberPicker.rows, _row), class_name="list"),
                class_name="bare",
            ),
            rx.el.p(
                icon("notebook-tabs", "s"),
                t(
                    it="Non hai ancora numeri salvati: aggiungi il primo qui sotto.",
                    en="You have no saved numbers yet: add the first one below.",
                ),
                class_name="t2 small row none",
            ),
        ),
        rx.el.div(
            rx.cond(
                NumberPicker.removed != "",
                rx.el.p(
                    rx.el.span(
                        t(
                            it=f"{NumberPicker.removed} non è più nell'elenco.",
                            en=f"{NumberPicker.removed} is no longer in the list.",
                        ),
                        class_name="grow",
                    ),
                    rx.el.button(
                        t(it="Ripristina", en="Restore"),
                        type="button",
                        class_name="btn sm",
                        on_click=NumberPicker.put_back,
                    ),
                    class_name="row small t2",
                ),
            ),
            role="status",
        ),
        _add(),
        class_name="dialog-body",
    )


def _why() -> rx.Component:
    return note(
        rx.el.p(
            t(
                it="Salva qui i numeri a cui inoltri le chiamate: è un elenco solo per tutti i "
                "servizi, così ogni numero si scrive una volta e poi si sceglie con un clic.",
                en="Save the numbers you forward calls to here: it is one list for all services, "
                "so each number is typed once and then chosen with a click.",
            )
        ),
        rx.el.button(
            t(it="Ho capito", en="Got it"),
            type="button",
            class_name="btn sm",
            on_click=NumberPicker.understood,
        ),
        glyph="lightbulb",
    )


def _row(row: Any) -> rx.Component:
    ticked = NumberPicker.chosen == row.number
    title = rx.cond(row.name != "", row.name, f"{row.led} {row.written}")
    return rx.el.li(
        rx.el.div(
            rx.el.label(
                rx.el.input(
                    type="radio",
                    name="forward-number",
                    class_name="rb",
                    value=row.number,
                    checked=ticked,
                    on_change=NumberPicker.choose(row.number),
                ),
                rx.el.span(
                    rx.cond(row.name != "", rx.el.b(row.name)),
                    rx.el.span(
                        rx.cond(
                            row.led != "",
                            rx.fragment(rx.el.span(row.led, class_name="mut"), " "),
                            rx.cond(
                                row.written.length() < 7, t(it="interno ", en="extension "), ""
                            ),
                        ),
                        row.written,
                        class_name="small t2 num nw",
                    ),
                    rx.cond(
                        row.reason != "",
                        rx.el.span(
                            icon("triangle-alert", "xs"),
                            rx.el.span(row.reason),
                            class_name="warn small",
                        ),
                    ),
                    class_name="grow two",
                ),
                class_name="row grow",
            ),
            rx.cond(
                row.id == 0,
                chip(t(it="una volta sola", en="once only")),
                rx.fragment(
                    rx.cond(
                        row.uses > 0,
                        rx.el.span(
                            rx.cond(
                                row.uses == 1,
                                t(it="in uso: 1 servizio", en="in use: 1 service"),
                                t(
                                    it=f"in uso: {row.uses} servizi",
                                    en=f"in use: {row.uses} services",
                                ),
                            ),
                            class_name="chip",
                        ),
                    ),
                    rx.el.button(
                        icon("trash-2"),
                        type="button",
                        class_name="ib",
                        aria_label=t(it=f"Elimina {title}", en=f"Delete {title}"),
                        on_click=NumberPicker.remove(row.id),
                        custom_attrs={"data-bin": ""},
                    ),
                ),
            ),
            class_name="row choice",
        ),
        rx.cond(
            (NumberPicker.asking == row.id) & (row.id != 0),
            note(
                rx.el.p(
                    t(
                        it=f"Lo usa {NumberPicker.ask_words}, che continuerà a inoltrare lì anche "
                        "senza averlo in elenco.",
                        en=f"It is used by {NumberPicker.ask_words}, which will go on forwarding "
                        "there without it in the list.",
                    )
                ),
                rx.el.div(
                    rx.el.button(
                        t(it="Elimina lo stesso", en="Delete all the same"),
                        type="button",
                        class_name="btn sm dtext",
                        on_click=NumberPicker.remove(row.id),
                    ),
                    rx.el.button(
                        t(it="Lascialo", en="Keep it"),
                        type="button",
                        class_name="btn sm",
                        auto_focus=True,
                        on_click=NumberPicker.keep,
                    ),
                    class_name="row wrap",
                ),
                kind="warning",
                glyph="triangle-alert",
                role="alert",
            ),
        ),
        key=row.number,
        class_name=rx.cond(ticked, "ticked", ""),
    )


def _add() -> rx.Component:
    faults = NumberPicker.faults
    return rx.el.form(
        rx.el.div(
            rx.el.label(t(it="Nome", en="Name"), html_for="picker-name"),
            rx.el.input(
                id="picker-name",
                name="name",
                auto_complete="off",
                max_length=numbers.NAME,
                placeholder=t(it="Facoltativo", en="Optional"),
                class_name=rx.cond(faults["name"] != "", "in bad", "in"),
                aria_invalid=faults["name"] != "",
                aria_describedby="picker-fault",
                on_blur=NumberPicker.called,
            ),
            class_name="field",
        ),
        rx.el.div(
            rx.el.label(
                t(it="Numero, con lo 0 per uscire", en="Number, with the 0 for outside"),
                html_for="picker-number",
            ),
            rx.el.input(
                id="picker-number",
                name="number",
                type="tel",
                auto_complete="off",
                placeholder="0 02 5550 0000",
                class_name=rx.cond(faults["number"] != "", "in num bad", "in num"),
                aria_invalid=faults["number"] != "",
                aria_describedby="picker-fault",
                on_blur=NumberPicker.typed,
            ),
            class_name="field",
        ),
        rx.el.button(
            rx.cond(NumberPicker.once, t(it="Usa", en="Use"), t(it="Aggiungi", en="Add")),
            type="submit",
            class_name="btn",
        ),
        rx.el.div(
            rx.foreach(
                ["name", "number"],
                lambda field: rx.cond(
                    faults[field] != "",
                    rx.el.p(
                        icon("circle-alert", "xs"),
                        rx.el.span(
                            faults[field],
                            rx.cond(
                                (field == "number") & (NumberPicker.offer != ""),
                                rx.fragment(
                                    ": ",
                                    rx.el.button(
                                        t(
                                            it=f"usa {NumberPicker.offer}",
                                            en=f"use {NumberPicker.offer}",
                                        ),
                                        type="button",
                                        class_name="as-link num",
                                        on_click=NumberPicker.take_offer,
                                    ),
                                ),
                            ),
                        ),
                        class_name="err",
                    ),
                ),
            ),
            id="picker-fault",
            role="alert",
            class_name="wide",
        ),
        rx.el.label(
            rx.el.input(
                type="checkbox",
                class_name="cb",
                checked=NumberPicker.once,
                on_change=NumberPicker.use_once,
            ),
            t(it="Usa una volta sola, senza salvarlo", en="Use once only, without saving it"),
            class_name="row small t2 wide",
        ),
        key=text_of(NumberPicker.stamp),
        class_name="addn",
        no_validate=True,
        on_submit=NumberPicker.add,
    )


def _foot() -> rx.Component:
    return rx.el.footer(
        rx.el.p(
            rx.cond(
                NumberPicker.nothing,
                rx.el.span(
                    t(it="Scegli un numero o scrivilo", en="Choose a number or type it"),
                    class_name="err",
                ),
                t(
                    it=f"Numeri salvati: {NumberPicker.saved} di {numbers.MOST}",
                    en=f"Saved numbers: {NumberPicker.saved} of {numbers.MOST}",
                ),
            ),
            role="status",
            class_name="hint grow num",
        ),
        cancel(NumberPicker.close, kind="btn quiet"),
        rx.el.button(
            t(it="Conferma", en="Confirm"),
            type="button",
            class_name="btn pri",
            on_click=NumberPicker.confirm,
        ),
    )
