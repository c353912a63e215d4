"""Numeri: the office's telephone numbers and what each of them reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from officesmart.administration import explain, hours, number_blocks, numbers, reaching
from officesmart.administration.explain import Told
from officesmart.administration.keeping import Book
from officesmart.administration.ledger import NEW, Ledger
from officesmart.administration.number_blocks import Planned
from officesmart.administration.numbers import KINDS, NumberRow, NumberValues
from officesmart.administration.option import Option
from officesmart.administration.rules import Fault
from officesmart.desk import desk
from officesmart.i18n import say, when
from officesmart.page import Page, Portal, admin
from officesmart.pages import admin_number_pieces as pieces
from pbx.numbers import digits, national
from pbx.routing.decide import decide
from pbx.routing.facts import CallFacts
from pbx.store import settings
from pbx.store.snapshot import build

BLOCK = {"first": "", "last": "", "extension": ""}


@dataclass(frozen=True)
class NumberCard:
    """A number in the panel."""

    number: str = ""
    label: str = ""
    trunk: str = ""
    kind: str = "line"
    target: str = ""
    hours: str = ""
    closed_kind: str = ""
    closed_target: str = ""


@dataclass(frozen=True)
class BlockRow:
    """A number of a block, for the browser."""

    number: str
    extension: str
    name: str
    kind: str


class Numbers(Ledger, Portal):
    """The numbers, the open one, a block to be made, a call to be tried."""

    rows: list[NumberRow] = []
    card: NumberCard = NumberCard()
    kind: str = "line"
    "What is chosen now in the open form: it says which field comes next."
    closed_kind: str = ""
    at_hours: str = ""
    trunk_options: list[Option] = []
    hours_options: list[Option] = []
    line_options: list[Option] = []
    box_options: list[Option] = []
    _prefix: str = "0"
    _sought: tuple[str, ...] = ()
    "The number that is looked for, in its forms; none when words are."

    at_trunk: str = ""
    "Filter."

    block_rows: list[BlockRow] = []
    block_faults: dict[str, str] = BLOCK
    block_new: int = 0
    block_there: int = 0
    block_without: int = 0
    block_trunk: str = ""
    _planned: list[Planned] = []

    tried_at: str = ""
    "The moment of the call that was tried, in words; empty before."
    tried: list[Told] = []
    reasons: list[str] = []
    try_fault: str = ""

    def _book(self) -> Book[Any, Any]:
        return numbers.BOOK

    def _read_rows(self, session: Session) -> list[NumberRow]:
        return numbers.listed(session, self._language)

    def _judge(self, form: Mapping[str, object]) -> tuple[NumberValues, dict[str, Fault]]:
        return numbers.judge(form, prefix=self._prefix)

    def _card(self, values: NumberValues) -> NumberCard:
        def target(kind: str, kept: str) -> str:
            return national(kept) if kind == "number" else kept

        return NumberCard(
            national(values.number) if values.number else "",
            values.label,
            str(values.trunk_id or ""),
            values.kind,
            target(values.kind, values.target),
            str(values.hours_id or ""),
            values.closed_kind,
            target(values.closed_kind, values.closed_target),
        )

    def _show(self, values: NumberValues) -> None:
        super()._show(values)
        self.kind, self.closed_kind = values.kind, values.closed_kind
        self.at_hours = str(values.hours_id or "")
        self.tried_at, self.tried, self.reasons, self.try_fault = "", [], [], ""

    def _words(self, text: str) -> list[str]:
        self._sought = reaching.searched(text)
        return [] if self._sought else super()._words(text)

    def _keep(self, row: NumberRow) -> bool:
        wanted = self._sought
        said = (row.e164, *(digits(each) for each in (row.title, row.reaches, row.closed)))
        found = not wanted or any(each in words for each in wanted for words in said)
        return found and (not self.at_trunk or row.trunk == self.at_trunk)

    def _unfilter(self) -> None:
        super()._unfilter()
        self.at_trunk = ""

    async def _look_around(self) -> None:
        read = desk().database.read
        self.trunk_options = await read(numbers.trunk_options)
        self.hours_options = await read(hours.options)
        self.line_options, self.box_options = await read(numbers.line_options)
        self._prefix = await read(lambda s: settings.read(s, settings.OUTSIDE_PREFIX))
        if self.opened not in (0, NEW) and self._base is not None:
            # One that stood at its line alone has a row of its own once it says more.
            every = await read(self._read_rows)
            self.opened = next(
                (row.id for row in every if row.e164 == self._base.number), self.opened
            )

    @admin
    async def choose_trunk(self, trunk: str) -> None:
        """Only the numbers of one trunk; '' for all."""
        self.at_trunk, self._sheet = trunk[:80], 0
        await self._read()

    # -- the form -------------------------------------------------------------------------------

    @admin
    async def choose_kind(self, kind: str) -> None:
        """What the number reaches: an extension, a mailbox, ..."""
        self.kind = kind if kind in KINDS else "line"

    @admin
    async def choose_closed(self, kind: str) -> None:
        """What it reaches when closed; '' for the same."""
        self.closed_kind = kind if kind in KINDS else ""

    @admin
    async def choose_hours(self, chosen: str) -> None:
        """The hours that matter; '' for always open."""
        self.at_hours = chosen if any(each.value == chosen for each in self.hours_options) else ""

    # -- a block --------------------------------------------------------------------------------

    @admin
    async def ask_block(self) -> None:
        """Aggiungi un blocco."""
        self.asking, self.block_faults, self.block_rows = "block", dict(BLOCK), []
        self._planned, self.block_trunk = [], ""
        self.block_new = self.block_there = self.block_without = 0

    @admin
    async def try_block(self, form: dict[str, Any]) -> None:
        """Anteprima."""
        planned, faults = await desk().database.read(lambda s: number_blocks.block(s, form))
        self.block_faults = BLOCK | {name: self._said(fault) for name, fault in faults.items()}
        self._planned = planned
        trunk = str(form.get("block_trunk") or "")
        self.block_trunk = trunk if any(each.value == trunk for each in self.trunk_options) else ""
        self.block_rows = [
            BlockRow(national(each.number), each.extension, each.name, each.kind)
            for each in planned
        ]
        kinds = [each.kind for each in planned]
        self.block_new, self.block_there = kinds.count("new"), kinds.count("there")
        self.block_without = kinds.count("no_line")

    @admin
    async def add_block(self) -> None:
        """Aggiungi, after the preview."""
        planned, author = self._planned, self._author()
        trunk = int(self.block_trunk or 0) or None
        self.asking, self._planned, self.block_rows = "", [], []
        made = await desk().database.run(
            lambda s: number_blocks.add_block(s, author, planned, trunk)
        )
        it, en = self._book().noun.counted(made, "aggiunt", "added")
        self._toast("available", it=it, en=en)
        await self._changed()

    # -- trying ---------------------------------------------------------------------------------

    @admin
    async def try_call(self, form: dict[str, Any]) -> None:
        """Prova: what a call to the open number would do, now or at another moment."""
        here, language = desk(), self._language
        if self.opened in (0, NEW):
            return
        typed = str(form.get("moment") or "").strip()[:32]
        self.try_fault = ""
        moment = here.now()
        if typed:
            try:
                moment = datetime.fromisoformat(typed).replace(tzinfo=here.zone)
            except ValueError:
                self.try_fault = say(
                    language, it="Scegli un giorno e un'ora", en="Choose a day and a time"
                )
                return
        board, number = here.phone.board(), self._base.number
        registered = frozenset(each.line for each in board.phones.values())
        config, trunk = here.config, self._base.trunk_id

        def ask(session: Session) -> tuple[list[Told], list[str]]:
            office = build(session, language=config.language, zone=config.timezone)
            by = trunk or next(iter(office.trunks), 1)
            call = CallFacts(dialled=number, at=moment, from_trunk=by, registered=registered)
            plan = decide(call, office)
            return explain.steps(language, plan, office), explain.reasons(language, plan)

        self.tried, self.reasons = await here.database.read(ask)
        self.tried_at = (
            when(language, moment, here.now(), here.zone)
            if typed
            else say(language, it="adesso", en="now")
        )


PAGE = Page(
    route=pieces.ROUTE,
    view=lambda: pieces.view(Numbers),
    on_load=Numbers.enter,
    it="Numeri",
    en="Numbers",
    icon="phone-incoming",
    needs="admin",
)
