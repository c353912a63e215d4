"""The revision: one number that moves, in the same transaction, with every change of a setting.

Routing's snapshot is rebuilt when it moved (see snapshot.py), whoever moved it: a page, a star
code, the command line in another process.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, insert, update
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction
from sqlmodel import select

from pbx.tables import (
    CallerEntry,
    ClosingDay,
    Contact,
    ContactGroupMember,
    ContactNumber,
    DialRule,
    DirectNumber,
    FeatureOption,
    Line,
    Mailbox,
    OfficeSetting,
    OpeningHours,
    PickupGroup,
    PickupMember,
    Revision,
    ServiceNumber,
    ShortCode,
    SipAccount,
    Site,
    SpeedDial,
    Trunk,
)

SETTINGS = (
    CallerEntry,
    ClosingDay,
    Contact,
    ContactGroupMember,
    ContactNumber,
    DialRule,
    DirectNumber,
    FeatureOption,
    Line,
    Mailbox,
    OfficeSetting,
    OpeningHours,
    PickupGroup,
    PickupMember,
    ServiceNumber,
    ShortCode,
    SipAccount,
    Site,
    SpeedDial,
    Trunk,
)
"What a snapshot of the office is built from, and names that are kept only until it moves."


def watch(sessions: Any) -> None:
    """Move the revision with every flush or statement of these sessions that touches a setting.

    sessions: a sessionmaker. Several flushes of one transaction may move it several times: what
    counts is that it moved.
    """
    event.listen(sessions, "after_flush", _after_flush)
    event.listen(sessions, "do_orm_execute", _on_statement)


def move(session: Session) -> None:
    """Move the revision in this session's transaction; for changes that no listener can see."""
    found = session.connection().execute(
        update(Revision).where(_is_the_row()).values(value=Revision.value + 1)
    )
    if found.rowcount == 0:
        session.connection().execute(insert(Revision).values(id=1, value=1))


def current(session: Session) -> int:
    """The revision as this session sees it; 0 before there is one."""
    return session.scalar(select(Revision.value).where(_is_the_row())) or 0


def _is_the_row() -> Any:
    return Revision.id == 1


def _after_flush(session: Session, context: UOWTransaction) -> None:
    changed = (
        *(row for row in session.dirty if session.is_modified(row)),
        *session.new,
        *session.deleted,
    )
    if any(isinstance(row, SETTINGS) for row in changed):
        move(session)


def _on_statement(state: ORMExecuteState) -> None:
    if not (state.is_insert or state.is_update or state.is_delete):
        return
    if any(mapper.class_ in SETTINGS for mapper in state.all_mappers):
        move(state.session)
