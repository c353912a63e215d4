"""Several lines at once: what a change would do to each, the change, and what it did; deleting."""

from __future__ import annotations

from typing import Any

from officesmart.administration import lines as store
from officesmart.administration import many
from officesmart.administration.lines import Refused
from officesmart.administration.many import Outcome
from officesmart.administration.rows import BulkRow
from officesmart.administration.rules import rights_of
from officesmart.administration.sites import NEW_SITE, chosen
from officesmart.desk import desk
from officesmart.i18n import say
from officesmart.page import admin
from officesmart.pages._lines_found import NO_FAULTS
from officesmart.pages._lines_keys import Keys
from pbx.store import settings

DEEDS = ("on", "off", "site", "rights", "language", "mailbox")
SHOWN = 60  # lines told one by one
WORSE = ("refused", "gone", "will", "done", "same")
"What is told first."


class Many(Keys):
    """What the chosen lines are asked to become."""

    bulk: str = ""
    "One of DEEDS, while its window is open."
    bulk_value: str = ""
    bulk_new_site: bool = False
    _bulk_site: str = ""
    "As it is being named."
    bulk_rights: list[str] = []
    bulk_rows: list[BulkRow] = []
    bulk_more: int = 0
    bulk_will: int = 0
    bulk_same: int = 0
    bulk_refused: int = 0
    bulk_done: bool = False

    ask_names: list[str] = []
    ask_more: int = 0
    ask_accounts: int = 0
    ask_messages: int = 0
    _ask_ids: tuple[int, ...] = ()

    # -- one change ----------------------------------------------------------------------------

    @admin
    async def ask_many(self, deed: str) -> None:
        """Attiva, Disattiva, Sede, Diritti, Lingua, Casella: what would it do?"""
        if deed not in DEEDS or not self.selected:
            return
        if len(self.selected) > many.MOST:
            self._toast(
                "info",
                it=f"Al massimo {many.MOST} linee per volta",
                en=f"At most {many.MOST} lines at once",
            )
            return
        here = desk()
        usual = await here.database.read(lambda s: settings.read(s, settings.RIGHTS))
        self.bulk, self.bulk_done, self.faults = deed, False, dict(NO_FAULTS)
        self.bulk_new_site, self._bulk_site = False, ""
        self.bulk_value = {"language": "it", "mailbox": "on"}.get(deed, "")
        self.bulk_rights = rights_of(usual.split()).split()
        self.asking = "many"
        await self._foresee()

    @admin
    async def choose_many(self, value: str) -> None:
        """The site, language or mailbox that the lines are to have."""
        if self.bulk and not self.bulk_done:
            self.bulk_value, self.faults = value[:400], dict(NO_FAULTS)
            self.bulk_new_site, self._bulk_site = self.bulk == "site" and value == NEW_SITE, ""
            await self._foresee()

    @admin
    async def name_new_site(self, name: str) -> None:
        """The name of the site that the lines are to have, which is made with this change."""
        if self.bulk_new_site and not self.bulk_done:
            self._bulk_site, self.faults = name[:400], dict(NO_FAULTS)
            await self._foresee()

    @admin
    async def choose_right(self, name: str, on: bool) -> None:
        """A class of calls that the lines may make, or may not."""
        if self.bulk == "rights" and not self.bulk_done:
            chosen = {*self.bulk_rights, name} if on else {*self.bulk_rights} - {name}
            self.bulk_rights = rights_of(chosen).split()
            await self._foresee()

    @admin
    async def change_many(self) -> None:
        """Conferma: each of them, as it was foreseen."""
        change = self._change()
        if not self.bulk or self.bulk_done or change is None:
            return
        ids, author = tuple(self.selected), self._author()
        found = await desk().database.run(lambda s: many.change_each(s, author, ids, change))
        done = [each for each in found if each.kind == "done"]
        self.bulk_done = True
        self._tell(found)
        refused = {each.line_id for each in found if each.kind == "refused"}
        self.selected = [each for each in self.selected if each in refused]
        if not refused:
            self._over()
            count = len(done)
            self._toast(
                "available",
                it="1 linea modificata" if count == 1 else f"{count} linee modificate",
                en="1 line changed" if count == 1 else f"{count} lines changed",
            )
        await self._changed([each.extension for each in done], sessions=True)
        if self.opened in ids:
            await self._open(self.opened)

    async def _foresee(self) -> None:
        change = self._change()
        if change is None:
            self.bulk_rows, self.bulk_will = [], 0
            return
        ids, author = tuple(self.selected), self._author()
        self._tell(await desk().database.read(lambda s: many.foresee(s, author, ids, change)))

    def _change(self) -> dict[str, Any] | None:
        """What is to be set; None when it cannot be (what is wrong is said)."""
        value = self.bulk_value
        match self.bulk:
            case "on" | "off":
                return {"active": self.bulk == "on"}
            case "site":
                site, faults = chosen(self.site_names, value, self._bulk_site)
                if faults:
                    # Nobody is told off for a name that he has not begun to write.
                    if self._bulk_site or "site" in faults:
                        self._fault(faults)
                    return None
                return {"site": site}
            case "rights":
                return {"rights": rights_of(self.bulk_rights)}
            case "language" if value in ("it", "en"):
                return {"language": value}
            case "mailbox":
                return {"mailbox": value == "on"}
        return None

    def _tell(self, found: list[Outcome]) -> None:
        ordered = sorted(found, key=lambda each: WORSE.index(each.kind))
        self.bulk_rows = [
            BulkRow(
                each.line_id,
                each.extension,
                each.name,
                each.kind,
                say(self._language, it=each.fault.it, en=each.fault.en) if each.fault else "",
            )
            for each in ordered[:SHOWN]
        ]
        self.bulk_more = max(0, len(found) - SHOWN)
        kinds = [each.kind for each in found]
        self.bulk_will = kinds.count("will") + kinds.count("done")
        self.bulk_same = kinds.count("same")
        self.bulk_refused = kinds.count("refused") + kinds.count("gone")

    def _over(self) -> None:
        self.asking, self.bulk, self.bulk_rows = "", "", []

    # -- deleting -------------------------------------------------------------------------------

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
        self.bulk, self.bulk_rows = "", []
