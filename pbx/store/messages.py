"""Voice messages: kept, counted, listed, heard, deleted, restored, purged.

Plain functions over a session, for phone and page alike, so both do the same. Every one that acts
on a message takes the line too and touches no other line's; they answer whether anything changed.
Sounds are files under the data folder: on disk before their row, removed after it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from pbx.store import outbox, spool
from pbx.store.session import Database, after_commit
from pbx.tables import Line, Mailbox, VoiceMessage

log = logging.getLogger(__name__)

SHORTEST = 3.0  # seconds; less is a caller who thought better of it (behaviour 4.1)
MAIL = "voicemail_mail"
"The kind of outbox row that each message owes."


@dataclass(frozen=True, slots=True)
class Counts:
    """What the lamp and the voice say of a mailbox (RFC 3842); deleted ones do not count."""

    new: int = 0
    old: int = 0
    urgent_new: int = 0
    urgent_old: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """How much more a mailbox takes; deleted messages count (guide 5.5.2)."""

    messages: int
    seconds: float

    @property
    def full(self) -> bool:
        """Whether a message of the shortest kept length would be too much."""
        return self.messages <= 0 or self.seconds < SHORTEST


def keep_message(
    session: Session, data: Path, deposit: spool.Deposit, *, seconds: float, peaks: str = ""
) -> int:
    """Make a message of a finished recording: file in place, then row and outbox row together.

    Answers its id; 0 when it was too short and is thrown away. The same call a second time
    answers the same id. Raises FileNotFoundError when nothing was recorded, OSError for a disk.
    """
    known = session.exec(
        select(VoiceMessage.id).where(VoiceMessage.call_id == deposit.call_id)
    ).first()
    if known is not None or seconds < SHORTEST:
        after_commit(session, partial(spool.discard, data, deposit.call_id))
        return known or 0
    if session.get(Line, deposit.line_id) is None:
        # The line was deleted while its caller spoke: nobody is left to hear it.
        after_commit(session, partial(spool.discard, data, deposit.call_id))
        return 0
    message = VoiceMessage(
        line_id=deposit.line_id,
        call_id=deposit.call_id,
        caller_number=deposit.caller_number,
        caller_name=deposit.caller_name,
        left_at=deposit.left_at,
        seconds=seconds,
        file=spool.settle(data, deposit),
        urgent=deposit.urgent,
        private=deposit.private,
        peaks=peaks,
    )
    session.add(message)
    session.flush()
    outbox.owe(
        session,
        MAIL,
        cause=f"message {message.id}",
        at=deposit.left_at,
        payload={"message": message.id, "line": deposit.line_id},
    )
    after_commit(session, partial(spool.discard, data, deposit.call_id))
    assert message.id is not None  # flushed
    return message.id


def recover(
    database: Database,
    mend: Callable[[Path], float],
    *,
    peaks: Callable[[Path], str] | None = None,
) -> tuple[int, ...]:
    """Make messages of what a kill left in the spool; answers their ids. For the start; blocks.

    mend: puts a cut-short WAV's header right and answers its seconds (pbx.media.recorder.mend);
    what it cannot read raises OSError, ValueError or EOFError. Run twice it finds nothing more.
    """
    kept = []
    for deposit in spool.left_behind(database.data):
        sound = spool.sound_of(database.data, deposit.call_id)
        if not sound.exists():
            sound = database.data / deposit.file
        try:
            seconds = mend(sound)
            wave = peaks(sound) if peaks is not None else ""
        except (OSError, ValueError, EOFError) as error:
            log.warning("%s nothing recorded: %r", deposit.call_id, error)
            spool.put_aside(database.data, deposit.call_id)
            continue
        with database.session() as session:
            message = keep_message(session, database.data, deposit, seconds=seconds, peaks=wave)
        if message:
            log.info("%s recovered a message of %.1f s", deposit.call_id, seconds)
            kept.append(message)
    return tuple(kept)


def sound_path(data: Path, message: VoiceMessage) -> Path:
    """The message's WAV. Raises ValueError if its row points anywhere but among the messages."""
    folder = (data / spool.SOUNDS).resolve()
    path = (data / message.file).resolve()
    if not path.is_relative_to(folder):
        raise ValueError(f"message {message.id} points outside the data folder")
    return path


def counts(session: Session, line: int | str) -> Counts:
    """New and heard messages of a line (its id, or its extension), and how many are urgent."""
    rows = session.connection().execute(
        select(VoiceMessage.state, VoiceMessage.urgent, func.count())
        .where(_of_line(line), col(VoiceMessage.state) != "deleted")
        .group_by(col(VoiceMessage.state), col(VoiceMessage.urgent))
    )
    found = {(state, bool(urgent)): number for state, urgent, number in rows}
    new, old = found.get(("new", True), 0), found.get(("heard", True), 0)
    return Counts(
        new=new + found.get(("new", False), 0),
        old=old + found.get(("heard", False), 0),
        urgent_new=new,
        urgent_old=old,
    )


def listing(
    session: Session, line_id: int, *, deleted: bool = False, limit: int = 500
) -> tuple[VoiceMessage, ...]:
    """A line's messages, newest first: those kept, or those deleted (latest deletion first)."""
    chosen = col(VoiceMessage.state) == "deleted" if deleted else _kept()
    order = col(VoiceMessage.deleted_at) if deleted else col(VoiceMessage.left_at)
    found = session.exec(
        select(VoiceMessage)
        .where(_of_line(line_id), chosen)
        .order_by(order.desc(), col(VoiceMessage.id).desc())
        .limit(limit)
    )
    return tuple(found)


def to_hear(session: Session, line_id: int, *, new: bool) -> tuple[VoiceMessage, ...]:
    """What the telephone plays: new or saved messages, urgent ones first, then oldest first."""
    found = session.exec(
        select(VoiceMessage)
        .where(_of_line(line_id), VoiceMessage.state == ("new" if new else "heard"))
        .order_by(col(VoiceMessage.urgent).desc(), col(VoiceMessage.left_at), col(VoiceMessage.id))
    )
    return tuple(found)


def get(session: Session, line_id: int, message_id: int) -> VoiceMessage | None:
    """One message, if it is this line's."""
    return session.exec(
        select(VoiceMessage).where(_of_line(line_id), VoiceMessage.id == message_id)
    ).first()


def mark_heard(session: Session, line_id: int, message_id: int) -> bool:
    """A new message becomes a heard one."""
    return _move(session, line_id, message_id, "new", "heard")


def mark_new(session: Session, line_id: int, message_id: int) -> bool:
    """A heard message becomes a new one."""
    return _move(session, line_id, message_id, "heard", "new")


def delete(session: Session, line_id: int, message_id: int, *, at: datetime) -> bool:
    """Put a message among the deleted ones; `restore` brings it back as it was."""
    message = get(session, line_id, message_id)
    if message is None or message.state == "deleted":
        return False
    message.state_before_deletion, message.state = message.state, "deleted"
    message.deleted_at = at
    session.flush()
    return True


def restore(session: Session, line_id: int, message_id: int) -> bool:
    """Bring a deleted message back in the state it had."""
    message = get(session, line_id, message_id)
    if message is None or message.state != "deleted":
        return False
    message.state = message.state_before_deletion or "heard"
    message.state_before_deletion, message.deleted_at = "", None
    session.flush()
    return True


def purge(session: Session, data: Path, line_id: int, message_id: int) -> bool:
    """Remove a deleted message for good: its row, then (once that is kept) its sound."""
    message = get(session, line_id, message_id)
    if message is None or message.state != "deleted":
        return False
    _remove(session, data, message)
    session.flush()
    return True


def purge_all(session: Session, data: Path, line_id: int, *, before: datetime | None = None) -> int:
    """Remove a line's deleted messages for good, or those deleted before a moment; how many."""
    chosen = select(VoiceMessage).where(_of_line(line_id), VoiceMessage.state == "deleted")
    if before is not None:
        chosen = chosen.where(col(VoiceMessage.deleted_at) < before)
    gone = session.exec(chosen).all()
    for message in gone:
        _remove(session, data, message)
    session.flush()
    return len(gone)


def room(session: Session, line_id: int) -> Room:
    """How much more the line's mailbox takes; none when the line has no mailbox."""
    mailbox = session.get(Mailbox, line_id)
    if mailbox is None or not mailbox.enabled:
        return Room(messages=0, seconds=0.0)
    used: Any = select(func.count(), func.coalesce(func.sum(VoiceMessage.seconds), 0.0))
    number, seconds = session.connection().execute(used.where(_of_line(line_id))).one()
    return Room(
        messages=mailbox.max_messages - number, seconds=float(mailbox.max_seconds - seconds)
    )


def pin_hash(session: Session, extension: str) -> tuple[int, str]:
    """The line and the PIN's digest of a mailbox, for `credentials.verify`; (0, "") if none."""
    found = session.exec(
        select(Line.id, Mailbox.pin_hash)
        .join(Mailbox, col(Mailbox.line_id) == col(Line.id))
        .where(Line.extension == extension, Line.active, Mailbox.enabled)
    ).first()
    return (found[0] or 0, found[1]) if found is not None else (0, "")


def _of_line(line: int | str) -> ColumnElement[bool]:
    if isinstance(line, int):
        return col(VoiceMessage.line_id) == line
    return col(VoiceMessage.line_id).in_(select(Line.id).where(Line.extension == line))


def _kept() -> ColumnElement[bool]:
    return col(VoiceMessage.state).in_(("new", "heard"))


def _move(session: Session, line_id: int, message_id: int, old: str, new: str) -> bool:
    message = get(session, line_id, message_id)
    if message is None or message.state != old:
        return False
    message.state = new
    session.flush()
    return True


def _remove(session: Session, data: Path, message: VoiceMessage) -> None:
    session.delete(message)
    try:
        path = sound_path(data, message)
    except ValueError:
        log.exception("only the row is removed")
        return
    after_commit(session, partial(path.unlink, missing_ok=True))
