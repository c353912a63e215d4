"""The ring-plan editor: phones down, periods across, their width their seconds (guide 3.2.1).

A desk gets the grid, whose handles assets/ring_plan.js drags; a phone gets a list of periods. What
the script finds: `data-plan` (seconds of the columns), `data-knob` (a handle), `data-box` (its
number box), `data-cell`. It tells the State once, when a handle is let go.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.call_manager.incoming import PERIOD_SECONDS
from officesmart.components.incoming_handlers import Incoming
from officesmart.i18n import t
from officesmart.theme import hidden, icon, number_of, text_of


def ring_plan(pick: Any) -> rx.Component:
    """The editor, as the mode needs it; pick: opens the list of numbers."""
    return rx.el.div(
        rx.cond(
            Incoming.plan == "in_order",
            rx.fragment(_grid(), _periods()),
            _together(),
        ),
        rx.el.div(
            rx.el.button(
                icon("plus"),
                t(it="Aggiungi telefono", en="Add a phone"),
                type="button",
                class_name="addrow",
                on_click=pick,
                disabled=number_of(Incoming.plan_phones) >= 10,
            ),
            rx.cond(
                Incoming.own_missing,
                rx.el.button(
                    icon("phone"),
                    t(it="Rimetti i tuoi telefoni", en="Your phones again"),
                    type="button",
                    class_name="addrow",
                    on_click=Incoming.own_back,
                ),
            ),
            rx.cond(
                Incoming.plan == "in_order",
                rx.el.span(
                    t(
                        it="Trascina i secondi; un clic accende o spegne la barra.",
                        en="Drag the seconds; a click switches a bar on or off.",
                    ),
                    class_name="end small mut hide-s",
                ),
            ),
            class_name="row plan-foot",
        ),
        rx.cond(
            Incoming.faults["periods"] + Incoming.faults["phones"] != "",
            rx.el.p(
                icon("circle-alert", "xs"),
                Incoming.faults["periods"] + Incoming.faults["phones"],
                class_name="err pad",
                role="alert",
            ),
        ),
        rx.foreach(
            Incoming.remarks,
            lambda each: rx.cond(
                each.on == "periods",
                rx.el.p(
                    icon("triangle-alert", "xs"), each.words, class_name="warns pad", role="status"
                ),
            ),
        ),
        hidden(Incoming.announced, aria_live="polite"),
        class_name="plan-edit",
        # Nothing of it counts then; the panel says why (guide 3.2.1).
        custom_attrs={"inert": Incoming.mode == "forward"},
    )


# -- on a desk ----------------------------------------------------------------------------------


def _grid() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.div(rx.el.span(t(it="Telefono", en="Phone")), class_name="hd nm"),
            rx.foreach(Incoming.periods, _head),
            rx.el.div(
                rx.el.span("= ", rx.el.b(Incoming.total, " s"), class_name="num total"),
                class_name="hd free",
            ),
            rx.foreach(Incoming.plan_phones, _row),
            class_name="grid",
        ),
        class_name="plan hide-s",
        key=text_of(Incoming.stamp),
        role="group",
        aria_label=t(it="Squillo in sequenza", en="Ringing in order"),
        custom_attrs={"data-plan": Incoming.seconds},
    )


def _head(period: Any) -> rx.Component:
    order = period.index + 1
    return rx.el.div(
        rx.cond(
            number_of(Incoming.periods) > 1,
            rx.el.button(
                icon("x", "xs"),
                type="button",
                class_name="drop-period",
                title=t(it="Togli il periodo", en="Remove the period"),
                aria_label=t(it=f"Togli il periodo {order}", en=f"Remove period {order}"),
                on_click=Incoming.drop_period(period.index, number_of(Incoming.periods)),
            ),
        ),
        rx.el.span(
            rx.el.b(
                icon("grip-vertical"),
                rx.el.span(period.seconds, " s"),
                role="slider",
                tab_index=0,
                aria_label=t(it=f"Durata del periodo {order}", en=f"Length of period {order}"),
                aria_valuemin=1,
                aria_valuemax=PERIOD_SECONDS,
                aria_valuenow=period.seconds,
                aria_valuetext=t(it=f"{period.seconds} secondi", en=f"{period.seconds} seconds"),
                custom_attrs={
                    "data-knob": text_of(period.index),
                    "data-unit": t(it="secondi", en="seconds"),
                },
            ),
            rx.el.input(
                default_value=text_of(period.seconds),
                input_mode="numeric",
                max_length=3,
                auto_complete="off",
                aria_label=t(
                    it=f"Secondi del periodo {order}, da 1 a 60",
                    en=f"Seconds of period {order}, 1 to 60",
                ),
                on_blur=lambda text: Incoming.resize(period.index, text),
                class_name="knob-box num",
                custom_attrs={"data-box": text_of(period.index)},
            ),
            class_name="knob",
        ),
        class_name="hd",
        key=text_of(period.index),
    )


def _row(phone: Any) -> rx.Component:
    return rx.el.div(
        _name(phone),
        rx.foreach(
            phone.cells,
            lambda cell: rx.el.button(
                rx.cond(
                    cell.look.contains(" a"),
                    rx.el.span(t(it="Squilla", en="Rings"), class_name="lab", aria_hidden=True),
                ),
                type="button",
                role="switch",
                aria_checked=rx.cond(cell.on, "true", "false"),
                aria_label=cell.words,
                tab_index=rx.cond(cell.period == 0, 0, -1),
                class_name=cell.look,
                on_click=Incoming.toggle(phone.number, cell.period, ~cell.on),
                custom_attrs={"data-cell": text_of(cell.period)},
                key=text_of(cell.period),
            ),
        ),
        rx.el.div(
            rx.cond(
                (phone.index == 0) & (Incoming.free > 0),
                rx.el.button(
                    icon("plus", "s"),
                    t(it="Periodo", en="Period"),
                    type="button",
                    class_name="btn quiet sm add-period",
                    aria_label=t(
                        it=f"Aggiungi un periodo: {Incoming.free} liberi su 6",
                        en=f"Add a period: {Incoming.free} of 6 are free",
                    ),
                    on_click=Incoming.add_period,
                ),
            ),
            class_name="cell free",
        ),
        class_name="plan-row",
        key=phone.number + "-row",
    )


def _name(phone: Any) -> rx.Component:
    return rx.el.div(
        _drawing(phone.glyph),
        rx.el.span(
            rx.el.b(phone.name, class_name="cut", title=phone.name),
            rx.el.small(phone.detail, class_name="cut num"),
            rx.cond(phone.outside, _press_one(phone)),
            class_name="grow two",
        ),
        _bin(phone),
        class_name="nm",
    )


def _drawing(glyph: Any) -> rx.Component:
    return rx.match(
        glyph,
        ("smartphone", icon("smartphone")),
        ("user-round", icon("user-round")),
        ("phone-outgoing", icon("phone-outgoing")),
        icon("phone"),
    )


def _bin(phone: Any) -> rx.Component:
    return rx.el.button(
        icon("trash-2", "s"),
        type="button",
        class_name="ib bin",
        title=t(it="Elimina", en="Remove"),
        aria_label=t(it="Togli dal piano: ", en="Remove from the plan: ") + phone.name,
        on_click=Incoming.drop_phone(phone.number),
    )


def _press_one(phone: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            checked=phone.confirm,
            on_change=lambda on: Incoming.press_one(phone.number, on),
            class_name="cb tiny",
            aria_label=t(it="Premi 1 per accettare: ", en="Press 1 to accept: ") + phone.name,
        ),
        t(it="premi 1", en="press 1"),
        class_name="press-one",
        title=t(it="Chi risponde preme 1 per accettare", en="Whoever answers presses 1 to accept"),
    )


# -- together, and on a phone -------------------------------------------------------------------


def _phones() -> rx.Component:
    return rx.el.ul(
        rx.foreach(
            Incoming.plan_phones, lambda phone: rx.el.li(_name(phone), key=phone.number + "-li")
        ),
        class_name="plan-phones",
    )


def _together() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            t(
                it="Squillano tutti subito, finché uno risponde o la chiamata va altrove.",
                en="All ring at once, until one answers or the call goes elsewhere.",
            ),
            class_name="small t2",
        ),
        _phones(),
        class_name="plan-s",
    )


def _periods() -> rx.Component:
    return rx.el.div(
        rx.foreach(Incoming.periods, _period),
        rx.el.div(
            rx.cond(
                Incoming.free > 0,
                rx.el.button(
                    icon("plus", "s"),
                    t(
                        it=f"Aggiungi periodo ({Incoming.free} liberi)",
                        en=f"Add a period ({Incoming.free} free)",
                    ),
                    type="button",
                    class_name="btn quiet sm add-period",
                    on_click=Incoming.add_period,
                ),
            ),
            rx.el.b(t(it="Totale ", en="Total "), Incoming.total, " s", class_name="end num"),
            class_name="row plan-sum",
        ),
        _phones(),
        class_name="plan-s only-s",
    )


def _period(period: Any) -> rx.Component:
    order = period.index + 1

    def step(glyph: str, by: int, words: Any) -> rx.Component:
        return rx.el.button(
            icon(glyph, "s"),
            type="button",
            class_name="ib bx",
            aria_label=words,
            on_click=Incoming.step_period(period.index, by),
        )

    return rx.el.div(
        rx.el.div(
            rx.el.b(period.words, class_name="num"),
            rx.cond(
                number_of(Incoming.periods) > 1,
                rx.el.button(
                    icon("trash-2", "s"),
                    type="button",
                    class_name="ib",
                    aria_label=t(it=f"Togli il periodo {order}", en=f"Remove period {order}"),
                    on_click=Incoming.drop_period(period.index, number_of(Incoming.periods)),
                ),
            ),
            rx.el.span(
                step(
                    "minus",
                    -1,
                    t(
                        it=f"Un secondo in meno, periodo {order}",
                        en=f"One second less, period {order}",
                    ),
                ),
                rx.el.input(
                    key=f"small-{period.index}-{period.seconds}-{Incoming.stamp}",
                    default_value=text_of(period.seconds),
                    input_mode="numeric",
                    max_length=3,
                    auto_complete="off",
                    aria_label=t(
                        it=f"Secondi del periodo {order}, da 1 a 60",
                        en=f"Seconds of period {order}, 1 to 60",
                    ),
                    on_blur=lambda text: Incoming.resize(period.index, text),
                    class_name="in num",
                    custom_attrs={"data-box": ""},
                ),
                step(
                    "plus",
                    1,
                    t(
                        it=f"Un secondo in più, periodo {order}",
                        en=f"One second more, period {order}",
                    ),
                ),
                class_name="end row tight",
            ),
            class_name="row",
        ),
        rx.el.div(
            rx.foreach(
                Incoming.plan_phones,
                lambda phone: rx.el.button(
                    _drawing(phone.glyph),
                    phone.name,
                    type="button",
                    aria_pressed=rx.cond(phone.cells[period.index].on, "true", "false"),
                    class_name="tg",
                    on_click=Incoming.toggle(
                        phone.number, period.index, ~phone.cells[period.index].on
                    ),
                    key=phone.number + "-tg",
                ),
            ),
            class_name="row wrap",
            role="group",
            aria_label=t(it="Chi squilla: ", en="Who rings: ") + period.words,
        ),
        class_name="per",
        key=text_of(period.index),
    )
