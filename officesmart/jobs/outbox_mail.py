"""Sends the mail that the office owes: rows of the outbox, oldest first, over one connection.

Without a mail server the rows wait, and say so. Database work is done in the writer's lane: the
web's loop only talks to the mail server.
"""

from __future__ import annotations

import logging
from functools import partial

from sqlmodel import Session

from officesmart.desk import Desk
from officesmart.jobs.job import Job
from officesmart.mail import TOPIC
from officesmart.mailing import queue
from officesmart.mailing.kinds import Around
from officesmart.mailing.post import Again, Limits, Outcome, Post
from officesmart.mailing.queue import Taken
from officesmart.mailing.reasons import Reason
from officesmart.mailing.server import BadServer, MailServer, read_server

log = logging.getLogger(__name__)

NAME = "outbox_mail"
LOOK = 5  # seconds; nobody waits for a mail on a clock


class Postroom:
    """Takes mail out of the outbox and settles what came of it."""

    def __init__(self, *, limits: Limits | None = None) -> None:
        self._limits = limits
        self._unsettled: dict[int, Outcome] = {}
        "What was sent while the database would not take it down: never to be sent twice."

    async def begin(self, here: Desk) -> None:
        """This process has the jobs now."""
        await here.database.run(partial(_release, here))

    async def work(self, here: Desk) -> None:
        """Send everything that is due."""
        await self._settle_late(here)
        try:
            server = read_server(here.config.smtp_url)
        except BadServer as wrong:
            await self._set_aside(here, Reason("bad_setting", str(wrong)))
            return
        if server is None:
            await self._set_aside(here, Reason("no_server"))
            return
        now = here.now()
        if await here.database.read(lambda s: queue.any_due(s, now)):
            await self._send(here, server)

    async def _set_aside(self, here: Desk, why: Reason) -> None:
        now, around = here.now(), Around(here.zone)
        if not await here.database.read(lambda s: queue.any_due(s, now, unseen=True)):
            return
        while await here.database.run(lambda s: queue.set_aside(s, now, why=why, around=around)):
            here.live.owe((), TOPIC)

    async def _send(self, here: Desk, server: MailServer) -> None:
        around = Around(here.zone, server.host)
        async with Post(server, limits=self._limits) as post:
            while True:
                taken: Taken = await here.database.run(
                    lambda s: queue.take(s, here.now(), server=server, around=around)
                )
                here.live.owe((), TOPIC)
                if taken.parcel is None:
                    if taken.settled:
                        continue
                    return
                outcome = await post.send(taken.parcel)
                log.info("mail %d %s: %s", taken.parcel.row, taken.parcel.kind, _logged(outcome))
                self._unsettled[taken.parcel.row] = outcome
                await self._settle_late(here)
                if isinstance(outcome, Again) and outcome.everybody:
                    await here.database.run(partial(_all_failed, outcome.reason, here))
                    return

    async def _settle_late(self, here: Desk) -> None:
        """Take down what came of mails; what cannot be taken down now stays noted here."""
        for row, outcome in list(self._unsettled.items()):
            lost = await here.database.run(partial(_settle, row, outcome, here))
            del self._unsettled[row]
            if lost:
                log.warning("mail %d is given up: %s", row, _logged(outcome))
            here.live.owe((), TOPIC)


def _settle(row: int, outcome: Outcome, here: Desk, session: Session) -> bool:
    return queue.settle(session, row, outcome, here.now())


def _all_failed(why: Reason, here: Desk, session: Session) -> int:
    return queue.all_failed(session, why, here.now())


def _release(here: Desk, session: Session) -> None:
    queue.release(session, here.now())


def _logged(outcome: Outcome) -> str:
    """Without addresses: servers repeat them in their refusals."""
    return "sent" if not hasattr(outcome, "reason") else outcome.reason.code


async def sweep(here: Desk) -> None:
    """Once a night: what waited too long, what is long over."""
    now = here.now()
    await here.database.run(lambda s: queue.sweep(s, now))
    here.live.owe((), TOPIC)


postroom = Postroom()
JOBS = (
    Job(NAME, lambda s, zone: s.every(LOOK).seconds, postroom.work, begin=postroom.begin),
    Job("outbox_sweep", lambda s, zone: s.every().day.at("03:40", zone), sweep),
)
