"""A forgotten password (guide 2.2): a link by mail, and the new password that it allows.

Asking answers at once and the same whether the account exists or not; the link itself is in
resets.py.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from officesmart import auth, patience, resets
from officesmart.auth import Browser
from officesmart.door_answers import Changed, Faulty, Over, Refused
from officesmart.new_password import keep_password, twice
from officesmart.patience import account_of, place_of
from pbx.config import Config
from pbx.store.session import Database

log = logging.getLogger(__name__)


class Forgotten:
    """The way in for who has forgotten the password."""

    def __init__(self, database: Database, config: Config, at_once: asyncio.Semaphore) -> None:
        """at_once: how many passwords may be hashed at a time, at the whole door."""
        self._database, self._config, self._at_once = database, config, at_once
        self._later: set[asyncio.Task[None]] = set()

    async def ask(self, typed: str, *, browser: Browser, now: datetime) -> Refused | None:
        """A link by mail, if there is whom to send it to; None whether there is or not.

        What an existing account costs more is done after the answer.
        """
        place = place_of(browser.address)

        def knock(session: Session) -> float:
            seconds = patience.shut(session, patience.RESETS, place, now)
            if seconds <= 0:
                patience.count(session, patience.RESETS, place, now, patience.ASKING)
            return seconds

        seconds = await self._database.run(knock)
        if seconds > 0:
            return Refused(seconds)
        account = account_of(typed)

        def owe(session: Session) -> None:
            resets.ask(session, account, self._config, now=now)

        task = asyncio.create_task(self._quietly(owe), name="reset-asked")
        self._later.add(task)
        task.add_done_callback(self._later.discard)
        return None

    async def _quietly(self, work: Callable[[Session], None]) -> None:
        try:
            await self._database.run(work)
        except Exception:  # nobody waits for it any more
            log.exception("a reset link could not be noted")

    async def settled(self) -> None:
        """Wait for what is done after an answer."""
        while self._later:
            await asyncio.gather(*self._later)

    async def is_good(self, code: str, now: datetime) -> bool:
        """Whether this link still opens anything."""
        return await self._database.read(lambda s: resets.find(s, code, now) is not None)

    async def reset(
        self, code: str, *, password: str, again: str, browser: Browser, now: datetime
    ) -> Changed | Faulty | Over:
        """A new password by a link: every session and remembered browser of the line ends."""

        def step(session: Session) -> Changed | Faulty | Over:
            found = resets.find(session, code, now)
            if found is None:
                return Over()
            _, line = found
            faults = twice(password, again)
            ended = auth.sessions_of(session, line.id or 0)
            faults = faults or keep_password(session, line, password, browser, now=now)
            if faults:
                return Faulty(faults)
            auth.end_all(session, line.id or 0)  # which takes this link away, too
            patience.passed(session, patience.names_of(line), place_of(browser.address))
            return Changed(ended)

        async with self._at_once:
            return await self._database.run(step)
