"""One line in the panel beside the table: its fields, saved against what they were opened with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from officesmart.administration import accounts, line_services, listing, welcoming
from officesmart.administration import lines as store
from officesmart.administration.clash import Clash
from officesmart.administration.clashing import AdminsClashing
from officesmart.administration.lines import Gone, Refused
from officesmart.administration.rows import Access, AccountRow, Card, PhoneAt, card
from officesmart.administration.rules import LINE_NAMES, Fault, LineValues
from officesmart.administration.sites import NEW_SITE, chosen
from officesmart.desk import desk
from officesmart.i18n import say, when
from officesmart.line import phone_rows
from officesmart.page import admin
from officesmart.pages._lines_found import NO_FAULTS
from officesmart.pages._lines_served import Served
from pbx.store import settings

REFUSED = "transport:"
"How the troubles of phones begin that come by the wrong transport (pbx/peers/turned_away.py)."
NEW = -1  # as the line in the panel: one that is not made yet
TABS = ("generale", "servizi", "telefoni", "accesso")
NO_ACCESS = Access()
CALLED = {**LINE_NAMES, **line_services.NAMES}


class One(AdminsClashing, Served):
    """The line that is open."""

    tab: str = "generale"
    card: Card = Card()
    title: str = ""
    stamp: int = 0
    "Moves when the form is to show the card anew."
    sip_accounts: list[AccountRow] = []
    line_phones: list[PhoneAt] = []
    access: Access = NO_ACCESS
    new_site: bool = False
    "The form is to name a site that is made with the line."

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
        rights = await desk().database.read(lambda s: settings.read(s, settings.RIGHTS))
        self._base = LineValues(language=self._language, site=self.at_site, rights=rights)
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
    async def choose_form_site(self, site: str) -> None:
        """Sede: one of the list, or a new one, which then has to be named."""
        self.new_site = site == NEW_SITE

    async def _with_site(self, form: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Fault]]:
        """The form with the site it means, and what is wrong with that."""
        names = await desk().database.read(listing.sites)
        site, faults = chosen(names, str(form.get("site") or ""), str(form.get("new_site") or ""))
        return {**form, "site": site}, faults

    @admin
    async def undo(self) -> None:
        """Annulla: what is wrong with edits goes with them."""
        self.faults, self.clash, self.new_site = dict(NO_FAULTS), "", False
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
        self._services_of = 0
        await self._read_phones()
        await self._read_services()

    def _show(self, values: LineValues) -> None:
        self._base, self.card, self.title = values, card(values), values.name
        self.faults, self.clash, self.new_site = dict(NO_FAULTS), "", False
        self.stamp += 1

    def _close(self) -> None:
        self.opened, self.card, self.title = 0, Card(), ""
        self.sip_accounts, self.line_phones, self.access = [], [], NO_ACCESS
        self.faults, self.clash, self.new_site = dict(NO_FAULTS), "", False

    async def _read_phones(self) -> None:
        here, line, language = desk(), self.opened, self._language
        board, now = here.phone.board(), here.now()

        troubles = {
            each.kind.removeprefix(REFUSED): say(language, it=each.it, en=each.en)
            for each in board.troubles
            if each.kind.startswith(REFUSED)
        }

        def read(session: Session) -> tuple[list[AccountRow], list[PhoneAt], Access]:
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
                    transport=each.transport,
                    codec_1=codecs[0],
                    codec_2=codecs[1],
                    codec_3=codecs[2],
                    phones=users.count(each.username),
                    trouble=troubles.get(each.username, ""),
                )
                for each in owned
                for codecs in [(*each.codecs.split(), "", "", "")]
            ]
            return rows, phones, _access(welcoming.access_of(session, line))

        def _access(known: welcoming.AccessFacts) -> Access:
            at = known.welcomed_at
            return Access(
                welcomed=when(language, at, now, here.zone) if at is not None else "",
                security_email=known.security_email,
                mail_to=known.mail_to,
                has_pin=known.has_pin,
            )

        try:
            read_now = await here.database.read(read)
        except Gone:
            return  # the next look at the table closes the panel
        self.sip_accounts, self.line_phones, self.access = read_now

    async def _save(self, base: LineValues, values: LineValues) -> None:
        line, author = self.opened, self._author()
        try:
            now = await desk().database.run(
                lambda s: store.save(s, author, line, base=base, values=values)
            )
        except Clash as other:
            self._clashed(other, base=base, mine=values)
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

    def _lost(self) -> None:
        self._close()
        self._toast(
            "info",
            it="Un altro amministratore ha eliminato questa linea",
            en="Another administrator has deleted this line",
        )

    def _called(self) -> Mapping[str, tuple[str, str]]:
        return CALLED
