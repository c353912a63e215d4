"""Several contacts at once: chosen, put into a group, taken out as a file, deleted, put back."""

from __future__ import annotations

from typing import Any

import reflex as rx
from sqlmodel import Session

from officesmart.contacts import book, groups, routes, undoing
from officesmart.contacts.book import Wrong
from officesmart.contacts.undoing import Remembered
from officesmart.desk import desk
from officesmart.i18n import say
from officesmart.page import Portal, mine


class ContactsChosen(Portal):
    """The contacts that are ticked, and those that are about to go or have just gone."""

    choosing: bool = False
    "The list shows boxes."
    chosen: list[int] = []
    doomed: list[int] = []
    "The contacts that are about to be deleted."
    doomed_name: str = ""
    "Of the one, when it is one."
    gone: str = ""
    "What was just deleted or merged, while it can be put back."
    _gone: tuple[Remembered, ...] = ()

    @mine(reads=True)
    async def begin(self) -> None:
        """Seleziona: boxes appear."""
        self.choosing, self.chosen = True, []

    @mine(reads=True)
    async def end(self) -> None:
        """Fine: the boxes go."""
        self.choosing, self.chosen = False, []

    @mine(reads=True)
    async def choose(self, contact: int) -> None:
        """A box was ticked, or unticked."""
        if contact in self.chosen:
            self.chosen = [each for each in self.chosen if each != contact]
        elif len(self.chosen) < book.MOST:
            self.chosen = [*self.chosen, contact]

    @mine(reads=True)
    async def choose_all(self, text: str, group: int) -> None:
        """Seleziona tutti: all that the list finds."""
        assert self._person is not None
        line_id = self._person.line_id
        found = await desk().database.read(lambda s: book.ids(s, line_id, text[:200], group=group))
        self.chosen = [] if set(found) <= set(self.chosen) else list(found)

    @mine
    async def into_group(self, group: int) -> None:
        """Aggiungi al gruppo."""
        assert self._person is not None
        who, chosen = self._person, tuple(self.chosen)
        try:
            fresh = await desk().database.run(lambda s: groups.join(s, who.line_id, group, chosen))
        except LookupError:
            self._toast("warning", it="Il gruppo non c'è più", en="The group is not there any more")
            return
        if fresh:
            self._toast(
                "available",
                it="1 contatto aggiunto al gruppo"
                if fresh == 1
                else f"{fresh} contatti aggiunti al gruppo",
                en="1 contact added to the group"
                if fresh == 1
                else f"{fresh} contacts added to the group",
            )
        else:
            self._toast("info", it="Erano già nel gruppo", en="They were in the group already")
        self.choosing, self.chosen = False, []
        desk().live.owe([who.extension], "contacts")

    @mine(reads=True)
    async def take_out(self, kind: str) -> Any:
        """Esporta: the chosen as a file; kind: 'csv' or 'vcard'."""
        assert self._person is not None
        routes.choose(self._person, self.chosen)
        where = routes.CSV if kind == "csv" else routes.VCARD
        return rx.download(url=f"{where}?scelti=1", filename=where.rpartition("/")[2])

    # -- deleting -------------------------------------------------------------------------------

    @mine
    async def doom(self, contact: int) -> None:
        """The bin of one: ask first."""
        await self._doom_one(contact)

    @mine
    async def doom_chosen(self) -> None:
        """Elimina, of several: ask first."""
        if len(self.chosen) == 1:
            await self._doom_one(self.chosen[0])
        else:
            self.doomed, self.doomed_name = list(self.chosen), ""

    async def _doom_one(self, contact: int) -> None:
        assert self._person is not None
        line_id = self._person.line_id
        card = await desk().database.read(lambda s: book.read(s, line_id, contact))
        if card is not None:
            self.doomed, self.doomed_name = [contact], card.title

    @mine(reads=True)
    async def spare(self) -> None:
        """Annulla."""
        self.doomed = []

    @mine
    async def delete(self) -> None:
        """Elimina."""
        assert self._person is not None
        who, doomed = self._person, tuple(self.doomed)
        self.doomed = []
        if not doomed:
            return

        def deed(session: Session) -> tuple[Remembered, ...]:
            was = undoing.remember(session, who.line_id, doomed)
            book.remove(session, who.line_id, doomed)
            return was

        self._gone = await desk().database.run(deed)
        many = len(self._gone)
        self.choosing, self.chosen = False, []
        self.gone = ""
        if many:
            name = self._gone[0].card.title
            self.gone = say(
                self._language,
                it=f"{name} eliminato dai contatti" if many == 1 else f"{many} contatti eliminati",
                en=f"{name} deleted from the contacts" if many == 1 else f"{many} contacts deleted",
            )
        desk().live.owe([who.extension], "contacts")

    @mine
    async def put_back(self) -> None:
        """Ripristina: what was deleted is there again."""
        assert self._person is not None
        who, gone = self._person, self._gone
        self._gone, self.gone = (), ""
        if not gone:
            return
        try:
            await desk().database.run(lambda s: undoing.put_back(s, who.line_id, gone))
        except Wrong as wrong:
            fault = next(iter(wrong.faults.values()))
            self._gone = gone
            self._toast("danger", it=fault.it, en=fault.en)
            return
        self._toast("available", it="Tutto come prima", en="All as it was")
        desk().live.owe([who.extension], "contacts")

    @mine(reads=True)
    async def forget(self) -> None:
        """The cross of what was deleted: it stays so."""
        self._gone, self.gone = (), ""
