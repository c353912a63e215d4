"""The draft of a caller list: entries added and taken away, and what would be in their way.

A mixin over Portal; the dialog around it is caller_list_state.py. Nothing here is saved.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlmodel import Session

from officesmart.administration.rules import Fault
from officesmart.call_manager import fixes, lists, typed_callers
from officesmart.call_manager.lists import Detail, Entry, LeftOut
from officesmart.components.caller_list_rows import EntryRow, Told, row_of
from officesmart.desk import desk
from officesmart.i18n import say
from officesmart.page import Portal, mine
from pbx.routing.conflicts import Conflict, conflicts

TOLD = 8  # pieces of a pasted text that are told one by one


class CallerDraft(Portal, mixin=True):
    """The entries as they would be."""

    service: str = ""
    rows: list[EntryRow] = []
    dirty: bool = False
    fault: str = ""
    offer: str = ""
    typed: str = ""
    "What stands in the field, when it was wrong."
    stamp: int = 0
    "Moves when the field is to show `typed` anew."
    news: str = ""
    "What happened last, for everybody to read and hear."
    undoable: bool = False
    told: list[Told] = []
    told_more: int = 0
    warned: int = 0
    "The entry whose conflict is explained."
    _draft: tuple[Entry, ...] = ()
    _opened: tuple[Entry, ...] = ()
    "The list as it was when the dialog opened."
    _elsewhere: tuple[int, ...] = ()
    "Entries of the other lists that a remedy takes away."
    _before: tuple[Entry, ...] = ()
    "The draft before the last deletion."
    _fresh: int = 0
    "The id that the last new entry has until it is saved; they count down from 0."

    # -- adding -----------------------------------------------------------------------------------

    @mine
    async def add(self, form: dict[str, Any]) -> None:
        """Aggiungi: one entry, or the lines of a pasted text."""
        text = form.get("number")
        await self._add(text if isinstance(text, str) else "")

    @mine
    async def take_offer(self) -> None:
        """Usa 347...: the correction, with one click."""
        if self.offer:
            await self._add(self.offer)

    async def _add(self, text: str) -> None:
        here = desk()
        office = await here.database.read(here.offices.read)
        self.fault, self.offer, self.typed, self.told, self.told_more = "", "", "", [], 0
        self.news, self.undoable = "", False
        if not any(mark in text.strip() for mark in "\n\r,;\t") and len(text) <= 400:
            found = typed_callers.read(text, office)
            fault, self.offer = found.fault, found.offer
            if found.entry is not None and any(e.meant == found.entry.meant for e in self._draft):
                fault = lists.TWICE
            elif found.entry is not None and len(self._draft) >= lists.MOST:
                fault = lists.FULL
            if found.entry is None or fault is not None:
                self.fault, self.typed = self._said(fault or typed_callers.EMPTY), text[:60]
                self.stamp += 1
                return
            added: tuple[Entry, ...] = (found.entry,)
        else:
            taken = typed_callers.read_many(text, self._draft, office)
            if taken.fault is not None:
                self.fault = self._said(taken.fault)
                self.stamp += 1
                return
            added = taken.entries
            self._tell(taken.left_out)
            many = len(added)
            self.news = say(
                self._language,
                it=f"Aggiunti {many}, lasciati fuori {len(taken.left_out)}",
                en=f"{many} added, {len(taken.left_out)} left out",
            )
        self.stamp += 1
        await self._put((*self._draft, *(self._numbered(entry) for entry in added)))

    # -- taking away ------------------------------------------------------------------------------

    @mine
    async def remove(self, entry: int) -> None:
        """The bin of one row."""
        gone = next((row.title for row in self.rows if row.id == entry), "")
        if gone:
            await self._without({entry}, say(self._language, it=f"Tolto {gone}", en=f"{gone} out"))

    @mine
    async def put_back(self) -> None:
        """Ripristina: the draft as it was before the last deletion."""
        if self.undoable:
            self.news, self.undoable = "", False
            await self._put(self._before)

    async def _without(self, ids: set[int], said: str) -> None:
        before = self._draft
        await self._put(tuple(each for each in before if each.id not in ids))
        self._before, self.undoable, self.news = before, True, said

    # -- conflicts --------------------------------------------------------------------------------

    @mine(reads=True)
    async def explain(self, entry: int) -> None:
        """The warning of a row: what it is about, or enough of it."""
        self.warned = 0 if self.warned == entry else entry

    @mine
    async def mend(self, remedy: str) -> None:
        """A remedy was chosen; like every edit it counts with Conferma."""
        found, _ = await self._conflicts(self._draft)
        for each in found:
            for fix in each.fixes:
                if fix.remove_entry and fixes.name_of(each, fix) == remedy:
                    self.warned = 0
                    if any(entry.id == fix.remove_entry for entry in self._draft):
                        await self._without({fix.remove_entry}, self._done(fix.it, fix.en))
                    else:
                        self._elsewhere = (*self._elsewhere, fix.remove_entry)
                        self.news, self.undoable = self._done(fix.it, fix.en), False
                        await self._show()
                    return

    def _done(self, it: str, en: str) -> str:
        return say(
            self._language, it=f"{it}: vale quando premi Conferma", en=f"{en}: counts with Confirm"
        )

    async def _conflicts(
        self, draft: tuple[Entry, ...]
    ) -> tuple[tuple[Conflict, ...], dict[int, Detail]]:
        """The conflicts that the draft's entries would have, and what those mean."""
        assert self._person is not None
        who, here, service, elsewhere = self._person, desk(), self.service, self._elsewhere

        def read(session: Session) -> tuple[tuple[Conflict, ...], dict[int, Detail]]:
            office = here.offices.read(session)
            known = lists.details(session, who.line_id, draft)
            callers = [lists.as_caller(each, known.get(each.id), office) for each in draft]
            as_if = lists.drafted(office, who.extension, service, callers, elsewhere)
            found = conflicts(who.extension, as_if)
            return tuple(each for each in found if each.on == service and each.entry), known

        return await here.database.read(read)

    # -- how --------------------------------------------------------------------------------------

    def _numbered(self, entry: Entry) -> Entry:
        self._fresh -= 1
        return replace(entry, id=self._fresh)

    async def _put(self, draft: tuple[Entry, ...]) -> None:
        self._draft, self.undoable = draft, False
        await self._show()

    async def _show(self) -> None:
        """The draft in words, with what is in its way."""
        found, known = await self._conflicts(self._draft)
        by_entry: dict[int, list[Conflict]] = {}
        for each in found:
            by_entry.setdefault(each.entry, []).append(each)
        here = desk()
        office = await here.database.read(here.offices.read)
        self.rows = [
            row_of(each, known.get(each.id), by_entry.get(each.id, []), office, self._language)
            for each in self._draft
        ]
        self.dirty = self._draft != self._opened or bool(self._elsewhere)

    def _tell(self, left_out: tuple[LeftOut, ...]) -> None:
        self.told = [Told(each.text, self._said(each.fault)) for each in left_out[:TOLD]]
        self.told_more = max(0, len(left_out) - TOLD)

    def _said(self, fault: Fault) -> str:
        return say(self._language, it=fault.it, en=fault.en)
