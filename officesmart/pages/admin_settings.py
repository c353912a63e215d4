"""Impostazioni: what holds for the office as a whole, and its music on hold.

The State is here; the pieces are in admin_settings_pieces.py, the rules in administration/.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from officesmart.administration import hold_music
from officesmart.administration import office_settings as store
from officesmart.administration.audit import Author
from officesmart.administration.clash import Clash
from officesmart.administration.clashing import AdminsClashing
from officesmart.administration.files import waiting
from officesmart.administration.hold_music import Unusable
from officesmart.administration.lines import Refused
from officesmart.administration.music_files import KIND
from officesmart.administration.office_settings import FIELDS, OfficeValues, judge
from officesmart.administration.rules import Fault
from officesmart.auth import Person
from officesmart.desk import desk
from officesmart.i18n import duration, say
from officesmart.page import Page, Portal, admin, admin_task, handler_of
from officesmart.pages import admin_settings_pieces as pieces
from officesmart.phone import LinkDown
from pbx.store.music import music

NO_FAULTS = {name: "" for name in (*FIELDS, "")}


@dataclass(frozen=True)
class Card:
    """The settings, as their fields show them."""

    office_name: str = ""
    services_order: str = "forward_first"
    max_messages: str = ""
    max_minutes: str = ""
    history_months: str = ""
    deleted_days: str = ""
    park_range: str = ""
    park_seconds: str = ""
    park_operator: str = ""
    pickup_all: bool = False
    portal_address: str = ""


class Settings(AdminsClashing, Portal):
    """The office's settings, and what somebody on hold hears."""

    card: Card = Card()
    stamp: int = 0
    faults: dict[str, str] = NO_FAULTS
    failed: int = 0
    others: int = 0
    "Mailboxes with another room than the office's."
    asking: str = ""
    "'' or 'mailboxes'."
    zone: str = ""
    default_language: str = ""
    music_name: str = ""
    "The uploaded piece's; '' for ours."
    music_length: str = ""
    music_fault: str = ""
    music_stamp: int = 0
    "Moves with the piece, so that the player fetches it anew."
    converting: bool = False
    _base: OfficeValues = OfficeValues()
    _file: str = ""

    # -- looking --------------------------------------------------------------------------------

    @admin(acts=False)
    async def enter(self) -> None:
        """The page opens, or its connection is back."""
        assert self._person is not None
        await self._enter(self._person, handler_of(Settings.news), sees_all=True)
        here = desk()
        self.zone, self.default_language = here.config.timezone, here.config.language
        self.music_fault = ""
        values = await here.database.read(store.values_of)
        if not self.stamp or values != self._base:  # else what is being typed stays
            self._show(values)
        await self._read()

    @admin(acts=False)
    async def news(self, topics: list[str]) -> None:
        """Pushed: something in the office moved."""
        assert self._person is not None
        await self._look(self._person, tuple(topics))
        if {"office", "language"} & set(topics):
            await self._read()

    async def _read(self) -> None:
        """What nobody edits here: the other mailboxes, the music."""
        here = desk()
        data = here.config.data
        self.others = await here.database.read(store.other_mailboxes)
        now = await here.database.read(hold_music.current)
        if now.file != self._file:
            self._file = now.file
            self.music_stamp += 1
        self.music_name = now.name
        self.music_length = duration(self._language, hold_music.seconds_of(music(data, now.file)))

    def _show(self, values: OfficeValues) -> None:
        self._base = values
        self.card = Card(
            office_name=values.office_name,
            services_order=values.services_order,
            max_messages=str(values.max_messages),
            max_minutes=str(values.max_minutes),
            history_months=str(values.history_months),
            deleted_days=str(values.deleted_days),
            park_range=values.park_range,
            park_seconds=str(values.park_seconds),
            park_operator=values.park_operator,
            pickup_all=values.pickup_all,
            portal_address=values.portal_address,
        )
        self.faults, self.clash = dict(NO_FAULTS), ""
        self.stamp += 1

    # -- settings -------------------------------------------------------------------------------

    @admin
    async def save(self, form: dict[str, Any]) -> None:
        """Conferma."""
        values, faults = judge(form)
        if faults:
            self._fault(faults)
            return
        await self._save(self._base, values)

    async def _save(self, base: OfficeValues, values: OfficeValues) -> None:
        author = self._author()
        try:
            now = await desk().database.run(
                lambda s: store.save(s, author, base=base, values=values)
            )
        except Clash as other:
            self._clashed(other, base=base, mine=values)
            return
        except Refused as refused:
            self._fault(refused.faults)
            return
        self._show(now)
        self._toast("available", it="Impostazioni salvate", en="Settings saved")
        await self._changed()

    @admin
    async def undo(self) -> None:
        """Annulla."""
        self._show(self._base)

    @admin
    async def ask_mailboxes(self) -> None:
        """Applica a tutte: asked first."""
        self.asking = "mailboxes"

    @admin
    async def cancel(self) -> None:
        """Annulla, in a window that asks."""
        self.asking = ""

    @admin
    async def apply_to_all(self) -> None:
        """Applica a tutte, confirmed."""
        author = self._author()
        self.asking = ""
        count = await desk().database.run(lambda s: store.set_mailboxes(s, author))
        self._toast(
            "available",
            it="1 casella modificata" if count == 1 else f"{count} caselle modificate",
            en="1 mailbox changed" if count == 1 else f"{count} mailboxes changed",
        )
        await self._changed()

    # -- music ----------------------------------------------------------------------------------

    @admin_task
    async def music_sent(self, who: Person) -> None:
        """A file was sent: have it converted, then play it from the next hold on."""
        here = desk()
        async with self:
            sent = waiting.get(who.session, KIND)
            if self.converting or sent is None or sent.path is None:
                return
            self.converting, self.music_fault = True, ""
        data = here.config.data
        try:
            file = await hold_music.convert(sent.path, data, at=here.now())
            author = Author(who.extension, who.name, here.now())
            await here.database.run(
                lambda s: hold_music.use(s, author, data, file=file, name=sent.name)
            )
        except Unusable as why:
            async with self:
                self.music_fault = say(self._language, it=why.fault.it, en=why.fault.en)
            return
        except OSError:
            async with self:
                self.music_fault = say(
                    self._language,
                    it="Il disco non lo può tenere: controlla lo spazio libero",
                    en="The disk cannot keep it: look at the room left",
                )
            return
        finally:
            waiting.drop(who.session, KIND)
            async with self:
                self.converting = False
        await _tell()
        async with self:
            await self._read()
            self._toast(
                "available",
                it="Si sente dalla prossima attesa",
                en="It is heard from the next hold on",
            )

    @admin
    async def music_ours(self) -> None:
        """Torna alla nostra."""
        here, author = desk(), self._author()
        data = here.config.data
        self.music_fault = ""
        await here.database.run(lambda s: hold_music.use(s, author, data, file="", name=""))
        self._toast("available", it="Si sente di nuovo la nostra", en="Ours is heard again")
        await self._changed()

    # -- pieces ---------------------------------------------------------------------------------

    def _author(self) -> Author:
        assert self._person is not None
        return Author(self._person.extension, self._person.name, desk().now())

    async def _changed(self) -> None:
        await _tell()
        await self._read()

    def _fault(self, faults: dict[str, Fault]) -> None:
        self.faults = NO_FAULTS | {
            name: say(self._language, it=fault.it, en=fault.en) for name, fault in faults.items()
        }
        self.failed += 1

    def _called(self) -> Mapping[str, tuple[str, str]]:
        return store.NAMES


async def _tell() -> None:
    """The PBX and the other pages look anew."""
    here = desk()
    try:
        await here.phone.settings_changed()
    except LinkDown:
        pass  # read at the next call all the same
    here.live.owe((), "office")


PAGE = Page(
    route="/admin/impostazioni",
    view=partial(pieces.view, Settings),
    on_load=Settings.enter,
    it="Impostazioni",
    en="Settings",
    icon="settings",
    needs="admin",
    shape="form",
)
