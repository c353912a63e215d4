"""The history of calls as pages read it: a line's four lists, newest first.

A missed call is one that came to the line and that no person answered: the mailbox taking it does
not make it answered, it adds the mark that a message was left.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, and_, not_, or_, select, tuple_
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from pbx.events.kinds import End
from pbx.routing.feature import FOR_A_LINE, features
from pbx.tables import CallRecord, Line, VoiceMessage

Kind = Literal["missed", "dialled", "received", "rejected"]
Side = tuple[str, str]
"The other side of a call as its record has it: number, and the name that came with it."
PAGE = 100  # rows; what a tab shows at first (behaviour.md s.10)
CONFIDENTIAL = frozenset(each.name for each in features() if each.stage in FOR_A_LINE) | {"divert"}
"""Features whose reasons are the called person's own business (lists, forwards with their numbers):
who called is not told."""
LEADS_ON = frozenset({"line", "outside_number", "outside", "short_code"})
"Features that say whom a call reaches: after a first line, whom it was sent on to."
TOOK_IT = frozenset({"pickup", "park"})
"Features that say who took a call in somebody's stead."
FROM_OUTSIDE = frozenset({"direct_number", "own_number"})
"Features that say which line a number of the office belongs to."
BACK_HERE = TOOK_IT | {"mailbox"}
"Features of a call that a line had forwarded, and that are its own business still."
CALLERS_OWN = frozenset({"click_to_dial"})
"""Features whose reasons are the caller's own business (from which of his telephones a call was
made): who was called is not told."""


@dataclass(frozen=True, slots=True)
class CallRow:
    """One line of a tab, seen from one line of the office."""

    id: int
    call_id: str
    number: str
    "The other side: extension or E.164, as dialled when we dialled it; empty when withheld."
    name: str
    at: datetime
    "When it began, aware UTC."
    seconds: float
    "How long people talked; 0 when nobody answered."
    answered_by: str
    why: str
    message_left: bool
    message_id: int | None
    "The message it left, while that exists."
    from_web: bool
    because: tuple[dict[str, str], ...]
    onward: str = ""
    "The number (extension or E.164) that answered a call which the line itself had forwarded."
    onward_name: str = ""
    "The name that is kept with it: the colleague's, or what the line calls its saved number."

    @property
    def numbers(self) -> tuple[str, ...]:
        """Every number that a page shows for it."""
        return (self.number, self.onward) if self.onward else (self.number,)


def missed(session: Session, line_id: int, *, limit: int = PAGE) -> tuple[CallRow, ...]:
    """Calls to the line that no person answered, newest first (Chiamate perse).

    Without those that its own rules refused: they are in `rejected` only (behaviour.md s.10).
    """
    return listed(session, line_id, "missed", limit=limit)


def rejected(session: Session, line_id: int, *, limit: int = PAGE) -> tuple[CallRow, ...]:
    """Calls that the line's own rules refused, newest first (Chiamate rifiutate)."""
    return listed(session, line_id, "rejected", limit=limit)


def received(session: Session, line_id: int, *, limit: int = PAGE) -> tuple[CallRow, ...]:
    """Calls that a person on this line answered, newest first (Chiamate ricevute), and those that
    the line had forwarded to whoever did (behaviour.md s.10)."""
    return listed(session, line_id, "received", limit=limit)


def dialled(session: Session, line_id: int, *, limit: int = PAGE) -> tuple[CallRow, ...]:
    """Calls that the line made, newest first (Chiamate effettuate)."""
    return listed(session, line_id, "dialled", limit=limit)


def listed(
    session: Session,
    line_id: int,
    kind: Kind,
    *,
    limit: int = PAGE,
    beyond: CallRow | None = None,
    sides: Collection[Side] | None = None,
) -> tuple[CallRow, ...]:
    """One of the lists, newest first. beyond: only what is older than this row of it. sides: only
    calls whose other side is one of these; None for all."""
    found = (
        select(CallRecord, col(VoiceMessage.id))
        .outerjoin(VoiceMessage, col(VoiceMessage.call_id) == col(CallRecord.call_id))
        .where(_in(kind, line_id))
        .order_by(col(CallRecord.started_at).desc(), col(CallRecord.id).desc())
        .limit(limit)
    )
    if beyond is not None:
        began = col(CallRecord.started_at)
        found = found.where(
            or_(began < beyond.at, and_(began == beyond.at, col(CallRecord.id) < beyond.id))
        )
    if sides is not None:
        if not sides:
            return ()
        found = found.where(tuple_(*_side(kind)).in_(sides))
    owner = session.get(Line, line_id) if kind == "received" else None
    own = owner.extension if owner is not None else ""
    return tuple(
        _row(call, message, kind, line_id, own) for call, message in session.execute(found)
    )


def sides(session: Session, line_id: int, kind: Kind) -> list[Side]:
    """Everybody on the other side of the calls of a list, each once."""
    rows = session.execute(select(*_side(kind)).where(_in(kind, line_id)).distinct())
    return [(number, name) for number, name in rows]


def _in(kind: Kind, line_id: int) -> ColumnElement[bool]:
    """What makes a call one of a list."""
    called = col(CallRecord.to_line_id) == line_id
    refused = col(CallRecord.why) == End.REJECTED.value
    match kind:
        case "dialled":
            return col(CallRecord.from_line_id) == line_id
        case "rejected":
            return and_(called, refused)
        case "missed":
            return and_(called, not_(_talked()), not_(_to_itself(line_id)), not_(refused))
    sent_on = or_(col(CallRecord.answered_line_id).is_(None), col(CallRecord.forwarded))
    answered = col(CallRecord.answered_line_id) == line_id
    return and_(_talked(), or_(answered, and_(sent_on, called)), not_(_to_itself(line_id)))


def _side(kind: Kind) -> tuple[Mapped[str], Mapped[str]]:
    if kind == "dialled":
        return col(CallRecord.dialled), col(CallRecord.callee_name)
    return col(CallRecord.caller_number), col(CallRecord.caller_name)


def _talked() -> ColumnElement[bool]:
    return col(CallRecord.answered_by) == "person"


def _to_itself(line_id: int) -> ColumnElement[bool]:
    """A line that rings its own number (to reach its mailbox) has missed nothing."""
    return and_(col(CallRecord.from_line_id).is_not(None), col(CallRecord.from_line_id) == line_id)


def _row(call: CallRecord, message: int | None, kind: Kind, line_id: int, own: str) -> CallRow:
    """A call that somebody else answered is in `received` because its line (`own`) forwarded it."""
    dialled = kind == "dialled"
    sent_on = kind == "received" and call.forwarded and call.to_line_id == line_id
    onward, onward_name = _who_answered(call, own) if sent_on else ("", "")
    talked = call.answered_by == "person" or (dialled and call.answered_at is not None)
    start = call.answered_at if talked else None
    return CallRow(
        id=call.id or 0,
        call_id=call.call_id,
        number=call.dialled if dialled else call.caller_number,
        name=call.callee_name if dialled else call.caller_name,
        at=call.started_at,
        seconds=max(0.0, (call.ended_at - start).total_seconds()) if start else 0.0,
        answered_by=call.answered_by,
        why=call.why,
        message_left=call.message_left,
        message_id=message,
        from_web=call.from_web,
        because=_for_who_called(call.because)
        if dialled
        else _for_who_was_called(call.because, first=call.to_line_id == line_id),
        onward=onward,
        onward_name=onward_name,
    )


def _for_who_called(because: Sequence[dict[str, str]]) -> tuple[dict[str, str], ...]:
    """The reasons up to where the called person's own settings take over, or the call leaves that
    line: what comes after them would tell where it went. Who took a ringing or parked call is told:
    the caller talked with them."""
    told: list[dict[str, str]] = []
    reached = led_on = False
    for each in because:
        feature = each.get("feature")
        led_on = led_on or feature in CONFIDENTIAL or (reached and feature in LEADS_ON)
        reached = reached or feature == "line"
        if not led_on or feature in TOOK_IT:
            told.append(each)
    return tuple(told)


def _for_who_was_called(
    because: Sequence[dict[str, str]], *, first: bool
) -> tuple[dict[str, str], ...]:
    """Without what the caller did. first: the call came to this line; once it has gone on to
    another, what that one has set is not this one's business."""
    told: list[dict[str, str]] = []
    lines = 0
    for each in because:
        feature = each.get("feature")
        elsewhere = first and lines > 1 and feature not in BACK_HERE
        lines += feature == "line" or (feature in FROM_OUTSIDE and not lines)
        if feature not in CALLERS_OWN and not elsewhere:
            told.append(each)
    return tuple(told)


def _who_answered(call: CallRecord, own: str) -> Side:
    """The telephone that took a call, for the line that sent it on.

    The record's own number is the one that was called: whoever called is not told where it went.
    A number outside to which a colleague had it go further is his own affair: then it is he.
    """
    for each in reversed(call.phones):
        if each.get("status") == 200:
            if line := str(each.get("line", "")):
                return line, call.callee_name
            if (payer := str(each.get("payer", own))) != own:
                return payer, ""
            return str(each.get("phone", "")).rpartition(" ")[2], str(each.get("name", ""))
    return call.dialled, call.callee_name
