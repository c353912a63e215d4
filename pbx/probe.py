"""The line test: a real phone calls the office and tells, step by step, what worked.

The phone is pyVoIP's `VoIPPhone`, a stranger to our own SIP and RTP. It signs in, calls the echo,
hears its own tone come back, presses keys, hangs up and signs out. pyVoIP starts threads it does
not join, prints, and waits without limit, so it lives in a child process (`python -m pbx.probe`)
that is told what to do on its standard input (a password never stands in a command line) and
answers with one JSON line a step. This file and `pbx/pyvoip.py` alone import pyVoIP.
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import queue
import random
import select
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, TextIO

TONE = 1000  # Hz; neither a key's frequency nor one of the office's own tones
BLOCK = 800  # samples at 8 kHz: the 100 ms over which the tone is looked for
EVENT_CODES = "0123456789*#"  # RFC 4733 s.3.2, table 3


@dataclass(frozen=True, slots=True)
class Step:
    """One thing tried: whether it worked, and that in words, in both languages."""

    name: str
    "'register', 'call', 'hear', 'keys', 'hangup', 'deregister', or 'start' when nothing ran."
    ok: bool
    it: str
    en: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Task:
    """What the child is told."""

    host: str
    port: int
    username: str
    password: str
    target: str
    keys: str
    echo: bool
    timeout: float


def run_probe(
    *,
    host: str,
    port: int,
    username: str,
    password: str,
    target: str = "*600",
    keys: str = "12#",
    on_step: Callable[[Step], None] | None = None,
    timeout: float = 20,
    echo: bool = True,
) -> list[Step]:
    """Try the line and answer with the steps; blocks for at most `timeout` seconds and a little.

    host: the address where the PBX listens, as this machine reaches it (UDP).
    keys: pressed one after the other; a '#' must make the echo end the call.
    echo: the target sends back what it hears. False for a line that a person answers: then any
    sound that comes is enough, and keys are only sent.
    The first step that fails is the last but for the tidying up. Raises nothing about the office.
    """
    task = Task(host, port, username, password, target, keys, echo, timeout)
    steps: list[Step] = []

    def take(step: Step) -> None:
        steps.append(step)
        if on_step is not None:
            on_step(step)

    child = subprocess.Popen(
        [sys.executable, "-m", "pbx.probe"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    assert child.stdin is not None and child.stdout is not None
    started = time.monotonic()
    late = threading.Timer(timeout + 3, child.kill)  # the interpreter's start is not the office's
    late.start()
    try:
        with child.stdin:
            child.stdin.write(json.dumps(asdict(task)))
        with child.stdout:
            for line in child.stdout:
                take(Step(**json.loads(line)))
        code = child.wait()
    finally:
        late.cancel()
        child.kill()
        child.wait()
    if code or not steps:
        last = steps[-1].name if steps else "start"
        take(
            Step(
                "start" if not steps else "end",
                False,
                f"La prova si è fermata dopo «{last}»: nessuna risposta in {timeout:g} secondi.",
                f"The test stopped after '{last}': no answer within {timeout:g} seconds.",
                time.monotonic() - started,
            )
        )
    return steps


async def probe(
    *,
    host: str,
    port: int,
    username: str,
    password: str,
    target: str = "*600",
    keys: str = "12#",
    timeout: float = 20,  # noqa: ASYNC109 - the child's own limit, not ours
    echo: bool = True,
) -> AsyncIterator[Step]:
    """The steps of `run_probe` as they happen; the loop stays free meanwhile."""
    loop = asyncio.get_running_loop()
    seen: asyncio.Queue[Step | None] = asyncio.Queue()

    def tell(step: Step | None) -> None:
        loop.call_soon_threadsafe(seen.put_nowait, step)

    def work() -> None:
        try:
            run_probe(
                host=host,
                port=port,
                username=username,
                password=password,
                target=target,
                keys=keys,
                on_step=tell,
                timeout=timeout,
                echo=echo,
            )
        finally:
            tell(None)

    running = asyncio.create_task(asyncio.to_thread(work))
    while (step := await seen.get()) is not None:
        yield step
    await running


# Everything below runs in the child.


class Failed(Exception):
    """A step did not work; the text is for people."""

    def __init__(self, it: str, en: str) -> None:
        super().__init__(en)
        self.it = it
        self.en = en


def tone(samples: int, *, start: int = 0) -> bytes:
    """A piece of the test tone as pyVoIP wants sound: 8-bit unsigned, 8 kHz.

    start: how many samples came before, so that pieces join without a click.
    """
    step = 2 * math.pi * TONE / 8000
    return bytes(round(128 + 56 * math.sin(step * n)) for n in range(start, start + samples))


def tone_share(block: bytes) -> float:
    """How much of a block's power is the test tone: 0 for silence or speech, near 1 for the tone.

    block: 8-bit unsigned, 8 kHz. A block under about -40 dB of full scale counts as silence.
    """
    centred = [byte - 128 for byte in block]
    power = sum(x * x for x in centred)
    if power < len(centred):  # a root mean square under 1 of 128 steps
        return 0.0
    step = 2 * math.pi * TONE / 8000
    re = sum(x * math.cos(step * n) for n, x in enumerate(centred))
    im = sum(x * math.sin(step * n) for n, x in enumerate(centred))
    return 2 * (re * re + im * im) / (len(centred) * power)


def event_packets(
    digit: str, *, payload_type: int, sequence: int, timestamp: int, ssrc: int
) -> Iterator[bytes]:
    """One key as RTP packets (RFC 4733 s.2.5): 100 ms of it, then its end three times."""
    code = EVENT_CODES.index(digit)
    for n in range(8):
        end = n >= 5
        duration = 160 * min(n + 1, 6)
        marker = 0x80 if n == 0 else 0
        yield struct.pack(
            "!BBHIIBBH",
            0x80,
            marker | payload_type,
            (sequence + n) & 0xFFFF,
            timestamp,
            ssrc,
            code,
            (0x80 if end else 0) | 10,  # -10 dBm0
            duration,
        )


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


def play_through(task: Task, out: TextIO) -> None:
    """Run the steps and write each as a line of JSON."""

    def attempt(name: str, deed: Callable[[], tuple[str, str]]) -> bool:
        start = time.monotonic()
        try:
            it, en = deed()
            ok = True
        except Failed as why:
            it, en, ok = why.it, why.en, False
        except Exception as why:  # pyVoIP raises whatever it meets; the step failed, in its words
            it, en, ok = f"Errore del telefono di prova: {why!r}", f"Test phone: {why!r}", False
        step = Step(name, ok, it, en, round(time.monotonic() - start, 3))
        out.write(json.dumps(asdict(step)) + "\n")
        out.flush()
        return ok

    phone: Phone | None = None

    def register() -> tuple[str, str]:
        nonlocal phone
        phone = Phone(task)
        return phone.register()

    if not attempt("register", register) or phone is None:
        return
    if attempt("call", lambda: phone.dial(task.target, min(10, task.timeout / 2))):
        seconds = max(3.0, task.timeout - 9)
        if attempt("hear", lambda: phone.hear(echo=task.echo, seconds=seconds)) and task.keys:
            attempt("keys", lambda: phone.press(task.keys, echo=task.echo))
        attempt("hangup", phone.hang_up)
    attempt("deregister", phone.deregister)


def main() -> None:
    """The child: what to do on standard input, steps on standard output, noise nowhere."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # pyVoIP prints
    task = Task(**json.loads(sys.stdin.read()))
    play_through(task, out)
    out.close()
    os._exit(0)  # its threads would keep the process alive


if __name__ == "__main__":
    main()
