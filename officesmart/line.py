"""One line's live picture in plain values for a page: its phones, its calls, how it stands.

Pure: a board and an extension in, values out; the words are chosen by the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from officesmart.i18n import initials
from pbx.events.board import Board, Call, Phone
from pbx.events.kinds import End, Party
from pbx.numbers import national
from pbx.store.contacts import Known

VERSION = re.compile(r"^v?\d+(\.\d+)+\S*$")
Presence = Literal["available", "ringing", "busy", "dnd", "offline"]
Stage = Literal["", "asked", "origin", "calling", "ringing", "talking", "held", "ended"]
"""A call made from the portal: asked of the PBX, my phone (or the one chosen) rings, theirs is
called, theirs rings, we talk, over."""


@dataclass(frozen=True)
class PhoneRow:
    """A registered phone, for the browser."""

    id: int
    line: str
    name: str
    "What it says it is; empty when it says nothing."
    source: str
    transport: str
    age: int
    "Milliseconds since it signed in."
    key: str = ""
    "What stays its own when it signs in anew (option `phone` of click_to_dial)."


@dataclass(frozen=True)
class CallRow:
    """A call in progress, for the browser."""

    id: str
    outward: bool
    "The line called; else it is being called."
    other: str
    "What the line calls the other side, else the number; empty when withheld."
    number: str
    "As people write it; empty when it adds nothing to `other`."
    initials: str
    state: str
    "'trying', 'ringing', 'talking' or 'held'."
    by: str
    "'person', 'mailbox' or 'service' once answered."
    held_here: bool
    from_web: bool
    age: int
    "Milliseconds since it was answered, or since it began."
    company: str = ""
    "Of the contact that the other side is; empty when it says nothing new."
    contact: int = 0
    "Its id; 0: none of mine."
    dial: str = ""
    "What calls the other side back; empty when withheld."


@dataclass(frozen=True)
class BothSides:
    """A call in progress as the administrator sees it."""

    id: str
    caller: str
    callee: str
    caller_number: str
    callee_number: str
    state: str
    by: str
    age: int
    caller_dial: str = ""
    "What calls who called; empty when withheld."
    callee_dial: str = ""


@dataclass(frozen=True)
class ParkedRow:
    """A parked call, for the browser."""

    orbit: str
    who: str
    "Name, else number; empty when withheld."
    number: str
    by: str
    age: int
    "Milliseconds since it was parked."
    dial: str = ""
    "What calls whoever waits; empty when withheld."


def _as_told(party: Party) -> Known:
    """Without an address book: by the name that came with the call."""
    return Known(0, party.name)


def parked_rows(
    board: Board,
    now: datetime,
    *,
    by: Collection[str] | None = None,
    shown: Callable[[Party], Known] = _as_told,
) -> list[ParkedRow]:
    """Parked calls, by orbit. by: only those that these lines have parked. shown: whoever looks
    calls people so (naming.People)."""
    return [
        ParkedRow(
            orbit=place.orbit,
            who=title(named := replace(place.who, name=shown(place.who).name)),
            number=subtitle(named),
            by=place.by,
            age=_age(place.since, now),
            dial=place.who.number,
        )
        for _, place in sorted(board.parked.items(), key=lambda each: (len(each[0]), each[0]))
        if by is None or place.by in by
    ]


def presence(board: Board, line: str) -> Presence:
    """How the line stands: ringing beats talking, talking beats what it wants, that its phones."""
    calls = board.calls_of(line)
    if any(_rings_at(call, line) for call in calls):
        return "ringing"
    if any(call.state in ("talking", "held") and _speaks(call, line) for call in calls):
        return "busy"
    if any(call.caller.line == line for call in calls):
        return "busy"
    # Its phone is where somebody else's call begins: the meeting room's.
    lent = [call for call in board.calls.values() if call.origin == line and call.origin_ringing]
    if lent:
        return "busy" if any(call.origin_answered for call in lent) else "ringing"
    if line in board.do_not_disturb:
        return "dnd"
    return "available" if board.phones_of(line) else "offline"


def phone_rows(phones: Mapping[int, Phone] | tuple[Phone, ...], now: datetime) -> list[PhoneRow]:
    """Phones for the browser, oldest first."""
    found = phones.values() if isinstance(phones, Mapping) else phones
    return [
        PhoneRow(
            id=phone.phone,
            line=phone.line,
            name=device(phone.user_agent),
            source=phone.source,
            transport=phone.transport.upper(),
            age=_age(phone.since, now),
            key=phone.key,
        )
        for phone in sorted(found, key=lambda phone: (phone.line, phone.since))
    ]


def call_rows(
    board: Board, line: str, now: datetime, *, shown: Callable[[Party], Known] = _as_told
) -> list[CallRow]:
    """The line's calls for the browser, oldest first. shown: what the line calls the other side."""
    return [
        _call_row(call, line, now, shown) for call in board.calls_of(line) if _concerns(call, line)
    ]


def numbers_in(board: Board, line: str) -> frozenset[str]:
    """Every number that the line's pages show now: of its calls, and of who is parked."""
    sides = [side for call in board.calls_of(line) for side in (call.caller, call.callee)]
    sides += [place.who for place in board.parked.values()]
    return frozenset(side.number for side in sides if side.number and side.line != line)


def all_calls(board: Board, now: datetime) -> list[BothSides]:
    """Every call in progress, oldest first."""
    return [
        BothSides(
            id=call.call,
            caller=title(call.caller),
            callee=title(call.callee),
            caller_number=subtitle(call.caller),
            callee_number=subtitle(call.callee),
            state=call.state,
            by=call.answered_by,
            age=_age(call.answered_at or call.started_at, now),
            caller_dial=call.caller.number,
            callee_dial=call.callee.number,
        )
        for call in sorted(board.calls.values(), key=lambda call: call.started_at)
    ]


def stage(board: Board, call_id: str, line: str) -> Stage:
    """How far a call made from the portal has come; '' when there is no such call."""
    call = board.calls.get(call_id)
    if call is None or not call.concerns(line):
        return ""
    if call.state == "trying":
        if call.origin_answered:
            return "calling"
        return "origin" if call.origin_ringing else "asked"
    if call.state == "ringing":
        return "ringing"
    return "held" if call.state == "held" else "talking"


def title(party: Party) -> str:
    """What to call somebody: the name, else the number as people write it."""
    return party.name or national(party.number)


def subtitle(party: Party) -> str:
    """The number, when the title is a name."""
    return national(party.number) if party.name and party.number != party.name else ""


def device(user_agent: str) -> str:
    """A phone's name without the build number and address that it drags along."""
    words = user_agent.split("(")[0].replace("/", " ").split()
    named = [word for word in words if not VERSION.match(word)]
    return " ".join(named[:3])[:48]


END_KINDS: Mapping[End, str] = {
    End.COMPLETED: "done",
    End.TRANSFERRED: "done",
    End.MESSAGE_LEFT: "done",
    End.CANCELLED: "cancelled",
    End.NO_ANSWER: "no_answer",
    End.BUSY: "busy",
    End.DECLINED: "declined",
    End.REJECTED: "rejected",
    End.UNAVAILABLE: "unavailable",
    End.NOT_FOUND: "unknown",
    End.FORBIDDEN: "forbidden",
}
"What the page says of an end; anything else is 'failed'."


def end_kind(end: End, reached: str, *, phones: int, origin: str = "") -> str:
    """The page's word for how a call from the portal ended.

    reached: the stage it was at; phones: how many of mine were registered. A 'mine_' before it says
    that my own phone is why, and nobody was called; 'origin_' before any of END_KINDS (or 'failed')
    that the other telephone is which was to ring first, `origin`.
    """
    kind = END_KINDS.get(end, "failed")
    if origin and reached in ("asked", "origin"):
        return kind if kind == "cancelled" else f"origin_{kind}"
    if reached in ("asked", "origin") and kind in ("no_answer", "unavailable", "busy", "declined"):
        return "mine_no_answer" if phones else "mine_unavailable"
    return kind


def _concerns(call: Call, line: str) -> bool:
    """A line that only rang for a call which the mailbox took is no longer in it."""
    return not (call.callee.line == line and call.answered_by == "mailbox")


def _rings_at(call: Call, line: str) -> bool:
    return call.state == "ringing" and (call.callee.line == line or line in call.rings)


def _speaks(call: Call, line: str) -> bool:
    return call.caller.line == line or call.answered_by == "person"


def _call_row(call: Call, line: str, now: datetime, shown: Callable[[Party], Known]) -> CallRow:
    outward = call.caller.line == line
    other = call.callee if outward else call.caller
    known = shown(other)
    named = replace(other, name=known.name)
    return CallRow(
        id=call.call,
        outward=outward,
        other=title(named),
        number=subtitle(named),
        initials=initials(named.name) if named.name else "",
        state=call.state,
        by=call.answered_by,
        held_here=line in call.held_by,
        from_web=call.from_web,
        age=_age(call.answered_at or call.started_at, now),
        company=known.company if known.company != known.name else "",
        contact=known.contact_id,
        dial=other.number,
    )


def _age(since: datetime, now: datetime) -> int:
    return max(0, int((now - since).total_seconds() * 1000))
