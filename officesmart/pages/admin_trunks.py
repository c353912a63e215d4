"""Linee esterne: the office's trunks, how each stands now, and their settings.

What is shown and done is here; the rules are in administration/, the pieces in
admin_trunk_pieces.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from sqlmodel import Session

from officesmart.administration import trunks as store
from officesmart.administration.audit import Author
from officesmart.administration.clash import Clash
from officesmart.administration.clashing import Clashing
from officesmart.administration.lines import Gone, Refused
from officesmart.administration.rules import Fault
from officesmart.administration.trunk_rules import (
    BY_ADDRESS,
    BY_SIGN_IN,
    FIELDS,
    TrunkValues,
    judge,
    password_fault,
)
from officesmart.desk import desk
from officesmart.i18n import say, when
from officesmart.page import Page, Portal, admin, handler_of
from officesmart.pages import admin_trunk_pieces as pieces
from officesmart.pages._trunk_rows import Card, CodecRow, TrunkRow, card_of, codecs_of
from officesmart.phone import LinkDown
from officesmart.trunk_states import Standing, standings

T = TypeVar("T")
NEW = -1  # as the trunk in the panel: one that is not made yet
NO_FAULTS = {name: "" for name in (*FIELDS, "password", "")}


class Trunks(Clashing, Portal):
    """The list, and the trunk that is open beside it."""

    rows: list[TrunkRow] = []
    opened: int = 0
    "The trunk in the panel; 0 for none, NEW for one to be made."
    card: Card = Card()
    title: str = ""
    by_address: bool = False
    codecs: list[CodecRow] = []
    codec_words: str = ""
    "The codecs that are on, in order, as the form sends them."
    enrolled: bool = False
    "It has something to sign in with."
    changing: bool = False
    "The password's field is open."
    stamp: int = 0
    faults: dict[str, str] = NO_FAULTS
    failed: int = 0
    asking: str = ""
    "'' or 'delete'."
    ask_name: str = ""
    ask_rules: int = 0
    ask_numbers: int = 0
    _base: TrunkValues = TrunkValues()
    _password: str = ""

    # -- looking --------------------------------------------------------------------------------

    @admin(acts=False)
    async def enter(self) -> None:
        """The page opens, or its connection is back."""
        assert self._person is not None
        await self._enter(self._person, handler_of(Trunks.news), sees_all=True)
        await self._read()

    @admin(acts=False)
    async def news(self, topics: list[str]) -> None:
        """Pushed: something in the office moved."""
        assert self._person is not None
        await self._look(self._person, tuple(topics))
        if {"office", "calls", "link", "language"} & set(topics):
            await self._read()

    async def _read(self) -> None:
        here = desk()
        found = await here.database.read(store.listed)
        now_of = standings(here.phone.board())
        self.rows = [
            self._row(each, now_of.get(each.id, Standing()), first=n == 0, last=n == len(found) - 1)
            for n, each in enumerate(found)
        ]

    def _row(self, trunk: store.Listed, now: Standing, *, first: bool, last: bool) -> TrunkRow:
        here, values, language = desk(), trunk.values, self._language
        place = values.host if values.port == 5060 else f"{values.host}:{values.port}"
        return TrunkRow(
            id=trunk.id,
            name=values.name,
            server=f"{values.username}@{place}" if values.registers else place,
            registers=values.registers,
            enabled=values.enabled,
            state=now.state if values.enabled else "off",
            why=say(language, it=now.why_it, en=now.why_en) if values.enabled else "",
            since=when(language, now.since, here.now(), here.zone)
            if now.since is not None and values.enabled
            else "",
            calls=now.calls,
            capacity=values.capacity,
            first=first,
            last=last,
        )

    # -- the list -------------------------------------------------------------------------------

    @admin
    async def move(self, trunk: int, by: int) -> None:
        """Earlier or later in the order of trying."""
        author = self._author()
        await self._do(lambda s: store.move(s, author, trunk, by))

    @admin
    async def switch(self, trunk: int, on: bool) -> None:
        """Accendi, Spegni."""
        author = self._author()
        await self._do(lambda s: store.switch(s, author, trunk, on))
        if self.opened == trunk:
            await self._open(trunk)

    @admin
    async def try_now(self, trunk: int) -> None:
        """Prova: the PBX signs in (or asks the provider) at once; the list shows what comes."""
        try:
            now = await desk().phone.try_trunk(trunk)
        except LinkDown:
            now = None
        if not now:
            self._toast(
                "danger",
                it="Il centralino non la può provare adesso",
                en="The PBX cannot try it now",
            )
        elif now.state == "up":
            self._toast("available", it=f"«{now.name}» funziona", en=f"“{now.name}” works")
        elif now.state == "trying":
            self._toast("info", it="Il fornitore tarda a rispondere", en="The provider is slow")
        else:
            self._toast(
                "danger",
                it=f"«{now.name}» non va. {now.why.it}",
                en=f"“{now.name}” does not work. {now.why.en}",
            )
        await self._read()

    @admin
    async def ask_delete(self) -> None:
        """Elimina: first say what names this trunk."""
        trunk = self.opened
        if trunk <= 0:
            return
        try:
            gone = await desk().database.read(lambda s: store.going(s, trunk))
        except Gone:
            await self._lost()
            return
        self.ask_name, self.ask_rules, self.ask_numbers = gone.name, gone.rules, gone.numbers
        self.asking = "delete"

    @admin
    async def delete(self) -> None:
        """Elimina, confirmed."""
        trunk, author = self.opened, self._author()
        self.asking = ""
        if trunk <= 0:
            return
        name = await self._do(lambda s: store.remove(s, author, trunk))
        if name:
            self._close()
            self._toast("available", it=f"«{name}» eliminata", en=f"“{name}” deleted")

    @admin
    async def cancel(self) -> None:
        """Annulla, in a window that asks."""
        self.asking = ""

    # -- the panel ------------------------------------------------------------------------------

    @admin
    async def open(self, trunk: int) -> None:
        """A trunk in the panel."""
        await self._open(trunk)

    @admin
    async def open_new(self, kind: str) -> None:
        """A new one: with user and password, or known by its addresses."""
        self._close()
        self.opened = NEW
        self.enrolled = False
        self._show(BY_ADDRESS if kind == "address" else BY_SIGN_IN)

    @admin
    async def close(self) -> None:
        """Chiudi il pannello."""
        self._close()

    @admin
    async def undo(self) -> None:
        """Annulla: what was edited goes."""
        if self.opened == NEW:
            self._close()
        elif self.opened:
            self._show(self._base)

    @admin
    async def choose_kind(self, kind: str) -> None:
        """How the provider knows us: other fields count."""
        self.by_address = kind == "address"

    @admin
    async def change_password(self) -> None:
        """Cambia."""
        self.changing = True

    @admin
    async def move_codec(self, name: str, by: int) -> None:
        """Sooner or later in the order of liking."""
        rows = list(self.codecs)
        place = next((n for n, row in enumerate(rows) if row.name == name), -1)
        to = place + (1 if by > 0 else -1)
        if place >= 0 and 0 <= to < len(rows):
            rows.insert(to, rows.pop(place))
            self._use(rows)

    @admin
    async def use_codec(self, name: str, on: bool) -> None:
        """Offered, or not."""
        self._use([replace(row, on=on) if row.name == name else row for row in self.codecs])

    def _use(self, rows: list[CodecRow]) -> None:
        self.codecs = rows
        self.codec_words = " ".join(row.name for row in rows if row.on)

    @admin
    async def save(self, form: dict[str, Any]) -> None:
        """Conferma."""
        if not self.opened:
            return
        typed = {**form, "registers": form.get("kind") != "address", "codecs": self.codec_words}
        values, faults = judge(typed)
        said = form.get("password")
        password = said.strip() if isinstance(said, str) and values.registers else ""
        wrong = password_fault(password)
        if wrong is not None:
            faults["password"] = wrong
        if faults:
            self._fault(faults)
        elif self.opened == NEW:
            await self._create(values, password)
        else:
            self._password = password
            await self._save(self._base, values)

    async def _create(self, values: TrunkValues, password: str) -> None:
        here, author = desk(), self._author()
        data = here.config.data
        try:
            made = await here.database.run(
                lambda s: store.create(s, author, data, values, password)
            )
        except Refused as refused:
            self._fault(refused.faults)
            return
        self._toast(
            "available",
            it=f"«{values.name}» aggiunta: qui accanto vedi se funziona",
            en=f"“{values.name}” added: its state is beside it",
        )
        await self._changed()
        await self._open(made)

    async def _save(self, base: TrunkValues, values: TrunkValues) -> None:
        here, author, trunk = desk(), self._author(), self.opened
        data, password = here.config.data, self._password
        try:
            now = await here.database.run(
                lambda s: store.save(
                    s, author, data, trunk, base=base, values=values, password=password
                )
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
        self.enrolled = now.registers and (self.enrolled or bool(password))
        self._show(now)
        self._toast("available", it="Linea esterna salvata", en="Trunk saved")
        await self._changed()

    @admin
    async def keep_theirs(self) -> None:
        """Tieni le sue."""
        if self.clash and self.opened > 0:
            await self._open(self.opened)

    @admin
    async def keep_mine(self) -> None:
        """Tieni le mie: what I changed goes over what they saved."""
        await self._take_mine()

    # -- pieces ---------------------------------------------------------------------------------

    async def _open(self, trunk: int) -> None:
        try:
            values, secret = await desk().database.read(lambda s: store.values_of(s, trunk))
        except Gone:
            await self._lost()
            return
        self.opened, self.enrolled = trunk, secret
        self._show(values)

    def _show(self, values: TrunkValues) -> None:
        self._base, self._password, self.title = values, "", values.name
        self._use(codecs_of(values))
        self.by_address = not values.registers
        self.changing = False
        self.card = card_of(values)
        self.faults, self.clash = dict(NO_FAULTS), ""
        self.stamp += 1

    def _close(self) -> None:
        self.opened, self.card, self.title, self._password = 0, Card(), "", ""
        self.faults, self.clash, self.changing = dict(NO_FAULTS), "", False

    async def _lost(self) -> None:
        self._close()
        self._toast(
            "info",
            it="Un altro amministratore ha eliminato questa linea esterna",
            en="Another administrator has deleted this trunk",
        )
        await self._read()

    def _author(self) -> Author:
        assert self._person is not None
        return Author(self._person.extension, self._person.name, desk().now())

    async def _do(self, deed: Callable[[Session], T]) -> T | None:
        try:
            answer: T | None = await desk().database.run(deed)
        except Gone:
            await self._lost()
            return None
        await self._changed()
        return answer

    async def _changed(self) -> None:
        here = desk()
        try:
            await here.phone.settings_changed()
        except LinkDown:
            pass  # read at the next call all the same
        here.live.owe((), "office")
        await self._read()

    def _fault(self, faults: dict[str, Fault]) -> None:
        self.faults = NO_FAULTS | {
            name: say(self._language, it=fault.it, en=fault.en) for name, fault in faults.items()
        }
        if faults.keys() & {"password"}:
            self.changing = True
        self.failed += 1

    def _called(self) -> Mapping[str, tuple[str, str]]:
        return {"name": ("nome", "name"), **store.NAMES}


PAGE = Page(
    route="/admin/trunk",
    view=partial(pieces.view, Trunks),
    on_load=Trunks.enter,
    it="Linee esterne",
    en="Trunks",
    icon="cable",
    nav=0,
    needs="admin",
)
