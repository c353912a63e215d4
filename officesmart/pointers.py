"""What points at a line by its extension: numbers of the office, short codes.

An extension that changes takes them along; one that is gone leaves numbers without a target (never
with whoever gets the extension next) and ends its short codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from pbx.numbers import national
from pbx.tables import DirectNumber, ShortCode

OF_A_LINE = ("line", "mailbox")
"Kinds of target that are extensions."


@dataclass(frozen=True, slots=True)
class Followed:
    """One thing that changed because a line did, for the log of changes."""

    what: str
    "A deed of administration/audit.py."
    name: str
    before: dict[str, str]
    after: dict[str, str]


def moved(session: Session, old: str, new: str) -> list[Followed]:
    """A line has another extension now."""
    done = [_retarget(session, number, (old,), new) for number in _numbers(session, [old])]
    for code in session.exec(select(ShortCode).where(ShortCode.number == old)):
        code.number = new
        session.add(code)
        done.append(Followed("code_changed", code.code, {"number": old}, {"number": new}))
    return [each for each in done if each.before]


def gone(session: Session, extensions: Iterable[str]) -> list[Followed]:
    """These lines are deleted."""
    lost = tuple(extensions)
    done = [_retarget(session, number, lost, "") for number in _numbers(session, lost)]
    for code in session.exec(select(ShortCode).where(col(ShortCode.number).in_(lost))):
        session.delete(code)
        before = {"name": code.name, "number": code.number}
        done.append(Followed("code_deleted", code.code, before, {}))
    return [each for each in done if each.before]


def _retarget(session: Session, number: DirectNumber, old: Sequence[str], new: str) -> Followed:
    """The targets of a number that were these extensions are another now."""
    before, after = {}, {}
    for kind, target in (("kind", "target"), ("closed_kind", "closed_target")):
        was = getattr(number, target)
        if getattr(number, kind) in OF_A_LINE and was in old:
            before[target], after[target] = was, new
            setattr(number, target, new)
    session.add(number)
    return Followed("number_changed", national(number.number), before, after)


def left(session: Session, number: str, extension: str) -> None:
    """A line has this number no longer: an entry that said no more than that goes too."""
    alone = DirectNumber(number=number, kind="line", target=extension)
    row = session.exec(select(DirectNumber).where(DirectNumber.number == number)).first()
    if row is not None and row.model_dump(exclude={"id"}) == alone.model_dump(exclude={"id"}):
        session.delete(row)


def _numbers(session: Session, extensions: Sequence[str]) -> list[DirectNumber]:
    either = or_(
        col(DirectNumber.target).in_(extensions), col(DirectNumber.closed_target).in_(extensions)
    )
    return list(session.exec(select(DirectNumber).where(either)))
