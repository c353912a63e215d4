"""What waits for a line: messages not heard, and callers of the last day not spoken to since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from pbx.numbers import same_number
from pbx.store import history, messages

FRESH = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Counts:
    """The two numbers that stand beside the navigation."""

    new_messages: int
    missed: int


def counts_of(session: Session, line_id: int, now: datetime) -> Counts:
    """What waits for this line now."""
    return Counts(
        new_messages=messages.counts(session, line_id).new,
        missed=len(
            to_call_back(
                history.missed(session, line_id),
                [*history.dialled(session, line_id), *history.received(session, line_id)],
                now,
            )
        ),
    )


def to_call_back(
    missed: Iterable[history.CallRow], talked: Iterable[history.CallRow], now: datetime
) -> frozenset[int]:
    """The ids of missed calls of the last day whose caller has not been called or heard since.

    Who withheld the number cannot be called back, and is not counted.
    """
    after = list(talked)
    return frozenset(
        call.id
        for call in missed
        if call.number
        and now - call.at < FRESH
        and not any(other.at > call.at and _same(call.number, other.number) for other in after)
    )


def _same(caller: str, dialled: str) -> bool:
    """The outside line's 0 stands before what was dialled, not before what called."""
    return same_number(caller, dialled) or (
        dialled.startswith("0") and same_number(caller, dialled[1:])
    )
