"""The office as routing sees it: a frozen snapshot built from rows by `store.snapshot`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from pbx.routing.callers import Caller
from pbx.routing.dialplan import EMERGENCY
from pbx.routing.hours import Closing, Week
from pbx.routing.rights import Rule


@dataclass(frozen=True, slots=True)
class SpeedDial:
    """What a line's own code of one or two digits dials (guide 6.2)."""

    number: str
    "An extension, a short code or E.164."
    name: str = ""


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
    rights: frozenset[str] = frozenset({"internal", "national", "mobile"})
    "Classes of `routing.rights` that it may call."
    shown: str = ""
    "E.164 shown to called parties outside: its own number, else its site's, else empty."
    callers: Mapping[str, tuple[Caller, ...]] = field(default_factory=dict)
    "Caller lists by service, a name of `routing.callers.LISTS`."
    speed_dials: Mapping[str, SpeedDial] = field(default_factory=dict)
    "By code."
    pickup_groups: frozenset[int] = frozenset()
    "Ids of the pickup groups that it belongs to."


@dataclass(frozen=True, slots=True)
class Account:
    """SIP credentials of a line (RFC 7616 s.3.4.2 digests)."""

    account_id: int
    username: str
    extension: str
    ha1_md5: str
    ha1_sha256: str
    direct_audio: bool = False
    transport: str = ""
    "The only one its phones may register over ('udp', 'tcp'); empty: any."
    codecs: tuple[str, ...] = ()
    "For its phones, the first liked best; empty: ours."


@dataclass(frozen=True, slots=True)
class ServiceCode:
    """What a star code reaches."""

    code: str
    app: str
    with_extension: bool = False


@dataclass(frozen=True, slots=True)
class ShortCode:
    """A short number for a longer one, for the whole office."""

    code: str
    number: str
    "An extension, or E.164."
    name: str = ""
    for_everybody: bool = False
    "Also for lines whose rights would not allow the number."


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours with their closing days, those of the whole office among them."""

    name: str
    week: Week
    closings: tuple[Closing, ...] = ()


@dataclass(frozen=True, slots=True)
class DirectNumber:
    """A telephone number of the office and what it reaches (`routing.targets`)."""

    number: str
    "E.164."
    kind: str
    target: str
    hours: int = 0
    "Id of the opening hours that matter; 0: always open."
    closed_kind: str = ""
    "What it reaches outside those hours; empty: the same."
    closed_target: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class TrunkFacts:
    """A line to the outside world, as set up; whether it is up now is known to `peers/trunks`."""

    id: int
    name: str
    position: int = 0
    "Order of trying, lowest first."
    enabled: bool = True
    registers: bool = True
    "Signs in at the provider; else calls are taken from `sources` without credentials."
    host: str = ""
    "The provider's domain or address."
    port: int = 5060
    transport: str = "udp"
    proxy: str = ""
    "host[:port] that requests are sent to; empty: host:port itself."
    username: str = ""
    auth_username: str = ""
    "User of the digest; empty: username."
    sealed_password: str = field(default="", repr=False)
    "As the database has it; only `peers/trunks` opens it."
    sources: tuple[str, ...] = ()
    "Addresses and networks from which calls of this trunk may come."
    expires: int = 600
    "Seconds asked for at each sign-in."
    codecs: tuple[str, ...] = ("PCMA", "PCMU", "G722")
    "In order of liking."
    number_format: str = "e164"
    "How dialled numbers are written: 'e164' (+39...), 'plain' (39...), 'national'."
    caller_id: str = "pai"
    "Where our number goes besides From: 'pai', 'ppi', 'rpid' or 'from' (nowhere else)."
    main_number: str = ""
    "E.164 shown when a call has no number of its own."
    diversion: str = "diversion"
    "How a forwarded call is told: 'diversion', 'history', 'both' or 'none'."
    capacity: int = 0
    "Calls at once; 0: no limit."


@dataclass(frozen=True, slots=True)
class PickupGroup:
    """Lines whose people answer each other's calls."""

    name: str
    lines: frozenset[str]
    "Extensions, of lines that are switched on."
    hunt_calls: bool = False
    "Calls of a hunt group may be picked up too."


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
    trunks: Mapping[int, TrunkFacts] = field(default_factory=dict)
    "By id, in the order of trying; those switched off too."
    suspended: Mapping[str, Account] = field(default_factory=dict)
    """Accounts of lines that are switched off, by SIP username: they may call for help, nothing
    else."""
    short_codes: Mapping[str, ShortCode] = field(default_factory=dict)
    "By code."
    direct_numbers: Mapping[str, DirectNumber] = field(default_factory=dict)
    "By E.164; a line's own number needs none."
    hours: Mapping[int, Hours] = field(default_factory=dict)
    "By id."
    rules: Mapping[str, Rule] = field(default_factory=dict)
    "What the office says about numbers, by their beginning."
    outside_prefix: str = "0"
    "What takes an outside line; may be empty."
    dnd_first: bool = False
    "Do not disturb beats forward-all instead of the other way round (behaviour.md s.1.1)."
    hold_music: str = ""
    "The file that somebody on hold hears, see pbx.store.music; empty: ours."
    language: str = "it"
    pickup: Mapping[int, PickupGroup] = field(default_factory=dict)
    "By id."
    pickup_all: bool = False
    "Everybody may answer everybody's call by **extension; else who shares a pickup group."
    orbits: tuple[str, ...] = ()
    "Where calls are parked, in the order of filling."
    park_recall: int = 120
    "Seconds after which a parked call rings at who parked it."
    park_operator: str = ""
    "Who takes a parked call that its parker does not: a number as dialled; empty: nobody."
    zone: ZoneInfo = ZoneInfo("Europe/Rome")
    emergency_numbers: frozenset[str] = EMERGENCY
