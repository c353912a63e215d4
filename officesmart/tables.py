"""Tables that only the portal needs: who is signed in."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from pbx.tables.base import Moment, OfficeTable


class WebSession(OfficeTable, table=True):
    """One browser signed in; ends after 30 minutes of idleness (guide 2)."""

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True, index=True, max_length=64)
    "SHA-256 of the cookie's token: reading this table signs nobody in."
    line_id: int = Field(foreign_key="line.id", index=True, ondelete="CASCADE")
    created_at: datetime = Field(sa_type=Moment)
    last_activity_at: datetime = Field(sa_type=Moment, index=True)
    ip: str = Field(default="", max_length=45)
    user_agent: str = Field(default="", max_length=200)
