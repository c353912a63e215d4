"""A small office on a real SQLite file, with people, mailboxes and PINs."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import SQLModel, select

from pbx import credentials
from pbx.apps.app import Context, apps, bound
from pbx.apps.pins import PinGuard
from pbx.calls.api import HungUp
from pbx.events.bus import Bus
from pbx.events.kinds import Event
from pbx.routing.office import Office
from pbx.store import messages
from pbx.store.session import Database
from pbx.store.snapshot import build
from pbx.tables import Line, Mailbox, OutboxItem, VoiceMessage
from tests.unit.apps.fakecall import FakeCall, length_of, write_sound

T = TypeVar("T")
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
PIN = "740283"


class HandClock:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.zone = ZoneInfo("Europe/Rome")
        self.moment = NOON

    def now(self) -> datetime:
        return self.moment

    def forward(self, **by: float) -> None:
        self.moment += timedelta(**by)


@dataclass
class House:
    """The office, and what happened in it."""

    database: Database
    clock: HandClock
    bus: Bus = field(default_factory=Bus)
    events: list[Event] = field(default_factory=list)
    paused: list[float] = field(default_factory=list)
    pins: PinGuard = field(default_factory=PinGuard)
    frozen: Office | None = None

    @property
    def data(self) -> Path:
        return self.database.data

    def office(self) -> Office:
        """The snapshot: as the rows are, unless a story froze it."""
        if self.frozen is not None:
            return self.frozen
        with self.database.reading() as session:
            return build(session)

    def line(self, extension: str, *, language: str = "it", **mailbox: Any) -> int:
        """A person with a mailbox and the PIN of all."""
        with self.database.session() as session:
            line = Line(
                extension=extension,
                name=f"Person {extension}",
                language=language,
                created_at=NOON,
            )
            session.add(line)
            session.flush()
            assert line.id is not None
            session.add(Mailbox(line_id=line.id, **{"pin_hash": PIN_HASH, **mailbox}))
            return line.id

    def message(self, extension: str = "201", *, state: str = "new", **more: Any) -> int:
        """A message in a mailbox, left so many minutes ago as there are messages already."""
        with self.database.session() as session:
            line = session.exec(select(Line).where(Line.extension == extension)).one()
            number = len(session.exec(select(VoiceMessage)).all())
            file = f"messages/{extension}/{number}.wav"
            path = self.data / file
            path.parent.mkdir(parents=True, exist_ok=True)
            write_sound(path, more.get("seconds", 8.0))
            message = VoiceMessage(
                **{
                    "line_id": line.id,
                    "call_id": f"m{number}",
                    "caller_number": "202",
                    "left_at": NOON - timedelta(hours=3) + timedelta(minutes=number),
                    "seconds": 8.0,
                    "file": file,
                    "state": state,
                    "state_before_deletion": "heard" if state == "deleted" else "",
                    "deleted_at": NOON if state == "deleted" else None,
                    **more,
                }
            )
            session.add(message)
            session.flush()
            assert message.id is not None
            return message.id

    def messages(self, extension: str = "201") -> list[VoiceMessage]:
        """What is in a mailbox, deleted ones too, oldest first."""
        with self.database.reading() as session:
            line = session.exec(select(Line).where(Line.extension == extension)).one()
            found = session.exec(
                select(VoiceMessage)
                .where(VoiceMessage.line_id == line.id)
                .order_by(VoiceMessage.id)  # type: ignore[arg-type]
            )
            return list(found)

    def states(self, extension: str = "201") -> list[str]:
        return [message.state for message in self.messages(extension)]

    def owed(self) -> list[OutboxItem]:
        with self.database.reading() as session:
            return list(session.exec(select(OutboxItem)))

    def spooled(self) -> list[str]:
        return sorted(path.name for path in (self.data / "spool").glob("*"))

    def told(self, kind: type[T]) -> list[T]:
        return [event for event in self.events if isinstance(event, kind)]

    def run(self, app: str, call: FakeCall, argument: str = "") -> FakeCall:
        """One call in one application, to its end; what the application raises comes out."""
        return self._run(call, lambda context: apps()[app].run(call, context, argument))

    def run_bound(self, app: str, call: FakeCall, argument: str = "") -> FakeCall:
        """One call as the service starts it."""
        return self._run(call, lambda context: bound(context)[app](call, argument))

    def _run(self, call: FakeCall, start: Callable[[Context], Awaitable[None]]) -> FakeCall:

        async def go() -> None:
            async def office() -> Office:
                return self.office()

            async def pause(seconds: float) -> None:
                self.paused.append(seconds)

            context = Context(
                office,
                self.database,
                self.bus,
                self.clock,
                pins=self.pins,
                ticking=lambda: call.seconds,
                pause=pause,
                mend=length_of,
            )
            try:
                await start(context)
            except HungUp:
                pass
            await context.settle()

        asyncio.run(go())
        return call

    def recover(self) -> tuple[int, ...]:
        """What the next start does."""
        return messages.recover(self.database, length_of)


PIN_HASH = credentials.hash_pin(PIN)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The house's database, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("made")
    database = Database(f"sqlite:///{folder / 'office.db'}", folder)
    SQLModel.metadata.create_all(database.engine)
    house = House(database, HandClock())
    house.line("201")
    house.line("202")
    database.close()
    return folder / "office.db"


@pytest.fixture
def house(tmp_path: Path, made: Path) -> Iterator[House]:
    shutil.copy(made, tmp_path)
    house = House(Database(f"sqlite:///{tmp_path / 'office.db'}", tmp_path), HandClock())
    house.bus.listen(house.events.append)
    yield house
    house.database.close()
