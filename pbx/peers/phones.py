"""The office's phones: who is registered where, proved by whom, kept over restarts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from pbx.calls.switch import Target, Wires, wished
from pbx.clock import Clock
from pbx.events import kinds
from pbx.events.bus import Bus
from pbx.peers.prove import Proofs
from pbx.peers.turned_away import TurnedAway
from pbx.routing.office import Account, Office
from pbx.sip import agent as sip
from pbx.sip import registrar
from pbx.sip.message import Request
from pbx.sip.registrar import Binding

log = logging.getLogger(__name__)
SWEEP = 5.0  # seconds between two looks for registrations that ran out
RESTART = 30.0  # seconds; a phone that begins anew more often than that is told as new only once
KEY = 200  # characters of what stays a phone's own


@dataclass(frozen=True, slots=True)
class Known:
    """A phone that was registered before a restart."""

    phone: int
    account_id: int
    host: str
    port: int
    transport: str
    binding: Binding
    "Its `flow` is made anew."


Keep = Callable[[int, int, Binding], None]
"Keeps a binding: phone number, account id, and what it is."
Drop = Callable[[int, Binding], None]


class Snapshots(Protocol):
    """Where the office comes from."""

    last: Office

    async def current(self) -> Office:
        """The office now."""
        ...


class Phones:
    """Registrations of all accounts. Belongs to the PBX's loop."""

    def __init__(
        self,
        driver: Wires,
        bus: Bus,
        clock: Clock,
        snapshots: Snapshots,
        *,
        keep: Keep,
        drop: Drop,
    ) -> None:
        self._driver = driver
        self._bus = bus
        self._clock = clock
        self._snapshots = snapshots
        self._keep = keep
        self._drop = drop
        self._bindings: dict[int, tuple[Binding, ...]] = {}
        "By account id."
        self._numbers: dict[tuple[int, str], int] = {}
        self._told: dict[tuple[int, str], float] = {}
        "When a phone was last told as new."
        self._deaf: set[tuple[int, str]] = set()
        "Phones whose Allow leaves NOTIFY out."
        self._next = 1
        self._registered: frozenset[str] | None = None
        self._places: frozenset[tuple[str, str, int]] | None = None
        self._targets: dict[str, tuple[Target, ...]] = {}
        self._targets_of: Office | None = None
        self._lines: dict[int, str] = {}
        self._lines_of: Office | None = None
        self._proofs = Proofs(lambda: clock.now().timestamp())
        self._turned_away = TurnedAway(bus)

    def load(self, known: Sequence[Known]) -> None:
        """Take over who was registered before a restart."""
        now = self._clock.now().timestamp()
        for each in known:
            self._next = max(self._next, each.phone + 1)
            if each.binding.expires_at <= now:
                continue
            try:
                flow = self._driver.flow_to(each.host, each.port, each.transport)
            except (OSError, ValueError) as error:  # its network is not there (yet)
                log.warning("phone %d is not known any more: %s", each.phone, error)
                continue
            binding = replace(each.binding, flow=flow)
            mine = self._bindings.get(each.account_id, ())
            self._bindings[each.account_id] = (*mine, binding)
            self._numbers[each.account_id, binding.key] = each.phone
            self._tell_registered(each.account_id, binding)
        self._drop_wrong_transports()
        self._forget_views()

    # --- requests ------------------------------------------------------------------------------

    async def register(self, event: sip.RequestArrived) -> None:
        """Answer a REGISTER."""
        exchange, request, flow = event.exchange, event.request, event.flow
        if not request.has("Authorization"):  # the same for everybody, and without any lookup
            self._proofs.challenge(request, flow, self._refuser(exchange))
            return
        office = await self._snapshots.current()
        account = self._proofs.account(request, flow, office, self._refuser(exchange))
        if account is None:
            return
        if request.to.user not in (account.username, account.extension):
            exchange.reply(403, "Forbidden")
            return
        before = self._bindings.get(account.account_id, ())
        now = self._clock.now().timestamp()
        answer = registrar.register(before, request, now=now, source=flow)
        if isinstance(answer, registrar.Refused):
            exchange.reply(answer.status, answer.reason, headers=answer.headers)
            return
        if answer.added or answer.refreshed:
            if not _may_use(account, flow):
                agent = request.get("User-Agent")
                exchange.reply(403, self._turned_away.refused(account, flow, agent, now))
                return
            self._turned_away.registered(account, now)
        self._bindings[account.account_id] = answer.bindings
        self._forget_views()
        for binding in answer.removed:
            self._gone(account.account_id, binding, "signed_out")
        for binding in (*answer.added, *answer.refreshed):
            number = self._number(account.account_id, binding)
            self._keep(number, account.account_id, binding)
            self._learn(account.account_id, binding, request)
        exchange.reply(200, headers=answer.headers)
        for binding in answer.added:
            self._tell_registered(account.account_id, binding)
        for binding in answer.refreshed:
            if self._is_new(account.account_id, before, binding):
                self._tell_registered(account.account_id, binding)

    async def prove_request(self, event: sip.RequestArrived, office: Office) -> Account | None:
        """The account behind a request outside calls; None when it has been refused."""
        return self._proofs.account(
            event.request, event.flow, office, self._refuser(event.exchange)
        )

    def challenged(self, event: sip.InviteArrived) -> bool:
        """Ask for credentials where there are none; the same for everybody, and at once."""
        if event.request.has("Authorization"):
            return False
        self._proofs.challenge(
            event.request,
            event.flow,
            lambda status, reason, headers: event.dialog.refuse(status, reason, headers=headers),
        )
        return True

    async def prove_invite(self, event: sip.InviteArrived, office: Office) -> Account | None:
        """The account behind an INVITE (401, not 407: pyVoIP reads only that); None if refused."""

        def refuse(status: int, reason: str, headers: list[tuple[str, str]]) -> None:
            event.dialog.refuse(status, reason, headers=headers)

        return self._proofs.account(event.request, event.flow, office, refuse)

    def at(self, flow: sip.Flow) -> bool:
        """Whether a phone is registered from this very address and port, or connection."""
        if self._places is None:
            self._places = frozenset(
                (binding.flow.transport, binding.flow.host, binding.flow.port)
                for bindings in self._bindings.values()
                for binding in bindings
            )
        return (flow.transport, flow.host, flow.port) in self._places

    # --- where the phones are ------------------------------------------------------------------

    def targets(self, line: str) -> tuple[Target, ...]:
        """The phones registered for an extension, by its accounts in the present office."""
        office = self._snapshots.last
        if office is not self._targets_of:
            self._targets.clear()
            self._targets_of = office
        known = self._targets.get(line)
        if known is None:
            known = self._targets[line] = self._find_targets(line, office)
        return known

    def _find_targets(self, line: str, office: Office) -> tuple[Target, ...]:
        person = office.lines.get(line)
        return tuple(
            Target(
                line,
                person.name if person else "",
                f"{binding.flow.transport} {binding.flow.host}:{binding.flow.port}",
                binding.contact,
                binding.flow,
                account.direct_audio,
                (account.account_id, binding.key) not in self._deaf,
                wished(account.codecs),
                lasting_key(binding),
            )
            for account in office.accounts.values()
            if account.extension == line
            for binding in self._bindings.get(account.account_id, ())
        )

    def registered(self) -> frozenset[str]:
        """Extensions with at least one phone."""
        if self._registered is None:
            self._registered = frozenset(
                account.extension
                for account in self._snapshots.last.accounts.values()
                if self._bindings.get(account.account_id)
            )
        return self._registered

    def settings_moved(self) -> None:
        """Accounts may have come or gone: what was worked out from them is old."""
        self._forget_views()
        before = {account_id: self._lines.get(account_id, "") for account_id in self._bindings}
        known = {account.account_id for account in self._snapshots.last.accounts.values()}
        for account_id, line in before.items():
            if account_id not in known:
                for binding in self._bindings.pop(account_id):
                    self._gone(account_id, binding, "removed", line=line)
            elif line and line != self._line(account_id):
                for binding in self._bindings[account_id]:  # given to somebody else
                    self._tell_registered(account_id, binding)
        self._drop_wrong_transports()
        self._turned_away.settings_moved(self._snapshots.last, self._clock.now().timestamp())

    def _drop_wrong_transports(self) -> None:
        """Phones that came by a way that their account allows no more."""
        for account in self._snapshots.last.accounts.values():
            bindings = self._bindings.get(account.account_id, ())
            wrong = [each for each in bindings if not _may_use(account, each.flow)]
            if wrong:
                self._bindings[account.account_id] = tuple(b for b in bindings if b not in wrong)
                for binding in wrong:
                    self._gone(account.account_id, binding, "removed")

    def _forget_views(self) -> None:
        self._registered = None
        self._places = None
        self._targets.clear()

    # --- leaving -------------------------------------------------------------------------------

    def sign_out(self, phone: int, *, line: str = "") -> bool:
        """Remove one registration; with `line`, only one of that extension."""
        for account_id, bindings in self._bindings.items():
            for binding in bindings:
                if self._numbers.get((account_id, binding.key)) != phone:
                    continue
                if line and self._line(account_id) != line:
                    return False
                self._bindings[account_id] = tuple(b for b in bindings if b is not binding)
                self._forget_views()
                self._gone(account_id, binding, "removed")
                return True
        return False

    async def sweep(self) -> None:
        """Let registrations run out, for ever."""
        while True:
            await asyncio.sleep(SWEEP)
            now = self._clock.now().timestamp()
            self._turned_away.sweep(now)
            for account_id, bindings in tuple(self._bindings.items()):
                if all(binding.expires_at > now for binding in bindings):
                    continue
                self._bindings[account_id] = tuple(b for b in bindings if b.expires_at > now)
                self._forget_views()
                for binding in bindings:
                    if binding.expires_at <= now:
                        self._gone(account_id, binding, "expired")

    def _gone(self, account_id: int, binding: Binding, why: str, *, line: str = "") -> None:
        number = self._numbers.pop((account_id, binding.key), 0)
        self._told.pop((account_id, binding.key), None)
        self._deaf.discard((account_id, binding.key))
        self._drop(account_id, binding)
        line = line or self._line(account_id)
        self._bus.publish(kinds.PhoneGone(line, number, self._clock.now(), why))
        log.info("phone %s of %s gone: %s", binding.flow.host, line, why)

    # --- small pieces --------------------------------------------------------------------------

    def _is_new(self, account_id: int, before: tuple[Binding, ...], binding: Binding) -> bool:
        """A refresh tells nobody; a phone that restarted or moved is told like a new one."""
        old = next((old for old in before if old.key == binding.key), None)
        if old is None or old.flow != binding.flow:
            return True
        if old.call_id == binding.call_id:
            return False
        told = self._told.get((account_id, binding.key), 0.0)
        return binding.seen_at - told > RESTART

    def _number(self, account_id: int, binding: Binding) -> int:
        number = self._numbers.get((account_id, binding.key))
        if number is None:
            number = self._numbers[account_id, binding.key] = self._next
            self._next += 1
        return number

    def _learn(self, account_id: int, binding: Binding, request: Request) -> None:
        key = (account_id, binding.key)
        if request.has("Allow") and not request.mentions("Allow", "NOTIFY"):
            self._deaf.add(key)
        else:
            self._deaf.discard(key)

    def _line(self, account_id: int) -> str:
        office = self._snapshots.last
        if office is not self._lines_of:
            self._lines = {a.account_id: a.extension for a in office.accounts.values()}
            self._lines_of = office
        return self._lines.get(account_id, "")

    def _tell_registered(self, account_id: int, binding: Binding) -> None:
        flow = binding.flow
        self._told[account_id, binding.key] = binding.seen_at
        self._bus.publish(
            kinds.PhoneRegistered(
                line=self._line(account_id),
                phone=self._number(account_id, binding),
                at=_moment(binding.registered_at),
                contact=binding.contact,
                source=f"{flow.host}:{flow.port}",
                transport=flow.transport,
                user_agent=binding.user_agent,
                expires_at=_moment(binding.expires_at),
                key=lasting_key(binding),
            )
        )

    def _refuser(self, exchange: sip.Exchange) -> Callable[[int, str, list[tuple[str, str]]], None]:
        def refuse(status: int, reason: str, headers: list[tuple[str, str]]) -> None:
            exchange.reply(status, reason, headers=headers)

        return refuse


def lasting_key(binding: Binding) -> str:
    """What stays a phone's own when it restarts: its instance (RFC 5626), else what it says it is
    and where it stands. Two alike behind one address are one then: both are meant."""
    instance = dict(binding.params).get("+sip.instance", "")
    return (instance or f"{binding.user_agent} @ {binding.flow.host}")[:KEY]


def _may_use(account: Account, flow: sip.Flow) -> bool:
    return not account.transport or flow.transport == account.transport


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
