"""SIP, SIPS and tel URIs (RFC 3261 s.19.1, RFC 3966): read, write, compare.

The user part is kept unescaped: `sip:%2A86@host` and `sip:*86@host` both say `*86`, and `#` is
written `%23`. Nothing here raises more than ValueError.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from ipaddress import IPv6Address
from urllib.parse import unquote

from pbx.sip.grammar import MAX_PARAMS

# RFC 3261 s.25.1: unreserved and user-unreserved, then param-unreserved, then hnv-unreserved.
_UNRESERVED = "A-Za-z0-9\\-_.!~*'()"
_USER_UNSAFE = re.compile(f"[^{_UNRESERVED}&=+$,;?/]".encode())
_PASSWORD_UNSAFE = re.compile(f"[^{_UNRESERVED}&=+$,]".encode())
_PARAM_UNSAFE = re.compile(f"[^{_UNRESERVED}\\[\\]/:&+$]".encode())
_HEADER_UNSAFE = re.compile(f"[^{_UNRESERVED}\\[\\]/?:+$]".encode())

_BAD_CHARACTER = re.compile(r'[\x00-\x20\x7f<>"]')
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._\-]*)")
_TEL = re.compile(r"\+?[0-9A-Fa-f*#().\-]+")
_SEPARATORS = str.maketrans("", "", "-.()")

MAX_LENGTH = 4096
"Characters; a longer URI is refused."

# Parameters that must be in both or in neither for two URIs to be equal (RFC 3261 s.19.1.4).
_COMPARED_WHEN_ABSENT = ("user", "ttl", "method", "maddr", "transport")


@dataclass(frozen=True, slots=True)
class Uri:
    """One URI; text parts are unescaped."""

    scheme: str
    "'sip', 'sips' or 'tel'."
    user: str = ""
    "Who: '201', '*86'; for tel the number with its separators."
    host: str = ""
    "Name or address; IPv6 in brackets; '' for tel."
    port: int | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    "Names in lower case; a flag's value is ''."
    headers: tuple[tuple[str, str], ...] = ()
    "What follows `?`: for instance ('Replaces', 'id;to-tag=1;from-tag=2')."
    password: str = ""

    def header(self, name: str) -> str:
        """The first of the embedded headers with this name, or ''."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    @property
    def address(self) -> str:
        """The host as sockets want it: IPv6 without brackets."""
        return self.host.strip("[]")

    def target(self) -> Uri:
        """As a Request-URI: what RFC 3261 s.19.1.1 does not allow there is left out."""
        params = {name: value for name, value in self.params.items() if name != "method"}
        return replace(self, params=params, headers=())

    def bare(self) -> Uri:
        """The same resource without parameters, headers and password."""
        return replace(self, params={}, headers=(), password="")

    def __str__(self) -> str:
        if self.scheme == "tel":
            return f"tel:{self.user}{self._params()}"
        text = f"{self.scheme}:"
        if self.user:
            text += _escape(self.user, _USER_UNSAFE)
            if self.password:
                text += ":" + _escape(self.password, _PASSWORD_UNSAFE)
            text += "@"
        text += self.host
        if self.port is not None:
            text += f":{self.port}"
        text += self._params()
        if self.headers:
            text += "?" + "&".join(
                f"{_escape(name, _HEADER_UNSAFE)}={_escape(value, _HEADER_UNSAFE)}"
                for name, value in self.headers
            )
        return text

    def _params(self) -> str:
        return "".join(
            f";{_escape(name, _PARAM_UNSAFE)}={_escape(value, _PARAM_UNSAFE)}"
            if value
            else f";{_escape(name, _PARAM_UNSAFE)}"
            for name, value in self.params.items()
        )


def _escape(text: str, unsafe: re.Pattern[bytes]) -> str:
    raw = text.encode("utf-8", "replace")
    return unsafe.sub(lambda found: b"%%%02X" % ord(found.group()), raw).decode("ascii")


def _unescape(text: str) -> str:
    return unquote(text, errors="replace") if "%" in text else text


def escape_user(user: str) -> str:
    """A user part as it is written in a URI: `#31#` becomes `%2331%23`."""
    return _escape(user, _USER_UNSAFE)


def sip(user: str, host: str, port: int | None = None, **params: str) -> str:
    """The text of a SIP URI; an IPv6 host gets its brackets."""
    if ":" in host and not host.startswith("["):
        host = f"[{host}]"
    return str(Uri("sip", user, host, port, params))


@lru_cache(maxsize=1024)
def parse(text: str) -> Uri:
    """Read a URI, generously: `sip:201@pbx1` and `sip:#31#@pbx` are read as they are meant.

    Raises ValueError for other schemes, for spaces or angle brackets inside, and for what has no
    host. The same few addresses come again and again in an office, so the last 1024 are kept.
    """
    if len(text) > MAX_LENGTH:
        raise ValueError("URI too long")
    if _BAD_CHARACTER.search(text):
        raise ValueError("URI contains a space, a bracket or a control character")
    scheme, colon, rest = text.partition(":")
    scheme = scheme.lower()
    if not colon:
        raise ValueError("not a URI")
    if scheme == "tel":
        return _parse_tel(rest)
    if scheme not in ("sip", "sips"):
        raise ValueError(f"scheme not known: {scheme[:20]}")

    # The userinfo may hold `;` and `?` (RFC 3261 s.19.1.2), so the @ is looked for first; headers
    # may hold an unescaped @ in what careless phones write, so the first @ counts.
    userinfo, at, hostport = rest.partition("@")
    if not at:
        userinfo, hostport = "", rest
    elif not userinfo:
        raise ValueError("empty user part")
    user, _, password = userinfo.partition(":")

    hostport, _, header_text = hostport.partition("?")
    hostport, _, param_text = hostport.partition(";")
    host, port = parse_host(hostport)
    return Uri(
        scheme,
        _unescape(user),
        host,
        port,
        _parse_params(param_text) if param_text else {},
        _parse_headers(header_text) if header_text else (),
        _unescape(password),
    )


def _parse_tel(rest: str) -> Uri:
    subscriber, _, param_text = rest.partition(";")
    if not _TEL.fullmatch(subscriber):
        raise ValueError("not a telephone number")
    return Uri("tel", subscriber, params=_parse_params(param_text) if param_text else {})


def parse_host(text: str) -> tuple[str, int | None]:
    """Read `host` or `host:port`. IPv6 keeps its brackets. Raises ValueError."""
    if text.startswith("["):
        host, bracket, tail = text.partition("]")
        if not bracket:
            raise ValueError("IPv6 bracket not closed")
        IPv6Address(host[1:])
        host += "]"
        if tail and tail[0] != ":":
            raise ValueError("text after the IPv6 address")
        port_text = tail[1:] if tail else None
    else:
        host, colon, tail = text.partition(":")
        if not _HOST.fullmatch(host):
            raise ValueError(f"not a host: {host[:40]!r}")
        port_text = tail if colon else None
    if not port_text:
        return host, None
    if not port_text.isascii() or not port_text.isdigit() or len(port_text) > 5:
        raise ValueError("not a port")
    port = int(port_text)
    if port > 65535:
        raise ValueError("not a port")
    return host, port


def _parse_params(text: str) -> dict[str, str]:
    parts = text.split(";")
    if len(parts) > MAX_PARAMS:
        raise ValueError("too many parameters")
    params: dict[str, str] = {}
    for part in parts:
        name, _, value = part.partition("=")
        if name:
            params.setdefault(_unescape(name).lower(), _unescape(value))
    return params


def _parse_headers(text: str) -> tuple[tuple[str, str], ...]:
    parts = text.split("&")
    if len(parts) > MAX_PARAMS:
        raise ValueError("too many headers")
    pairs = (part.partition("=") for part in parts if part)
    return tuple((_unescape(name), _unescape(value)) for name, _, value in pairs)


def same(one: Uri, other: Uri) -> bool:
    """Do two URIs name the same resource (RFC 3261 s.19.1.4; tel: RFC 3966 s.4)?"""
    if one.scheme != other.scheme:
        return False
    if one.scheme == "tel":
        return one.user.translate(_SEPARATORS).lower() == other.user.translate(
            _SEPARATORS
        ).lower() and _folded(one.params) == _folded(other.params)
    if (one.user, one.password, one.port) != (other.user, other.password, other.port):
        return False
    if _host_key(one.host) != _host_key(other.host):
        return False
    mine, theirs = _folded(one.params), _folded(other.params)
    for name in mine.keys() | theirs.keys():
        if name in mine and name in theirs:
            if mine[name] != theirs[name]:
                return False
        elif name in _COMPARED_WHEN_ABSENT:
            return False
    return sorted((name.lower(), value) for name, value in one.headers) == sorted(
        (name.lower(), value) for name, value in other.headers
    )


def _folded(params: Mapping[str, str]) -> dict[str, str]:
    return {name: value.lower() for name, value in params.items()}


def _host_key(host: str) -> str:
    if host.startswith("["):
        return str(IPv6Address(host[1:-1]))
    return host.lower()
