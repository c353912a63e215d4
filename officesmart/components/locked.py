"""Who may not try a password for a while, and *Sblocca*."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import reflex as rx

from officesmart.i18n import t
from officesmart.patience import EVERYWHERE, Locked
from officesmart.theme import icon, number_of, panel


@dataclass(frozen=True)
class LockRow:
    """A lockout, for the browser."""

    key: str
    extension: str
    name: str
    any_account: bool
    address: str
    minutes: int


def lock_rows(found: tuple[Locked, ...], now: datetime) -> list[LockRow]:
    """As the page shows them."""
    return [
        LockRow(
            key=f"{each.account} {each.address} {number}",
            extension=each.extension,
            name=each.name,
            any_account=not each.account,
            address=each.address,
            minutes=max(1, -(-int((each.until - now).total_seconds()) // 60)),
        )
        for number, each in enumerate(found)
    ]


def locked_now(rows: Any, *, unlock: Any) -> rx.Component:
    """Nothing at all while nobody is shut out: that is how it should be."""
    return rx.cond(
        number_of(rows) > 0,
        panel(
            t(it="Accessi bloccati", en="Locked sign-ins"),
            rx.el.ul(rx.foreach(rows, lambda row: _row(row, unlock)), class_name="rows locked"),
        ),
    )


def _row(row: Any, unlock: Any) -> rx.Component:
    who = rx.cond(
        row.extension != "",
        f"{row.extension} {row.name}",
        rx.cond(
            row.any_account,
            t(it="Tutti gli interni", en="All extensions"),
            t(it="Un numero sconosciuto", en="An unknown number"),
        ),
    )
    return rx.el.li(
        rx.el.span(icon("lock"), class_name="ico"),
        rx.el.span(
            rx.el.b(who),
            rx.el.span(
                t(it="da ", en="from "),
                rx.cond(
                    row.address == EVERYWHERE,
                    t(it="tutti gli indirizzi", en="every address"),
                    row.address,
                ),
                t(it=f", ancora {row.minutes} min", en=f", {row.minutes} min more"),
                class_name="small t2",
            ),
            class_name="two grow",
        ),
        rx.el.button(
            t(it="Sblocca", en="Unlock"),
            rx.el.span(" ", who, class_name="vh"),
            type="button",
            class_name="btn sm",
            on_click=unlock(row.extension, row.address),
        ),
        key=row.key,
    )
