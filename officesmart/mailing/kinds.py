"""The kinds of mail: from a row of the outbox to the letter it stands for.

A kind reads what it needs when it is sent, in the transaction that takes the row: a message heard
meanwhile is announced to nobody, an address changed meanwhile is the new one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import Field
from sqlmodel import Session, col, select

from officesmart.mailing import letters
from officesmart.mailing.look import Letter
from officesmart.naming import people_of
from pbx.numbers import national
from pbx.routing.feature import FeatureOptions, read_options
from pbx.store import settings
from pbx.store.messages import MAIL
from pbx.tables import FeatureOption, Line, Mailbox, OutboxItem, ServiceNumber, VoiceMessage

NOTICE = "mail_notice"
"The option of a line: a mail for each new voice message."


class MailNotice(FeatureOptions):
    """Whether a line with an e-mail address is told of new voice messages."""

    enabled: bool = Field(default=True)


@dataclass(frozen=True, slots=True)
class Around:
    """What a letter needs to know beside its row."""

    zone: ZoneInfo
    host: str = ""
    "The mail server, for the test mail."


@dataclass(frozen=True, slots=True)
class Ready:
    """A letter and whom it is for."""

    to: str
    name: str
    language: str
    letter: Letter


@dataclass(frozen=True, slots=True)
class Needless:
    """Nothing is to be sent, and that is well."""

    why: str
    "A code of reasons.py."


Write = Callable[[Session, OutboxItem, Around], Ready | Needless]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of mail."""

    it: str
    en: str
    write: Write
    needs: frozenset[str] = frozenset()
    "What its payload must hold."
    keeps: timedelta = timedelta(days=3)
    "From its cause on: what has not gone out by then would only confuse."
    secret: bool = False
    "The payload opens a door: it is emptied as soon as the row is over."


# -- voicemail ----------------------------------------------------------------------------------


def wants_notice(session: Session, line_id: int) -> bool:
    """Whether this line is to be told by mail; asked only where it has an address."""
    row = _option(session, line_id)
    return read_options(MailNotice, row.options if row is not None else {}).enabled


def set_notice(session: Session, line_id: int, *, enabled: bool) -> None:
    """Switch a line's notices on or off."""
    row = _option(session, line_id)
    if row is None:
        row = FeatureOption(line_id=line_id, feature=NOTICE)
    row.options = {**row.options, "enabled": enabled}
    session.add(row)


def _option(session: Session, line_id: int) -> FeatureOption | None:
    return session.exec(
        select(FeatureOption).where(
            FeatureOption.line_id == line_id, FeatureOption.feature == NOTICE
        )
    ).first()


def _voicemail(session: Session, item: OutboxItem, around: Around) -> Ready | Needless:
    line = session.get(Line, item.payload["line"])
    message = session.get(VoiceMessage, item.payload["message"])
    if line is None or message is None or message.line_id != line.id:
        return Needless("gone")
    if not line.active or not line.email or not wants_notice(session, line.id or 0):
        return Needless("not_wanted")
    if message.state != "new":
        return Needless("heard")
    code = session.exec(
        select(ServiceNumber.code)
        .where(ServiceNumber.app == "voicemail_menu", col(ServiceNumber.with_extension).is_(False))
        .order_by(col(ServiceNumber.code))
    ).first()
    people = people_of(session, line.id or 0, (message.caller_number,))
    letter = letters.voicemail(
        line.language,
        caller_name=people.name(message.caller_number, message.caller_name),
        caller_number=message.caller_number,
        left_at=letters.moment(line.language, message.left_at, around.zone),
        seconds=message.seconds,
        urgent=message.urgent,
        code=code or "",
    )
    return Ready(line.email, line.name, line.language, letter)


# -- the others: everything is in the payload ---------------------------------------------------


def _addressed(item: OutboxItem, letter: Letter) -> Ready:
    told = item.payload
    return Ready(told["to"], told.get("name", ""), told.get("language", "it"), letter)


def _password_reset(session: Session, item: OutboxItem, around: Around) -> Ready:
    told = item.payload
    letter = letters.password_reset(
        told.get("language", "it"),
        name=told.get("name", ""),
        link=told["link"],
        minutes=int(told.get("minutes", 30)),
    )
    return _addressed(item, letter)


def _welcome(session: Session, item: OutboxItem, around: Around) -> Ready | Needless:
    told = item.payload
    line = session.get(Line, told.get("line"))
    if line is None or not line.active:
        return Needless("gone")
    code = session.exec(
        select(ServiceNumber.code)
        .where(ServiceNumber.app == "voicemail_menu", col(ServiceNumber.with_extension).is_(False))
        .order_by(col(ServiceNumber.code))
    ).first()
    box = session.get(Mailbox, line.id)
    letter = letters.welcome(
        line.language,
        name=line.name,
        extension=line.extension,
        number=national(line.number) if line.number else "",
        link=settings.read(session, "portal.address"),
        code=(code or "") if box is not None and box.enabled else "",
    )
    return _addressed(item, letter)


def _security_notice(session: Session, item: OutboxItem, around: Around) -> Ready:
    told = item.payload
    language = told.get("language", "it")
    at = datetime.fromisoformat(told["at"]) if told.get("at") else item.created_at
    letter = letters.security_notice(
        language,
        name=told.get("name", ""),
        what=told["what"],
        at=letters.moment(language, at, around.zone),
        address=told.get("address", ""),
        by=told.get("by", ""),
    )
    return _addressed(item, letter)


def _email_code(session: Session, item: OutboxItem, around: Around) -> Ready:
    told = item.payload
    letter = letters.email_code(
        told.get("language", "it"),
        name=told.get("name", ""),
        code=told["code"],
        hours=int(told.get("hours", 24)),
    )
    return _addressed(item, letter)


def _limit_met(session: Session, item: OutboxItem, around: Around) -> Ready:
    told, language = item.payload, item.payload.get("language", "it")
    letter = letters.limit_met(
        language,
        line=told["line"],
        what=told["en" if language == "en" else "it"],
        at=letters.moment(language, datetime.fromisoformat(told["at"]), around.zone),
        link=settings.read(session, "portal.address"),
    )
    return _addressed(item, letter)


def _trunk_moved(session: Session, item: OutboxItem, around: Around) -> Ready:
    told, language = item.payload, item.payload.get("language", "it")
    since = told.get("since", "")
    letter = letters.trunk_moved(
        language,
        name=told["trunk"],
        up=told["state"] == "up",
        why=told["en" if language == "en" else "it"],
        at=letters.moment(language, datetime.fromisoformat(told["at"]), around.zone),
        since=letters.moment(language, datetime.fromisoformat(since), around.zone) if since else "",
        link=settings.read(session, "portal.address"),
    )
    return _addressed(item, letter)


def _test_mail(session: Session, item: OutboxItem, around: Around) -> Ready:
    told = item.payload
    language = told.get("language", "it")
    letter = letters.trial(
        language,
        by=told.get("by", ""),
        at=letters.moment(language, item.created_at, around.zone),
        host=around.host,
    )
    return _addressed(item, letter)


KINDS: Mapping[str, Kind] = {
    MAIL: Kind("Nuovo messaggio vocale", "New voice message", _voicemail),
    "password_reset": Kind(
        "Nuova password",
        "New password",
        _password_reset,
        needs=frozenset({"link"}),
        keeps=timedelta(minutes=30),
        secret=True,
    ),
    "security_notice": Kind(
        "Avviso di sicurezza",
        "Security notice",
        _security_notice,
        needs=frozenset({"what"}),
        keeps=timedelta(days=7),
    ),
    "email_code": Kind(
        "Codice per l'e-mail di sicurezza",
        "Code for the security e-mail",
        _email_code,
        needs=frozenset({"code"}),
        keeps=timedelta(hours=24),
        secret=True,
    ),
    "welcome": Kind(
        "Istruzioni per l'accesso", "Sign-in instructions", _welcome, needs=frozenset({"line"})
    ),
    "limit_met": Kind(
        "Limite contro le frodi raggiunto",
        "Limit against fraud reached",
        _limit_met,
        needs=frozenset({"line", "it", "en", "at"}),
    ),
    "trunk_moved": Kind(
        "Linea esterna: va o non va",
        "Trunk up or down",
        _trunk_moved,
        needs=frozenset({"trunk", "state", "it", "en", "at"}),
        keeps=timedelta(days=1),
    ),
    "test_mail": Kind("Mail di prova", "Test mail", _test_mail),
}
"Every kind of row that the outbox sends as mail."
