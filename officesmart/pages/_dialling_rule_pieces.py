"""The table of rules, and one rule in the panel beside it. The State hands itself in."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.dialling import KINDS
from officesmart.administration.form_pieces import (
    clash_note,
    fault_note,
    panel_head,
)
from officesmart.administration.pieces import choice, entry, field, switch
from officesmart.components.search_field import search_field
from officesmart.components.unsaved import confirm_bar
from officesmart.i18n import t
from officesmart.theme import chip, empty, icon, number_of, text_of
from pbx.routing.rights import WORDS


def rules(page: Any) -> rx.Component:
    """Own rules over the built-in table."""
    return rx.el.section(
        rx.el.div(
            search_field(
                t(it="Cerca per cifre, nome o tipo", en="Search by digits, name or kind"),
                page.search_rules,
                default_value=page.rules_wanted,
            ),
            rx.el.label(
                rx.el.input(
                    type="checkbox",
                    class_name="cb",
                    checked=page.only_own,
                    on_change=page.show_own,
                ),
                t(it="Solo le nostre", en="Only ours"),
                class_name="row small",
            ),
            rx.el.button(
                icon("plus", "s"),
                t(it="Nuova regola", en="New rule"),
                type="button",
                class_name="btn pri end",
                on_click=page.open_new,
                custom_attrs={"data-leaves": ""},
            ),
            class_name="filters",
        ),
        rx.cond(
            number_of(page.rules) > 0,
            rx.el.table(
                rx.el.caption(t(it="Regole per i numeri", en="Rules for numbers"), class_name="vh"),
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th(
                            t(it="Comincia con", en="Begins with"), scope="col", class_name="c-code"
                        ),
                        rx.el.th(t(it="Tipo", en="Kind"), scope="col"),
                        rx.el.th(t(it="Linea esterna", en="Trunk"), scope="col", class_name="c-by"),
                    )
                ),
                rx.el.tbody(rx.foreach(page.rules, lambda row: _rule(page, row))),
            ),
            empty(
                "list-filter",
                t(it="Nessuna regola così", en="No such rule"),
                t(
                    it="Le regole dell'ufficio valgono più della tabella italiana che c'è già.",
                    en="The office's rules beat the Italian table that is there already.",
                ),
            ),
        ),
        class_name="panel digit-table",
        aria_label=t(it="Regole", en="Rules"),
    )


def _rule(page: Any, row: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.el.button(
                row.prefix,
                type="button",
                class_name="who num b",
                aria_label=t(it="Apri la regola ", en="Open the rule ") + row.prefix,
                on_click=page.open(row.prefix),
                custom_attrs={"data-leaves": ""},
            ),
            class_name="c-code",
        ),
        rx.el.td(
            rx.el.span(
                rx.el.span(
                    rx.el.span(row.kind),
                    rx.cond(row.own, chip(t(it="nostra", en="ours"), kind="info")),
                    rx.cond(row.barred, chip(t(it="vietato", en="barred"), kind="dnd")),
                    class_name="row wrap",
                ),
                rx.cond(row.label != "", rx.el.span(row.label, class_name="small t2")),
                rx.cond(
                    row.built_in != "",
                    rx.el.span(
                        t(it="Nella tabella: ", en="In the table: "),
                        row.built_in,
                        class_name="small t2",
                    ),
                ),
                class_name="two",
            ),
            class_name="c-does",
        ),
        rx.el.td(row.trunk, class_name="c-by t2"),
        key=row.prefix,
        aria_selected=page.opened == row.prefix,
    )


def rule_panel(page: Any) -> rx.Component:
    """One rule, or a new one."""
    is_new, card, faults = page.opened == "new", page.card, page.faults
    return rx.el.aside(
        panel_head(
            rx.cond(is_new, t(it="Nuova regola", en="New rule"), card.prefix),
            rx.cond(
                card.built_in != "",
                rx.el.p(
                    t(it="Nella tabella: ", en="In the table: "),
                    card.built_in,
                    class_name="small t2",
                ),
            ),
            page.close,
        ),
        rx.el.form(
            rx.el.div(
                clash_note(page.clash, theirs=page.keep_theirs, mine=page.keep_mine),
                fault_note(faults[""]),
                field(
                    "prefix",
                    t(it="Il numero comincia con", en="The number begins with"),
                    entry("prefix", card.prefix, fault=faults["prefix"], input_mode="tel"),
                    fault=faults["prefix"],
                    hint=t(
                        it="Senza lo 0 della linea esterna: 899, 06, +44. Vale la più lunga.",
                        en="Without the outside line's 0: 899, 06, +44. The longest rule holds.",
                    ),
                ),
                field(
                    "label",
                    t(it="Nome", en="Name"),
                    entry("label", card.label, fault=faults["label"]),
                    fault=faults["label"],
                    hint=t(it="Facoltativo.", en="Optional."),
                ),
                field(
                    "kind",
                    t(it="Sono", en="They are"),
                    choice(
                        "kind",
                        card.kind,
                        (
                            ("", t(it="Scegli…", en="Choose…")),
                            *((name, t(it=WORDS[name].it, en=WORDS[name].en)) for name in KINDS),
                        ),
                    ),
                    fault=faults["kind"],
                    hint=t(
                        it="Li può chiamare chi ha questo permesso; quelli gratuiti tutti.",
                        en="Whoever has this right may call them; free ones everybody.",
                    ),
                ),
                field(
                    "trunk_id",
                    t(it="Passano per", en="They go by"),
                    rx.el.select(
                        rx.foreach(
                            page.trunk_choices,
                            lambda each: rx.el.option(each.words, value=each.value),
                        ),
                        id="f-trunk_id",
                        name="trunk_id",
                        default_value=card.trunk_id,
                        aria_describedby="e-trunk_id",
                        class_name="in sel",
                        custom_attrs={"data-was": card.trunk_id},
                    ),
                    fault=faults["trunk_id"],
                    hint=t(
                        it="Questa linea esterna si prova per prima, poi le altre.",
                        en="This trunk is tried first, then the others.",
                    ),
                ),
                switch(
                    "barred",
                    t(it="Vietati a tutti", en="Barred for everybody"),
                    t(
                        it="Nessuna linea li può chiamare, qualunque permesso abbia.",
                        en="No line may call them, whatever its rights.",
                    ),
                    card.barred,
                ),
                rx.cond(
                    card.own,
                    rx.el.button(
                        icon("undo-2", "s"),
                        rx.cond(
                            card.built_in != "",
                            t(it="Torna alla tabella", en="Back to the table"),
                            t(it="Togli la regola", en="Remove the rule"),
                        ),
                        type="button",
                        class_name="btn quiet dtext",
                        on_click=page.remove_rule,
                    ),
                ),
                class_name="edit-body stack",
                role="group",
                aria_labelledby="panel-title",
            ),
            confirm_bar(undo=page.undo, is_new=is_new, words=""),
            on_submit=page.save_rule,
            key=text_of(page.stamp),
            no_validate=True,
            class_name=rx.cond(is_new, "edit-form always", "edit-form"),
            custom_attrs={"data-watch": "", "data-fault": text_of(page.failed)},
        ),
        class_name="edit",
        aria_labelledby="panel-title",
        custom_attrs={"data-panel": page.opened},
    )
