"""Codici brevi: the office's short codes, to be read and dialled (guide 6.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx
from sqlmodel import Session, col, select

from officesmart.components.contact_tabs import contact_page
from officesmart.components.row_menu import number_menu
from officesmart.desk import desk
from officesmart.i18n import t
from officesmart.page import Page, Portal, handler_of, mine
from officesmart.theme import empty, icon, number_of
from pbx.numbers import is_extension, national
from pbx.tables import Line, ShortCode

ROUTE = "/contatti/codici-brevi"


@dataclass(frozen=True)
class CodeRow:
    """A short code, for the browser."""

    code: str
    name: str
    reaches: str
    "The number as people read it, or the name of the line."
    dial: str
    "The number itself."


class Codes(Portal):
    """The short codes of the office."""

    rows: list[CodeRow] = []

    @mine(acts=False, reads=True)
    async def enter(self) -> None:
        """The page opens, or its connection is back."""
        assert self._person is not None
        await self._enter(self._person, handler_of(Codes.news))
        await self._read()

    @mine(acts=False, reads=True)
    async def news(self, topics: list[str]) -> None:
        """Pushed: something moved."""
        assert self._person is not None
        await self._look(self._person, tuple(topics))
        if "settings" in topics:
            await self._read()

    async def _read(self) -> None:
        def read(session: Session) -> list[CodeRow]:
            codes = session.exec(select(ShortCode).order_by(col(ShortCode.code))).all()
            names = dict(
                session.exec(
                    select(Line.extension, Line.name).where(
                        col(Line.extension).in_([each.number for each in codes])
                    )
                ).all()
            )
            return [
                CodeRow(each.code, each.name, _reaches(each.number, names), each.number)
                for each in codes
            ]

        self.rows = await desk().database.read(read)


def _reaches(number: str, names: dict[str, str]) -> str:
    if number in names:
        return f"{names[number]} ({number})"
    return number if is_extension(number) else national(number)


def view() -> rx.Component:
    """Code, name, whom it reaches."""
    return contact_page(
        ROUTE,
        rx.cond(
            number_of(Codes.rows) > 0,
            rx.fragment(
                rx.el.ul(rx.foreach(Codes.rows, _code), class_name="people"),
                rx.el.p(
                    t(
                        it="Si compongono da ogni telefono dell'ufficio: il codice e poi #, o il "
                        "codice e una breve attesa. L'elenco lo cura chi amministra il centralino.",
                        en="They are dialled from any phone of the office: the code and then #, or "
                        "the code and a short wait. The list is kept by whoever administers the "
                        "switchboard.",
                    ),
                    class_name="hint pad",
                ),
            ),
            empty(
                "hash",
                t(it="Nessun codice breve", en="No short codes"),
                t(
                    it="Chi amministra il centralino può dare un codice di poche cifre ai numeri "
                    "che tutti chiamano spesso.",
                    en="Whoever administers the switchboard can give a code of a few digits to "
                    "numbers that everybody calls often.",
                ),
            ),
        ),
    )


def _code(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon("hash"), class_name="av", aria_hidden=True),
        rx.el.span(
            rx.el.b(row.name, class_name="cut"),
            number_menu(row.reaches, row.dial, row.name, "small cut"),
            class_name="two grow",
        ),
        number_menu(row.code, row.code, row.name),
        key=row.code,
    )


PAGE = Page(
    route=ROUTE,
    view=view,
    on_load=Codes.enter,
    it="Codici brevi",
    en="Short codes",
    shape="list",
)
