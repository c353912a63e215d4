"""How often somebody may be wrong at the door: five times, then 1, 5, 15 and 60 minutes in between.

Counted for an account together with the address it is tried from, so nobody can shut a colleague
out from elsewhere; and for an address over all accounts, so nobody can try them all. Kept in the
database: a restart forgives nothing. A try is counted before it is checked, so that tries sent all
at once count too.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, delete, select

from officesmart.tables import SignInFailure
from pbx.numbers import SEPARATORS, is_extension, to_e164
from pbx.tables import Line

LADDER = (60, 300, 900, 3600)  # seconds shut out, after the last free failure and each one more
FORGET = timedelta(hours=24)
REMEMBERED = 20_000  # pairs of account and address; the oldest give way
ANYBODY = ""  # stands for every account together
RESETS = "*reset"  # stands for asking for a reset link, whichever account
EVERYWHERE = "*"  # stands for every address together
PASSKEYS = "*passkey"  # stands for a key whose owner is not known before it is right
UNKNOWN = "?"  # what was typed is no number: kept as a digest, for it may be a password


@dataclass(frozen=True, slots=True)
class Limit:
    """How many failures are free."""

    free: int
    forget: timedelta = FORGET


ONE = Limit(5)
ANYWHERE = Limit(60)  # from one address, over all accounts
CODES = Limit(20)
"""Of one account from everywhere together. Six digits are few for who has a network of addresses;
only who knows the password gets to try them, so no stranger can shut anybody out by this."""
ASKING = Limit(10, timedelta(hours=1))  # reset links, from one address


def account_of(typed: str) -> str:
    """The one name of an account, however it was typed: an extension, or a number in E.164."""
    plain = SEPARATORS.sub("", typed.strip())[:64]
    if not plain or is_extension(plain):
        return plain
    number = to_e164(plain)
    return number or UNKNOWN + hashlib.sha256(plain.encode()).hexdigest()[:24]


def place_of(address: str) -> str:
    """Where tries are counted: the address, or the network that one IPv6 host has to itself."""
    try:
        read = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return address[:45]
    if isinstance(read, ipaddress.IPv6Address):
        if read.ipv4_mapped is not None:
            return str(read.ipv4_mapped)
        return str(ipaddress.ip_network((read, 64), strict=False))
    return str(read)


def wait(session: Session, account: str, place: str, now: datetime) -> float:
    """Seconds until this account may be tried again from this place; 0: now."""
    return max(_shut(session, account, place, now), _shut(session, ANYBODY, place, now))


def knock(session: Session, account: str, place: str, now: datetime) -> float:
    """Count a try as a failure until it proves right. Seconds to wait instead, when it may not."""
    seconds = wait(session, account, place, now)
    if seconds <= 0:
        count(session, account, place, now, ONE)
        count(session, ANYBODY, place, now, ANYWHERE)
    return seconds


def count(session: Session, account: str, place: str, now: datetime, limit: Limit) -> None:
    """One more of them."""
    row = session.get(SignInFailure, (account, place))
    if row is None:
        row = SignInFailure(account=account, address=place, last_at=now)
    elif now - row.last_at > limit.forget:
        row.count, row.shut_until = 0, None
    row.count, row.last_at = row.count + 1, now
    if row.count >= limit.free:
        step = min(row.count - limit.free, len(LADDER) - 1)
        row.shut_until = now + timedelta(seconds=LADDER[step])
    session.add(row)
    session.flush()


def shut(session: Session, account: str, place: str, now: datetime) -> float:
    """Seconds that one counter is shut for."""
    return _shut(session, account, place, now)


def right_code(session: Session, account: str) -> None:
    """The second step was right: wrong codes from everywhere are forgotten."""
    row = session.get(SignInFailure, (account, EVERYWHERE))
    if row is not None:
        session.delete(row)
        session.flush()


def undo(session: Session, account: str, place: str) -> None:
    """The try was right so far, but more is asked: as if it had not been."""
    for each in (account, ANYBODY):
        row = session.get(SignInFailure, (each, place))
        if row is None:
            continue
        row.count, row.shut_until = row.count - 1, None
        if row.count > 0:
            session.add(row)
        else:
            session.delete(row)
    session.flush()


def passed(session: Session, accounts: Iterable[str], place: str) -> None:
    """Somebody is in: all that was wrong from there is forgotten."""
    for each in {*accounts, ANYBODY}:
        row = session.get(SignInFailure, (each, place))
        if row is not None:
            session.delete(row)
    session.flush()


def names_of(line: Line) -> tuple[str, ...]:
    """What a line's account may have been called."""
    return tuple(name for name in (line.extension, line.number) if name)


def sweep(session: Session, now: datetime) -> None:
    """Forget what is old, and the oldest of what is too much."""
    session.execute(delete(SignInFailure).where(col(SignInFailure.last_at) < now - FORGET))
    over = (session.scalar(select(func.count()).select_from(SignInFailure)) or 0) - REMEMBERED
    if over > 0:
        oldest = session.exec(
            select(SignInFailure).order_by(col(SignInFailure.last_at)).limit(over)
        ).all()
        for row in oldest:
            session.delete(row)
    session.flush()


def _shut(session: Session, account: str, place: str, now: datetime) -> float:
    row = session.get(SignInFailure, (account, place))
    if row is None or row.shut_until is None:
        return 0.0
    return max(0.0, (row.shut_until - now).total_seconds())


# -- what an administrator sees -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Locked:
    """An account that may not be tried from somewhere for a while."""

    account: str
    "As it was typed; '' for all accounts from there, '?' for what is no number."
    address: str
    extension: str
    "Of the line that it belongs to; '' for none."
    name: str
    count: int
    until: datetime


def locked(session: Session, now: datetime) -> tuple[Locked, ...]:
    """Who is shut out now, the longest first."""
    rows = session.exec(
        select(SignInFailure)
        .where(
            col(SignInFailure.shut_until) > now,
            col(SignInFailure.account).not_like("*%"),
        )
        .order_by(col(SignInFailure.shut_until).desc())
        .limit(200)
    ).all()
    known = {row.account for row in rows if row.account and not row.account.startswith(UNKNOWN)}
    lines: dict[str, Line] = {}
    for line in session.exec(
        select(Line).where(col(Line.extension).in_(known) | col(Line.number).in_(known))
    ):
        lines |= {name: line for name in names_of(line)}
    return tuple(
        Locked(
            account=UNKNOWN if row.account.startswith(UNKNOWN) else row.account,
            address=row.address,
            extension=lines[row.account].extension if row.account in lines else "",
            name=lines[row.account].name if row.account in lines else "",
            count=row.count,
            until=row.shut_until,
        )
        for row in rows
        if row.shut_until is not None
    )


def unlock(session: Session, *, extension: str = "", address: str = "") -> int:
    """Forget the failures of a line (from everywhere), or of an address (for every account).

    Answers how many entries were forgotten.
    """
    rows: list[SignInFailure] = []
    if extension:
        line = session.exec(select(Line).where(Line.extension == extension)).first()
        names = names_of(line) if line is not None else (extension,)
        rows += session.exec(
            select(SignInFailure).where(col(SignInFailure.account).in_(names))
        ).all()
    if address:
        rows += session.exec(select(SignInFailure).where(SignInFailure.address == address)).all()
    for row in rows:
        session.delete(row)
    session.flush()
    return len(rows)
