"""Somebody at the other end of a socket who writes whatever he likes, and reads what comes back.

No parser of ours is used to write: what is sent is exactly what the test says.
"""

from __future__ import annotations

import itertools
import re
import select
import socket
import time
from dataclasses import dataclass
from hashlib import md5, sha256

from tests.interop.ports import LOOPBACK

_numbers = itertools.count(1)
_START = f"{time.time_ns():x}"
MAGIC = "z9hG4bK"


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of the office's."""

    data: bytes

    @property
    def text(self) -> str:
        return self.data.decode("utf-8", "replace")

    @property
    def status(self) -> int:
        """0 for a request."""
        return int(self.data[8:11]) if self.data.startswith(b"SIP/2.0 ") else 0

    @property
    def method(self) -> str:
        """Of a request; of an answer, what it answers."""
        return self.header("CSeq").split()[-1] if self.status else self.text.split(" ", 1)[0]

    def header(self, name: str) -> str:
        """The first line of a header, '' without one."""
        found = re.search(rf"(?im)^{re.escape(name)}[ \t]*:[ \t]*([^\r\n]*)", self.text)
        return found[1] if found else ""

    def headers(self, name: str) -> list[str]:
        return re.findall(rf"(?im)^{re.escape(name)}[ \t]*:[ \t]*([^\r\n]*)", self.text)

    @property
    def names(self) -> list[str]:
        """The names of its headers, in order."""
        return [line.partition(":")[0] for line in self.text.split("\r\n\r\n")[0].split("\r\n")[1:]]

    @property
    def body(self) -> bytes:
        return self.data.partition(b"\r\n\r\n")[2]

    def tag(self, name: str = "To") -> str:
        found = re.search(r";tag=([^;>\s]+)", self.header(name))
        return found[1] if found else ""

    def rtp_port(self) -> int:
        found = re.search(rb"m=audio (\d+)", self.body)
        return int(found[1]) if found else 0


def fresh() -> str:
    """A word that was never said before."""
    return f"{_START}{next(_numbers):x}"


class Stranger:
    """A far end of its own port, by UDP or TCP."""

    def __init__(self, port: int, *, transport: str = "udp") -> None:
        self.office = (LOOPBACK, port)
        self.transport = transport
        kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
        self.socket = socket.socket(socket.AF_INET, kind)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        if transport == "udp":
            self.socket.bind((LOOPBACK, 0))
        else:
            self.socket.connect(self.office)
        self.here = f"{LOOPBACK}:{self.socket.getsockname()[1]}"
        self._poll = select.poll()
        self._poll.register(self.socket, select.POLLIN)
        self.closed = False
        "The office hung the connection up."
        self._bytes = b""

    def close(self) -> None:
        self.socket.close()

    def __enter__(self) -> Stranger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, data: bytes | str) -> None:
        """Exactly these bytes."""
        if isinstance(data, str):
            data = data.encode("utf-8", "surrogateescape")
        if self.transport == "udp":
            self.socket.sendto(data, self.office)
        else:
            self.socket.sendall(data)

    def hear(self, seconds: float = 2.0) -> Heard | None:
        """The next message; None when none comes in time or the connection ends."""
        end = time.monotonic() + seconds
        while True:
            if self.transport != "udp" and (found := self._cut()) is not None:
                return found
            left = end - time.monotonic()
            if self.closed or not self._poll.poll(max(0.0, left) * 1000):
                return None
            if self.transport == "udp":
                return Heard(self.socket.recv(65535))
            try:
                more = self.socket.recv(65536)
            except ConnectionError:
                more = b""
            self.closed = not more
            self._bytes += more

    def _cut(self) -> Heard | None:
        self._bytes = self._bytes.lstrip(b"\r\n")
        head, end, rest = self._bytes.partition(b"\r\n\r\n")
        if not end:
            return None
        found = re.search(rb"(?im)^content-length[ \t]*:[ \t]*(\d+)", head)
        size = int(found[1]) if found else 0
        if len(rest) < size:
            return None
        self._bytes = rest[size:]
        return Heard(head + end + rest[:size])

    def all(self, seconds: float = 0.3) -> list[Heard]:
        """What comes until it is quiet for so long."""
        found = []
        while (message := self.hear(seconds)) is not None:
            found.append(message)
        return found

    def final(self, *, seconds: float = 2.0, method: str = "") -> Heard | None:
        """The next final answer (to this method)."""
        end = time.monotonic() + seconds
        while (message := self.hear(end - time.monotonic())) is not None:
            if message.status >= 200 and method in ("", message.method):
                return message
        return None

    def ask(self, text: str, *, seconds: float = 2.0, body: bytes = b"") -> int:
        """Send a request as `request` writes it; the final status, 0 for silence."""
        self.send(whole(text, body))
        answer = self.final(seconds=seconds, method=text.partition(" ")[0])
        return answer.status if answer else 0

    def request(
        self,
        method: str,
        *,
        to: str = "201",
        user: str = "201",
        seq: int = 1,
        call_id: str = "",
        from_tag: str = "stranger",
        to_tag: str = "",
        branch: str = "",
        more: str = "",
    ) -> str:
        """A request in good order, without Content-Length and body; more: further lines."""
        uri = f"sip:{to}@{LOOPBACK}:{self.office[1]}"
        lines = [
            f"{method} {uri} SIP/2.0",
            f"Via: SIP/2.0/{self.transport.upper()} {self.here};rport;"
            f"branch={branch or MAGIC + fresh()}",
            "Max-Forwards: 70",
            f"From: <sip:{user}@{LOOPBACK}>;tag={from_tag}",
            f"To: <sip:{to}@{LOOPBACK}>" + (f";tag={to_tag}" if to_tag else ""),
            f"Call-ID: {call_id or fresh()}",
            f"CSeq: {seq} {method}",
            *([] if "Contact:" in more else [f"Contact: <sip:{user}@{self.here}>"]),
            *(line for line in more.split("\n") if line),
        ]
        return "\r\n".join(lines) + "\r\n"


def whole(text: str, body: bytes = b"") -> bytes:
    """A request of `Stranger.request` with its end."""
    return f"{text}Content-Length: {len(body)}\r\n\r\n".encode() + body


def answers(office: int, seconds: float = 3.0) -> bool:
    """Whether the office answers an OPTIONS in time; asked again as any phone would (timer E)."""
    end = time.monotonic() + seconds
    with Stranger(office) as somebody:
        text = somebody.request("OPTIONS")
        while (left := end - time.monotonic()) > 0:
            if somebody.ask(text, seconds=min(left, 0.25)) == 200:
                return True
    return False


@dataclass
class Proof:
    """What an Authorization says; each part may be a lie."""

    user: str
    password: str
    nonce: str
    realm: str = "officesmart"
    uri: str = "sip:127.0.0.1"
    algorithm: str = "MD5"
    claimed: str = ""
    "The algorithm that is named, when it is another than the one used."
    nc: int = 1
    cnonce: str = "c0ffee"
    qop: str = "auth"

    def header(self, method: str) -> str:
        make = md5 if self.algorithm == "MD5" else sha256

        def h(text: str) -> str:
            return make(text.encode()).hexdigest()

        secret, deed = h(f"{self.user}:{self.realm}:{self.password}"), h(f"{method}:{self.uri}")
        count = f"{self.nc:08x}"
        middle = f"{self.nonce}:{count}:{self.cnonce}:{self.qop}" if self.qop else self.nonce
        said = (
            f'Authorization: Digest username="{self.user}", realm="{self.realm}", '
            f'nonce="{self.nonce}", uri="{self.uri}", response="{h(f"{secret}:{middle}:{deed}")}", '
            f"algorithm={self.claimed or self.algorithm}"
        )
        return said + (f', qop={self.qop}, nc={count}, cnonce="{self.cnonce}"' if self.qop else "")


def nonce_of(answer: Heard | None) -> str:
    """The nonce that a 401 gives."""
    found = re.search(r'nonce="([^"]+)"', answer.header("WWW-Authenticate") if answer else "")
    assert found, answer
    return found[1]
