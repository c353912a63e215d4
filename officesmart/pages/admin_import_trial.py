"""Importa e copie: what each row of a file would do, how far the import is, and what it did."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.pieces import WHOLE, pager
from officesmart.i18n import t
from officesmart.theme import chip, icon, note, number_of, text_of


def button(words: Any, does: Any, kind: str, **props: Any) -> rx.Component:
    """A button that does this."""
    return rx.el.button(words, type="button", class_name=f"btn {kind}", on_click=does, **props)


def trial(page: Any) -> rx.Component:
    """The rows of the file, and the way on."""

    def of(kind: str, words: Any, number: Any) -> rx.Component:
        return rx.el.button(
            words,
            " ",
            rx.el.b(number, class_name="num"),
            type="button",
            class_name="btn sm",
            aria_pressed=page.only == kind,
            on_click=page.choose_kind(kind),
        )

    total = page.fresh + page.changed
    stuck = (page.wrong > 0) & ~page.leave_out
    return rx.fragment(
        rx.cond(
            page.fault != "",
            rx.el.div(
                note(page.fault, kind="dnd", glyph="circle-alert", role="alert"), class_name="pad"
            ),
        ),
        rx.cond(number_of(page.new_sites) > 0, rx.el.div(_new_sites(page), class_name="pad")),
        rx.el.div(
            of("", t(it="Tutte", en="All"), page.fresh + page.changed + page.same + page.wrong),
            of("new", t(it="Nuove", en="New"), page.fresh),
            of("changed", t(it="Cambiano", en="Changed"), page.changed),
            of("same", t(it="Uguali", en="Same"), page.same),
            of("error", t(it="Errori", en="Errors"), page.wrong),
            pager(page.first, page.last, page.found, page.turn(-1), page.turn(1)),
            class_name="filters kinds",
        ),
        rx.el.table(
            rx.el.caption(
                t(it="Che cosa succede a ogni riga", en="What happens to each row"), class_name="vh"
            ),
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(t(it="Riga", en="Row"), scope="col", class_name="c-row"),
                    rx.el.th(t(it="Interno", en="Extension"), scope="col", class_name="c-ext"),
                    rx.el.th(t(it="Nome", en="Name"), scope="col"),
                    rx.el.th(
                        t(it="Che cosa succede", en="What happens"),
                        scope="col",
                        class_name="c-what",
                    ),
                )
            ),
            rx.el.tbody(
                rx.foreach(
                    page.rows,
                    lambda row: rx.el.tr(
                        rx.el.td(row.line, class_name="c-row t2 num"),
                        rx.el.td(row.extension, class_name="c-ext b cut"),
                        rx.el.td(row.name, class_name="cut"),
                        rx.el.td(
                            rx.match(
                                row.kind,
                                (
                                    "new",
                                    chip(
                                        t(it="Nuova linea", en="New line"),
                                        kind="available",
                                        glyph="plus",
                                    ),
                                ),
                                (
                                    "changed",
                                    chip(t(it="Cambia", en="Changes"), kind="info", glyph="pencil"),
                                ),
                                (
                                    "same",
                                    chip(
                                        t(it="Uguale, saltata", en="Same, skipped"),
                                        kind="offline",
                                        glyph="equal",
                                    ),
                                ),
                                chip(t(it="Errore", en="Error"), kind="dnd", glyph="circle-x"),
                            ),
                            " ",
                            rx.el.span(row.detail, class_name="small t2"),
                            class_name="c-what",
                        ),
                        key=text_of(row.line),
                    ),
                )
            ),
            class_name="trial",
        ),
        rx.cond(page.running, _under_way(page)),
        rx.el.div(
            rx.el.p(
                rx.el.b(
                    t(
                        it=f"Nuove: {page.fresh}, cambiano: {page.changed}, uguali: {page.same}, "
                        f"con errori: {page.wrong}",
                        en=f"New: {page.fresh}, changed: {page.changed}, same: {page.same}, "
                        f"with errors: {page.wrong}",
                    )
                ),
                rx.cond(
                    page.wrong > 0,
                    rx.el.label(
                        rx.el.input(
                            type="checkbox",
                            class_name="cb",
                            checked=page.leave_out,
                            on_change=page.leave_errors_out,
                        ),
                        t(it="Salta le righe con errori", en="Leave out rows with errors"),
                        class_name="row t2",
                    ),
                ),
                role="status",
            ),
            button(t(it="Indietro", en="Back"), page.back, "quiet", disabled=page.running),
            button(
                t(it=f"Importa {total} righe", en=f"Import {total} rows"),
                page.take_over,
                "pri",
                disabled=page.running | stuck | (total == 0),
            ),
            class_name="confirm",
        ),
    )


def _under_way(page: Any) -> rx.Component:
    """How far it is: rows, per cent, seconds; and the way out until it is written."""
    return rx.el.div(
        rx.el.p(
            icon("loader", "spin"),
            rx.el.span(
                rx.cond(
                    page.writing,
                    t(it="Scrivo tutte le linee…", en="Writing all lines…"),
                    t(
                        it=f"{page.rows_done} righe su {page.rows_all} ({page.percent} %)",
                        en=f"{page.rows_done} of {page.rows_all} rows ({page.percent}%)",
                    ),
                ),
                class_name="num grow",
            ),
            rx.el.span(class_name="num t2", custom_attrs={"data-age": "0"}),
            class_name="row",
        ),
        rx.el.progress(value=page.percent, max=100, aria_label=t(it="Importazione", en="Import")),
        rx.el.span(
            button(
                t(it="Annulla l'importazione", en="Cancel the import"),
                page.stop_import,
                "",
                disabled=page.writing,
            ),
            class_name="row",
        ),
        class_name="pad stack tight",
        role="group",
        aria_label=t(it="Importazione in corso", en="Import under way"),
    )


def done(page: Any) -> rx.Component:
    """What the import did."""
    return rx.el.div(
        note(
            rx.el.p(
                rx.el.b(
                    t(
                        it=f"Fatto: {page.created} linee create, {page.updated} aggiornate.",
                        en=f"Done: {page.created} lines made, {page.updated} updated.",
                    )
                )
            ),
            rx.el.p(
                t(it="Valgono dalla prossima chiamata.", en="They count from the next call on.")
            ),
            kind="available",
            glyph="circle-check",
            role="status",
        ),
        rx.cond(
            page.made_up > 0,
            note(
                rx.el.p(
                    t(
                        it=f"Per {page.made_up} linee nuove abbiamo inventato password e PIN. Il "
                        "file si scarica una volta sola: conservalo e consegna a ognuno le sue.",
                        en=f"For {page.made_up} new lines we made up passwords and PINs. The "
                        "file can be downloaded once: keep it, and hand each person theirs.",
                    )
                ),
                rx.el.a(
                    icon("download", "s"),
                    t(it="Scarica le credenziali", en="Download the credentials"),
                    href="/admin/file/credenziali.csv",
                    download=True,
                    **WHOLE,
                    class_name="btn pri",
                    on_click=page.taken,
                ),
                kind="warning",
                glyph="key-round",
            ),
        ),
        rx.el.span(
            button(t(it="Importa un altro file", en="Import another file"), page.again, ""),
            class_name="row",
        ),
        class_name="pad stack",
    )


def _new_sites(page: Any) -> rx.Component:
    return note(
        rx.el.p(
            rx.cond(
                number_of(page.new_sites) == 1,
                rx.el.b(t(it="Nuova sede: ", en="New site: ")),
                rx.el.b(t(it="Nuove sedi: ", en="New sites: ")),
            ),
            page.new_sites.join(", "),
        ),
        rx.el.label(
            rx.el.input(
                type="checkbox",
                class_name="cb",
                checked=page.make_sites,
                on_change=page.make_new_sites,
            ),
            t(it="Crea le sedi che non ci sono", en="Make the sites that are not there"),
            class_name="row",
        ),
    )
