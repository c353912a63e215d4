"""The window of a change to many lines: what it will do, and then what it did, line by line.

Pieces only; the State (`_lines_many.py`) is handed in by admin_lines.py.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.pieces import field
from officesmart.administration.sites import NEW_SITE
from officesmart.components.dialogs import cancel, dialog
from officesmart.i18n import t
from officesmart.theme import chip, number_of, text_of
from pbx.routing.rights import CLASSES


def many(lines: Any) -> rx.Component:
    """What the chosen lines are to become."""
    return dialog(
        "ask-many",
        rx.match(
            lines.bulk,
            ("on", t(it="Attivare le linee?", en="Activate the lines?")),
            ("off", t(it="Disattivare le linee?", en="Deactivate the lines?")),
            ("site", t(it="In quale sede?", en="To which site?")),
            ("rights", t(it="Quali chiamate possono fare?", en="Which calls may they make?")),
            ("language", t(it="In quale lingua?", en="In which language?")),
            t(it="Con la casella vocale?", en="With a mailbox?"),
        ),
        rx.cond(
            lines.bulk_done,
            rx.fragment(),
            rx.match(
                lines.bulk,
                ("site", _site(lines)),
                ("rights", _rights(lines)),
                (
                    "language",
                    _pick(
                        lines,
                        t(it="Lingua", en="Language"),
                        (("it", "Italiano"), ("en", "English")),
                    ),
                ),
                (
                    "mailbox",
                    _pick(
                        lines,
                        t(it="Casella vocale", en="Mailbox"),
                        (("on", t(it="Accesa", en="On")), ("off", t(it="Spenta", en="Off"))),
                    ),
                ),
                (
                    "off",
                    rx.el.p(
                        t(
                            it="I loro telefoni si scollegano e chi le chiama sente un avviso.",
                            en="Their phones are signed out, and callers hear a notice.",
                        ),
                        class_name="t2",
                    ),
                ),
                rx.fragment(),
            ),
        ),
        _summary(lines),
        rx.cond(
            number_of(lines.bulk_rows) > 0,
            rx.el.ul(
                rx.foreach(lines.bulk_rows, _line),
                rx.cond(
                    lines.bulk_more > 0,
                    rx.el.li(
                        t(it=f"e altre {lines.bulk_more}", en=f"and {lines.bulk_more} more"),
                        class_name="t2",
                    ),
                ),
                class_name="plain outcomes",
                tab_index=0,
                aria_label=t(it="Linea per linea", en="Line by line"),
            ),
        ),
        is_open=lines.asking == "many",
        footer=(
            rx.cond(
                lines.bulk_done,
                cancel(lines.cancel, t(it="Chiudi", en="Close"), kind="btn pri"),
                rx.fragment(
                    cancel(lines.cancel),
                    rx.el.button(
                        t(
                            it=f"Conferma per {lines.bulk_will}",
                            en=f"Confirm for {lines.bulk_will}",
                        ),
                        type="button",
                        class_name="btn pri",
                        disabled=lines.bulk_will == 0,
                        on_click=lines.change_many,
                    ),
                ),
            ),
        ),
    )


def _summary(lines: Any) -> rx.Component:
    return rx.el.p(
        rx.cond(
            lines.bulk_done,
            t(
                it=f"Modificate: {lines.bulk_will}. Non modificate: {lines.bulk_refused}.",
                en=f"Changed: {lines.bulk_will}. Not changed: {lines.bulk_refused}.",
            ),
            t(
                it=f"Cambiano: {lines.bulk_will}. Già così: {lines.bulk_same}. "
                f"Non si può: {lines.bulk_refused}.",
                en=f"Will change: {lines.bulk_will}. Already so: {lines.bulk_same}. "
                f"Not possible: {lines.bulk_refused}.",
            ),
        ),
        role="status",
        class_name="b",
    )


def _line(each: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(rx.el.b(each.extension, class_name="num"), " ", each.name, class_name="cut"),
            rx.cond(each.why != "", rx.el.span(each.why, class_name="small t2")),
            class_name="two grow",
        ),
        rx.match(
            each.kind,
            ("will", chip(t(it="cambia", en="changes"), kind="info", glyph="pencil")),
            ("done", chip(t(it="fatto", en="done"), kind="available", glyph="check")),
            ("same", chip(t(it="già così", en="already so"), kind="offline", glyph="equal")),
            ("gone", chip(t(it="non c'è più", en="gone"), kind="offline", glyph="x")),
            chip(t(it="non si può", en="not possible"), kind="dnd", glyph="circle-x"),
        ),
        key=text_of(each.id),
    )


def _site(lines: Any) -> rx.Component:
    return rx.fragment(
        field(
            "bulk_site",
            t(it="Sede delle linee selezionate", en="Site of the selected lines"),
            rx.el.select(
                rx.el.option(t(it="Nessuna", en="None"), value=""),
                rx.foreach(lines.site_names, lambda site: rx.el.option(site, value=site)),
                rx.el.option(t(it="Nuova sede…", en="New site…"), value=NEW_SITE),
                id="f-bulk_site",
                value=lines.bulk_value,
                aria_describedby="e-bulk_site",
                class_name="in sel",
                on_change=lines.choose_many,
            ),
            fault=lines.faults["site"],
        ),
        rx.cond(
            lines.bulk_new_site,
            field(
                "bulk_new_site",
                t(it="Nome della nuova sede", en="Name of the new site"),
                rx.el.input(
                    id="f-bulk_new_site",
                    default_value="",
                    auto_complete="off",
                    aria_describedby="e-bulk_new_site",
                    class_name="in",
                    on_change=lines.name_new_site.debounce(300),
                ),
                fault=lines.faults["new_site"],
                hint=t(
                    it="Nasce con questa modifica.",
                    en="It is made with this change.",
                ),
            ),
        ),
    )


def _pick(lines: Any, words: Any, options: Any) -> rx.Component:
    return field(
        "bulk_value",
        words,
        rx.el.select(
            *(rx.el.option(said, value=key) for key, said in options),
            id="f-bulk_value",
            value=lines.bulk_value,
            class_name="in sel",
            on_change=lines.choose_many,
        ),
    )


def _right(lines: Any, name: str) -> Any:
    return lambda on: lines.choose_right(name, on)


def _rights(lines: Any) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(t(it="Diritti di chiamata", en="Call rights")),
        rx.el.p(
            t(
                it="Emergenze e numeri gratuiti si chiamano sempre.",
                en="Emergencies and free numbers can always be called.",
            ),
            class_name="hint",
        ),
        *(
            rx.el.label(
                rx.el.input(
                    type="checkbox",
                    class_name="cb",
                    checked=lines.bulk_rights.contains(each.name),
                    on_change=_right(lines, each.name),
                ),
                t(it=each.it, en=each.en),
                class_name="row",
            )
            for each in CLASSES
        ),
        class_name="stack tight",
    )
