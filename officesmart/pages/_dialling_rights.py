"""Rights of every line: a matrix of lines and classes, one by one or many at once."""

from __future__ import annotations

from dataclasses import dataclass

from officesmart.administration import dialling as store
from officesmart.administration.audit import Author
from officesmart.administration.dialling import RIGHTS, LineRights
from officesmart.desk import desk
from officesmart.i18n import say
from officesmart.page import Portal, admin
from officesmart.phone import LinkDown
from pbx.routing.rights import WORDS

ROWS = 50  # lines of a page of the matrix


@dataclass(frozen=True)
class RightsRow:
    """A line of the matrix."""

    id: int
    extension: str
    name: str
    site: str
    rights: list[bool]
    "In the order of RIGHTS."


class Rights(Portal):
    """The matrix, and the lines that are chosen in it."""

    lines: list[RightsRow] = []
    found: int = 0
    first: int = 0
    last: int = 0
    wanted: str = ""
    selected: list[int] = []
    all_found: int = 0
    _sheet: int = 0
    _every: list[LineRights] = []
    _ids: tuple[int, ...] = ()

    async def _read_lines(self) -> None:
        self._every = await desk().database.read(store.matrix)
        self._show_lines()

    @admin
    async def search(self, words: str) -> None:
        """While typing: extension, name or site."""
        self.wanted, self._sheet = words[:200], 0
        self._show_lines()

    @admin
    async def turn(self, by: int) -> None:
        """The next page of the matrix, or the one before."""
        self._sheet = max(0, self._sheet + (1 if by > 0 else -1))
        self._show_lines()

    def _show_lines(self) -> None:
        words = self.wanted.casefold().split()
        found = [
            each
            for each in self._every
            if all(word in f"{each.extension} {each.name} {each.site}".casefold() for word in words)
        ]
        self._ids = tuple(each.id for each in found)
        self.found = len(found)
        self._sheet = min(self._sheet, max(0, (len(found) - 1) // ROWS))
        start = self._sheet * ROWS
        shown = found[start : start + ROWS]
        self.first, self.last = (start + 1 if shown else 0), start + len(shown)
        self.lines = [
            RightsRow(
                each.id,
                each.extension,
                each.name,
                each.site,
                [right in each.rights for right in RIGHTS],
            )
            for each in shown
        ]
        alive = {each.id for each in self._every}
        self.selected = [each for each in self.selected if each in alive]

    @admin
    async def select(self, line: int, on: bool) -> None:
        """Choose a line, or not."""
        chosen = [each for each in self.selected if each != line]
        self.selected = [*chosen, line] if on else chosen

    @admin
    async def select_found(self) -> None:
        """Choose every line that is found, on other pages too; or none."""
        self.selected = [] if set(self._ids) <= set(self.selected) else list(self._ids)

    @admin
    async def select_none(self) -> None:
        """Annulla la selezione."""
        self.selected = []

    @admin
    async def give(self, line: int, right: int, on: bool) -> None:
        """One right of one line."""
        if 0 <= right < len(RIGHTS):
            await self._give((line,), RIGHTS[right], on)

    @admin
    async def give_chosen(self, right: int, on: bool) -> None:
        """One right of all chosen lines."""
        if not (0 <= right < len(RIGHTS) and self.selected):
            return
        done = await self._give(tuple(self.selected), RIGHTS[right], on)
        self._toast(
            "available",
            it="1 linea modificata" if done == 1 else f"{done} linee modificate",
            en="1 line changed" if done == 1 else f"{done} lines changed",
        )

    async def _give(self, ids: tuple[int, ...], right: str, on: bool) -> int:
        author = self._author()
        done = await desk().database.run(lambda s: store.set_right(s, author, ids, right, on))
        await tell()
        await self._read_lines()
        return len(done)

    # -- for the other parts of the page --------------------------------------------------------

    def _author(self) -> Author:
        assert self._person is not None
        return Author(self._person.extension, self._person.name, desk().now())

    def _class(self, kind: str) -> str:
        word = WORDS.get(kind)
        return say(self._language, it=word.it, en=word.en) if word is not None else ""


async def tell() -> None:
    """The PBX and the other pages look anew."""
    here = desk()
    try:
        await here.phone.settings_changed()
    except LinkDown:
        pass  # read at the next call all the same
    here.live.owe((), "office")
