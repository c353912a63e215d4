"""What must not be lost: written in the same transaction as its cause, acted on by a job."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import JSON, Field

from pbx.tables.base import Moment, OfficeTable


class OutboxItem(OfficeTable, table=True):
    """A deed owed: a mail to send, a fax to dial."""

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(index=True, max_length=40)
    "Such as 'voicemail_mail'."
    cause: str = ""
    "What it is owed for, such as 'message 17'."
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    created_at: datetime = Field(sa_type=Moment)
    due_at: datetime = Field(sa_type=Moment, index=True)
    tries: int = 0
    state: str = Field(default="waiting", index=True, max_length=10)
    "'waiting', 'sending', 'done' or 'given_up'."
    error: str = ""
