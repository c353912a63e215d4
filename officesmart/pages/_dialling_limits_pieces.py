"""Protezione dalle frodi: the sheet of limits, and the lines with limits of their own. The State is
in _dialling_limits.py, which admin_dialling.py hands in.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration.form_pieces import clash_note
from officesmart.administration.outside_limits import USUAL
from officesmart.administration.pieces import entry, field, switch
from officesmart.components.unsaved import confirm_bar
from officesmart.i18n import t
from officesmart.theme import icon, number_of, text_of

ROWS = (
    (
        ("calls", "office_calls"),
        t(it="Chiamate esterne insieme", en="Outside calls at once"),
        t(
            it="Contano quelle che escono, anche inoltrate o trasferite.",
            en="Those that go out count, forwarded and transferred ones too.",
        ),
    ),
    (
        ("forwards", "office_forwards"),
        t(it="Di queste, inoltrate all'esterno", en="Of these, forwarded outside"),
        t(
            it="0: nessuna linea può inoltrare all'esterno.",
            en="0: no line may forward outside.",
        ),
    ),
    (
        ("dear_calls", "office_dear_calls"),
        t(it="Chiamate costose in un'ora", en="Expensive calls in an hour"),
        t(
            it="Internazionali e a pagamento, come le classi di Permessi.",
            en="International and premium, as the classes under Rights.",
        ),
    ),
    (
        ("dear_minutes", "office_dear_minutes"),
        t(it="Minuti di chiamate costose in un'ora", en="Minutes of expensive calls in an hour"),
        t(
            it="Un tono avvisa chi parla un minuto e dieci secondi prima; poi la chiamata si "
            "chiude.",
            en="Who talks hears a tone a minute and ten seconds before; then the call is ended.",
        ),
    ),
)


def limits(page: Any) -> rx.Component:
    """The limits of every line and of the office."""
    return rx.el.form(
        rx.el.header(rx.el.h2(t(it="Quanto può uscire", en="How much may go out"))),
        rx.el.div(
            clash_note(page.limits_clash, theirs=page.keep_their_limits, mine=page.keep_my_limits),
            rx.el.p(
                t(
                    it="Chi ruba una password o programma un inoltro fa partire in una notte "
                    "migliaia di chiamate a pagamento. Questi limiti lo fermano, e gli "
                    "amministratori ricevono una mail. Un campo vuoto riprende il valore "
                    "consigliato.",
                    en="Whoever steals a password or sets a forward makes thousands of paid calls "
                    "in one night. These limits stop it, and administrators get a mail. An empty "
                    "field takes the recommended value again.",
                ),
                class_name="t2",
            ),
            *(_pair(page, *row) for row in ROWS),
            rx.el.fieldset(
                rx.el.legend(t(it="A ufficio chiuso", en="While the office is closed")),
                switch(
                    "closed_bar",
                    t(it="Nessuna chiamata costosa", en="No expensive calls"),
                    t(
                        it="Le frodi avvengono di notte e nei giorni di festa.",
                        en="Fraud happens at night and on holidays.",
                    ),
                    page.closed_bar,
                ),
                field(
                    "closed_hours",
                    t(it="Secondo l'orario", en="By the hours"),
                    rx.el.select(
                        rx.foreach(
                            page.hours_choices,
                            lambda each: rx.el.option(each.words, value=each.value),
                        ),
                        id="f-closed_hours",
                        name="closed_hours",
                        default_value=page.closed_hours,
                        aria_describedby="e-closed_hours",
                        class_name="in sel",
                        custom_attrs={"data-was": page.closed_hours},
                    ),
                    fault=page.limits_faults["closed_hours"],
                    hint=t(
                        it="Gli orari sono in Orari e festività. Se quello scelto non c'è più, "
                        "niente è bloccato.",
                        en="The hours are under Hours and holidays. If the chosen ones are gone, "
                        "nothing is barred.",
                    ),
                ),
            ),
            class_name="pad stack sheet",
        ),
        confirm_bar(undo=page.undo_limits),
        on_submit=page.save_limits,
        key="limits" + text_of(page.limits_stamp),
        no_validate=True,
        class_name="panel edit-form-flat edit-form",
        custom_attrs={"data-watch": "", "data-fault": text_of(page.limits_failed)},
    )


def _pair(page: Any, names: tuple[str, str], title: Any, hint: Any) -> rx.Component:
    def one(name: str, label: Any) -> rx.Component:
        fault = page.limits_faults[name]
        usual = getattr(USUAL, name)
        return field(
            name,
            label,
            entry(name, page.limits[name], fault=fault, input_mode="numeric"),
            fault=fault,
            hint=t(it=f"Consigliato: {usual}.", en=f"Recommended: {usual}."),
        )

    return rx.el.fieldset(
        rx.el.legend(title),
        rx.el.p(hint, class_name="hint"),
        rx.el.div(
            one(names[0], t(it="Ogni linea", en="Each line")),
            one(names[1], t(it="Tutto l'ufficio", en="The whole office")),
            class_name="pair",
        ),
    )


def own(page: Any) -> rx.Component:
    """Lines with limits of their own."""
    return rx.el.section(
        rx.el.header(rx.el.h2(t(it="Linee con limiti propri", en="Lines with their own limits"))),
        rx.el.div(
            rx.cond(
                number_of(page.own_limits) > 0,
                rx.el.ul(
                    rx.foreach(page.own_limits, lambda row: _own_row(page, row)),
                    class_name="names",
                ),
                rx.el.p(
                    t(
                        it="Nessuna: per tutte valgono i limiti qui sopra. Danne di propri a chi "
                        "per lavoro chiama spesso l'estero, o a un telefono in un luogo aperto "
                        "al pubblico.",
                        en="None: the limits above hold for all. Give some to whoever often calls "
                        "abroad for work, or to a phone in a public place.",
                    ),
                    class_name="t2",
                ),
            ),
            rx.el.form(
                field(
                    "own-line",
                    t(it="Linea", en="Line"),
                    rx.el.select(
                        rx.el.option(t(it="Scegli una linea", en="Choose a line"), value=""),
                        rx.foreach(
                            page.line_choices,
                            lambda each: rx.el.option(each.words, value=each.value),
                        ),
                        id="f-own-line",
                        name="line",
                        aria_describedby="e-own-line",
                        class_name="in sel",
                    ),
                    fault=page.own_faults["line"],
                ),
                rx.el.div(
                    _own_field(page, "calls", t(it="Chiamate insieme", en="Calls at once")),
                    _own_field(page, "forwards", t(it="Inoltri insieme", en="Forwards at once")),
                    class_name="pair",
                ),
                rx.el.div(
                    _own_field(
                        page, "dear_calls", t(it="Chiamate costose l'ora", en="Expensive calls/h")
                    ),
                    _own_field(
                        page, "dear_minutes", t(it="Minuti costosi l'ora", en="Expensive min/h")
                    ),
                    class_name="pair",
                ),
                rx.el.p(
                    t(
                        it="Un campo vuoto vale come per tutte.",
                        en="An empty field is as for all lines.",
                    ),
                    class_name="hint",
                ),
                rx.el.div(
                    rx.el.button(t(it="Aggiungi", en="Add"), type="submit", class_name="btn"),
                ),
                on_submit=page.add_own,
                key="own" + text_of(page.own_stamp),
                no_validate=True,
                class_name="stack",
                custom_attrs={"data-fault": text_of(page.own_failed)},
            ),
            class_name="pad stack sheet",
        ),
        class_name="panel",
    )


def _own_field(page: Any, name: str, label: Any) -> rx.Component:
    fault = page.own_faults[name]
    return rx.el.div(
        rx.el.label(label, html_for=f"o-{name}"),
        rx.el.input(
            id=f"o-{name}",
            name=name,
            input_mode="numeric",
            auto_complete="off",
            placeholder=page.limits[name],
            aria_invalid=rx.cond(fault != "", "true", "false"),
            aria_describedby=f"oe-{name}",
            class_name=rx.cond(fault != "", "in bad", "in"),
        ),
        rx.cond(
            fault != "",
            rx.el.p(
                icon("circle-alert", "xs"), rx.el.span(fault), id=f"oe-{name}", class_name="err"
            ),
        ),
        class_name="field",
    )


def _own_row(page: Any, row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.b(row.line),
            rx.el.span(
                t(
                    it=f"{row.calls} chiamate e {row.forwards} inoltri insieme; in un'ora "
                    f"{row.dear_calls} chiamate e {row.dear_minutes} minuti costosi",
                    en=f"{row.calls} calls and {row.forwards} forwards at once; in an hour "
                    f"{row.dear_calls} expensive calls and {row.dear_minutes} minutes",
                ),
                class_name="small t2 num",
            ),
            class_name="two grow",
        ),
        rx.el.button(
            t(it="Togli", en="Remove"),
            type="button",
            class_name="btn sm",
            aria_label=t(it="Togli i limiti propri di ", en="Remove the own limits of ") + row.line,
            on_click=page.remove_own(row.id),
        ),
        class_name="row wrap",
        key=text_of(row.id),
    )


def protection(page: Any) -> tuple[rx.Component, ...]:
    """All of the tab."""
    return limits(page), own(page)
