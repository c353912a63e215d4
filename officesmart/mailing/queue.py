"""The rows of the outbox that are mail: taken one by one, settled, listed for the page.

A row moves in a transaction before it is sent ('waiting' -> 'sending') and in one after it
('sending' -> 'done', 'waiting' or 'given_up'). Only one process sends (jobs/job.py), so a row found
'sending' at its start was cut short there: it goes back to waiting, and its letter carries the same
Message-ID the second time.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, delete, func, or_, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from officesmart.mailing.envelope import BadAddress, Parcel, pack, read_address
from officesmart.mailing.kinds import KINDS, Around, Needless, Ready
from officesmart.mailing.post import Accepted, Outcome, Refused
from officesmart.mailing.reasons import OF_THE_SERVER, Reason
from officesmart.mailing.server import MailServer
from pbx.store import outbox, settings
from pbx.tables import OutboxItem

log = logging.getLogger(__name__)

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60))
"Between tries; the last one again and again until outbox.GIVE_UP has passed since the first."
AT_ONCE = 50  # rows looked through in one transaction
KEEP_DONE, KEEP_GIVEN_UP = timedelta(days=30), timedelta(days=90)
MAIL = tuple(KINDS)
NONSENSE = (KeyError, ValueError, TypeError, AttributeError)
"What a payload that is not as it should be leads to."


@dataclass(frozen=True, slots=True)
class Taken:
    """What looking for the next mail came to."""

    parcel: Parcel | None = None
    "To be sent now; its row is 'sending'."
    settled: int = 0
    "Rows that needed no sending, or could not be sent at all."


def any_due(session: Session, now: datetime, *, unseen: bool = False) -> bool:
    """Whether there is anything to do. unseen: only what nobody has looked at yet."""
    return session.exec(_due(now, unseen=unseen).limit(1)).first() is not None


def take(session: Session, now: datetime, *, server: MailServer, around: Around) -> Taken:
    """The next mail, packed, its row marked; the oldest first."""
    settled = 0
    for _ in range(AT_ONCE):
        item = session.exec(_due(now).limit(1)).first()
        if item is None:
            break
        parcel = _packed(session, item, now, server=server, around=around)
        if parcel is None:
            settled += 1
            continue
        item.state = "sending"
        return Taken(parcel, settled)
    return Taken(settled=settled)


def set_aside(session: Session, now: datetime, *, why: Reason, around: Around) -> int:
    """Without a usable server: settle what needs none, and note on the rest why it waits."""
    looked = 0
    for item in session.exec(_due(now, unseen=True).limit(AT_ONCE)):
        looked += 1
        if _ready(session, item, now, around) is not None:
            item.error = str(why)
    return looked


def settle(session: Session, row: int, outcome: Outcome, now: datetime) -> bool:
    """What came of a mail that was taken. True when it is now given up."""
    item = session.get(OutboxItem, row)
    if item is None or item.state != "sending":
        return False
    if isinstance(outcome, Accepted):
        item.tries += 1
        _over(item, "done", "")
    elif isinstance(outcome, Refused):
        item.tries += 1
        _over(item, "given_up", str(outcome.reason))
    else:
        item.state = "waiting"
        _failed(session, item, outcome.reason, now)
    return item.state == "given_up"


def all_failed(session: Session, why: Reason, now: datetime) -> int:
    """The server fails everybody: every other mail that is due has failed once more, too.

    Answers how many of them are given up by that.
    """
    lost = 0
    for item in session.exec(_due(now)).all():
        _failed(session, item, why, now)
        lost += item.state == "given_up"
    return lost


def release(session: Session, now: datetime) -> None:
    """At the start of the one process that sends: what was cut short, and what a new setting
    may have mended, is due at once."""
    told = [col(OutboxItem.error).startswith(code) for code in sorted(OF_THE_SERVER)]
    session.execute(
        update(OutboxItem)
        .where(_mail(), col(OutboxItem.state) == "sending")
        .values(state="waiting", due_at=now)
    )
    session.execute(
        update(OutboxItem)
        .where(_mail(), col(OutboxItem.state) == "waiting", or_(*told))
        .where(col(OutboxItem.due_at) > now)
        .values(due_at=now)
    )


def sweep(session: Session, now: datetime) -> None:
    """Give up what waited too long for a server, and forget what is long over."""
    for item in session.exec(_due(now)).all():
        if now - _began(item) > KINDS[item.kind].keeps:
            _too_old(item)
    for state, kept in (("done", KEEP_DONE), ("given_up", KEEP_GIVEN_UP)):
        session.execute(
            delete(OutboxItem).where(
                _mail(),
                col(OutboxItem.state) == state,
                col(OutboxItem.created_at) < now - kept,
            )
        )


# -- what the administrator does ----------------------------------------------------------------


def retry(session: Session, row: int, now: datetime) -> bool:
    """Try again now; one given up begins its day anew. False when that cannot be."""
    item = _of_mail(session, row)
    if item is None or item.state not in ("waiting", "given_up") or spent(item):
        return False
    if item.state == "given_up":
        item.state, item.tries = "waiting", 0
        item.payload = {k: v for k, v in item.payload.items() if k != "first_try"} | {
            "asked_again": now.isoformat()
        }
    item.due_at = now
    return True


def retry_all(session: Session, now: datetime) -> int:
    """Try everything that waits now; answers how much that is."""
    found = session.exec(select(OutboxItem).where(_mail(), OutboxItem.state == "waiting")).all()
    for item in found:
        item.due_at = now
    return len(found)


def give_up(session: Session, row: int, *, by: str) -> bool:
    """Stop trying. Not while it is being sent."""
    item = _of_mail(session, row)
    if item is None or item.state != "waiting":
        return False
    _over(item, "given_up", str(Reason("stopped", by)))
    return True


def remove(session: Session, row: int) -> bool:
    """Take one that was given up off the list."""
    item = _of_mail(session, row)
    if item is None or item.state != "given_up":
        return False
    session.delete(item)
    session.flush()
    return True


def spent(item: OutboxItem) -> bool:
    """Whether nothing is left of it to send: what it held was secret."""
    return item.state == "given_up" and KINDS[item.kind].secret


# -- what the page shows ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counts:
    """How much mail there is."""

    waiting: int = 0
    "Being sent included."
    given_up: int = 0


def counts(session: Session) -> Counts:
    """What waits and what was given up."""
    lost = func.sum(case((col(OutboxItem.state) == "given_up", 1), else_=0))
    total, given_up = session.execute(
        select(func.count(), lost).where(
            _mail(), col(OutboxItem.state).in_(("waiting", "sending", "given_up"))
        )
    ).one()
    return Counts(waiting=total - (given_up or 0), given_up=given_up or 0)


def listing(session: Session, states: Sequence[str], *, limit: int) -> tuple[OutboxItem, ...]:
    """Rows in these states: what waits by its next try, what is over with the latest first.

    What was done by needing no mail at all is left out.
    """
    order = (
        (col(OutboxItem.due_at), col(OutboxItem.id))
        if "waiting" in states
        else (col(OutboxItem.created_at).desc(), col(OutboxItem.id).desc())
    )
    found = session.exec(
        select(OutboxItem)
        .where(_mail(), col(OutboxItem.state).in_(states))
        .where(or_(col(OutboxItem.state) != "done", col(OutboxItem.error) == ""))
        .order_by(*order)
        .limit(limit)
    )
    return tuple(found)


# -- moves --------------------------------------------------------------------------------------


def _mail() -> ColumnElement[bool]:
    return col(OutboxItem.kind).in_(MAIL)


def _due(now: datetime, *, unseen: bool = False) -> SelectOfScalar[OutboxItem]:
    wanted = (
        select(OutboxItem)
        .where(_mail(), OutboxItem.state == "waiting", col(OutboxItem.due_at) <= now)
        .order_by(col(OutboxItem.due_at), col(OutboxItem.id))
    )
    return wanted.where(OutboxItem.error == "") if unseen else wanted


def _of_mail(session: Session, row: int) -> OutboxItem | None:
    item = session.get(OutboxItem, row)
    return item if item is not None and item.kind in KINDS else None


def _packed(
    session: Session, item: OutboxItem, now: datetime, *, server: MailServer, around: Around
) -> Parcel | None:
    """The letter of a row as bytes; None when the row is settled without one."""
    ready = _ready(session, item, now, around)
    if ready is None:
        return None
    try:
        return pack(
            ready.letter,
            row=item.id or 0,
            kind=item.kind,
            sender=server.sender,
            to=read_address(ready.to),
            name=ready.name,
            language=ready.language,
            written_at=item.created_at.astimezone(around.zone),
            created_at=item.created_at,
            office=settings.read(session, settings.OFFICE_NAME),
        )
    except BadAddress as wrong:
        _over(item, "given_up", str(Reason("address", str(wrong))))
    except NONSENSE as wrong:
        log.exception("mail %s cannot be written", item.id)
        _over(item, "given_up", str(Reason("fault", str(wrong))))
    return None


def _ready(session: Session, item: OutboxItem, now: datetime, around: Around) -> Ready | None:
    """What a row stands for, if it still stands; None when it is settled."""
    kind = KINDS[item.kind]
    try:
        ready = kind.write(session, item, around)
    except NONSENSE as wrong:
        # One row that makes no sense must not hold up the others.
        log.exception("mail %s cannot be written", item.id)
        _over(item, "given_up", str(Reason("fault", repr(wrong))))
        return None
    if isinstance(ready, Needless):
        _over(item, "done", str(Reason(ready.why)))
        return None
    if now - _began(item) > kind.keeps:
        _too_old(item)
        return None
    return ready


def _began(item: OutboxItem) -> datetime:
    """From when on a mail grows old: its cause, or when somebody asked for it once more."""
    again = item.payload.get("asked_again")
    return datetime.fromisoformat(again) if again else item.created_at


def _failed(session: Session, item: OutboxItem, why: Reason, now: datetime) -> None:
    """One more try that came to nothing: later, or never again."""
    assert item.id is not None
    if outbox.failed(session, item.id, at=now, error=str(why)):
        item.due_at = now + PAUSES[min(item.tries, len(PAUSES)) - 1]
    else:
        _over(item, "given_up", item.error)


def _too_old(item: OutboxItem) -> None:
    """Given up; what failed before says more than how long it took."""
    said = item.error if item.tries else str(Reason("too_old"))
    _over(item, "given_up", said)


def _over(item: OutboxItem, state: str, error: str) -> None:
    item.state, item.error = state, error
    if KINDS[item.kind].secret:
        kept = ("to", "name", "language")
        item.payload = {name: item.payload[name] for name in kept if name in item.payload}
