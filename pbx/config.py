"""Settings from the environment, read once. A wrong value is one line that names the remedy.

`VARIABLES` is the source of the table in the README: a test holds the two together. An empty
value means the default, so a commented-out line in an environment file does what it looks like.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LANGUAGES = ("it", "en")
SMTP_SCHEMES = ("smtp", "smtp+starttls", "smtps")
ELSEWHERE = frozenset({"OFFICESMART_EXTRA", "OFFICESMART_LOG", "OFFICESMART_PBX"})
"Variables of ours that are no settings of the office and are read where they are used."
LOOPBACK = "127.0.0.1,::1"
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
FEWEST_RTP_PORTS = 20  # five calls: two streams each, two ports a stream


class BadSetting(Exception):
    """A variable has a value that cannot be used; the text names it and says what to write."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One row of the table of settings."""

    name: str
    default: str
    "As a person reads it; what the code does is in Config."
    meaning: str


VARIABLES = (
    Variable("OFFICESMART_DATA", "`./data`", "Folder of the database, messages and greetings"),
    Variable(
        "OFFICESMART_HOST",
        "`127.0.0.1`",
        "Address the portal listens on; `0.0.0.0` opens it to the LAN",
    ),
    Variable("OFFICESMART_PORT", "`8080`", "TCP port of the portal"),
    Variable(
        "OFFICESMART_TLS_CERT",
        "unset: http",
        "PEM file with the portal's certificate and its chain; the portal speaks https",
    ),
    Variable(
        "OFFICESMART_TLS_KEY",
        "the certificate's file",
        "PEM file with the certificate's private key, without a passphrase",
    ),
    Variable(
        "OFFICESMART_PROXY",
        "`127.0.0.1,::1`",
        "Addresses or networks of web servers before the portal, whose `X-Forwarded-For` and "
        "`X-Forwarded-Proto` are believed; `none` for nobody's",
    ),
    Variable("OFFICESMART_SIP_HOST", "all addresses", "IP address that phones reach us on"),
    Variable("OFFICESMART_SIP_PORT", "`5060`", "SIP port, UDP and TCP"),
    Variable(
        "OFFICESMART_ADVERTISE",
        "found from the route to each",
        "Address that phones and providers are told, when ours is behind a router; a public one is "
        "told only to who is outside the LAN",
    ),
    Variable("OFFICESMART_RTP_PORTS", "`20000-29999`", "UDP ports for audio, first-last"),
    Variable(
        "OFFICESMART_DATABASE_URL",
        "SQLite in the data folder",
        "Another database, such as `postgresql+psycopg://user:password@host/office`",
    ),
    Variable(
        "OFFICESMART_MEDIA_WORKERS", "cores less one, at least 1", "Processes that carry audio"
    ),
    Variable(
        "OFFICESMART_SMTP_URL",
        "unset: mail stays in the outbox",
        "`smtp://`, `smtp+starttls://` or `smtps://` `user:password@host:port`; "
        "`?from=` our address, `&ca=` a CA file",
    ),
    Variable("OFFICESMART_LANGUAGE", "`it`", "Language of texts and voice prompts, `it` or `en`"),
    Variable("OFFICESMART_TIMEZONE", "`Europe/Rome`", "Time zone of the office"),
    Variable(
        "OFFICESMART_SOUNDS",
        "the prompts that come with Office Smart",
        "Folder with other voices, same file names",
    ),
)


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one process."""

    data: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = 8080
    tls_cert: Path | None = None
    "PEM: the portal's certificate and its chain; None: http."
    tls_key: Path | None = None
    "PEM: its key; None: in the certificate's file."
    proxy: tuple[Network, ...] = ()
    "Web servers before the portal, whose word on where a browser is counts."
    sip_host: str = ""
    "Empty means all addresses."
    sip_port: int = 5060
    advertise: str = ""
    "Empty means: found from the route to each far end."
    rtp_ports: tuple[int, int] = (20000, 29999)
    database_url: str = field(default="", repr=False)
    "Empty means SQLite in the data folder. May hold a password: never shown."
    media_workers: int = 1
    smtp_url: str = field(default="", repr=False)
    "Empty: mail stays in the outbox. May hold a password: never shown."
    language: str = "it"
    timezone: str = "Europe/Rome"
    sounds: Path | None = None
    "OFFICESMART_SOUNDS: a folder with better voices, same file names."

    @property
    def scheme(self) -> str:
        """What the portal itself speaks."""
        return "https" if self.tls_cert is not None else "http"

    @property
    def url(self) -> str:
        """The database's address."""
        return self.database_url or f"sqlite:///{self.data / 'officesmart.db'}"


def read(environ: Mapping[str, str]) -> Config:
    """The settings that the environment gives. Raises BadSetting."""

    def given(name: str) -> str:
        return environ.get(f"OFFICESMART_{name}", "").strip()

    # Absolute at once: workers and the web server may run in another folder.
    data = Path(given("DATA") or "data").expanduser().absolute()
    if data.exists() and not data.is_dir():
        raise BadSetting(f"OFFICESMART_DATA is {data}, which is a file: name a folder")
    low, high = _port_range("OFFICESMART_RTP_PORTS", given("RTP_PORTS") or "20000-29999")
    sip_port = _port("OFFICESMART_SIP_PORT", given("SIP_PORT") or "5060")
    if low <= sip_port <= high:
        raise BadSetting(
            f"OFFICESMART_RTP_PORTS {low}-{high} takes in the SIP port {sip_port}: "
            "choose ports apart, such as 20000-29999"
        )
    port = _port("OFFICESMART_PORT", given("PORT") or "8080")
    if port == sip_port:  # both listen on TCP
        raise BadSetting(
            f"OFFICESMART_PORT is {port}, the SIP port too: choose another, such as 8080"
        )
    cert = _file("OFFICESMART_TLS_CERT", given("TLS_CERT"))
    if given("TLS_KEY") and cert is None:
        raise BadSetting(
            "OFFICESMART_TLS_KEY is set and OFFICESMART_TLS_CERT is not: name the certificate too"
        )
    return Config(
        data=data,
        host=_host("OFFICESMART_HOST", given("HOST")) or "127.0.0.1",
        port=port,
        tls_cert=cert,
        tls_key=_file("OFFICESMART_TLS_KEY", given("TLS_KEY")),
        proxy=_networks("OFFICESMART_PROXY", given("PROXY") or LOOPBACK),
        sip_host=_address("OFFICESMART_SIP_HOST", given("SIP_HOST")),
        sip_port=sip_port,
        advertise=_advertised("OFFICESMART_ADVERTISE", given("ADVERTISE")),
        rtp_ports=(low, high),
        database_url=_database("OFFICESMART_DATABASE_URL", given("DATABASE_URL")),
        media_workers=_count("OFFICESMART_MEDIA_WORKERS", given("MEDIA_WORKERS"), most=64)
        or max(1, cores() - 1),
        smtp_url=_smtp("OFFICESMART_SMTP_URL", given("SMTP_URL")),
        language=_one_of("OFFICESMART_LANGUAGE", given("LANGUAGE") or "it", LANGUAGES),
        timezone=_zone("OFFICESMART_TIMEZONE", given("TIMEZONE") or "Europe/Rome"),
        sounds=_folder("OFFICESMART_SOUNDS", given("SOUNDS")),
    )


def cores() -> int:
    """How many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def unknown(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Variables that look like ours and are not: most likely misspelt."""
    known = {variable.name for variable in VARIABLES} | ELSEWHERE
    return tuple(
        sorted(name for name in environ if name.startswith("OFFICESMART_") and name not in known)
    )


def doc_table() -> str:
    """The settings as the README shows them (Markdown)."""
    rows = (f"| `{each.name}` | {each.default} | {each.meaning} |" for each in VARIABLES)
    return "\n".join(("| variable | default | meaning |", "| --- | --- | --- |", *rows))


def _number(name: str, text: str, *, least: int, most: int, such_as: int) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise BadSetting(
            f"{name} is {text!r}: write a whole number from {least} to {most}, such as {such_as}"
        )
    return int(text)


def _port(name: str, text: str) -> int:
    return _number(name, text, least=1, most=65535, such_as=5060 if "SIP" in name else 8080)


def _count(name: str, text: str, *, most: int) -> int:
    return _number(name, text, least=1, most=most, such_as=1) if text else 0


def _port_range(name: str, text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{1,5})\s*-\s*([0-9]{1,5})", text)
    low, high = (int(found[1]), int(found[2])) if found else (0, 0)
    if not (1024 <= low and low + FEWEST_RTP_PORTS - 1 <= high <= 65535):
        raise BadSetting(
            f"{name} is {text!r}: write first-last, at least {FEWEST_RTP_PORTS} ports "
            "between 1024 and 65535, such as 20000-29999"
        )
    return low, high


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _host(name: str, text: str) -> str:
    label = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    is_name = re.fullmatch(rf"{label}(\.{label})*\.?", text) and not re.fullmatch(r"[\d.]+", text)
    if text and not _is_address(text) and not is_name:
        raise BadSetting(
            f"{name} is {text!r}: write an IP address or a host name without port, such as 0.0.0.0"
        )
    return text


def _address(name: str, text: str) -> str:
    if text and not _is_address(text):
        raise BadSetting(
            f"{name} is {text!r}: write an IP address of this machine, such as 192.168.1.10, "
            "or leave it out for all addresses"
        )
    return text


def _advertised(name: str, text: str) -> str:
    if _is_address(text) and ipaddress.ip_address(text).is_unspecified:
        raise BadSetting(
            f"{name} is {text!r}, which no phone can reach: write the address that phones see, "
            "such as 203.0.113.7"
        )
    return _host(name, text)


def _database(name: str, text: str) -> str:
    # The value is not repeated in the error: it may hold a password.
    if text and not re.match(r"[a-z][a-z0-9]*(\+[a-z0-9_]+)?://", text):
        raise BadSetting(
            f"{name} is no database address: write dialect://..., such as "
            "sqlite:////srv/office/office.db or postgresql+psycopg://user:password@host/office"
        )
    if re.match(r"sqlite(\+\w+)?://(/?$|/:memory:)", text):
        raise BadSetting(
            f"{name} names a database in memory, lost at every stop: name a file, such as "
            "sqlite:////srv/office/office.db"
        )
    return text


def _smtp(name: str, text: str) -> str:
    remedy = "write smtp://, smtp+starttls:// or smtps:// and user:password@host:port"
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise BadSetting(f"{name} has no usable port or host: {remedy}") from None
    if parts.scheme not in SMTP_SCHEMES:
        raise BadSetting(f"{name} begins with {parts.scheme + '://'!r}: {remedy}")
    if not parts.hostname or port == 0 or parts.path not in ("", "/"):
        raise BadSetting(f"{name} names no mail server: {remedy}")
    return text


def _one_of(name: str, text: str, choices: tuple[str, ...]) -> str:
    if text not in choices:
        raise BadSetting(f"{name} is {text!r}: write {' or '.join(choices)}")
    return text


def _zone(name: str, text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadSetting(
            f"{name} is {text!r}: write a zone as Area/City, such as Europe/Rome"
        ) from None
    return text


def _folder(name: str, text: str) -> Path | None:
    if not text:
        return None
    path = Path(text).expanduser().absolute()
    if not path.is_dir():
        raise BadSetting(f"{name} is {text!r}, which is no folder: name one, or leave it out")
    return path


def _file(name: str, text: str) -> Path | None:
    if not text:
        return None
    path = Path(text).expanduser().absolute()
    if not path.is_file():
        raise BadSetting(f"{name} is {text!r}, which is no file: name one, or leave it out")
    return path


def _networks(name: str, text: str) -> tuple[Network, ...]:
    if text.lower() == "none":
        return ()
    try:
        return tuple(ipaddress.ip_network(part, strict=False) for part in _parts(text))
    except ValueError:
        raise BadSetting(
            f"{name} is {text!r}: write addresses or networks with commas between, such as "
            "127.0.0.1,10.0.0.0/8, or none"
        ) from None


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[\s,]+", text) if part]
