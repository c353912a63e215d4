"""SIP messages: read generously and lazily, written strictly (RFC 3261 s.7, s.25).

INTERFACE TO BUILD: signatures are relied on by transaction, dialog, agent, peers and calls.
"""

from __future__ import annotations

from collections.abc import Iterable


class BadMessage(Exception):
    """A message that cannot be used. `status` is what to answer with (0: drop it silently)."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status} {reason}")
        self.status = status
        self.reason = reason


class Message:
    """A request or a response. Headers keep their order; names compare without case and by their
    compact forms (RFC 3261 s.7.3.3). Typed accessors parse once and keep the value."""

    body: bytes

    def get(self, name: str, default: str = "") -> str:
        """First value of a header, unfolded, as text."""
        raise NotImplementedError

    def get_all(self, name: str) -> list[str]:
        """Every value; comma-separated lists are split where the grammar allows lists."""
        raise NotImplementedError

    def set(self, name: str, value: str) -> None:
        """Replace all of this header by one value."""
        raise NotImplementedError

    def add(self, name: str, value: str) -> None:
        """Append a header line."""
        raise NotImplementedError

    def remove(self, name: str) -> None:
        """Take every line of this header out."""
        raise NotImplementedError

    def __bytes__(self) -> bytes:
        """The message on the wire, Content-Length right, header values free of CR and LF."""
        raise NotImplementedError

    # typed: call_id, cseq (number, method), from_ / to (headers.NameAddr), via (top, headers.Via),
    # contact (headers.NameAddr | None), expires (int | None), max_forwards (int | None)


class Request(Message):
    """A request."""

    method: str
    uri: str

    def __init__(
        self, method: str, uri: str, headers: Iterable[tuple[str, str]] = (), body: bytes = b""
    ) -> None:
        raise NotImplementedError


class Response(Message):
    """A response."""

    status: int
    reason: str

    def __init__(
        self,
        status: int,
        reason: str = "",
        headers: Iterable[tuple[str, str]] = (),
        body: bytes = b"",
    ) -> None:
        raise NotImplementedError


def parse(data: bytes) -> Request | Response:
    """Read one datagram or one framed stream message. Raises BadMessage."""
    raise NotImplementedError


def reply_to(request: Request, status: int, reason: str = "", *, tag: str = "") -> Response:
    """A response with Via, From, To (tag added when it has none), Call-ID, CSeq copied
    (RFC 3261 s.8.2.6), Record-Route for responses that create dialogs."""
    raise NotImplementedError
