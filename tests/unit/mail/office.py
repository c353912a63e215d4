"""The office of the mail tests, and its clock."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from officesmart import mail
from officesmart.desk import Desk
from officesmart.jobs.outbox_mail import Postroom
from officesmart.mailing.post import Limits
from pbx.store import outbox
from pbx.tables import OutboxItem, VoiceMessage

QUICK = Limits(connect=5, answer=5, whole=10)
START = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


class HandClock:
    """A clock that the test moves."""

    zone = ZoneInfo("Europe/Rome")

    def __init__(self) -> None:
        self.moment = START

    def now(self) -> datetime:
        return self.moment

    def forward(self, **how_much: float) -> None:
        self.moment += timedelta(**how_much)


class Office:
    """An office that owes mail, and the postroom that sends it."""

    def __init__(self, here: Desk, clock: HandClock) -> None:
        self.here, self.clock = here, clock
        self.postroom = Postroom(limits=QUICK)

    def server(self, url: str) -> None:
        """From now on this is OFFICESMART_SMTP_URL."""
        object.__setattr__(self.here, "config", replace(self.here.config, smtp_url=url))

    def at(self, port: int, *, host: str = "127.0.0.1", more: str = "") -> None:
        self.server(f"smtp://{host}:{port}{more}")

    def owes(self, kind: str = "test_mail", *, to: str = "giulia@example.it", **told: Any) -> int:
        with self.here.database.session() as session:
            item = mail.owe(
                session,
                kind,
                to=to,
                cause="a test",
                at=self.clock.now(),
                payload=told.pop("payload", {}),
                **told,
            )
            assert item.id is not None
            return item.id

    def voicemail(self, call: str = "c1", **told: Any) -> int:
        """A message for Giulia, with the row that the PBX writes; its row's id."""
        with self.here.database.session() as session:
            message = VoiceMessage(
                line_id=told.pop("line", 1),
                call_id=call,
                left_at=self.clock.now(),
                seconds=told.pop("seconds", 48.2),
                file=f"messages/201/{call}.wav",
                **{"caller_number": "+390163555021", "caller_name": "Teresa Olivari", **told},
            )
            session.add(message)
            session.flush()
            item = outbox.owe(
                session,
                "voicemail_mail",
                cause=f"message {message.id}",
                at=self.clock.now(),
                payload={"message": message.id, "line": message.line_id},
            )
            assert item.id is not None
            return item.id

    def row(self, row: int) -> OutboxItem:
        with self.here.database.reading() as session:
            item = session.get(OutboxItem, row)
            assert item is not None
            return item

    def rows(self) -> list[OutboxItem]:
        with self.here.database.reading() as session:
            return list(session.exec(select(OutboxItem).order_by(col(OutboxItem.id))))

    async def works(self) -> None:
        """One run of the job."""
        await self.postroom.work(self.here)


def story(told: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Runs an asynchronous test."""

    @functools.wraps(told)
    def run(*args: Any, **kwargs: Any) -> None:
        asyncio.run(told(*args, **kwargs))

    return run
