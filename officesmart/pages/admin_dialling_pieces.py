"""Rights, rules and a number to try, each behind its tab. The State is in admin_dialling.py, which
hands itself in.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.pieces import administration
from officesmart.i18n import t
from officesmart.pages._dialling_limits_pieces import protection
from officesmart.pages._dialling_rights_pieces import office, rights
from officesmart.pages._dialling_rule_pieces import rule_panel, rules
from officesmart.theme import note, panel
from pbx.routing.dialplan import EMERGENCY

TABS = (
    ("permessi", "Permessi", "Rights"),
    ("regole", "Regole", "Rules"),
    ("frodi", "Protezione dalle frodi", "Fraud protection"),
    ("prova", "Prova un numero", "Try a number"),
)


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
            _part(page, "permessi", rights(page), office(page)),
            _part(page, "regole", rules(page)),
            _part(page, "frodi", *protection(page)),
            _part(page, "prova", _trial(page)),
            class_name="adm-main compact",
        ),
        rx.cond(page.opened != "", rule_panel(page)),
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
