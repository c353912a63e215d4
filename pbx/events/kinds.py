"""What happened in the office, as frozen facts on the bus.

Screens, lamps, records and measurements listen; nobody is called by name.
Every fact is small, and safe to lose: what must not be lost is a row (`pbx/tables/outbox.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class End(Enum):
    """How a call ended, for records and pages."""

    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    DECLINED = "declined"
    REJECTED = "rejected"
    "The called line's own rules refuse such callers (behaviour.md s.1.1, steps 2 and 3)."
    UNAVAILABLE = "unavailable"
    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"
    NO_CODEC = "no_codec"
    MESSAGE_LEFT = "message_left"
    TRANSFERRED = "transferred"
    VANISHED = "vanished"
    MEDIA_LOST = "media_lost"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Why:
    """A reason, for people to read."""

    it: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a call, for people to read."""

    number: str = ""
    "Extension, service code or E.164; empty when withheld."
    name: str = ""
    line: str = ""
    "Extension, when the side is one of ours."


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A call exists."""

    call: str
    at: datetime
    caller: Party
    callee: Party
    from_web: bool = False
    origin: str = ""
    """Of a call from the portal: the other telephone that rings first, an extension or E.164; with
    none, the line's own phones do."""


@dataclass(frozen=True, slots=True)
class CallRinging:
    """At least one phone of this line rings."""

    call: str
    at: datetime
    callee: Party


@dataclass(frozen=True, slots=True)
class Through:
    """What brought a call to the phones of a line."""

    kind: str = ""
    """'' (it was called), 'plan' (the ring plan of `who`), 'forward' (of `who`), 'transfer' (by
    `who`), 'orbit' (it was parked by `who`) or 'number' (a number of the office, `who`)."""
    who: Party = Party()
    orbit: str = ""


@dataclass(frozen=True, slots=True)
class Diverted:
    """What became of sending a ringing call somewhere else, in words for whoever did so."""

    done: bool
    it: str
    en: str


@dataclass(frozen=True, slots=True)
class LineRings:
    """Phones of this line ring for a call; several lines may at once."""

    call: str
    at: datetime
    line: str
    through: Through = Through()
    may: tuple[str, ...] = ("decline",)
    "What whoever has the line may do with it: 'decline', 'mailbox', 'colleague'."


@dataclass(frozen=True, slots=True)
class LineQuiet:
    """None of this line's phones rings for the call any more; whether somebody answered is told
    besides."""

    call: str
    at: datetime
    line: str


@dataclass(frozen=True, slots=True)
class CallAnswered:
    """Somebody or something took the call; `by` is 'person', 'mailbox' or 'service'."""

    call: str
    at: datetime
    callee: Party
    by: str


@dataclass(frozen=True, slots=True)
class OriginRinging:
    """Click-to-dial: a phone of the origin rings."""

    call: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OriginAnswered:
    """Click-to-dial: the origin was picked up, and the number is dialled now."""

    call: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CallHeld:
    """A side put the call on hold, or took it back."""

    call: str
    at: datetime
    by_line: str
    held: bool


@dataclass(frozen=True, slots=True)
class CallMoved:
    """A transfer replaced one side."""

    call: str
    at: datetime
    caller: Party
    callee: Party


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The call is over; its record is written or about to be."""

    call: str
    at: datetime
    end: End
    ended_by: str
    why: Why = Why()
    "Of a call from the portal whose origin could not ring: why; else empty."


@dataclass(frozen=True, slots=True)
class CallParked:
    """A call waits on an orbit, with music, for whoever takes it from there."""

    call: str
    at: datetime
    orbit: str
    by: str
    "Extension of who parked it."
    who: Party
    "Who waits."


@dataclass(frozen=True, slots=True)
class CallUnparked:
    """The orbit is free: the call was taken back, came back, or is over. Told twice at times."""

    call: str
    at: datetime
    orbit: str


@dataclass(frozen=True, slots=True)
class RecordKept:
    """The history has a new row for these lines (extensions)."""

    call: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PhoneRegistered:
    """A phone signed in, moved or refreshed (only the first two are told)."""

    line: str
    phone: int
    "Registration row id, or a process-wide number until it is stored."
    at: datetime
    contact: str
    source: str
    "host:port it came from."
    transport: str
    user_agent: str
    expires_at: datetime
    key: str = ""
    "What stays the phone's own when it signs in anew (option `phone` of click_to_dial)."


@dataclass(frozen=True, slots=True)
class PhoneGone:
    """A phone signed out, or its registration ran out."""

    line: str
    phone: int
    at: datetime
    why: str
    "'signed_out', 'expired' or 'removed'."


@dataclass(frozen=True, slots=True)
class VoicemailLeft:
    """A message is in the mailbox and in the database."""

    line: str
    message: int
    at: datetime
    call: str = ""
    "The call that left it."


@dataclass(frozen=True, slots=True)
class MailboxChanged:
    """Messages of this line were heard, deleted, restored or purged, by phone or page."""

    line: str


@dataclass(frozen=True, slots=True)
class DoNotDisturb:
    """A line does not want to be disturbed any more, or is there for everybody again."""

    line: str
    on: bool


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    """The office snapshot moved."""

    revision: int


@dataclass(frozen=True, slots=True)
class WorkerChanged:
    """A media worker started, or died and took its calls with it."""

    worker: int
    pid: int
    alive: bool
    streams_lost: int = 0


@dataclass(frozen=True, slots=True)
class TrunkChanged:
    """An outside line came up, went down, tries, or was switched off."""

    trunk: int
    name: str
    state: str
    "'up', 'trying', 'down' or 'off'."
    why: Why
    at: datetime


@dataclass(frozen=True, slots=True)
class TrunkCalls:
    """An outside line carries another number of calls than before."""

    trunk: int
    calls: int


@dataclass(frozen=True, slots=True)
class TrunkGone:
    """An outside line is no part of the office any more."""

    trunk: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something the administrator should see: a full disk, a locked database."""

    kind: str
    """'disk_full', 'database_slow', 'database_gone', 'media_worker', 'port_busy', 'trunk_' with
    the id of an outside line, or 'limit_' with an extension or 'office'."""
    at: datetime
    it: str
    en: str
    over: bool = False
    "True when the trouble has passed."


Event = (
    CallStarted
    | CallRinging
    | LineRings
    | LineQuiet
    | CallAnswered
    | OriginRinging
    | OriginAnswered
    | CallHeld
    | CallMoved
    | CallEnded
    | CallParked
    | CallUnparked
    | RecordKept
    | PhoneRegistered
    | PhoneGone
    | VoicemailLeft
    | MailboxChanged
    | DoNotDisturb
    | SettingsChanged
    | WorkerChanged
    | TrunkChanged
    | TrunkCalls
    | TrunkGone
    | Trouble
)
