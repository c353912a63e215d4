"""A baresip 1.0.0 without screen or sound card, driven through its control port (ctrl_tcp).

What it says is a tone; what it hears is written to WAV files by its
sndfile module, complete when the call is over. Its control port speaks JSON in netstrings.

Known of this version: the rate of its WAV source must be the codec's; it takes the port after its
SIP port for TLS; connecting to the control port before "baresip is ready" hangs it; it cannot do
attended transfer; and its mwi module subscribes for ever, and does nothing else, when the office
takes its line before its first millisecond is over, or answers a SUBSCRIBE with 400.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from tests.interop import ports
from tests.interop.sound import Heard, read

MODULES = Path("/usr/lib/baresip/modules")

CONFIG = """\
poll_method epoll
sip_listen {host}:{sip}
call_local_timeout 120
call_max_calls 8
audio_buffer 20-160
audio_player aubridge,{name}-ear
audio_source {source}
audio_alert aubridge,{name}-bell
ausrc_format s16
auplay_format s16
auenc_format s16
audec_format s16
ausrc_channels 1
auplay_channels 1
rtp_ports {rtp}-{rtp_last}
jitter_buffer_delay 2-10
net_interface {host}
module_path {modules}
module g711.so
module g722.so
module aufile.so
module aubridge.so
module sndfile.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
{mwi}ctrl_tcp_listen {host}:{control}
snd_path {folder}
menu_bell no
"""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened to the phone."""

    kind: str
    "baresip's own word: REGISTER_OK, CALL_INCOMING, CALL_ESTABLISHED, CALL_CLOSED, ..."
    words: str
    "Its parameter: the reason of an ending, a digit, an address."
    peer: str = ""
    at: float = 0.0


@dataclass
class Baresip:
    """One phone of one line."""

    line: str
    password: str
    office: int
    "SIP port of the PBX on loopback."
    folder: Path
    transport: str = "udp"
    codecs: str = "PCMA/8000/1"
    tone: float = 440.0
    "What its person says, in Hz; 0 for nothing."
    answers: str = "manual"
    "'manual' or 'auto'."
    watches_mailbox: bool = False
    registers: bool = True
    told: bool = False
    "Whether its line is given to it only once it tells us of it: how that went is never missed."
    facts: list[Fact] = field(default_factory=list)

    def start(self) -> Baresip:
        """Run it until its control port answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        base = ports.row(26)
        self.sip = base
        parts = {
            "host": ports.LOOPBACK,
            "sip": base,
            "control": base + 3,
            "rtp": base + 4,
            "rtp_last": base + 24,
            "name": f"p{base}",
            "source": f"aufile,{self._voice()}",
            "folder": self.folder,
            "modules": MODULES,
            "mwi": "module_app mwi.so\n" if self.watches_mailbox else "",
        }
        (self.folder / "config").write_text(CONFIG.format(**parts))
        account = (
            f"<sip:{self.line}@127.0.0.1:{self.office};transport={self.transport}>"
            f";auth_user={self.line};auth_pass={self.password};answermode={self.answers}"
            f";regint={600 if self.registers else 0};audio_codecs={self.codecs}"
            f"{';mwi=yes' if self.watches_mailbox else ';mwi=no'}"
        )
        told = self.told or self.watches_mailbox  # whose module must run before: see above
        (self.folder / "accounts").write_text("" if told else f"{account}\n")
        (self.folder / "contacts").write_text("\n")
        self._news = threading.Condition()
        self._answers: list[dict[str, Any]] = []
        self._mark = 0
        self.log = self.folder / "log"
        self.log.write_bytes(b"")
        self.process = subprocess.Popen(
            ["baresip", "-f", str(self.folder), "-v"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        ready = threading.Event()
        threading.Thread(target=self._keep_log, args=(ready,), daemon=True).start()
        if not ready.wait(10):
            self.stop()
            raise RuntimeError(f"baresip did not start: {self.said()}")
        self._control = socket.create_connection((ports.LOOPBACK, base + 3), timeout=5)
        self._control.settimeout(None)
        threading.Thread(target=self._listen, daemon=True).start()
        if told:
            self.command("uanew", account)
        return self

    def _voice(self) -> Path:
        """Two minutes of its tone (or of silence), at the rate of its codec."""
        rate = 16000 if "G722" in self.codecs else 8000
        path = self.folder / "voice.wav"
        time_axis = np.arange(120 * rate) / rate
        level = 0.4 if self.tone else 0.0
        soundfile.write(path, level * np.sin(2 * np.pi * self.tone * time_axis), rate, "PCM_16")
        return path

    def stop(self) -> None:
        """Sign out and end it. Twice does no harm."""
        if self.process.poll() is None:
            try:
                self.command("quit", seconds=2)
                self.process.wait(2)
            except (OSError, TimeoutError, AttributeError, subprocess.TimeoutExpired):
                pass
        self.die()

    def die(self) -> None:
        """Vanish without a word, as a phone whose plug is pulled."""
        self.process.kill()
        self.process.wait()
        if hasattr(self, "_control"):
            self._control.close()

    # -- what a person does -------------------------------------------------------------------

    def registered(self, seconds: float = 10) -> Baresip:
        """Wait until the line has signed in; raises when it was refused."""

        def settled() -> bool:
            # REGISTERING settles nothing; the event may have come before the control port was open.
            return any(fact.kind in ("REGISTER_OK", "REGISTER_FAIL") for fact in self.facts) or (
                "OK" in self.command("reginfo").get("data", "")
            )

        self._until(settled, seconds, "registration")
        if any(fact.kind == "REGISTER_FAIL" for fact in self.facts):
            raise AssertionError(f"{self.line} was refused: {self.said()[-800:]}")
        return self

    def dial(self, number: str) -> None:
        self.command("dial", f"sip:{number}@127.0.0.1:{self.office};transport={self.transport}")

    def answer(self) -> None:
        self.command("accept")

    def hang_up(self) -> None:
        self.command("hangup")

    def hold(self) -> None:
        self.command("hold")

    def resume(self) -> None:
        self.command("resume")

    def transfer(self, number: str) -> None:
        """Blind transfer of the present call."""
        self.command("transfer", f"sip:{number}@127.0.0.1:{self.office}")

    def press(self, keys: str, *, pause: float = 0.3) -> None:
        """Press keys, as a person does: one after the other (RFC 4733)."""
        for key in keys:
            self.command("sndcode", key)
            self.wait_seconds(pause)

    # -- what a person sees and hears ---------------------------------------------------------

    def wait(self, *kinds: str, seconds: float = 10) -> Fact:
        """The next fact of these kinds; those before it count as seen."""
        found: list[Fact] = []

        def come() -> bool:
            for n, fact in enumerate(self.facts[self._mark :], self._mark):
                if fact.kind in kinds:
                    self._mark = n + 1
                    found.append(fact)
                    return True
            return False

        self._until(come, seconds, " or ".join(kinds))
        return found[0]

    def forget(self) -> None:
        """Count what has happened so far as seen."""
        self._mark = len(self.facts)

    def never(self, kind: str) -> bool:
        """Whether this has not happened since the start."""
        return all(fact.kind != kind for fact in self.facts)

    def count(self, kind: str) -> int:
        return sum(fact.kind == kind for fact in self.facts)

    def wait_seconds(self, seconds: float) -> None:
        """Let time pass, as talking does."""
        threading.Event().wait(seconds)

    def heard(self) -> Heard:
        """What the ear got in the last call; the call must be over."""
        return read(self.recordings()[-1])

    def recordings(self) -> list[Path]:
        """One file for each stretch of sound received, in order."""
        if self.process.poll() is None:
            self.command("reginfo")  # it tells of an end, then closes its files, then answers this
        return sorted(self.folder.glob("dump-*-dec.wav"), key=lambda path: path.stat().st_mtime)

    def said(self) -> str:
        """Its log."""
        return self.log.read_text(errors="replace")

    # -- the control port ---------------------------------------------------------------------

    def command(self, name: str, words: str | None = None, *, seconds: float = 5) -> dict[str, Any]:
        """Give a command and wait for its answer."""
        token = f"{name}-{time.monotonic_ns()}"
        order: dict[str, str] = {"command": name, "token": token}
        if words is not None:
            order["params"] = words
        text = json.dumps(order).encode()
        self._control.sendall(b"%d:%s," % (len(text), text))
        found: list[dict[str, Any]] = []

        def come() -> bool:
            found.extend(a for a in self._answers if a.get("token", token) == token)
            return bool(found)

        self._until(come, seconds, f"the answer to {name}")
        self._answers.clear()
        return found[0]

    def _until(self, what: Callable[[], bool], seconds: float, name: str) -> None:
        end = time.monotonic() + seconds
        with self._news:
            while not what():
                left = end - time.monotonic()
                if left <= 0:
                    seen = ", ".join(f"{fact.kind} {fact.words}" for fact in self.facts)
                    raise TimeoutError(
                        f"{self.line}: no {name} within {seconds} s; seen: {seen}; "
                        f"its log ends: {self.said()[-600:]}"
                    )
                self._news.wait(min(left, 0.2))

    def _keep_log(self, ready: threading.Event) -> None:
        assert self.process.stdout is not None
        with self.log.open("ab") as log, self.process.stdout:
            for line in self.process.stdout:
                log.write(line)
                log.flush()
                if b"baresip is ready" in line:
                    ready.set()

    def _listen(self) -> None:
        waiting = b""
        while True:
            try:
                more = self._control.recv(65536)
            except OSError:
                return
            if not more:
                return
            waiting += more
            while b":" in waiting:
                size, _, rest = waiting.partition(b":")
                if len(rest) <= int(size):
                    break
                message = json.loads(rest[: int(size)].decode("utf-8", "replace"), strict=False)
                waiting = rest[int(size) + 1 :]
                with self._news:
                    if message.get("event"):
                        self.facts.append(
                            Fact(
                                message.get("type", ""),
                                message.get("param", ""),
                                message.get("peeruri", ""),
                                time.monotonic(),
                            )
                        )
                    else:
                        self._answers.append(message)
                    self._news.notify_all()


def installed() -> bool:
    """Whether this machine has it."""
    return shutil.which("baresip") is not None
