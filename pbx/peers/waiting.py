"""Lamps: phones are told how many messages wait (message-summary, RFC 3842).

A phone that subscribed is told in its subscription; one that did not is told anyway, outside any
dialog, when it registers and at each change: many desk phones expect just that.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from pbx.calls.switch import Target, Wires
from pbx.events import kinds
from pbx.routing.office import Account
from pbx.sip import agent as sip
from pbx.sip.subscription import (
    MESSAGE_SUMMARY,
    Refused,
    Watchers,
    message_summary,
    subscribe,
)
from pbx.sip.uri import escape_user

log = logging.getLogger(__name__)
PACKAGE, CONTENT_TYPE = MESSAGE_SUMMARY.name, MESSAGE_SUMMARY.content_type
WATCHERS = 20  # for one line; beyond it the oldest is let go


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
        *,
        mailbox_number: Callable[[], str] = lambda: "",
    ) -> None:
        """mailbox_number: what a phone's message key is to dial, such as *86; "" for its line."""
        self._driver = driver
        self._phones = phones
        self._counts = counts
        self._mailbox_number = mailbox_number
        self._watchers: Watchers[sip.Subscription] = Watchers(max_per_account=WATCHERS)
        self._lines: dict[sip.Subscription, str] = {}
        self._telling: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    async def subscribe(self, event: sip.RequestArrived, account: Account) -> None:
        """A phone of this account wants to know."""
        exchange, request = event.exchange, event.request
        granted = subscribe(request)
        if isinstance(granted, Refused):
            exchange.reply(granted.status, granted.reason, headers=granted.headers)
            return
        line = account.extension
        wanted = request.to.user
        if wanted not in (line, account.username, self._mailbox_number(), ""):
            exchange.reply(403, "Forbidden")
            return
        watcher = exchange.accept_subscription(granted.seconds)
        if watcher is None:
            return
        watcher.owner = self.on_event
        if granted.seconds:
            self._lines[watcher] = line
            for old in self._watchers.add(watcher, account=line, package=PACKAGE, resource=line):
                self._lines.pop(old, None)
                old.notify(state="terminated;reason=rejected")
        counts = await self._counts(line)
        state = "active" if granted.seconds else "terminated;reason=timeout"
        if not watcher.over or not granted.seconds:
            watcher.notify(self._body(counts, line, watcher.flow), CONTENT_TYPE, state=state)

    def on_event(self, event: sip.Event) -> None:
        """What the agent tells of subscriptions."""
        if isinstance(event, sip.Subscribed):
            self.light(self._lines.get(event.subscription, ""))
        elif isinstance(event, sip.Unsubscribed):
            self._lines.pop(event.subscription, None)
            self._watchers.remove(event.subscription)
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
        watchers = self._watchers.of(PACKAGE, line)
        for watcher in watchers:
            if not watcher.over:
                watcher.notify(self._body(counts, line, watcher.flow), CONTENT_TYPE)
        told = {f"{watcher.flow.host}:{watcher.flow.port}" for watcher in watchers}
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

    def _body(self, counts: Counts, line: str, flow: sip.Flow) -> bytes:
        return message_summary(
            counts.new,
            counts.old,
            counts.urgent_new,
            counts.urgent_old,
            self._me(self._mailbox_number() or line, flow),
        )

    def _me(self, line: str, flow: sip.Flow) -> str:
        host = f"[{flow.local[0]}]" if ":" in flow.local[0] else flow.local[0]
        return f"sip:{escape_user(line)}@{host}"
