"""A SIP account for the length of a line test: our phone needs a password, and only digests of
people's passwords are kept."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import delete
from sqlmodel import Session, col, select

from pbx import credentials
from pbx.store.session import Database
from pbx.tables import Line, ServiceNumber, SipAccount

PREFIX = "prova-"  # the pages of lines leave such accounts out


class NoLine(Exception):
    """There is no active line that the test could be made from."""


@dataclass(frozen=True, slots=True)
class Guest:
    """What the test's phone signs in with, and what it calls."""

    extension: str
    username: str
    password: str = field(repr=False)
    echo: str
    "The number of the echo; empty when the office has none."


def sign_up(session: Session, extension: str = "") -> Guest:
    """A further phone of a line (of the first administrator when none is named).

    One that a crash left behind goes now. Raises NoLine.
    """
    session.execute(delete(SipAccount).where(col(SipAccount.username).startswith(PREFIX)))
    chosen = select(Line).where(Line.active)
    if extension:
        chosen = chosen.where(Line.extension == extension)
    # 'admin' comes before 'user'.
    line = session.exec(chosen.order_by(Line.role, Line.extension)).first()
    if line is None or line.id is None:
        raise NoLine("there is no active line to test with")
    username, password = PREFIX + secrets.token_hex(4), credentials.random_sip_password()
    session.add(
        SipAccount(
            line_id=line.id,
            username=username,
            ha1_md5=credentials.ha1_md5(username, password),
            ha1_sha256=credentials.ha1_sha256(username, password),
            label="line test",
        )
    )
    echo = session.exec(select(ServiceNumber.code).where(ServiceNumber.app == "echo")).first()
    return Guest(line.extension, username, password, echo or "")


def sign_off(session: Session, guest: Guest) -> None:
    """The account is gone."""
    session.execute(delete(SipAccount).where(col(SipAccount.username) == guest.username))


@contextmanager
def guest_of(database: Database, extension: str = "") -> Iterator[Guest]:
    """An account as `sign_up` makes it, gone at the end. Blocks for the database."""
    with database.session() as session:
        guest = sign_up(session, extension)
    try:
        yield guest
    finally:
        with database.session() as session:
            sign_off(session, guest)
