"""Codici brevi: numbers that the whole office dials with a few digits."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from officesmart.administration import code_sheet, dialled, short_codes
from officesmart.administration.code_sheet import Tried
from officesmart.administration.files import waiting
from officesmart.administration.keeping import Book, Refused
from officesmart.administration.ledger import NEW, Ledger
from officesmart.administration.rules import Fault
from officesmart.administration.sheet import Unreadable
from officesmart.administration.short_codes import Around, CodeRow, CodeValues
from officesmart.desk import desk
from officesmart.page import Page, Portal, admin
from officesmart.pages import admin_short_code_pieces as pieces
from pbx.routing.dialplan import DialPlan

SHOWN = 200  # rows of a trial; errors first
FILE = "codes"
"The kind under which a file waits."


@dataclass(frozen=True)
class CodeCard:
    """A short code in the panel."""

    code: str = ""
    name: str = ""
    number: str = ""
    for_everybody: bool = False


@dataclass(frozen=True)
class TriedRow:
    """A row of a file, for the browser."""

    line: int
    kind: str
    code: str
    name: str
    detail: str


class ShortCodes(Ledger, Portal):
    """The codes, the one that is open, and a file of them."""

    rows: list[CodeRow] = []
    card: CodeCard = CodeCard()
    offer: str = ""
    "The number that was probably meant, as it is to be typed."
    waits: list[str] = []
    "Whom the open code makes wait."
    _around: Around = Around("0", {}, DialPlan())

    importing: bool = False
    file_name: str = ""
    file_fault: str = ""
    latin: bool = False
    "The file can be read as Latin-1 if the administrator says so."
    tried: list[TriedRow] = []
    fresh: int = 0
    moved: int = 0
    same: int = 0
    wrong: int = 0
    leave_out: bool = False
    _tried: list[Tried] = []

    def _book(self) -> Book[Any, Any]:
        return short_codes.BOOK

    def _read_rows(self, session: Session) -> list[CodeRow]:
        return short_codes.listed(session)

    def _judge(self, form: Mapping[str, object]) -> tuple[CodeValues, dict[str, Fault]]:
        here = self._around
        judged = short_codes.judge(form, prefix=here.prefix, extensions=here.extensions)
        self.offer, faults = judged.offer, dict(judged.faults)
        # Said at once with what is wrong elsewhere; asked again in the transaction.
        own = self._base.code if self.opened != NEW and self._base is not None else ""
        taken = short_codes.against(here.plan, judged.values.code, but=own)
        if taken is not None and "code" not in faults:
            faults["code"] = taken
        return judged.values, faults

    def _card(self, values: CodeValues) -> CodeCard:
        number = dialled.shown(values.number, self._around.prefix)
        return CodeCard(values.code, values.name, number, values.for_everybody)

    def _show(self, values: CodeValues) -> None:
        super()._show(values)
        self.offer = ""
        found = short_codes.warned(self._around.plan, values.code)
        self.waits = [self._said(each) for each in found]

    async def _look_around(self) -> None:
        self._around = await desk().database.read(short_codes.around)

    # -- a file ---------------------------------------------------------------------------------

    @admin
    async def ask_import(self) -> None:
        """Importa: which file?"""
        self._forget_file()
        self.importing = True

    @admin
    async def end_import(self) -> None:
        """Annulla."""
        self._forget_file()

    @admin
    async def uploaded(self) -> None:
        """The browser has sent a file."""
        await self._try(latin=False)

    @admin
    async def read_latin(self) -> None:
        """Leggilo come Latin-1."""
        await self._try(latin=True)

    @admin
    async def leave_errors_out(self, on: bool) -> None:
        """Salta le righe con errori."""
        self.leave_out = on

    @admin
    async def take_over(self) -> None:
        """Importa: all of the right rows or none."""
        tried, author, here = self._tried, self._author(), desk()
        if not tried or (self.wrong and not self.leave_out):
            return
        try:
            made, moved = await here.database.run(lambda s: code_sheet.take_over(s, author, tried))
        except Refused as refused:
            self.file_fault = self._said(refused.faults[""])
            return
        self._forget_file()
        self._toast(
            "available",
            it=f"Codici importati: {made} nuovi, {moved} cambiati",
            en=f"Codes imported: {made} new, {moved} changed",
        )
        await self._changed()

    async def _try(self, *, latin: bool) -> None:
        assert self._person is not None
        sent = waiting.get(self._person.session, FILE)
        if sent is None:
            return
        self.file_name, self.file_fault, self.latin = sent.name, "", False
        self._tried, self.tried = [], []
        here = desk()

        def judge() -> list[Tried]:
            with here.database.reading() as session:
                return code_sheet.read(session, sent.content, latin=latin)

        try:
            self._tried = await asyncio.to_thread(judge)
        except Unreadable as why:
            self.file_fault, self.latin = self._said(why.fault), why.latin
            return
        kinds = [each.kind for each in self._tried]
        self.fresh, self.moved = kinds.count("new"), kinds.count("changed")
        self.same, self.wrong = kinds.count("same"), kinds.count("error")
        first = sorted(self._tried, key=lambda each: each.kind != "error")[:SHOWN]
        prefix = self._around.prefix
        self.tried = [
            TriedRow(
                each.line,
                each.kind,
                each.said,
                each.values.name,
                self._said(each.fault)
                if each.fault is not None
                else dialled.shown(each.values.number, prefix),
            )
            for each in first
        ]

    def _forget_file(self) -> None:
        assert self._person is not None
        waiting.drop(self._person.session, FILE)
        self.importing, self.file_name, self.file_fault = False, "", ""
        self.latin = self.leave_out = False
        self._tried, self.tried = [], []
        self.fresh = self.moved = self.same = self.wrong = 0


PAGE = Page(
    route=pieces.ROUTE,
    view=lambda: pieces.view(ShortCodes),
    on_load=ShortCodes.enter,
    it="Codici brevi",
    en="Short codes",
    icon="hash",
    needs="admin",
)
