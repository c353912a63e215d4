"""The matrix of rights, and what holds for the whole office. The State hands itself in."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.dialling import RIGHTS
from officesmart.administration.form_pieces import clash_note
from officesmart.administration.pieces import entry, field, pager, switch
from officesmart.components.search_field import search_field
from officesmart.components.unsaved import confirm_bar
from officesmart.i18n import t
from officesmart.theme import empty, icon, number_of, text_of
from pbx.routing.rights import WORDS

SHORT = {
    "internal": ("Interni", "Internal"),
    "national": ("Fissi", "National"),
    "mobile": ("Cellulari", "Mobile"),
    "international": ("Estero", "Abroad"),
    "premium": ("A pagamento", "Premium"),
}


def rights(page: Any) -> rx.Component:
    """Lines by classes of numbers."""
    return rx.el.section(
        rx.el.div(
            search_field(
                t(it="Cerca per interno, nome o sede", en="Search by extension, name or site"),
                page.search,
                default_value=page.wanted,
            ),
            pager(page.first, page.last, page.found, page.turn(-1), page.turn(1)),
            class_name="filters",
        ),
        rx.cond(number_of(page.selected) > 0, _bulk(page)),
        rx.cond(
            page.found > 0,
            _matrix(page),
            empty(
                "search-x",
                t(it="Nessuna linea così", en="No such line"),
                t(
                    it="Nessun interno corrisponde a quello che cerchi.",
                    en="No line is like what you look for.",
                ),
            ),
        ),
        class_name="panel matrix",
        aria_label=t(it="Permessi delle linee", en="Rights of the lines"),
    )


def _bulk(page: Any) -> rx.Component:
    count = number_of(page.selected)
    return rx.el.div(
        rx.el.b(
            rx.cond(
                count == 1,
                t(it="1 selezionata", en="1 selected"),
                t(it=f"{count} selezionate", en=f"{count} selected"),
            ),
            class_name="num",
            role="status",
        ),
        rx.el.span(
            *(
                rx.el.span(
                    rx.el.span(t(it=SHORT[name][0], en=SHORT[name][1]), class_name="small"),
                    _give(page, place, True),
                    _give(page, place, False),
                    class_name="row",
                    role="group",
                    aria_label=t(it=WORDS[name].it, en=WORDS[name].en),
                )
                for place, name in enumerate(RIGHTS)
            ),
            rx.el.button(
                icon("x", "s"),
                type="button",
                class_name="ib",
                aria_label=t(it="Annulla la selezione", en="Clear the selection"),
                on_click=page.select_none,
            ),
            class_name="row wrap end many",
        ),
        class_name="bulk",
    )


def _give(page: Any, place: int, on: bool) -> rx.Component:
    words = WORDS[RIGHTS[place]]
    said = (
        t(it=f"Permetti: {words.it}", en=f"Allow: {words.en}")
        if on
        else t(it=f"Vieta: {words.it}", en=f"Forbid: {words.en}")
    )
    return rx.el.button(
        icon("check" if on else "ban", "s"),
        type="button",
        class_name="btn sm",
        aria_label=said,
        title=said,
        on_click=page.give_chosen(place, on),
    )


def _matrix(page: Any) -> rx.Component:
    return rx.el.table(
        rx.el.caption(
            t(it="Che cosa può chiamare ogni linea", en="What each line may call"), class_name="vh"
        ),
        rx.el.thead(
            rx.el.tr(
                rx.el.th(
                    rx.el.input(
                        type="checkbox",
                        class_name="cb",
                        checked=number_of(page.selected) > 0,
                        custom_attrs={
                            "data-some": rx.cond(
                                (number_of(page.selected) > 0)
                                & (number_of(page.selected) < page.found),
                                "true",
                                "false",
                            )
                        },
                        aria_label=t(
                            it="Seleziona tutte le linee trovate", en="Select every line found"
                        ),
                        on_change=page.select_found,
                    ),
                    scope="col",
                    class_name="c-pick",
                ),
                rx.el.th(t(it="Linea", en="Line"), scope="col", class_name="c-line"),
                *(
                    rx.el.th(
                        t(it=SHORT[name][0], en=SHORT[name][1]),
                        scope="col",
                        title=t(it=WORDS[name].it, en=WORDS[name].en),
                        class_name="c-right",
                    )
                    for name in RIGHTS
                ),
            )
        ),
        rx.el.tbody(rx.foreach(page.lines, lambda row: _line(page, row))),
    )


def _line(page: Any, row: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.el.input(
                type="checkbox",
                class_name="cb",
                checked=page.selected.contains(row.id),
                aria_label=t(it="Seleziona ", en="Select ") + row.name,
                on_change=page.select(row.id),
            ),
            class_name="c-pick",
        ),
        rx.el.td(
            rx.el.span(
                rx.el.span(rx.el.b(row.extension, class_name="num"), " ", row.name),
                rx.cond(row.site != "", rx.el.span(row.site, class_name="small t2")),
                class_name="two",
            ),
            class_name="c-line",
        ),
        *(
            rx.el.td(
                rx.el.label(
                    rx.el.input(
                        type="checkbox",
                        class_name="cb",
                        checked=row.rights[place],
                        aria_label=row.name + ": " + t(it=WORDS[name].it, en=WORDS[name].en),
                        on_change=page.give(row.id, place),
                    ),
                    rx.el.span(
                        t(it=SHORT[name][0], en=SHORT[name][1]),
                        class_name="small only-s",
                        aria_hidden=True,
                    ),
                    class_name="row",
                ),
                class_name="c-right",
            )
            for place, name in enumerate(RIGHTS)
        ),
        key=text_of(row.id),
    )


def office(page: Any) -> rx.Component:
    """What holds for every line, and for new ones."""
    return rx.el.form(
        rx.el.header(rx.el.h2(t(it="Per tutto l'ufficio", en="For the whole office"))),
        rx.el.div(
            clash_note(page.clash, theirs=page.keep_theirs, mine=page.keep_mine),
            field(
                "outside_prefix",
                t(it="Cifra che prende la linea esterna", en="Digit that takes an outside line"),
                entry(
                    "outside_prefix",
                    page.outside_prefix,
                    fault=page.faults["outside_prefix"],
                    input_mode="numeric",
                ),
                fault=page.faults["outside_prefix"],
                hint=t(
                    it="Si compone prima di un numero esterno, come 0 06 1234 5678.",
                    en="Dialled before an outside number, such as 0 06 1234 5678.",
                ),
            ),
            rx.el.fieldset(
                rx.el.legend(t(it="Permessi delle nuove linee", en="Rights of new lines")),
                *(
                    switch(
                        f"right_{name}",
                        t(it=WORDS[name].it, en=WORDS[name].en),
                        "",
                        page.default_rights[place],
                    )
                    for place, name in enumerate(RIGHTS)
                    if name != "internal"
                ),
            ),
            class_name="pad stack sheet",
        ),
        confirm_bar(undo=page.undo),
        on_submit=page.save_office,
        key=text_of(page.office_stamp),
        no_validate=True,
        class_name="panel edit-form-flat edit-form",
        custom_attrs={"data-watch": "", "data-fault": text_of(page.failed)},
    )
