"""Interni: everybody in the office, live, to be called with a click (guide 6.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx
from sqlmodel import Session, col, select

from officesmart import line
from officesmart.components.contact_tabs import contact_page
from officesmart.components.presence import presence_word
from officesmart.components.row_menu import number_menu
from officesmart.components.search_field import search_field
from officesmart.contacts.card import words_of
from officesmart.desk import desk
from officesmart.i18n import initials, t
from officesmart.page import Page, Portal, handler_of, mine
from officesmart.theme import dot, empty, number_of, text_of
from pbx.numbers import national
from pbx.tables import Line

ROUTE = "/contatti/interni"
LONGEST_SEARCH = 200


@dataclass(frozen=True)
class Colleague:
    """A line of the office, for the browser."""

    extension: str
    name: str
    letters: str
    number: str
    dial: str
    "Its own number, E.164; '' when it has none."
    site: str
    presence: str
    mine: bool


@dataclass(frozen=True)
class Entry:
    """A line as the database has it."""

    extension: str
    name: str
    number: str
    site: str
    words: str


class Extensions(Portal):
    """The lines that are switched on."""

    text: str = ""
    cleared: int = 0
    rows: list[Colleague] = []
    everybody: int = 0
    _known: list[Entry] = []

    @mine(acts=False, reads=True)
    async def enter(self) -> None:
        """The page opens, or its connection is back."""
        assert self._person is not None
        await self._enter(self._person, handler_of(Extensions.news), sees_all=True)
        await self._read()
        self._show()

    @mine(acts=False, reads=True)
    async def news(self, topics: list[str]) -> None:
        """Pushed: somebody's line moved."""
        assert self._person is not None
        await self._look(self._person, tuple(topics))
        if "settings" in topics:
            await self._read()
        self._show()

    @mine(reads=True)
    async def search(self, text: str) -> None:
        """A key was pressed in the search field."""
        self.text = text[:LONGEST_SEARCH]
        self._show()

    @mine(reads=True)
    async def clear(self) -> None:
        """The cross in the search field."""
        self.text, self.cleared = "", self.cleared + 1
        self._show()

    async def _read(self) -> None:
        def read(session: Session) -> list[Entry]:
            rows = session.exec(
                select(Line.extension, Line.name, Line.number, Line.site)
                .where(col(Line.active))
                .order_by(col(Line.name), col(Line.extension))
            ).all()
            return [
                Entry(*row, " " + " ".join(words_of(f"{row[1]} {row[0]} {row[3]}"))) for row in rows
            ]

        self._known = await desk().database.read(read)

    def _show(self) -> None:
        """Who fits the search, and how each stands now."""
        board, wanted = desk().phone.board(), words_of(self.text)
        self.everybody = len(self._known)
        self.rows = [
            Colleague(
                each.extension,
                each.name,
                initials(each.name),
                national(each.number),
                each.number,
                each.site,
                line.presence(board, each.extension),
                each.extension == self.extension,
            )
            for each in self._known
            if all(f" {word}" in each.words for word in wanted)
        ]


# -- pieces -------------------------------------------------------------------------------------


def view() -> rx.Component:
    """Everybody, and how they stand."""
    return contact_page(
        ROUTE,
        rx.el.div(
            search_field(
                t(it="Cerca negli interni", en="Search the extensions"),
                Extensions.search,
                hint=t(it="Nome, interno o sede", en="Name, extension or site"),
                longest=LONGEST_SEARCH,
                wait_ms=100,
                kind="in",
                default_value=Extensions.text,
                key=text_of(Extensions.cleared),
            ),
            rx.el.span(
                text_of(number_of(Extensions.rows)),
                t(it=" di ", en=" of "),
                text_of(Extensions.everybody),
                role="status",
                class_name="small t2 nw num",
            ),
            class_name="srch",
        ),
        rx.cond(
            number_of(Extensions.rows) > 0,
            rx.el.ul(rx.foreach(Extensions.rows, _colleague), class_name="people"),
            empty(
                "search-x",
                t(it="Nessun interno trovato", en="No extension found"),
                t(
                    it="La ricerca guarda l'inizio di nomi, interni e sedi.",
                    en="The search looks at how names, extensions and sites begin.",
                ),
                rx.el.button(
                    t(it="Mostra tutti gli interni", en="Show all extensions"),
                    type="button",
                    class_name="btn",
                    on_click=Extensions.clear,
                ),
            ),
        ),
        rx.el.p(
            t(
                it="L'elenco lo cura chi amministra il centralino.",
                en="The list is kept by whoever administers the switchboard.",
            ),
            class_name="hint pad",
        ),
    )


def _colleague(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(row.letters, dot(row.presence), class_name="av", aria_hidden=True),
        rx.el.span(
            rx.el.b(
                row.name,
                rx.cond(row.mine, t(it=" (tu)", en=" (you)"), ""),
                class_name="cut",
            ),
            rx.el.span(
                presence_word(row.presence),
                rx.cond(row.site != "", " · " + row.site, ""),
                class_name="small t2 cut",
            ),
            class_name="two grow",
        ),
        rx.cond(row.dial != "", number_menu(row.number, row.dial, row.name, "hide-s")),
        number_menu(t(it="int. ", en="ext. ") + row.extension, row.extension, row.name),
        key=row.extension,
    )


PAGE = Page(
    route=ROUTE,
    view=view,
    on_load=Extensions.enter,
    it="Interni",
    en="Extensions",
    shape="list",
)
