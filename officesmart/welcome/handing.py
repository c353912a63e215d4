"""New secrets on their way to a person: kept in memory while their window is open, no longer.

The window of whoever made them holds the key. With it that browser session prints them, and a
softphone fetches its settings: once, and within ten minutes.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from officesmart.welcome.softphone import Softphone

GOOD_FOR = timedelta(minutes=10)
MOST = 200  # windows at once; the oldest gives way


@dataclass(slots=True)
class Handing:
    """What one window shows."""

    session: str
    "Hash of the browser session that made them."
    lines: tuple[int, ...]
    secrets: Mapping[tuple[str, str], str] = field(repr=False)
    "By (kind, user), as `accounts.Fresh` has them."
    until: datetime
    softphone: Softphone | None = None
    "What a phone may fetch; gone when one did."


class Handings:
    """All of them. Belongs to the portal's loop."""

    def __init__(self) -> None:
        self._kept: dict[str, Handing] = {}

    def offer(
        self,
        session: str,
        lines: tuple[int, ...],
        made: Mapping[tuple[str, str], str],
        now: datetime,
        *,
        softphone: Softphone | None = None,
    ) -> str:
        """Keep them for ten minutes at most; answers the key, 192 random bits."""
        self._forget_old(now)
        while len(self._kept) >= MOST:
            self._kept.pop(next(iter(self._kept)))
        key = secrets.token_urlsafe(24)
        self._kept[key] = Handing(session, lines, dict(made), now + GOOD_FOR, softphone)
        return key

    def to_print(self, session: str, key: str, now: datetime) -> Handing | None:
        """What this browser session may print."""
        self._forget_old(now)
        kept = self._kept.get(key)
        return kept if kept is not None and kept.session == session else None

    def fetch(self, key: str, now: datetime) -> Softphone | None:
        """The settings for the softphone that asks; nobody gets them a second time."""
        self._forget_old(now)
        kept = self._kept.get(key)
        if kept is None:
            return None
        phone, kept.softphone = kept.softphone, None
        return phone

    def close(self, key: str) -> None:
        """The window is closed."""
        self._kept.pop(key, None)

    def _forget_old(self, now: datetime) -> None:
        self._kept = {key: kept for key, kept in self._kept.items() if now < kept.until}


handings = Handings()
