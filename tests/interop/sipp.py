"""SIPp runs one of our scenarios as one phone of one line."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from tests.interop import ports

SCENARIOS = Path(__file__).parent / "sipp"


@dataclass
class Sipp:
    """One scenario, once."""

    name: str
    office: int
    line: str
    password: str
    folder: Path
    dialled: str = "-"
    keys: dict[str, str] = field(default_factory=dict)
    port: int = 0
    seconds: int = 25

    def start(self) -> Sipp:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = self.port or ports.row(2)
        self.media = ports.row(4)
        self._messages = self.folder / f"{self.name}-{self.port}.messages"
        self._errors = self.folder / f"{self.name}-{self.port}.errors"
        self._log = self.folder / f"{self.name}-{self.port}.log"
        words = [
            *("sipp", f"{ports.LOOPBACK}:{self.office}", "-sf", f"{SCENARIOS / self.name}.xml"),
            *("-s", self.dialled, "-au", self.line, "-ap", self.password),
            *("-i", ports.LOOPBACK, "-p", str(self.port), "-m", "1", "-nostdin"),
            *("-mi", ports.LOOPBACK, "-mp", str(self.media)),
            *("-timeout", str(self.seconds), "-timeout_error", "-recv_timeout", "20000"),
            *("-trace_msg", "-message_file", str(self._messages)),
            *("-trace_err", "-error_file", str(self._errors)),
            *("-trace_logs", "-log_file", str(self._log)),
        ]
        for key, value in ({"line": self.line} | self.keys).items():
            words += ["-key", key, value]
        self.process = subprocess.Popen(
            words,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        ports.held_by(self.process, socket.SOCK_DGRAM, ports.LOOPBACK, self.port)
        return self

    def finish(self) -> Sipp:
        """Wait for its end; raises with what it saw when the scenario did not go as written."""
        try:
            code = self.process.wait(self.seconds + 5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        if code:
            raise AssertionError(
                f"SIPp {self.name} of {self.line} failed ({code}): {self._read(self._errors)}\n"
                f"{self.flow()}"
            )
        return self

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def run(self) -> Sipp:
        return self.start().finish()

    def flow(self) -> str:
        """First lines of everything sent and received, in order."""
        text = self._read(self._messages)
        found = re.findall(
            r"UDP message (sent|received)[^\n]*\n\s*\n([^\n]+)\n", text.replace("\r", "")
        )
        return "\n".join(f"{'->' if way == 'sent' else '<-'} {line}" for way, line in found)

    def messages(self) -> str:
        return self._read(self._messages)

    def noted(self) -> str:
        """What the scenario logged."""
        return self._read(self._log)

    def _read(self, path: Path) -> str:
        return path.read_text(errors="replace") if path.exists() else ""


def installed() -> bool:
    """Whether this machine has it."""
    return shutil.which("sipp") is not None
