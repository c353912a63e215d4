"""What Messaggi e Chiamate shows and does: its tabs, their rows, and the deeds on a row.

The pieces are in `messages`, `_message_rows` and `_call_rows`; the page is found by `messages`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from urllib.parse import quote

from sqlalchemy import func
from sqlmodel import Session, select

from officesmart.call_lists import KINDS, LONGEST_SEARCH, MOST_LISTED, Sought, sought
from officesmart.counts import to_call_back
from officesmart.desk import desk
from officesmart.lists import (
    CallDay,
    Fill,
    MessageDay,
    Reader,
    call_days,
    fill,
    message_days,
)
from officesmart.naming import people_of
from officesmart.page import Portal, handler_of, mine
from pbx.store import history
from pbx.store import messages as store
from pbx.tables import Mailbox, VoiceMessage

TABS = ("perse", "effettuate", "ricevute", "rifiutate", "messaggi", "eliminati")
ALL = -1  # as the message that is about to be deleted for good: every deleted one
SHOWN = 300  # messages; three mailboxes full


class Messages(Portal):
    """The tab that is shown, and its rows."""

    tab: str = "messaggi"
    message_days: list[MessageDay] = []
    call_days: list[CallDay] = []
    opened: int = 0
    "The message whose player is open; 0 for none."
    call_search: str = ""
    "Who is looked for in the lists of calls."
    call_sought: str = ""
    "The same, for an address."
    cleared: int = 0
    "How often the search was cleared: its field is made anew."
    to_field: bool = False
    "It was cleared just now by who searches, whose cursor goes back into it."
    listed: int = 0
    "Calls that are listed."
    more: bool = False
    "There are older ones than those."
    explained: int = 0
    "The call whose reasons are shown; 0 for none."
    doomed: int = 0
    "The message that is about to be deleted for good, ALL, or 0."
    used: int = 0
    most: int = 0
    used_share: int = 0
    minutes: int = 0
    most_minutes: int = 0
    minute_share: int = 0
    loaded: bool = False
    _most: int = history.PAGE

    @mine(acts=False, reads=True)
    async def enter(self) -> None:
        """The page opens (on the tab its address names), or its connection is back."""
        assert self._person is not None
        await self._enter(self._person, handler_of(Messages.news))
        self.to_field = False
        asked = self.router.url.query_parameters.get("scheda", "")
        if asked in TABS:
            if asked != self.tab:
                self._most = history.PAGE
            self.tab = asked
        await self._read()

    @mine(acts=False, reads=True)
    async def news(self, topics: list[str]) -> None:
        """Pushed: something of this line moved."""
        assert self._person is not None
        await self._look(self._person, tuple(topics))
        if {"messages", "records", "contacts", "settings", "language"} & set(topics):
            await self._read()

    @mine(reads=True)
    async def show(self, tab: str) -> None:
        """Another tab."""
        if tab in TABS:
            self.tab, self.opened, self.doomed, self.explained = tab, 0, 0, 0
            self.to_field = False
            self._most = history.PAGE
            await self._read()

    @mine(reads=True)
    async def search_calls(self, text: str) -> None:
        """While typing into the search of the lists of calls."""
        await self._search(text)

    @mine(reads=True)
    async def clear_search(self) -> None:
        """The cross in that field, and the way back from a search that finds nothing."""
        self.cleared, self.to_field = self.cleared + 1, True
        await self._search("")

    @mine(reads=True)
    async def older(self) -> None:
        """Altre: as many more again, older ones."""
        self._most = min(MOST_LISTED, self._most + history.PAGE)
        await self._read()

    @mine
    async def open(self, message: int) -> None:
        """The play button: open this message's player."""
        self.opened = message

    @mine(reads=True)
    async def explain(self, call: int) -> None:
        """Perché è andata così: the reasons of a call, or put them away."""
        self.explained = 0 if self.explained == call else call

    @mine
    async def listen(self, message: int) -> None:
        """From a missed call to the message it left."""
        self.tab, self.opened = "messaggi", message
        await self._read()

    @mine(reads=True)
    async def close(self) -> None:
        """Chiudi: put the player away."""
        self.opened = 0

    @mine
    async def heard(self, message: int) -> None:
        """The player: five seconds were heard, or all of it."""
        await self._change(lambda s, line: store.mark_heard(s, line, message))

    @mine
    async def mark_heard(self, message: int) -> None:
        """Contrassegna come Ascoltato."""
        await self._change(lambda s, line: store.mark_heard(s, line, message))

    @mine
    async def mark_new(self, message: int) -> None:
        """Contrassegna come nuovo."""
        await self._change(lambda s, line: store.mark_new(s, line, message))

    @mine
    async def delete(self, message: int) -> None:
        """Elimina: to the deleted ones, from where it can come back."""
        now = desk().now()
        if await self._change(lambda s, line: store.delete(s, line, message, at=now)):
            self._toast("available", it="Messaggio eliminato", en="Message deleted", undo=message)

    @mine
    async def restore(self, message: int) -> None:
        """Ripristina: back as it was."""
        if await self._change(lambda s, line: store.restore(s, line, message)):
            self.toasts = [toast for toast in self.toasts if toast.undo != message]
            self._toast("available", it="Messaggio ripristinato", en="Message restored")

    @mine
    async def doom(self, message: int) -> None:
        """Elimina definitivamente: ask first, it cannot be undone."""
        self.doomed = message

    @mine(reads=True)
    async def spare(self) -> None:
        """Annulla."""
        self.doomed = 0

    @mine
    async def purge(self) -> None:
        """Delete for good what was asked about."""
        doomed, data = self.doomed, desk().database.data
        self.doomed = 0
        if doomed == ALL:
            done = await self._change(lambda s, line: store.purge_all(s, data, line) > 0)
        else:
            done = await self._change(lambda s, line: store.purge(s, data, line, doomed))
        if done:
            self._toast("available", it="Eliminato definitivamente", en="Deleted for good")

    # -- the database ---------------------------------------------------------------------------

    async def _change(self, deed: Callable[[Session, int], bool]) -> bool:
        """Do something to my own messages; tell lamps and other pages when it changed anything."""
        assert self._person is not None
        who, here = self._person, desk()
        changed = await here.database.run(lambda session: deed(session, who.line_id))
        if changed:
            here.live.owe([who.extension], "messages")
            await here.phone.mailbox_changed(who.extension)
        await self._look(who, ("messages",))
        await self._read()
        return changed

    async def _search(self, text: str) -> None:
        self.call_search, self._most, self.explained = text[:LONGEST_SEARCH], history.PAGE, 0
        self.call_sought = quote(self.call_search)
        await self._read()

    async def _read(self) -> None:
        """The rows of the shown tab, and how full the mailbox is."""
        assert self._person is not None
        here, line = desk(), self._person.line_id
        reader = Reader(self._language, here.zone, here.now())
        tab, text, most = self.tab, self.call_search, self._most
        found = Sought(line, "missed")
        if tab in KINDS:
            found = await sought(here.database, line, KINDS[tab], text, language=self._language)

        def read(session: Session) -> tuple[list[MessageDay], list[CallDay], Fill, int]:
            number, seconds = session.execute(
                select(func.count(), func.coalesce(func.sum(VoiceMessage.seconds), 0.0)).where(
                    VoiceMessage.line_id == line
                )
            ).one()
            full = fill(session.get(Mailbox, line), number, seconds)

            def knowing(numbers: Iterable[str]) -> Reader:
                return replace(reader, people=people_of(session, line, numbers))

            if tab not in KINDS:
                kept = store.listing(session, line, deleted=tab == "eliminati", limit=SHOWN)
                return message_days(kept, knowing(m.caller_number for m in kept)), [], full, 0
            calls = found.piece(session, limit=most + 1)
            fresh: frozenset[int] = frozenset()
            if tab == "perse":
                since = [*history.dialled(session, line), *history.received(session, line)]
                fresh = to_call_back(calls[:most], since, reader.now)
            known = knowing(n for call in calls for n in call.numbers)
            return [], call_days(calls[:most], known, fresh=fresh), full, len(calls)

        self.message_days, self.call_days, full, calls = await here.database.read(read)
        self.listed, self.more = min(calls, most), calls > most
        self.used, self.most, self.used_share = full.messages, full.most, full.message_share
        self.minutes, self.most_minutes = full.minutes, full.most_minutes
        self.minute_share = full.minute_share
        if not any(row.id == self.opened for day in self.message_days for row in day.rows):
            self.opened = 0
        self.loaded = True
