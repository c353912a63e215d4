"""Cutting a byte stream into SIP messages (RFC 3261 s.18.3) and keep-alives (RFC 5626 s.3.5.1)."""

from __future__ import annotations

import re

MAX_HEAD = 16 * 1024
"Bytes of start line and headers."
MAX_MESSAGE = 65535
"Bytes of a whole message."

_LENGTH = re.compile(rb"^(?:content-length|l)[ \t]*:[ \t]*([^\r\n]*?)[ \t]*\r?$", re.I | re.M)
_END = re.compile(rb"\r\n\r\n|\n\n")

PING = b"\r\n\r\n"
PONG = b"\r\n"


class BrokenStream(Exception):
    """Nobody can say any more where the next message begins: close the connection."""

    def __init__(self, why: str, head: bytes = b"") -> None:
        super().__init__(why)
        self.head = head
        "The message without its body, when it is whole so far: it may still be refused."


class Framer:
    """The bytes of one connection that are not a whole message yet."""

    __slots__ = ("_buffer", "_looked", "_needed", "pings", "pongs_due")

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._looked = 0
        self._needed = 0
        self.pings = 0
        "Double CRLFs that want an answer; the reader sets it back."
        self.pongs_due = 0
        "Pings of ours that a CRLF may still answer; only then is a lone one whole by itself."

    @property
    def waiting(self) -> int:
        """Bytes of a message that has begun."""
        return len(self._buffer)

    def feed(self, data: bytes) -> list[bytes]:
        """Take in bytes; answers the messages that are whole now.

        Raises BrokenStream for a head or message too long, or a Content-Length that is no number
        or said twice differently. A missing one counts as 0: what follows is the next message.
        """
        buffer = self._buffer
        buffer += data
        messages: list[bytes] = []
        while buffer:
            if not self._needed and not self._measure():
                break
            if len(buffer) < self._needed:
                break
            messages.append(bytes(buffer[: self._needed]))
            del buffer[: self._needed]
            self._needed = self._looked = 0
        return messages

    def _measure(self) -> bool:
        """Find out how long the first message is. False: not all of its head is here."""
        buffer = self._buffer
        if buffer[0] in b"\r\n":
            self._skip_blank_lines()
            if not buffer or buffer[0] in b"\r\n":
                return False
        end = _END.search(buffer, max(0, self._looked - 3))
        if end is None:
            if len(buffer) > MAX_HEAD:
                raise BrokenStream("headers too long")
            self._looked = len(buffer)
            return False
        if end.end() > MAX_HEAD:
            raise BrokenStream("headers too long")
        head = bytes(buffer[: end.end()])
        lengths = set(_LENGTH.findall(head))
        if len(lengths) > 1:
            raise BrokenStream("two lengths", head)
        text = lengths.pop() if lengths else b"0"
        if not text.isdigit() or len(text) > 10:
            raise BrokenStream("a length that is no number", head)
        self._needed = end.end() + int(text)
        if self._needed > MAX_MESSAGE:
            raise BrokenStream("message too long", head)
        return True

    def _skip_blank_lines(self) -> None:
        """CRLFs between messages: two are a ping; one waits for what follows, or is a pong."""
        buffer = self._buffer
        while self.pongs_due and buffer.startswith(PONG):
            del buffer[: len(PONG)]
            self.pongs_due -= 1
        while buffer.startswith(PING):
            del buffer[: len(PING)]
            self.pings += 1
        if len(buffer) >= 2 and not PING.startswith(bytes(buffer[:4])):
            # A lone CRLF (a pong, or the slip of RFC 3261 s.7.5), or bare line ends.
            rest = buffer.lstrip(b"\r\n")
            del buffer[: len(buffer) - len(rest)]
