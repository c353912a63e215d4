"""Several lines at once: switched on or off, moved to a site, deleted."""

from __future__ import annotations

from typing import Any

from officesmart.administration import lines as store
from officesmart.administration.lines import Refused
from officesmart.administration.rules import judge
from officesmart.desk import desk
from officesmart.page import admin
from officesmart.pages._lines_found import NO_FAULTS
from officesmart.pages._lines_keys import Keys


class Many(Keys):
    """What the chosen lines are asked to become."""

    ask_names: list[str] = []
    ask_more: int = 0
    ask_accounts: int = 0
    ask_messages: int = 0
    _ask_ids: tuple[int, ...] = ()

    @admin
    async def activate(self, on: bool) -> None:
        """Attiva, Disattiva: the chosen lines."""
        await self._set_many(active=on)

    @admin
    async def ask_site(self) -> None:
        """Sede: which one?"""
        if self.selected:
            self.asking, self.faults = "site", dict(NO_FAULTS)

    @admin
    async def move(self, form: dict[str, Any]) -> None:
        """The chosen lines go to this site."""
        typed = {"extension": "999999", "name": "x", "site": form.get("bulk_site")}
        values, faults = judge(typed)
        if "site" in faults:
            self._fault(faults)
            return
        self.asking = ""
        await self._set_many(site=values.site)

    async def _set_many(self, **fields: str | bool) -> None:
        chosen = tuple(self.selected)
        if not chosen:
            return
        author = self._author()
        try:
            done = await desk().database.run(lambda s: store.set_many(s, author, chosen, **fields))
        except Refused as refused:
            self._refuse(refused)
            return
        self.selected = []
        count = len(done)
        self._toast(
            "available",
            it="1 linea modificata" if count == 1 else f"{count} linee modificate",
            en="1 line changed" if count == 1 else f"{count} lines changed",
        )
        await self._changed(done, sessions="active" in fields)
        if self.opened in chosen:
            await self._open(self.opened)

    @admin
    async def ask_delete(self, line: int) -> None:
        """Elimina: this line, or (0) the chosen ones; first say what goes with them."""
        ids = (line,) if line else tuple(self.selected)
        if not ids:
            return
        gone = await desk().database.read(lambda s: store.going(s, ids))
        self._ask_ids, self.asking = ids, "delete"
        self.ask_names, self.ask_more = list(gone.names[:8]), max(0, gone.lines - 8)
        self.ask_accounts, self.ask_messages = gone.accounts, gone.messages

    @admin
    async def delete(self) -> None:
        """Elimina, confirmed."""
        ids, author, here = self._ask_ids, self._author(), desk()
        self.asking, self._ask_ids = "", ()
        if not ids:
            return
        try:
            gone = await here.database.run(
                lambda s: store.remove(s, author, ids, here.database.data)
            )
        except Refused as refused:
            self._refuse(refused)
            return
        if self.opened in ids:
            self._close()
        self.selected = [each for each in self.selected if each not in ids]
        count = len(gone)
        self._toast(
            "available",
            it="1 linea eliminata" if count == 1 else f"{count} linee eliminate",
            en="1 line deleted" if count == 1 else f"{count} lines deleted",
        )
        await self._changed(gone, sessions=True)

    @admin
    async def cancel(self) -> None:
        """Annulla, in a window that asks."""
        self.asking, self._ask_ids, self._ask_account = "", (), 0
