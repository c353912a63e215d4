"""Importa contatti: a file, what its columns are, what would become of each row, then all at once.

The address book can also be taken out here, as CSV and as vCards.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import reflex as rx

from officesmart.administration.files import waiting
from officesmart.auth import Person
from officesmart.contacts import csv_file, incoming, vcards
from officesmart.contacts.csv_file import FIELDS
from officesmart.contacts.incoming import BadFile, Incoming, SameName, Trial, Verdict
from officesmart.contacts.routes import KIND
from officesmart.desk import desk
from officesmart.i18n import say
from officesmart.page import Page, Portal, handler_of, mine, my_task
from officesmart.pages import _contacts_import_pieces as pieces

ROUTE = "/contatti/importa"
ROWS = 200
LOOK = 0.3  # seconds between two looks at how far it is
LONGEST_SAMPLE = 60


@dataclass(frozen=True)
class Column:
    """A column of the file."""

    place: int
    name: str
    sample: str
    means: str


@dataclass(frozen=True)
class TrialRow:
    """What would become of one contact."""

    where: str
    title: str
    outcome: str
    detail: str


class ImportContacts(Portal):
    """The import, step by step."""

    step: str = "file"
    "'file', 'columns', 'trial' or 'done'."
    file_name: str = ""
    fault: str = ""
    columns: list[Column] = []
    rows: list[TrialRow] = []
    same_name: SameName = "merge"
    "What becomes of one whose name is there already."
    fresh: int = 0
    merged: int = 0
    skipped: int = 0
    same: int = 0
    left_out: int = 0
    judging: bool = False
    "What would become of each contact is being found out."
    running: bool = False
    done_rows: int = 0
    all_rows: int = 0
    taken: int = 0
    _sheet: csv_file.Sheet | None = None
    _raw: list[bytes] = []
    "The file's vCards, each as it stands there."
    _cards: list[Incoming] = []
    "What the last trial read of them."
    _trial: Trial | None = None

    @mine(acts=False, reads=True)
    async def enter(self) -> None:
        """The page opens, or its connection is back."""
        assert self._person is not None
        await self._enter(self._person, handler_of(ImportContacts.news))

    @mine(acts=False, reads=True)
    async def news(self, topics: list[str]) -> None:
        """Pushed: something moved."""
        assert self._person is not None
        await self._look(self._person, tuple(topics))

    @mine
    async def uploaded(self) -> Any:
        """The browser has sent a file."""
        assert self._person is not None
        if self.judging or self.running:
            return None
        sent = waiting.get(self._person.session, KIND)
        self._start()
        if sent is None:
            return None
        waiting.drop(self._person.session, KIND)
        self.file_name = sent.name
        is_cards = b"BEGIN:VCARD" in sent.content[:2000].upper()
        try:
            if is_cards:
                self._raw = await asyncio.to_thread(vcards.split, sent.content)
            else:
                self._sheet = await asyncio.to_thread(csv_file.read, sent.content)
        except BadFile as bad:
            self.fault = say(self._language, it=bad.it, en=bad.en)
            return None
        if self._sheet is None:
            return ImportContacts.try_it
        sample = self._sheet.rows[0]
        self.columns = [
            Column(
                place,
                name or f"{say(self._language, it='Colonna', en='Column')} {place + 1}",
                sample[place][:LONGEST_SAMPLE],
                means,
            )
            for place, (name, means) in enumerate(
                zip(self._sheet.headings, self._sheet.guess(), strict=True)
            )
        ]
        self.step = "columns"
        return None

    @mine
    async def mean(self, place: int, means: str) -> None:
        """What a column is."""
        if means in FIELDS or not means:
            self.columns = [
                replace(each, means=means) if each.place == place else each for each in self.columns
            ]
            self.fault = ""

    @my_task
    async def try_it(self, who: Person) -> None:
        """Prova: what would become of each contact, with the progress shown. Nothing is written."""
        async with self:
            sheet, raw, same_name = self._sheet, self._raw, self.same_name
            # Cards take longer to read than to judge, and say the same at every trial.
            cards = self._cards if raw else []
            if self.judging or self.running:
                return
            if sheet is None and not raw:
                self._start()
                return
            mapping = [each.means for each in self.columns]
            if sheet is not None and not any(mapping):
                self.fault = say(
                    self._language,
                    it="Di' almeno di una colonna che cosa contiene",
                    en="Say of at least one column what it holds",
                )
                return
            self.judging, self.fault = True, ""
            self.done_rows, self.all_rows = 0, len(sheet.rows) if sheet is not None else len(raw)
        database, done = desk().database, [0]

        def judged() -> tuple[list[Incoming], Trial]:
            # On a thread of its own: 20,000 rows must not hold up who asks for a caller's name.
            found: list[Incoming] = []

            def each() -> Iterator[Incoming]:
                if sheet is not None:
                    source = csv_file.cards(sheet, mapping)
                else:
                    source = iter(cards) if cards else vcards.cards(raw)
                for one in source:
                    if raw:
                        found.append(one)
                    yield one

            with database.reading() as session:
                return found, incoming.try_out(
                    session,
                    who.line_id,
                    each(),
                    same_name=same_name,
                    told=lambda n: done.__setitem__(0, n),
                )

        work = asyncio.ensure_future(asyncio.to_thread(judged))
        try:
            while not (await asyncio.wait({work}, timeout=LOOK))[0]:
                async with self:
                    self.done_rows = done[0]
            found, trial = await work
        finally:
            async with self:
                self.judging = False
        async with self:
            self._cards = found
            self._show(trial)

    @mine
    async def meet(self, same_name: SameName) -> Any:
        """What becomes of those whose name is there already; the trial is made anew."""
        if self.judging or self.running:
            return None
        self.same_name = same_name
        return ImportContacts.try_it if self.step == "trial" else None

    @mine(reads=True)
    async def again(self) -> None:
        """Scegli un altro file."""
        self._start()

    @mine(reads=True)
    async def back(self) -> None:
        """Indietro."""
        self.step, self.fault = ("columns" if self.columns else "file"), ""

    @my_task
    async def take_over(self, who: Person) -> None:
        """Importa: all of them or none, with the progress shown."""
        here = desk()
        async with self:
            trial = self._trial
            if (
                self.running
                or self.judging
                or self.step != "trial"
                or trial is None
                or not trial.chosen
            ):
                return
            chosen = trial.chosen
            self.running, self.fault = True, ""
            self.done_rows, self.all_rows = 0, len(chosen)
        done = [0]
        work = asyncio.ensure_future(
            here.database.run(
                lambda s: incoming.take_over(
                    s, who.line_id, chosen, told=lambda n: done.__setitem__(0, n)
                )
            )
        )
        try:
            while not (await asyncio.wait({work}, timeout=LOOK))[0]:
                async with self:
                    self.done_rows = done[0]
            taken = await work
        except BadFile as bad:
            async with self:
                self.fault = say(self._language, it=bad.it, en=bad.en)
            return
        finally:
            async with self:
                self.running = False
        async with self:
            self.taken, self.step = taken, "done"
            self._trial, self._raw, self._cards, self._sheet = None, [], [], None
        here.live.owe([who.extension], "contacts")

    def _start(self) -> None:
        self.step, self.file_name, self.fault = "file", "", ""
        self.columns, self.rows = [], []
        self._sheet, self._raw, self._cards, self._trial = None, [], [], None

    def _show(self, trial: Trial) -> None:
        self._trial, self.step, self.fault = trial, "trial", ""
        self.fresh, self.same = trial.count("new"), trial.count("same")
        self.merged, self.skipped = trial.count("merged"), trial.count("skipped")
        self.left_out = trial.count("left_out")
        # What wants a look comes first; the rest is as in the file.
        order = {"left_out": 0, "merged": 2}

        def place(each: Verdict) -> int:
            return order.get(each.outcome, 3) if each.outcome in order or not each.faults else 1

        first = sorted(trial.verdicts, key=place)
        self.rows = [
            TrialRow(
                each.where,
                each.title,
                each.outcome,
                " ".join(say(self._language, it=f.it, en=f.en) + "." for f in each.faults),
            )
            for each in first[:ROWS]
        ]


def view() -> rx.Component:
    """The import above, export below."""
    return pieces.view(ImportContacts)


PAGE = Page(
    route=ROUTE,
    view=view,
    on_load=ImportContacts.enter,
    it="Importa contatti",
    en="Import contacts",
    shape="form",
)
