"""One line in the panel beside the table: its fields, saved against what they were opened with."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlmodel import Session

from officesmart import enrol
from officesmart.administration import accounts, listing
from officesmart.administration import lines as store
from officesmart.administration.lines import Conflict, Gone, Refused
from officesmart.administration.rows import AccountRow, Card, PhoneAt, Shown, card
from officesmart.administration.rules import LineValues, judge
from officesmart.desk import desk
from officesmart.i18n import say, when
from officesmart.line import phone_rows
from officesmart.page import admin
from officesmart.pages._lines_found import NO_FAULTS, Found
from officesmart.pages.admin_line_panel import NAMES

NEW = -1  # as the line in the panel: one that is not made yet
TABS = ("generale", "telefoni", "accesso")


class One(Found):
    """The line that is open."""

    opened: int = 0
    "The line in the panel; 0 for none, NEW for one to be made."
    tab: str = "generale"
    card: Card = Card()
    title: str = ""
    stamp: int = 0
    "Moves when the form is to show the card anew."
    clash: str = ""
    "Who changed what meanwhile, as a sentence; empty when nobody did."
    sip_accounts: list[AccountRow] = []
    line_phones: list[PhoneAt] = []
    _base: LineValues = LineValues()
    _theirs: LineValues = LineValues()
    _mine: LineValues = LineValues()

    shown: list[Shown] = []
    "New credentials, until their window is closed; only in the tab of whoever made them."
    shown_of: str = ""

    @admin
    async def open(self, line: int) -> None:
        """A line in the panel."""
        self.tab = "generale"
        await self._open(line)

    @admin
    async def open_new(self) -> None:
        """Nuova linea."""
        assert self._person is not None
        self._close()
        self._base = LineValues(language=self._language, site=self.at_site)
        self.card, self.title, self.opened = card(self._base), "", NEW
        self.tab = "generale"
        self.stamp += 1

    @admin
    async def close(self) -> None:
        """Chiudi il pannello."""
        self._close()

    @admin
    async def show(self, tab: str) -> None:
        """Another part of the line."""
        if tab in TABS:
            self.tab = tab

    @admin
    async def undo(self) -> None:
        """Annulla: what is wrong with edits goes with them."""
        self.faults, self.clash = dict(NO_FAULTS), ""
        if self.opened == NEW:
            self._close()

    async def _open(self, line: int) -> None:
        try:
            values = await desk().database.read(lambda s: store.values_of(s, line))
        except Gone:
            self._lost()
            await self._read()
            return
        self.opened = line
        self._show(values)
        await self._read_phones()

    def _show(self, values: LineValues) -> None:
        self._base, self.card, self.title = values, card(values), values.name
        self.faults, self.clash = dict(NO_FAULTS), ""
        self.stamp += 1

    def _close(self) -> None:
        self.opened, self.card, self.title = 0, Card(), ""
        self.sip_accounts, self.line_phones = [], []
        self.faults, self.clash = dict(NO_FAULTS), ""

    async def _read_phones(self) -> None:
        here, line, language = desk(), self.opened, self._language
        board, now = here.phone.board(), here.now()

        def read(session: Session) -> tuple[list[AccountRow], list[PhoneAt]]:
            owned = accounts.of_line(session, line)
            user_of = {each.id: each.username for each in owned}
            kept = {
                phone: (account, seen) for phone, account, seen in listing.phones_of(session, line)
            }
            of_others = set(listing.line_of_phones(session)) - set(kept)
            known = {
                each.phone: each
                for each in board.phones.values()
                if each.phone in kept
                or (each.line == self._base.extension and each.phone not in of_others)
            }
            phones = []
            for row in phone_rows(known, now):
                account, seen = kept.get(row.id, (0, None))
                phones.append(
                    PhoneAt(
                        id=row.id,
                        name=row.name,
                        source=row.source,
                        transport=row.transport,
                        user=user_of.get(account, ""),
                        seen=when(language, seen, now, here.zone) if seen is not None else "",
                    )
                )
            users = [each.user for each in phones]
            rows = [
                AccountRow(
                    id=each.id or 0,
                    user=each.username,
                    label=each.label,
                    direct_audio=each.direct_audio,
                    phones=users.count(each.username),
                )
                for each in owned
            ]
            return rows, phones

        self.sip_accounts, self.line_phones = await here.database.read(read)

    @admin
    async def save(self, form: dict[str, Any]) -> None:
        """Conferma."""
        values, faults = judge(form)
        if not self.opened:
            return
        if faults:
            self._fault(faults)
            return
        if self.opened == NEW:
            await self._create(values)
        else:
            await self._save(self._base, values)

    async def _save(self, base: LineValues, values: LineValues) -> None:
        line, author = self.opened, self._author()
        try:
            now = await desk().database.run(
                lambda s: store.save(s, author, line, base=base, values=values)
            )
        except Conflict as conflict:
            self._theirs, self._mine = conflict.theirs, values
            self.clash = self._clashed(conflict)
            return
        except Refused as refused:
            self._fault(refused.faults)
            return
        except Gone:
            self._lost()
            await self._read()
            return
        was = self._base.extension
        self._show(now)
        self._toast("available", it="Linea salvata", en="Line saved")
        await self._changed({was, now.extension}, sessions=True)
        await self._read_phones()

    @admin
    async def keep_theirs(self) -> None:
        """Tieni le sue."""
        if self.clash:
            self._show(self._theirs)

    @admin
    async def keep_mine(self) -> None:
        """Tieni le mie: what I changed goes over what they saved."""
        if self.clash:
            self.clash = ""
            mine = store.merged(self._base, self._mine, self._theirs)
            await self._save(self._theirs, mine)

    async def _create(self, values: LineValues) -> None:
        here, author = desk(), self._author()
        # Before the digests are paid for; asked again inside the transaction.
        faults = await here.database.read(lambda s: store.collisions(s, values))
        if faults:
            self._fault(faults)
            return
        new = store.enrolment_of(values)
        digests = (await asyncio.to_thread(enrol.digests_of, [new]))[0]
        try:
            line = await here.database.run(lambda s: store.create(s, author, values, new, digests))
        except Refused as refused:
            self._fault(refused.faults)
            return
        self.shown_of = f"{values.extension} {values.name}"
        self.shown = [
            Shown("portal", values.extension, new.secrets.password),
            Shown("sip", values.extension, new.secrets.sip_password),
            Shown("pin", values.extension, new.secrets.pin),
        ]
        await self._changed([values.extension])
        await self._open(line)

    def _lost(self) -> None:
        self._close()
        self._toast(
            "info",
            it="Un altro amministratore ha eliminato questa linea",
            en="Another administrator has deleted this line",
        )

    def _clashed(self, conflict: Conflict) -> str:
        here, language = desk(), self._language
        who = conflict.who or say(language, it="Qualcun altro", en="Somebody else")
        fields = ", ".join(
            say(language, it=it, en=en) for it, en in (NAMES[name] for name in conflict.fields)
        )
        at = when(language, conflict.at, here.now(), here.zone) if conflict.at is not None else ""
        return say(
            language,
            it=f"{who} ha cambiato: {fields}" + (f" ({at})" if at else ""),
            en=f"{who} changed: {fields}" + (f" ({at})" if at else ""),
        )
