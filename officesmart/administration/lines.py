"""The office's lines as an administrator works with them: found, read, changed, removed.

Plain functions over a session; each change and its entry in the log are one transaction. A line is
saved against the values it was opened with: when somebody changed it meanwhile (on a page, by the
command line, by a star code), the save is refused and says which fields and who.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from officesmart import auth, enrol, places, pointers
from officesmart.administration import audit, reaching
from officesmart.administration.audit import Author
from officesmart.administration.clash import blamed, differ, touched
from officesmart.administration.rules import LAST_ADMIN, Fault, LineValues
from officesmart.enrol import Digests, Enrolment
from pbx.routing.features import mailbox as mailbox_feature
from pbx.routing.features import ring_plan
from pbx.store import messages, options, settings
from pbx.store.dialplan import read_dial_plan
from pbx.store.session import after_commit
from pbx.tables import (
    Line,
    Mailbox,
    SipAccount,
    VoiceMessage,
)

LINE_FIELDS = (
    *("extension", "name", "email", "number", "site", "role", "language", "active", "rights"),
)


class Refused(Exception):
    """Nothing was changed; `faults` says why, by field ('' for the whole)."""

    def __init__(self, faults: Mapping[str, Fault]) -> None:
        super().__init__("; ".join(fault.en for fault in faults.values()))
        self.faults = dict(faults)


class Gone(Exception):
    """Somebody deleted the line."""


# -- reading ------------------------------------------------------------------------------------


def values_of(session: Session, line_id: int) -> LineValues:
    """A line as it is. Raises Gone."""
    line = _line(session, line_id)
    box = session.get(Mailbox, line_id)
    ring = options.read(session, ring_plan.Options, "ring_plan", line_id)
    after = options.read(session, mailbox_feature.Options, "mailbox", line_id)
    return LineValues(
        **{name: getattr(line, name) for name in LINE_FIELDS},
        mailbox=box is not None and box.enabled,
        ring_seconds=ring.longest_seconds,
        mailbox_seconds=after.seconds,
    )


def _line(session: Session, line_id: int) -> Line:
    line = session.get(Line, line_id)
    if line is None:
        raise Gone
    return line


# -- what only the office can answer ------------------------------------------------------------


def collisions(session: Session, values: LineValues, *, line_id: int = 0) -> dict[str, Fault]:
    """Whose extension, code, SIP user or number this already is; line_id: the line itself."""
    faults: dict[str, Fault] = {}
    extension = values.extension
    own = session.get(Line, line_id) if line_id else None
    taken = read_dial_plan(session).conflict(
        "extension", extension, but=own.extension if own is not None else ""
    )
    if taken is not None:
        there = taken.kind == "sip_user"
        faults["extension"] = Fault(
            taken.it + (": toglilo prima da lì" if there else ": scegline un altro"),
            taken.en + (": remove it there first" if there else ": choose another"),
        )
    if values.number:
        owner = session.exec(
            select(Line).where(Line.number == values.number, Line.id != line_id)
        ).first()
        if owner is not None:
            faults["number"] = Fault(
                f"È già il numero di {owner.name} (interno {owner.extension}): "
                "toglilo prima da quella linea",
                f"This is already the number of {owner.name} (extension {owner.extension}): "
                "take it from that line first",
            )
        else:
            reached = own.extension if own is not None else extension
            elsewhere = reaching.taken(session, values.number, reached)
            if elsewhere is not None:
                faults["number"] = elsewhere
    return faults


def _left_without(session: Session, gone: Collection[int]) -> bool:
    """Whether no active administrator is left without these lines."""
    admins = session.exec(select(Line.id).where(Line.role == "admin", Line.active)).all()
    return bool(admins) and all(admin in gone for admin in admins)


# -- changing -----------------------------------------------------------------------------------


def save(
    session: Session,
    author: Author,
    line_id: int,
    *,
    base: LineValues,
    values: LineValues,
) -> LineValues:
    """Set a line to `values`, which were made from `base`; answers the line as it is now.

    Raises Clash when the line is no longer as `base` says, Refused, Gone.
    """
    now = values_of(session, line_id)
    moved = differ(base, now)
    if moved:
        raise blamed(now, moved, touched(audit.last_change(session, now.extension), moved))
    return _set(session, author, line_id, now, values)


def _set(
    session: Session, author: Author, line_id: int, now: LineValues, values: LineValues
) -> LineValues:
    moved = differ(now, values)
    if not moved:
        return now
    # What is not dialled collides with nothing; a change to many lines need not ask each time.
    dialled = bool({"extension", "number"} & {*moved})
    faults = collisions(session, values, line_id=line_id) if dialled else {}
    faults |= standing_faults(session, author, {line_id}, now, values)
    if faults:
        raise Refused(faults)
    line = _line(session, line_id)
    if "site" in moved and values.site:
        spelled = places.ensure(session, [values.site])
        values = replace(values, site=spelled[values.site.casefold()])
    for name in LINE_FIELDS:
        if name in moved:
            setattr(line, name, getattr(values, name))
    session.add(line)
    if "active" in moved and not values.active:
        auth.end_all(session, line_id)  # or they would be back when the line is
    if "role" in moved:
        auth.step_down(session, line_id)
    if "number" in moved and now.number:
        pointers.left(session, now.number, now.extension)
    if "extension" in moved:
        _note_all(session, author, pointers.moved(session, now.extension, values.extension))
    if "mailbox" in moved:
        box = session.get(Mailbox, line_id) or enrol.new_mailbox(
            line_id, settings.read_all(session)
        )
        box.enabled = values.mailbox
        session.add(box)
    if "ring_seconds" in moved:
        options.change(session, "ring_plan", line_id, longest_seconds=values.ring_seconds)
    if "mailbox_seconds" in moved:
        options.change(session, "mailbox", line_id, seconds=values.mailbox_seconds)
    session.flush()
    audit.note(
        session,
        author,
        "line_changed",
        line=values.extension,
        line_name=values.name,
        before=_shown(now),
        after=_shown(values),
    )
    return values


def standing_faults(
    session: Session,
    author: Author,
    gone: Collection[int],
    now: LineValues,
    values: LineValues,
) -> dict[str, Fault]:
    """Why a line may not lose its role or be switched off.

    gone: the ids of this line and of those that lose theirs with it.
    """
    moved = {"role", "active"} & {*differ(now, values)}
    if not moved or (values.role == "admin" and values.active):
        return {}
    name = "role" if "role" in moved else "active"
    if now.role == "admin" and now.active and _left_without(session, gone):
        return {name: LAST_ADMIN}
    return {name: ONESELF} if now.extension == author.extension else {}


ONESELF = Fault(
    "È la linea con cui sei entrato: chiedilo a un altro amministratore",
    "You are signed in with this line: ask another administrator",
)


def _note_all(session: Session, author: Author, done: Iterable[pointers.Followed]) -> None:
    for each in done:
        audit.note(
            session, author, each.what, line_name=each.name, before=each.before, after=each.after
        )


def _shown(values: LineValues) -> dict[str, Any]:
    return asdict(values)


def create(
    session: Session, author: Author, values: LineValues, enrolment: Enrolment, digests: Digests
) -> int:
    """A new line with its account and mailbox; answers its id. Raises Refused.

    enrolment: as `enrolment_of` made it; digests: of its secrets, made before the transaction.
    """
    faults = collisions(session, values)
    if faults:
        raise Refused(faults)
    enrol.write(session, [enrolment], [digests], at=author.at)
    line = session.exec(select(Line).where(Line.extension == values.extension)).one()
    assert line.id is not None  # flushed
    line.active = values.active
    session.add(line)
    plain = LineValues()
    box = session.get(Mailbox, line.id)
    if box is not None and not values.mailbox:
        box.enabled = False
        session.add(box)
    if values.ring_seconds != plain.ring_seconds:
        options.change(session, "ring_plan", line.id, longest_seconds=values.ring_seconds)
    if values.mailbox_seconds != plain.mailbox_seconds:
        options.change(session, "mailbox", line.id, seconds=values.mailbox_seconds)
    session.flush()
    audit.note(
        session,
        author,
        "line_created",
        line=values.extension,
        line_name=values.name,
        after=_shown(values),
    )
    return line.id


def enrolment_of(values: LineValues) -> Enrolment:
    """A new line's enrolment, with secrets made up for it."""
    return Enrolment(
        extension=values.extension,
        name=values.name,
        email=values.email,
        number=values.number,
        site=values.site,
        role=values.role,
        language=values.language,
        rights=values.rights,
        secrets=enrol.made_up(values.extension, name=values.name, number=values.number),
    )


# -- many at once -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Going:
    """What goes when lines are deleted."""

    lines: int
    names: tuple[str, ...]
    accounts: int
    messages: int


def going(session: Session, ids: Collection[int]) -> Going:
    """What deleting these lines takes with it."""
    names = session.execute(
        select(Line.extension, Line.name).where(col(Line.id).in_(ids)).order_by(Line.extension)
    ).all()
    accounts = session.scalar(
        select(func.count()).select_from(SipAccount).where(col(SipAccount.line_id).in_(ids))
    )
    kept = session.scalar(
        select(func.count()).select_from(VoiceMessage).where(col(VoiceMessage.line_id).in_(ids))
    )
    return Going(
        len(names), tuple(f"{ext} {name}" for ext, name in names), accounts or 0, kept or 0
    )


def remove(session: Session, author: Author, ids: Collection[int], data: Any) -> tuple[str, ...]:
    """Delete lines with their accounts, mailboxes and messages; answers their extensions.

    The sounds go once the rows are gone for good. Raises Refused for oneself and the last
    administrator.
    """
    rows = session.exec(select(Line).where(col(Line.id).in_(ids))).all()
    if any(line.extension == author.extension for line in rows):
        raise Refused({"": ONESELF})
    if _left_without(session, {line.id or 0 for line in rows}):
        raise Refused({"": LAST_ADMIN})
    for line in rows:
        assert line.id is not None
        for message in session.exec(select(VoiceMessage).where(VoiceMessage.line_id == line.id)):
            try:
                sound = messages.sound_path(data, message)
            except ValueError:  # not a file of ours: only the row goes
                continue
            after_commit(session, partial(sound.unlink, missing_ok=True))
        audit.note(
            session,
            author,
            "line_deleted",
            line=line.extension,
            line_name=line.name,
            before={name: getattr(line, name) for name in LINE_FIELDS},
        )
        session.delete(line)
    gone = tuple(line.extension for line in rows)
    _note_all(session, author, pointers.gone(session, gone))
    session.flush()
    return gone
