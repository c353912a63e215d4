"""The history of calls: kept behind the calls' backs. How pages read it is history.py's."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from pbx.events.kinds import End, Party
from pbx.routing.office import Office
from pbx.routing.plan import Because
from pbx.store import origins
from pbx.store.behind import GATHER, Behind
from pbx.store.session import Database
from pbx.tables import CallRecord, Line

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EndedCall:
    """What is kept of a call once it is over; the fields are those of the table."""

    call_id: str
    started_at: datetime
    ended_at: datetime
    from_line_id: int | None = None
    to_line_id: int | None = None
    caller_number: str = ""
    caller_name: str = ""
    dialled: str = ""
    callee_name: str = ""
    rang_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by: str = ""
    "'person', 'mailbox', 'service' or empty."
    answered_line_id: int | None = None
    forwarded: bool = False
    "The line that was called sent it on, and somebody else answered."
    ended_by: str = ""
    status: int = 0
    why: str = ""
    "The value of a pbx.events.kinds.End."
    from_web: bool = False
    phones: tuple[dict[str, object], ...] = ()
    because: tuple[dict[str, str], ...] = ()
    message_left: bool = False
    origin: str = ""
    """Another telephone (extension or E.164) from which the call was made on a page, and went
    through: no column, it is remembered among the line's other numbers."""


class _Tried(Protocol):
    @property
    def line(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def status(self) -> int: ...
    @property
    def reason(self) -> str: ...
    @property
    def seconds(self) -> float: ...
    @property
    def name(self) -> str: ...
    @property
    def payer(self) -> str: ...
    @property
    def kind(self) -> str: ...


class Story(Protocol):
    """What became of a call, as calls tell it (pbx.calls.story.CallStory)."""

    id: str
    started_at: datetime
    ended_at: datetime | None
    rang_at: datetime | None
    answered_at: datetime | None
    caller: Party
    callee: Party
    dialled: str
    from_line: str
    to_line: str
    answered_line: str
    forwarded: bool
    answered_by: str
    ended_by: str
    status: int
    end: End
    from_web: bool
    origin: str
    message_left: bool

    @property
    def tried(self) -> Sequence[_Tried]:
        """Each phone that was rung."""
        ...

    @property
    def because(self) -> Sequence[Because]:
        """The plan's reasons."""
        ...


def record_of(story: Story, office: Office) -> EndedCall:
    """The record of a story; lines that the office does not know (any more) are left out."""

    def line_id(extension: str) -> int | None:
        person = office.lines.get(extension)
        return person.line_id if person is not None else None

    return EndedCall(
        call_id=story.id,
        started_at=story.started_at,
        ended_at=story.ended_at or story.answered_at or story.rang_at or story.started_at,
        from_line_id=line_id(story.from_line),
        to_line_id=line_id(story.to_line),
        caller_number=story.caller.number,
        caller_name=story.caller.name,
        dialled=story.callee.number or story.dialled,
        callee_name=story.callee.name,
        rang_at=story.rang_at,
        answered_at=story.answered_at,
        answered_by=story.answered_by,
        answered_line_id=line_id(story.answered_line),
        forwarded=story.forwarded
        and story.answered_by == "person"
        and story.answered_line != story.to_line,
        ended_by=story.ended_by,
        status=story.status,
        why=story.end.value,
        from_web=story.from_web,
        phones=tuple(
            {
                "line": each.line,
                "phone": each.phone,
                "status": each.status,
                "reason": each.reason,
                "seconds": each.seconds,
                **({"name": each.name} if each.name else {}),
                **({"payer": each.payer, "kind": each.kind} if each.kind else {}),
            }
            for each in story.tried
        ),
        because=tuple(asdict(each) for each in story.because),
        message_left=story.message_left,
        origin=story.origin if story.answered_at is not None else "",
    )


class RecordKeeper:
    """Keeps the records of ended calls, in order, through any trouble of the database.

    Belongs to the PBX's loop. A record of a call that is in the table already is skipped.
    """

    def __init__(self, database: Database, *, gather: float = GATHER) -> None:
        self._behind = Behind(database, _write_all, written=_tell, gather=gather)

    def keep(self, call: EndedCall, *, then: Callable[[], None] | None = None) -> None:
        """Have a record written soon; `then` is called on the loop once pages can read it."""
        self._behind.put((call, then))

    async def flush(self) -> None:
        """Write what waits, now."""
        await self._behind.flush()

    async def stop(self) -> None:
        """Write what waits, for the end of the process; gives up on a database that is stuck."""
        await self._behind.stop()


_Kept = tuple[EndedCall, Callable[[], None] | None]


def _tell(kept: _Kept) -> None:
    if kept[1] is not None:
        kept[1]()


def _write_all(session: Session, batch: Sequence[_Kept]) -> None:
    _write(session, [call for call, _ in batch])


def _write(session: Session, batch: Sequence[EndedCall]) -> None:
    rows = session.connection()
    known = set(
        rows.scalars(
            select(col(CallRecord.call_id)).where(
                col(CallRecord.call_id).in_([call.call_id for call in batch])
            )
        )
    )
    fresh = {call.call_id: call for call in batch if call.call_id not in known}
    if not fresh:
        return
    try:
        with session.begin_nested():
            rows.execute(insert(CallRecord), [_columns(call) for call in fresh.values()])
    except IntegrityError:
        # A line was deleted while it was in a call: the record stays, without the link.
        lines = set(rows.scalars(select(col(Line.id))))
        rows.execute(insert(CallRecord), [_of(call, lines) for call in fresh.values()])
    for call in fresh.values():
        _remember_origin(session, call)


def _remember_origin(session: Session, call: EndedCall) -> None:
    if not call.origin or call.from_line_id is None:
        return
    try:
        with session.begin_nested():
            origins.remember(session, call.from_line_id, call.origin, at=call.ended_at)
    except IntegrityError:  # the line was deleted during the call
        log.info("call %s: its line is no more, its origin is not remembered", call.call_id)


def _columns(call: EndedCall) -> dict[str, Any]:
    columns = asdict(call)
    del columns["origin"]
    return columns


def _of(call: EndedCall, lines: set[int | None]) -> dict[str, Any]:
    names = ("from_line_id", "to_line_id", "answered_line_id")
    unknown = {name: None for name in names if getattr(call, name) not in lines}
    return _columns(call) | unknown
