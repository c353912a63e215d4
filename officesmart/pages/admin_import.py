"""Importa e copie: lines from a CSV file in four steps, export, backup and restore.

The import, the backup and the restore are the command line's own code; here it is shown what they
would do, and asked before they do it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial

from officesmart import import_csv
from officesmart.administration import audit, importing
from officesmart.administration import sheet as sheets
from officesmart.administration.audit import Author
from officesmart.administration.files import waiting
from officesmart.administration.importing import Judged, Trial
from officesmart.administration.rules import Fault, explain
from officesmart.administration.sheet import Sheet, Unreadable
from officesmart.auth import Person
from officesmart.csv_rows import COLUMNS
from officesmart.desk import desk
from officesmart.i18n import say
from officesmart.page import Page, admin, admin_task, handler_of
from officesmart.pages import admin_import_pieces as pieces
from officesmart.pages._keeping import Keeping, tell
from pbx.numbers import national

ROWS = 50
LOOK = 0.4  # seconds between two looks at how far the import is
under_way: dict[str, import_csv.Progress] = {}
"The import of each browser session."
STEPS = ("file", "columns", "trial", "done")


@dataclass(frozen=True)
class HeaderCell:
    """A column of the file, for the browser."""

    place: int
    name: str
    sample: str
    means: str


@dataclass(frozen=True)
class TrialRow:
    """A row of the trial, for the browser."""

    line: int
    kind: str
    extension: str
    name: str
    detail: str


class Importing(Keeping):
    """The import, step by step."""

    step: str = "file"
    file_name: str = ""
    file_fault: str = ""
    latin: bool = False
    "The file can be read as Latin-1 if the administrator says so."
    header: list[HeaderCell] = []
    understood: int = 0
    fault: str = ""
    rows: list[TrialRow] = []
    only: str = ""
    first: int = 0
    last: int = 0
    found: int = 0
    fresh: int = 0
    changed: int = 0
    same: int = 0
    wrong: int = 0
    leave_out: bool = False
    new_sites: list[str] = []
    "Named by the file, and not there."
    make_sites: bool = True
    running: bool = False
    rows_done: int = 0
    rows_all: int = 0
    percent: int = 0
    writing: bool = False
    "Too late to stop."
    created: int = 0
    updated: int = 0
    made_up: int = 0
    "New lines whose credentials wait to be taken."
    _sheet: Sheet | None = None
    _trial: Trial = Trial()
    _page: int = 0

    # -- the file -------------------------------------------------------------------------------

    @admin(acts=False)
    async def enter(self) -> None:
        """The page opens, or its connection is back."""
        assert self._person is not None
        await self._enter(self._person, handler_of(Importing.news), sees_all=True)

    @admin(acts=False)
    async def news(self, topics: list[str]) -> None:
        """Pushed: something in the office moved."""
        assert self._person is not None
        await self._look(self._person, tuple(topics))

    @admin
    async def uploaded(self) -> None:
        """The browser has sent a file."""
        await self._open(latin=False)

    @admin
    async def read_latin(self) -> None:
        """Leggilo come Latin-1."""
        await self._open(latin=True)

    @admin
    async def again(self) -> None:
        """Scegli un altro file."""
        assert self._person is not None
        waiting.drop(self._person.session, "lines")
        self._start()

    def _start(self) -> None:
        self.step, self.file_name, self.file_fault, self.latin = "file", "", "", False
        self.header, self.rows, self._sheet, self._trial = [], [], None, Trial()
        self.fault, self.only, self.leave_out, self._page = "", "", False, 0
        self.new_sites, self.make_sites = [], True

    async def _open(self, *, latin: bool) -> None:
        assert self._person is not None
        sent = waiting.get(self._person.session, "lines")
        self._start()
        if sent is None:
            return
        self.file_name = sent.name
        try:
            sheet = await asyncio.to_thread(sheets.read, sent.content, latin=latin)
        except Unreadable as why:
            self.file_fault, self.latin = self._said(why.fault), why.latin
            return
        self._sheet = sheet
        means = sheets.suggest(sheet.header)
        sample = sheet.rows[0][1] if sheet.rows else ()
        self.header = [
            HeaderCell(
                place,
                name[: sheets.SAMPLE]
                or f"{say(self._language, it='Colonna', en='Column')} {place + 1}",
                sample[place][: sheets.SAMPLE] if place < len(sample) else "",
                means[place],
            )
            for place, name in enumerate(sheet.header)
        ]
        self._count_columns()
        # All understood: nothing to ask, straight to the trial; one step back leads here.
        if sheets.complete(means) is None and all(means):
            await self._try()
        else:
            self.step = "columns"

    # -- the columns ----------------------------------------------------------------------------

    @admin
    async def mean(self, place: int, means: str) -> None:
        """What a column of the file is."""
        if means in COLUMNS or not means:
            self.header = [
                HeaderCell(each.place, each.name, each.sample, means)
                if each.place == place
                else each
                for each in self.header
            ]
            self.fault = ""
            self._count_columns()

    def _count_columns(self) -> None:
        self.understood = sum(bool(each.means) for each in self.header)

    @admin
    async def try_it(self) -> None:
        """Prova."""
        if self._sheet is None:
            self._start()
            return
        missing = sheets.complete([each.means for each in self.header])
        if missing is not None:
            self.fault = self._said(missing)
            return
        await self._try()

    @admin
    async def back(self) -> None:
        """Indietro."""
        self.step, self.fault = ("columns" if self.header else "file"), ""

    # -- the trial ------------------------------------------------------------------------------

    async def _try(self) -> None:
        sheet, columns = self._sheet, [each.means for each in self.header]
        if sheet is None:
            return
        judged = partial(
            importing.judge,
            desk().database,
            sheet,
            columns,
            leave_out=self.leave_out,
            new_sites=self.make_sites,
        )
        self._trial = await asyncio.to_thread(judged)
        self._page, self.step = 0, "trial"
        self._show()

    def _show(self) -> None:
        trial = self._trial
        self.fault = " ".join(self._said(fault) for fault in trial.faults)
        self.new_sites = list(trial.sites)
        self.fresh, self.changed = trial.count("new"), trial.count("changed")
        self.same, self.wrong = trial.count("same"), trial.count("error")
        rows = [row for row in trial.rows if not self.only or row.kind == self.only]
        self.found = len(rows)
        self._page = min(self._page, max(0, (len(rows) - 1) // ROWS))
        start = self._page * ROWS
        shown = rows[start : start + ROWS]
        self.first, self.last = (start + 1 if shown else 0), start + len(shown)
        self.rows = [
            TrialRow(row.line, row.kind, row.extension, row.name, self._detail(row))
            for row in shown
        ]

    def _detail(self, row: Judged) -> str:
        if row.kind == "error":
            return "; ".join(
                f"{self._column(column)}: {self._said(fault)}" if column else self._said(fault)
                for column, fault in row.faults
            )
        return "; ".join(
            f"{self._column(column)}: {self._value(column, before)} → {self._value(column, after)}"
            if before or after
            else say(
                self._language, it=f"{self._column(column)} nuova", en=f"new {self._column(column)}"
            )
            for column, before, after in row.changes
        )

    def _value(self, column: str, value: str) -> str:
        if column in ("mailbox", "active"):
            on = say(self._language, it="sì", en="yes")
            return on if value == "yes" else "no"
        if not value:
            return "—"
        return national(value) if column == "number" else value

    def _column(self, column: str) -> str:
        it, en = pieces.MEANS[column]
        return say(self._language, it=it, en=en).lower()

    @admin
    async def choose_kind(self, kind: str) -> None:
        """Only new ones, only errors, or all."""
        self.only, self._page = (kind if kind in importing.KINDS else ""), 0
        self._show()

    @admin
    async def turn(self, by: int) -> None:
        """Another page of the trial."""
        self._page = max(0, self._page + (1 if by > 0 else -1))
        self._show()

    @admin
    async def leave_errors_out(self, on: bool) -> None:
        """Salta le righe con errori."""
        self.leave_out = on
        await self._try()

    @admin
    async def make_new_sites(self, on: bool) -> None:
        """Crea le sedi nuove."""
        self.make_sites = on
        await self._try()

    # -- the import -----------------------------------------------------------------------------

    @admin_task
    async def take_over(self, who: Person) -> None:
        """Importa: all of it or nothing, as the command does."""
        here = desk()
        async with self:
            trial = self._trial
            ready = self.step == "trial" and trial.content and not trial.faults
            if self.running or not ready or (self.wrong and not self.leave_out):
                return
            self.running, self.fault, self.writing = True, "", False
            self.rows_done, self.rows_all, self.percent = 0, self.fresh + self.changed, 0
        progress = under_way[who.session] = import_csv.Progress()
        author = Author(who.extension, who.name, here.now())
        database = audit.noting(here.database, author, "line_imported")
        importing_now = asyncio.create_task(
            asyncio.to_thread(
                import_csv.import_lines, database, trial.content, at=author.at, progress=progress
            )
        )
        try:
            while not (await asyncio.wait({importing_now}, timeout=LOOK))[0]:
                async with self:
                    self._look_at(progress)
            done = await importing_now
        except import_csv.Stopped:
            async with self:
                self._toast(
                    "info",
                    it="Importazione annullata: nulla è cambiato",
                    en="Import cancelled: nothing has changed",
                )
            return
        except import_csv.Refused as refused:
            async with self:
                # The office moved since the trial, or leaving rows out broke another rule.
                self.fault = "; ".join(self._said(explain(row)) for row in refused.rows[:3])
            return
        finally:
            under_way.pop(who.session, None)
            async with self:
                self.running = False
        if done.made_up:
            waiting.offer(who.session, import_csv.secrets_csv(done.made_up), here.now())
        waiting.drop(who.session, "lines")
        async with self:
            self.created, self.updated = len(done.created), len(done.updated)
            self.made_up, self.step = len(done.made_up), "done"
            self._trial, self._sheet, self.rows = Trial(), None, []
        await tell([*done.created, *done.updated])

    def _look_at(self, progress: import_csv.Progress) -> None:
        self.rows_done, self.rows_all = progress.done, max(progress.total, progress.done)
        self.percent = 100 * self.rows_done // self.rows_all if self.rows_all else 0
        self.writing = progress.writing

    @admin
    async def stop_import(self) -> None:
        """Annulla: before anything is written."""
        assert self._person is not None
        progress = under_way.get(self._person.session)
        if progress is not None:
            progress.stop = True

    @admin
    async def taken(self) -> None:
        """The credentials were downloaded; they are gone here."""
        self.made_up = 0

    def _said(self, fault: Fault) -> str:
        return say(self._language, it=fault.it, en=fault.en)


PAGE = Page(
    route="/admin/importa",
    view=partial(pieces.view, Importing),
    on_load=Importing.enter,
    it="Importa e copie",
    en="Import and backup",
    icon="arrow-down-up",
    needs="admin",
    shape="form",
)
