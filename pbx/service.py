"""Builds the whole PBX and runs it: one thread, one event loop of its own.

The portal starts it through `officesmart/phone.py`; `python -m pbx` runs it alone. A lock in the
data folder sees to it that one process at a time answers the office's phones.
"""

from __future__ import annotations

import asyncio
import fcntl
import functools
import gc
import logging
import resource
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from pbx.alarms import Alarms
from pbx.apps.app import Context, bound
from pbx.calls.naming import Names
from pbx.calls.story import CallStory
from pbx.calls.switch import Switch
from pbx.calls.toll import Meter
from pbx.clock import Clock, SystemClock
from pbx.config import Config
from pbx.door import Door
from pbx.events import kinds
from pbx.events.bus import Bus
from pbx.hub import SETTINGS, Hub
from pbx.inside import OfficeLink
from pbx.kept_phones import known, stored
from pbx.media import prompts, recorder
from pbx.media.engine import MediaEngine, WorkerFacts
from pbx.media.workers import Workers
from pbx.net.driver import Driver
from pbx.net.stream import StreamLimits
from pbx.numbers import to_e164
from pbx.peers.phones import Phones
from pbx.peers.trunks import Trunks
from pbx.peers.waiting import Lamps
from pbx.routing.decide import decide
from pbx.routing.feature import features
from pbx.routing.features import do_not_disturb
from pbx.routing.office import Office
from pbx.store import messages
from pbx.store.asked_for_help import asked_for_help
from pbx.store.contacts import address_books
from pbx.store.music import music
from pbx.store.records import RecordKeeper, record_of
from pbx.store.registrations import Registrations, load_all
from pbx.store.session import Database
from pbx.store.snapshot import Snapshots
from pbx.store.spent import last_hour
from pbx.vault import unseal

log = logging.getLogger(__name__)
T = TypeVar("T")
START = 30.0  # seconds for everything to be up
SILENT = 20.0  # seconds without a packet after which a phone in a call is asked if it lives
FILES = 16_384  # open at once: connections, the database's, a page's
STOP = 10.0  # seconds for calls to be ended and rows to be written


class AlreadyRunning(Exception):
    """Another process answers this data folder's phones."""


class Lock:
    """One PBX a data folder: an advisory lock that dies with its process."""

    def __init__(self, data: Path) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self._file = (data / "pbx.lock").open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as taken:
            self._file.close()
            raise AlreadyRunning(
                f"another Office Smart already runs on {data}: stop it, or choose another folder "
                "with OFFICESMART_DATA"
            ) from taken

    def release(self) -> None:
        """Let another process take over."""
        self._file.close()


def open_files() -> int:
    """Ask the system for as many open files as it gives; answers how many that is.

    What most processes get without asking, 1024, would be used up by connections of strangers
    before their own bound, and the next message could not be recorded.
    """
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    soft, hard = (FILES if limit == resource.RLIM_INFINITY else limit for limit in limits)
    if soft < min(FILES, hard):
        soft = min(FILES, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, limits[1]))
    return soft


class Service:
    """The PBX as one object: `start`, `link`, `stop`; from any thread."""

    def __init__(self, config: Config, *, clock: Clock | None = None) -> None:
        self.config = config
        self.clock = clock or SystemClock(config.timezone)
        self.link = OfficeLink(self)
        self.loop: asyncio.AbstractEventLoop | None = None
        self.bus = Bus()
        self.hub: Hub
        self.phones: Phones
        self.lamps: Lamps
        self.trunks: Trunks
        self.snapshots: Snapshots
        self.driver: Driver
        self._lock: Lock | None = None
        self._thread: threading.Thread | None = None
        self._ending: asyncio.Event

    # --- from any thread -----------------------------------------------------------------------

    def start(self) -> None:
        """Bind the ports and answer from now on. Raises AlreadyRunning, or OSError with the port
        that is taken."""
        self._lock = Lock(self.config.data)
        up: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, args=(up,), name="pbx", daemon=True)
        self._thread.start()
        try:
            up.result(START)
        except BaseException:
            self._lock.release()
            raise

    def stop(self) -> None:
        """End all calls, write what is to be written, give the ports back."""
        if self.loop is not None and self._thread is not None and self._thread.is_alive():
            self.loop.call_soon_threadsafe(self._ending.set)
            self._thread.join(STOP)
        if self._lock is not None:
            self._lock.release()

    def running(self) -> bool:
        """Whether it answers."""
        return self.loop is not None and self._thread is not None and self._thread.is_alive()

    # --- on the PBX's thread -------------------------------------------------------------------

    def _run(self, up: Future[None]) -> None:
        try:
            import uvloop

            factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
        except ImportError:  # a platform without it: slower, the same otherwise
            factory = asyncio.new_event_loop
        try:
            with asyncio.Runner(loop_factory=factory) as runner:
                runner.run(self._main(up))
        except BaseException as failure:
            if not up.done():
                up.set_exception(failure)
            else:
                log.exception("the PBX ended with a fault")
        finally:
            self.loop = None

    async def _main(self, up: Future[None]) -> None:
        config = self.config
        loop = asyncio.get_running_loop()
        self._ending = asyncio.Event()
        database = Database(
            config.url,
            config.data,
            on_trouble=self._trouble_from(loop),
        )
        self.snapshots = Snapshots(database, config, on_moved=self._settings_moved)
        registrations = Registrations(database)
        records = RecordKeeper(database)
        alarms = Alarms(database, self.bus, self.clock)
        media = Workers(ports=config.rtp_ports, count=config.media_workers, silent_after=SILENT)
        media.on_worker = self._worker_changed
        self.driver = Driver(
            host=config.sip_host,
            port=config.sip_port,
            advertise=config.advertise,
            settings=SETTINGS,
            limits=StreamLimits(connections=min(StreamLimits().connections, open_files() // 2)),
        )
        door = Door(self.link, config.data)
        context = Context(
            self.snapshots.current,
            database,
            self.bus,
            self.clock,
            mend=recorder.mend,
            calls_kept=records.flush,
        )
        if config.sounds is not None:
            prompts.use(config.sounds)
        try:
            await self.snapshots.current()
            to_e164("+390612345678")  # the numbering plans take a moment to read: not in a call
            await media.start()
            self.phones = Phones(
                self.driver,
                self.bus,
                self.clock,
                self.snapshots,
                keep=lambda phone, account, binding: registrations.keep(
                    stored(phone, account, binding)
                ),
                drop=lambda account, binding: registrations.drop(account, binding.key),
            )
            self.lamps = Lamps(
                self.driver,
                self.phones,
                self._counts(database),
                mailbox_number=self._mailbox_number,
            )
            self.trunks = Trunks(
                self.driver,
                self.bus,
                self.clock,
                unseal=functools.partial(unseal, config.data),
            )
            self.driver.on_lost = self.trunks.lost
            switch = self._switch(media, records, context, alarms)
            self.hub = Hub(switch, self.phones, self.lamps, self.trunks)
            await asyncio.to_thread(messages.recover, database, recorder.mend)
            registered = await database.read(load_all)
            now = self.clock.now()
            switch.toll.remember(await database.read(lambda session: last_hour(session, now)))
            switch.help.remember(await database.read(lambda session: asked_for_help(session, now)))
            self.bus.listen(self.lamps.on_fact)
            self.bus.listen(alarms.on_fact)
            await self._bind()
            self.phones.load(
                [known(each) for each in registered]
            )  # before the loop hears the first REGISTER
            self.trunks.settings_moved(self.snapshots.last)
            self._tell_quiet(self.snapshots.last)
            await door.open()
            self.loop = loop
            _settle_garbage()
            up.set_result(None)
            log.info("SIP on port %d", self.driver.port)
            sweeping = loop.create_task(self.phones.sweep())
            await self._ending.wait()
            sweeping.cancel()
            await self.hub.stop()
            await self.trunks.stop()
            await context.settle()
        finally:
            await door.close()
            await self.driver.stop()
            await media.stop()
            await registrations.stop()
            await records.stop()
            await alarms.stop()
            self.snapshots.close()
            await asyncio.to_thread(database.close)

    def _switch(
        self, media: MediaEngine, records: RecordKeeper, context: Context, alarms: Alarms
    ) -> Switch:
        known = features()

        def keep(story: object) -> None:
            assert isinstance(story, CallStory)
            kept = kinds.RecordKept(story.id, story.lines())
            records.keep(record_of(story, self.snapshots.last), then=lambda: self.bus.publish(kept))

        return Switch(
            driver=self.driver,
            media=media,
            bus=self.bus,
            clock=self.clock,
            directory=self.phones,
            toll=Meter(self.clock, lambda: self.snapshots.last, told=alarms.limit_met),
            carriers=self.trunks,
            office=self.snapshots.current,
            decide=lambda facts, office: decide(facts, office, known),
            apps=bound(context),
            prompt=prompts.path,
            keep=keep,
            music=lambda: music(self.config.data, self.snapshots.last.hold_music),
            names=Names(address_books(context.database)),
        )

    def _counts(self, database: Database) -> Callable[[str], Coroutine[Any, Any, messages.Counts]]:
        async def counts(line: str) -> messages.Counts:
            return await database.read(functools.partial(messages.counts, line=line))

        return counts

    def _mailbox_number(self) -> str:
        services = self.snapshots.last.services.values()
        return next((each.code for each in services if each.app == "voicemail_menu"), "")

    async def _bind(self) -> None:
        try:
            await self.driver.start()
        except OSError as taken:
            place = f"{self.config.sip_host or 'all addresses'}, port {self.config.sip_port}"
            raise OSError(
                f"SIP cannot listen on {place}: {taken.strerror or taken}. Stop the program that "
                "uses it, or choose another with OFFICESMART_SIP_HOST or OFFICESMART_SIP_PORT"
            ) from taken

    # --- what is passed on to the bus ----------------------------------------------------------

    def _settings_moved(self, office: Office) -> None:
        self.phones.settings_moved()
        self.trunks.settings_moved(office)
        self._tell_quiet(office)
        self.bus.publish(kinds.SettingsChanged(office.revision))

    def _tell_quiet(self, office: Office) -> None:
        """Who does not want to be disturbed, and who does again."""
        before, now = self.bus.board.do_not_disturb, do_not_disturb.quiet(office)
        for line in sorted(before ^ now):
            self.bus.publish(kinds.DoNotDisturb(line, line in now))

    def _worker_changed(self, facts: WorkerFacts, lost: int) -> None:
        self.bus.publish(kinds.WorkerChanged(facts.worker, facts.pid, facts.alive, lost))

    def _trouble_from(self, loop: asyncio.AbstractEventLoop) -> Callable[[str, bool], None]:
        """Troubles are noticed on the database's threads and told on ours."""

        def tell(kind: str, over: bool) -> None:
            loop.call_soon_threadsafe(self._trouble, kind, over)

        return tell

    def _trouble(self, kind: str, over: bool) -> None:
        it, en = {
            "disk_full": ("Il disco è pieno: i messaggi non si registrano",
                          "The disk is full: messages cannot be recorded"),
            "database_slow": ("La base dati non risponde: le chiamate vanno avanti",
                              "The database does not answer: calls go on"),
            "database_gone": ("Il file della base dati non c'è più: le chiamate vanno avanti, "
                              "niente si salva. Rimettilo al suo posto o ripristina una copia",
                              "The database's file is gone: calls go on, nothing is saved. "
                              "Put it back, or restore a copy"),
        }.get(kind, (kind, kind))  # fmt: skip
        self.bus.publish(kinds.Trouble(kind, self.clock.now(), it, en, over))


def _settle_garbage() -> None:
    """What lives for ever is looked at no more; what calls leave behind is taken in small bites.

    A call that is over leaves some hundred objects in circles. Rare collections let them pile up
    (70 kB a call, and then 0.2 s without an answer); with these numbers some 500 calls' worth is
    taken at a time, in a few milliseconds.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(1_000, 10, 5)
