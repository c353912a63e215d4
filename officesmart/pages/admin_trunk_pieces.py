"""The list of trunks, in the order of trying. The State is in admin_trunks.py, which hands itself
in.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.form_pieces import (
    mover,
)
from officesmart.administration.pieces import (
    administration,
)
from officesmart.components.dialogs import danger, question
from officesmart.i18n import t
from officesmart.pages.admin_trunk_panel import panel
from officesmart.theme import chip, empty, icon, number_of, text_of


def view(trunks: Any) -> rx.Component:
    """The list in the order of trying, and one trunk beside it."""
    return administration(
        "/admin/trunk",
        rx.el.div(
            rx.el.div(
                rx.el.div(
                    rx.el.h1(t(it="Linee esterne", en="Trunks")),
                    rx.el.p(
                        t(
                            it="Da qui passano le chiamate con il mondo. Si prova la prima; "
                            "se non va, la successiva.",
                            en="Calls with the outside world go this way. The first is tried; "
                            "if it fails, the next.",
                        ),
                        class_name="t2 small",
                    ),
                    class_name="two",
                ),
                rx.cond(
                    number_of(trunks.rows) > 0,
                    rx.el.span(
                        _new(trunks, "address", "btn"),
                        _new(trunks, "sign_in", "btn pri"),
                        class_name="end row",
                    ),
                ),
                class_name="head",
            ),
            rx.el.section(
                rx.cond(
                    number_of(trunks.rows) > 0,
                    rx.el.ol(
                        rx.foreach(trunks.rows, lambda row: _row(trunks, row)), class_name="rows"
                    ),
                    empty(
                        "cable",
                        t(it="Nessuna linea esterna", en="No trunk yet"),
                        t(
                            it="L'ufficio chiama solo tra interni. Prendi i dati del fornitore e "
                            "aggiungi la prima linea.",
                            en="The office calls only among its lines. Take the provider's data "
                            "and add the first trunk.",
                        ),
                        rx.el.span(
                            _new(trunks, "address", "btn"),
                            _new(trunks, "sign_in", "btn pri"),
                            class_name="row wrap",
                        ),
                    ),
                ),
                class_name="panel",
                aria_label=t(it="Elenco", en="List"),
            ),
            class_name="adm-main compact",
        ),
        rx.cond(trunks.opened != 0, panel(trunks)),
        _delete(trunks),
        class_name=rx.cond(trunks.opened != 0, "adm with-panel", "adm"),
    )


def _new(trunks: Any, kind: str, style: str) -> rx.Component:
    words = (
        t(it="Nuova per indirizzo", en="New by address")
        if kind == "address"
        else t(it="Nuova con password", en="New with password")
    )
    return rx.el.button(
        icon("plus", "s"),
        words,
        type="button",
        class_name=style,
        on_click=trunks.open_new(kind),
        custom_attrs={"data-leaves": ""},
    )


def state_chip(state: Any) -> rx.Component:
    """How a trunk stands, in a word."""
    return rx.match(
        state,
        ("up", chip(t(it="funziona", en="up"), kind="available", glyph="check")),
        ("down", chip(t(it="non va", en="down"), kind="dnd", glyph="triangle-alert")),
        ("trying", chip(t(it="si collega", en="connecting"), kind="ringing", glyph="refresh-cw")),
        ("off", chip(t(it="spenta", en="off"), glyph="power")),
        chip(t(it="non si sa", en="not known"), glyph="circle-help"),
    )


def _row(trunks: Any, row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            mover(
                "arrow-up",
                t(it="Sposta in su ", en="Move up ") + row.name,
                trunks.move(row.id, -1),
                name="up-" + text_of(row.id),
                ended=row.first,
            ),
            mover(
                "arrow-down",
                t(it="Sposta in giù ", en="Move down ") + row.name,
                trunks.move(row.id, 1),
                name="down-" + text_of(row.id),
                ended=row.last,
            ),
            class_name="movers",
        ),
        rx.el.span(
            rx.el.button(
                row.name,
                type="button",
                class_name="who cut b",
                on_click=trunks.open(row.id),
                custom_attrs={"data-leaves": ""},
            ),
            rx.el.span(row.server, class_name="small t2 cut"),
            class_name="two grow",
            style={"flex": "1 1 180px"},
        ),
        rx.el.span(
            rx.el.span(state_chip(row.state)),
            rx.cond(row.why != "", rx.el.span(row.why, class_name="small")),
            rx.cond(
                row.since != "",
                rx.el.span(t(it="da ", en="since "), row.since, class_name="small t2"),
            ),
            class_name="two",
            style={"flex": "1 1 180px"},
        ),
        rx.el.span(
            row.calls,
            rx.cond(row.capacity > 0, rx.fragment(t(it=" di ", en=" of "), row.capacity)),
            rx.cond(
                (row.calls == 1) & (row.capacity == 0),
                t(it=" chiamata", en=" call"),
                t(it=" chiamate", en=" calls"),
            ),
            class_name="num small nw",
        ),
        rx.el.span(
            rx.el.button(
                t(it="Prova", en="Try"),
                type="button",
                class_name="btn sm",
                aria_label=t(it="Prova ", en="Try ") + row.name,
                disabled=~row.enabled,
                on_click=trunks.try_now(row.id),
            ),
            rx.el.input(
                type="checkbox",
                class_name="sw",
                checked=row.enabled,
                aria_label=t(it="Accesa: ", en="On: ") + row.name,
                on_change=trunks.switch(row.id),
            ),
            class_name="row end",
        ),
        key=text_of(row.id),
        class_name="trunk",
        aria_current=rx.cond(trunks.opened == row.id, "true", "false"),
    )


def _delete(trunks: Any) -> rx.Component:
    return question(
        "ask-delete",
        t(it="Eliminare la linea esterna?", en="Delete the trunk?"),
        rx.el.p(rx.el.b(trunks.ask_name)),
        rx.el.p(
            t(
                it="Le chiamate in corso finiscono normalmente; le nuove passano dalle altre "
                "linee esterne. La password va persa.",
                en="Calls in progress end normally; new ones go by the other trunks. The password "
                "is lost.",
            ),
            class_name="t2",
        ),
        rx.cond(
            trunks.ask_rules + trunks.ask_numbers > 0,
            rx.el.p(
                t(it="Regole che la nominano: ", en="Rules that name it: "),
                trunks.ask_rules,
                t(it="; numeri: ", en="; numbers: "),
                trunks.ask_numbers,
                t(it=". Restano, senza di lei.", en=". They stay, without it."),
                class_name="num",
            ),
        ),
        is_open=trunks.asking == "delete",
        does=danger(t(it="Elimina", en="Delete"), trunks.delete),
        spares=trunks.cancel,
    )
