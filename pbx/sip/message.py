"""SIP messages: their values read lazily, written strictly (RFC 3261 s.7, s.25).

A message keeps its headers by name; a value is taken apart when it is first asked for, and kept.
What `parser.parse` lets through has a Via, From, To, Call-ID and CSeq that can be read, so the
accessors of those never fail on a message that came from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pbx.sip.fields import Fields
from pbx.sip.grammar import clean, is_token, number, split_list
from pbx.sip.headers import NameAddr, Via
from pbx.sip.names import phrase as phrase

METHODS = frozenset({
    "INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "REGISTER", "SUBSCRIBE", "NOTIFY", "REFER", "INFO",
    "UPDATE", "PRACK", "MESSAGE", "PUBLISH",
})  # fmt: skip
_DIALOG_MAKERS = frozenset({"INVITE", "SUBSCRIBE", "REFER", "NOTIFY"})


class BadMessage(Exception):
    """A message that cannot be used. `status` is what to answer with (0: drop it silently)."""

    def __init__(self, status: int, reason: str, request: Request | None = None) -> None:
        super().__init__(f"{status} {reason}")
        self.status = status
        self.reason = reason
        self.request = request
        "What could be read of a request, for `reply_to`; its accessors may raise BadMessage."


class Message(Fields):
    """A request or a response: its headers as text (`Fields`), and those we work with as values."""

    __slots__ = ()

    # --- typed; each raises BadMessage(400) when it cannot be read ------------------------------
    @property
    def call_id(self) -> str:
        """Call-ID (RFC 3261 s.20.8)."""
        lines = self._fields.get("Call-ID")
        if not lines or not lines[0]:
            raise BadMessage(400, "no Call-ID")
        return lines[0]

    @property
    def cseq(self) -> tuple[int, str]:
        """CSeq: number and method (RFC 3261 s.20.16)."""
        value: tuple[int, str] | None = self._typed.get("CSeq")
        if value is None:
            try:
                digits, method = self._need("CSeq").split()
                # Leading zeros are allowed, 2**31 is not (RFC 3261 s.8.1.1.5).
                value = (number(digits.lstrip("0") or "0"), method)
            except ValueError:
                raise BadMessage(400, "CSeq cannot be read") from None
            if method not in METHODS and not is_token(method):
                raise BadMessage(400, "CSeq without a method")
            self._typed["CSeq"] = value
        return value

    @property
    def from_(self) -> NameAddr:
        """From (RFC 3261 s.20.20)."""
        value: NameAddr | None = self._typed.get("From")
        return value if value is not None else self._name_addr("From")

    @property
    def to(self) -> NameAddr:
        """To (RFC 3261 s.20.39)."""
        value: NameAddr | None = self._typed.get("To")
        return value if value is not None else self._name_addr("To")

    @property
    def via(self) -> Via:
        """The topmost Via (RFC 3261 s.20.42). Setting it leaves those below as they are."""
        value: Via | None = self._typed.get("Via")
        if value is None:
            members = split_list(self._need("Via"))
            if not members:
                raise BadMessage(400, "Via is empty")
            try:
                value = Via.parse(members[0])
            except ValueError as error:
                raise BadMessage(400, str(error)) from None
            self._typed["Via"] = value
        return value

    @via.setter
    def via(self, value: Via) -> None:
        below = self.get_all("Via")[1:]
        self._fields["Via"] = [clean(str(value)), *below]
        self._typed["Via"] = value

    def stamp(self, host: str, port: int) -> None:
        """Note in the top Via where the message came from (RFC 3261 s.18.2.1, RFC 3581 s.4)."""
        via = self.via
        stamped = via.stamped(host, port)
        if stamped.params != via.params:
            self.via = stamped

    @property
    def contact(self) -> NameAddr | None:
        """The first Contact; None when there is none, or `*`, or it cannot be read."""
        if "Contact" not in self._fields:
            return None
        if "Contact" not in self._typed:
            try:
                self._typed["Contact"] = NameAddr.parse(self.get("Contact"))
            except ValueError:
                self._typed["Contact"] = None
        value: NameAddr | None = self._typed["Contact"]
        return value

    @property
    def expires(self) -> int | None:
        """Expires in seconds; None when absent or unreadable (RFC 3261 s.20.19: as if absent)."""
        text = self.get("Expires")
        if not text.isascii() or not text.isdigit():
            return None
        return min(int(text[-20:]), 2**32 - 1) if len(text) <= 20 else 2**32 - 1

    @property
    def max_forwards(self) -> int | None:
        """Max-Forwards, 0 to 255; None when absent, as from phones older than RFC 3261."""
        text = self.get("Max-Forwards")
        if not text:
            return None
        try:
            return number(text.lstrip("0") or "0", most=255)
        except ValueError:
            raise BadMessage(400, "Max-Forwards cannot be read") from None

    def _need(self, key: str) -> str:
        lines = self._fields.get(key)
        if not lines:
            raise BadMessage(400, f"no {key}")
        return lines[0]

    def _name_addr(self, key: str) -> NameAddr:
        try:
            value = NameAddr.parse(self._need(key))
        except ValueError as error:
            raise BadMessage(400, f"{key}: {error}") from None
        self._typed[key] = value
        return value

    # --- wire ----------------------------------------------------------------------------------
    def _start_line(self) -> str:
        raise NotImplementedError

    def __bytes__(self) -> bytes:
        """The message on the wire, Content-Length right, header values free of CR and LF."""
        out = [self._start_line()]
        for name, lines in self._fields.items():
            for line in lines:
                out.append(f"{name}: {line}")
        body = self.body
        out.append(f"Content-Length: {len(body)}\r\n\r\n")
        return "\r\n".join(out).encode("utf-8", "replace") + body

    def __repr__(self) -> str:
        return f"<{self._start_line()}>"


class Request(Message):
    """A request."""

    __slots__ = ("method", "uri")

    method: str
    uri: str

    def __init__(
        self, method: str, uri: str, headers: Iterable[tuple[str, str]] = (), body: bytes = b""
    ) -> None:
        self.method = method
        self.uri = uri
        self._fill(headers, body)

    def _start_line(self) -> str:
        uri = self.uri if self.uri.isprintable() else clean(self.uri)
        return f"{self.method} {uri.replace(' ', '%20')} SIP/2.0"


class Response(Message):
    """A response. Without a reason it says the usual words for its status."""

    __slots__ = ("reason", "status")

    status: int
    reason: str

    def __init__(
        self,
        status: int,
        reason: str = "",
        headers: Iterable[tuple[str, str]] = (),
        body: bytes = b"",
    ) -> None:
        self.status = status
        self.reason = reason or phrase(status)
        self._fill(headers, body)

    def _start_line(self) -> str:
        return f"SIP/2.0 {self.status} {clean(self.reason)}"


def reply_to(request: Request, status: int, reason: str = "", *, tag: str = "") -> Response:
    """A response with Via, From, To (tag added when it has none), Call-ID, CSeq copied
    (RFC 3261 s.8.2.6), Record-Route for responses that create dialogs.

    Also answers what `BadMessage.request` could read of a request: what it lacks is left out.
    """
    response = Response.__new__(Response)
    response.status = status
    response.reason = reason or phrase(status)
    response.body = b""
    theirs = request._fields
    ours: dict[str, list[str]] = {}
    for key in ("Via", "From", "To", "Call-ID", "CSeq"):
        lines = theirs.get(key)
        if lines:
            ours[key] = lines[:]
    typed: dict[str, Any] = {}
    for key in ("Via", "From", "CSeq"):
        if key in request._typed:
            typed[key] = request._typed[key]
    if "To" in ours:
        try:
            to = request.to
        except BadMessage:
            pass
        else:
            if tag and not to.tag:
                ours["To"] = [f"{ours['To'][0].rstrip('; ')};tag={tag}"]
            else:
                typed["To"] = to
    if status == 100:
        if "Timestamp" in theirs:
            ours["Timestamp"] = theirs["Timestamp"][:]
    elif status < 300 and request.method in _DIALOG_MAKERS and "Record-Route" in theirs:
        ours["Record-Route"] = theirs["Record-Route"][:]
    response._fields = ours
    response._typed = typed
    return response
