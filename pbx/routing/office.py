"""The office as routing sees it: a frozen snapshot built from rows by `store.snapshot`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Person:
    """One line."""

    line_id: int
    extension: str
    name: str
    number: str = ""
    "E.164, or empty."
    language: str = "it"
    has_mailbox: bool = True
    active: bool = True
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    "Feature name to its options for this line, as stored."


@dataclass(frozen=True, slots=True)
class Account:
    """SIP credentials of a line (RFC 7616 s.3.4.2 digests)."""

    account_id: int
    username: str
    extension: str
    ha1_md5: str
    ha1_sha256: str
    direct_audio: bool = False


@dataclass(frozen=True, slots=True)
class ServiceCode:
    """What a star code reaches."""

    code: str
    app: str
    with_extension: bool = False


@dataclass(frozen=True, slots=True)
class Office:
    """Everything a decision may depend on, at one revision."""

    revision: int = 0
    lines: Mapping[str, Person] = field(default_factory=dict)
    "By extension."
    numbers: Mapping[str, str] = field(default_factory=dict)
    "E.164 to extension."
    accounts: Mapping[str, Account] = field(default_factory=dict)
    "By SIP username."
    services: Mapping[str, ServiceCode] = field(default_factory=dict)
    "By code."
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    "Office-wide feature options."
    language: str = "it"
    zone: ZoneInfo = ZoneInfo("Europe/Rome")
    emergency_numbers: frozenset[str] = frozenset({"112", "113", "115", "118"})
