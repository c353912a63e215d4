"""Selezione rapida: codes of one or two digits for numbers that one often calls (guide 6.2)."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.form_pieces import fault_note
from officesmart.administration.pieces import entry, field
from officesmart.components.contact_tabs import contact_page
from officesmart.components.dialogs import danger, question
from officesmart.components.row_menu import number_menu
from officesmart.components.unsaved import watched
from officesmart.i18n import t
from officesmart.page import Page
from officesmart.pages._quick_dial_state import QuickDials
from officesmart.theme import chip, empty, icon, note, number_of, text_of

ROUTE = "/contatti/selezione-rapida"
NEW = "quick-new"
DRAFT = "quick-draft"


def view() -> rx.Component:
    """What is new, the list, and what is not saved."""
    return rx.fragment(
        contact_page(
            ROUTE,
            _new(),
            rx.cond(number_of(QuickDials.rows) > 0, _list(), _nothing()),
            _bar(),
            buttons=(
                rx.cond(
                    number_of(QuickDials.rows) > 0,
                    rx.el.button(
                        icon("trash-2"),
                        rx.el.span(t(it="Elimina elenco", en="Delete list"), class_name="hide-s"),
                        type="button",
                        class_name="btn",
                        aria_label=t(it="Elimina elenco", en="Delete list"),
                        on_click=QuickDials.ask_clear,
                    ),
                ),
                _apply(),
            ),
        ),
        _question(),
    )


def _new() -> rx.Component:
    """Nuova Selezione Rapida."""
    faults = QuickDials.faults
    return rx.el.form(
        rx.el.h2(t(it="Nuova selezione rapida", en="New speed dial")),
        rx.el.div(
            field(
                "number",
                t(it="Numero", en="Number"),
                entry(
                    "number",
                    QuickDials.typed_number,
                    fault=faults["number"],
                    kind="tel",
                    max_length=40,
                ),
                fault=faults["number"],
            ),
            field(
                "name",
                t(it="Nome (se vuoi)", en="Name (if you like)"),
                entry("name", QuickDials.typed_name, fault=faults["name"], max_length=80),
                fault=faults["name"],
            ),
            field(
                "code",
                t(it="Codice", en="Code"),
                rx.el.select(
                    rx.el.option(t(it="Scegli…", en="Choose…"), value=""),
                    rx.foreach(QuickDials.free, lambda code: rx.el.option(code, value=code)),
                    id="f-code",
                    name="code",
                    default_value=QuickDials.typed_code,
                    aria_describedby="e-code",
                    aria_invalid=rx.cond(faults["code"] != "", "true", "false"),
                    class_name=rx.cond(faults["code"] != "", "in sel bad", "in sel"),
                ),
                fault=faults["code"],
            ),
            rx.el.button(
                icon("plus"),
                t(it="Aggiungi", en="Add"),
                type="submit",
                class_name="btn",
            ),
            class_name="quick-new",
        ),
        rx.cond(
            QuickDials.offer != "",
            rx.el.button(
                t(it="Usa ", en="Use "),
                rx.el.b(QuickDials.offer, class_name="num"),
                type="button",
                class_name="btn sm",
                on_click=QuickDials.take_offer,
            ),
        ),
        rx.el.p(
            t(
                it="Un interno, un codice breve, o 0 e un numero esterno. Poi basta comporre il "
                "codice e #, o il codice e una breve attesa.",
                en="An extension, a short code, or 0 and an outside number. Then dial the code and "
                "#, or the code and a short wait.",
            ),
            class_name="hint",
        ),
        id=NEW,
        on_submit=QuickDials.add,
        key=text_of(QuickDials.stamp),
        no_validate=True,
        class_name="stack tight pad quick-form",
    )


def _apply() -> rx.Component:
    """Applica, at the top right (guide 6.2): what it waits for is said while it can do nothing.

    On a phone the bar at the bottom has it as soon as there is something to apply.
    """
    idle = (QuickDials.draft == "") | QuickDials.clash
    return rx.el.span(
        rx.el.span(
            rx.cond(
                QuickDials.clash,
                t(it="Prima scegli quale elenco vale", en="First choose which list counts"),
                rx.cond(
                    QuickDials.draft == "",
                    t(it="Nessuna modifica", en="Nothing changed"),
                    "",
                ),
            ),
            id="apply-waits",
            class_name="small t2 hide-s",
        ),
        rx.el.button(
            t(it="Applica", en="Apply"),
            type="submit",
            form=DRAFT,
            class_name="btn pri",
            aria_disabled=rx.cond(idle, "true", "false"),
            aria_describedby="apply-waits",
        ),
        class_name=rx.cond(QuickDials.draft != "", "row saves hide-s", "row saves"),
    )


def _list() -> rx.Component:
    return rx.el.ul(
        rx.foreach(QuickDials.rows, _row),
        class_name="people",
        aria_label=t(it="Selezioni rapide", en="Speed dials"),
    )


def _row(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(row.code, class_name="av num", aria_hidden=True),
        rx.el.span(
            rx.el.span(t(it="Codice ", en="Code "), row.code, ": ", class_name="vh"),
            rx.cond(row.name != "", rx.el.b(row.name, class_name="cut")),
            number_menu(row.written, row.dial, row.name, "cut"),
            rx.foreach(
                row.warned,
                lambda words: rx.el.span(
                    icon("triangle-alert", "s"), rx.el.span(words), class_name="small t2 quick-warn"
                ),
            ),
            class_name="two grow",
        ),
        rx.cond(row.fresh, chip(t(it="da applicare", en="not applied"), kind="warning")),
        rx.el.button(
            icon("trash-2"),
            type="button",
            class_name="ib",
            aria_label=t(it="Elimina il codice ", en="Delete code ") + row.code,
            on_click=QuickDials.remove(row.code),
        ),
        key=row.code,
    )


def _nothing() -> rx.Component:
    return empty(
        "zap",
        t(it="Nessuna selezione rapida", en="No speed dials"),
        t(
            it="Dai un codice da 5 a 9 o da 10 a 49 a un numero che chiami spesso: lo componi con "
            "uno o due tasti da ogni tuo telefono.",
            en="Give a number that you often call a code from 5 to 9 or 10 to 49: you dial it with "
            "one or two keys from each of your phones.",
        ),
    )


def _bar() -> rx.Component:
    """What is not saved, what was changed meanwhile; Annulla, and on phones Applica."""
    return rx.el.form(
        rx.el.input(
            type="hidden",
            name="draft",
            value=QuickDials.draft,
            custom_attrs={"data-was": ""},
        ),
        rx.cond(
            QuickDials.clash,
            note(
                rx.el.span(
                    t(
                        it="Da un telefono o da un'altra finestra l'elenco è cambiato.",
                        en="The list was changed from a phone or in another window.",
                    )
                ),
                rx.el.span(
                    rx.el.button(
                        t(it="Usa l'elenco di ora", en="Use the list as it is now"),
                        type="button",
                        class_name="btn sm",
                        on_click=QuickDials.keep_theirs,
                    ),
                    rx.el.button(
                        t(it="Applica il mio", en="Apply mine"),
                        type="button",
                        class_name="btn sm",
                        on_click=QuickDials.keep_mine,
                    ),
                    class_name="row wrap",
                ),
                kind="warning",
                glyph="triangle-alert",
                role="alert",
            ),
        ),
        fault_note(QuickDials.faults[""]),
        rx.cond(
            QuickDials.draft != "",
            rx.el.div(
                rx.el.p(
                    rx.el.b(
                        rx.cond(
                            QuickDials.changes == 1,
                            t(it="1 modifica da applicare", en="1 change to apply"),
                            text_of(QuickDials.changes)
                            + t(it=" modifiche da applicare", en=" changes to apply"),
                        )
                    ),
                    role="status",
                    class_name="grow",
                ),
                rx.el.button(
                    t(it="Annulla", en="Cancel"),
                    type="button",
                    class_name="btn quiet",
                    on_click=QuickDials.undo,
                ),
                rx.cond(
                    ~QuickDials.clash,
                    rx.el.button(
                        t(it="Applica", en="Apply"), type="submit", class_name="btn pri only-s"
                    ),
                ),
                class_name="confirm quick-bar",
            ),
        ),
        id=DRAFT,
        on_submit=QuickDials.apply,
        no_validate=True,
        custom_attrs=watched(text_of(QuickDials.failed)),
    )


def _question() -> rx.Component:
    return question(
        "ask-clear",
        t(it="Eliminare l'elenco?", en="Delete the list?"),
        rx.el.p(
            t(
                it="Tutti i codici tornano liberi quando premi Applica.",
                en="All codes are free again once you press Apply.",
            ),
            class_name="t2",
        ),
        is_open=QuickDials.asking,
        does=danger(t(it="Elimina elenco", en="Delete list"), QuickDials.clear),
        spares=QuickDials.spare,
    )


PAGE = Page(
    route=ROUTE,
    view=view,
    on_load=QuickDials.enter,
    it="Selezione rapida",
    en="Speed dials",
    shape="list",
)
