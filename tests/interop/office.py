"""A small office on loopback: a data folder of its own, and the PBX running alone over it."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.interop import ports

ROOT = Path(__file__).parents[2]
LINES = ("201", "202", "203", "204", "205", "206")
COLUMNS = "extension,name,email,password,sip_password,mailbox_pin,number,site,role,language"


def sip_password(line: str) -> str:
    return f"sip-{line}-pw"


def pin(line: str) -> str:
    return f"73{line}5"


@dataclass
class Office:
    """The PBX as a process, with its lines 201 to 206."""

    data: Path
    port: int = 0
    rtp: tuple[int, int] = (0, 0)
    extra: dict[str, str] = field(default_factory=dict)
    "Further OFFICESMART_ variables."

    def __post_init__(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        # One row for both: the PBX refuses an audio range that takes in its SIP port.
        first = ports.row(204, ports.OFFICES)
        self.port = self.port or first
        self.rtp = (first + 4, first + 203)
        self.log = self.data / "pbx.log"
        self.process: subprocess.Popen[str] | None = None

    @property
    def environ(self) -> dict[str, str]:
        mine = {
            "OFFICESMART_DATA": str(self.data),
            "OFFICESMART_SIP_HOST": ports.LOOPBACK,
            "OFFICESMART_SIP_PORT": str(self.port),
            "OFFICESMART_RTP_PORTS": f"{self.rtp[0]}-{self.rtp[1]}",
            "OFFICESMART_LANGUAGE": "it",
            "PYTHONUNBUFFERED": "1",
            **self.extra,
        }
        strangers = {k: v for k, v in os.environ.items() if not k.startswith("OFFICESMART_")}
        return strangers | mine

    def furnish(self) -> Office:
        """Make the lines, through the command that an administrator would use."""
        rows = [COLUMNS]
        for n, line in enumerate(LINES):
            role = "admin" if n == 0 else "user"
            rows.append(
                f"{line},Persona {line},,pagine-{line}-x,{sip_password(line)},{pin(line)},,Sede,"
                f"{role},it"
            )
        table = self.data / "lines.csv"
        table.write_text("\n".join(rows) + "\n")
        done = subprocess.run(
            [sys.executable, "-m", "officesmart.cli", "import", "--allow-weak", str(table)],
            cwd=ROOT,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"the import failed: {done.stdout}{done.stderr}")
        with closing(sqlite3.connect(self.database, timeout=10)) as rows, rows:
            # Nobody is asked for a first sign-in (guide 10.3.3) in a test of something else.
            rows.execute("UPDATE line SET welcomed_at = created_at")
        return self

    def start(self) -> Office:
        """Run the PBX until it says that it is ready."""
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pbx"],
                cwd=ROOT,
                env=self.environ,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        with self.process.stdout:
            said = self.process.stdout.readline()
        if not said.startswith("ready"):
            self.kill()
            raise RuntimeError(f"the PBX did not start: {said}{self.log.read_text()[-3000:]}")
        return self

    def stop(self) -> int:
        """End it in order; its exit status."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()
                raise
        return self.process.returncode

    def kill(self) -> None:
        """kill -9, workers too if they should outlive it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def workers(self) -> list[int]:
        """Process ids of its media workers."""
        assert self.process is not None
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                status = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if int(status[1]) == self.process.pid and b"resource_tracker" not in command:
                found.append(int(entry.name))
        return sorted(found)

    def kill_worker(self, pid: int) -> None:
        assert pid in self.workers()
        os.kill(pid, signal.SIGKILL)

    @property
    def database(self) -> Path:
        return self.data / "officesmart.db"

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """What is in the database."""
        with closing(sqlite3.connect(self.database, timeout=10)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query, values)]

    def option(self, line: str, feature: str, **options: object) -> None:
        """Set a call feature's options for a line, as a page would."""
        with closing(sqlite3.connect(self.database, timeout=10)) as settings:
            settings.execute(
                "INSERT INTO featureoption (line_id, feature, options) "
                "SELECT id, ?, ? FROM line WHERE extension = ?",
                (feature, json.dumps(options), line),
            )
            settings.execute("UPDATE revision SET value = value + 1")
            settings.commit()

    def pickup_group(self, name: str, *lines: str) -> None:
        """Make a group of lines that answer each other's calls, as a page would."""
        marks = ", ".join("?" * len(lines))
        with closing(sqlite3.connect(self.database, timeout=10)) as settings:
            made = settings.execute(
                "INSERT INTO pickupgroup (name, site, hunt_calls) VALUES (?, '', 0)", (name,)
            )
            settings.execute(
                "INSERT INTO pickupmember (group_id, line_id) "
                f"SELECT ?, id FROM line WHERE extension IN ({marks})",
                (made.lastrowid, *lines),
            )
            settings.execute("UPDATE revision SET value = value + 1")
            settings.commit()

    def messages(self, line: str) -> list[dict[str, Any]]:
        """The voice messages of a line, oldest first."""
        return self.rows(
            "SELECT voicemessage.* FROM voicemessage JOIN line ON line.id = voicemessage.line_id"
            " WHERE line.extension = ? ORDER BY voicemessage.id",
            line,
        )

    def calls(self) -> list[dict[str, Any]]:
        """The call records, oldest first."""
        return self.rows("SELECT * FROM callrecord ORDER BY id")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the database as a backup or a slow page might."""
        with closing(sqlite3.connect(self.database, isolation_level=None)) as holder:
            holder.execute("BEGIN EXCLUSIVE")
            yield
            holder.execute("ROLLBACK")

    def said(self) -> str:
        return self.log.read_text()


def eventually(what: Callable[[], Any], seconds: float = 5.0) -> Any:
    """The first true answer, asked again until then; the last answer when the time is over."""
    end = time.monotonic() + seconds
    while True:
        answer = what()
        if answer or time.monotonic() > end:
            return answer
        time.sleep(0.05)
