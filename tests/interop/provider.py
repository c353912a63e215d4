"""SIPp as a telephone company on a loopback address of its own (127.0.0.2 and up)."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from pbx.vault import seal
from tests.interop import ports
from tests.interop.office import Office
from tests.interop.sipp import SCENARIOS

USER = "0255501000"
SECRET = "trunk-secret"


@dataclass
class Provider:
    """One machine of a provider: takes sign-ins and calls until it is stopped, and places some."""

    host: str
    folder: Path
    secret: str = SECRET
    transport: str = "udp"
    port: int = 0
    scenario: str = "provider"
    process: subprocess.Popen[bytes] | None = None
    calls: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> Provider:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = self.port or ports.row(2)
        self.media = ports.row(4)
        self.log = self.folder / f"{self.scenario}.log"
        keys = {"user": USER, "secret": self.secret}
        self.process = self._run(self.scenario, self.port, self.media, keys, "-rtp_echo")
        return self

    def stop(self) -> None:
        """Vanish, as a provider whose line is dug up."""
        for process in (*([self.process] if self.process else []), *self.calls):
            process.kill()
            process.wait()

    def said(self) -> str:
        """What its scenario logged."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def messages(self) -> str:
        """Everything it sent and received."""
        path = self.folder / f"{self.scenario}.messages"
        return path.read_text(errors="replace") if path.exists() else ""

    def called(self) -> list[str]:
        """What was asked of it in each call, in order; it signs people in between."""
        return [line for line in self.said().splitlines() if line.startswith("called ")]

    def sends(
        self, office: Office, number: str, caller: str, *, scenario: str, talks: float = 2.5
    ) -> None:
        """One call to the office, `talks` seconds long once it is answered.

        Raises with what it saw when it did not go as the scenario says.
        """
        port, media = ports.row(2), ports.row(4)
        keys = {"number": number, "caller": caller}
        process = self._run(
            scenario, port, media, keys, "-rtp_echo", "-m", "1",
            *("-d", str(round(talks * 1000)), "-timeout", "20", "-timeout_error"), office=office,
        )  # fmt: skip
        self.calls.append(process)
        if code := process.wait(30):
            told = [self.folder / f"{scenario}.{kind}" for kind in ("errors", "messages")]
            seen = "\n".join(each.read_text(errors="replace") for each in told if each.exists())
            raise AssertionError(f"SIPp {scenario} to {number} failed ({code}): {seen[-6000:]}")

    def _run(
        self,
        scenario: str,
        port: int,
        media: int,
        keys: dict[str, str],
        *more: str,
        office: Office | None = None,
    ) -> subprocess.Popen[bytes]:
        words = [
            *("sipp", f"{ports.LOOPBACK}:{office.port if office else 5060}"),
            *("-sf", f"{SCENARIOS / scenario}.xml", "-i", self.host, "-p", str(port)),
            *("-t", "t1" if self.transport == "tcp" else "u1"),
            *("-mi", self.host, "-mp", str(media), "-nostdin", *more),
            *("-trace_logs", "-log_file", str(self.folder / f"{scenario}.log")),
            *("-trace_err", "-error_file", str(self.folder / f"{scenario}.errors")),
            *("-trace_msg", "-message_file", str(self.folder / f"{scenario}.messages")),
        ]
        for key, value in keys.items():
            words += ["-key", key, value]
        process = subprocess.Popen(
            words,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        kind = socket.SOCK_STREAM if self.transport == "tcp" else socket.SOCK_DGRAM
        ports.held_by(process, kind, self.host, port)
        return process


def add_trunk(
    office: Office,
    provider: Provider,
    name: str,
    *,
    position: int = 0,
    diversion: str = "diversion",
) -> None:
    """A trunk that signs in there, written as a page writes it."""
    row = {
        "name": name,
        "enabled": 1,
        "position": position,
        "registers": 1,
        "host": provider.host,
        "port": provider.port,
        "transport": provider.transport,
        "proxy": "",
        "username": USER,
        "auth_username": "",
        "sealed_password": seal(office.data, SECRET),
        "sources": "",
        "expires": 600,
        "codecs": "PCMA PCMU",
        "number_format": "e164",
        "caller_id": "pai",
        "main_number": "+390255501000",
        "diversion": diversion,
        "capacity": 0,
    }
    marks = ", ".join("?" for _ in row)
    with closing(sqlite3.connect(office.database, timeout=10)) as settings:
        settings.execute(
            f"INSERT INTO trunk ({', '.join(row)}) VALUES ({marks})", tuple(row.values())
        )
        settings.execute("UPDATE revision SET value = value + 1")
        settings.commit()
