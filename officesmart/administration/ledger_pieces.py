"""What a Ledger's page is drawn with: the page, its table, the bar of many; see ledger_panel.py.

A page names its columns and fields; the State hands itself in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from officesmart.administration.ledger_table import LONGEST_SEARCH
from officesmart.administration.pieces import administration, pager
from officesmart.components.search_field import search_field
from officesmart.i18n import t
from officesmart.theme import empty, hidden, icon, link, number_of, text_of


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table; the first one's cells open the panel."""

    name: str
    "Of the row's field that it is sorted by, and of the class `c-NAME`."
    words: Any
    cell: Callable[[Any], Any]
    sorts: bool = True
    kind: str = ""
    "'roomy' has more room, 'extra' goes first when it is narrow."


def page(
    state: Any,
    route: str,
    title: Any,
    *,
    columns: Sequence[Column],
    new: Any,
    nothing: rx.Component,
    panel: rx.Component,
    lead: Any = None,
    parts: Sequence[tuple[str, Any]] = (),
    here: str = "",
    acts: Sequence[rx.Component] = (),
    filters: Sequence[rx.Component] = (),
    bulk: Sequence[rx.Component] = (),
    below: Sequence[Any] = (),
    dialogs: Sequence[rx.Component] = (),
) -> rx.Component:
    """A whole page. nothing: what stands there before there is a first row; acts: beside `new`.

    parts: (route, words) of the pages that stand under one name in the navigation; here: this one.
    """
    return administration(
        route,
        rx.el.div(
            rx.el.div(
                rx.el.h1(title),
                rx.el.span(
                    *acts,
                    rx.el.button(
                        icon("plus", "s"),
                        new,
                        type="button",
                        class_name="btn pri",
                        on_click=state.open_new,
                        custom_attrs={"data-leaves": ""},
                    ),
                    class_name="end row wrap",
                ),
                class_name="head",
            ),
            *([_parts(title, parts, here)] if parts else []),
            *([rx.el.p(lead, class_name="t2 lead")] if lead is not None else []),
            rx.cond(
                state.total > 0,
                table(state, title, columns, filters=filters, bulk=bulk),
                rx.el.section(
                    rx.cond(state.looked, nothing, _waiting()), class_name="panel", aria_label=title
                ),
            ),
            *below,
            class_name="adm-main compact",
        ),
        rx.cond(state.opened != 0, panel),
        *dialogs,
        class_name=rx.cond(state.opened != 0, "adm with-panel", "adm"),
    )


def _waiting() -> rx.Component:
    row = rx.el.div(
        rx.el.span(rx.el.span(class_name="sk"), rx.el.span(class_name="sk half"), class_name="two"),
        class_name="sk-row",
    )
    return rx.el.div(
        *[row] * 3,
        aria_busy=True,
        aria_label=t(it="Caricamento", en="Loading"),
        role="status",
        class_name="sk-panel",
    )


def _parts(title: Any, parts: Sequence[tuple[str, Any]], here: str) -> rx.Component:
    return rx.el.nav(
        *(
            link(words, href=route, **({"aria_current": "page"} if route == here else {}))
            for route, words in parts
        ),
        class_name="parts",
        aria_label=title,
    )


def table(
    state: Any,
    caption: Any,
    columns: Sequence[Column],
    *,
    filters: Sequence[rx.Component] = (),
    bulk: Sequence[rx.Component] = (),
) -> rx.Component:
    """Search, the bar of many, the rows and the pager."""
    return rx.el.section(
        rx.el.div(
            search(state),
            *filters,
            pager(state.first, state.last, state.found, state.turn(-1), state.turn(1)),
            class_name="filters",
        ),
        rx.cond(number_of(state.selected) > 0, _bulk(state, bulk)),
        rx.cond(
            state.found > 0,
            rx.el.table(
                rx.el.caption(caption, class_name="vh"),
                rx.el.thead(
                    rx.el.tr(_all(state), *(_head(state, column) for column in columns)),
                ),
                rx.el.tbody(rx.foreach(state.rows, lambda row: _row(state, columns, row))),
            ),
            empty(
                "search-x",
                t(it="Niente di simile", en="Nothing like that"),
                t(
                    it="Nessuna riga corrisponde a quello che cerchi.",
                    en="No row is like what you look for.",
                ),
                rx.el.button(
                    t(it="Togli i filtri", en="Clear the filters"),
                    type="button",
                    class_name="btn",
                    on_click=state.everything,
                ),
            ),
        ),
        class_name="panel ledger",
        aria_label=t(it="Elenco", en="List"),
    )


def search(state: Any) -> rx.Component:
    """The search field."""
    return search_field(
        t(it="Cerca nell'elenco", en="Search the list"),
        state.search,
        longest=LONGEST_SEARCH,
        default_value=state.wanted,
        key=text_of(state.cleared),
    )


def pick(words: Any, value: Any, on_change: Any, *options: rx.Component) -> rx.Component:
    """A filter: one of a few."""
    return rx.el.select(
        *options, value=value, aria_label=words, class_name="in sel pick", on_change=on_change
    )


def none(words: Any = None) -> rx.Component:
    """Nothing there: a dash, said in words to whom does not see it."""
    said = words if words is not None else t(it="nessuno", en="none")
    return rx.el.span(rx.el.span("—", aria_hidden=True), hidden(said), class_name="mut no-value")


def or_none(value: Any, words: Any = None) -> rx.Component:
    """A text, or a dash."""
    return rx.cond(value != "", rx.el.span(value, class_name="cut"), none(words))


def _bulk(state: Any, acts: Sequence[rx.Component]) -> rx.Component:
    count = number_of(state.selected)
    return rx.el.div(
        rx.el.b(
            rx.cond(
                count == 1,
                t(it="1 riga scelta", en="1 row chosen"),
                t(it=f"{count} righe scelte", en=f"{count} rows chosen"),
            ),
            class_name="num",
            role="status",
        ),
        rx.el.span(
            *acts,
            rx.el.button(
                t(it="Elimina…", en="Delete…"),
                type="button",
                class_name="btn sm dtext",
                on_click=state.ask_delete(0),
            ),
            rx.el.button(
                icon("x", "s"),
                type="button",
                class_name="ib",
                aria_label=t(it="Annulla la selezione", en="Clear the selection"),
                on_click=state.select_none,
            ),
            class_name="row wrap end",
        ),
        class_name="bulk",
    )


def _all(state: Any) -> rx.Component:
    some = (number_of(state.selected) > 0) & (number_of(state.selected) < number_of(state.rows))
    return rx.el.th(
        rx.el.input(
            type="checkbox",
            class_name="cb",
            checked=number_of(state.selected) > 0,
            custom_attrs={"data-some": rx.cond(some, "true", "false")},
            aria_label=t(it="Scegli le righe di questa pagina", en="Choose the rows of this page"),
            on_change=state.select_all,
        ),
        scope="col",
        class_name="c-pick",
    )


def _head(state: Any, column: Column) -> rx.Component:
    kind = f"c-{column.name} {column.kind}".strip()
    if not column.sorts:
        return rx.el.th(column.words, scope="col", class_name=kind)
    here = state.order == column.name
    return rx.el.th(
        rx.el.button(
            column.words,
            rx.cond(
                here,
                rx.cond(state.falling, icon("arrow-down", "xs"), icon("arrow-up", "xs")),
                rx.fragment(),
            ),
            type="button",
            class_name="sorter",
            on_click=state.sort(column.name),
        ),
        scope="col",
        class_name=kind,
        custom_attrs={
            "aria-sort": rx.cond(here, rx.cond(state.falling, "descending", "ascending"), "none")
        },
    )


def _row(state: Any, columns: Sequence[Column], row: Any) -> rx.Component:
    first, *others = columns
    return rx.el.tr(
        rx.el.td(
            rx.el.input(
                type="checkbox",
                class_name="cb",
                checked=state.selected.contains(row.id),
                aria_label=t(it="Scegli ", en="Choose ") + row.title,
                on_change=state.select(row.id),
            ),
            class_name="c-pick",
        ),
        rx.el.td(
            rx.el.button(
                first.cell(row),
                type="button",
                class_name="who cut",
                on_click=state.open(row.id),
                custom_attrs={"data-leaves": ""},
            ),
            class_name=f"c-{first.name} c-first {first.kind}".strip(),
        ),
        *(
            rx.el.td(column.cell(row), class_name=f"c-{column.name} t2 {column.kind}".strip())
            for column in others
        ),
        key=text_of(row.id),
        aria_selected=state.opened == row.id,
    )
