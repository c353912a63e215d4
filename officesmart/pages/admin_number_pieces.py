"""The pieces of Numeri; its State is in admin_numbers.py, which hands itself in."""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.administration import ledger_panel
from officesmart.administration import ledger_pieces as pieces
from officesmart.administration.ledger_pieces import Column
from officesmart.administration.pieces import entry, field
from officesmart.i18n import t
from officesmart.pages.admin_number_questions import block_question, trial
from officesmart.theme import chip, empty, icon, number_of
from pbx.routing import targets

ROUTE = "/admin/numeri"


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
            block_question(numbers),
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
        after=(trial(numbers),),
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
