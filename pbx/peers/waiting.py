"""Lamps: phones are told how many messages wait (message-summary, RFC 3842).

A phone that subscribed is told in its subscription; one that did not is told anyway, outside any
dialog, when it registers and at each change: many desk phones expect just that.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Protocol

from pbx.calls.switch import Target, Wires
from pbx.events import kinds
from pbx.routing.office import Account
from pbx.sip import agent as sip
from pbx.sip.summary import CONTENT_TYPE, message_summary
from pbx.sip.uri import escape_user

log = logging.getLogger(__name__)
PACKAGE = "message-summary"
LONGEST = 3600  # seconds; also what is granted when none are asked for (RFC 3842 s.3.4)
SHORTEST = 60
WATCHERS = 20  # for one line


class Counts(Protocol):
    """How many messages wait in a mailbox."""

    @property
    def new(self) -> int: ...  # noqa: D102
    @property
    def old(self) -> int: ...  # noqa: D102
    @property
    def urgent_new(self) -> int: ...  # noqa: D102
    @property
    def urgent_old(self) -> int: ...  # noqa: D102


class Directory(Protocol):
    """The phones of a line."""

    def targets(self, line: str) -> tuple[Target, ...]:
        """Those registered now."""
        ...


class Lamps:
    """All subscriptions to message-summary. Belongs to the PBX's loop."""

    def __init__(
        self,
        driver: Wires,
        phones: Directory,
        counts: Callable[[str], Awaitable[Counts]],
    ) -> None:
        self._driver = driver
        self._phones = phones
        self._counts = counts
        self._watchers: defaultdict[str, dict[sip.Subscription, str]] = defaultdict(dict)
        self._lines: dict[sip.Subscription, str] = {}
        self._telling: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    async def subscribe(self, event: sip.RequestArrived, account: Account) -> None:
        """A phone of this account wants to know."""
        exchange, request = event.exchange, event.request
        if request.get("Event").partition(";")[0].strip().lower() != PACKAGE:
            exchange.reply(489, "Bad Event", headers=[("Allow-Events", PACKAGE)])
            return
        asked = request.expires
        seconds = LONGEST if asked is None else min(asked, LONGEST)
        if 0 < seconds < SHORTEST:
            exchange.reply(423, "Interval Too Brief", headers=[("Min-Expires", str(SHORTEST))])
            return
        line = account.extension
        wanted = request.to.user
        if wanted not in (line, account.username, "") and wanted.isdigit():
            exchange.reply(403, "Forbidden")
            return
        if len(self._watchers[line]) >= WATCHERS:
            exchange.reply(503, "Too Many Subscriptions", headers=[("Retry-After", "60")])
            return
        watcher = exchange.accept_subscription(seconds)
        if watcher is None:
            return
        watcher.owner = self.on_event
        if seconds:
            self._lines[watcher] = line
            self._watchers[line][watcher] = f"{event.flow.host}:{event.flow.port}"
        await self._notify(watcher, line, over=not seconds)

    def on_event(self, event: sip.Event) -> None:
        """What the agent tells of subscriptions."""
        if isinstance(event, sip.Subscribed):
            self.light(self._lines.get(event.subscription, ""))
        elif isinstance(event, sip.Unsubscribed):
            line = self._lines.pop(event.subscription, "")
            self._watchers[line].pop(event.subscription, None)
            if event.reason in ("asked", "timeout"):
                event.subscription.notify(state="terminated;reason=timeout")

    def on_fact(self, fact: kinds.Event) -> None:
        """A mailbox changed, or a phone is new here."""
        if isinstance(fact, kinds.VoicemailLeft | kinds.MailboxChanged | kinds.PhoneRegistered):
            self.light(fact.line)

    def light(self, line: str) -> None:
        """Tell all phones of a line, soon; many changes at once are told once."""
        if not line:
            return
        if line in self._telling:
            self._again.add(line)
            return
        task = asyncio.get_running_loop().create_task(self._light(line))
        self._telling[line] = task
        task.add_done_callback(lambda done: self._lit(line, done))

    def _lit(self, line: str, done: asyncio.Task[None]) -> None:
        del self._telling[line]
        if not done.cancelled() and done.exception() is not None:
            log.error("lamps of %s", line, exc_info=done.exception())
        elif line in self._again:
            self._again.discard(line)
            self.light(line)

    async def _light(self, line: str) -> None:
        counts = await self._counts(line)
        watchers = dict(self._watchers[line])
        for watcher in watchers:
            if not watcher.over:
                watcher.notify(self._body(counts, line, watcher.flow), CONTENT_TYPE)
        told = set(watchers.values())
        for target in self._phones.targets(line):
            here = f"{target.flow.host}:{target.flow.port}"
            if target.takes_notify and here not in told:
                self._tell(target, line, counts)

    def _tell(self, target: Target, line: str, counts: Counts) -> None:
        here = self._me(line, target.flow)
        self._driver.agent.request(
            "NOTIFY",
            target.uri,
            flow=target.flow,
            from_=f"<{here}>",
            to=f"<{here}>",
            headers=[("Event", PACKAGE), ("Subscription-State", "active")],
            body=self._body(counts, line, target.flow),
            content_type=CONTENT_TYPE,
        )

    async def _notify(self, watcher: sip.Subscription, line: str, *, over: bool) -> None:
        counts = await self._counts(line)
        state = "terminated;reason=timeout" if over else "active"
        watcher.notify(self._body(counts, line, watcher.flow), CONTENT_TYPE, state=state)

    def _body(self, counts: Counts, line: str, flow: sip.Flow) -> bytes:
        return message_summary(
            counts.new, counts.old, counts.urgent_new, counts.urgent_old, self._me(line, flow)
        )

    def _me(self, line: str, flow: sip.Flow) -> str:
        host = f"[{flow.local[0]}]" if ":" in flow.local[0] else flow.local[0]
        return f"sip:{escape_user(line)}@{host}"
