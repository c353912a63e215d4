"""The live picture of the office: a pure fold of events. Screens draw this and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from pbx.events import kinds
from pbx.events.kinds import Event, Party, Why

K = TypeVar("K")
V = TypeVar("V")

TROUBLES_KEPT = 50  # more than an administrator reads


@dataclass(frozen=True, slots=True)
class Phone:
    """A registered phone."""

    phone: int
    line: str
    contact: str
    source: str
    transport: str
    user_agent: str
    since: datetime
    expires_at: datetime
    key: str = ""
    "What stays its own when it signs in anew."


@dataclass(frozen=True, slots=True)
class Rings:
    """A call that rings at the phones of a line."""

    since: datetime
    through: kinds.Through
    may: tuple[str, ...]
    "What whoever has the line may do with it: 'decline', 'mailbox', 'colleague'."


@dataclass(frozen=True, slots=True)
class Call:
    """A call in progress."""

    call: str
    started_at: datetime
    caller: Party
    callee: Party
    state: str = "trying"
    "'trying', 'ringing', 'talking' or 'held'."
    answered_at: datetime | None = None
    answered_by: str = ""
    held_by: frozenset[str] = frozenset()
    from_web: bool = False
    origin: str = ""
    "Of a call from the portal: the other telephone that rings first; empty: the line's own phones."
    origin_ringing: bool = False
    "A phone of the origin rings, or did."
    origin_answered: bool = False
    "It was picked up."

    rings: Mapping[str, Rings] = field(default_factory=dict)
    "The lines at whose phones it rings now, by extension."

    def concerns(self, line: str) -> bool:
        """Whether this extension is one of the sides, or its phones ring for the call."""
        return line in (self.caller.line, self.callee.line) or line in self.rings


@dataclass(frozen=True, slots=True)
class Parked:
    """A call on an orbit."""

    orbit: str
    call: str
    by: str
    "Extension of who parked it."
    who: Party
    since: datetime


@dataclass(frozen=True, slots=True)
class Worker:
    """A media worker."""

    worker: int
    pid: int
    alive: bool


@dataclass(frozen=True, slots=True)
class Trunk:
    """An outside line."""

    trunk: int
    name: str
    state: str
    "'up', 'trying', 'down' or 'off'."
    why: Why
    since: datetime
    "When it came into this state."
    calls: int = 0
    "Carried now, in and out."


@dataclass(frozen=True, slots=True)
class Board:
    """Everything live, at one moment. Maps are replaced, never changed."""

    phones: Mapping[int, Phone] = field(default_factory=dict)
    calls: Mapping[str, Call] = field(default_factory=dict)
    workers: Mapping[int, Worker] = field(default_factory=dict)
    trunks: Mapping[int, Trunk] = field(default_factory=dict)
    parked: Mapping[str, Parked] = field(default_factory=dict)
    "By orbit."
    do_not_disturb: frozenset[str] = frozenset()
    "Extensions that do not want to be disturbed."
    troubles: tuple[kinds.Trouble, ...] = ()

    def calls_of(self, line: str) -> tuple[Call, ...]:
        """Calls in progress in which this extension is a side, oldest first."""
        mine = (call for call in self.calls.values() if call.concerns(line))
        return tuple(sorted(mine, key=lambda call: call.started_at))

    def phones_of(self, line: str) -> tuple[Phone, ...]:
        """Phones registered for this extension, oldest first."""
        mine = (phone for phone in self.phones.values() if phone.line == line)
        return tuple(sorted(mine, key=lambda phone: phone.since))


def fold(board: Board, event: Event) -> Board:
    """The board after this event; the same object when nothing on it changed."""
    match event:
        case kinds.CallStarted():
            call = Call(
                event.call,
                event.at,
                event.caller,
                event.callee,
                from_web=event.from_web,
                origin=event.origin,
            )
            return replace(board, calls={**board.calls, event.call: call})
        case kinds.CallRinging():
            return _change(board, event.call, state="ringing", callee=event.callee)
        case kinds.LineRings():
            rings = Rings(event.at, event.through, event.may)
            return _ring(board, event.call, {event.line: rings})
        case kinds.LineQuiet():
            return _ring(board, event.call, {}, without=event.line)
        case kinds.CallAnswered():
            return _change(
                board,
                event.call,
                state="talking",
                callee=event.callee,
                answered_at=event.at,
                answered_by=event.by,
                rings={},
            )
        case kinds.OriginRinging():
            return _change(board, event.call, origin_ringing=True)
        case kinds.OriginAnswered():
            return _change(board, event.call, origin_answered=True)
        case kinds.CallHeld():
            return _hold(board, event)
        case kinds.CallMoved():
            moved = board.calls.get(event.call)
            origin = moved.origin if moved and moved.caller == event.caller else ""
            return _change(
                board, event.call, caller=event.caller, callee=event.callee, origin=origin
            )
        case kinds.CallEnded():
            return replace(board, calls=_without(board.calls, event.call))
        case kinds.CallParked():
            place = Parked(event.orbit, event.call, event.by, event.who, event.at)
            return replace(board, parked={**board.parked, event.orbit: place})
        case kinds.CallUnparked():
            there = board.parked.get(event.orbit)
            if there is None or there.call != event.call:
                return board
            return replace(board, parked=_without(board.parked, event.orbit))
        case kinds.PhoneRegistered():
            before = board.phones.get(event.phone)
            phone = Phone(
                event.phone,
                event.line,
                event.contact,
                event.source,
                event.transport,
                event.user_agent,
                before.since if before else event.at,
                event.expires_at,
                event.key,
            )
            return replace(board, phones={**board.phones, event.phone: phone})
        case kinds.PhoneGone():
            return replace(board, phones=_without(board.phones, event.phone))
        case kinds.WorkerChanged():
            worker = Worker(event.worker, event.pid, event.alive)
            return replace(board, workers={**board.workers, event.worker: worker})
        case kinds.TrunkChanged():
            known = board.trunks.get(event.trunk)
            since = known.since if known and known.state == event.state else event.at
            calls = known.calls if known else 0
            trunk = Trunk(event.trunk, event.name, event.state, event.why, since, calls)
            return replace(board, trunks={**board.trunks, event.trunk: trunk})
        case kinds.TrunkCalls():
            if event.trunk not in board.trunks:
                return board
            trunk = replace(board.trunks[event.trunk], calls=event.calls)
            return replace(board, trunks={**board.trunks, event.trunk: trunk})
        case kinds.TrunkGone():
            return replace(board, trunks=_without(board.trunks, event.trunk))
        case kinds.DoNotDisturb():
            quiet = board.do_not_disturb
            quiet = quiet | {event.line} if event.on else quiet - {event.line}
            return board if quiet == board.do_not_disturb else replace(board, do_not_disturb=quiet)
        case kinds.Trouble():
            others = tuple(t for t in board.troubles if t.kind != event.kind)
            kept = others if event.over else (*others, event)
            return replace(board, troubles=kept[-TROUBLES_KEPT:])
    return board


def _without(items: Mapping[K, V], key: K) -> Mapping[K, V]:
    return {k: v for k, v in items.items() if k != key}


def _change(board: Board, call: str, **changes: object) -> Board:
    before = board.calls.get(call)
    if before is None:
        return board
    after = replace(before, **changes)  # type: ignore[arg-type]
    return replace(board, calls={**board.calls, call: after})


def _ring(board: Board, call: str, more: Mapping[str, Rings], *, without: str = "") -> Board:
    before = board.calls.get(call)
    if before is None:
        return board
    return _change(board, call, rings={**_without(before.rings, without), **more})


def _hold(board: Board, event: kinds.CallHeld) -> Board:
    before = board.calls.get(event.call)
    if before is None:
        return board
    held_by = before.held_by | {event.by_line} if event.held else before.held_by - {event.by_line}
    return _change(board, event.call, held_by=held_by, state="held" if held_by else "talking")
