"""Typed values of the headers we work with, each frozen, each read from text and written as text.

Raises ValueError for what cannot be read; who answers a stranger turns that into a 400.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pbx.sip import uri as uris
from pbx.sip.grammar import (
    QUOTED,
    parse_params,
    quote,
    unquote,
    write_params,
)
from pbx.sip.uri import Uri

_VIA = re.compile(
    r"SIP\s*/\s*2\.0\s*/\s*([A-Za-z0-9\-.!%*_+`'~]+)\s+"
    r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_][A-Za-z0-9._\-]*)\s*(?::\s*([0-9]{1,5}))?\s*(;.*)?",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class NameAddr:
    """A name and address with parameters: From, To, Contact, Route, Refer-To (RFC 3261 s.20.10)."""

    uri: str
    "As it was written; `parsed()` takes it apart."
    display: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    "Those outside the brackets; names in lower case; a flag's value is ''."

    @property
    def tag(self) -> str:
        """The tag parameter, or ''."""
        return self.params.get("tag", "")

    def parsed(self) -> Uri:
        """The URI taken apart. Raises ValueError when it is not SIP, SIPS or tel."""
        return uris.parse(self.uri)

    @property
    def user(self) -> str:
        """The URI's user part, unescaped; '' when it has none or cannot be read."""
        try:
            return uris.parse(self.uri).user
        except ValueError:
            return ""

    def with_tag(self, tag: str) -> NameAddr:
        """The same with this tag."""
        return replace(self, params={**self.params, "tag": tag})

    def without_params(self) -> NameAddr:
        """The same without its parameters."""
        return replace(self, params={})

    def __str__(self) -> str:
        name = self.display
        if name:
            name = f"{quote(name)} "
        return f"{name}<{self.uri}>{write_params(self.params)}"

    @classmethod
    def parse(cls, text: str) -> NameAddr:
        """Read one name-addr or addr-spec.

        Generous: a display name with commas or accents but no quotes is taken as it stands. Strict:
        an unclosed quote or bracket, or an empty URI.
        """
        if text[:1] == '"':
            quoted = QUOTED.match(text)
            if quoted is None:
                raise ValueError("a quote is not closed")
            display = unquote(quoted.group())
            left = quoted.end()
            while text[left : left + 1] in (" ", "\t"):
                left += 1
            if text[left : left + 1] != "<":
                raise ValueError("no address after the name")
        else:
            left = text.find("<")
            if left < 0:
                address, semicolon, tail = text.partition(";")
                address = address.strip()
                if not address or " " in address or '"' in address or ":" not in address:
                    raise ValueError("no address")
                return cls(address, "", parse_params(semicolon + tail) if tail else {})
            display = text[:left].strip()
            if '"' in display:
                raise ValueError("a quote is not closed")
        right = text.find(">", left)
        if right < 0:
            raise ValueError("a bracket is not closed")
        address = text[left + 1 : right].strip()
        if not address or ":" not in address:
            raise ValueError("no address")
        tail = text[right + 1 :]
        return cls(address, display, parse_params(tail) if tail else {})


@dataclass(frozen=True, slots=True)
class Via:
    """One hop (RFC 3261 s.20.42, RFC 3581)."""

    transport: str
    "'UDP', 'TCP', 'TLS', 'WS'... in capitals."
    host: str
    "The sent-by; IPv6 in brackets."
    port: int | None = None
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def branch(self) -> str:
        """The transaction's name, or ''."""
        return self.params.get("branch", "")

    @property
    def received(self) -> str:
        """Where it really came from, or ''."""
        return self.params.get("received", "")

    @property
    def rport(self) -> int | None:
        """The port it really came from, once it is known."""
        value = self.params.get("rport", "")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else None

    def stamped(self, host: str, port: int) -> Via:
        """The same with the address it came from (RFC 3261 s.18.2.1, RFC 3581 s.4)."""
        params = dict(self.params)
        if "rport" in params:
            params["rport"] = str(port)
            params["received"] = host
        elif host != self.host.strip("[]"):
            params["received"] = host
        else:
            params.pop("received", None)
        return replace(self, params=params)

    def __str__(self) -> str:
        port = "" if self.port is None else f":{self.port}"
        return f"SIP/2.0/{self.transport} {self.host}{port}{write_params(self.params)}"

    @classmethod
    def parse(cls, text: str) -> Via:
        """Read one hop; spaces around the slashes are allowed, as the grammar says."""
        found = _VIA.fullmatch(text)
        if found is None:
            raise ValueError("Via cannot be read")
        transport, host, port, tail = found.groups()
        port_number = None
        if port:
            port_number = int(port)
            if port_number > 65535:
                raise ValueError("not a port")
        return cls(transport.upper(), host, port_number, parse_params(tail) if tail else {})
