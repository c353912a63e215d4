"""What moves on open pages: facts from the PBX, gathered, pushed to the tabs they concern.

One task reads the link. A tab is told *that* something of its line changed and reads it anew, so a
lost push costs nothing once the next one comes. No tab waits for another: one that is still busy
with the last push gets the next when it has done.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from officesmart.phone import Phone
from pbx.events import kinds
from pbx.events.kinds import Event

log = logging.getLogger(__name__)

GATHER = 0.1  # seconds; ten updates a second are more than a person reads
LOOK = 2.0  # seconds between looks at whether there is a PBX at all
SWEEP = 15.0  # seconds between looks at sessions that end
ENDS_KEPT = 512

Topic = str
"""'calls', 'phones', 'messages', 'records', 'office' (workers, trunks, troubles), 'settings',
'draft' (what is edited and not saved), 'link', 'language', 'contacts' or 'session'."""

Push = Callable[["Tab", tuple[Topic, ...]], Awaitable["asyncio.Future[object] | None"]]
"Enqueues one event for a tab; the future is done when the tab has been told."


@dataclass(slots=True)
class Tab:
    """One open page."""

    token: str
    session: str
    line: str
    line_id: int
    handler: str
    "The full name of the event handler to push to."
    sees_all: bool = False
    "An administrator's page: every line concerns it."
    busy: asyncio.Future[object] | None = None
    owed: set[Topic] = field(default_factory=set)
    was: str = ""
    "The session's hash when this tab connected, when it has another now (role.py)."
    curious: bool = False
    "Somebody chooses among all lines there: every line concerns it for the moment."
    away: int = 0
    "For how many sweeps it has not been connected."


@dataclass(frozen=True, slots=True)
class Ended:
    """How a call ended: kept a while, for the page that follows it."""

    end: kinds.End
    ended_by: str
    lines: frozenset[str]
    why: kinds.Why = kinds.Why()
    "Of a call made here whose origin could not ring: why."


class Live:
    """The open tabs and what each is owed. Belongs to the web's loop."""

    def __init__(self) -> None:
        self._tabs: dict[str, Tab] = {}
        self._lines: dict[str, frozenset[str]] = {}
        self._ends: OrderedDict[str, Ended] = OrderedDict()
        self._owing = asyncio.Event()

    # -- tabs -----------------------------------------------------------------------------------

    def watch(self, tab: Tab) -> None:
        """Tell this tab from now on; it replaces what was said of the same token."""
        before = self._tabs.get(tab.token)
        if before is not None and before.session == tab.session:
            tab.was = before.was
        self._tabs[tab.token] = tab

    def forget(self, token: str) -> None:
        """The tab is closed or nobody is signed in there."""
        self._tabs.pop(token, None)

    def moved(self, old: str, new: str) -> None:
        """A session has another token: its tabs go on under it, and look who is there."""
        for tab in self.tabs_of_session(old):
            tab.was, tab.session = tab.was or old, new
        self.owe_session(new)

    def now_called(self, token: str, session: str) -> str:
        """The session that this tab connected under, by its name today.

        Only a tab that was here when the name changed is known by the old one.
        """
        tab = self._tabs.get(token)
        return tab.session if tab is not None and session and tab.was == session else session

    def curious(self, token: str, so: bool) -> None:
        """Tell this tab of every line's calls and phones, or of its own only again."""
        tab = self._tabs.get(token)
        if tab is not None:
            tab.curious = so

    def tabs(self) -> tuple[Tab, ...]:
        """Every tab that is watched."""
        return tuple(self._tabs.values())

    def tabs_of_session(self, session: str) -> tuple[Tab, ...]:
        """The tabs that one sign-in has open."""
        return tuple(tab for tab in self._tabs.values() if tab.session == session)

    # -- facts ----------------------------------------------------------------------------------

    def take(self, event: Event) -> None:
        """Note whom a fact concerns."""
        if isinstance(event, kinds.SettingsChanged):  # it may concern how any line is reached
            self.owe_all("settings")
            return
        if isinstance(event, kinds.CallParked | kinds.CallUnparked):  # anybody may take it back
            self.owe_all("calls")
            return
        topic, lines = self._concerns(event)
        if topic:
            self.owe(lines, topic)

    def owe(self, lines: Iterable[str], topic: Topic) -> None:
        """These lines' tabs are to look at this again; every tab that sees all is too."""
        wanted = frozenset(lines)
        for tab in self._tabs.values():
            if tab.sees_all or tab.curious or tab.line in wanted:
                tab.owed.add(topic)
                self._owing.set()

    def owe_all(self, topic: Topic) -> None:
        """Every tab is to look at this again."""
        for tab in self._tabs.values():
            tab.owed.add(topic)
        self._owing.set()

    def owe_session(self, session: str) -> None:
        """Something happened to this sign-in: its tabs are to look who is there."""
        for tab in self.tabs_of_session(session):
            tab.owed.add("session")
            self._owing.set()

    def ended(self, call: str, line: str) -> Ended | None:
        """How a call of this line ended; None when it isn't over, or isn't theirs to know."""
        known = self._ends.get(call)
        return known if known is not None and line in known.lines else None

    def _concerns(self, event: Event) -> tuple[Topic, frozenset[str]]:
        match event:
            case kinds.CallStarted():
                sides = (event.caller.line, event.callee.line, event.origin)
                return "calls", self._also(event.call, *sides)
            case kinds.CallMoved():
                return "calls", self._also(event.call, event.caller.line, event.callee.line)
            case kinds.CallRinging() | kinds.CallAnswered():
                return "calls", self._also(event.call, event.callee.line)
            case kinds.LineRings() | kinds.LineQuiet():
                return "calls", self._also(event.call, event.line)
            case kinds.CallHeld():
                return "calls", self._also(event.call, event.by_line)
            case kinds.OriginRinging() | kinds.OriginAnswered():
                return "calls", self._also(event.call)
            case kinds.CallEnded():
                lines = self._lines.pop(event.call, frozenset())
                self._ends[event.call] = Ended(event.end, event.ended_by, lines, event.why)
                while len(self._ends) > ENDS_KEPT:
                    self._ends.popitem(last=False)
                return "calls", lines
            case kinds.RecordKept():
                return "records", frozenset(event.lines)
            case kinds.PhoneRegistered() | kinds.PhoneGone() | kinds.DoNotDisturb():
                return "phones", frozenset({event.line})
            case kinds.VoicemailLeft() | kinds.MailboxChanged():
                return "messages", frozenset({event.line})
            case kinds.TrunkCalls():
                return "calls", frozenset()
            case kinds.WorkerChanged() | kinds.Trouble() | kinds.TrunkChanged() | kinds.TrunkGone():
                return "office", frozenset()
            case kinds.SettingsChanged() | kinds.CallParked() | kinds.CallUnparked():
                return "", frozenset()

    def _also(self, call: str, *lines: str) -> frozenset[str]:
        self._lines[call] = self._lines.get(call, frozenset()) | {line for line in lines if line}
        return self._lines[call]

    # -- pushing --------------------------------------------------------------------------------

    async def follow(self, phone: Phone) -> None:
        """Read the PBX's facts for ever; notice when there is none, and when it is back."""
        was_running: bool | None = None
        while True:
            running = phone.running()
            if running != was_running:
                was_running = running
                self.owe_all("link")
            reader = phone.events() if running else None
            if reader is None:
                await asyncio.sleep(LOOK)
                continue
            reading = asyncio.create_task(self._read(reader))
            try:
                while phone.running() and not reading.done():
                    await asyncio.wait({reading}, timeout=LOOK)
            finally:
                reading.cancel()
                phone.close_events(reader)

    async def _read(self, reader: object) -> None:
        async for event in reader:  # type: ignore[attr-defined]
            self.take(event)

    async def push(self, push: Push, connected: Callable[[], Mapping[str, object]]) -> None:
        """Tell the tabs what they are owed, for ever, in bursts."""
        while True:
            await self._owing.wait()
            await asyncio.sleep(GATHER)
            self._owing.clear()
            here = connected()
            for tab in self.tabs():
                if not tab.owed or tab.token not in here:
                    continue
                if tab.busy is not None and not tab.busy.done():
                    tab.busy.add_done_callback(lambda _: self._owing.set())
                    continue
                topics, tab.owed = tuple(sorted(tab.owed)), set()
                try:
                    tab.busy = await push(tab, topics)
                except Exception:  # one tab's fault must not stop the others
                    log.exception("a page could not be told")

    async def sweep(
        self,
        ending: Callable[[tuple[Tab, ...], datetime], Awaitable[None]],
        now: Callable[[], datetime],
    ) -> None:
        """Look after sessions that end by themselves, for ever."""
        while True:
            await asyncio.sleep(SWEEP)
            try:
                await ending(self.tabs(), now())
            except Exception:  # a locked database now is no reason to stop looking
                log.exception("sessions could not be swept")
