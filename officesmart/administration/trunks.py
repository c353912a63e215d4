"""The office's trunks as an administrator works with them.

Plain functions over a session; each change and its entry in the log are one transaction, and the
log never sees a password. A row is a setting: the revision moves, and the PBX acts on it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import func
from sqlmodel import Session, col, select

from officesmart.administration import audit, clash
from officesmart.administration.audit import Author
from officesmart.administration.lines import Gone, Refused
from officesmart.administration.rules import Fault
from officesmart.administration.trunk_rules import NEED_PASSWORD, TrunkValues
from pbx import vault
from pbx.tables import DialRule, DirectNumber, Trunk

NAMES = {
    "enabled": ("acceso", "on"),
    "registers": ("si registra", "signs in"),
    "host": ("server", "server"),
    "port": ("porta", "port"),
    "transport": ("trasporto", "transport"),
    "proxy": ("proxy", "proxy"),
    "username": ("utente", "user"),
    "auth_username": ("utente di autenticazione", "authentication user"),
    "password": ("password", "password"),
    "sources": ("indirizzi ammessi", "allowed addresses"),
    "expires": ("durata della registrazione", "registration time"),
    "codecs": ("codec", "codecs"),
    "number_format": ("formato dei numeri", "number format"),
    "caller_id": ("identificativo del chiamante", "caller identity"),
    "main_number": ("numero principale", "main number"),
    "diversion": ("chiamate deviate", "forwarded calls"),
    "capacity": ("chiamate insieme", "calls at once"),
    "position": ("ordine", "order"),
}
"The fields as sentences and the change log call them."
DEEDS = ("trunk_created", "trunk_changed", "trunk_moved")


@dataclass(frozen=True, slots=True)
class Listed:
    """A trunk in the list."""

    id: int
    values: TrunkValues
    position: int
    has_password: bool


def listed(session: Session) -> list[Listed]:
    """Every trunk, in the order of trying."""
    rows = session.exec(select(Trunk).order_by(col(Trunk.position), col(Trunk.id))).all()
    return [
        Listed(row.id or 0, _values(row), row.position, bool(row.sealed_password)) for row in rows
    ]


def values_of(session: Session, trunk_id: int) -> tuple[TrunkValues, bool]:
    """A trunk as it is, and whether it has a password. Raises Gone."""
    row = _trunk(session, trunk_id)
    return _values(row), bool(row.sealed_password)


def collisions(session: Session, values: TrunkValues, *, trunk_id: int = 0) -> dict[str, Fault]:
    """What another trunk has already; trunk_id: the trunk itself."""
    faults: dict[str, Fault] = {}
    for row in session.exec(select(Trunk).where(Trunk.id != trunk_id)):
        other = _values(row)
        if other.name.casefold() == values.name.casefold():
            faults["name"] = Fault(
                f"C'è già una linea esterna «{other.name}»: scegli un altro nome",
                f"There is a trunk “{other.name}” already: choose another name",
            )
        if (
            values.registers
            and other.registers
            and (other.host, other.username) == (values.host, values.username)
        ):
            faults["username"] = Fault(
                f"{values.username} è già l'account di «{other.name}» presso {values.host}",
                f"{values.username} is already the account of “{other.name}” at {values.host}",
            )
        shared = "" if values.registers or other.registers else _shared(values, other)
        if shared:
            # Calls from there could not be told apart: neither trunk asks for a password.
            faults["sources"] = Fault(
                f"{shared} è già tra gli indirizzi di «{other.name}»",
                f"{shared} is among the addresses of “{other.name}” already",
            )
    return faults


def save(
    session: Session,
    author: Author,
    data: Path,
    trunk_id: int,
    *,
    base: TrunkValues,
    values: TrunkValues,
    password: str = "",
) -> TrunkValues:
    """Set a trunk to `values`, which were made from `base`; an empty password stays as it is.

    data: the data folder, with the key that seals. Raises clash.Clash, Refused, Gone, OSError.
    """
    row = _trunk(session, trunk_id)
    now = _values(row)
    clash.refuse_old(session, base, now, deeds=DEEDS, about=now.name)
    faults = collisions(session, values, trunk_id=trunk_id)
    if values.registers and not (password or row.sealed_password):
        faults["password"] = NEED_PASSWORD
    if faults:
        raise Refused(faults)
    if values == now and not password:
        return now
    for name, value in asdict(values).items():
        setattr(row, name, value)
    if password:
        row.sealed_password = vault.seal(data, password)
    elif not values.registers:
        row.sealed_password = ""
    session.add(row)
    session.flush()
    _note(session, author, "trunk_changed", now, values, secret=bool(password))
    return values


def create(session: Session, author: Author, data: Path, values: TrunkValues, password: str) -> int:
    """A new trunk, last in the order; answers its id. Raises Refused, OSError."""
    faults = collisions(session, values)
    if values.registers and not password:
        faults["password"] = NEED_PASSWORD
    if faults:
        raise Refused(faults)
    last = session.scalar(select(func.max(Trunk.position)))
    row = Trunk(
        **asdict(values),
        position=0 if last is None else last + 1,
        sealed_password=vault.seal(data, password) if values.registers else "",
    )
    session.add(row)
    session.flush()
    _note(session, author, "trunk_created", None, values, secret=values.registers)
    return row.id or 0


def switch(session: Session, author: Author, trunk_id: int, on: bool) -> None:
    """Switch a trunk on or off. Raises Gone."""
    row = _trunk(session, trunk_id)
    if row.enabled != on:
        row.enabled = on
        session.add(row)
        audit.note(
            session,
            author,
            "trunk_changed",
            line_name=row.name,
            before={"enabled": not on},
            after={"enabled": on},
        )


def move(session: Session, author: Author, trunk_id: int, by: int) -> bool:
    """Earlier (-1) or later (+1) in the order of trying; False when it is there already."""
    rows = list(session.exec(select(Trunk).order_by(col(Trunk.position), col(Trunk.id))))
    place = next((n for n, row in enumerate(rows) if row.id == trunk_id), -1)
    if place < 0:
        raise Gone
    to = place + (1 if by > 0 else -1)
    if not 0 <= to < len(rows):
        return False
    rows.insert(to, rows.pop(place))
    for position, row in enumerate(rows):
        row.position = position
        session.add(row)
    audit.note(
        session,
        author,
        "trunk_moved",
        line_name=rows[to].name,
        before={"position": place + 1},
        after={"position": to + 1},
    )
    return True


@dataclass(frozen=True, slots=True)
class Going:
    """What else names a trunk that is to be deleted."""

    name: str
    rules: int
    numbers: int


def going(session: Session, trunk_id: int) -> Going:
    """What deleting this trunk touches. Raises Gone."""
    row = _trunk(session, trunk_id)
    rules = select(func.count()).select_from(DialRule).where(DialRule.trunk_id == trunk_id)
    numbers = (
        select(func.count()).select_from(DirectNumber).where(DirectNumber.trunk_id == trunk_id)
    )
    return Going(row.name, session.scalar(rules) or 0, session.scalar(numbers) or 0)


def remove(session: Session, author: Author, trunk_id: int) -> str:
    """Delete a trunk; rules and numbers that name it stay without it. Raises Gone."""
    row = _trunk(session, trunk_id)
    audit.note(session, author, "trunk_deleted", line_name=row.name, before=_shown(_values(row)))
    session.delete(row)
    session.flush()
    return row.name


# -- pieces -------------------------------------------------------------------------------------


def _trunk(session: Session, trunk_id: int) -> Trunk:
    row = session.get(Trunk, trunk_id)
    if row is None:
        raise Gone
    return row


def _values(row: Trunk) -> TrunkValues:
    return TrunkValues(**{name: getattr(row, name) for name in TrunkValues.__dataclass_fields__})


def _shown(values: TrunkValues) -> Mapping[str, object]:
    return {name: value for name, value in asdict(values).items() if value not in ("", False)}


def _note(
    session: Session,
    author: Author,
    what: str,
    before: TrunkValues | None,
    after: TrunkValues,
    *,
    secret: bool,
) -> None:
    """The change, and of the password only that there is a new one."""
    told = dict(asdict(after)) if before is not None else dict(_shown(after))
    if secret:
        told["password"] = "•••"
    audit.note(
        session,
        author,
        what,
        line_name=after.name,
        before=asdict(before) if before is not None else None,
        after=told,
    )


def _shared(one: TrunkValues, other: TrunkValues) -> str:
    """The first of one's networks that overlaps one of the other's."""
    theirs = [ipaddress.ip_network(word) for word in other.sources.split()]
    for word in one.sources.split():
        net = ipaddress.ip_network(word)
        if any(net.version == each.version and net.overlaps(each) for each in theirs):
            return word
    return ""
