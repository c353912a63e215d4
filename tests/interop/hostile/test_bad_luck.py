"""The disk is full, the database is held, the process is killed: what was said is not lost."""

from __future__ import annotations

import asyncio
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pbx.events.kinds import Trouble
from pbx.remote import RemoteLink
from tests.interop.hostile.conftest import HURT
from tests.interop.hostile.phone import Phone, sdp
from tests.interop.hostile.stranger import Stranger, answers, whole
from tests.interop.office import Office, eventually
from tests.interop.sound import read

MakeOffice = Callable[..., Office]
VOICE = random.Random(8).randbytes(160)
"Noise in PCMA: nobody takes it for silence."


class Watcher:
    """What a portal would be told, from the door in the data folder."""

    def __init__(self, data: Path) -> None:
        self.facts: list[object] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_until_complete, args=[self._run(data)]
        )
        self._ready = threading.Event()
        self._thread.start()
        assert self._ready.wait(5)

    async def _run(self, data: Path) -> None:
        link = RemoteLink(data)
        self._ended = asyncio.Event()
        keeping = asyncio.create_task(link.keep_up())
        reader = link.events()

        async def listen() -> None:
            async for fact in reader:
                self.facts.append(fact)

        listening = asyncio.create_task(listen())
        while not link.running():
            await asyncio.sleep(0.01)
        self._ready.set()
        await self._ended.wait()
        for task in (keeping, listening):
            task.cancel()
        await asyncio.gather(keeping, listening, return_exceptions=True)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()
        self._loop.close()

    def troubles(self, kind: str, *, over: bool = False) -> list[Trouble]:
        return [
            f for f in self.facts if isinstance(f, Trouble) and (f.kind, f.over) == (kind, over)
        ]


@contextmanager
def watching(data: Path) -> Iterator[Watcher]:
    watcher = Watcher(data)
    try:
        yield watcher
    finally:
        watcher.close()


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[None]:
    """A file system of its own for a folder, so small that it fills up."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk; run it in a container as root")
    folder.mkdir(parents=True, exist_ok=True)
    tmpfs = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k,mode=0700", "none", str(folder)]
    done = subprocess.run(tmpfs, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no small disk here: {done.stderr.strip()}; give the container CAP_SYS_ADMIN")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def phones(office: Office, *lines: str) -> Iterator[list[Phone]]:
    made = [Phone(line, office.port) for line in lines]
    try:
        for each in made:
            assert each.register() == 200
        yield made
    finally:
        for each in made:
            each.close()


def deposit(caller: Phone, line: str, seconds: float) -> list[bytes]:
    """Call a mailbox, skip its greeting, speak; what the caller heard since the beep."""
    assert caller.call(f"*87{line}") == 200
    caller.talk(0.6)
    caller.press("1")
    caller.talk(0.6)
    return caller.talk(seconds, VOICE)


def loud(heard: list[bytes]) -> float:
    """Seconds of sound that is no silence."""
    return sum(len(set(datagram[12:])) > 8 for datagram in heard) * 0.02


def unhurt(office: Office) -> None:
    assert answers(office.port)
    assert not HURT.search(office.said()), office.said()[-5000:]


def test_a_disk_that_fills_up_under_a_message(make_office: MakeOffice) -> None:
    office = make_office(start=False)
    with small_disk(office.data / "spool", 64):
        office.start()
        with watching(office.data) as portal, phones(office, "201", "202") as (anna, bruno):
            heard = deposit(anna, "203", 6.0)  # 64 KiB are 3.7 s
            assert eventually(lambda: portal.troubles("disk_full"))
            assert loud(heard) > 1.0  # he is told
            assert bruno.call("*600") == 200  # and all others go on
            assert loud(bruno.talk(0.4, VOICE)) > 0.2
            bruno.hang_up()
            assert anna.hang_up() == 200
            kept = eventually(lambda: office.messages("203"))
            assert len(kept) == 1 and 3.0 < kept[0]["seconds"] < 4.1  # what the disk took
            subprocess.run(["mount", "-o", "remount,size=4096k", office.data / "spool"], check=True)
            deposit(anna, "203", 3.4)
            anna.hang_up()
            assert eventually(lambda: len(office.messages("203")) == 2)
            assert eventually(lambda: portal.troubles("disk_full", over=True))
        unhurt(office)
        office.stop()


def test_a_disk_with_no_room_at_all(make_office: MakeOffice, tmp_path: Path) -> None:
    model = make_office(start=False)
    disk = tmp_path / "disk"
    with small_disk(disk, 8192):
        subprocess.run(["cp", "-a", f"{model.data}/.", str(disk)], check=True)
        office = Office(disk).start()
        try:
            ballast = disk / "ballast"
            with watching(disk) as portal, phones(office, "201", "202") as (anna, bruno):
                with ballast.open("wb", buffering=0) as file, pytest.raises(OSError):
                    while True:
                        file.write(bytes(4096))
                anna.dial("202")
                bruno.rung()
                bruno.answer()
                assert anna.connected() == 200
                anna.talk(0.4, VOICE)
                assert loud(bruno.ear.drain()) > 0.2
                assert anna.hang_up() == 200
                assert (bye := bruno.next()) and bye.method == "BYE"
                bruno.reply(bye, 200)
                heard = deposit(anna, "203", 1.8)
                assert loud(heard) > 1.0
                assert eventually(lambda: portal.troubles("disk_full"))
                anna.hang_up()
                ballast.unlink()
                deposit(anna, "203", 3.4)
                anna.hang_up()
                assert eventually(lambda: len(office.messages("203")) == 1)
                assert eventually(lambda: len(office.calls()) == 3, 10)  # the histories came late
            unhurt(office)
        finally:
            office.stop()


HOLD = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=10)
held.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
held.execute("ROLLBACK")
"""


def test_a_database_held_for_seconds_holds_nobody_up(make_office: MakeOffice) -> None:
    office = make_office()
    with phones(office, "201", "202", "204") as (anna, bruno, dario):
        holder = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(office.database)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        with phones(office, "203") as (carla,):
            anna.dial("203")  # a phone that nobody has written down yet
            carla.rung()
            carla.answer()
            assert anna.connected() == 200
            deposit(dario, "205", 3.3)
            dario.hang_up()
            assert loud(anna.ear.drain()) == 0
            anna.talk(0.4, VOICE)
            assert loud(carla.ear.drain()) > 0.2
            assert anna.hang_up() == 200
            assert bruno.call("*600") == 200
            assert bruno.hang_up() == 200
            holder.communicate()  # all that was while it held the database: it lets go
            assert holder.returncode == 0
            assert eventually(lambda: len(office.messages("205")) == 1, 10)
            assert eventually(lambda: len(office.calls()) == 3, 10)
            rows = office.rows("SELECT contact FROM registration")
            assert any("sip:203@" in row["contact"] for row in rows)
    unhurt(office)


def test_an_end_in_the_middle_of_a_flood(make_office: MakeOffice) -> None:
    office = make_office()
    over = threading.Event()

    def flood() -> None:
        lie = 'Authorization: Digest username="201", realm="officesmart", nonce="x", response="y"'
        with Stranger(office.port) as crowd:
            while not over.is_set():
                for method in ("REGISTER", "INVITE", "SUBSCRIBE"):
                    crowd.send(whole(crowd.request(method, more=lie)))
                crowd.all(0.0)

    with phones(office, "201") as (anna,):
        assert anna.call("*600") == 200
        crowd = threading.Thread(target=flood)
        crowd.start()
        try:
            anna.talk(0.5, VOICE)
            begin = time.monotonic()
            assert office.stop() == 0
            assert time.monotonic() - begin < 5
        finally:
            over.set()
            crowd.join()
        assert (bye := anna.next()) and bye.method == "BYE"
    assert [record["ended_by"] for record in office.calls()] == ["office"]
    assert not re.search("Traceback|never awaited", office.said()), office.said()[-3000:]


def test_a_kill_in_the_middle_of_a_message(make_office: MakeOffice) -> None:
    office = make_office()
    with phones(office, "201") as (anna,):
        deposit(anna, "202", 3.5)
        office.kill()
    office.start()
    (message,) = eventually(lambda: office.messages("202"))
    assert abs(message["seconds"] - 3.5) <= 1.0
    assert message["caller_number"] == "201" and message["state"] == "new"
    assert abs(read(office.data / message["file"]).seconds - message["seconds"]) < 0.1
    assert list((office.data / "spool").iterdir()) == []
    unhurt(office)
    with phones(office, "202") as (bruno,):
        assert bruno.call("*600", sdp(bruno.ear.port)) == 200
        bruno.hang_up()
