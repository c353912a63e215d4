"""Parked calls: orbit, who waits there, who parked it, for how long, and the button to take it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.calls import who
from officesmart.components.dialler_state import Dialler
from officesmart.components.row_menu import maybe_menu
from officesmart.i18n import t
from officesmart.theme import icon, number_of, panel, text_of


def parked_now(rows: Any, *, takes: bool = True) -> rx.Component:
    """The parked calls; nothing when there is none. `rows` are line.ParkedRow; takes: with the
    button that rings my phone and brings the call there."""
    return rx.cond(
        number_of(rows) > 0,
        panel(
            t(it="Chiamate parcheggiate", en="Parked calls"),
            rx.el.ul(rx.foreach(rows, lambda row: _place(row, takes=takes)), class_name="calls"),
            aria_live="polite",
        ),
    )


def _place(row: Any, *, takes: bool) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon("circle-parking"), class_name="av l p-warning", aria_hidden=True),
        rx.el.span(
            rx.el.b(
                rx.cond(
                    row.number != "",
                    who(row.who),
                    maybe_menu(who(row.who), row.dial, row.who, "cut"),
                ),
                class_name="cut who-now",
            ),
            rx.cond(row.number != "", maybe_menu(row.number, row.dial, row.who, "small cut")),
            rx.el.span(
                icon("pause", "xs"),
                rx.el.span(
                    t(it="Parcheggio ", en="Park "),
                    rx.el.b(row.orbit),
                    t(it=", messa da ", en=", by "),
                    row.by,
                    t(it=", da ", en=", for "),
                    rx.el.span(
                        class_name="num",
                        custom_attrs={"data-age": text_of(row.age)},
                        aria_hidden=True,
                    ),
                ),
                class_name="how p-warning",
            ),
            class_name="two grow",
        ),
        *(
            [
                rx.el.button(
                    icon("phone-incoming"),
                    t(it="Riprendi", en="Take"),
                    type="button",
                    class_name="btn",
                    aria_label=t(it="Riprendi la chiamata di ", en="Take the call of ")
                    + who(row.who),
                    on_click=Dialler.call_back(
                        row.orbit, t(it="Parcheggio ", en="Park ") + row.orbit
                    ),
                )
            ]
            if takes
            else []
        ),
        key=row.orbit,
        class_name="call",
    )
