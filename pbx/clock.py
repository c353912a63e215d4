"""What time it is on the wall: told to whoever needs it, never asked below `net/`.

Durations are measured by the event loop's own time; this is only for dates in records and speech.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """The office's wall clock."""

    zone: ZoneInfo

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock, shown in the office's time zone."""

    def __init__(self, zone: str = "Europe/Rome") -> None:
        self.zone = ZoneInfo(zone)

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)
