"""The State of a page of the administration: a table of things, and one of them open beside it.

A mixin over Portal. A page says which Book it keeps and how a row looks; opening, saving and the
question before deleting are here, looking and choosing in ledger_table.py, the remark about a
second administrator in clashing.py. The pieces that show the panel are in ledger_panel.py.

    class Sites(Ledger, Portal):
        rows: list[SiteRow] = []
        card: SiteCard = SiteCard()

        def _book(self): return sites.BOOK
        def _read_rows(self, session): ...
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from officesmart.administration.audit import Author
from officesmart.administration.clash import Clash
from officesmart.administration.clashing import AdminsClashing
from officesmart.administration.keeping import Book, Gone, Refused
from officesmart.administration.ledger_table import LedgerTable
from officesmart.administration.rules import Fault
from officesmart.desk import desk
from officesmart.i18n import say
from officesmart.page import admin
from officesmart.phone import LinkDown

NEW = -1  # as the thing in the panel: one that is not made yet
NAMED = 8  # names in the question before deleting


class Ledger(AdminsClashing, LedgerTable, mixin=True):
    """The table, and the panel beside it."""

    card: Any = None
    "The open one, as its fields show it; a dataclass."
    opened: int = 0
    "The thing in the panel; 0 for none, NEW for one to be made."
    title: str = ""
    stamp: int = 0
    "Moves when the form is to show the card anew."
    faults: dict[str, str] = {}
    failed: int = 0
    _base: Any = None

    asking: str = ""
    "'', 'delete', or a question of the page's own."
    ask_names: list[str] = []
    ask_more: int = 0
    _ask_ids: tuple[int, ...] = ()

    # -- what a page says -----------------------------------------------------------------------

    def _book(self) -> Book[Any, Any]:
        """What is kept here."""
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

    def _blank(self) -> dict[str, str]:
        """No fault anywhere."""
        return {name: "" for name in (*self._book().names, "")}

    # -- deleting -------------------------------------------------------------------------------

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
        except Clash as other:
            self._clashed(other, base=base, mine=values)
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

    def _called(self) -> Mapping[str, tuple[str, str]]:
        return self._book().names
