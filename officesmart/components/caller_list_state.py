"""A caller list while somebody edits it: a draft that counts when it is confirmed (guide 3.4.2)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlmodel import Session

from officesmart.administration.dialled import shown
from officesmart.administration.rules import Fault
from officesmart.call_manager import fixes, lists, typed_callers
from officesmart.call_manager.lists import Detail, Entry, LeftOut
from officesmart.components.caller_list_rows import (
    Candidates,
    Choice,
    EntryRow,
    Told,
    colleagues_like,
    contacts_like,
    many_en,
    many_it,
    row_of,
)
from officesmart.desk import desk
from officesmart.i18n import say
from officesmart.page import Portal, mine
from pbx.numbers import is_extension
from pbx.routing.callers import LISTS
from pbx.routing.conflicts import Conflict, conflicts
from pbx.store import options

TOLD = 8  # pieces of a pasted text that are told one by one
LONGEST_SEARCH = 80


class CallerLists(Portal):
    """The list that is open, and what is done with it."""

    showing: bool = False
    service: str = ""
    to: str = ""
    "Where the listed callers' calls go, for the list of the forward."
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
    asking: str = ""
    "'clear' (Elimina elenco), 'leave' (with edits), 'clash' (changed elsewhere) or nothing."
    warned: int = 0
    "The entry whose conflict is explained."
    choosing: str = ""
    "'contacts' or 'colleagues' while somebody is chosen from there."
    wanted: str = ""
    choices: list[Choice] = []
    more: int = 0
    "Those found beyond the ones shown."
    nobody: bool = False
    "The address book is empty, or there is no colleague."
    saved: str = ""
    "The service whose list was saved a moment ago."
    _draft: tuple[Entry, ...] = ()
    _opened: tuple[Entry, ...] = ()
    _elsewhere: tuple[int, ...] = ()
    _theirs: tuple[Entry, ...] = ()
    _before: tuple[Entry, ...] = ()
    "The draft before the last deletion."
    _fresh: int = 0

    @mine(reads=True)
    async def open(self, service: str) -> None:
        """The dialog opens with the list as it is."""
        if service not in LISTS:
            return
        self._forget()
        self.service, self.showing = service, True
        who, here = self._person, desk()
        assert who is not None

        def read(session: Session) -> tuple[tuple[Entry, ...], str]:
            office = here.offices.read(session)
            number = office.lines[who.extension].options.get(service, {}).get("number", "")
            found = lists.entries(session, who.line_id, service)
            led = number if is_extension(number) else shown(number, office.outside_prefix)
            return found, led if service == "selective_forward" else ""

        self._opened, self.to = await here.database.read(read)
        self._draft = self._opened
        await self._show()

    @mine(reads=True)
    async def close(self) -> None:
        """Annulla, Esci senza salvare: the draft is forgotten."""
        self._forget()

    @mine(reads=True)
    async def leave(self) -> None:
        """Escape, the cross, a click beside: asks first when something was edited."""
        if self.choosing:
            self.choosing = ""
        elif self.dirty and self.asking != "leave":
            self.asking = "leave"
        else:
            self._forget()

    @mine(reads=True)
    async def stay(self) -> None:
        """Resta, Annulla in a question."""
        self.asking = ""

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

    @mine
    async def pick(self, kind: str, value: str, ticked: bool) -> None:
        """A contact, a group or a colleague is ticked, or no longer."""
        entry = await self._meant(kind, value)
        if entry is None:
            return
        there = next((each for each in self._draft if each.meant == entry.meant), None)
        self.fault = ""
        if ticked and there is None:
            if len(self._draft) >= lists.MOST:
                self.fault = self._said(lists.FULL)
            else:
                await self._put((*self._draft, self._numbered(entry)))
        elif not ticked and there is not None:
            await self._put(tuple(each for each in self._draft if each is not there))
        await self._search()

    async def _meant(self, kind: str, value: str) -> Entry | None:
        """Who is meant by what the browser sends; None when that is nobody of this line's."""
        assert self._person is not None
        who, here = self._person, desk()
        number = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0

        def read(session: Session) -> Entry | None:
            if kind == "extension":
                person = here.offices.read(session).lines.get(value)
                return None if person is None else Entry(0, kind, value, person.name)
            if kind not in ("contact", "group") or not number:
                return None
            entry = (
                Entry(0, kind, contact_id=number)
                if kind == "contact"
                else Entry(0, kind, group_id=number)
            )
            known = lists.details(session, who.line_id, (entry,)).get(0)
            return None if known is None else replace(entry, name=known.name[:120])

        return await here.database.read(read)

    # -- taking away ------------------------------------------------------------------------------

    @mine
    async def remove(self, entry: int) -> None:
        """The bin of one row."""
        gone = next((row.title for row in self.rows if row.id == entry), "")
        if gone:
            await self._without({entry}, say(self._language, it=f"Tolto {gone}", en=f"{gone} out"))

    @mine(reads=True)
    async def ask_clear(self) -> None:
        """Elimina elenco: first asked."""
        if self._draft:
            self.asking = "clear"

    @mine
    async def clear(self) -> None:
        """Elimina elenco, for sure; it counts with Conferma."""
        self.asking = ""
        said = say(
            self._language,
            it="Elenco svuotato: vale quando premi Conferma",
            en="List emptied: it counts when you press Confirm",
        )
        await self._without({each.id for each in self._draft}, said)

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

    # -- choosing from elsewhere ------------------------------------------------------------------

    @mine(reads=True)
    async def choose_from(self, where: str) -> None:
        """Scegli dai Contatti, Scegli dagli Interni."""
        if where in ("contacts", "colleagues"):
            self.choosing, self.wanted, self.fault, self.offer = where, "", "", ""
            await self._search()

    @mine(reads=True)
    async def search(self, text: str) -> None:
        """What is looked for, while it is typed."""
        self.wanted = text[:LONGEST_SEARCH]
        await self._search()

    @mine(reads=True)
    async def done(self) -> None:
        """Fatto: back to the list."""
        self.choosing, self.fault = "", ""

    async def _search(self) -> None:
        assert self._person is not None
        who, here, text, where = self._person, desk(), self.wanted, self.choosing

        def read(session: Session) -> Candidates:
            if where == "colleagues":
                return colleagues_like(here.offices.read(session), who.extension, text)
            if where != "contacts":
                return Candidates()
            return contacts_like(session, who.line_id, text, self._language)

        found = await here.database.read(read)
        self.more, self.nobody = found.more, found.nobody
        in_list = {each.meant for each in self._draft}
        self.choices = [replace(each, ticked=each.meant in in_list) for each in found.shown]

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

    # -- saving -----------------------------------------------------------------------------------

    @mine
    async def confirm(self) -> None:
        """Conferma: the draft is the list."""
        if self.service not in LISTS or not self.showing:
            return
        who, here, service = self._person, desk(), self.service
        assert who is not None
        draft, elsewhere = self._draft, self._elsewhere
        opened = lists.version(self._opened)

        def write(session: Session) -> tuple[tuple[LeftOut, ...], int]:
            left_out = lists.save(
                session, who.line_id, service, draft, opened=opened, elsewhere=elsewhere
            )
            kept = len(lists.entries(session, who.line_id, service))
            if not kept:  # a service without its list would only seem to be on
                options.change(session, service, who.line_id, enabled=False)
            return left_out, kept

        try:
            left_out, kept = await here.database.run(write)
        except lists.Moved as moved:
            self._theirs, self.asking = moved.theirs, "clash"
            return
        here.live.owe([who.extension], "settings")
        name = LISTS[service]
        if left_out:
            self._toast(
                "info",
                it=f"Elenco salvato senza {many_it(len(left_out))}: in rubrica non c'è più",
                en=f"List saved without {many_en(len(left_out))}: no longer in the address book",
            )
        elif kept:
            self._toast(
                "available",
                it=f"{name.it}: elenco salvato, {many_it(kept)}",
                en=f"{name.en}: list saved, {many_en(kept)}",
            )
        else:
            self._toast(
                "info",
                it=f"{name.it}: elenco vuoto, il servizio è spento",
                en=f"{name.en}: the list is empty, the service is off",
            )
        self._forget()
        self.saved = service

    @mine
    async def keep_theirs(self) -> None:
        """Tieni l'elenco com'è ora."""
        self._opened, self._elsewhere, self.asking = self._theirs, (), ""
        await self._put(self._theirs)

    @mine
    async def keep_mine(self) -> None:
        """Tieni le mie modifiche: over the list as it is now."""
        draft = lists.merged(self._opened, self._draft, self._theirs)
        self._opened, self.asking = self._theirs, ""
        await self._put(tuple(draft))

    @mine(acts=False, reads=True)
    async def known_saved(self) -> None:
        """The page knows that the list was saved."""
        self.saved = ""

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

    def _forget(self) -> None:
        self.showing, self.service, self.to, self.rows, self.dirty = False, "", "", [], False
        self.fault, self.offer, self.typed, self.news, self.undoable = "", "", "", "", False
        self.told, self.told_more, self.asking, self.warned = [], 0, "", 0
        self.choosing, self.wanted, self.choices, self.more, self.nobody = "", "", [], 0, False
        self.saved = ""
        self._draft, self._opened, self._theirs, self._before, self._elsewhere = (), (), (), (), ()
        self._fresh = 0
        self.stamp += 1


def chosen_event(handler: Any) -> list[Any]:
    """What tells a page that a list was saved, and that it was told."""
    return [handler(CallerLists.saved), CallerLists.known_saved]
