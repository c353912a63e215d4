"""The database: sessions, the writer's lane, the reader's lane, and what happens when it is slow.

One thread writes and one reads for the PBX, so that its loop never waits for a disk: work is a
plain function over a session, run in the order it was handed in. A database that somebody else
holds locked makes writes wait (up to WAIT) while calls go on; `on_trouble` hears of it.

SQLite is what is tested; any address SQLAlchemy knows should do.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.orm import Session as PlainSession
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from pbx.store import revision

log = logging.getLogger(__name__)
T = TypeVar("T")

WAIT = 30.0  # seconds a write waits for a locked database before it fails
SLOW = 1.0  # seconds of waiting after which the administrator is told

OnTrouble = Callable[[str, bool], None]
"""Called with 'database_slow', 'database_gone' or 'disk_full', and whether it is over; on whatever
thread noticed."""

AFTER_COMMIT = "office_after_commit"


def is_locked(error: BaseException) -> bool:
    """Whether a write failed only because somebody else holds the database; worth trying again."""
    text = str(getattr(error, "orig", error)).lower()
    return isinstance(error, DBAPIError | sqlite3.Error) and (
        "locked" in text or "busy" in text or "lock timeout" in text
    )


def is_gone(error: BaseException) -> bool:
    """Whether the database itself is not there (its disk is away, somebody moved the file)."""
    text = str(getattr(error, "orig", error)).lower()
    return isinstance(error, DBAPIError | sqlite3.Error) and "unable to open database" in text


def is_full(error: BaseException) -> bool:
    """Whether a write failed because the disk has no room."""
    text = str(getattr(error, "orig", error)).lower()
    return isinstance(error, DBAPIError | sqlite3.Error) and (
        "disk is full" in text or "no space" in text or "disk i/o error" in text
    )


def after_commit(session: PlainSession, deed: Callable[[], None]) -> None:
    """Do something once this session's transaction is safely kept; never if it is not.

    For files that follow a row (deleting a sound after its message). A deed that raises is logged:
    the rows are already kept.
    """
    session.info.setdefault(AFTER_COMMIT, []).append(deed)


class Database:
    """The office's database, shared by the PBX and the portal.

    Sessions here never expire their objects: a row read in a lane can be looked at on the loop.
    """

    def __init__(
        self, url: str, data: Path = Path("data"), *, on_trouble: OnTrouble | None = None
    ) -> None:
        """data: the folder that messages' paths are relative to; made when missing."""
        self.url = url
        self.data = data
        self.on_trouble = on_trouble
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.engine = _sqlite_engine(url, self) if self.is_sqlite else create_engine(url)
        writing = self.engine.execution_options(office_write=True)
        self._writing = sessionmaker(writing, class_=Session, expire_on_commit=False)
        self._reading = sessionmaker(self.engine, class_=Session, expire_on_commit=False)
        revision.watch(self._writing)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="office-writer")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="office-reader")
        self._troubles: set[str] = set()
        self._guard = threading.Lock()

    # -- work on the calling thread -----------------------------------------------------------

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session that may write: committed at the end, rolled back when the block raises.

        Blocks the calling thread, for as long as WAIT when the database is locked: not for loops
        (see `run`), and not for work that only reads (see `reading`).
        """
        try:
            with self._writing() as session:
                with session.begin():
                    yield session
                self._do_deeds(session)
        except DBAPIError as error:
            if is_full(error):
                self.trouble("disk_full", over=False)
            raise
        self.trouble("disk_full", over=True)

    def _do_deeds(self, session: PlainSession) -> None:
        deeds = session.info.pop(AFTER_COMMIT, ())
        if not deeds:
            return
        try:
            self._sync()
        except OSError:
            # What follows the rows must wait, or a power cut could leave neither.
            log.exception("the rows are kept, but perhaps not through a power cut")
            return
        for deed in deeds:
            try:
                deed()
            except OSError:
                log.exception("the rows are kept, but what follows them failed")

    def _sync(self) -> None:
        """Bring commits to the disk for good (with synchronous=NORMAL they wait in the log)."""
        log_file = Path(f"{self.engine.url.database}-wal")
        if self.is_sqlite and log_file.exists():
            handle = os.open(log_file, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads: it does not wait behind a locked write (SQLite's WAL)."""
        with self._reading() as session:
            yield session

    # -- work from a loop ---------------------------------------------------------------------

    async def run(self, work: Callable[[Session], T], *, limit: float | None = None) -> T:
        """Do `work` in one transaction on the writer's thread, in order; answer what it answers.

        limit: seconds; past it TimeoutError is raised, and the work is dropped if it has not
        begun, else carried to its end all the same. Cancelling the caller does the same.
        """
        return await self._hand(self._writer, self.session, work, limit)

    async def read(self, work: Callable[[Session], T], *, limit: float | None = None) -> T:
        """Do reading `work` on the reader's thread; writes that wait do not hold it up."""
        return await self._hand(self._reader, self.reading, work, limit)

    async def _hand(
        self,
        lane: ThreadPoolExecutor,
        opened: Callable[[], Any],
        work: Callable[[Session], T],
        limit: float | None,
    ) -> T:
        def job() -> T:
            with opened() as session:
                return work(session)

        # wait_for cancels the future on a timeout: that drops a job still in the queue, and
        # cannot stop one that has begun.
        return await asyncio.wait_for(asyncio.wrap_future(lane.submit(job)), limit)

    def close(self) -> None:
        """Finish what was handed in, and close. Blocks."""
        self._writer.shutdown(wait=True)
        self._reader.shutdown(wait=True)
        self.engine.dispose()

    # -- troubles -----------------------------------------------------------------------------

    def trouble(self, kind: str, *, over: bool) -> None:
        """Tell `on_trouble` once when a trouble begins and once when it has passed."""
        with self._guard:
            if over != (kind in self._troubles):
                return
            self._troubles ^= {kind}
        log.log(logging.INFO if over else logging.WARNING, "%s%s", kind, " is over" * over)
        if self.on_trouble is not None:
            self.on_trouble(kind, over)

    def _begin_writing(self, connection: Connection) -> None:
        """Take SQLite's write lock at the start, so that reading first cannot end in a refusal.

        A deferred transaction that reads and then writes fails at once (SQLITE_BUSY_SNAPSHOT)
        when another process wrote in between; one that begins by taking the lock just waits.
        """
        give_up = time.monotonic() + WAIT
        while True:
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            except OperationalError as error:
                if not is_locked(error) or time.monotonic() > give_up:
                    raise
                self.trouble("database_slow", over=False)
            else:
                self.trouble("database_slow", over=True)
                return


def file_of(url: str) -> Path:
    """The file of an SQLite address."""
    return Path(make_url(url).database or "")


def open_sqlite(path: Path, *, timeout: float) -> sqlite3.Connection:
    """A connection to a file that is there: SQLite itself would make an empty one instead.

    The driver is to begin no transaction by itself. Raises sqlite3.OperationalError.
    """
    return sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?mode=rw",
        uri=True,
        isolation_level=None,
        timeout=timeout,
        check_same_thread=False,
    )


def identity(path: Path) -> tuple[int, int] | None:
    """What tells this file from another of its name; None when it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _sqlite_engine(url: str, database: Database) -> Engine:
    path = file_of(url)
    if not path.exists():
        # Digests of passwords lie in it: nobody else's to read, whatever the folder allows.
        path.touch(mode=0o600)

    def opened() -> sqlite3.Connection:
        try:
            return open_sqlite(path, timeout=SLOW)
        except sqlite3.OperationalError:
            database.trouble("database_gone", over=path.exists())
            raise

    engine = create_engine(url, creator=opened)

    def on_connect(connection: Any, record: Any) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        record.info["file"] = identity(path)

    def on_checkout(connection: object, record: Any, proxy: object) -> None:
        # An open connection goes on writing to a file that was moved or deleted, and what it
        # writes would be lost. Raising makes the pool open anew, which fails while it is away.
        if record.info.get("file") != identity(path):
            database.trouble("database_gone", over=path.exists())
            raise DisconnectionError
        database.trouble("database_gone", over=True)

    def on_begin(connection: Connection) -> None:
        if connection.get_execution_options().get("office_write"):
            database._begin_writing(connection)
        else:
            connection.exec_driver_sql("BEGIN")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "checkout", on_checkout)
    event.listen(engine, "begin", on_begin)
    return engine
