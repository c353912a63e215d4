"""The entries of a caller list: adding one, what became of it, and each with its warning."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.caller_list_state import CallerLists
from officesmart.i18n import t
from officesmart.theme import icon, note, number_of, text_of

GLYPHS = {
    "number": "phone",
    "prefix": "asterisk",
    "extension": "user-round",
    "anonymous": "venetian-mask",
    "contact": "user-round",
    "group": "users-round",
}


def add_form() -> rx.Component:
    """Aggiungi: a number is typed, or several are pasted."""
    bad = CallerLists.fault != ""
    return rx.el.form(
        rx.el.div(
            rx.el.label(
                t(
                    it="Numero, senza lo 0 iniziale di uscita",
                    en="Number, without the 0 for outside",
                ),
                html_for="callers-number",
            ),
            rx.el.textarea(
                id="callers-number",
                name="number",
                default_value=CallerLists.typed,
                rows=1,
                enter_key_submit=True,
                auto_focus=True,
                auto_complete="off",
                spell_check=False,
                placeholder=t(
                    it="02 5550 0000, 02555* o anonimo", en="02 5550 0000, 02555* or anonymous"
                ),
                class_name=rx.cond(bad, "in num bad", "in num"),
                aria_invalid=bad,
                aria_describedby="callers-fault",
            ),
            class_name="field grow",
        ),
        rx.el.button(t(it="Aggiungi", en="Add"), type="submit", class_name="btn"),
        rx.el.div(
            rx.cond(
                bad,
                rx.el.p(
                    icon("circle-alert", "xs"),
                    rx.el.span(
                        CallerLists.fault,
                        rx.cond(
                            CallerLists.offer != "",
                            rx.fragment(
                                ": ",
                                rx.el.button(
                                    t(
                                        it=f"usa {CallerLists.offer}",
                                        en=f"use {CallerLists.offer}",
                                    ),
                                    type="button",
                                    class_name="as-link num",
                                    on_click=CallerLists.take_offer,
                                ),
                            ),
                        ),
                    ),
                    class_name="err",
                ),
            ),
            id="callers-fault",
            role="alert",
            class_name="wide",
        ),
        key=text_of(CallerLists.stamp),
        class_name="add-caller",
        no_validate=True,
        on_submit=CallerLists.add,
    )


def ways() -> rx.Component:
    """Adding somebody the office or the address book knows."""

    def way(where: str, glyph: str, words: Any) -> rx.Component:
        return rx.el.button(
            icon(glyph, "s"),
            words,
            type="button",
            class_name="btn quiet sm way",
            on_click=CallerLists.choose_from(where),
        )

    return rx.el.div(
        way("contacts", "users-round", t(it="Scegli dai Contatti", en="Choose from Contacts")),
        way("colleagues", "phone", t(it="Scegli dagli Interni", en="Choose from Extensions")),
        class_name="pick-from",
    )


def news() -> rx.Component:
    """What the last deed did, and Ripristina."""
    return rx.cond(
        CallerLists.news != "",
        rx.el.p(
            rx.el.span(CallerLists.news, class_name="grow"),
            rx.cond(
                CallerLists.undoable,
                rx.el.button(
                    t(it="Ripristina", en="Restore"),
                    type="button",
                    class_name="btn sm",
                    on_click=CallerLists.put_back,
                ),
            ),
            class_name="row small t2",
        ),
    )


def left_out() -> rx.Component:
    """Which pasted lines were not taken, and why."""
    return rx.cond(
        number_of(CallerLists.told) > 0,
        note(
            rx.el.p(rx.el.b(t(it="Lasciati fuori", en="Left out"))),
            rx.el.ul(
                rx.foreach(
                    CallerLists.told,
                    lambda each: rx.el.li(rx.el.b(each.text, class_name="num"), ": ", each.why),
                ),
                class_name="left-out",
            ),
            rx.cond(
                CallerLists.told_more > 0,
                rx.el.p(
                    t(it=f"e altri {CallerLists.told_more}", en=f"and {CallerLists.told_more} more")
                ),
            ),
            kind="warning",
            glyph="triangle-alert",
        ),
    )


def entry(row: Any) -> rx.Component:
    """Who is in the list; what is in its way, with the remedies."""
    return rx.el.li(
        rx.el.div(
            rx.el.span(
                rx.match(
                    row.kind,
                    *((kind, icon(glyph, "mut")) for kind, glyph in GLYPHS.items()),
                    icon("phone", "mut"),
                ),
                class_name="mut",
            ),
            rx.el.span(
                rx.el.b(row.title, class_name="num"),
                rx.el.span(row.detail, class_name="small t2 num"),
                class_name="grow two",
            ),
            rx.cond(
                row.severity != "",
                rx.el.button(
                    rx.match(
                        row.severity,
                        ("ignored", icon("circle-x")),
                        ("partly", icon("triangle-alert")),
                        icon("info"),
                    ),
                    type="button",
                    class_name=rx.match(
                        row.severity,
                        ("ignored", "badge red"),
                        ("partly", "badge"),
                        "badge plain",
                    ),
                    aria_label=t(it=f"Avviso su {row.title}", en=f"Warning about {row.title}"),
                    aria_expanded=CallerLists.warned == row.id,
                    on_click=CallerLists.explain(row.id),
                ),
            ),
            rx.el.button(
                icon("trash-2"),
                type="button",
                class_name="ib",
                aria_label=t(it=f"Elimina {row.title}", en=f"Delete {row.title}"),
                on_click=CallerLists.remove(row.id),
                custom_attrs={"data-bin": ""},
            ),
            class_name="row caller",
        ),
        rx.cond(
            (CallerLists.warned == row.id) & (row.severity != ""),
            note(
                rx.foreach(row.warnings, lambda words: rx.el.p(words)),
                rx.el.div(
                    rx.foreach(
                        row.remedies,
                        lambda each, n: rx.el.button(
                            each.words,
                            type="button",
                            class_name=rx.cond(n == 0, "btn pri sm", "btn sm"),
                            on_click=CallerLists.mend(each.id),
                        ),
                    ),
                    rx.el.button(
                        t(it="Lascia così", en="Leave it so"),
                        type="button",
                        class_name="btn quiet sm",
                        on_click=CallerLists.explain(row.id),
                    ),
                    class_name="row wrap",
                ),
                kind="warning",
                glyph="triangle-alert",
                role="alert",
            ),
        ),
        key=text_of(row.id),
    )
