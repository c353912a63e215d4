"""What a phone application is, and what the house gives it.

An application is one file in this folder (or in a customer's) with an `APP`: a name, and a
coroutine that holds one caller until it is done with him. It sees the Call API, the store, the
bus and the clock; never a SIP message, and never another call.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from pbx.apps.pins import PinGuard
from pbx.calls.api import Call, HungUp
from pbx.clock import Clock
from pbx.discover import modules_in, modules_of
from pbx.events.bus import Bus
from pbx.events.kinds import Trouble
from pbx.routing.office import Office
from pbx.store.session import Database, is_full, is_gone, is_locked

log = logging.getLogger(__name__)
T = TypeVar("T")

AGAIN_AFTER = (1.0, 5.0, 15.0, 60.0, 300.0)
"Seconds between tries to write what a locked database or a full disk refused."
SETTLE = 10.0
"Seconds that a stop waits for what is owed."


def loop_seconds() -> float:
    """The running loop's own time: for durations, not for dates."""
    return asyncio.get_running_loop().time()


async def _kept() -> None:
    """Nothing waits to be written."""


@dataclass(frozen=True, slots=True)
class Context:
    """The house as applications see it; one for all calls, made by the service."""

    office: Callable[[], Awaitable[Office]]
    "The present snapshot."
    database: Database
    bus: Bus
    clock: Clock
    pins: PinGuard = field(default_factory=PinGuard)
    ticking: Callable[[], float] = loop_seconds
    "Seconds that only ever grow."
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    "How the seconds between two tries to write are spent."
    mend: Callable[[Path], float] | None = None
    """Puts a recording cut short right and answers its seconds (`media.recorder.mend`); without
    it, one whose media worker died is delivered at the next start."""
    calls_kept: Callable[[], Awaitable[None]] = _kept
    "Comes back when the records of the calls that are over are in the database."
    _deeds: set[asyncio.Task[Any]] = field(default_factory=set)

    @property
    def data(self) -> Path:
        """The data folder, which the paths of messages are relative to."""
        return self.database.data

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which times are spoken."""
        return self.clock.zone

    def owe(self, deed: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Start what must be finished even if its call ends meanwhile, such as keeping a message.

        Whoever waits for the answer waits through `asyncio.shield`.
        """
        task = asyncio.create_task(deed)
        self._deeds.add(task)
        task.add_done_callback(self._done)
        return task

    async def write(self, work: Callable[[Session], T]) -> T:
        """Do `work` in a transaction, again and again while the database is locked or full.

        May take minutes: to be owed, not awaited by somebody's call. Raises what the last try did.
        """
        for pause in AGAIN_AFTER:
            try:
                return await self.database.run(work)
            except SQLAlchemyError as error:
                if not (is_locked(error) or is_full(error) or is_gone(error)):
                    raise
                log.warning("not written, next try in %.0f s: %s", pause, error)
            await self.pause(pause)
        return await self.database.run(work)

    async def settle(self, seconds: float = SETTLE) -> None:
        """Wait until nothing is owed any more; the service does so before it stops.

        What a database refuses for longer than that is still in the spool: the next start keeps it.
        """
        if self._deeds:
            await asyncio.wait(tuple(self._deeds), timeout=seconds)

    def trouble(self, kind: str, *, it: str, en: str) -> None:
        """Tell the administrator."""
        self.bus.publish(Trouble(kind, self.clock.now(), it, en))

    def trouble_over(self, kind: str) -> None:
        """Tell the administrator that it has passed, if he was told that it began."""
        for told in self.bus.board.troubles:
            if told.kind == kind:
                self.bus.publish(Trouble(kind, self.clock.now(), told.it, told.en, over=True))

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._deeds.discard(task)
        if not task.cancelled() and (failed := task.exception()) is not None:
            log.error("a deed owed by an application failed", exc_info=failed)


Run = Callable[[Call, Context, str], Awaitable[None]]
"The coroutine of an application: the call, the house, and the step's argument."


@dataclass(frozen=True, slots=True)
class App:
    """A phone application."""

    name: str
    "As service numbers and plans name it."
    run: Run


def apps(folders: Sequence[Path] = ()) -> dict[str, App]:
    """Every application by name, ours and a customer's; a customer's may replace one of ours."""
    found: dict[str, App] = {}
    for module in (*modules_of("pbx.apps"), *modules_in(folders, prefix="office_app")):
        app = getattr(module, "APP", None)
        if isinstance(app, App):
            found[app.name] = app
    return found


def bound(context: Context, folders: Sequence[Path] = ()) -> dict[str, Callable[..., Any]]:
    """The applications as calls start them: `await started[name](call, argument)`."""
    return {name: _bound(app, context) for name, app in apps(folders).items()}


def _bound(app: App, context: Context) -> Callable[[Call, str], Awaitable[None]]:
    async def run(call: Call, argument: str) -> None:
        try:
            await app.run(call, context, argument)
        except HungUp:
            raise
        except Exception:  # whatever went wrong in there, the caller is told and let go
            log.exception("%s %s failed", call.id, app.name)
            await call.play("announce.trouble", stop_on="")
        await call.hangup()

    return run
