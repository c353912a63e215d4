"""Protezione dalle frodi: how much may leave the office, and the lines with limits of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from officesmart.administration import outside_limits as store
from officesmart.administration.clash import Clash, merged, told
from officesmart.administration.lines import Refused
from officesmart.administration.outside_limits import FIELDS, LimitValues, OwnLimits
from officesmart.administration.rules import Fault
from officesmart.administration.trunk_rules import text
from officesmart.desk import desk
from officesmart.i18n import say
from officesmart.page import admin
from officesmart.pages._dialling_rights import tell
from officesmart.pages._dialling_trial import Choice, Trying
from pbx.routing.limits import OF_A_LINE

NO_FAULTS = {name: "" for name in (*FIELDS, "")}
NO_LINE_FAULTS = {name: "" for name in (*OF_A_LINE, "line")}


@dataclass(frozen=True)
class OwnRow:
    """A line with limits of its own, for the browser."""

    id: int
    line: str
    calls: int
    forwards: int
    dear_calls: int
    dear_minutes: int


class Limiting(Trying):
    """The limits of the office and of single lines."""

    limits: dict[str, str] = {}
    "By field, as its entry shows it."
    closed_bar: bool = False
    closed_hours: str = "0"
    hours_choices: list[Choice] = []
    limits_stamp: int = 0
    limits_faults: dict[str, str] = NO_FAULTS
    limits_failed: int = 0
    limits_clash: str = ""
    own_limits: list[OwnRow] = []
    own_faults: dict[str, str] = NO_LINE_FAULTS
    own_failed: int = 0
    own_stamp: int = 0
    _limits: LimitValues = LimitValues()
    _limits_theirs: LimitValues = LimitValues()
    _limits_mine: LimitValues = LimitValues()
    "The same, with what was changed here over it."

    async def _read_limits(self) -> None:
        """What is there now; what is being typed stays."""

        def read(session: Session) -> tuple[LimitValues, list[tuple[int, str]], list[OwnLimits]]:
            return store.values_of(session), store.hours_known(session), store.exceptions(session)

        values, hours, own = await desk().database.read(read)
        choose = say(self._language, it="Scegli un orario", en="Choose the hours")
        self.hours_choices = [Choice("0", choose), *(Choice(str(n), name) for n, name in hours)]
        self.own_limits = [
            OwnRow(each.line_id, f"{each.extension} {each.name}", *each.limits) for each in own
        ]
        if not self.limits_stamp or (values != self._limits and not self.limits_clash):
            self._show_limits(values)

    def _show_limits(self, values: LimitValues) -> None:
        self._limits = values
        self.limits = {name: str(getattr(values, name)) for name in store.NUMBERS}
        self.closed_bar, self.closed_hours = values.closed_bar, str(values.closed_hours)
        self.limits_faults, self.limits_clash = dict(NO_FAULTS), ""
        self.limits_stamp += 1

    @admin
    async def save_limits(self, form: dict[str, Any]) -> None:
        """Conferma."""
        values, faults = store.judge(form)
        if faults:
            self._limits_fault(faults)
            return
        await self._save_limits(self._limits, values)

    async def _save_limits(self, base: LimitValues, values: LimitValues) -> None:
        author = self._author()
        try:
            await desk().database.run(lambda s: store.save(s, author, base=base, values=values))
        except Clash as other:
            # From `base`, as in clashing.py: what a faster one changed before is not mine.
            self._limits_theirs = other.theirs
            self._limits_mine = merged(base, values, other.theirs)
            self.limits_clash = self._who_changed(other)
            return
        except Refused as refused:
            self._limits_fault(refused.faults)
            return
        self._show_limits(values)
        self._toast("available", it="Limiti salvati", en="Limits saved")
        await tell()
        await self._read_limits()

    @admin
    async def undo_limits(self) -> None:
        """Annulla."""
        self.limits_clash = ""
        self._show_limits(self._limits)
        await self._read_limits()

    @admin
    async def keep_their_limits(self) -> None:
        """Tieni le sue."""
        if self.limits_clash:
            self._show_limits(self._limits_theirs)

    @admin
    async def keep_my_limits(self) -> None:
        """Tieni le mie: what I changed goes over what they saved."""
        if self.limits_clash:
            self.limits_clash = ""
            await self._save_limits(self._limits_theirs, self._limits_mine)

    # -- single lines ---------------------------------------------------------------------------

    @admin
    async def add_own(self, form: dict[str, Any]) -> None:
        """Aggiungi: a line gets limits of its own."""
        author, extension = self._author(), text(form.get("line"))[:6]
        values, faults = store.judge_line(form, self._limits)
        if not faults:
            try:
                await desk().database.run(lambda s: store.save_line(s, author, extension, values))
            except Refused as refused:
                faults = refused.faults
        if faults:
            self.own_faults = NO_LINE_FAULTS | {
                name: say(self._language, it=each.it, en=each.en) for name, each in faults.items()
            }
            self.own_failed += 1
            return
        self.own_faults = dict(NO_LINE_FAULTS)
        self.own_stamp += 1
        self._toast(
            "available",
            it=f"L'interno {extension} ha limiti suoi",
            en=f"Extension {extension} has limits of its own",
        )
        await tell()
        await self._read_limits()

    @admin
    async def remove_own(self, line: int) -> None:
        """Togli: the office's limits hold for it again."""
        author = self._author()
        extension = await desk().database.run(lambda s: store.remove_line(s, author, line))
        if extension:
            self._toast(
                "available",
                it=f"Per l'interno {extension} valgono di nuovo i limiti dell'ufficio",
                en=f"The office's limits hold for extension {extension} again",
            )
            await tell()
        await self._read_limits()

    # -- pieces ---------------------------------------------------------------------------------

    def _limits_fault(self, faults: dict[str, Fault]) -> None:
        self.limits_faults = NO_FAULTS | {
            name: say(self._language, it=each.it, en=each.en) for name, each in faults.items()
        }
        self.limits_failed += 1

    def _who_changed(self, other: Clash) -> str:
        here = desk()
        return told(other, store.NAMES, self._language, now=here.now(), zone=here.zone)
