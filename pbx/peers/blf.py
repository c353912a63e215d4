"""Lamps of other lines and of park orbits: phones that subscribed to `dialog` (RFC 4235) are told.

Every phone of the office may see whether a colleague is on the phone. With whom, and what answers
the call for him, is told to those alone who may answer it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pbx.calls.pickup import lamp_id
from pbx.events import kinds
from pbx.events.board import Board, Call, Parked
from pbx.routing import pickup
from pbx.routing.office import Account, Office, PickupGroup
from pbx.sip import agent as sip
from pbx.sip.dialog_info import DialogInfo, body, changed
from pbx.sip.subscription import DIALOG, Refused, Watchers, subscribe

log = logging.getLogger(__name__)
PACKAGE, CONTENT_TYPE = DIALOG.name, DIALOG.content_type
WATCHED = 100  # keys of all phones of one line; beyond it the oldest is let go
STATES = {"trying": "proceeding", "ringing": "early", "talking": "confirmed", "held": "confirmed"}


@dataclass(slots=True)
class _Watch:
    """What one watcher knows."""

    line: str
    "Extension of who watches."
    of: str
    version: int = -1
    known: tuple[DialogInfo, ...] = ()


class BusyLamps:
    """All subscriptions to dialog. Belongs to the PBX's loop."""

    def __init__(self, board: Callable[[], Board], office: Callable[[], Office]) -> None:
        """office: the last snapshot, at no cost."""
        self._board = board
        self._office = office
        self._watchers: Watchers[sip.Subscription] = Watchers(max_per_account=WATCHED)
        self._watches: dict[sip.Subscription, _Watch] = {}
        self._by_line: dict[str, dict[sip.Subscription, _Watch]] = {}
        "The same by line or orbit: a call concerns the keys of two lines, of thousands."
        self._seen: dict[str, tuple[Parked | None, tuple[Call, ...]]] = {}
        "What was so of each when its watchers were last looked at."
        self._rules: tuple[Mapping[int, PickupGroup], bool] = ({}, False)
        "Who might answer for whom then."
        self._due: asyncio.Handle | None = None

    def subscribe(self, event: sip.RequestArrived, account: Account) -> None:
        """A phone of this account wants to see a line or an orbit."""
        exchange, request = event.exchange, event.request
        granted = subscribe(request)
        if isinstance(granted, Refused):
            exchange.reply(granted.status, granted.reason, headers=granted.headers)
            return
        office, of = self._office(), request.to.user
        if of not in office.lines and of not in office.orbits:
            exchange.reply(404, "Not Found")
            return
        watcher = exchange.accept_subscription(granted.seconds)
        if watcher is None:
            return
        watcher.owner = self.on_event
        watch = _Watch(account.extension, of)
        if granted.seconds:
            self._keep(watcher, watch)
            gone = self._watchers.add(
                watcher, account=account.extension, package=PACKAGE, resource=of
            )
            for old in gone:
                self._drop(old)
                old.notify(state="terminated;reason=rejected")
        self._tell(watcher, watch, state="" if granted.seconds else "terminated;reason=timeout")

    def on_event(self, event: sip.Event) -> None:
        """What the agent tells of subscriptions."""
        if isinstance(event, sip.Subscribed):
            watch = self._watches.get(event.subscription)
            if watch is not None:
                self._tell(event.subscription, watch)
        elif isinstance(event, sip.Unsubscribed):
            self._drop(event.subscription)
            self._watchers.remove(event.subscription)
            if event.reason in ("asked", "timeout"):
                event.subscription.notify(state="terminated;reason=timeout")

    def on_fact(self, fact: kinds.Event) -> None:
        """A call moved: who watches is told soon, many changes at once."""
        moves = (
            kinds.CallStarted | kinds.CallRinging | kinds.CallAnswered | kinds.CallMoved
            | kinds.CallEnded | kinds.CallParked | kinds.CallUnparked | kinds.SettingsChanged
            | kinds.OriginRinging | kinds.OriginAnswered
        )  # fmt: skip
        if self._watches and self._due is None and isinstance(fact, moves):
            self._due = asyncio.get_running_loop().call_soon(self._tell_changes)

    def stop(self) -> None:
        """Tell nobody any more."""
        if self._due is not None:
            self._due.cancel()

    def _keep(self, watcher: sip.Subscription, watch: _Watch) -> None:
        self._watches[watcher] = watch
        self._by_line.setdefault(watch.of, {})[watcher] = watch

    def _drop(self, watcher: sip.Subscription) -> None:
        watch = self._watches.pop(watcher, None)
        if watch is None:
            return
        others = self._by_line[watch.of]
        del others[watcher]
        if not others:
            del self._by_line[watch.of]
            self._seen.pop(watch.of, None)

    # --- telling -------------------------------------------------------------------------------

    def _tell_changes(self) -> None:
        self._due = None
        by_line: dict[str, list[Call]] = {}
        for call in self._board().calls.values():
            for line in {call.caller.line, call.callee.line, call.origin}:
                by_line.setdefault(line, []).append(call)
        office, parked = self._office(), self._board().parked
        rules = (office.pickup, office.pickup_all)
        if rules != self._rules:  # who may know and answer may be others
            self._rules, self._seen = rules, {}
        for of, watches in tuple(self._by_line.items()):
            calls = by_line.get(of, [])
            now = (parked.get(of), tuple(calls))
            if self._seen.get(of) != now:
                self._seen[of] = now
                self._tell_change(watches, calls)

    def _tell_change(self, watches: dict[sip.Subscription, _Watch], calls: list[Call]) -> None:
        """Whoever watches one line or orbit."""
        for watcher, watch in tuple(watches.items()):
            if watcher.over:
                continue
            now = self._dialogs(watch, calls)
            told = changed(watch.known, now)
            if told:
                watch.known = now
                self._send(watcher, watch, told, full=False)

    def _tell(self, watcher: sip.Subscription, watch: _Watch, *, state: str = "") -> None:
        """All of it (RFC 4235 s.3.7: full state at each subscription)."""
        if watcher.over and not state:
            return
        of = watch.of
        calls = self._board().calls.values()
        mine = [call for call in calls if call.concerns(of) or call.origin == of]
        watch.known = self._dialogs(watch, mine)
        self._send(watcher, watch, watch.known, full=True, state=state or "active")

    def _send(
        self,
        watcher: sip.Subscription,
        watch: _Watch,
        dialogs: tuple[DialogInfo, ...] | list[DialogInfo],
        *,
        full: bool,
        state: str = "active",
    ) -> None:
        watch.version += 1
        host = watcher.flow.local[0]
        said = body(watch.of, host, dialogs, version=watch.version, full=full)
        watcher.notify(said, CONTENT_TYPE, state=state)

    def _dialogs(self, watch: _Watch, calls: list[Call]) -> tuple[DialogInfo, ...]:
        office = self._office()
        place = self._board().parked.get(watch.of)
        if place is not None:
            who = place.who
            return (DialogInfo(place.call, "confirmed", True, who.number, who.name),)
        knows = watch.of == watch.line or pickup.may_answer(watch.line, watch.of, office)
        found = (self._dialog(call, watch.of, knows=knows) for call in calls)
        return tuple(each for each in found if each is not None)

    def _dialog(self, call: Call, of: str, *, knows: bool) -> DialogInfo | None:
        """One call as this line's phones have it; None while it has not reached them."""
        incoming = call.caller.line != of
        if call.origin == of and of not in (call.caller.line, call.callee.line):
            return _lent(call, knows=knows)
        if incoming and call.state == "trying":
            return None
        other = call.caller if incoming else call.callee
        answers = knows and incoming and call.state == "ringing"
        return DialogInfo(
            call.call,
            STATES[call.state],
            incoming,
            other.number if knows else "",
            other.name if knows else "",
            lamp_id(call.call) if answers else "",
        )


def _lent(call: Call, *, knows: bool) -> DialogInfo | None:
    """A call of somebody else that begins at this line's phone (click-to-dial)."""
    if not call.origin_ringing:
        return None
    state = "confirmed" if call.origin_answered else "early"
    other = call.caller if knows else kinds.Party()
    return DialogInfo(call.call, state, True, other.number, other.name, "")
