"""What the pages of this process work with: settings, database, clock, the PBX, the open tabs.

Opened once when the portal starts. Handlers ask for it; tests open one of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from officesmart.door import Door
from officesmart.expected import Offices
from officesmart.live import Live
from officesmart.looking import may_look_into, may_look_through
from officesmart.phone import Phone, phone
from pbx.clock import Clock, SystemClock
from pbx.config import Config
from pbx.store.session import Database


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a handler may reach."""

    config: Config
    database: Database
    clock: Clock
    door: Door
    live: Live
    phone: Phone
    offices: Offices

    def now(self) -> datetime:
        """The present moment, aware."""
        return self.clock.now()

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return self.clock.zone


class Closed(RuntimeError):
    """The portal has not been started in this process."""


_open: Desk | None = None
_looking: ContextVar[bool] = ContextVar("looking", default=False)


def open_desk(config: Config, *, clock: Clock | None = None, with_phone: Phone = phone) -> Desk:
    """Open the database and what else the pages need."""
    global _open
    database = Database(config.url, config.data)
    _open = Desk(
        config=config,
        database=database,
        clock=clock or SystemClock(config.timezone),
        door=Door(database, config),
        live=Live(),
        phone=with_phone,
        offices=Offices(config),
    )
    return _open


def desk() -> Desk:
    """The open one. Raises Closed."""
    if _open is None:
        raise Closed("open_desk first")
    if _looking.get():
        return replace(
            _open,
            database=may_look_into(_open.database),
            phone=may_look_through(_open.phone),
        )
    return _open


@contextmanager
def looking() -> Iterator[None]:
    """Whoever asks for the desk in here may read everything and change nothing.

    For an administrator who sees the portal as somebody else: whatever a handler does, the
    database refuses to write and the PBX takes no command. Raises MayOnlyLook where it is tried.
    """
    token = _looking.set(True)
    try:
        yield
    finally:
        _looking.reset(token)


def close_desk() -> None:
    """Close the database."""
    global _open
    if _open is not None:
        _open.database.close()
        _open = None
