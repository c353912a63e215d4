"""The lines of the office as a table: found, filtered, sorted, chosen; what deeds on them share.

First of the states in a row, each building on the one before: `_lines_found`, `_lines_served`,
`_lines_one`, `_lines_services`, `_lines_handed`, `_lines_keys`, `_lines_many`; the page and its
pieces are found by admin_lines.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from sqlmodel import Session

from officesmart.administration import listing
from officesmart.administration.audit import Author
from officesmart.administration.lines import Refused
from officesmart.administration.listing import Listed
from officesmart.administration.rows import LineRow, agents, line_row
from officesmart.administration.rules import FIELDS, Fault
from officesmart.desk import desk
from officesmart.i18n import say
from officesmart.page import Portal, admin
from officesmart.phone import LinkDown

ROWS = 50  # a page of the table
LONGEST_SEARCH = 200
ORDERS = ("extension", "name", "number", "site", "role")
NO_FAULTS = {name: "" for name in (*FIELDS, "new_site", "label", "")}


class Found(Portal):
    """What the table shows, and which of it is chosen."""

    rows: list[LineRow] = []
    total: int = 0
    found: int = 0
    first: int = 0
    last: int = 0
    wanted: str = ""
    at_site: str = ""
    in_role: str = ""
    connected: str = ""
    "'' for all, 'yes' or 'no'."
    in_state: str = ""
    "'' for all, 'on', 'off' or 'new': the first sign-in is still to do."
    order: str = "extension"
    falling: bool = False
    site_names: list[str] = []
    selected: list[int] = []
    cleared: int = 0
    "Moves when the search field is to be emptied."
    _sheet: int = 0
    _every: list[Listed] = []

    faults: dict[str, str] = NO_FAULTS
    failed: int = 0
    "Moves with each refusal, so that the first field at fault is gone to."

    @admin
    async def search(self, text: str) -> None:
        """While typing."""
        self.wanted, self._sheet = text[:LONGEST_SEARCH], 0
        await self._read()

    @admin
    async def choose_site(self, site: str) -> None:
        """Only the lines of one site; '' for all."""
        self.at_site, self._sheet = site, 0
        await self._read()

    @admin
    async def choose_role(self, role: str) -> None:
        """Only administrators, only others, or all."""
        self.in_role, self._sheet = role, 0
        await self._read()

    @admin
    async def choose_connected(self, connected: str) -> None:
        """Only lines with a phone, only those without, or all."""
        self.connected, self._sheet = connected, 0
        await self._read()

    @admin
    async def choose_state(self, state: str) -> None:
        """Only lines that are on, off, or whose owner was never there; '' for all."""
        self.in_state, self._sheet = state, 0
        await self._read()

    @admin
    async def everything(self) -> None:
        """Togli i filtri."""
        self.wanted = self.at_site = self.in_role = self.connected = self.in_state = ""
        self._sheet = 0
        self.cleared += 1
        await self._read()

    @admin
    async def sort(self, by: str) -> None:
        """By this column; again turns it round."""
        if by in ORDERS:
            self.falling = by == self.order and not self.falling
            self.order, self._sheet = by, 0
            await self._read()

    @admin
    async def turn(self, by: int) -> None:
        """The next page of the table, or the one before."""
        self._sheet = max(0, self._sheet + (1 if by > 0 else -1))
        await self._read()

    async def _read(self) -> None:
        here = desk()
        board = here.phone.board()
        text, site, role = self.wanted, self.at_site, self.in_role
        connected, order, falling = self.connected, self.order, self.falling
        state = self.in_state

        def read(
            session: Session,
        ) -> tuple[list[Listed], list[Listed], list[str], dict[int, tuple[str, ...]]]:
            every = listing.listed(session)
            phones = agents(
                board, listing.line_of_phones(session), {each.extension: each.id for each in every}
            )
            found = [
                each
                for each in every
                if (not site or each.site == site)
                and (not role or each.role == role)
                and (not connected or (each.id in phones) == (connected == "yes"))
                and _is(each, state)
                and listing.matches(each, text)
            ]
            if order != "extension":
                found.sort(key=partial(_key, order))
            if falling:
                found.reverse()
            return every, found, listing.sites(session), phones

        self._every, found, self.site_names, phones = await here.database.read(read)
        self.total, self.found = len(self._every), len(found)
        self._sheet = min(self._sheet, max(0, (len(found) - 1) // ROWS))
        start = self._sheet * ROWS
        shown = found[start : start + ROWS]
        self.rows = [line_row(each, board, phones.get(each.id, ())) for each in shown]
        self.first, self.last = (start + 1 if shown else 0), start + len(shown)
        alive = {each.id for each in self._every}
        self.selected = [each for each in self.selected if each in alive]

    # -- choosing many --------------------------------------------------------------------------

    @admin
    async def select(self, line: int, on: bool) -> None:
        """Choose a line, or not."""
        chosen = [each for each in self.selected if each != line]
        self.selected = [*chosen, line] if on else chosen

    @admin
    async def select_all(self) -> None:
        """Choose all that is found, or nothing."""
        here = {row.id for row in self.rows}
        if here <= set(self.selected):
            self.selected = [each for each in self.selected if each not in here]
        else:
            self.selected = [*self.selected, *sorted(here - set(self.selected))]

    @admin
    async def select_none(self) -> None:
        """Annulla la selezione."""
        self.selected = []

    # -- what several deeds share ---------------------------------------------------------------

    def _author(self) -> Author:
        assert self._person is not None
        return Author(self._person.extension, self._person.name, desk().now())

    async def _changed(self, extensions: Iterable[str], *, sessions: bool = False) -> None:
        """Settings are kept: the PBX, the other pages and this one look at them."""
        here, lines = desk(), list(extensions)
        try:
            await here.phone.settings_changed()
        except LinkDown:
            pass  # read at the next call all the same
        here.live.owe(lines, "office")
        if sessions:
            here.live.owe(lines, "session")
        await self._read()

    def _fault(self, faults: dict[str, Fault]) -> None:
        self.faults = NO_FAULTS | {
            name: say(self._language, it=fault.it, en=fault.en) for name, fault in faults.items()
        }
        self.failed += 1

    def _refuse(self, refused: Refused) -> None:
        for fault in refused.faults.values():
            self._toast("danger", it=fault.it, en=fault.en)


def _is(line: Listed, state: str) -> bool:
    match state:
        case "on":
            return line.active
        case "off":
            return not line.active
        case "new":
            return line.welcomed_at is None
    return True


def _key(order: str, line: Listed) -> tuple[bool, str, str]:
    """Empty ones last, then as people sort."""
    value = str(getattr(line, order)).casefold()
    return not value, value, line.extension
