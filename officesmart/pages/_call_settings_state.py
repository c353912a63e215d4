"""The State of *Impostazioni di chiamata*: the settings, and who else changed them meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlmodel import Session

from officesmart import line
from officesmart.administration.clash import Clash, named
from officesmart.administration.clashing import Clashing
from officesmart.call_manager import settings as store
from officesmart.call_manager.settings import CallSettings, Transfer
from officesmart.desk import desk
from officesmart.i18n import say
from officesmart.page import Portal, handler_of, mine
from officesmart.phone import LinkDown


@dataclass(frozen=True)
class PhoneChoice:
    """A phone of mine that may be the only one to ring, for the browser."""

    key: str
    name: str


def flags(values: CallSettings) -> dict[str, bool]:
    """What is on or off."""
    return {name: value for name, value in asdict(values).items() if isinstance(value, bool)}


class CallSettingsPage(Clashing, Portal):
    """The settings of a line's own calls."""

    values: dict[str, bool] = flags(CallSettings())
    phone: str = ""
    "The only phone that rings for my calls from the portal, by its key; empty: all."
    choices: list[PhoneChoice] = []
    stamp: int = 0
    moved: bool = False
    "They have changed elsewhere while this form holds changes."
    transfer_number: str = ""
    transfer_name: str = ""
    transfer_why: str = ""
    "Why a call would not get there now."
    _base: CallSettings = CallSettings()
    _touched: bool = False

    @mine(acts=False, reads=True)
    async def enter(self) -> None:
        """The page opens, or its connection is back."""
        assert self._person is not None
        await self._enter(self._person, handler_of(CallSettingsPage.news))
        await self._read()

    @mine(acts=False, reads=True)
    async def news(self, topics: list[str]) -> None:
        """Pushed: something of this line moved, a star code perhaps."""
        assert self._person is not None
        await self._look(self._person, tuple(topics))
        if {"settings", "office", "language", "link"} & set(topics):
            await self._read()
        if {"phones", "language"} & set(topics):
            self._choose_from()

    async def _read(self) -> None:
        """As they are now; what is being changed stays, and is told of it."""
        assert self._person is not None
        here, who = desk(), self._person

        def read(session: Session) -> tuple[CallSettings, Transfer]:
            office = here.offices.read(session)
            return store.read(session, who.line_id), store.transfer(office, who.extension)

        now, onward = await here.database.read(read)
        self.transfer_number, self.transfer_name = onward.number, onward.name
        self.transfer_why = say(self._language, it=onward.it, en=onward.en) if onward.it else ""
        if not self.stamp or (now != self._base and not self._touched):
            self._show(now)
        else:
            self.moved = now != self._base and not self.clash

    def _show(self, values: CallSettings) -> None:
        self._base, self._touched = values, False
        self.values, self.phone = flags(values), values.phone
        self._choose_from()
        self.clash, self.moved = "", False
        self.stamp += 1

    @mine
    async def touch(self) -> None:
        """Something is being changed."""
        self._touched = True

    @mine
    async def undo(self) -> None:
        """Annulla: as they are now."""
        self._touched, self.stamp = False, self.stamp + 1
        await self._read()
        self._show(self._base)

    @mine
    async def save(self, form: dict[str, Any]) -> None:
        """Conferma."""
        self._choose_from()
        wanted = store.judge(form)
        if wanted.phone not in {each.key for each in self.choices}:
            wanted = replace(wanted, phone=self._base.phone)
        await self._save(self._base, wanted)

    def _choose_from(self) -> None:
        """My phones that are connected, and the one that is chosen."""
        assert self._person is not None
        phones = desk().phone.board().phones_of(self._person.extension)
        named = {
            each.key: line.device(each.user_agent) or each.source for each in phones if each.key
        }
        kept = self._base.phone
        if kept and kept not in named:
            named[kept] = say(
                self._language,
                it="Il telefono scelto (ora non è collegato)",
                en="The phone that was chosen (not connected now)",
            )
        everyone = say(self._language, it="Tutti i miei telefoni", en="All my phones")
        self.choices = [
            PhoneChoice("", everyone),
            *(PhoneChoice(key, name) for key, name in named.items()),
        ]

    async def _save(self, base: CallSettings, values: CallSettings) -> None:
        assert self._person is not None
        here, who = desk(), self._person
        try:
            await here.database.run(lambda s: store.save(s, who.line_id, base=base, values=values))
        except Clash as other:
            self._clashed(other, base=base, mine=values)
            self.moved = False
            return
        self._show(values)
        self._toast("available", it="Impostazioni salvate", en="Settings saved")
        try:
            await here.phone.settings_changed()
        except LinkDown:
            pass  # read at the next call all the same
        here.live.owe([who.extension], "settings")

    @mine
    async def keep_theirs(self) -> None:
        """Tieni le altre."""
        self._take_theirs()

    @mine
    async def keep_mine(self) -> None:
        """Tieni le mie: what I changed goes over it."""
        await self._take_mine()

    def _called(self) -> Mapping[str, tuple[str, str]]:
        return store.NAMES

    def _said_of(self, other: Clash) -> str:
        if other.who:
            return super()._said_of(other)
        fields = named(other, store.NAMES, self._language)
        return say(
            self._language,
            it=f"Da un'altra pagina o da un telefono è cambiato: {fields}",
            en=f"Changed on another page or by a phone: {fields}",
        )
