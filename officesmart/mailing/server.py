"""The mail server we hand letters to, as OFFICESMART_SMTP_URL names it.

`smtp://` (no encryption), `smtp+starttls://` or `smtps://`, then `user:password@host:port`, with
`%40` and the like where a sign would be misread. After it may stand `?from=` (the sender's address)
and `ca=` (a file with the certificates to trust instead of the system's). Nothing switches the
check of certificates off: a password would go to whoever answers.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from officesmart.mailing.envelope import Address, BadAddress, read_address

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
KNOWN = ("ca", "from")
LOCAL = "office-smart"
"The sender's name before the @, where none is given."


class BadServer(ValueError):
    """The setting cannot be used; the text says why, and holds no password."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters go out."""

    scheme: str
    "'smtp', 'smtp+starttls' or 'smtps'."
    host: str
    port: int
    sender: Address
    user: str = ""
    password: str = field(default="", repr=False)
    ca: Path | None = None

    @property
    def open_password(self) -> bool:
        """Whether the password travels where others can read it."""
        return self.scheme == "smtp" and bool(self.user) and not _is_loopback(self.host)

    @property
    def hello(self) -> str:
        """How we name ourselves (RFC 5321 s.4.1.1.1). Asked of nobody: a DNS lookup may hang."""
        name = socket.gethostname()
        if "." in name and name.isascii():
            return name
        return self.sender.domain if "." in self.sender.domain else "[127.0.0.1]"


def read_server(url: str) -> MailServer | None:
    """The server that the setting names; None when there is none. Raises BadServer."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadServer("OFFICESMART_SMTP_URL has no usable host or port") from None
    if parts.scheme not in PORTS or not host:
        raise BadServer("OFFICESMART_SMTP_URL names no mail server")
    more = dict(parse_qsl(parts.query, keep_blank_values=True))
    strange = sorted(set(more) - set(KNOWN))
    if strange:
        raise BadServer(f"OFFICESMART_SMTP_URL: {strange[0]!r} is unknown, only ca= and from= are")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    ca = more.get("ca", "")
    return MailServer(
        scheme=parts.scheme,
        host=host,
        port=port or PORTS[parts.scheme],
        sender=_sender(more.get("from", ""), user, host),
        user=user,
        password=password,
        ca=Path(ca).expanduser().absolute() if ca else None,
    )


def _sender(given: str, user: str, host: str) -> Address:
    """Who writes: the address given, else the user's, else one in the server's domain."""
    if given:
        try:
            return read_address(given)
        except BadAddress:
            raise BadServer("OFFICESMART_SMTP_URL: from= is no e-mail address") from None
    for maybe in (user, f"{LOCAL}@{_domain(host)}"):
        try:
            return read_address(maybe)
        except BadAddress:
            continue
    return Address(LOCAL, "localhost")


def _domain(host: str) -> str:
    """smtp.example.it writes for example.it; an address or a bare name for itself."""
    labels = host.split(".")
    if _is_ip(host) or len(labels) < 3:
        return "localhost" if _is_ip(host) else host
    return ".".join(labels[1:])


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_ip(host) and ipaddress.ip_address(host).is_loopback)


@lru_cache(maxsize=4)
def tls_context(ca: Path | None, changed: float) -> ssl.SSLContext:
    """What we trust. Reads files: for a thread. Raises OSError (ssl.SSLError is one).

    changed: when the file changed, so that a renewed one is read anew.
    """
    return ssl.create_default_context(cafile=str(ca) if ca is not None else None)


def trusted(server: MailServer) -> ssl.SSLContext | None:
    """The server's TLS context; None for `smtp://`. For a thread; raises OSError."""
    if server.scheme == "smtp":
        return None
    return tls_context(server.ca, server.ca.stat().st_mtime if server.ca is not None else 0.0)
