"""Registro modifiche: who changed what, newest first, searched while typing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import reflex as rx

from officesmart.administration import audit
from officesmart.administration.audit_file import LONGEST_SEARCH, PATH
from officesmart.administration.audit_words import DEEDS, Change, changes, deed_words, who_words
from officesmart.administration.pieces import WHOLE, administration, pager
from officesmart.components.search_field import search_field
from officesmart.desk import desk
from officesmart.i18n import t, when
from officesmart.page import Page, Portal, admin, handler_of
from officesmart.theme import empty, icon, link, text_of

ROWS = 50


@dataclass(frozen=True)
class EntryRow:
    """One entry, for the browser."""

    id: int
    at: str
    iso: str
    who: str
    what: str
    glyph: str
    line: str
    changes: list[Change]


class ChangeLog(Portal):
    """A page of the log."""

    entries: list[EntryRow] = []
    wanted: str = ""
    sought: str = ""
    "The same, for an address."
    total: int = 0
    first: int = 0
    last: int = 0
    _sheet: int = 0

    @admin(acts=False)
    async def enter(self) -> None:
        """The page opens, or its connection is back."""
        assert self._person is not None
        await self._enter(self._person, handler_of(ChangeLog.news), sees_all=True)
        await self._read()

    @admin(acts=False)
    async def news(self, topics: list[str]) -> None:
        """Pushed: something in the office moved."""
        assert self._person is not None
        await self._look(self._person, tuple(topics))
        if {"office", "language"} & set(topics):
            await self._read()

    @admin
    async def search(self, text: str) -> None:
        """While typing."""
        self.wanted, self._sheet = text[:LONGEST_SEARCH], 0
        self.sought = quote(self.wanted)
        await self._read()

    @admin
    async def turn(self, by: int) -> None:
        """Older entries, or newer ones."""
        self._sheet = max(0, self._sheet + (1 if by > 0 else -1))
        await self._read()

    async def _read(self) -> None:
        here, text = desk(), self.wanted
        start = self._sheet * ROWS
        found = await here.database.read(lambda s: audit.search(s, text, offset=start, limit=ROWS))
        if not found.entries and found.total:
            self._sheet = (found.total - 1) // ROWS
            start = self._sheet * ROWS
            found = await here.database.read(
                lambda s: audit.search(s, text, offset=start, limit=ROWS)
            )
        now, language = here.now(), self._language
        self.entries = [
            EntryRow(
                id=each.id or 0,
                at=when(language, each.at, now, here.zone),
                iso=each.at.isoformat(timespec="seconds"),
                who=who_words(language, each),
                what=deed_words(language, each.what),
                glyph=DEEDS.get(each.what, ("", "", "pencil"))[2],
                line=f"{each.line} {each.line_name}".strip(),
                changes=changes(language, each),
            )
            for each in found.entries
        ]
        self.total = found.total
        self.first = start + 1 if self.entries else 0
        self.last = start + len(self.entries)


# -- pieces -------------------------------------------------------------------------------------


def view() -> rx.Component:
    """The entries, one a row."""
    return administration(
        "/admin/registro",
        rx.el.div(
            rx.el.div(rx.el.h1(t(it="Registro modifiche", en="Change log")), class_name="head"),
            rx.el.section(
                rx.el.div(
                    search_field(
                        t(
                            it="Cerca per persona, interno o valore",
                            en="Search by person, extension or value",
                        ),
                        ChangeLog.search,
                        longest=LONGEST_SEARCH,
                        default_value=ChangeLog.wanted,
                    ),
                    link(
                        icon("download", "s"),
                        t(it="Esporta", en="Export"),
                        href=rx.cond(
                            ChangeLog.sought != "", f"{PATH}?cerca={ChangeLog.sought}", PATH
                        ),
                        class_name="btn",
                        **WHOLE,
                    ),
                    pager(
                        ChangeLog.first,
                        ChangeLog.last,
                        ChangeLog.total,
                        ChangeLog.turn(-1),
                        ChangeLog.turn(1),
                    ),
                    class_name="filters",
                ),
                rx.cond(
                    ChangeLog.total > 0,
                    rx.el.ol(rx.foreach(ChangeLog.entries, _entry), class_name="log"),
                    rx.cond(
                        ChangeLog.wanted != "",
                        empty(
                            "search-x",
                            t(it="Niente di simile", en="Nothing like that"),
                            t(
                                it="Nessuna modifica contiene quello che cerchi.",
                                en="No change contains what you look for.",
                            ),
                        ),
                        empty(
                            "history",
                            t(it="Nessuna modifica", en="No changes"),
                            t(
                                it="Ogni modifica di un amministratore appare qui, con chi "
                                "l'ha fatta, quando, e che cosa c'era prima.",
                                en="Every change by an administrator appears here, with who made "
                                "it, when, and what was there before.",
                            ),
                        ),
                    ),
                ),
                class_name="panel",
                aria_label=t(it="Modifiche", en="Changes"),
            ),
            class_name="adm-main narrow",
        ),
    )


def _entry(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.match(
                row.glyph,
                *(
                    (glyph, icon(glyph, "s"))
                    for glyph in sorted({deed[2] for deed in DEEDS.values()})
                ),
                icon("pencil", "s"),
            ),
            class_name="ico",
        ),
        rx.el.div(
            rx.el.p(
                rx.el.b(row.who),
                " ",
                row.what,
                rx.cond(row.line != "", rx.fragment(" ", rx.el.b(row.line)), rx.fragment()),
            ),
            rx.cond(
                row.changes.length() > 0,
                rx.el.ul(
                    rx.foreach(
                        row.changes,
                        lambda change: rx.el.li(
                            rx.el.span(change.name, ": ", class_name="mut"),
                            rx.cond(
                                change.before != "",
                                rx.fragment(
                                    rx.el.del_(change.before),
                                    rx.cond(
                                        change.after != "",
                                        rx.el.span(" → ", aria_hidden=True),
                                        rx.fragment(),
                                    ),
                                ),
                                rx.fragment(),
                            ),
                            change.after,
                            key=change.name,
                        ),
                    ),
                    class_name="small t2 changes",
                ),
            ),
            class_name="grow",
        ),
        rx.el.time(row.at, date_time=row.iso, class_name="small t2"),
        key=text_of(row.id),
    )


PAGE = Page(
    route="/admin/registro",
    view=view,
    on_load=ChangeLog.enter,
    it="Registro modifiche",
    en="Change log",
    icon="history",
    needs="admin",
)
