"""The phone of the line test: pyVoIP's, made to sign in, call, listen, press keys and hang up.

It lives in the child process only. This file and `pbx/pyvoip.py` alone import pyVoIP.
"""

from __future__ import annotations

import queue
import random
import select
import socket
import time
from collections.abc import Callable
from typing import Any

from pbx.probe.sound import BLOCK, event_packets, tone, tone_share
from pbx.probe.steps import Task


class Failed(Exception):
    """A step did not work; the text is for people."""

    def __init__(self, it: str, en: str) -> None:
        super().__init__(en)
        self.it = it
        self.en = en


def free_port(address: str) -> int:
    """A UDP port that nobody had a moment ago."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
        trial.bind((address, 0))
        return int(trial.getsockname()[1])


def own_address(host: str, port: int) -> str:
    """This machine's address on the way to the office (nothing is sent)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
        trial.connect((host, port))
        return str(trial.getsockname()[0])


class Phone:
    """A pyVoIP phone with an ear on its signalling, so that a refusal has its status."""

    def __init__(self, task: Task) -> None:
        import pyVoIP.VoIP  # first: its modules import each other in a circle

        SIP = pyVoIP.SIP
        read_body = SIP.SIPMessage.parse_raw_body
        heard: queue.SimpleQueue[tuple[str, int]] = queue.SimpleQueue()

        class Overheard(SIP.SIPMessage):
            """Its messages, with answers noted, and without its IndexError on bodies not SDP."""

            def __init__(self, data: bytes) -> None:
                super().__init__(data)
                if self.type == SIP.SIPMessageType.RESPONSE:
                    heard.put((self.headers["CSeq"]["method"], int(self.status)))

            @staticmethod
            def parse_raw_body(body: bytes, handle: Callable[[str, str], None]) -> None:
                if body.startswith(b"v="):
                    read_body(body, handle)

        SIP.SIPMessage = Overheard  # type: ignore[misc]
        # Its reader raises on requests it has no use for, in the middle of a call being set up;
        # a PBX that lights lamps unasked sends one.
        pyVoIP.SIPCompatibleMethods.extend(["NOTIFY", "OPTIONS"])

        # A name would do for pyVoIP's sending but not for its own address in SDP.
        server = socket.gethostbyname(task.host)
        address = own_address(server, task.port)
        rtp_port = free_port(address)
        self.phone = pyVoIP.VoIP.VoIPPhone(
            server,
            task.port,
            task.username,
            task.password,
            myIP=address,
            sipPort=free_port(address),
            rtpPortLow=rtp_port,
            rtpPortHigh=rtp_port,
        )
        self.sip = self.phone.sip
        self.sip.register_timeout = max(1, min(5, int(task.timeout / 4)))
        # Its Call-IDs are hashes of 1, 2, 3...: a second test would look like the first one again.
        self.sip.callID = SIP.Counter(random.randrange(1, 1 << 48))
        # Its own loop makes the socket now blocking, now not, under the feet of a call being made.
        self.sip.recv_loop = self._listen  # type: ignore[method-assign]
        self._heard = heard
        self.answers: list[tuple[str, int]] = []
        self.call: Any = None

    def _listen(self) -> None:
        while self.sip.NSD:
            try:
                if select.select([self.sip.s], [], [], 0.05)[0]:
                    with self.sip.recvLock:
                        if select.select([self.sip.s], [], [], 0)[0]:
                            self.sip.recv()
            except (OSError, ValueError):  # closed while we waited
                return

    def status(self, method: str) -> int:
        """The last answer to a method, 0 when none came."""
        while not self._heard.empty():
            self.answers.append(self._heard.get())
        return next((status for m, status in reversed(self.answers) if m == method), 0)

    def wait(self, what: Callable[[], bool], seconds: float) -> bool:
        """Whether it became true in time."""
        until = time.monotonic() + seconds
        while not what():
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True

    def ended(self) -> bool:
        """Whether the far side has hung up."""
        return bool(self.call is None or self.call.state.value == "ENDED")

    def register(self) -> tuple[str, str]:
        """Sign in."""
        self.phone.start()
        if self.phone.get_status().value != "REGISTERED":
            if self.sip.registerThread:
                self.sip.registerThread.cancel()  # it would try the same again, at once, twice
            match self.status("REGISTER"):
                case 0:
                    raise Failed(
                        "Il centralino non risponde: è acceso, e su questa porta UDP?",
                        "The PBX does not answer: is it running, and on this UDP port?",
                    )
                case 401 | 403:
                    raise Failed(
                        "Utente o password SIP rifiutati.", "SIP user or password refused."
                    )
                case status:
                    raise Failed(
                        f"Registrazione rifiutata ({status}).", f"Registration refused ({status})."
                    )
        return "Telefono registrato.", "Phone registered."

    def dial(self, target: str, seconds: float) -> tuple[str, str]:
        """Call and wait for the answer."""
        self.sip.s.settimeout(seconds)
        self.call = self.phone.call(target)

        def settled() -> bool:
            return self.call.state.value != "DIALING" or self.status("INVITE") >= 402

        if not self.wait(settled, seconds):
            if self.status("INVITE") in (180, 183):
                raise Failed(f"{target} squilla ma nessuno risponde.", f"{target} only rings.")
            raise Failed(f"Nessuna risposta da {target}.", f"No answer from {target}.")
        if self.call.state.value != "ANSWERED":
            status = self.status("INVITE")
            raise Failed(f"Chiamata a {target} rifiutata ({status}).", f"Call refused ({status}).")
        return f"{target} ha risposto.", f"{target} answered."

    def hear(self, *, echo: bool, seconds: float) -> tuple[str, str]:
        """Send the tone until it comes back (an echo says a sentence first)."""
        sent = 0
        found = 0
        received = self.call.RTPClients[0].pmin
        if echo:
            self._send_keys("0")  # cuts the sentence short
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self.ended():
            self.call.write_audio(tone(BLOCK, start=sent))
            sent += BLOCK
            time.sleep(BLOCK / 8000)
            block = self.call.read_audio(BLOCK, blocking=False)
            if not echo and received.log:
                return "L'audio arriva.", "Sound arrives."
            found = found + 1 if tone_share(block) > 0.5 else 0
            if found == 3:
                return (
                    "Il tono inviato torna indietro pulito.",
                    "The tone that was sent comes back clean.",
                )
        if not received.log:
            raise Failed(
                "Nessun pacchetto audio ricevuto: le porte RTP sono chiuse?",
                "Not one packet of sound received: are the RTP ports closed?",
            )
        raise Failed(
            "Arriva audio, ma non il tono inviato.", "Sound arrives, but not the tone we sent."
        )

    def press(self, keys: str, *, echo: bool) -> tuple[str, str]:
        """Press keys; pyVoIP cannot, so the packets go out by its socket and in its numbering."""
        self._send_keys(keys)
        if not echo or "#" not in keys:
            return f"Tasti {keys} inviati.", f"Keys {keys} sent."
        if not self.wait(self.ended, 6):
            raise Failed(
                "Il centralino non ha sentito il tasto #.", "The PBX did not hear the # key."
            )
        return (
            f"Tasti {keys} sentiti: l'eco ha chiuso al #.",
            f"Keys {keys} heard: the echo hung up at #.",
        )

    def _send_keys(self, keys: str) -> None:
        client = self.call.RTPClients[0]
        event = next((pt for pt, kind in client.assoc.items() if "event" in str(kind)), None)
        if event is None:
            raise Failed(
                "Il centralino non accetta i tasti come eventi RTP (RFC 4733).",
                "The PBX does not take keys as RTP events (RFC 4733).",
            )
        for digit in keys:
            sequence = client.outSequence
            client.outSequence += 8
            for packet in event_packets(
                digit,
                payload_type=event,
                sequence=sequence,
                timestamp=client.outTimestamp,
                ssrc=client.outSSRC,
            ):
                if not self.ended():
                    client.sout.sendto(packet, (client.outIP, client.outPort))
                time.sleep(0.02)
            time.sleep(0.1)

    def hang_up(self) -> tuple[str, str]:
        """End the call, unless the office did."""
        if self.ended():
            return "Chiamata chiusa dal centralino.", "Call ended by the PBX."
        if self.call.state.value != "ANSWERED":  # pyVoIP cannot take an INVITE back
            raise Failed("La chiamata non è mai cominciata.", "The call never began.")
        self.call.hangup()
        if not self.wait(lambda: self.status("BYE") == 200, 3):
            raise Failed("Il centralino non conferma la fine.", "The PBX does not confirm the end.")
        return "Chiamata chiusa.", "Call ended."

    def deregister(self) -> tuple[str, str]:
        """Sign out."""
        self.sip.NSD = False
        if self.sip.registerThread:
            self.sip.registerThread.cancel()
        # A straggler on the socket is taken for the answer: once more, then.
        if not (self.sip.deregister() or self.sip.deregister()):
            raise Failed(
                "Il centralino non conferma l'uscita.", "The PBX does not confirm the sign-out."
            )
        return "Telefono uscito.", "Phone signed out."
