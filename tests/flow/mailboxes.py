"""An office whose mailboxes are the real ones: applications, database and files, in the story's own
time: what a thread would do is done on the spot."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel, select

from pbx import credentials
from pbx.apps.app import Context, bound
from pbx.calls.story import CallStory
from pbx.events.kinds import RecordKept
from pbx.media import recorder
from pbx.store import history, messages
from pbx.store.messages import Counts
from pbx.store.records import RecordKeeper, record_of
from pbx.store.session import Database
from pbx.tables import CallRecord, Line, Mailbox, VoiceMessage
from tests.flow.loop import MONDAY, run
from tests.flow.office import NAMES, FlowOffice

T = TypeVar("T")
PIN = "740283"


class AtOnce(ThreadPoolExecutor):
    """Does everything where it is asked for: a clock moved by hand waits for no thread."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Do it, and hand over what came of it."""
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as failure:
            done.set_exception(failure)
        return done


class DatabaseAtOnce(Database):
    """A database whose lanes are the loop itself."""

    slow = 0.0
    "Seconds that every piece of work takes (somebody else holds the lock)."

    async def _hand(
        self,
        lane: ThreadPoolExecutor,
        opened: Callable[[], Any],
        work: Callable[[Session], T],
        limit: float | None,
    ) -> T:
        async def do() -> T:
            await asyncio.sleep(self.slow)
            with opened() as session:
                return work(session)

        return await asyncio.wait_for(do(), limit)


class MailOffice(FlowOffice):
    """The office of a story with mailboxes."""

    def __init__(self, database: DatabaseAtOnce) -> None:
        super().__init__()
        asyncio.get_running_loop().set_default_executor(AtOnce())
        self.database = database
        self.context = Context(
            self.snapshot.current, database, self.bus, self.clock, mend=recorder.mend
        )
        self.apps.clear()
        self.apps.update(bound(self.context))
        self.records = RecordKeeper(database)

    async def _counts(self, line: str) -> Counts:
        return await self.database.read(lambda session: messages.counts(session, line))

    def _keep(self, story: object) -> None:
        super()._keep(story)
        assert isinstance(story, CallStory)
        told = RecordKept(story.id, story.lines())
        self.records.keep(record_of(story, self.snapshot.last), then=lambda: self.bus.publish(told))

    def messages(self) -> list[VoiceMessage]:
        """All there are."""
        with self.database.reading() as session:
            return list(session.exec(select(VoiceMessage)))

    def missed(self, line: str) -> tuple[history.CallRow, ...]:
        """The tab of missed calls."""
        with self.database.reading() as session:
            return history.missed(session, int(line))

    def rows(self) -> list[CallRecord]:
        """Every record."""
        with self.database.reading() as session:
            return list(session.exec(select(CallRecord)))


@cache
def _pin_hash() -> str:
    return credentials.hash_pin(PIN)


def furnished(folder: Path) -> DatabaseAtOnce:
    """An office's database with its four lines and their mailboxes."""
    database = DatabaseAtOnce(f"sqlite:///{folder / 'office.db'}", folder)
    SQLModel.metadata.create_all(database.engine)
    with database.session() as session:
        for extension, name in NAMES.items():
            session.add(Line(id=int(extension), extension=extension, name=name, created_at=MONDAY))
            session.flush()
            session.add(Mailbox(line_id=int(extension), pin_hash=_pin_hash()))
    return database


def mail_story(told: Callable[[MailOffice], Awaitable[None]]) -> Callable[[Path], None]:
    """A test from a coroutine that is given such an office; it must leave nothing behind."""

    def test(tmp_path: Path) -> None:
        database = furnished(tmp_path)

        async def whole() -> None:
            office = MailOffice(database)
            await told(office)
            await office.at_rest()
            await office.context.settle()
            await office.records.flush()
            assert len(office.rows()) == len(office.stories)
            assert not list((tmp_path / "spool").glob("*"))

        try:
            run(whole())
        finally:
            database.close()

    test.__name__ = told.__name__
    test.__doc__ = told.__doc__
    test.__module__ = told.__module__
    return test
