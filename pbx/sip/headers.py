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
    is_token,
    number,
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

# RFC 3261 s.20.10: with a comma or question mark an address must be in brackets.
_NEEDS_BRACKETS = re.compile(r'[ \t",?]')

# Nine addresses of ten: a plain name or none, an address, a tag or none. Only a shortcut.
_USUAL = re.compile(
    r'(?:"([^"\\]*)" ?|([A-Za-z0-9_.\-]+) )?<([^<>:" \t]+:[^<>" \t]*)>'
    r"(?:;tag=([A-Za-z0-9\-.!%*_+`'~]+))?"
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
        usual = _USUAL.fullmatch(text)
        if usual is not None:
            quoted_name, name, address, tag = usual.groups()
            return cls(address, quoted_name or name or "", {"tag": tag} if tag else {})
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
                if not address or ":" not in address or _NEEDS_BRACKETS.search(address):
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


def seconds(text: str) -> int:
    """A time in seconds, as Expires, Min-SE, Min-Expires and Retry-After have it; parameters and a
    comment are passed over. Raises ValueError."""
    return number(text.partition(";")[0].partition("(")[0].strip(), most=2**32 - 1)


@dataclass(frozen=True, slots=True)
class Replaces:
    """The dialog to take the place of (RFC 3891 s.6.1). The tags are those of the reader's side."""

    call_id: str
    to_tag: str
    "The local tag of whoever receives it."
    from_tag: str
    early_only: bool = False

    def __str__(self) -> str:
        early = ";early-only" if self.early_only else ""
        return f"{self.call_id};to-tag={self.to_tag};from-tag={self.from_tag}{early}"

    @classmethod
    def parse(cls, text: str) -> Replaces:
        """Read it; both tags must be there, each once."""
        call_id, semicolon, tail = text.partition(";")
        call_id = call_id.strip()
        params = parse_params(semicolon + tail)
        to_tag, from_tag = params.get("to-tag", ""), params.get("from-tag", "")
        if not call_id or not to_tag or not from_tag:
            raise ValueError("Replaces without a dialog")
        return cls(call_id, to_tag, from_tag, "early-only" in params)


@dataclass(frozen=True, slots=True)
class ReferTo:
    """Where to call instead (RFC 3515 s.2.1), and whom to replace there (RFC 5589 s.7)."""

    target: Uri
    "Without its headers and method, ready to be dialled."
    replaces: Replaces | None = None
    method: str = "INVITE"

    @classmethod
    def parse(cls, text: str) -> ReferTo:
        """Read a Refer-To; a Replaces in its URI that cannot be read is an error."""
        whole = NameAddr.parse(text).parsed()
        inner = whole.header("Replaces")
        params = dict(whole.params)
        method = params.pop("method", "INVITE").upper()
        return cls(
            replace(whole, headers=(), params=params),
            Replaces.parse(inner) if inner else None,
            method,
        )


@dataclass(frozen=True, slots=True)
class Reason:
    """Why (RFC 3326): `SIP;cause=200;text="Call completed elsewhere"`, `Q.850;cause=16`."""

    protocol: str
    cause: int | None = None
    text: str = ""

    def __str__(self) -> str:
        cause = "" if self.cause is None else f";cause={self.cause}"
        text = f";text={quote(self.text)}" if self.text else ""
        return f"{self.protocol}{cause}{text}"

    @classmethod
    def parse(cls, text: str) -> Reason:
        """Read one value."""
        protocol, semicolon, tail = text.partition(";")
        protocol = protocol.strip()
        if not is_token(protocol):
            raise ValueError("Reason without a protocol")
        params = parse_params(semicolon + tail)
        cause = params.get("cause", "")
        return cls(protocol, number(cause, most=999) if cause else None, params.get("text", ""))


@dataclass(frozen=True, slots=True)
class SessionExpires:
    """How long a session lives without a refresh, and who refreshes it (RFC 4028 s.4)."""

    seconds: int
    refresher: str = ""
    "'uac', 'uas', or '' when nobody has said."

    def __str__(self) -> str:
        return f"{self.seconds};refresher={self.refresher}" if self.refresher else f"{self.seconds}"

    @classmethod
    def parse(cls, text: str) -> SessionExpires:
        """Read it; a refresher that is neither is as if absent."""
        _, semicolon, tail = text.partition(";")
        who = parse_params(semicolon + tail).get("refresher", "").lower()
        return cls(seconds(text), who if who in ("uac", "uas") else "")


@dataclass(frozen=True, slots=True)
class RAck:
    """Which reliable provisional a PRACK is for (RFC 3262 s.7.2)."""

    rseq: int
    cseq: int
    method: str

    def __str__(self) -> str:
        return f"{self.rseq} {self.cseq} {self.method}"

    @classmethod
    def parse(cls, text: str) -> RAck:
        """Read it."""
        parts = text.split()
        if len(parts) != 3 or not is_token(parts[2]):
            raise ValueError("RAck cannot be read")
        return cls(number(parts[0], most=2**32 - 1), number(parts[1], most=2**32 - 1), parts[2])


@dataclass(frozen=True, slots=True)
class Event:
    """An event package and the id that tells two subscriptions to it apart (RFC 6665 s.8.2.1)."""

    package: str
    id: str = ""

    def __str__(self) -> str:
        return f"{self.package};id={self.id}" if self.id else self.package

    @classmethod
    def parse(cls, text: str) -> Event:
        """Read it; package names compare without case here, because phones vary."""
        package, semicolon, tail = text.partition(";")
        package = package.strip().lower()
        if not is_token(package):
            raise ValueError("no event package")
        return cls(package, parse_params(semicolon + tail).get("id", "") if tail else "")


@dataclass(frozen=True, slots=True)
class SubscriptionState:
    """How a subscription stands (RFC 6665 s.8.2.3)."""

    state: str
    "'active', 'pending', 'terminated'."
    expires: int | None = None
    reason: str = ""
    retry_after: int | None = None

    def __str__(self) -> str:
        expires = "" if self.expires is None else f";expires={self.expires}"
        reason = f";reason={self.reason}" if self.reason else ""
        after = "" if self.retry_after is None else f";retry-after={self.retry_after}"
        return f"{self.state}{reason}{expires}{after}"

    @classmethod
    def parse(cls, text: str) -> SubscriptionState:
        """Read it."""
        state, semicolon, tail = text.partition(";")
        state = state.strip().lower()
        if not is_token(state):
            raise ValueError("no subscription state")
        params = parse_params(semicolon + tail)
        expires, after = params.get("expires", ""), params.get("retry-after", "")
        return cls(
            state,
            seconds(expires) if expires else None,
            params.get("reason", "").lower(),
            seconds(after) if after else None,
        )
