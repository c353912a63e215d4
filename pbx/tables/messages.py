"""Mailboxes and the voice messages in them."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from pbx.tables.base import Moment, OfficeTable


class Mailbox(OfficeTable, table=True):
    """A line's mailbox (casella vocale)."""

    line_id: int = Field(primary_key=True, foreign_key="line.id", ondelete="CASCADE")
    pin_hash: str = ""
    "Argon2id of the PIN; empty lets nobody in from a phone that asks for it."
    enabled: bool = True
    max_messages: int = 100
    max_seconds: int = 7200
    "Everything kept counts, deleted messages too (guide 5.5.2)."


class VoiceMessage(OfficeTable, table=True):
    """One message; its sound is a file under the data folder."""

    id: int | None = Field(default=None, primary_key=True)
    line_id: int = Field(foreign_key="line.id", index=True, ondelete="CASCADE")
    call_id: str = Field(index=True, unique=True)
    "The short id of the call that left it; makes a second recovery of the same recording harmless."
    caller_number: str = ""
    "Extension or E.164; empty when the caller withheld it."
    caller_name: str = ""
    left_at: datetime = Field(sa_type=Moment, index=True)
    seconds: float
    file: str
    "Path of the WAV relative to the data folder."
    state: str = Field(default="new", index=True, max_length=8)
    "'new', 'heard' or 'deleted'."
    state_before_deletion: str = Field(default="", max_length=8)
    urgent: bool = False
    private: bool = False
    deleted_at: datetime | None = Field(default=None, sa_type=Moment)
    peaks: str = ""
    "150 comma-separated levels 0..100 for the player's wave."
