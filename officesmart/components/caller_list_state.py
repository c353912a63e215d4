"""The dialog of a caller list: opened, chosen from elsewhere, confirmed (guide 3.4.2).

What is edited meanwhile is a draft (caller_draft.py), which counts when it is confirmed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlmodel import Session

from officesmart.administration.dialled import shown
from officesmart.call_manager import lists
from officesmart.call_manager.lists import Entry, LeftOut
from officesmart.components.caller_draft import CallerDraft
from officesmart.components.caller_list_rows import (
    Candidates,
    Choice,
    colleagues_like,
    contacts_like,
    many_en,
    many_it,
)
from officesmart.desk import desk
from officesmart.i18n import say
from officesmart.page import Portal, mine
from pbx.numbers import is_extension
from pbx.routing.callers import LISTS
from pbx.store import options

LONGEST_SEARCH = 80


class CallerLists(CallerDraft, Portal):
    """The list that is open, and what is done with it."""

    showing: bool = False
    to: str = ""
    "Where the listed callers' calls go, for the list of the forward."
    asking: str = ""
    "'clear' (Elimina elenco), 'leave' (with edits), 'clash' (changed elsewhere) or nothing."
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
    _theirs: tuple[Entry, ...] = ()

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

    # -- emptying ---------------------------------------------------------------------------------

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
