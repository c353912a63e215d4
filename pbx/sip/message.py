"""SIP messages: read generously and lazily, written strictly (RFC 3261 s.7, s.25).

A message keeps its headers by name; a value is taken apart when it is first asked for, and kept.
What `parse` lets through has a Via, From, To, Call-ID and CSeq that can be read, so the accessors
of those never fail on a message that came from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pbx.sip.fields import Fields
from pbx.sip.grammar import clean, is_token, number, split_list
from pbx.sip.headers import NameAddr, Via
from pbx.sip.names import NAMES, SINGLE, unusual_name
from pbx.sip.names import phrase as phrase

MAX_SIZE = 65535
"Bytes; a longer message is refused with 513."
MAX_HEADERS = 200
"Header lines; more are refused with 513."

_METHODS = frozenset({
    "INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "REGISTER", "SUBSCRIBE", "NOTIFY", "REFER", "INFO",
    "UPDATE", "PRACK", "MESSAGE", "PUBLISH",
})  # fmt: skip
_DIALOG_MAKERS = frozenset({"INVITE", "SUBSCRIBE", "REFER", "NOTIFY"})

_BAD_URI = re.compile(r'[\x00-\x20\x7f<>"]')
_STATUS_LINE = re.compile(r"SIP/([0-9]+\.[0-9]+) +([0-9]{3})(?: (.*))?", re.IGNORECASE)
_VERSION = re.compile(r"SIP/[0-9]+\.[0-9]+", re.IGNORECASE)
_END = re.compile(rb"\r?\n\r?\n")


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
            if method not in _METHODS and not is_token(method):
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


def parse(data: bytes) -> Request | Response:
    """Read one datagram or one framed stream message. Raises BadMessage.

    Status 0 means drop: keep-alives, bad responses, a bad ACK, and what is no SIP at all. Bytes
    after Content-Length are cut off; without one, the body is all that follows (RFC 3261 s.18.3).
    """
    if data[:1] in b"\r\n":
        data = data.lstrip(b"\r\n")  # RFC 3261 s.7.5
        if not data:
            raise BadMessage(0, "keep-alive")
    lines, body = _split(data[:MAX_SIZE])
    message, trouble = _read_start(lines[0])
    try:
        _read_fields(message, lines, body, trouble)
        if len(data) > MAX_SIZE:
            raise BadMessage(513, "message too large")
        _check(message)
    except BadMessage as error:
        if isinstance(message, Response) or message.method == "ACK":
            error.status = 0
        else:
            error.request = message
        raise
    return message


def _split(data: bytes) -> tuple[list[str], bytes]:
    """Start line and header lines, and what follows the empty line."""
    end = data.find(b"\r\n\r\n")
    head, body = (data, b"") if end < 0 else (data[:end], data[end + 4 :])
    lines = _text(head).split("\r\n")
    ends = len(lines) - 1
    if head.count(b"\n") != ends or head.count(b"\r") != ends:
        # Bare LF, so the empty line may be another; or bare CR, which inside a line is a space.
        blank = _END.search(data)
        head, body = (data[: blank.start()], data[blank.end() :]) if blank else (data, b"")
        lines = _text(head).replace("\r\n", "\n").replace("\r", " ").split("\n")
    return lines, body


def _text(head: bytes) -> str:
    try:
        return head.decode()
    except UnicodeDecodeError:
        return head.decode("latin-1")


def _unfold(lines: list[str]) -> list[str]:
    """Lines that begin with a space belong to the one before (RFC 3261 s.7.3.1)."""
    whole: list[list[str]] = []
    for line in lines:
        if not whole or line[:1] not in (" ", "\t"):
            whole.append([line.strip()])
        else:
            whole[-1].append(line.strip())
    return [" ".join(parts) for parts in whole]


def _read_start(line: str) -> tuple[Request | Response, BadMessage | None]:
    """The message with its start line read, and what was wrong with that, if anything.

    Raises BadMessage when it is neither a request nor a response.
    """
    if line[:4].upper() == "SIP/":
        found = _STATUS_LINE.fullmatch(line)
        if found is None:
            raise BadMessage(0, "status line cannot be read")
        version, status, reason = found.groups()
        if version != "2.0" or not "100" <= status <= "699":
            raise BadMessage(0, "status or version not known")
        response = Response.__new__(Response)
        response.status = int(status)
        response.reason = reason or ""
        return response, None
    method, _, rest = line.partition(" ")
    uri, _, version = rest.rstrip().rpartition(" ")
    if version != "SIP/2.0" and not _VERSION.fullmatch(version):
        raise BadMessage(0, "not SIP")
    request = Request.__new__(Request)
    request.method = method
    request.uri = uri
    if method not in _METHODS and not is_token(method):
        request.method = "UNKNOWN"
        return request, BadMessage(400, "method is not a token")
    if version.upper() != "SIP/2.0":
        return request, BadMessage(505, "Version Not Supported")
    if line[-1] == " " or not uri or _BAD_URI.search(uri):
        return request, BadMessage(400, "Request-URI cannot be read")
    if "?" in uri and uri.rpartition("?")[0].count("@"):
        return request, BadMessage(400, "headers in the Request-URI")  # RFC 4475 s.3.1.2.10
    return request, None


def _read_fields(
    message: Message, lines: list[str], body: bytes, trouble: BadMessage | None
) -> None:
    """Fill in headers and body. Reads all it can, then raises the first thing that was wrong."""
    fields: dict[str, list[str]] = {}
    message._fields = fields
    message._typed = {}
    message.body = body
    names = NAMES
    del lines[0]
    if len(lines) > MAX_HEADERS:
        del lines[MAX_HEADERS:]
        trouble = trouble or BadMessage(513, "too many headers")
    for line in lines:
        name, colon, value = line.partition(":")
        key = names.get(name)
        if key is None or not colon:
            if not line:
                continue  # the end of a head that came without its empty line
            if line[0] in " \t":
                return _read_fields(message, ["", *_unfold(lines)], body, trouble)
            try:
                key = unusual_name(name) if colon else ""
            except ValueError:
                key = ""
            if not key:
                trouble = trouble or BadMessage(400, "header without a name")
                continue
        value = value.strip()
        known = fields.get(key)
        if known is None:
            fields[key] = [value]
        elif key not in SINGLE:
            known.append(value)
        elif known[0] != value:
            trouble = trouble or BadMessage(400, f"two values of {key}")

    length = fields.pop("Content-Length", None)
    if length is not None:
        try:
            promised = number(length[0])
        except ValueError:
            trouble = trouble or BadMessage(400, "Content-Length cannot be read")
            promised = 0
        if promised < len(body):
            message.body = body[:promised]
        elif promised > len(body):
            trouble = trouble or BadMessage(400, "body shorter than Content-Length")
    if trouble is not None:
        raise trouble


def _check(message: Request | Response) -> None:
    """What every message must have, read and kept (RFC 3261 s.8.1.1). Raises BadMessage."""
    if not message.call_id:
        raise BadMessage(400, "no Call-ID")
    method = message.cseq[1]
    message.via, message.from_, message.to  # noqa: B018  (reading them is the check)
    if isinstance(message, Request):
        if method != message.method:
            raise BadMessage(400, "CSeq names another method")
        if "Max-Forwards" in message._fields:
            message.max_forwards  # noqa: B018


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
