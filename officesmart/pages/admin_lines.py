"""Interni: every line of the office, found, changed, made and removed (issue: administration).

The rules are in administration/; what is shown and done is in `_lines_*.py`, the pieces of the
panel in admin_line_panel.py, those of the table in admin_line_table.py.
"""

from __future__ import annotations

from functools import partial

from officesmart.administration.rows import standing
from officesmart.desk import desk
from officesmart.page import Page, admin, handler_of
from officesmart.pages import admin_line_table as table
from officesmart.pages._lines_many import Many


class Lines(Many):
    """The page: it opens, and what happens in the office reaches it."""

    @admin(acts=False)
    async def enter(self) -> None:
        """The page opens (on the line its address names), or its connection is back."""
        assert self._person is not None
        await self._enter(self._person, handler_of(Lines.news), sees_all=True)
        self._forget()
        asked = self.router.url.query_parameters.get("interno", "")
        await self._read()
        if asked and not self.opened:
            line = next((row for row in self._every if row.extension == asked), None)
            if line is not None:
                await self._open(line.id)

    @admin(acts=False)
    async def news(self, topics: list[str]) -> None:
        """Pushed: something in the office moved."""
        assert self._person is not None
        await self._look(self._person, tuple(topics))
        if set(topics) <= {"calls", "messages", "records"}:
            # Ten times a second in a busy office: the rows shown, from the board alone.
            board = desk().phone.board()
            self.rows = [standing(row, board) for row in self.rows]
            return
        await self._read()
        if self.opened > 0:
            await self._read_phones()
            await self._read_services()


PAGE = Page(
    route="/admin/interni",
    view=partial(table.view, Lines),
    on_load=Lines.enter,
    it="Interni",
    en="Lines",
    icon="users",
    nav=91,
    nav_it="Amministrazione",
    nav_en="Administration",
    short_it="Gestione",
    short_en="Manage",
    needs="admin",
)
