"""When somebody was last in touch with a contact, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, or_, select

from officesmart.i18n import say
from pbx.numbers import digits
from pbx.tables import CallRecord, VoiceMessage

WORDS = {
    "message": ("messaggio in segreteria", "voice message"),
    "made": ("chiamata effettuata", "call made"),
    "received": ("chiamata ricevuta", "call received"),
    "missed": ("chiamata persa", "missed call"),
    "tried": ("chiamata senza risposta", "call not answered"),
}


@dataclass(frozen=True, slots=True)
class LastTime:
    """The latest of calls and messages."""

    at: datetime
    kind: str
    "A key of WORDS."

    def words(self, language: str) -> str:
        """What it was."""
        it, en = WORDS[self.kind]
        return say(language, it=it, en=en)


def last_time(session: Session, line_id: int, numbers: Sequence[str]) -> LastTime | None:
    """The latest call or message between this line and any of these numbers; None for none."""
    forms = {form for number in numbers for form in _forms(number)}
    if not forms:
        return None
    message = session.exec(
        select(VoiceMessage)
        .where(
            VoiceMessage.line_id == line_id,
            VoiceMessage.state != "deleted",
            col(VoiceMessage.caller_number).in_(forms),
        )
        .order_by(col(VoiceMessage.left_at).desc())
        .limit(1)
    ).first()
    call = session.exec(
        select(CallRecord)
        .where(
            or_(
                (col(CallRecord.from_line_id) == line_id) & col(CallRecord.dialled).in_(forms),
                (col(CallRecord.to_line_id) == line_id) & col(CallRecord.caller_number).in_(forms),
            )
        )
        .order_by(col(CallRecord.started_at).desc())
        .limit(1)
    ).first()
    if message is not None and (
        call is None or message.call_id == call.call_id or message.left_at >= call.started_at
    ):
        return LastTime(message.left_at, "message")
    if call is None:
        return None
    answered = call.answered_by in ("person", "service")
    if call.from_line_id == line_id:
        return LastTime(call.started_at, "made" if answered else "tried")
    return LastTime(call.started_at, "received" if answered else "missed")


def _forms(number: str) -> tuple[str, ...]:
    """How a number may stand in a record: in E.164, or as the network or a person gave it."""
    plain = digits(number)
    if number.startswith("+39"):
        return number, plain, f"00{plain}", plain[2:]
    return (number, plain, f"00{plain}") if number.startswith("+") else (number,)
