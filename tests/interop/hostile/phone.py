"""A phone without manners or sound card: registers, calls, answers, sends what it is told to."""

from __future__ import annotations

import re
import socket
import struct
import time

from tests.interop.hostile.stranger import MAGIC, Heard, Proof, Stranger, fresh, nonce_of, whole
from tests.interop.office import sip_password
from tests.interop.ports import LOOPBACK

FRAME = 160
QUIET = b"\xd5" * FRAME
"20 ms of silence in PCMA."


def sdp(
    port: int,
    *,
    host: str = LOOPBACK,
    formats: str = "8 101",
    family: str = "IP4",
    more: str = "",
) -> bytes:
    """A plain audio offer."""
    return (
        f"v=0\r\no=- 1 1 IN {family} {host}\r\ns=-\r\nc=IN {family} {host}\r\nt=0 0\r\n"
        f"m=audio {port} RTP/AVP {formats}\r\na=rtpmap:101 telephone-event/8000\r\n{more}"
    ).encode()


class Ear:
    """An RTP socket with the pair's second port held too."""

    def __init__(self) -> None:
        while True:
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
            self.socket.bind((LOOPBACK, 0))
            self.port: int = self.socket.getsockname()[1]
            if self.port % 2 == 0:
                break
            self.socket.close()
        self.socket.setblocking(False)
        self.ssrc = self.port * 65537
        self.sequence = 1
        self.timestamp = 1000

    def close(self) -> None:
        self.socket.close()

    def say(self, port: int, payload: bytes = QUIET, *, kind: int = 8) -> None:
        """The next packet in good order."""
        self.put(port, packet(self.sequence, self.timestamp, self.ssrc, payload, kind=kind))
        self.sequence = (self.sequence + 1) & 0xFFFF
        self.timestamp = (self.timestamp + FRAME) & 0xFFFFFFFF

    def put(self, port: int, data: bytes) -> None:
        self.socket.sendto(data, (LOOPBACK, port))

    def drain(self) -> list[bytes]:
        """Everything that came."""
        found = []
        while True:
            try:
                found.append(self.socket.recv(65535))
            except BlockingIOError:
                return found


def packet(
    sequence: int,
    timestamp: int,
    ssrc: int,
    payload: bytes = QUIET,
    *,
    kind: int = 8,
    first: int = 0x80,
) -> bytes:
    """One RTP packet, true or not."""
    head = struct.pack("!BBHII", first, kind, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc)
    return head + payload


class Phone:
    """One line's phone, by UDP; one call at a time."""

    def __init__(self, line: str, office: int, *, transport: str = "udp") -> None:
        self.line = line
        self.wire = Stranger(office, transport=transport)
        self.ear = Ear()
        self.password = sip_password(line)
        self.there = 0
        "The office's RTP port of the call."
        self._seq = 0
        self._call_id = self._tag = self._to_tag = self._to = self._branch = ""
        self._invite: Heard | None = None

    def close(self) -> None:
        self.wire.close()
        self.ear.close()

    # --- asking -------------------------------------------------------------------------------

    def proved(self, method: str, *, to: str, more: str = "", body: bytes = b"") -> Heard | None:
        """A request outside calls, proved: its final answer."""
        self.ask(method, to=to, more=more, body=body)
        return self._final(method)

    def ask(self, method: str, *, to: str, more: str = "", body: bytes = b"") -> None:
        """Send a request, get its 401, send it again with credentials."""
        self._call_id, self._tag, self._to, self._to_tag = fresh(), fresh(), to, ""
        challenge = self._send(method, more, body)
        assert challenge is not None and challenge.status == 401, challenge
        proof = Proof(self.line, self.password, nonce_of(challenge))
        self._send(method, f"{more}\n{proof.header(method)}", body, wait=False)

    def _send(
        self, method: str, more: str, body: bytes, *, wait: bool = True, tag: str = ""
    ) -> Heard | None:
        self._seq += 1
        self._branch = MAGIC + fresh()
        text = self.wire.request(
            method, to=self._to, user=self.line, seq=self._seq, call_id=self._call_id,
            from_tag=self._tag, to_tag=tag, branch=self._branch, more=more,
        )  # fmt: skip
        self.wire.send(whole(text, body))
        return self._final(method) if wait else None

    def _final(self, method: str, seconds: float = 5.0) -> Heard | None:
        """The final answer to what was sent last; that to an INVITE is acknowledged."""
        end = time.monotonic() + seconds
        while (message := self.next(end - time.monotonic())) is not None:
            if message.status >= 200 and message.header("CSeq") == f"{self._seq} {method}":
                if method == "INVITE" and not 200 <= message.status < 300:
                    self.acknowledge(message, self._branch)
                return message
        return None

    def acknowledge(self, answer: Heard, branch: str = "", *, body: bytes = b"") -> None:
        """ACK an answer to an INVITE of ours."""
        seq = int(answer.header("CSeq").split()[0])
        more = "Content-Type: application/sdp" if body else ""
        text = self.wire.request(
            "ACK", to=self._to, user=self.line, seq=seq, call_id=self._call_id,
            from_tag=self._tag, to_tag=answer.tag(), branch=branch, more=more,
        )  # fmt: skip
        self.wire.send(whole(text, body))

    def next(self, seconds: float = 3.0) -> Heard | None:
        """The next message; lamps and questions are answered on the way."""
        end = time.monotonic() + seconds
        while (message := self.wire.hear(max(0.0, end - time.monotonic()))) is not None:
            if message.status or message.method not in ("NOTIFY", "OPTIONS"):
                return message
            self.reply(message, 200)
        return None

    # --- being a phone --------------------------------------------------------------------------

    def register(self, *, seconds: int = 600) -> int:
        answer = self.proved("REGISTER", to=self.line, more=f"Expires: {seconds}")
        return answer.status if answer else 0

    def call(self, to: str, offer: bytes | None = None) -> int:
        """Dial, and wait for the answer."""
        self.dial(to, offer)
        return self.connected()

    def dial(self, to: str, offer: bytes | None = None) -> None:
        """INVITE with credentials."""
        offer = sdp(self.ear.port) if offer is None else offer
        self.ask("INVITE", to=to, more="Content-Type: application/sdp", body=offer)

    def connected(self) -> int:
        """The final status of what was dialled; a 200 has its ACK."""
        answer = self._final("INVITE")
        if answer is not None and answer.status == 200:
            self._to_tag, self.there = answer.tag(), answer.rtp_port()
            self.acknowledge(answer)
        return answer.status if answer else 0

    def reinvite(self, offer: bytes) -> int:
        """Another description in the call."""
        answer = self._send("INVITE", "Content-Type: application/sdp", offer, tag=self._to_tag)
        if answer is not None and answer.status == 200:
            self.acknowledge(answer)
        return answer.status if answer else 0

    def in_dialog(self, method: str, *, seq: int = 0, more: str = "", body: bytes = b"") -> int:
        """A request in the call of ours; the final status."""
        last = self._seq
        self._seq = seq - 1 if seq else last
        answer = self._send(method, more, body, tag=self._to_tag)
        self._seq = max(self._seq, last)
        return answer.status if answer else 0

    def text(
        self, method: str, *, seq: int = 1, branch: str = "", more: str = "", **lies: str
    ) -> str:
        """A request of this call as `Stranger.request` writes it; lies: other tags."""
        return self.wire.request(
            method, to=self._to, user=self.line, seq=seq, branch=branch, more=more,
            call_id=self._call_id, from_tag=lies.get("from_tag", self._tag),
            to_tag=lies.get("to_tag", self._to_tag),
        )  # fmt: skip

    def hang_up(self) -> int:
        return self.in_dialog("BYE")

    def leave(self) -> None:
        """End the call that was dialled, if there is one, without waiting for a word: a call that
        is left behind keeps the line busy until the office notices."""
        if self._to_tag:
            self._send("BYE", "", b"", wait=False, tag=self._to_tag)

    def rung(self, seconds: float = 3.0) -> Heard:
        """The INVITE that comes in."""
        message = self.next(seconds)
        assert message is not None and message.method == "INVITE", message
        self._invite = message
        return message

    def answer(self, body: bytes | None = None) -> None:
        """Take the call that rings."""
        assert self._invite is not None
        self.there = self._invite.rtp_port()
        self.reply(self._invite, 200, body=sdp(self.ear.port) if body is None else body)
        ack = self.next()
        assert ack is not None and ack.method == "ACK", ack

    def reply(self, request: Heard, status: int, *, body: bytes = b"") -> None:
        """Answer a request of the office's."""
        to = request.header("To")
        lines = [
            f"SIP/2.0 {status} Whatever",
            *(f"Via: {via}" for via in request.headers("Via")),
            f"From: {request.header('From')}",
            "To: " + (to if "tag=" in to else f"{to};tag=t{self.wire.here[-5:]}"),
            f"Call-ID: {request.header('Call-ID')}",
            f"CSeq: {request.header('CSeq')}",
            f"Contact: <sip:{self.line}@{self.wire.here}>",
        ]
        if body:
            lines.append("Content-Type: application/sdp")
        self.wire.send(whole("\r\n".join(lines) + "\r\n", body))

    # --- sound ----------------------------------------------------------------------------------

    def press(self, key: str) -> None:
        """A key, as telephone-event (RFC 4733 s.2.5.1)."""
        event = "0123456789*#".index(key)
        stamp = self.ear.timestamp
        for n in range(1, 8):
            over = 0x80 if n > 4 else 0
            payload = struct.pack("!BBH", event, over | 10, FRAME * min(n, 5))
            self.ear.put(
                self.there, packet(self.ear.sequence, stamp, self.ear.ssrc, payload, kind=101)
            )
            self.ear.sequence = (self.ear.sequence + 1) & 0xFFFF
        self.ear.timestamp = (stamp + FRAME * 6) & 0xFFFFFFFF

    def talk(self, seconds: float, payload: bytes = QUIET) -> list[bytes]:
        """Send sound for so long at its pace; what was heard meanwhile."""
        heard = []
        begin = time.monotonic()
        for n in range(round(seconds * 50)):
            self.ear.say(self.there, payload)
            pause = begin + (n + 1) * 0.02 - time.monotonic()
            if pause > 0:
                time.sleep(pause)
            heard += self.ear.drain()
        return heard

    def late(self, heard: list[bytes], wanted: int, seconds: float = 1.0) -> list[bytes]:
        """What was heard, and what still comes until it is as much as that."""
        end = time.monotonic() + seconds
        while len(heard) < wanted and time.monotonic() < end:
            time.sleep(0.01)
            heard = heard + self.ear.drain()
        return heard


def rss(pid: int) -> int:
    """Memory of a process in KiB."""
    with open(f"/proc/{pid}/status") as status:
        found = re.search(r"VmRSS:\s+(\d+)", status.read())
    return int(found[1]) if found else 0
