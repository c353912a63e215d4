"""Who changed what in the office: one row a change, written in the same transaction as it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import JSON, Field

from pbx.tables.base import Moment, OfficeTable


class AuditEntry(OfficeTable, table=True):
    """One change. Names are copied, not pointed at: an entry outlives whom and what it is about."""

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Moment, index=True)
    who: str = Field(default="", max_length=6)
    "The extension of whoever did it; empty for the command line."
    who_name: str = Field(default="", max_length=120)
    line: str = Field(default="", index=True, max_length=6)
    "The extension it is about, as it was then; empty for the office as a whole."
    line_name: str = Field(default="", max_length=120)
    what: str = Field(max_length=40)
    "A machine word: see officesmart.administration.audit.DEEDS."
    before: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    "The changed fields as they were; never a secret."
    after: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
