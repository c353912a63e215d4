"""The table of star codes, its panel and its windows. The State is in admin_star_codes.py, which
hands itself in.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.form_pieces import fault_note, panel_head
from officesmart.administration.pieces import administration, entry, field
from officesmart.components.dialogs import cancel, danger, dialog, question
from officesmart.components.search_field import search_field
from officesmart.components.unsaved import confirm_bar
from officesmart.i18n import t
from officesmart.theme import chip, empty, icon, number_of, text_of

PROFILE_NAMES = {
    "italian": t(it="Profilo italiano", en="Italian profile"),
    "us": t(it="Profilo statunitense", en="US profile"),
}


def view(codes: Any) -> rx.Component:
    """The table, and one code beside it."""
    return administration(
        "/admin/codici-servizi",
        rx.el.div(
            rx.el.div(
                rx.el.div(
                    rx.el.h1(t(it="Codici dei servizi", en="Star codes")),
                    rx.el.p(
                        t(
                            it="Si compongono da ogni telefono dell'ufficio.",
                            en="Dialled on any phone of the office.",
                        ),
                        class_name="t2 small",
                    ),
                    class_name="two",
                ),
                rx.el.span(
                    rx.el.button(
                        icon("printer", "s"),
                        t(it="Stampa", en="Print"),
                        type="button",
                        class_name="btn hide-s",
                        custom_attrs={"data-print": ""},
                    ),
                    rx.el.button(
                        icon("plus", "s"),
                        t(it="Nuovo codice", en="New code"),
                        type="button",
                        class_name="btn pri",
                        on_click=codes.open_new,
                        custom_attrs={"data-leaves": ""},
                    ),
                    class_name="end row no-print",
                ),
                class_name="head",
            ),
            rx.el.section(
                _filters(codes),
                rx.cond(number_of(codes.rows) > 0, _table(codes), _nothing(codes)),
                class_name="panel digit-table",
                aria_label=t(it="Elenco", en="List"),
            ),
            class_name="adm-main compact",
        ),
        rx.cond(codes.opened != "", _panel(codes)),
        _profile(codes),
        _delete(codes),
        class_name=rx.cond(codes.opened != "", "adm with-panel", "adm"),
    )


def _filters(codes: Any) -> rx.Component:
    return rx.el.div(
        search_field(
            t(it="Cerca per codice o servizio", en="Search by code or service"),
            codes.search,
            longest=100,
            default_value=codes.wanted,
            key=text_of(codes.cleared),
        ),
        rx.el.span(
            number_of(codes.rows),
            t(it=" di ", en=" of "),
            codes.total,
            class_name="small t2 num",
            role="status",
        ),
        rx.el.span(
            *(
                rx.el.button(
                    words,
                    type="button",
                    class_name="btn sm",
                    on_click=codes.ask_profile(name),
                    custom_attrs={"data-leaves": ""},
                )
                for name, words in (
                    ("italian", t(it="Rimetti il profilo italiano…", en="Reset to Italian…")),
                    ("us", t(it="Statunitense…", en="Reset to US…")),
                )
            ),
            class_name="row end wrap",
        ),
        class_name="filters no-print",
    )


def _nothing(codes: Any) -> rx.Component:
    return rx.cond(
        codes.total > 0,
        empty(
            "search-x",
            t(it="Nessun codice così", en="No such code"),
            t(
                it="Nessun codice corrisponde a quello che cerchi.",
                en="No code is like what you look for.",
            ),
            rx.el.button(
                t(it="Togli il filtro", en="Clear the filter"),
                type="button",
                class_name="btn",
                on_click=codes.everything,
            ),
        ),
        empty(
            "asterisk",
            t(it="Nessun codice", en="No codes"),
            t(
                it="Dal telefono non si comanda niente. Riparti da un profilo.",
                en="Nothing can be done from phones. Start again from a profile.",
            ),
        ),
    )


def _table(codes: Any) -> rx.Component:
    return rx.el.table(
        rx.el.caption(t(it="Codici dell'ufficio", en="The office's codes"), class_name="vh"),
        rx.el.thead(
            rx.el.tr(
                rx.el.th(t(it="Si compone", en="Dial"), scope="col", class_name="c-code"),
                rx.el.th(t(it="Che cosa fa", en="What it does"), scope="col"),
                rx.el.th(t(it="Acceso", en="On"), scope="col", class_name="c-on no-print"),
            )
        ),
        rx.el.tbody(
            rx.foreach(
                codes.rows,
                lambda row: rx.el.tr(
                    rx.el.td(
                        rx.el.button(
                            row.dialled,
                            type="button",
                            class_name="who num b",
                            aria_label=t(it="Cambia ", en="Change ") + row.code,
                            on_click=codes.open(row.code),
                            custom_attrs={"data-leaves": ""},
                        ),
                        class_name="c-code",
                    ),
                    rx.el.td(
                        rx.el.span(
                            rx.el.span(row.name),
                            rx.el.span(row.explained, class_name="small t2"),
                            class_name="two",
                        ),
                        class_name="c-does",
                    ),
                    rx.el.td(
                        rx.el.input(
                            type="checkbox",
                            class_name="sw",
                            checked=row.enabled,
                            aria_label=t(it="Acceso: ", en="On: ") + row.code + " " + row.name,
                            on_change=codes.switch(row.code),
                        ),
                        class_name="c-on no-print",
                    ),
                    key=row.code,
                    aria_selected=codes.opened == row.code,
                    class_name=rx.cond(row.enabled, "", "is-off"),
                ),
            )
        ),
    )


def _panel(codes: Any) -> rx.Component:
    is_new = codes.opened == "new"
    faults = codes.faults
    return rx.el.aside(
        panel_head(
            rx.cond(is_new, t(it="Nuovo codice", en="New code"), codes.card_name),
            rx.cond(
                codes.card_explained != "",
                rx.el.p(codes.card_explained, class_name="small t2"),
            ),
            codes.close,
        ),
        rx.el.form(
            rx.el.div(
                fault_note(faults[""]),
                rx.cond(
                    is_new,
                    field(
                        "app",
                        t(it="Che cosa fa", en="What it does"),
                        rx.el.select(
                            rx.el.option(t(it="Scegli…", en="Choose…"), value=""),
                            rx.foreach(
                                codes.services,
                                lambda each: rx.el.option(each[1], value=each[0]),
                            ),
                            id="f-app",
                            name="app",
                            default_value="",
                            aria_describedby="e-app",
                            aria_invalid=rx.cond(faults["app"] != "", "true", "false"),
                            class_name=rx.cond(faults["app"] != "", "in sel bad", "in sel"),
                            custom_attrs={"data-was": ""},
                        ),
                        fault=faults["app"],
                    ),
                ),
                field(
                    "code",
                    t(it="Codice", en="Code"),
                    entry("code", codes.card_code, fault=faults["code"], spell_check=False),
                    fault=faults["code"],
                    hint=t(
                        it="Comincia con * o #, come *21. Vale dalla prossima chiamata.",
                        en="Begins with * or #, like *21. Holds from the next call on.",
                    ),
                ),
                rx.cond(
                    ~is_new,
                    rx.el.button(
                        icon("trash-2", "s"),
                        t(it="Elimina il codice…", en="Delete the code…"),
                        type="button",
                        class_name="btn quiet dtext",
                        on_click=codes.ask_delete,
                    ),
                ),
                class_name="edit-body stack",
                role="group",
                aria_labelledby="panel-title",
            ),
            confirm_bar(undo=codes.undo, is_new=is_new, words=""),
            on_submit=codes.save,
            key=text_of(codes.stamp),
            no_validate=True,
            class_name=rx.cond(is_new, "edit-form always", "edit-form"),
            custom_attrs={"data-watch": "", "data-fault": text_of(codes.failed)},
        ),
        class_name="edit no-print",
        aria_labelledby="panel-title",
        custom_attrs={"data-panel": codes.opened},
    )


def _profile(codes: Any) -> rx.Component:
    kinds = (
        ("new", chip(t(it="nuovo", en="new"), kind="available")),
        ("on", chip(t(it="si accende", en="goes on"), kind="available")),
        ("changed", chip(t(it="cambia", en="changes"), kind="warning")),
        ("refused", chip(t(it="resta fuori", en="left out"), kind="dnd")),
    )
    return dialog(
        "ask-profile",
        rx.match(codes.profile, *PROFILE_NAMES.items(), ""),
        rx.cond(
            number_of(codes.moves) > 0,
            rx.fragment(
                rx.el.p(
                    t(
                        it="Cambiano questi codici; segreteria, eco e i servizi che si chiamano "
                        "tengono i loro.",
                        en="These codes change; voicemail, echo and what is called keep theirs.",
                    ),
                    class_name="t2",
                ),
                rx.el.ul(
                    rx.foreach(
                        codes.moves,
                        lambda move: rx.el.li(
                            rx.el.b(move.code, class_name="num c-move"),
                            rx.el.span(
                                rx.el.span(move.name),
                                rx.cond(
                                    move.why != "", rx.el.span(move.why, class_name="small t2")
                                ),
                                class_name="two grow",
                            ),
                            rx.match(
                                move.kind,
                                *kinds,
                                chip(t(it="si toglie", en="goes")),
                            ),
                            key=move.code,
                        ),
                    ),
                    class_name="plain moves",
                    tab_index=0,
                    aria_label=t(it="Che cosa cambia", en="What changes"),
                ),
            ),
            rx.el.p(
                t(
                    it="I codici sono già quelli di questo profilo: non cambia niente.",
                    en="The codes are those of this profile already: nothing changes.",
                )
            ),
        ),
        is_open=codes.profile != "",
        footer=[
            cancel(codes.cancel),
            rx.el.button(
                t(it="Rimetti il profilo", en="Reset"),
                type="button",
                class_name="btn pri",
                disabled=number_of(codes.moves) == 0,
                on_click=codes.take_profile,
            ),
        ],
    )


def _delete(codes: Any) -> rx.Component:
    return question(
        "ask-delete",
        t(it="Eliminare il codice?", en="Delete the code?"),
        rx.el.p(rx.el.b(codes.deleting, class_name="num")),
        rx.el.p(
            t(
                it="Chi lo compone sentirà che non esiste. Se è per poco, basta spegnerlo.",
                en="Whoever dials it hears that there is no such code. Switching it off is enough "
                "for a while.",
            ),
            class_name="t2",
        ),
        is_open=codes.deleting != "",
        does=danger(t(it="Elimina", en="Delete"), codes.delete),
        spares=codes.cancel,
    )
