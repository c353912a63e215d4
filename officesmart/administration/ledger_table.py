"""The table of a Ledger: rows that are looked for, sorted, turned over and chosen.

A mixin over Portal, and the half of a Ledger (ledger.py) that reads. The pieces that show it are in
ledger_pieces.py.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlmodel import Session

from officesmart.desk import desk
from officesmart.page import Portal, admin, handler_of
from pbx.numbers import SEPARATORS

ROWS = 50  # a page of the table
LONGEST_SEARCH = 200
ASKS = "cerca"
"In the address of a page: what to look for when it opens."


class LedgerTable(Portal, mixin=True):
    """What is there, as far as it is looked for."""

    rows: list[Any] = []
    "Those on this page of the table; dataclasses with an `id`."
    looked: bool = False
    "The rows have been read: what is empty now is so."
    total: int = 0
    found: int = 0
    first: int = 0
    last: int = 0
    wanted: str = ""
    order: str = ""
    falling: bool = False
    selected: list[int] = []
    cleared: int = 0
    "Moves when the search field is to be emptied."
    _sheet: int = 0

    # -- what a page says -----------------------------------------------------------------------

    def _read_rows(self, session: Session) -> list[Any]:
        """Every row, as the table shows it, in the usual order."""
        raise NotImplementedError

    def _keep(self, row: Any) -> bool:
        """Whether the page's own filters let a row through."""
        return True

    def _words(self, text: str) -> list[str]:
        """What to look for, every one of them."""
        return text.casefold().split()

    async def _look_around(self) -> None:
        """What else the page reads whenever something moved."""

    # -- looking --------------------------------------------------------------------------------

    @admin(acts=False)
    async def enter(self) -> None:
        """The page opens (on what its address asks for), or its connection is back."""
        assert self._person is not None
        await self._enter(self._person, handler_of(type(self).news), sees_all=True)
        asked = self.router.url.query_parameters.get(ASKS, "")[:LONGEST_SEARCH]
        if asked:
            self.wanted, self._sheet = asked, 0
            self.cleared += 1
        await self._read()

    @admin(acts=False)
    async def news(self, topics: list[str]) -> None:
        """Pushed: something in the office moved."""
        assert self._person is not None
        await self._look(self._person, tuple(topics))
        if {"office", "language"} & set(topics):
            await self._read()

    @admin
    async def search(self, text: str) -> None:
        """While typing."""
        self.wanted, self._sheet = text[:LONGEST_SEARCH], 0
        await self._read()

    @admin
    async def everything(self) -> None:
        """Togli i filtri."""
        self._unfilter()
        self._sheet = 0
        self.cleared += 1
        await self._read()

    def _unfilter(self) -> None:
        self.wanted = ""

    @admin
    async def sort(self, by: str) -> None:
        """By this column; again turns it round."""
        self.falling = by == self.order and not self.falling
        self.order, self._sheet = by[:40], 0
        await self._read()

    @admin
    async def turn(self, by: int) -> None:
        """The next page of the table, or the one before."""
        self._sheet = max(0, self._sheet + (1 if by > 0 else -1))
        await self._read()

    async def _read(self) -> None:
        every = await desk().database.read(self._read_rows)
        words = self._words(self.wanted)
        found = [row for row in every if self._keep(row) and matches(row, words)]
        if self.order and found and hasattr(found[0], self.order):
            found.sort(key=lambda row: _key(getattr(row, self.order)))
        if self.falling:
            found.reverse()
        self.total, self.found, self.looked = len(every), len(found), True
        self._sheet = min(self._sheet, max(0, (len(found) - 1) // ROWS))
        start = self._sheet * ROWS
        self.rows = found[start : start + ROWS]
        self.first, self.last = (start + 1 if self.rows else 0), start + len(self.rows)
        alive = {row.id for row in every}
        self.selected = [each for each in self.selected if each in alive]
        await self._look_around()

    # -- choosing many --------------------------------------------------------------------------

    @admin
    async def select(self, row: int, on: bool) -> None:
        """Choose a row, or not."""
        chosen = [each for each in self.selected if each != row]
        self.selected = [*chosen, row] if on else chosen

    @admin
    async def select_all(self) -> None:
        """Choose all of this page of the table, or none of them."""
        here = {row.id for row in self.rows}
        if here <= set(self.selected):
            self.selected = [each for each in self.selected if each not in here]
        else:
            self.selected = [*self.selected, *sorted(here - set(self.selected))]

    @admin
    async def select_none(self) -> None:
        """Annulla la selezione."""
        self.selected = []


def matches(row: Any, words: list[str]) -> bool:
    """Whether every word typed is part of what the row says; numbers also without their spaces."""
    if not words:
        return True
    told = (getattr(row, each.name) for each in fields(row))
    said = [each for each in told if isinstance(each, str)]
    hay = " ".join(said).casefold()
    packed = " ".join(SEPARATORS.sub("", each) for each in said).casefold()
    return all(word in hay or word in packed for word in words)


def _key(value: Any) -> tuple[bool, int, Any]:
    """Empty ones last, numbers as people count, words as people sort."""
    if isinstance(value, str):
        return not value, len(value) if value.isdigit() else 0, value.casefold()
    return False, 0, value
