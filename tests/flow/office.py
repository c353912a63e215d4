"""A whole office in memory: its switch, its hub, its phones; only sockets, clock and sound are not
real."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pbx.calls.api import Call
from pbx.calls.story import CallStory
from pbx.calls.switch import App, Switch
from pbx.calls.toll import Meter
from pbx.events import kinds
from pbx.events.bus import Bus
from pbx.hub import Hub
from pbx.media import prompts
from pbx.peers.phones import Phones
from pbx.peers.trunks import Trunks
from pbx.peers.waiting import Lamps
from pbx.routing.decide import decide
from pbx.routing.limits import Hit
from pbx.routing.office import Account, Office, Person, ServiceCode, TrunkFacts
from pbx.sip.digest import REALM, ha1
from pbx.sip.registrar import Binding
from pbx.store.messages import Counts
from pbx.vault import Unreadable
from tests.flow.loop import HandClock, run
from tests.flow.phone import OFFICE, PASSWORD, Phone
from tests.flow.sound import FlowMedia
from tests.flow.wire import Node, Wire

T = TypeVar("T")
NAMES = {
    "201": "Anna Bianchi",
    "202": "Bruno Conti",
    "203": "Carla De Luca",
    "204": "Dario Esposito",
}


class Snapshot:
    """The office's settings, changed by the story."""

    def __init__(self, office: Office) -> None:
        self.last = office
        self.seconds = 0.0
        "How long it takes to read them."
        self.broken = False

    async def current(self) -> Office:
        """As they are now."""
        await asyncio.sleep(self.seconds)
        if self.broken:
            raise OSError("the database cannot be read")
        return self.last


def settings(*, mailbox: bool = True) -> Office:
    """Four lines with an account each, and the usual star codes."""
    lines = {
        extension: Person(int(extension), extension, name, has_mailbox=mailbox)
        for extension, name in NAMES.items()
    }
    accounts = {}
    for extension in NAMES:
        md5, sha256 = ha1(extension, REALM, PASSWORD)
        accounts[extension] = Account(int(extension), extension, extension, md5, sha256)
    services = {
        "*86": ServiceCode("*86", "voicemail_menu"),
        "*87": ServiceCode("*87", "voicemail_deposit", with_extension=True),
        "*600": ServiceCode("*600", "echo"),
    }
    return Office(1, lines, {"+390255501201": "201"}, accounts, services)


class FlowOffice:
    """The PBX of a story."""

    def __init__(self, *, mailbox: bool = True, apps: dict[str, App] | None = None) -> None:
        loop = asyncio.get_running_loop()
        self.clock = HandClock(loop)  # type: ignore[arg-type]
        self.wire = Wire()
        self.media = FlowMedia()
        self.node = Node(self.wire, *OFFICE)
        self.bus = Bus()
        self.facts: list[kinds.Event] = []
        self.bus.listen(self.facts.append)
        self.snapshot = Snapshot(settings(mailbox=mailbox))
        self.stories: list[CallStory] = []
        self.kept: dict[tuple[int, str], Binding] = {}
        self.counts = Counts(0, 0, 0, 0)
        self.count_seconds = 0.0
        self.counts_broken = False
        self.phones = Phones(
            self.node,
            self.bus,
            self.clock,
            self.snapshot,
            keep=self._keep_phone,
            drop=self._drop_phone,
        )
        self.lamps = Lamps(self.node, self.phones, self._counts)
        self.names: dict[str, tuple[str, ...]] = {}
        "What the name servers know."
        self.trunks = Trunks(
            self.node,
            self.bus,
            self.clock,
            unseal=self._unseal,
            resolve=self._resolve,
            random=lambda: 0.5,
        )
        self.bus.listen(self.lamps.on_fact)
        self.served: list[tuple[str, str]] = []
        "Applications that took a call, with their arguments."
        self.apps: dict[str, App] = apps if apps is not None else self._simple_apps()
        self.limits_met: list[Hit] = []
        self.switch = Switch(
            driver=self.node,
            media=self.media,
            bus=self.bus,
            clock=self.clock,
            directory=self.phones,
            carriers=self.trunks,
            office=self.snapshot.current,
            decide=decide,
            apps=self.apps,
            prompt=prompts.path,
            keep=self._keep,
            music=lambda: Path("hold.wav"),
            toll=Meter(self.clock, lambda: self.snapshot.last, told=self.limits_met.append),
        )
        self.hub = Hub(self.switch, self.phones, self.lamps, self.trunks)
        self.untold = 0
        "Calls that went on in another one, which tells their story."
        self._hosts = 10

    def sets(self, line: str, **changes: Any) -> None:
        """Change a line as its owner or an administrator would."""
        now = self.snapshot.last
        lines = {**now.lines, line: replace(now.lines[line], **changes)}
        self.snapshot.last = replace(now, lines=lines)

    def _simple_apps(self) -> dict[str, App]:
        """Applications that answer, say what they are, and wait for keys for a minute."""

        def named(name: str) -> App:
            async def app(call: Call, argument: str) -> None:
                self.served.append((name, argument))
                await call.answer()
                await call.play("mailbox.greeting.unanswered")
                await call.get_dtmf(1, 60.0)
                await call.hangup()

            return app

        return {name: named(name) for name in ("voicemail_deposit", "voicemail_menu", "echo")}

    def _unseal(self, sealed: str) -> str:
        if sealed == "of another key":
            raise Unreadable(sealed)
        return sealed.removeprefix("sealed ")

    async def _resolve(self, host: str) -> tuple[str, ...]:
        if host[:1].isdigit():
            return (host,)
        if host not in self.names:
            raise OSError(f"no {host}")
        return self.names[host]

    def set_trunks(self, *trunks: TrunkFacts) -> None:
        """These are the office's trunks now."""
        self.snapshot.last = replace(
            self.snapshot.last, trunks={trunk.id: trunk for trunk in trunks}
        )
        self.trunks.settings_moved(self.snapshot.last)

    async def _counts(self, line: str) -> Counts:
        await asyncio.sleep(self.count_seconds)
        if self.counts_broken:
            raise OSError("the database cannot be read")
        return self.counts

    def _keep_phone(self, number: int, account: int, binding: Binding) -> None:
        self.kept[account, binding.key] = binding

    def _drop_phone(self, account: int, binding: Binding) -> None:
        self.kept.pop((account, binding.key), None)

    def _keep(self, story: object) -> None:
        assert isinstance(story, CallStory)
        self.stories.append(story)

    @property
    def story(self) -> CallStory:
        """The record of the call that ended last."""
        return self.stories[-1]

    async def phone(
        self, line: str, *, codings: tuple[str, ...] = ("PCMA", "PCMU"), seconds: int = 600
    ) -> Phone:
        """A registered phone of this line."""
        self._hosts += 1
        phone = Phone(
            self.wire, self.clock, self.media, line, f"10.0.0.{self._hosts}", codings=codings
        )
        assert await phone.registers(seconds) == 200
        return phone

    def start(self, deed: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Have something done beside the story."""
        return asyncio.get_running_loop().create_task(deed)

    def start_sweeping(self) -> asyncio.Task[None]:
        """Let registrations run out, as the service does."""
        return asyncio.get_running_loop().create_task(self.phones.sweep())

    def allow_direct_audio(self, lines: tuple[str, ...] = tuple(NAMES)) -> None:
        """These accounts may send their sound straight."""
        accounts = {
            name: replace(account, direct_audio=name in lines)
            for name, account in self.snapshot.last.accounts.items()
        }
        self.snapshot.last = replace(self.snapshot.last, accounts=accounts)

    async def at_rest(self) -> None:
        """Nothing is left of any call: no dialog, no stream, no conversation, nothing kept."""
        await self.clock.forward(40)
        assert self.node.agent.dialogs() == 0
        assert not self.media.open_streams
        assert not self.hub.calls
        assert not self.hub._tasks and not self.trunks._tasks
        assert not self.bus.board.calls
        assert not self.switch.ids
        assert not self.switch.legs
        ended = [fact.call for fact in self.facts if isinstance(fact, kinds.CallEnded)]
        begun = [fact.call for fact in self.facts if isinstance(fact, kinds.CallStarted)]
        assert sorted(ended) == sorted(begun)
        told = {story.id for story in self.stories}
        assert told <= set(begun) and len(told) == len(self.stories)
        assert len(begun) - len(told) == self.untold
        assert not self.switch.lot.places and not self.bus.board.parked


Told = Callable[[FlowOffice], Awaitable[None]]


def story(told: Told) -> Callable[[], None]:
    """A test from a coroutine that is given an office; it must leave nothing behind."""
    return _test(told, mailbox=True, faults=False)


def story_without_mailbox(told: Told) -> Callable[[], None]:
    """The same in an office where nobody has a mailbox."""
    return _test(told, mailbox=False, faults=False)


def story_of_a_fault(told: Told) -> Callable[[], None]:
    """The same, and something of ours fails: the log may say so."""
    return _test(told, mailbox=True, faults=True)


def _test(told: Told, *, mailbox: bool, faults: bool) -> Callable[[], None]:
    def test() -> None:
        async def whole() -> None:
            office = FlowOffice(mailbox=mailbox)
            await told(office)
            await office.at_rest()

        run(whole(), faults=faults)

    test.__name__ = told.__name__
    test.__doc__ = told.__doc__
    test.__module__ = told.__module__
    return test
