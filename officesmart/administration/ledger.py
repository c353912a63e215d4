"""The State of a page of the administration: a table of things, and one of them open beside it.

A mixin over Portal. A page says which Book it keeps and how a row looks; looking, choosing, saving,
the question before deleting and the remark about a second administrator are here. The pieces that
show it are in ledger_pieces.py and ledger_panel.py.

    class Sites(Ledger, Portal):
        rows: list[SiteRow] = []
        card: SiteCard = SiteCard()

        def _book(self): return sites.BOOK
        def _read_rows(self, session): ...
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlmodel import Session

from officesmart.administration.audit import Author
from officesmart.administration.clash import told
from officesmart.administration.keeping import Book, Conflict, Gone, Refused
from officesmart.administration.rules import Fault
from officesmart.desk import desk
from officesmart.i18n import say
from officesmart.page import Portal, admin, handler_of
from officesmart.phone import LinkDown
from pbx.numbers import SEPARATORS

ROWS = 50  # a page of the table
NEW = -1  # as the thing in the panel: one that is not made yet
LONGEST_SEARCH = 200
ASKS = "cerca"
"In the address of a page: what to look for when it opens."
NAMED = 8  # names in the question before deleting


@dataclass(frozen=True)
class Option:
    """An entry of a list to choose from, for the browser."""

    value: str
    words: str


class Ledger(Portal, mixin=True):
    """The table, and the panel."""

    rows: list[Any] = []
    "Those on this page of the table; dataclasses with an `id`."
    card: Any = None
    "The open one, as its fields show it; a dataclass."
    looked: bool = False
    "The rows have been read: what is empty now is so."
    total: int = 0
    found: int = 0
    first: int = 0
    last: int = 0
    wanted: str = ""
    order: str = ""
    falling: bool = False
    selected: list[int] = []
    cleared: int = 0
    "Moves when the search field is to be emptied."
    _sheet: int = 0

    opened: int = 0
    "The thing in the panel; 0 for none, NEW for one to be made."
    title: str = ""
    stamp: int = 0
    "Moves when the form is to show the card anew."
    faults: dict[str, str] = {}
    failed: int = 0
    clash: str = ""
    "Who changed what meanwhile, as a sentence; empty when nobody did."
    _base: Any = None
    _theirs: Any = None
    _mine: Any = None

    asking: str = ""
    "'', 'delete', or a question of the page's own."
    ask_names: list[str] = []
    ask_more: int = 0
    _ask_ids: tuple[int, ...] = ()

    # -- what a page says -----------------------------------------------------------------------

    def _book(self) -> Book[Any, Any]:
        """What is kept here."""
        raise NotImplementedError

    def _read_rows(self, session: Session) -> list[Any]:
        """Every row, as the table shows it, in the usual order."""
        raise NotImplementedError

    def _judge(self, form: Mapping[str, object]) -> tuple[Any, dict[str, Fault]]:
        """A form as values, and what is wrong with it."""
        raise NotImplementedError

    def _card(self, values: Any) -> Any:
        """Values as the fields show them."""
        raise NotImplementedError

    def _fresh(self) -> Any:
        """What a new one begins with."""
        return self._book().values()

    def _keep(self, row: Any) -> bool:
        """Whether the page's own filters let a row through."""
        return True

    def _words(self, text: str) -> list[str]:
        """What to look for, every one of them."""
        return text.casefold().split()

    def _blank(self) -> dict[str, str]:
        """No fault anywhere."""
        return {name: "" for name in (*self._book().names, "")}

    async def _look_around(self) -> None:
        """What else the page reads whenever something moved."""

    # -- looking --------------------------------------------------------------------------------

    @admin(acts=False)
    async def enter(self) -> None:
        """The page opens (on what its address asks for), or its connection is back."""
        assert self._person is not None
        await self._enter(self._person, handler_of(type(self).news), sees_all=True)
        asked = self.router.url.query_parameters.get(ASKS, "")[:LONGEST_SEARCH]
        if asked:
            self.wanted, self._sheet = asked, 0
            self.cleared += 1
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
        await self._read()

    @admin
    async def everything(self) -> None:
        """Togli i filtri."""
        self._unfilter()
        self._sheet = 0
        self.cleared += 1
        await self._read()

    def _unfilter(self) -> None:
        self.wanted = ""

    @admin
    async def sort(self, by: str) -> None:
        """By this column; again turns it round."""
        self.falling = by == self.order and not self.falling
        self.order, self._sheet = by[:40], 0
        await self._read()

    @admin
    async def turn(self, by: int) -> None:
        """The next page of the table, or the one before."""
        self._sheet = max(0, self._sheet + (1 if by > 0 else -1))
        await self._read()

    async def _read(self) -> None:
        every = await desk().database.read(self._read_rows)
        words = self._words(self.wanted)
        found = [row for row in every if self._keep(row) and matches(row, words)]
        if self.order and found and hasattr(found[0], self.order):
            found.sort(key=lambda row: _key(getattr(row, self.order)))
        if self.falling:
            found.reverse()
        self.total, self.found, self.looked = len(every), len(found), True
        self._sheet = min(self._sheet, max(0, (len(found) - 1) // ROWS))
        start = self._sheet * ROWS
        self.rows = found[start : start + ROWS]
        self.first, self.last = (start + 1 if self.rows else 0), start + len(self.rows)
        alive = {row.id for row in every}
        self.selected = [each for each in self.selected if each in alive]
        await self._look_around()

    # -- choosing many --------------------------------------------------------------------------

    @admin
    async def select(self, row: int, on: bool) -> None:
        """Choose a row, or not."""
        chosen = [each for each in self.selected if each != row]
        self.selected = [*chosen, row] if on else chosen

    @admin
    async def select_all(self) -> None:
        """Choose all of this page of the table, or none of them."""
        here = {row.id for row in self.rows}
        if here <= set(self.selected):
            self.selected = [each for each in self.selected if each not in here]
        else:
            self.selected = [*self.selected, *sorted(here - set(self.selected))]

    @admin
    async def select_none(self) -> None:
        """Annulla la selezione."""
        self.selected = []

    @admin
    async def ask_delete(self, row: int) -> None:
        """Elimina: this one, or (0) the chosen ones; first say what goes."""
        ids = (row,) if row else tuple(self.selected)
        every = await desk().database.read(self._read_rows)
        names = [each.title for each in every if each.id in ids]
        if not names:
            return
        self._ask_ids, self.asking = ids, "delete"
        self.ask_names, self.ask_more = names[:NAMED], max(0, len(names) - NAMED)
        await self._asked(ids)

    async def _asked(self, ids: tuple[int, ...]) -> None:
        """What else the question must say."""

    @admin
    async def delete(self) -> None:
        """Elimina, confirmed."""
        ids = self._ask_ids
        self.asking, self._ask_ids = "", ()
        if not ids:
            return
        author = self._author()
        try:
            gone = await desk().database.run(lambda s: self._remove(s, author, ids))
        except Refused as refused:
            for fault in refused.faults.values():
                self._toast("danger", it=fault.it, en=fault.en)
            return
        if self.opened in ids:
            self._close()
        self.selected = [each for each in self.selected if each not in ids]
        it, en = self._book().noun.counted(len(gone), "eliminat", "deleted")
        self._toast("available", it=it, en=en)
        await self._changed()

    def _remove(self, session: Session, author: Author, ids: tuple[int, ...]) -> tuple[str, ...]:
        return self._book().remove(session, author, ids)

    @admin
    async def cancel(self) -> None:
        """Annulla, in a window that asks."""
        self.asking, self._ask_ids = "", ()

    # -- the panel ------------------------------------------------------------------------------

    @admin
    async def open(self, row: int) -> None:
        """A thing in the panel."""
        await self._open(row)

    @admin
    async def open_new(self) -> None:
        """A new one."""
        self._close()
        self._show(self._fresh())
        self.title, self.opened = "", NEW

    @admin
    async def close(self) -> None:
        """Chiudi il pannello."""
        self._close()

    @admin
    async def undo(self) -> None:
        """Annulla: what is wrong with edits goes with them."""
        self.faults, self.clash = self._blank(), ""
        if self.opened == NEW:
            self._close()

    async def _open(self, row: int) -> None:
        book = self._book()
        try:
            values = await desk().database.read(lambda s: book.values_of(s, row))
        except Gone:
            await self._lost()
            return
        self.opened = row
        self._show(values)
        await self._look_around()

    def _show(self, values: Any) -> None:
        self._base, self.card, self.title = values, self._card(values), self._book().title(values)
        self.faults, self.clash = self._blank(), ""
        self.stamp += 1

    def _close(self) -> None:
        self.opened, self.title = 0, ""
        self.faults, self.clash = self._blank(), ""

    @admin
    async def save(self, form: dict[str, Any]) -> None:
        """Conferma."""
        if not self.opened:
            return
        values, faults = self._judge(form)
        if faults:
            self._fault(faults)
        elif self.opened == NEW:
            await self._create(values)
        else:
            await self._save(self._base, values)

    async def _create(self, values: Any) -> None:
        book, author = self._book(), self._author()
        try:
            made = await desk().database.run(lambda s: book.create(s, author, values))
        except Refused as refused:
            self._fault(refused.faults)
            return
        it, en = book.noun.done("creat", "made")
        self._toast("available", it=it, en=en)
        await self._changed()
        await self._open(made)

    async def _save(self, base: Any, values: Any) -> None:
        book, author, of = self._book(), self._author(), self.opened
        try:
            now = await desk().database.run(
                lambda s: book.save(s, author, of, base=base, values=values)
            )
        except Conflict as conflict:
            self._theirs, self._mine = conflict.theirs, values
            self.clash = self._clashed(conflict)
            return
        except Refused as refused:
            self._fault(refused.faults)
            return
        except Gone:
            await self._lost()
            return
        self._show(now)
        it, en = book.noun.done("salvat", "saved")
        self._toast("available", it=it, en=en)
        await self._changed()

    @admin
    async def keep_theirs(self) -> None:
        """Tieni le sue."""
        if self.clash:
            self._show(self._theirs)

    @admin
    async def keep_mine(self) -> None:
        """Tieni le mie: what I changed goes over what they saved."""
        if self.clash:
            self.clash = ""
            mine = self._book().merged(self._base, self._mine, self._theirs)
            await self._save(self._theirs, mine)

    # -- what several deeds share ---------------------------------------------------------------

    def _author(self) -> Author:
        assert self._person is not None
        return Author(self._person.extension, self._person.name, desk().now())

    async def _changed(self) -> None:
        """Settings are kept: the PBX, the other pages and this one look at them."""
        here = desk()
        try:
            await here.phone.settings_changed()
        except LinkDown:
            pass  # read at the next call all the same
        here.live.owe((), "office")
        await self._read()

    def _fault(self, faults: Mapping[str, Fault]) -> None:
        self.faults = self._blank() | {name: self._said(fault) for name, fault in faults.items()}
        self.failed += 1

    def _said(self, fault: Fault) -> str:
        return say(self._language, it=fault.it, en=fault.en)

    async def _lost(self) -> None:
        self._close()
        self._toast(
            "info",
            it="Un altro amministratore l'ha eliminato nel frattempo",
            en="Another administrator has deleted it meanwhile",
        )
        await self._read()

    def _clashed(self, conflict: Conflict) -> str:
        here, names = desk(), self._book().names
        return told(conflict, names, self._language, now=here.now(), zone=here.zone)


def matches(row: Any, words: list[str]) -> bool:
    """Whether every word typed is part of what the row says; numbers also without their spaces."""
    if not words:
        return True
    told = (getattr(row, each.name) for each in fields(row))
    said = [each for each in told if isinstance(each, str)]
    hay = " ".join(said).casefold()
    packed = " ".join(SEPARATORS.sub("", each) for each in said).casefold()
    return all(word in hay or word in packed for word in words)


def _key(value: Any) -> tuple[bool, int, Any]:
    """Empty ones last, numbers as people count, words as people sort."""
    if isinstance(value, str):
        return not value, len(value) if value.isdigit() else 0, value.casefold()
    return False, 0, value
