"""Alarms become mails: one to every administrator who has an address.

The exchange writes what happened (pbx/store/alarms.py) and knows nobody's address; a row whose
time has come is turned into mails in one transaction, so none is sent twice and none is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from officesmart import mail
from officesmart.desk import Desk
from officesmart.jobs.job import Job
from officesmart.mailing.envelope import BadAddress
from pbx.store import outbox
from pbx.store.alarms import KIND
from pbx.tables import Line

LOOK = 5  # seconds


async def work(here: Desk) -> None:
    """Mail what is due."""
    now = here.now()
    if not await here.database.read(lambda s: outbox.due(s, now, kinds=(KIND,), limit=1)):
        return
    if await here.database.run(lambda s: announce(s, now)):
        here.live.owe((), mail.TOPIC)


def announce(session: Session, now: datetime) -> int:
    """Owe the mails of every alarm that is due; answers how many."""
    owed = 0
    for row in outbox.due(session, now, kinds=(KIND,)):
        for line in administrators(session):
            owed += _mail(session, row.payload, row.cause, line, now)
        outbox.done(session, row.id or 0)
    return owed


def administrators(session: Session) -> list[Line]:
    """Those who are told."""
    rows = session.exec(
        select(Line).where(Line.role == "admin", col(Line.active)).order_by(col(Line.extension))
    )
    return [line for line in rows if line.security_email or line.email]


def _mail(session: Session, told: Mapping[str, Any], cause: str, line: Line, now: datetime) -> bool:
    said = {"it": told.get("it", ""), "en": told.get("en", ""), "at": told["at"]}
    if told["what"] == "limit":
        kind, payload = "limit_met", {"line": _whose(session, told["line"]), **said}
    else:
        kind, payload = (
            "trunk_moved",
            {
                "trunk": told["name"],
                "state": told["what"].removeprefix("trunk_"),
                "since": told.get("since", ""),
                **said,
            },
        )
    try:
        mail.owe(
            session,
            kind,
            to=line.security_email or line.email,
            cause=cause,
            at=now,
            payload=payload,
            language=line.language,
            name=line.name,
        )
    except BadAddress:  # another administrator's may be right
        return False
    return True


def _whose(session: Session, extension: str) -> str:
    name = session.exec(select(Line.name).where(Line.extension == extension)).first()
    return f"{extension} {name}" if name else extension


JOBS = (Job("alarms", lambda s, zone: s.every(LOOK).seconds, work),)
