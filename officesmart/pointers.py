"""What points at a line by its extension: numbers of the office, short codes.

An extension that changes takes them along; one that is gone leaves numbers without a target (never
with whoever gets the extension next) and ends its short codes.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session, col, or_, select

from pbx.tables import DirectNumber, ShortCode

OF_A_LINE = ("line", "mailbox")
"Kinds of target that are extensions."


def moved(session: Session, old: str, new: str) -> None:
    """A line has another extension now."""
    for number in _numbers(session, [old]):
        if number.kind in OF_A_LINE and number.target == old:
            number.target = new
        if number.closed_kind in OF_A_LINE and number.closed_target == old:
            number.closed_target = new
        session.add(number)
    for code in session.exec(select(ShortCode).where(ShortCode.number == old)):
        code.number = new
        session.add(code)


def gone(session: Session, extensions: Iterable[str]) -> None:
    """These lines are deleted."""
    lost = list(extensions)
    for number in _numbers(session, lost):
        if number.kind in OF_A_LINE and number.target in lost:
            number.target = ""
        if number.closed_kind in OF_A_LINE and number.closed_target in lost:
            number.closed_target = ""
        session.add(number)
    for code in session.exec(select(ShortCode).where(col(ShortCode.number).in_(lost))):
        session.delete(code)


def left(session: Session, number: str, extension: str) -> None:
    """A line has this number no longer: an entry that said no more than that goes too."""
    alone = DirectNumber(number=number, kind="line", target=extension)
    row = session.exec(select(DirectNumber).where(DirectNumber.number == number)).first()
    if row is not None and row.model_dump(exclude={"id"}) == alone.model_dump(exclude={"id"}):
        session.delete(row)


def _numbers(session: Session, extensions: list[str]) -> list[DirectNumber]:
    either = or_(
        col(DirectNumber.target).in_(extensions), col(DirectNumber.closed_target).in_(extensions)
    )
    return list(session.exec(select(DirectNumber).where(either)))
