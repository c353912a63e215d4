"""Numeri: a number tried out, and a whole block of them added; their State is handed in."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.pieces import field
from officesmart.components.dialogs import cancel, dialog
from officesmart.i18n import t
from officesmart.theme import chip, icon, note, number_of

GLYPHS = {
    "ring": "phone",
    "mailbox": "voicemail",
    "outside": "phone-forwarded",
    "service": "audio-lines",
    "announce": "megaphone",
}


def trial(numbers: Any) -> rx.Component:
    """Prova: what a call from outside to the open number would do."""
    return rx.el.section(
        rx.el.h3(t(it="Prova", en="Try it")),
        rx.el.p(
            t(
                it="Che cosa farebbe una chiamata da fuori a questo numero, con i telefoni "
                "collegati adesso. Non squilla niente.",
                en="What a call from outside to this number would do, with the phones registered "
                "now. Nothing rings.",
            ),
            class_name="small t2",
        ),
        rx.el.form(
            rx.el.div(
                rx.el.label(
                    t(it="Quando (vuoto: adesso)", en="When (empty: now)"), html_for="f-moment"
                ),
                rx.el.input(
                    id="f-moment",
                    name="moment",
                    type="datetime-local",
                    class_name="in",
                    aria_describedby="e-moment",
                ),
                rx.cond(
                    numbers.try_fault != "",
                    rx.el.p(
                        icon("circle-alert", "xs"),
                        rx.el.span(numbers.try_fault),
                        id="e-moment",
                        class_name="err",
                    ),
                ),
                class_name="field grow",
            ),
            rx.el.button(t(it="Prova", en="Try"), type="submit", class_name="btn"),
            on_submit=numbers.try_call,
            no_validate=True,
            class_name="row trying",
        ),
        rx.el.div(
            rx.cond(
                numbers.tried_at != "",
                rx.fragment(
                    rx.el.p(t(it="Una chiamata ", en="A call "), rx.el.b(numbers.tried_at), ":"),
                    rx.el.ol(
                        rx.foreach(
                            numbers.tried,
                            lambda told: rx.el.li(
                                rx.el.span(
                                    rx.match(
                                        told.glyph,
                                        *(
                                            (name, icon(glyph, "s"))
                                            for name, glyph in GLYPHS.items()
                                        ),
                                        icon("phone-off", "s"),
                                    ),
                                    class_name="ico",
                                ),
                                told.words,
                            ),
                        ),
                        class_name="plain",
                    ),
                    rx.el.ul(
                        rx.foreach(numbers.reasons, lambda why: rx.el.li(why)),
                        class_name="small t2 why",
                    ),
                ),
            ),
            role="status",
            class_name="stack tight",
        ),
        class_name="stack tight",
    )


def block_question(numbers: Any) -> rx.Component:
    """Aggiungi un blocco: first and last number, and the lines they go to."""
    faults = numbers.block_faults

    def typed(name: str, words: Any, hint: Any) -> rx.Component:
        return field(
            name,
            words,
            rx.el.input(
                id=f"f-{name}",
                name=name,
                type="tel",
                auto_complete="off",
                aria_invalid=rx.cond(faults[name] != "", "true", "false"),
                aria_describedby=f"e-{name}",
                class_name=rx.cond(faults[name] != "", "in bad", "in"),
            ),
            fault=faults[name],
            hint=hint,
        )

    return dialog(
        "ask-block",
        t(it="Aggiungere un blocco di numeri", en="Add a block of numbers"),
        rx.el.form(
            rx.el.div(
                typed("first", t(it="Dal numero", en="From number"), "02 5550 1200"),
                typed(
                    "last",
                    t(it="Al numero", en="To number"),
                    t(it="1299, o intero", en="1299, or whole"),
                ),
                class_name="two-up",
            ),
            rx.el.div(
                typed(
                    "extension",
                    t(it="Primo interno", en="First extension"),
                    t(it="200: poi 201, 202…", en="200: then 201, 202…"),
                ),
                field(
                    "block_trunk",
                    t(it="Linea esterna", en="Trunk"),
                    rx.el.select(
                        rx.el.option(t(it="nessuna", en="none"), value=""),
                        rx.foreach(
                            numbers.trunk_options,
                            lambda each: rx.el.option(each.words, value=each.value),
                        ),
                        id="f-block_trunk",
                        name="block_trunk",
                        class_name="in sel",
                    ),
                ),
                class_name="two-up",
            ),
            on_submit=numbers.try_block,
            no_validate=True,
            id="block-form",
            class_name="stack tight",
        ),
        rx.cond(number_of(numbers.block_rows) > 0, _preview(numbers)),
        is_open=numbers.asking == "block",
        footer=(
            cancel(numbers.cancel),
            rx.el.button(
                t(it="Anteprima", en="Preview"),
                type="submit",
                form="block-form",
                class_name=rx.cond(numbers.block_new > 0, "btn", "btn pri"),
            ),
            rx.cond(
                numbers.block_new > 0,
                rx.el.button(
                    rx.cond(
                        numbers.block_new == 1,
                        t(it="Aggiungi 1 numero", en="Add 1 number"),
                        t(
                            it=f"Aggiungi {numbers.block_new} numeri",
                            en=f"Add {numbers.block_new} numbers",
                        ),
                    ),
                    type="button",
                    class_name="btn pri",
                    on_click=numbers.add_block,
                ),
            ),
        ),
    )


def _preview(numbers: Any) -> rx.Component:
    return rx.fragment(
        rx.cond(
            (numbers.block_there > 0) | (numbers.block_without > 0),
            note(
                t(
                    it=f"Si aggiungono i numeri il cui interno c'è. Già nell'elenco: "
                    f"{numbers.block_there}, senza interno: {numbers.block_without}.",
                    en=f"Numbers whose extension exists are added. In the list already: "
                    f"{numbers.block_there}, without extension: {numbers.block_without}.",
                )
            ),
        ),
        rx.el.ul(
            rx.foreach(
                numbers.block_rows,
                lambda row: rx.el.li(
                    rx.match(
                        row.kind,
                        ("new", chip(t(it="nuovo", en="new"), kind="available", glyph="plus")),
                        ("there", chip(t(it="c'è già", en="there already"), kind="offline")),
                        chip(t(it="nessun interno", en="no extension"), kind="offline"),
                    ),
                    rx.el.span(rx.el.b(row.number, class_name="num nw"), class_name="grow"),
                    rx.el.span(
                        row.extension,
                        rx.cond(row.name != "", rx.fragment(" ", row.name)),
                        class_name="small t2 num",
                    ),
                    key=row.number,
                ),
            ),
            class_name="plain tried",
            tab_index=0,
            aria_label=t(it="Anteprima del blocco", en="Preview of the block"),
        ),
    )
