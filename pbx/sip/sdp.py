"""Session descriptions as text (RFC 8866): lines taken apart, nothing decided.

What the lines mean for a call (which stream, which coding) is `offer.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import ip_address

MAX_SIZE = 32768
"Bytes; no phone needs more for its codecs, candidates and keys."
MAX_MEDIA = 16
"m= lines; more are refused, for each must be answered."
MAX_ATTRIBUTES = 512
"a= lines looked at; those after them are as if absent."

DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")

_HOST_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.\-]{0,252})")
_TOKENS = re.compile(r"[!-~]+")


@dataclass(slots=True)
class Media:
    """One m= line with the lines that follow it."""

    kind: str
    "'audio', 'video', 'image'... in lower case."
    port: int
    protocol: str
    "'RTP/AVP', in capitals; 'udptl' and others as they came."
    formats: tuple[str, ...]
    line: str
    "The m= line, whole."
    host: str = ""
    "From its own c= line; '' when the session's counts."
    attributes: list[tuple[str, str]] = field(default_factory=list)
    "(name, value); a flag's value is ''."

    def attribute(self, name: str) -> str:
        """The first value of an attribute, or ''."""
        return next((value for key, value in self.attributes if key == name), "")


@dataclass(slots=True)
class Session:
    """A whole description."""

    host: str = ""
    attributes: list[tuple[str, str]] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)


def parse(data: bytes) -> Session:
    """Read a description; lines we do not know are passed over.

    Raises ValueError when it is too large, does not begin with v=, or has a c= or m= line that
    cannot be read.
    """
    if len(data) > MAX_SIZE:
        raise ValueError("description too large")
    session = Session()
    current: Session | Media = session
    attributes = 0
    begun = False
    for line in data.decode("utf-8", "replace").split("\n"):
        line = line.strip()
        kind = line[:2]
        if kind == "a=":
            attributes += 1
            if attributes <= MAX_ATTRIBUTES:
                name, _, value = line[2:].partition(":")
                current.attributes.append((name.strip().lower(), value.strip()))
        elif kind == "m=":
            if len(session.media) == MAX_MEDIA:
                raise ValueError("too many m= lines")
            current = parse_media(line)
            session.media.append(current)
        elif kind == "c=":
            if not current.host:
                current.host = parse_connection(line[2:])
        elif kind == "v=":
            begun = True
        if not begun and line:
            raise ValueError("does not begin with v=")
    if not begun:
        raise ValueError("empty description")
    return session


def parse_media(line: str) -> Media:
    """Read one m= line (RFC 8866 s.5.14).

    A stream that is off may lack its formats, as some phones refuse one. Raises ValueError.
    """
    parts = line[2:].split()
    if len(parts) < 3 or not all(_TOKENS.fullmatch(part) for part in parts):
        raise ValueError("m= line cannot be read")
    digits = parts[1].partition("/")[0]
    if not digits.isascii() or not digits.isdigit() or len(digits) > 5 or int(digits) > 65535:
        raise ValueError("m= line without a port")
    if len(parts) < 4 and int(digits):
        raise ValueError("m= line without formats")
    protocol = parts[2].upper() if parts[2][:3].upper() == "RTP" else parts[2]
    return Media(parts[0].lower(), int(digits), protocol, tuple(parts[3:]), line)


def parse_connection(value: str) -> str:
    """The address of a c= line, without TTL and count. Raises ValueError."""
    parts = value.split()
    if len(parts) != 3 or parts[0].upper() != "IN":
        raise ValueError("c= line cannot be read")
    family = parts[1].upper()
    host = parts[2].partition("/")[0]
    try:
        address = ip_address(host)
    except ValueError:
        if family == "IP6" or not _HOST_NAME.fullmatch(host):
            raise ValueError("c= line without an address") from None
        return host
    return str(address)


def connection(host: str) -> str:
    """`IN IP4 192.0.2.1` or `IN IP6 2001:db8::1`, for c= and o= lines."""
    return f"IN {'IP6' if ':' in host else 'IP4'} {host}"


def write(host: str, session_id: int, version: int, streams: Iterable[Iterable[str]]) -> bytes:
    """A description with one address for all of its streams, each a list of lines (m= first)."""
    where = connection(host)
    lines = ["v=0", f"o=- {session_id} {version} {where}", "s=-", f"c={where}", "t=0 0"]
    for stream in streams:
        lines += stream
    lines.append("")
    return "\r\n".join(lines).encode()
