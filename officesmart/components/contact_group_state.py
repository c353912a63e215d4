"""What the form of a group of contacts knows and does (guide 6.1.6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from officesmart.contacts import book, groups
from officesmart.contacts.book import Wrong
from officesmart.desk import desk
from officesmart.i18n import say
from officesmart.page import Portal, mine

NEW = -1
SHOWN = 100
LONGEST_SEARCH = 200


@dataclass(frozen=True)
class Candidate:
    """A contact that may be in the group."""

    id: int
    title: str
    company: str
    chosen: bool


class ContactGroupForm(Portal):
    """The group that is made or changed."""

    group: int = 0
    "NEW, or its id; 0: no form."
    name: str = ""
    icon: str = "users"
    text: str = ""
    candidates: list[Candidate] = []
    found: int = 0
    chosen: int = 0
    "How many contacts are in the group."
    only_chosen: bool = False
    "The list is held to them."
    _chosen: frozenset[int] = frozenset()
    _opened: groups.Group | None = None
    "As it was when the form was opened."
    changed: bool = False
    "There is something to save."
    fault: str = ""
    dooming: bool = False
    doomed: int = 0
    "The group beside whose name the bin was pressed; 0: nothing is asked."
    doomed_name: str = ""

    @mine
    async def create(self) -> None:
        """Nuovo gruppo."""
        self._open(groups.Group(NEW, "", "users", ()))
        await self._read()

    @mine
    async def edit(self, group: int) -> None:
        """The pencil of a group."""
        assert self._person is not None
        line_id = self._person.line_id
        known = await desk().database.read(lambda s: groups.groups(s, line_id))
        found = next((each for each in known if each.id == group), None)
        if found is not None:
            self._open(found)
            await self._read()

    @mine(reads=True)
    async def put_away(self) -> None:
        """Annulla."""
        self.group, self.dooming = 0, False

    @mine
    async def call_it(self, name: str) -> None:
        """A name is typed."""
        self.name, self.fault = name[: groups.LONGEST + 1], ""
        self._compare()

    @mine
    async def draw_it(self, icon: str) -> None:
        """An icon is chosen."""
        if icon in groups.ICONS:
            self.icon = icon
            self._compare()

    @mine
    async def search(self, text: str) -> None:
        """A key was pressed in the search field."""
        self.text = text[:LONGEST_SEARCH]
        await self._read()

    @mine
    async def choose(self, contact: int) -> None:
        """A contact's box was ticked, or unticked."""
        if contact in self._chosen or len(self._chosen) < groups.MOST_MEMBERS:
            self._chosen = self._chosen ^ {contact}
            self._compare()
        await self._read()

    @mine
    async def show_chosen(self) -> None:
        """Mostra solo chi è nel gruppo, and back."""
        self.only_chosen = not self.only_chosen
        await self._read()

    @mine
    async def save(self, form: dict[str, Any]) -> None:
        """Salva."""
        assert self._person is not None
        who, group = self._person, self.group
        if not group:
            return
        if group != NEW and not self.changed:
            self._toast("warning", it="Non hai cambiato nulla", en="You have changed nothing")
            return
        name, glyph, members = self.name, self.icon, tuple(self._chosen)
        opened = self._opened

        def deed(session: Session) -> groups.Group | None:
            """What somebody else made of it meanwhile; None once it is kept."""
            known = groups.groups(session, who.line_id)
            now = next((each for each in known if each.id == group), None)
            if opened is not None and now is not None and now != opened:
                return now
            group_id = 0 if group == NEW else group
            groups.keep(session, who.line_id, name, glyph, members, group_id=group_id)
            return None

        try:
            theirs = await desk().database.run(deed)
        except Wrong as wrong:
            fault = next(iter(wrong.faults.values()))
            self.fault = say(self._language, it=fault.it, en=fault.en)
            return
        except LookupError:
            self.group, self._opened = NEW, None
            self._compare()
            self._toast(
                "warning",
                it="Il gruppo era stato eliminato: Salva lo crea di nuovo",
                en="The group had been deleted: Save creates it again",
            )
            return
        if theirs is not None:
            self._opened = theirs
            many = len(theirs.members)
            it, en = ("contatto", "contact") if many == 1 else ("contatti", "contacts")
            self.fault = say(
                self._language,
                it=f"Il gruppo è cambiato mentre lo modificavi: ora è «{theirs.name}», con {many} "
                f"{it}. Salva di nuovo per tenere il tuo",
                en=f"The group changed while you edited it: now it is “{theirs.name}”, with {many} "
                f"{en}. Save again to keep yours",
            )
            return
        self.group = 0
        self._toast("available", it="Gruppo salvato", en="Group saved")
        desk().live.owe([who.extension], "contacts")

    @mine
    async def doom(self) -> None:
        """Elimina gruppo: ask first."""
        self.dooming = True

    @mine
    async def delete(self) -> None:
        """Elimina: the group, not its contacts."""
        group, self.group, self.dooming = self.group, 0, False
        await self._remove(group)

    @mine
    async def doom_group(self, group: int) -> None:
        """The bin beside a group: ask first."""
        assert self._person is not None
        line_id = self._person.line_id
        known = await desk().database.read(lambda s: groups.groups(s, line_id))
        found = next((each for each in known if each.id == group), None)
        if found is not None:
            self.doomed, self.doomed_name = found.id, found.name

    @mine(reads=True)
    async def spare_group(self) -> None:
        """Annulla."""
        self.doomed = 0

    @mine
    async def delete_group(self) -> None:
        """Elimina gruppo, confirmed."""
        group, self.doomed = self.doomed, 0
        await self._remove(group)

    async def _remove(self, group: int) -> None:
        assert self._person is not None
        who = self._person
        if await desk().database.run(lambda s: groups.remove(s, who.line_id, group)):
            self._toast("available", it="Gruppo eliminato", en="Group deleted")
        desk().live.owe([who.extension], "contacts")

    def _open(self, group: groups.Group) -> None:
        self.group, self.name, self.icon = group.id, group.name, group.icon
        self._chosen, self.only_chosen = frozenset(group.members), False
        self._opened = group if group.id != NEW else None
        self.text, self.fault, self.dooming = "", "", False
        self._compare()

    def _compare(self) -> None:
        """Whether Salva has something to do: a new group wants a name, another a change."""
        was = self._opened
        if was is None:
            self.changed = bool(self.name.strip())
            return
        now = (self.name.strip(), self.icon, self._chosen)
        self.changed = now != (was.name, was.icon, frozenset(was.members))

    async def _read(self) -> None:
        assert self._person is not None
        line_id, text, chosen = self._person.line_id, self.text, self._chosen
        only = chosen if self.only_chosen else None

        def read(session: Session) -> book.Found:
            return book.find(session, line_id, text, limit=SHOWN, only=only)

        found = await desk().database.read(read)
        self.found, self.chosen = found.total, len(chosen)
        self.candidates = [
            Candidate(each.id, each.title, each.company, each.id in chosen) for each in found.rows
        ]
