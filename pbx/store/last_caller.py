"""Who called a line last: to be called back, or to be turned away from now on (*69, *60)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, func, or_, select

from pbx.tables import CallerEntry, CallRecord

LIST = "selective_reject"
"The caller list that *60 adds to."
MOST = 100
"Entries of a caller list (behaviour.md s.1.6)."
BY_CODE = ("number", "extension")
"Kinds of entry that a code adds, and may take away again."


@dataclass(frozen=True, slots=True)
class Last:
    """The last caller of a line."""

    number: str
    "An extension or E.164; empty when it was withheld."
    name: str = ""
    inside: bool = False
    "A colleague."


def of(session: Session, line_id: int) -> Last | None:
    """Who called the line last, answered or not; None when nobody did.

    A line that rings its own number (to reach its mailbox) has not been called.
    """
    call = session.exec(
        select(CallRecord)
        .where(
            or_(
                col(CallRecord.to_line_id) == line_id,
                col(CallRecord.answered_line_id) == line_id,
            ),
            or_(col(CallRecord.from_line_id).is_(None), col(CallRecord.from_line_id) != line_id),
        )
        .order_by(col(CallRecord.started_at).desc(), col(CallRecord.id).desc())
        .limit(1)
    ).first()
    if call is None:
        return None
    return Last(call.caller_number, call.caller_name, inside=call.from_line_id is not None)


def reject(session: Session, line_id: int, last: Last) -> bool:
    """Put a caller on the line's list of rejection; one who is on it already stays once.

    False when the list is full.
    """
    kind = "extension" if last.inside else "number"
    mine = (col(CallerEntry.line_id) == line_id, col(CallerEntry.service) == LIST)
    there = session.exec(
        select(CallerEntry.id).where(
            *mine, CallerEntry.kind == kind, CallerEntry.value == last.number
        )
    ).first()
    if there is not None:
        return True
    if session.exec(select(func.count(col(CallerEntry.id))).where(*mine)).one() >= MOST:
        return False
    session.add(
        CallerEntry(
            line_id=line_id, service=LIST, kind=kind, value=last.number[:40], name=last.name[:120]
        )
    )
    session.flush()
    return True


def forgive(session: Session, line_id: int) -> str:
    """Take the number added last off the list of rejection; answers it, "" when there is none.

    Prefixes, contacts and groups are left alone: no code adds one.
    """
    entry = session.exec(
        select(CallerEntry)
        .where(
            CallerEntry.line_id == line_id,
            CallerEntry.service == LIST,
            col(CallerEntry.kind).in_(BY_CODE),
        )
        .order_by(col(CallerEntry.id).desc())
        .limit(1)
    ).first()
    if entry is None:
        return ""
    number = entry.value
    session.delete(entry)
    session.flush()
    return number
