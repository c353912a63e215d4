"""The PBX inside this process: started with the portal, and honest when it is not running here.

The one place of the portal that holds the link. `OFFICESMART_PBX=off` leaves the PBX out (pages are
being built), `OFFICESMART_PBX=remote` reaches one that runs by itself on the same data folder
(`python -m pbx`), so that pages can be edited without dropping calls.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from pbx.config import Config
from pbx.link import Board, Diverted, Link, LinkDown, Placed, Reader, TrunkChanged
from pbx.remote import RemoteLink

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Why:
    """Why there is no PBX behind the portal, for people to read."""

    it: str
    en: str


STARTING = Why(it="Il centralino si sta avviando.", en="The PBX is starting.")
OFF = Why(
    it="Il centralino è escluso in questo processo (OFFICESMART_PBX=off).",
    en="The PBX is left out of this process (OFFICESMART_PBX=off).",
)
ELSEWHERE = Why(
    it="Un altro Office Smart risponde già ai telefoni di questa cartella dati: fermalo, oppure "
    "scegli un'altra cartella con OFFICESMART_DATA.",
    en="Another Office Smart already answers this data folder's phones: stop it, or choose another "
    "folder with OFFICESMART_DATA.",
)
STOPPED = Why(it="Il centralino si è fermato.", en="The PBX has stopped.")


class Service(Protocol):
    """What `pbx.service` gives: a PBX that starts, stops and has a link."""

    @property
    def link(self) -> Link:
        """The door."""
        ...

    def start(self) -> None:
        """Bind, and answer from now on."""
        ...

    def stop(self) -> None:
        """End calls and close."""
        ...


class Phone:
    """The link, or why there is none. Each command raises LinkDown when there is none."""

    def __init__(self) -> None:
        self._link: Link | None = None
        self._why = STARTING

    def use(self, link: Link) -> None:
        """Reach the PBX through this link from now on."""
        self._link = link

    def lost(self, why: Why) -> None:
        """There is no PBX, for this reason."""
        self._link, self._why = None, why

    def why(self) -> Why | None:
        """Why there is no PBX; None when it answers."""
        if self._link is None:
            return self._why
        return None if self._link.running() else STOPPED

    def running(self) -> bool:
        """Whether a PBX answers."""
        return self.why() is None

    def board(self) -> Board:
        """The live picture; an empty one without a PBX."""
        return self._link.board() if self._link is not None and self._link.running() else Board()

    def events(self) -> Reader | None:
        """Facts from now on; None without a PBX."""
        return self._link.events() if self._link is not None else None

    def close_events(self, reader: Reader) -> None:
        """Stop feeding a reader."""
        if self._link is not None:
            self._link.close_events(reader)

    def _door(self) -> Link:
        if self._link is None or not self._link.running():
            raise LinkDown(self._why.en)
        return self._link

    async def call(self, line: str, number: str, *, key: str, origin: str = "") -> Placed:
        """Ring the line's phones, or another telephone (`origin`), then dial the number for it."""
        return await self._door().call(line, number, key=key, origin=origin)

    async def hang_up(self, call: str, *, line: str = "") -> bool:
        """End a call; with `line`, only if that extension is one of its sides."""
        return await self._door().hang_up(call, line=line)

    async def divert(self, call: str, *, line: str, to: str) -> Diverted:
        """Send a call that rings at this line to its mailbox or to a colleague."""
        return await self._door().divert(call, line=line, to=to)

    async def sign_out_phone(self, registration: int, *, line: str = "") -> bool:
        """Remove a registration."""
        return await self._door().sign_out_phone(registration, line=line)

    async def mailbox_changed(self, line: str) -> None:
        """Relight lamps; without a PBX there are none, and nothing is lost."""
        if self.running():
            await self._door().mailbox_changed(line)

    async def settings_changed(self) -> None:
        """Rows of settings changed: read them now."""
        await self._door().settings_changed()

    async def try_trunk(self, trunk: int) -> TrunkChanged | None:
        """Have an outside line try now, and tell how it stands; None: there is none of this id."""
        return await self._door().try_trunk(trunk)


phone = Phone()


@asynccontextmanager
async def service_running(config: Config) -> AsyncIterator[None]:
    """A PBX for as long as the portal runs. A failure leaves the portal up, saying why."""
    where = os.environ.get("OFFICESMART_PBX", "").strip().lower()
    service: Service | None = None
    reaching: asyncio.Task[None] | None = None
    if where == "off":
        if phone.why() is STARTING:
            phone.lost(OFF)
    elif where == "remote":
        remote = RemoteLink(config.data)
        reaching = asyncio.create_task(remote.keep_up(), name="pbx-remote")
        phone.use(remote)
    else:
        service = await _start(config)
    try:
        yield
    finally:
        if reaching is not None:
            reaching.cancel()
            await asyncio.gather(reaching, return_exceptions=True)
        if service is not None:
            phone.lost(STOPPED)
            await asyncio.to_thread(service.stop)


async def _start(config: Config) -> Service | None:
    from pbx.service import AlreadyRunning  # noqa: PLC0415 - not needed to build pages
    from pbx.service import Service as Pbx  # noqa: PLC0415

    try:
        service: Service = await asyncio.to_thread(Pbx, config)
        await asyncio.to_thread(service.start)
    except AlreadyRunning as taken:
        log.warning("the PBX is not running here: %s", taken)
        phone.lost(ELSEWHERE)
        return None
    except Exception as failure:  # whatever it is, people should be able to read it on a page
        said = str(failure) or type(failure).__name__
        if isinstance(failure, OSError):  # the world's doing: a taken port, a full disk
            log.error("the PBX did not start: %s", said)
        else:
            log.exception("the PBX did not start")
        phone.lost(
            Why(
                it=f"Il centralino non gira in questo processo: {said}",
                en=f"The PBX is not running in this process: {said}",
            )
        )
        return None
    phone.use(service.link)
    return service


__all__ = ["LinkDown", "Phone", "Why", "phone", "service_running"]
