"""Interni: every line of the office, found, changed, made and removed (issue: administration).

What is shown and done is here; the rules are in administration/, the pieces of the panel beside
in admin_line_panel.py, those of the table in
admin_line_table.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar

from sqlmodel import Session

from officesmart import enrol
from officesmart.administration import accounts, audit, listing
from officesmart.administration import lines as store
from officesmart.administration.audit import Author
from officesmart.administration.lines import Conflict, Gone, Refused
from officesmart.administration.listing import Listed
from officesmart.administration.rows import (
    AccountRow,
    Card,
    LineRow,
    PhoneAt,
    Shown,
    agents,
    card,
    line_row,
    standing,
)
from officesmart.administration.rules import FIELDS, Fault, LineValues, judge
from officesmart.desk import desk
from officesmart.i18n import say, when
from officesmart.line import phone_rows
from officesmart.page import Page, Portal, admin, handler_of
from officesmart.pages import admin_line_table as table
from officesmart.pages.admin_line_panel import NAMES
from officesmart.phone import LinkDown

T = TypeVar("T")
ROWS = 50  # a page of the table
NEW = -1  # as the line in the panel: one that is not made yet
ORDERS = ("extension", "name", "number", "site", "role")
TABS = ("generale", "telefoni", "accesso")
NO_FAULTS = {name: "" for name in (*FIELDS, "label", "")}


class Lines(Portal):
    """The table, and the line that is open beside it."""

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
    order: str = "extension"
    falling: bool = False
    site_names: list[str] = []
    selected: list[int] = []
    cleared: int = 0
    "Moves when the search field is to be emptied."
    _sheet: int = 0
    _every: list[Listed] = []

    opened: int = 0
    "The line in the panel; 0 for none, NEW for one to be made."
    tab: str = "generale"
    card: Card = Card()
    title: str = ""
    stamp: int = 0
    "Moves when the form is to show the card anew."
    faults: dict[str, str] = NO_FAULTS
    failed: int = 0
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

    asking: str = ""
    "'', 'delete', 'site' or 'account'."
    ask_names: list[str] = []
    ask_more: int = 0
    ask_accounts: int = 0
    ask_messages: int = 0
    ask_user: str = ""
    _ask_ids: tuple[int, ...] = ()
    _ask_account: int = 0

    # -- looking --------------------------------------------------------------------------------

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

    @admin
    async def search(self, text: str) -> None:
        """While typing."""
        self.wanted, self._sheet = text[: table.LONGEST_SEARCH], 0
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
    async def everything(self) -> None:
        """Togli i filtri."""
        self.wanted = self.at_site = self.in_role = self.connected = ""
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
    async def select(self, line: int) -> None:
        """Choose a line, or not."""
        chosen = [each for each in self.selected if each != line]
        self.selected = chosen if len(chosen) < len(self.selected) else [*chosen, line]

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

    # -- the panel ------------------------------------------------------------------------------

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

    # -- accounts and their phones --------------------------------------------------------------

    @admin
    async def add_account(self, form: dict[str, Any]) -> None:
        """Aggiungi un telefono."""
        if self.opened <= 0:
            return
        label = str(form.get("label") or "").strip()
        line, author, here = self.opened, self._author(), desk()
        extension = self._base.extension
        user = await here.database.read(lambda s: accounts.free_user(s, extension))
        new = await self._made("sip", user=user)
        if await self._do(lambda s: accounts.add(s, author, line, label, new)) is not None:
            self._hand_out(new)

    @admin
    async def label(self, account: int, label: str) -> None:
        """Another name for an account."""
        author = self._author()
        await self._do(lambda s: accounts.rename(s, author, account, label.strip()))

    @admin
    async def direct_audio(self, account: int, on: bool) -> None:
        """Audio diretto."""
        author = self._author()
        await self._do(lambda s: accounts.set_direct_audio(s, author, account, on))

    @admin
    async def new_sip(self, account: int) -> None:
        """Nuova password SIP."""
        author = self._author()
        user = next((each.user for each in self.sip_accounts if each.id == account), "")
        if user:
            new = await self._made("sip", user=user)
            deed = partial(accounts.reset_sip, author=author, account_id=account, new=new)
            if await self._do(deed):
                self._hand_out(new)

    @admin
    async def new_portal(self) -> None:
        """Nuova password del portale."""
        await self._reset("portal", accounts.reset_portal)

    @admin
    async def new_pin(self) -> None:
        """Nuovo PIN."""
        await self._reset("pin", accounts.reset_pin)

    async def _reset(self, kind: str, deed: Callable[..., bool]) -> None:
        if self.opened <= 0:
            return
        line, author, extension = self.opened, self._author(), self._base.extension
        new = await self._made(kind)
        if await self._do(lambda s: deed(s, author, line, new)):
            self._hand_out(new)
            if kind == "portal":
                desk().live.owe([extension], "session")

    @admin
    async def ask_account(self, account: int) -> None:
        """Rimuovi: which phones lose it?"""
        row = next((each for each in self.sip_accounts if each.id == account), None)
        if row is not None:
            self._ask_account, self.ask_user, self.asking = account, row.user, "account"

    @admin
    async def remove_account(self) -> None:
        """Rimuovi, confirmed."""
        account, author = self._ask_account, self._author()
        self.asking, self._ask_account = "", 0
        removed = partial(accounts.remove, author=author, account_id=account)
        if account and await self._do(lambda s: removed(s) != ""):
            self._toast("available", it="Account rimosso", en="Account removed")

    @admin
    async def sign_out(self, phone: int) -> None:
        """Scollega."""
        row = next((each for each in self.line_phones if each.id == phone), None)
        try:
            done = await desk().phone.sign_out_phone(phone)
        except LinkDown:
            done = False
        if done and row is not None:
            author, base = self._author(), self._base
            told = {"phone": row.name, "address": row.source}
            await desk().database.run(
                lambda s: audit.note(
                    s,
                    author,
                    "phone_signed_out",
                    line=base.extension,
                    line_name=base.name,
                    before=told,
                )
            )
            self._toast("available", it="Telefono scollegato", en="Phone signed out")
        else:
            self._toast("info", it="Il telefono era già scollegato", en="It was signed out already")
        if self.opened > 0:
            await self._read_phones()

    @admin(acts=False)
    async def forget_shown(self) -> None:
        """The window with new credentials is closed, or the page left."""
        self._forget()

    # -- what several deeds share ---------------------------------------------------------------

    def _author(self) -> Author:
        assert self._person is not None
        return Author(self._person.extension, self._person.name, desk().now())

    async def _made(self, kind: str, *, user: str = "") -> accounts.Made:
        base = self._base
        return await asyncio.to_thread(
            partial(
                accounts.made,
                kind,
                extension=base.extension,
                name=base.name,
                number=base.number,
                user=user,
            )
        )

    async def _do(self, deed: Callable[[Session], T]) -> T | None:
        """A change of the open line's accounts; None when it was refused."""
        try:
            answer: T | None = await desk().database.run(deed)
        except Refused as refused:
            self._fault(refused.faults)
            return None
        except Gone:
            self._toast("info", it="Non c'è più", en="It is gone")
            answer = None
        await self._changed([self._base.extension])
        if self.opened > 0:
            await self._read_phones()
        return answer

    def _hand_out(self, new: accounts.Made) -> None:
        fresh = new.fresh
        self.faults = dict(NO_FAULTS)
        self.shown_of = f"{self._base.extension} {self._base.name}"
        self.shown = [Shown(fresh.kind, fresh.user, fresh.secret)]

    def _forget(self) -> None:
        self.shown, self.shown_of = [], ""

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


def _key(order: str, line: Listed) -> tuple[bool, str, str]:
    """Empty ones last, then as people sort."""
    value = str(getattr(line, order)).casefold()
    return not value, value, line.extension


PAGE = Page(
    route="/admin/interni",
    view=partial(table.view, Lines),
    on_load=Lines.enter,
    it="Interni",
    en="Lines",
    icon="users",
    nav=91,
    needs="admin",
)
