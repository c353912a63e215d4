"""The history of calls: one row a call, written once it is over."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import JSON, Field

from pbx.tables.base import Moment, OfficeTable


class CallRecord(OfficeTable, table=True):
    """Who called whom, when, what came of it and why."""

    id: int | None = Field(default=None, primary_key=True)
    call_id: str = Field(unique=True, index=True)
    "The short id that logs, events and messages use too."
    from_line_id: int | None = Field(
        default=None, foreign_key="line.id", index=True, ondelete="SET NULL"
    )
    to_line_id: int | None = Field(
        default=None, foreign_key="line.id", index=True, ondelete="SET NULL"
    )
    caller_number: str = ""
    caller_name: str = ""
    dialled: str = ""
    "As dialled; a number outside in E.164, without the digit for an outside line."
    callee_name: str = ""
    started_at: datetime = Field(sa_type=Moment, index=True)
    rang_at: datetime | None = Field(default=None, sa_type=Moment)
    answered_at: datetime | None = Field(default=None, sa_type=Moment)
    ended_at: datetime = Field(sa_type=Moment)
    answered_by: str = ""
    "'person', 'mailbox', 'service' or empty; a call that only the mailbox took is still missed."
    forwarded: bool = False
    "The line that was called sent it on, and somebody else answered."
    answered_line_id: int | None = Field(default=None, foreign_key="line.id", ondelete="SET NULL")
    ended_by: str = ""
    "'caller', 'callee', 'portal' or 'office'."
    status: int = 0
    "The final SIP status towards the caller; 200 once answered."
    why: str = ""
    "A machine word for how it ended: see pbx.events.kinds.End."
    from_web: bool = False
    phones: list[dict[str, object]] = Field(default_factory=list, sa_type=JSON)
    "Each phone tried: {line, phone, status, reason, seconds, name}."
    because: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)
    "The plan's reasons: {feature, it, en}."
    message_left: bool = False
