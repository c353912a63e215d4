"""Chiamate esterne: rules by beginning of number, rights of every line, and a number to try.

The State is here; the pieces are in admin_dialling_pieces.py, the rules in administration/.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from officesmart.administration import dialling as store
from officesmart.administration import trunks
from officesmart.administration.clash import Clash
from officesmart.administration.clashing import AdminsClashing
from officesmart.administration.dialling import (
    RIGHTS,
    DiallingValues,
    RuleValues,
    judge_dialling,
    judge_rule,
)
from officesmart.administration.lines import Gone, Refused
from officesmart.administration.rules import Fault
from officesmart.desk import desk
from officesmart.i18n import say
from officesmart.page import Page, admin, handler_of
from officesmart.pages import admin_dialling_pieces as pieces
from officesmart.pages._dialling_limits import Limiting
from officesmart.pages._dialling_rights import tell
from officesmart.pages._dialling_trial import Choice
from pbx.tables import Line

T = TypeVar("T")
NEW = "new"
TABS = ("permessi", "regole", "frodi", "prova")
NO_FAULTS = {
    name: "" for name in ("prefix", "label", "kind", "trunk_id", "barred", "outside_prefix", "")
}


@dataclass(frozen=True)
class RuleShown:
    """A rule in the table."""

    prefix: str
    label: str
    kind: str
    trunk: str
    barred: bool
    own: bool
    built_in: str
    "What the built-in table says, when an own rule beats it."


@dataclass(frozen=True)
class RuleCard:
    """A rule in the panel."""

    prefix: str = ""
    label: str = ""
    kind: str = "national"
    trunk_id: str = "0"
    barred: bool = False
    own: bool = False
    built_in: str = ""


class Dialling(AdminsClashing, Limiting):
    """Rules by beginning of number; rights, limits and the number to try are in its bases."""

    tab: str = "permessi"
    rules: list[RuleShown] = []
    rules_wanted: str = ""
    only_own: bool = False
    own_rules: int = 0
    trunk_choices: list[Choice] = []
    opened: str = ""
    "The beginning in the panel; '' for none, NEW for one to be made."
    card: RuleCard = RuleCard()
    outside_prefix: str = "0"
    default_rights: list[bool] = []
    stamp: int = 0
    office_stamp: int = 0
    faults: dict[str, str] = NO_FAULTS
    failed: int = 0
    _base: RuleValues | None = None
    _office: DiallingValues = DiallingValues()

    # -- looking --------------------------------------------------------------------------------

    @admin(acts=False)
    async def enter(self) -> None:
        """The page opens (on the part its address names), or its connection is back."""
        assert self._person is not None
        await self._enter(self._person, handler_of(Dialling.news), sees_all=True)
        asked = self.router.url.query_parameters.get("parte", "")
        if asked in TABS:
            self.tab = asked
        values = await desk().database.read(store.dialling_of)
        if not self.office_stamp or values != self._office:  # else what is being typed stays
            self._show_office(values)
        await self._read()

    @admin(acts=False)
    async def news(self, topics: list[str]) -> None:
        """Pushed: something in the office moved."""
        assert self._person is not None
        await self._look(self._person, tuple(topics))
        if {"office", "language"} & set(topics):
            await self._read()

    @admin
    async def show(self, tab: str) -> None:
        """Another part of the page."""
        if tab in TABS:
            self.tab, self.clash, self.faults = tab, "", dict(NO_FAULTS)
            self.opened = ""

    async def _read(self) -> None:
        language = self._language

        def read(session: Session) -> tuple[list[store.RuleRow], list[Choice], list[Choice]]:
            columns = select(Line.extension, Line.name).where(Line.active)
            return (
                store.rule_rows(session),
                [Choice(str(each.id), each.values.name) for each in trunks.listed(session)],
                [
                    Choice(extension, f"{extension} {name}")
                    for extension, name in session.exec(columns.order_by(col(Line.extension)))
                ],
            )

        here = desk()
        rows, known, self.line_choices = await here.database.read(read)
        usual = say(language, it="nell'ordine solito", en="in the usual order")
        self.trunk_choices = [Choice("0", usual), *known]
        self.own_rules = sum(row.own for row in rows)
        self._show_rules(rows)
        await self._read_lines()
        await self._read_limits()

    # -- rules ----------------------------------------------------------------------------------

    @admin
    async def search_rules(self, words: str) -> None:
        """While typing: digits, a name or a class."""
        self.rules_wanted = words[:100]
        self._show_rules(await desk().database.read(store.rule_rows))

    @admin
    async def show_own(self, on: bool) -> None:
        """Only the office's own rules."""
        self.only_own = on
        self._show_rules(await desk().database.read(store.rule_rows))

    def _show_rules(self, rows: list[store.RuleRow]) -> None:
        wanted = self.rules_wanted.casefold().split()
        shown = [self._rule(row) for row in rows if row.own or not self.only_own]
        self.rules = [
            row
            for row in shown
            if all(word in f"{row.prefix} {row.label} {row.kind}".casefold() for word in wanted)
        ]

    def _rule(self, row: store.RuleRow) -> RuleShown:
        return RuleShown(
            prefix=row.prefix,
            label=row.values.label,
            kind=self._class(row.values.kind),
            trunk=row.trunk,
            barred=row.values.barred,
            own=row.own,
            built_in=self._class(row.built_in)
            if row.own and row.built_in and row.built_in != row.values.kind
            else "",
        )

    @admin
    async def open(self, prefix: str) -> None:
        """A rule in the panel: our own, or one made from the built-in table's."""
        rows = await desk().database.read(store.rule_rows)
        row = next((each for each in rows if each.prefix == prefix), None)
        if row is None:
            await self._lost()
            return
        self._show_rule(prefix, row.values, own=row.own, built_in=row.built_in)

    @admin
    async def open_new(self) -> None:
        """Nuova regola."""
        self._show_rule(NEW, RuleValues(kind=""), own=False, built_in="")

    @admin
    async def close(self) -> None:
        """Chiudi il pannello."""
        self._close()

    @admin
    async def undo(self) -> None:
        """Annulla."""
        self.faults, self.clash = dict(NO_FAULTS), ""
        if self.opened == NEW:
            self._close()

    def _show_rule(self, opened: str, values: RuleValues, *, own: bool, built_in: str) -> None:
        self.opened, self._base = opened, values if own else None
        self.card = RuleCard(
            prefix=values.prefix,
            label=values.label,
            kind=values.kind,
            trunk_id=str(values.trunk_id),
            barred=values.barred,
            own=own,
            built_in=self._class(built_in),
        )
        self.faults, self.clash = dict(NO_FAULTS), ""
        self.stamp += 1

    def _close(self) -> None:
        self.opened, self.card, self._base = "", RuleCard(), None
        self.faults, self.clash = dict(NO_FAULTS), ""

    @admin
    async def save_rule(self, form: dict[str, Any]) -> None:
        """Conferma."""
        if not self.opened:
            return
        values, faults = judge_rule(form)
        if faults:
            self._fault(faults)
            return
        await self._save_rule(self._base, values)

    async def _save_rule(self, base: RuleValues | None, values: RuleValues) -> None:
        author = self._author()
        try:
            await desk().database.run(lambda s: store.save_rule(s, author, values, base=base))
        except Clash as other:
            self._clashed(other, base=base, mine=values)
            return
        except Refused as refused:
            self._fault(refused.faults)
            return
        except Gone:
            await self._lost()
            return
        self._close()
        self._toast("available", it="Regola salvata", en="Rule saved")
        await self._changed()

    @admin
    async def remove_rule(self) -> None:
        """Torna alla tabella: the office's own word goes."""
        prefix, author = self.opened, self._author()
        if self._base is None:
            return
        if await self._do(lambda s: store.remove_rule(s, author, prefix)):
            self._close()
            self._toast("available", it=f"Regola {prefix} tolta", en=f"Rule {prefix} removed")

    # -- the office's own word ------------------------------------------------------------------

    def _show_office(self, values: DiallingValues) -> None:
        self._office = values
        self.outside_prefix = values.outside_prefix
        given = values.default_rights.split()
        self.default_rights = [right in given for right in RIGHTS]
        self.faults, self.clash = dict(NO_FAULTS), ""
        self.office_stamp += 1

    @admin
    async def save_office(self, form: dict[str, Any]) -> None:
        """Conferma: the digit and what new lines may."""
        values, faults = judge_dialling(form)
        if faults:
            self._fault(faults)
            return
        await self._save_office(self._office, values)

    async def _save_office(self, base: DiallingValues, values: DiallingValues) -> None:
        author = self._author()
        try:
            now = await desk().database.run(
                lambda s: store.save_dialling(s, author, base=base, values=values)
            )
        except Clash as other:
            self._clashed(other, base=base, mine=values)
            return
        except Refused as refused:
            self._fault(refused.faults)
            return
        self._show_office(now)
        self._toast("available", it="Impostazioni salvate", en="Settings saved")
        await self._changed()

    # -- two at once: of either form ------------------------------------------------------------

    def _show(self, values: DiallingValues | RuleValues) -> None:
        if isinstance(values, DiallingValues):
            self._show_office(values)
        else:
            self._show_rule(values.prefix, values, own=True, built_in="")

    async def _save(self, base: Any, values: DiallingValues | RuleValues) -> None:
        if isinstance(values, DiallingValues):
            await self._save_office(base, values)
        else:
            await self._save_rule(base, values)

    def _called(self) -> Mapping[str, tuple[str, str]]:
        return {"trunk_id": store.NAMES["trunk"], **store.NAMES}

    # -- pieces ---------------------------------------------------------------------------------

    async def _lost(self) -> None:
        self._close()
        self._toast(
            "info",
            it="Un altro amministratore ha tolto questa regola",
            en="Another administrator has removed this rule",
        )
        await self._read()

    async def _do(self, deed: Callable[[Session], T]) -> T | None:
        try:
            answer: T | None = await desk().database.run(deed)
        except Gone:
            await self._lost()
            return None
        await self._changed()
        return answer

    async def _changed(self) -> None:
        await tell()
        await self._read()

    def _fault(self, faults: dict[str, Fault]) -> None:
        self.faults = NO_FAULTS | {
            name: say(self._language, it=fault.it, en=fault.en) for name, fault in faults.items()
        }
        self.failed += 1


PAGE = Page(
    route="/admin/uscita",
    view=partial(pieces.view, Dialling),
    on_load=Dialling.enter,
    it="Chiamate esterne",
    en="Outside calls",
    icon="phone-outgoing",
    needs="admin",
)
