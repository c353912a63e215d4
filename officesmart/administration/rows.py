"""What the administration's pages show, as plain values for the browser. No secrets but `Shown`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from officesmart.administration.listing import Listed
from officesmart.administration.rules import LineValues
from officesmart.line import device, presence
from pbx.events.board import Board
from pbx.numbers import national


@dataclass(frozen=True)
class LineRow:
    """A line in the table."""

    id: int
    extension: str
    name: str
    number: str
    "As people write it."
    site: str
    admin: bool
    active: bool
    welcomed: bool
    mailbox: bool
    presence: str
    phones: int
    phone: str
    "What the first phone says it is."
    dial: str = ""
    "The number in E.164."


@dataclass(frozen=True)
class Card:
    """A line in the panel, as its fields show it."""

    extension: str = ""
    name: str = ""
    email: str = ""
    number: str = ""
    site: str = ""
    role: str = "user"
    language: str = "it"
    active: bool = True
    rights: list[str] = field(default_factory=list)
    mailbox: bool = True
    ring_seconds: str = ""
    mailbox_seconds: str = ""


@dataclass(frozen=True)
class AccountRow:
    """A SIP account in the panel."""

    id: int
    user: str
    label: str
    direct_audio: bool
    transport: str
    codec_1: str
    codec_2: str
    codec_3: str
    phones: int
    trouble: str
    "Why a phone with this account is refused now; empty when none is."


@dataclass(frozen=True)
class PhoneAt:
    """A registered phone in the panel."""

    id: int
    name: str
    source: str
    transport: str
    user: str
    seen: str
    "'oggi alle 09:41', or empty when it is not kept yet."


@dataclass(frozen=True)
class Access:
    """How a line's owner gets in, in the panel."""

    welcomed: str = ""
    "When the first sign-in was; empty when it is still to do."
    security_email: str = ""
    mail_to: str = ""
    "Where instructions would go; empty when no address is known."
    has_pin: bool = False


@dataclass(frozen=True)
class Softphone:
    """What a softphone can be set up with, beside a new SIP password."""

    code: str = ""
    "An image, as a data: address; empty when no phone could reach where it leads."
    link: str = ""
    address: str = ""
    server: str = ""
    port: int = 0
    transport: str = ""
    portal_set: bool = True
    "The office has said where its portal is reached (portal.address)."


@dataclass(frozen=True)
class BulkRow:
    """What a deed on many lines does to one of them."""

    id: int
    extension: str
    name: str
    kind: str
    "'will', 'done', 'same', 'refused' or 'gone'."
    why: str


@dataclass(frozen=True)
class Shown:
    """A new secret, shown once in the tab of whoever made it."""

    kind: str
    "'portal', 'sip' or 'pin'."
    user: str
    value: str


def line_row(line: Listed, board: Board, phones: tuple[str, ...]) -> LineRow:
    """A line with its live state; phones: the user agents registered for it now."""
    row = LineRow(
        id=line.id,
        extension=line.extension,
        name=line.name,
        number=national(line.number) if line.number else "",
        dial=line.number,
        site=line.site,
        admin=line.role == "admin",
        active=line.active,
        welcomed=line.welcomed_at is not None,
        mailbox=line.mailbox,
        presence="",
        phones=len(phones),
        phone=device(phones[0]) if phones else "",
    )
    return standing(row, board)


def standing(row: LineRow, board: Board) -> LineRow:
    """The row as its calls stand now."""
    now: str = presence(board, row.extension)
    if now in ("available", "offline"):
        now = "available" if row.phones else "offline"
    return row if now == row.presence else replace(row, presence=now)


def agents(
    board: Board, line_of: Mapping[int, int], extension_of: Mapping[str, int]
) -> dict[int, tuple[str, ...]]:
    """The user agents registered now, by line id.

    line_of: the line of each kept registration; a phone that is not kept yet (or whose line has
    another extension since it signed in) is found by what the board says.
    """
    found: dict[int, tuple[str, ...]] = {}
    for phone in sorted(board.phones.values(), key=lambda each: each.since):
        line = line_of.get(phone.phone) or extension_of.get(phone.line, 0)
        found[line] = (*found.get(line, ()), phone.user_agent)
    return found


def card(values: LineValues) -> Card:
    """A line's fields as they are shown."""
    return Card(
        extension=values.extension,
        name=values.name,
        email=values.email,
        number=national(values.number) if values.number else "",
        site=values.site,
        role=values.role,
        language=values.language,
        active=values.active,
        rights=values.rights.split(),
        mailbox=values.mailbox,
        ring_seconds=str(values.ring_seconds),
        mailbox_seconds=str(values.mailbox_seconds),
    )
