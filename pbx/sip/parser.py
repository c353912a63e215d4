"""From the bytes of a datagram, or of a framed stream message, to a `Message` (RFC 3261 s.7).

Reads generously: folded lines, bare LF, short names, a missing Content-Length. What cannot be used
is a `BadMessage` that holds the answer, after all that can be read has been read.
"""

from __future__ import annotations

import re

from pbx.sip.grammar import is_token, number
from pbx.sip.message import METHODS, BadMessage, Message, Request, Response
from pbx.sip.names import NAMES, SINGLE, unusual_name

MAX_SIZE = 65535
"Bytes; a longer message is refused with 513."
MAX_HEADERS = 200
"Header lines; more are refused with 513."

_BAD_URI = re.compile(r'[\x00-\x20\x7f<>"]')
_STATUS_LINE = re.compile(r"SIP/([0-9]+\.[0-9]+) +([0-9]{3})(?: (.*))?", re.IGNORECASE)
_VERSION = re.compile(r"SIP/[0-9]+\.[0-9]+", re.IGNORECASE)
_END = re.compile(rb"\r?\n\r?\n")


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
    if method not in METHODS and not is_token(method):
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
