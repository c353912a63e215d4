"""The table of lines: filters, many at once, rows. Its State (`_lines_found.py` and on) is
handed in by admin_lines.py.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.pieces import WHOLE, administration, pager
from officesmart.components.row_menu import number_menu
from officesmart.components.search_field import search_field
from officesmart.i18n import t
from officesmart.pages._lines_found import LONGEST_SEARCH
from officesmart.pages.admin_line_panel import panel
from officesmart.pages.admin_line_questions import dialogs
from officesmart.theme import chip, dot, empty, hidden, icon, number_of, text_of
from officesmart.welcome.routes import SHEET


def view(lines: Any) -> rx.Component:
    """The table, and the panel beside it (over it on narrower screens)."""
    return administration(
        "/admin/interni",
        rx.el.div(
            rx.el.div(
                rx.el.h1(t(it="Interni", en="Lines")),
                rx.el.span(
                    rx.el.a(
                        icon("download", "s"),
                        t(it="Esporta", en="Export"),
                        href="/admin/file/interni.csv",
                        download=True,
                        **WHOLE,
                        class_name="btn hide-s",
                    ),
                    rx.el.button(
                        icon("plus", "s"),
                        t(it="Nuova linea", en="New line"),
                        type="button",
                        class_name="btn pri",
                        on_click=lines.open_new,
                        custom_attrs={"data-leaves": ""},
                    ),
                    class_name="end row",
                ),
                class_name="head",
            ),
            rx.el.section(
                _filters(lines),
                rx.cond(number_of(lines.selected) > 0, _bulk(lines)),
                rx.cond(
                    lines.found > 0,
                    _table(lines),
                    empty(
                        "search-x",
                        t(it="Nessuna linea così", en="No such line"),
                        t(
                            it="Nessun interno corrisponde a quello che cerchi.",
                            en="No line is like what you look for.",
                        ),
                        rx.el.button(
                            t(it="Togli i filtri", en="Clear the filters"),
                            type="button",
                            class_name="btn",
                            on_click=lines.everything,
                        ),
                    ),
                ),
                class_name="panel lines",
                aria_label=t(it="Elenco", en="List"),
            ),
            class_name="adm-main compact",
        ),
        rx.cond(lines.opened != 0, panel(lines)),
        dialogs(lines),
        class_name=rx.cond(lines.opened != 0, "adm with-panel", "adm"),
    )


def _filters(lines: Any) -> rx.Component:
    def pick(words: Any, value: Any, *options: Any, on_change: Any) -> rx.Component:
        return rx.el.select(
            *options,
            value=value,
            aria_label=words,
            class_name="in sel pick",
            on_change=on_change,
        )

    return rx.el.div(
        search_field(
            t(
                it="Cerca per interno, nome, numero o sede",
                en="Search by extension, name, number or site",
            ),
            lines.search,
            longest=LONGEST_SEARCH,
            default_value=lines.wanted,
            key=text_of(lines.cleared),
        ),
        pick(
            t(it="Sede", en="Site"),
            lines.at_site,
            rx.el.option(t(it="Sede: tutte", en="Site: all"), value=""),
            rx.foreach(lines.site_names, lambda site: rx.el.option(site, value=site)),
            on_change=lines.choose_site,
        ),
        pick(
            t(it="Ruolo", en="Role"),
            lines.in_role,
            rx.el.option(t(it="Ruolo: tutti", en="Role: all"), value=""),
            rx.el.option(t(it="Utenti", en="Users"), value="user"),
            rx.el.option(t(it="Amministratori", en="Administrators"), value="admin"),
            on_change=lines.choose_role,
        ),
        pick(
            t(it="Telefoni", en="Phones"),
            lines.connected,
            rx.el.option(t(it="Telefoni: tutti", en="Phones: all"), value=""),
            rx.el.option(t(it="Collegati", en="Registered"), value="yes"),
            rx.el.option(t(it="Scollegati", en="Not registered"), value="no"),
            on_change=lines.choose_connected,
        ),
        pick(
            t(it="Linea", en="Line"),
            lines.in_state,
            rx.el.option(t(it="Linea: tutte", en="Line: all"), value=""),
            rx.el.option(t(it="Attive", en="Active"), value="on"),
            rx.el.option(t(it="Sospese", en="Suspended"), value="off"),
            rx.el.option(t(it="Primo accesso da fare", en="First sign-in to do"), value="new"),
            on_change=lines.choose_state,
        ),
        pager(lines.first, lines.last, lines.found, lines.turn(-1), lines.turn(1)),
        class_name="filters",
    )


def _bulk(lines: Any) -> rx.Component:
    count = number_of(lines.selected)
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
            _act(t(it="Attiva…", en="Activate…"), lines.ask_many("on")),
            _act(t(it="Disattiva…", en="Deactivate…"), lines.ask_many("off")),
            _act(t(it="Sede…", en="Site…"), lines.ask_many("site")),
            _act(t(it="Diritti…", en="Rights…"), lines.ask_many("rights")),
            _act(t(it="Lingua…", en="Language…"), lines.ask_many("language")),
            _act(t(it="Casella…", en="Mailbox…"), lines.ask_many("mailbox")),
            rx.el.a(
                icon("printer", "s"),
                t(it="Fogli di benvenuto", en="Welcome sheets"),
                href=f"{SHEET}?linee=" + lines.selected.to(list[str]).join(","),
                download=True,
                **WHOLE,
                class_name="btn sm",
            ),
            _act(t(it="Elimina…", en="Delete…"), lines.ask_delete(0), kind="dtext"),
            rx.el.button(
                icon("x", "s"),
                type="button",
                class_name="ib",
                aria_label=t(it="Annulla la selezione", en="Clear the selection"),
                on_click=lines.select_none,
            ),
            class_name="row wrap end",
        ),
        class_name="bulk",
    )


def _act(words: Any, does: Any, *, kind: str = "") -> rx.Component:
    return rx.el.button(words, type="button", class_name=f"btn sm {kind}".strip(), on_click=does)


def _table(lines: Any) -> rx.Component:
    return rx.el.table(
        rx.el.caption(t(it="Linee dell'ufficio", en="The office's lines"), class_name="vh"),
        rx.el.thead(
            rx.el.tr(
                rx.el.th(
                    rx.el.input(
                        type="checkbox",
                        class_name="cb",
                        checked=number_of(lines.selected) > 0,
                        custom_attrs={
                            "data-some": rx.cond(
                                (number_of(lines.selected) > 0)
                                & (number_of(lines.selected) < number_of(lines.rows)),
                                "true",
                                "false",
                            )
                        },
                        aria_label=t(
                            it="Seleziona le linee di questa pagina",
                            en="Select the lines of this page",
                        ),
                        on_change=lines.select_all,
                    ),
                    scope="col",
                    class_name="c-pick",
                ),
                _column(lines, "extension", t(it="Interno", en="Extension"), "c-ext"),
                _column(lines, "name", t(it="Nome", en="Name"), "c-name"),
                _column(lines, "number", t(it="Numero", en="Number"), "c-number"),
                _column(lines, "site", t(it="Sede", en="Site"), "c-site"),
                rx.el.th(t(it="Telefono", en="Phone"), scope="col", class_name="c-phone"),
                rx.el.th(t(it="Stato", en="State"), scope="col", class_name="c-state"),
                rx.el.th(t(it="Casella", en="Mailbox"), scope="col", class_name="c-box"),
            )
        ),
        rx.el.tbody(rx.foreach(lines.rows, lambda row: _row(lines, row))),
    )


def _column(lines: Any, by: str, words: Any, kind: str) -> rx.Component:
    here = lines.order == by
    return rx.el.th(
        rx.el.button(
            words,
            rx.cond(
                here,
                rx.cond(lines.falling, icon("arrow-down", "xs"), icon("arrow-up", "xs")),
                rx.fragment(),
            ),
            type="button",
            class_name="sorter",
            on_click=lines.sort(by),
        ),
        scope="col",
        class_name=kind,
        custom_attrs={
            "aria-sort": rx.cond(here, rx.cond(lines.falling, "descending", "ascending"), "none")
        },
    )


def _row(lines: Any, row: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.el.input(
                type="checkbox",
                class_name="cb",
                checked=lines.selected.contains(row.id),
                aria_label=t(it="Seleziona ", en="Select ") + row.name,
                on_change=lines.select(row.id),
            ),
            class_name="c-pick",
        ),
        rx.el.td(
            rx.cond(row.active, number_menu(row.extension, row.extension, row.name), row.extension),
            class_name="c-ext b",
        ),
        rx.el.td(
            rx.el.span(
                rx.el.button(
                    row.name,
                    type="button",
                    class_name="who cut",
                    on_click=lines.open(row.id),
                    custom_attrs={"data-leaves": ""},
                ),
                rx.cond(row.admin, chip(t(it="amministratore", en="administrator"))),
                rx.cond(~row.active, chip(t(it="sospesa", en="suspended"), kind="warning")),
                rx.cond(
                    row.active & ~row.welcomed,
                    chip(t(it="primo accesso da fare", en="first sign-in to do"), kind="info"),
                ),
                class_name="row",
            ),
            class_name="c-name",
        ),
        rx.el.td(
            rx.cond(
                row.number != "",
                number_menu(row.number, row.dial, row.name),
                rx.el.span(t(it="nessuno", en="none"), class_name="mut"),
            ),
            class_name="c-number t2",
        ),
        rx.el.td(rx.cond(row.site != "", row.site, _none()), class_name="c-site t2 cut"),
        rx.el.td(
            rx.cond(
                row.phones > 1,
                rx.el.span(row.phone, " +", row.phones - 1),
                rx.cond(
                    row.phones == 1,
                    rx.cond(row.phone != "", row.phone, t(it="telefono SIP", en="SIP phone")),
                    _none(),
                ),
            ),
            class_name="c-phone t2 cut",
        ),
        rx.el.td(
            rx.el.span(
                dot(row.presence),
                rx.match(
                    row.presence,
                    ("available", t(it="collegato", en="registered")),
                    ("busy", t(it="in chiamata", en="in a call")),
                    ("ringing", t(it="squilla", en="ringing")),
                    t(it="scollegato", en="not registered"),
                ),
                class_name="row nw",
            ),
            class_name="c-state",
        ),
        rx.el.td(
            rx.cond(
                row.mailbox,
                rx.el.span(
                    icon("voicemail", "s"), hidden(t(it="accesa", en="on")), class_name="row"
                ),
                _none(t(it="spenta", en="off")),
            ),
            class_name="c-box t2",
        ),
        key=text_of(row.id),
        aria_selected=lines.opened == row.id,
    )


def _none(words: Any = None) -> rx.Component:
    said = words if words is not None else t(it="nessuno", en="none")
    return rx.el.span(rx.el.span("—", aria_hidden=True), hidden(said), class_name="mut")
