"""Reading and saving one line's incoming settings (guide 3.1 and 3.2), in one transaction.

The rows are those that star codes and administrators write, through the same writer. What is saved
was made from a `base`: whoever saves second is told what the first changed, and who that was when
it is known.
"""

from __future__ import annotations

from sqlmodel import Session, col, select

from officesmart.administration.clash import Clash, blamed
from officesmart.administration.lines import Gone, Refused
from officesmart.call_manager import judging
from officesmart.call_manager.incoming import Incoming, PlanRow, differ, fitted, options_of
from pbx.routing.features import (
    do_not_disturb,
    forward_all,
    forward_busy,
    forward_no_answer,
    mailbox,
    ring_plan,
)
from pbx.routing.office import Office
from pbx.store import options
from pbx.tables import AuditEntry, Line

LOGGED = {
    "do_not_disturb": "do_not_disturb",
    "forward": "forward_all",
    "forward_number": "forward_all_number",
    "busy": "forward_busy",
    "busy_number": "forward_busy_number",
    "no_answer": "forward_no_answer",
    "no_answer_number": "forward_no_answer_number",
    "no_answer_seconds": "forward_no_answer_seconds",
    "mailbox_seconds": "mailbox_seconds",
}
"How the log of administrators' changes calls our fields."
DEEDS = ("services_changed", "line_changed")


def read(session: Session, line_id: int) -> Incoming:
    """A line's settings as they are now. Raises Gone."""
    if session.get(Line, line_id) is None:
        raise Gone
    plan = options.read(session, ring_plan.Options, "ring_plan", line_id)
    onward = options.read(session, forward_all.Options, "forward_all", line_id)
    busy = options.read(session, forward_busy.Options, "forward_busy", line_id)
    unanswered = options.read(session, forward_no_answer.Options, "forward_no_answer", line_id)
    quiet = options.read(session, do_not_disturb.Options, "do_not_disturb", line_id)
    box = options.read(session, mailbox.Options, "mailbox", line_id)
    rows = (PlanRow(each.number, each.name, each.rings, each.confirm) for each in plan.phones)
    return Incoming(
        do_not_disturb=quiet.enabled,
        mode=plan.mode,
        periods=plan.periods,
        phones=tuple(fitted(row, plan.periods) for row in rows),
        forward=onward.enabled,
        forward_number=onward.number,
        forward_notify=onward.notify,
        busy=busy.enabled,
        busy_number=busy.number,
        no_answer=unanswered.enabled,
        no_answer_number=unanswered.number,
        no_answer_seconds=unanswered.seconds,
        mailbox_seconds=box.seconds,
    )


def save(
    session: Session, line_id: int, *, base: Incoming, values: Incoming, office: Office
) -> Incoming:
    """Set what differs from `base`; nothing of it counts before all of it does.

    office: as it is now. Raises Clash when what is there is no longer `base`, Refused with what is
    wrong by field, Gone.
    """
    now = read(session, line_id)
    moved = differ(base, now)
    line = session.get(Line, line_id)
    assert line is not None  # read raised otherwise
    if moved:
        raise clash(session, line, now, moved)
    changes = differ(now, values)
    if not changes:
        return now
    faults = judging.faults(values, was=now, extension=line.extension, office=office)
    if faults:
        raise Refused(faults)
    for feature, fields in options_of(values, changes).items():
        options.change(session, feature, line_id, **fields)
    session.flush()
    return values


def clash(session: Session, line: Line, now: Incoming, moved: tuple[str, ...]) -> Clash:
    """What somebody else changed; their name when it was an administrator, for only they leave
    one: a star code or another window of one's own does not."""
    entry = session.exec(
        select(AuditEntry)
        .where(AuditEntry.line == line.extension, col(AuditEntry.what).in_(DEEDS))
        .order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc())
    ).first()
    theirs = entry is not None and all(
        name in LOGGED and entry.after.get(LOGGED[name]) == getattr(now, name) for name in moved
    )
    return blamed(now, moved, entry if theirs else None)
