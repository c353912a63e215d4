"""Codici dei servizi: which star code does what, changed, switched and printed.

The State is here; the pieces are in admin_star_code_pieces.py, the rules in administration/.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from sqlmodel import Session

from officesmart.administration import star_codes as store
from officesmart.administration.audit import Author
from officesmart.administration.lines import Gone, Refused
from officesmart.administration.rules import Fault
from officesmart.administration.star_codes import Code
from officesmart.administration.trunk_rules import text
from officesmart.desk import desk
from officesmart.i18n import say
from officesmart.page import Page, Portal, admin, handler_of
from officesmart.pages import admin_star_code_pieces as pieces
from officesmart.phone import LinkDown
from pbx.routing.star_codes import PROFILES

T = TypeVar("T")
NEW = "new"  # as the code in the panel: one that is not made yet
NO_FAULTS = {"code": "", "app": "", "": ""}


@dataclass(frozen=True)
class CodeRow:
    """A code in the table."""

    code: str
    name: str
    dialled: str
    explained: str
    enabled: bool


@dataclass(frozen=True)
class MoveRow:
    """What a profile would change, for the browser."""

    code: str
    kind: str
    name: str
    why: str


class StarCodes(Portal):
    """The table, and the code that is open beside it."""

    rows: list[CodeRow] = []
    total: int = 0
    wanted: str = ""
    cleared: int = 0
    opened: str = ""
    "The code in the panel; '' for none, NEW for one to be made."
    card_code: str = ""
    card_app: str = ""
    card_name: str = ""
    card_explained: str = ""
    services: list[list[str]] = []
    "What a new code may do: machine word and name."
    stamp: int = 0
    faults: dict[str, str] = NO_FAULTS
    failed: int = 0
    profile: str = ""
    "The profile whose preview is open."
    moves: list[MoveRow] = []
    deleting: str = ""
    _every: list[Code] = []

    # -- looking --------------------------------------------------------------------------------

    @admin(acts=False)
    async def enter(self) -> None:
        """The page opens, or its connection is back."""
        assert self._person is not None
        await self._enter(self._person, handler_of(StarCodes.news), sees_all=True)
        await self._read()

    @admin(acts=False)
    async def news(self, topics: list[str]) -> None:
        """Pushed: something in the office moved."""
        assert self._person is not None
        await self._look(self._person, tuple(topics))
        if {"office", "language"} & set(topics):
            await self._read()

    @admin
    async def search(self, words: str) -> None:
        """While typing: a code, or what it does."""
        self.wanted = words[:100]
        self._show()

    @admin
    async def everything(self) -> None:
        """Togli il filtro."""
        self.wanted = ""
        self.cleared += 1
        self._show()

    async def _read(self) -> None:
        self._every = await desk().database.read(store.listed)
        language = self._language
        self.services = [
            [name, say(language, it=both.it, en=both.en)] for name, both in store.choices()
        ]
        self._show()

    def _show(self) -> None:
        words = self.wanted.casefold().split()
        rows = [self._row(each) for each in self._every]
        self.total = len(rows)
        self.rows = [
            row
            for row in rows
            if all(word in f"{row.code} {row.name} {row.explained}".casefold() for word in words)
        ]

    def _row(self, each: Code) -> CodeRow:
        language, told = self._language, store.explained(each.app)
        return CodeRow(
            code=each.code,
            name=say(language, it=each.name.it, en=each.name.en),
            dialled=store.dialled(
                each.code,
                each.takes,
                is_app=each.is_app,
                with_extension=each.with_extension,
                language=language,
            ),
            explained=say(language, it=told.it, en=told.en),
            enabled=each.enabled,
        )

    # -- changing -------------------------------------------------------------------------------

    @admin
    async def switch(self, code: str, on: bool) -> None:
        """Accendi, Spegni."""
        author = self._author()
        await self._do(lambda s: store.switch(s, author, code, on))

    @admin
    async def open(self, code: str) -> None:
        """A code in the panel."""
        row = next((each for each in self._every if each.code == code), None)
        if row is None:
            self._gone()
            return
        shown = self._row(row)
        self.opened, self.card_code, self.card_app = code, code, row.app
        self.card_name, self.card_explained = shown.name, shown.explained
        self._fresh()

    @admin
    async def open_new(self) -> None:
        """Nuovo codice."""
        self.opened, self.card_code, self.card_app = NEW, "", ""
        self.card_name = self.card_explained = ""
        self._fresh()

    @admin
    async def close(self) -> None:
        """Chiudi il pannello."""
        self.opened = ""

    @admin
    async def undo(self) -> None:
        """Annulla."""
        self.faults = dict(NO_FAULTS)
        if self.opened == NEW:
            self.opened = ""

    @admin
    async def save(self, form: dict[str, Any]) -> None:
        """Conferma."""
        author, old = self._author(), self.opened
        code, app = text(form.get("code")).replace(" ", "")[:80], text(form.get("app"))
        if not old:
            return
        if old == NEW:
            done = await self._do(lambda s: store.add(s, author, code, app))
        else:
            done = await self._do(lambda s: store.change(s, author, old, to=code))
        if done is not None:
            self.opened = ""
            self._toast("available", it="Codice salvato", en="Code saved")

    @admin
    async def ask_delete(self) -> None:
        """Elimina: asked first."""
        if self.opened not in ("", NEW):
            self.deleting = self.opened

    @admin
    async def delete(self) -> None:
        """Elimina, confirmed."""
        code, author = self.deleting, self._author()
        self.deleting = ""
        if code and await self._do(lambda s: store.remove(s, author, code)):
            self.opened = ""
            self._toast("available", it=f"{code} eliminato", en=f"{code} deleted")

    @admin
    async def cancel(self) -> None:
        """Annulla, in a window that asks."""
        self.deleting = self.profile = ""
        self.moves = []

    # -- profiles -------------------------------------------------------------------------------

    @admin
    async def ask_profile(self, profile: str) -> None:
        """Rimetti il profilo: first say what would change."""
        if profile not in PROFILES:
            return
        moves = await desk().database.read(lambda s: store.preview(s, profile))
        language = self._language
        self.moves = [
            MoveRow(
                each.code,
                each.kind,
                say(language, it=each.name.it, en=each.name.en),
                say(language, it=each.why.it, en=each.why.en) if each.why is not None else "",
            )
            for each in moves
        ]
        self.profile = profile

    @admin
    async def take_profile(self) -> None:
        """Rimetti, confirmed."""
        profile, author = self.profile, self._author()
        self.profile, self.moves = "", []
        if profile not in PROFILES:
            return
        self.opened = ""
        if await self._do(lambda s: store.reset(s, author, profile)) is not None:
            self._toast("available", it="Profilo in vigore", en="Profile in force")

    # -- pieces ---------------------------------------------------------------------------------

    def _fresh(self) -> None:
        self.faults = dict(NO_FAULTS)
        self.stamp += 1

    def _gone(self) -> None:
        self.opened = ""
        self._toast(
            "info",
            it="Un altro amministratore ha cambiato questo codice",
            en="Another administrator has changed this code",
        )

    def _author(self) -> Author:
        assert self._person is not None
        return Author(self._person.extension, self._person.name, desk().now())

    async def _do(self, deed: Callable[[Session], T]) -> T | None:
        here = desk()
        answer: T | None = None
        try:
            answer = await here.database.run(deed)
        except Refused as refused:
            self._fault(refused.faults)
            return None
        except Gone:
            self._gone()
        try:
            await here.phone.settings_changed()
        except LinkDown:
            pass  # read at the next call all the same
        here.live.owe((), "office")
        await self._read()
        return answer

    def _fault(self, faults: dict[str, Fault]) -> None:
        self.faults = NO_FAULTS | {
            name: say(self._language, it=fault.it, en=fault.en) for name, fault in faults.items()
        }
        self.failed += 1


PAGE = Page(
    route="/admin/codici-servizi",
    view=partial(pieces.view, StarCodes),
    on_load=StarCodes.enter,
    it="Codici dei servizi",
    en="Star codes",
    icon="asterisk",
    needs="admin",
)
