"""The pieces of Numeri; its State is in admin_numbers.py, which hands itself in."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration import ledger_panel
from officesmart.administration import ledger_pieces as pieces
from officesmart.administration.ledger_pieces import Column
from officesmart.administration.pieces import dialog, entry, field
from officesmart.i18n import t
from officesmart.theme import chip, empty, icon, note, number_of
from pbx.routing import targets

ROUTE = "/admin/numeri"
GLYPHS = {
    "ring": "phone",
    "mailbox": "voicemail",
    "outside": "phone-forwarded",
    "service": "audio-lines",
    "announce": "megaphone",
}


def view(numbers: Any) -> rx.Component:
    """The table, the panel, the block."""
    return pieces.page(
        numbers,
        ROUTE,
        t(it="Numeri", en="Numbers"),
        new=t(it="Nuovo numero", en="New number"),
        acts=(_block_button(numbers),),
        filters=(
            rx.cond(
                number_of(numbers.trunk_options) > 1,
                pieces.pick(
                    t(it="Linea esterna", en="Trunk"),
                    numbers.at_trunk,
                    numbers.choose_trunk,
                    rx.el.option(t(it="Linea esterna: tutte", en="Trunk: all"), value=""),
                    rx.foreach(
                        numbers.trunk_options,
                        lambda each: rx.el.option(each.words, value=each.words),
                    ),
                ),
            ),
        ),
        columns=(
            Column("e164", t(it="Numero", en="Number"), lambda row: row.title),
            Column("label", t(it="Etichetta", en="Label"), lambda row: pieces.or_none(row.label)),
            Column("reaches", t(it="Raggiunge", en="Reaches"), _reaches, kind="roomy"),
            Column(
                "hours",
                t(it="Orari", en="Hours"),
                lambda row: pieces.or_none(row.hours, t(it="sempre", en="always")),
            ),
            Column(
                "trunk",
                t(it="Linea esterna", en="Trunk"),
                lambda row: pieces.or_none(row.trunk),
                kind="extra",
            ),
        ),
        nothing=empty(
            "phone-incoming",
            t(it="Nessun numero", en="No numbers"),
            t(
                it="Aggiungi i numeri che il gestore ti ha dato e di' che cosa raggiungono: un "
                "interno, una casella, un annuncio. Quelli delle linee sono già qui.",
                en="Add the numbers that your provider gave you and say what they reach: an "
                "extension, a mailbox, an announcement. Those of lines are here already.",
            ),
        ),
        panel=_panel(numbers),
        dialogs=(
            ledger_panel.delete_question(
                numbers,
                t(it="Eliminare il numero?", en="Delete the number?"),
                lambda count: t(it=f"Eliminare {count} numeri?", en=f"Delete {count} numbers?"),
                rx.el.p(
                    t(
                        it="Chi chiama sentirà che il numero non è attivo. Le linee che lo "
                        "hanno come proprio lo perdono.",
                        en="Callers will hear that the number is not in service. Lines that have "
                        "it as their own lose it.",
                    ),
                    class_name="t2",
                ),
            ),
            _block(numbers),
        ),
    )


def _reaches(row: Any) -> rx.Component:
    return rx.el.span(
        rx.cond(
            row.lost,
            chip(row.reaches, kind="warning", glyph="triangle-alert"),
            rx.el.span(row.reaches, class_name="cut"),
        ),
        rx.cond(
            row.closed != "",
            rx.el.span(t(it="chiuso: ", en="closed: "), row.closed, class_name="small mut cut"),
        ),
        class_name="two",
    )


def _block_button(numbers: Any) -> rx.Component:
    return rx.el.button(
        icon("list-plus", "s"),
        t(it="Aggiungi un blocco", en="Add a block"),
        type="button",
        class_name="btn",
        aria_haspopup="dialog",
        on_click=numbers.ask_block,
    )


# -- the panel ----------------------------------------------------------------------------------


def _panel(numbers: Any) -> rx.Component:
    card, faults = numbers.card, numbers.faults
    return ledger_panel.side_panel(
        numbers,
        t(it="Nuovo numero", en="New number"),
        field(
            "number",
            t(it="Numero", en="Number"),
            entry("number", card.number, fault=faults["number"], kind="tel"),
            fault=faults["number"],
            hint=t(it="Come 02 5550 1200 o +39 02 5550 1200.", en="Like 02 5550 1200 or +39 ..."),
        ),
        rx.el.div(
            field(
                "label",
                t(it="Etichetta", en="Label"),
                entry("label", card.label, fault=faults["label"]),
                fault=faults["label"],
                hint=t(it="Facoltativa.", en="Optional."),
            ),
            field(
                "trunk_id",
                t(it="Linea esterna", en="Trunk"),
                ledger_panel.picked(
                    "trunk_id", card.trunk, numbers.trunk_options, t(it="nessuna", en="none")
                ),
                fault=faults["trunk_id"],
            ),
            class_name="pair",
        ),
        field(
            "kind",
            t(it="Raggiunge", en="Reaches"),
            _kinds("kind", card.kind, numbers.choose_kind),
            fault=faults["kind"],
        ),
        _target(numbers, "target", numbers.kind, card.kind, card.target),
        field(
            "hours_id",
            t(it="Orari di apertura", en="Opening hours"),
            ledger_panel.picked(
                "hours_id",
                card.hours,
                numbers.hours_options,
                t(it="nessuno: sempre aperto", en="none: always open"),
                on_change=numbers.choose_hours,
            ),
            fault=faults["hours_id"],
        ),
        rx.cond(
            numbers.at_hours != "",
            rx.fragment(
                field(
                    "closed_kind",
                    t(it="Quando è chiuso raggiunge", en="When closed it reaches"),
                    _kinds(
                        "closed_kind",
                        card.closed_kind,
                        numbers.choose_closed,
                        t(it="lo stesso", en="the same"),
                    ),
                    fault=faults["closed_kind"],
                ),
                rx.cond(
                    numbers.closed_kind != "",
                    _target(
                        numbers,
                        "closed_target",
                        numbers.closed_kind,
                        card.closed_kind,
                        card.closed_target,
                    ),
                ),
            ),
        ),
        after=(_try(numbers),),
    )


def _kinds(name: str, value: Any, on_change: Any, same: Any = None) -> rx.Component:
    return rx.el.select(
        *([rx.el.option(same, value="")] if same is not None else []),
        *(rx.el.option(t(it=kind.it, en=kind.en), value=kind.name) for kind in targets.KINDS),
        id=f"f-{name}",
        name=name,
        default_value=value,
        aria_describedby=f"e-{name}",
        class_name="in sel",
        on_change=on_change,
        custom_attrs={"data-was": value},
    )


def _target(numbers: Any, name: str, kind: Any, kept_kind: Any, kept: Any) -> rx.Component:
    """The field that belongs to the kind chosen now; of another kind nothing is kept."""
    fault = numbers.faults[name]
    value = rx.cond(kind == kept_kind, kept, "")
    choose = t(it="scegli", en="choose")
    controls = {
        "line": ledger_panel.picked(name, value, numbers.line_options, choose, key=f"{name}-line"),
        "mailbox": ledger_panel.picked(name, value, numbers.box_options, choose, key=f"{name}-box"),
        "service": _among(name, value, targets.SERVICES, choose),
        "announcement": _among(name, value, targets.ANNOUNCEMENTS, choose),
        "number": entry(name, value, fault=fault, kind="tel", key=f"{name}-number"),
    }
    labels = {each.name: t(it=each.it_target, en=each.en_target) for each in targets.KINDS}
    return field(
        name,
        rx.match(kind, *((each, words) for each, words in labels.items()), labels["line"]),
        rx.match(kind, *((each, piece) for each, piece in controls.items()), controls["line"]),
        fault=fault,
    )


def _among(name: str, value: Any, options: Any, choose: Any) -> rx.Component:
    return rx.el.select(
        rx.el.option(choose, value=""),
        *(rx.el.option(t(it=it, en=en), value=key) for key, (it, en) in options.items()),
        id=f"f-{name}",
        name=name,
        default_value=value,
        aria_describedby=f"e-{name}",
        class_name="in sel",
        key=f"{name}-{next(iter(options))}",
        custom_attrs={"data-was": value},
    )


def _try(numbers: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h3(t(it="Prova", en="Try it")),
        rx.el.p(
            t(
                it="Che cosa farebbe una chiamata da fuori a questo numero, con i telefoni "
                "collegati adesso. Non squilla niente.",
                en="What a call from outside to this number would do, with the phones registered "
                "now. Nothing rings.",
            ),
            class_name="small t2",
        ),
        rx.el.form(
            rx.el.div(
                rx.el.label(
                    t(it="Quando (vuoto: adesso)", en="When (empty: now)"), html_for="f-moment"
                ),
                rx.el.input(
                    id="f-moment",
                    name="moment",
                    type="datetime-local",
                    class_name="in",
                    aria_describedby="e-moment",
                ),
                rx.cond(
                    numbers.try_fault != "",
                    rx.el.p(
                        icon("circle-alert", "xs"),
                        rx.el.span(numbers.try_fault),
                        id="e-moment",
                        class_name="err",
                    ),
                ),
                class_name="field grow",
            ),
            rx.el.button(t(it="Prova", en="Try"), type="submit", class_name="btn"),
            on_submit=numbers.try_call,
            no_validate=True,
            class_name="row trying",
        ),
        rx.el.div(
            rx.cond(
                numbers.tried_at != "",
                rx.fragment(
                    rx.el.p(t(it="Una chiamata ", en="A call "), rx.el.b(numbers.tried_at), ":"),
                    rx.el.ol(
                        rx.foreach(
                            numbers.tried,
                            lambda told: rx.el.li(
                                rx.el.span(
                                    rx.match(
                                        told.glyph,
                                        *(
                                            (name, icon(glyph, "s"))
                                            for name, glyph in GLYPHS.items()
                                        ),
                                        icon("phone-off", "s"),
                                    ),
                                    class_name="ico",
                                ),
                                told.words,
                            ),
                        ),
                        class_name="plain",
                    ),
                    rx.el.ul(
                        rx.foreach(numbers.reasons, lambda why: rx.el.li(why)),
                        class_name="small t2 why",
                    ),
                ),
            ),
            role="status",
            class_name="stack tight",
        ),
        class_name="stack tight",
    )


# -- a block ------------------------------------------------------------------------------------


def _block(numbers: Any) -> rx.Component:
    faults = numbers.block_faults

    def typed(name: str, words: Any, hint: Any) -> rx.Component:
        return field(
            name,
            words,
            rx.el.input(
                id=f"f-{name}",
                name=name,
                type="tel",
                auto_complete="off",
                aria_invalid=rx.cond(faults[name] != "", "true", "false"),
                aria_describedby=f"e-{name}",
                class_name=rx.cond(faults[name] != "", "in bad", "in"),
            ),
            fault=faults[name],
            hint=hint,
        )

    return dialog(
        "ask-block",
        t(it="Aggiungere un blocco di numeri", en="Add a block of numbers"),
        rx.el.form(
            rx.el.div(
                typed("first", t(it="Dal numero", en="From number"), "02 5550 1200"),
                typed(
                    "last",
                    t(it="Al numero", en="To number"),
                    t(it="1299, o intero", en="1299, or whole"),
                ),
                class_name="two-up",
            ),
            rx.el.div(
                typed(
                    "extension",
                    t(it="Primo interno", en="First extension"),
                    t(it="200: poi 201, 202…", en="200: then 201, 202…"),
                ),
                field(
                    "block_trunk",
                    t(it="Linea esterna", en="Trunk"),
                    rx.el.select(
                        rx.el.option(t(it="nessuna", en="none"), value=""),
                        rx.foreach(
                            numbers.trunk_options,
                            lambda each: rx.el.option(each.words, value=each.value),
                        ),
                        id="f-block_trunk",
                        name="block_trunk",
                        class_name="in sel",
                    ),
                ),
                class_name="two-up",
            ),
            on_submit=numbers.try_block,
            no_validate=True,
            id="block-form",
            class_name="stack tight",
        ),
        rx.cond(number_of(numbers.block_rows) > 0, _preview(numbers)),
        is_open=numbers.asking == "block",
        footer=(
            ledger_panel.cancel(numbers),
            rx.el.button(
                t(it="Anteprima", en="Preview"),
                type="submit",
                form="block-form",
                class_name=rx.cond(numbers.block_new > 0, "btn", "btn pri"),
            ),
            rx.cond(
                numbers.block_new > 0,
                rx.el.button(
                    rx.cond(
                        numbers.block_new == 1,
                        t(it="Aggiungi 1 numero", en="Add 1 number"),
                        t(
                            it=f"Aggiungi {numbers.block_new} numeri",
                            en=f"Add {numbers.block_new} numbers",
                        ),
                    ),
                    type="button",
                    class_name="btn pri",
                    on_click=numbers.add_block,
                ),
            ),
        ),
    )


def _preview(numbers: Any) -> rx.Component:
    return rx.fragment(
        rx.cond(
            (numbers.block_there > 0) | (numbers.block_without > 0),
            note(
                t(
                    it=f"Si aggiungono i numeri il cui interno c'è. Già nell'elenco: "
                    f"{numbers.block_there}, senza interno: {numbers.block_without}.",
                    en=f"Numbers whose extension exists are added. In the list already: "
                    f"{numbers.block_there}, without extension: {numbers.block_without}.",
                )
            ),
        ),
        rx.el.ul(
            rx.foreach(
                numbers.block_rows,
                lambda row: rx.el.li(
                    rx.match(
                        row.kind,
                        ("new", chip(t(it="nuovo", en="new"), kind="available", glyph="plus")),
                        ("there", chip(t(it="c'è già", en="there already"), kind="offline")),
                        chip(t(it="nessun interno", en="no extension"), kind="offline"),
                    ),
                    rx.el.span(rx.el.b(row.number, class_name="num nw"), class_name="grow"),
                    rx.el.span(
                        row.extension,
                        rx.cond(row.name != "", rx.fragment(" ", row.name)),
                        class_name="small t2 num",
                    ),
                    key=row.number,
                ),
            ),
            class_name="plain tried",
            tab_index=0,
            aria_label=t(it="Anteprima del blocco", en="Preview of the block"),
        ),
    )
