"""The whole office, live, as two tables: calls in progress, and phones that are registered.

Who may end a call or sign a phone out is the page's to say; the tables are handed the events.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from officesmart.components.calls import who
from officesmart.components.row_menu import maybe_menu
from officesmart.i18n import t
from officesmart.theme import dot, empty, hidden, icon, number_of, panel, text_of


def calls_now(calls: Any, *, end: Callable[[Any], Any]) -> rx.Component:
    """Calls in progress. `calls` are line.BothSides, `end` makes the event that ends one."""
    return panel(
        t(it="Chiamate in corso", en="Calls in progress"),
        rx.cond(
            number_of(calls) > 0,
            _table(
                t(it="Chi chiama", en="From"),
                t(it="Chi è chiamato", en="To"),
                t(it="Stato", en="State"),
                t(it="Da", en="For"),
                rows=rx.foreach(calls, lambda call: _call(call, end(call.id))),
                kind="calls-now",
            ),
            rx.el.p(
                t(
                    it="Nessuno sta telefonando. Le chiamate appaiono qui mentre avvengono.",
                    en="Nobody is on the phone. Calls appear here as they happen.",
                ),
                class_name="pad t2",
            ),
        ),
        aside=_total(number_of(calls)),
    )


def phones_now(phones: Any, names: Any, *, sign_out: Callable[[Any], Any]) -> rx.Component:
    """Phones that are registered. `phones` are line.PhoneRow, `names` the people by extension,
    `sign_out` makes the event that signs one out."""
    return panel(
        t(it="Telefoni collegati", en="Registered phones"),
        rx.cond(
            number_of(phones) > 0,
            _table(
                t(it="Interno", en="Extension"),
                t(it="Nome", en="Name"),
                t(it="Telefono", en="Phone"),
                t(it="Da dove", en="From where"),
                t(it="Collegato da", en="For"),
                rows=rx.foreach(
                    phones, lambda phone: _phone(phone, names[phone.line], sign_out(phone.id))
                ),
                kind="phones",
            ),
            empty(
                "phone-off",
                t(it="Nessun telefono collegato", en="No phone is registered"),
                t(
                    it="Un telefono appare qui appena si registra con l'utente e la password SIP "
                    "di una linea.",
                    en="A phone appears here as soon as it registers with the SIP user and "
                    "password of a line.",
                ),
            ),
        ),
        aside=_total(number_of(phones)),
    )


def _table(*headings: Any, rows: rx.Component, kind: str) -> rx.Component:
    """The last column is what can be done with a row."""
    return rx.el.table(
        rx.el.thead(
            rx.el.tr(
                *(rx.el.th(words, scope="col") for words in headings),
                rx.el.th(hidden(t(it="Azioni", en="Actions")), scope="col"),
            )
        ),
        rx.el.tbody(rows),
        class_name=kind,
    )


def _total(number: Any) -> rx.Component:
    return rx.cond(number > 0, rx.el.span(number, class_name="count"))


def _call(call: Any, end: Any) -> rx.Component:
    return rx.el.tr(
        _party(call.caller, call.caller_number, call.caller_dial),
        _party(call.callee, call.callee_number, call.callee_dial),
        rx.el.td(
            rx.match(
                call.state,
                ("ringing", _state("ringing", "bell", t(it="squilla", en="ringing"))),
                ("trying", _state("ringing", "phone-call", t(it="in partenza", en="starting"))),
                ("held", _state("warning", "pause", t(it="in attesa", en="on hold"))),
                rx.match(
                    call.by,
                    ("mailbox", _state("info", "voicemail", t(it="segreteria", en="voicemail"))),
                    ("service", _state("info", "bot", t(it="servizio", en="service"))),
                    _state("busy", "phone", t(it="in linea", en="talking")),
                ),
            )
        ),
        _age(call),
        rx.el.td(
            rx.el.button(
                icon("phone-off", "s"),
                type="button",
                class_name="ib danger",
                title=t(it="Chiudi la chiamata", en="End the call"),
                aria_label=t(it="Chiudi la chiamata di ", en="End the call of ") + call.caller,
                on_click=end,
            ),
            class_name="r",
        ),
        key=call.id,
    )


def _party(name: Any, number: Any, dial: Any) -> rx.Component:
    return rx.el.td(
        rx.cond(
            number != "",
            rx.fragment(rx.el.b(who(name)), maybe_menu(number, dial, name, "small")),
            rx.el.b(maybe_menu(who(name), dial, name)),
        )
    )


def _state(kind: str, glyph: str, words: Any) -> rx.Component:
    return rx.el.span(icon(glyph), words, class_name=f"chip p-{kind}")


def _phone(phone: Any, name: Any, sign_out: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.td(rx.el.b(maybe_menu(phone.line, phone.line, name))),
        rx.el.td(
            rx.el.span(dot("available"), name, class_name="row"),
        ),
        rx.el.td(rx.cond(phone.name != "", phone.name, "—")),
        rx.el.td(phone.source, rx.el.small(phone.transport), class_name="num"),
        _age(phone),
        rx.el.td(
            rx.el.button(
                icon("unplug", "s"),
                type="button",
                class_name="ib",
                title=t(it="Scollega", en="Sign out"),
                aria_label=t(it="Scollega il telefono di ", en="Sign out the phone of ")
                + phone.line,
                on_click=sign_out,
            ),
            class_name="r",
        ),
        key=text_of(phone.id),
    )


def _age(row: Any) -> rx.Component:
    """Time running in the browser, from what the server last said."""
    return rx.el.td(rx.el.span(class_name="num", custom_attrs={"data-age": text_of(row.age)}))
