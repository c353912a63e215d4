"""Rights, rules and a number to try, each behind its tab. The State is in admin_dialling.py, which
hands itself in.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.dialling import KINDS, RIGHTS
from officesmart.administration.form_pieces import (
    clash_note,
    confirm_bar,
    fault_note,
    panel_head,
)
from officesmart.administration.pieces import administration, choice, entry, field, pager, switch
from officesmart.i18n import t
from officesmart.theme import chip, empty, icon, note, number_of, panel, text_of
from pbx.routing.dialplan import EMERGENCY
from pbx.routing.rights import WORDS

TABS = (
    ("permessi", "Permessi", "Rights"),
    ("regole", "Regole", "Rules"),
    ("prova", "Prova un numero", "Try a number"),
)
SHORT = {
    "internal": ("Interni", "Internal"),
    "national": ("Fissi", "National"),
    "mobile": ("Cellulari", "Mobile"),
    "international": ("Estero", "Abroad"),
    "premium": ("A pagamento", "Premium"),
}


def view(page: Any) -> rx.Component:
    """The parts of the page, and one rule beside them."""
    return administration(
        "/admin/uscita",
        rx.el.div(
            rx.el.div(rx.el.h1(t(it="Chiamate esterne", en="Outside calls")), class_name="head"),
            note(
                rx.el.b(", ".join(sorted(EMERGENCY))),
                t(
                    it=": le chiamate di emergenza passano sempre, da ogni linea.",
                    en=": emergency calls always pass, from every line.",
                ),
                glyph="siren",
            ),
            rx.el.div(
                *(
                    rx.el.button(
                        t(it=it, en=en),
                        type="button",
                        role="tab",
                        id=f"tab-{name}",
                        aria_selected=page.tab == name,
                        aria_controls=f"part-{name}",
                        tab_index=rx.cond(page.tab == name, 0, -1),
                        on_click=page.show(name),
                        custom_attrs={"data-leaves": ""},
                    )
                    for name, it, en in TABS
                ),
                role="tablist",
                aria_label=t(it="Parti della pagina", en="Parts of the page"),
                class_name="tabs page-tabs",
            ),
            _part(page, "permessi", _rights(page), _office(page)),
            _part(page, "regole", _rules(page)),
            _part(page, "prova", _trial(page)),
            class_name="adm-main compact",
        ),
        rx.cond(page.opened != "", _panel(page)),
        class_name=rx.cond(page.opened != "", "adm with-panel", "adm"),
    )


def _part(page: Any, name: str, *content: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.cond(page.tab == name, rx.fragment(*content)),
        role="tabpanel",
        id=f"part-{name}",
        aria_labelledby=f"tab-{name}",
        hidden=page.tab != name,
        class_name="stack",
    )


def _search(page: Any, words: Any, does: Any, value: Any) -> rx.Component:
    return rx.el.div(
        icon("search", "s mut"),
        rx.el.input(
            type="search",
            default_value=value,
            placeholder=t(it="Cerca", en="Search"),
            aria_label=words,
            auto_complete="off",
            max_length=200,
            on_change=does.debounce(200),
        ),
        class_name="in search",
    )


# -- rights -------------------------------------------------------------------------------------


def _rights(page: Any) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            _search(
                page,
                t(it="Cerca per interno, nome o sede", en="Search by extension, name or site"),
                page.search,
                page.wanted,
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


def _office(page: Any) -> rx.Component:
    """What holds for every line, and for new ones."""
    return rx.el.form(
        rx.el.header(rx.el.h2(t(it="Per tutto l'ufficio", en="For the whole office"))),
        rx.el.div(
            clash_note(page),
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
        confirm_bar(page),
        on_submit=page.save_office,
        key=text_of(page.office_stamp),
        no_validate=True,
        class_name="panel edit-form-flat edit-form",
        custom_attrs={"data-watch": "", "data-fault": text_of(page.failed)},
    )


# -- rules --------------------------------------------------------------------------------------


def _rules(page: Any) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            _search(
                page,
                t(it="Cerca per cifre, nome o tipo", en="Search by digits, name or kind"),
                page.search_rules,
                page.rules_wanted,
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


def _panel(page: Any) -> rx.Component:
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
                clash_note(page),
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
            confirm_bar(page, is_new=is_new, words=""),
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


# -- trying -------------------------------------------------------------------------------------


def _trial(page: Any) -> rx.Component:
    return panel(
        t(it="Prova un numero", en="Try a number"),
        rx.el.form(
            rx.el.p(
                t(
                    it="Dice che cosa farebbe il centralino. Non chiama nessuno.",
                    en="Says what the PBX would do. Nobody is called.",
                ),
                class_name="t2",
            ),
            rx.el.div(
                rx.el.div(
                    rx.el.label(
                        t(it="Numero, come lo si compone", en="Number, as dialled"),
                        html_for="try-number",
                    ),
                    rx.el.input(
                        id="try-number",
                        name="number",
                        type="tel",
                        auto_complete="off",
                        max_length=60,
                        class_name="in",
                    ),
                    class_name="field",
                ),
                rx.el.div(
                    rx.el.label(t(it="Dalla linea", en="From line"), html_for="try-line"),
                    rx.el.select(
                        rx.foreach(
                            page.line_choices,
                            lambda each: rx.el.option(each.words, value=each.value),
                        ),
                        id="try-line",
                        name="line",
                        class_name="in sel",
                    ),
                    class_name="field",
                ),
                rx.el.button(t(it="Prova", en="Try"), type="submit", class_name="btn pri"),
                class_name="trio",
            ),
            on_submit=page.try_it,
            no_validate=True,
            class_name="pad stack",
        ),
        rx.el.div(
            rx.cond(
                page.try_fault != "",
                note(page.try_fault, kind="dnd", glyph="circle-alert"),
            ),
            rx.cond(page.tried != "", _outcome(page)),
            class_name="pad stack",
            role="status",
        ),
    )


def _outcome(page: Any) -> rx.Component:
    def fact(name: Any, value: Any) -> rx.Component:
        return rx.cond(
            value != "",
            rx.el.div(rx.el.dt(name), rx.el.dd(value), class_name="fact"),
        )

    return rx.fragment(
        rx.cond(
            page.tried == "goes",
            note(
                rx.el.b(t(it="La chiamata esce", en="The call goes out")),
                kind="available",
                glyph="phone-outgoing",
            ),
            note(
                rx.el.b(t(it="La chiamata non esce", en="The call does not go out")),
                kind="warning",
                glyph="phone-off",
            ),
        ),
        rx.el.dl(
            fact(t(it="Numero", en="Number"), page.try_number),
            fact(t(it="Tipo", en="Kind"), page.try_kind),
            fact(t(it="Passa per", en="Goes by"), page.try_trunks),
            fact(t(it="Numero mostrato", en="Number shown"), page.try_shown),
            class_name="facts",
        ),
        rx.el.div(
            rx.el.h3(t(it="Perché", en="Why")),
            rx.el.ul(rx.foreach(page.try_reasons, rx.el.li), class_name="why-list"),
        ),
    )
