"""The one menu of a number, wherever a page shows one; and what rows share beside it.

*Componi dal proprio numero*, *da un altro numero*, *Aggiungi ai contatti*, *Aggiungi ai
prioritari*, *Copia il numero*: what makes no sense for a number is not offered. A row's name and
its three dots open the same menu.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from officesmart.components.dialler_state import Dialler
from officesmart.components.menu import item, link_item, menu, only_words
from officesmart.components.number_deeds import NumberDeeds
from officesmart.i18n import t
from officesmart.theme import icon


def new_dot(row: Any, words: Any) -> rx.Component:
    """The mark of a row that waits for somebody; an empty place on the others."""
    return rx.cond(row.fresh, rx.el.span(class_name="newdot", title=words), rx.el.span())


def name_menu(row: Any, *more: rx.Component, kind: str = "who cut") -> rx.Component:
    """Who it was; opens the menu of the number, with what else the row can do."""
    return _menu(row.name, kind, row.number, row.name, rx.el.span(row.name), more)


def more_menu(row: Any, *more: rx.Component) -> rx.Component:
    """The three dots at the end of a row; they open the same menu."""
    words = t(it="Azioni: ", en="Actions: ") + row.name
    return _menu(words, "ib", row.number, row.name, icon("ellipsis"), more)


def number_menu(shown: Any, dial: Any, name: Any, kind: str = "") -> rx.Component:
    """A number, and what can be done with it. shown: as people read it; dial: as it is dialled;
    name: whose it is, which the dialler shows."""
    return menu(
        rx.el.button(shown, type="button", class_name=f"as-link num nw {kind}".strip()),
        *number_items(dial, name),
        on_open=lambda opened: NumberDeeds.ask(dial, opened),
    )


def phone_menu(dial: Any, name: Any) -> rx.Component:
    """The same behind a telephone, where there may be no room for the number."""
    return _menu(t(it="Chiama ", en="Call ") + name, "ib", dial, name, icon("phone"), ())


def maybe_menu(shown: Any, dial: Any, name: Any, kind: str = "") -> rx.Component:
    """The same where there may be no number to call: then it is text."""
    return rx.cond(
        dial != "",
        number_menu(shown, dial, name, kind),
        rx.el.span(shown, class_name=f"num {kind}".strip()),
    )


def _menu(
    label: Any, kind: str, dial: Any, name: Any, inside: rx.Component, more: tuple[Any, ...]
) -> rx.Component:
    return menu(
        rx.el.button(inside, type="button", class_name=kind, aria_label=label),
        rx.cond(
            dial != "",
            rx.fragment(*number_items(dial, name)),
            only_words(t(it="Nessun numero da chiamare", en="No number to call")),
        ),
        *more,
        on_open=lambda opened: NumberDeeds.ask(dial, opened),
    )


def number_items(dial: Any, name: Any) -> list[rx.Component]:
    """What can be done with a number; its own extension nobody calls."""
    known = NumberDeeds.asked == dial
    return [
        rx.cond(
            known & NumberDeeds.own,
            only_words(t(it="È il tuo numero", en="This is your number")),
            rx.fragment(
                item(
                    "phone",
                    t(it="Componi dal proprio numero", en="Dial from my own number"),
                    Dialler.call_back(dial, name),
                ),
                item(
                    "phone-forwarded",
                    t(it="Componi da un altro numero", en="Dial from another number"),
                    Dialler.compose_from_other(dial, name),
                ),
            ),
        ),
        rx.cond(
            known & NumberDeeds.can_add,
            item(
                "user-plus",
                t(it="Aggiungi ai contatti", en="Add to contacts"),
                NumberDeeds.to_contacts(dial, name),
            ),
        ),
        rx.cond(
            known & NumberDeeds.can_call_here,
            item(
                "star",
                t(it="Aggiungi ai prioritari", en="Add to priority callers"),
                NumberDeeds.put_first(dial, name),
            ),
        ),
        rx.cond(known & (NumberDeeds.e164 != ""), _by_this_phone()),
        item(
            "copy",
            t(it="Copia il numero", en="Copy the number"),
            rx.set_clipboard(rx.cond(known & (NumberDeeds.e164 != ""), NumberDeeds.e164, dial)),
        ),
    ]


def _by_this_phone() -> rx.Component:
    """On a mobile, away from the desk phone: its own telephone calls."""
    return link_item(
        rx.el.a(
            icon("smartphone"),
            t(it="Chiama con questo telefono", en="Call with this phone"),
            href="tel:" + NumberDeeds.e164,
        ),
        class_name="only-touch",
    )
