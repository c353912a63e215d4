"""The latest calls in a few lines each: which way, with whom, how long, and the button to call."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.days import by_day
from officesmart.components.dialler_state import Dialler
from officesmart.components.row_menu import name_menu
from officesmart.i18n import t
from officesmart.theme import icon, link, number_of, panel, text_of


def latest_calls(days: Any) -> rx.Component:
    """The latest calls of every kind, by day (lists.CallDay); nothing while there are none."""
    return rx.cond(
        number_of(days) > 0,
        panel(
            t(it="Ultime chiamate", en="Latest calls"),
            by_day(days, _latest_call, heading=rx.el.h3, kind="rows latest"),
            aside=link(
                t(it="Tutte", en="All"), href="/messaggi?scheda=perse", class_name="end small"
            ),
        ),
    )


def _in_vain(row: Any) -> rx.Component:
    """Why a call that was made came to nothing."""

    def why(it: str, en: str) -> rx.Component:
        return rx.fragment(", ", t(it=it, en=en))

    return rx.match(
        row.outcome,
        ("no_answer", why("nessuna risposta", "no answer")),
        ("busy", why("occupato", "busy")),
        ("declined", why("rifiutata", "declined")),
        ("rejected", why("rifiutata", "declined")),
        ("cancelled", why("annullata", "cancelled")),
        ("not_begun", why("non partita", "not begun")),
        ("unavailable", why("nessun telefono collegato", "no phone connected")),
        ("not_found", why("numero inesistente", "no such number")),
        ("forbidden", why("numero non consentito", "number not allowed")),
        ("failed", why("non riuscita", "failed")),
        rx.fragment(),
    )


def _latest_call(row: Any) -> rx.Component:
    return rx.el.li(
        rx.match(
            row.way,
            ("missed", icon("phone-missed", class_name="i danger-glyph")),
            ("in", icon("phone-incoming")),
            icon("phone-outgoing"),
        ),
        rx.el.span(
            name_menu(row, kind="who cut"),
            rx.el.span(
                rx.match(
                    row.way,
                    ("missed", t(it="persa", en="missed")),
                    ("in", t(it="ricevuta", en="received")),
                    t(it="effettuata", en="dialled"),
                ),
                rx.cond(row.way == "out", _in_vain(row)),
                rx.cond(
                    row.onward != "",
                    rx.fragment(t(it=", inoltrata a ", en=", forwarded to "), row.onward),
                ),
                rx.cond(row.lasts != "", rx.fragment(", ", row.lasts)),
                class_name="small t2 num",
            ),
            class_name="two grow",
        ),
        rx.el.time(row.at, date_time=row.iso, class_name="t2 num"),
        rx.cond(
            row.number != "",
            rx.el.button(
                icon("phone", "s"),
                type="button",
                class_name="ib",
                title=t(it="Componi", en="Dial"),
                aria_label=t(it="Componi ", en="Dial ") + row.name,
                on_click=Dialler.call_back(row.number, row.name),
            ),
            rx.el.span(class_name="ib", aria_hidden=True),
        ),
        key=text_of(row.id),
    )
