"""What the terminal changed is told to the office that runs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from officesmart import doctor, reach
from officesmart.doctor import State
from pbx.config import Config
from pbx.door import Door
from pbx.events.board import Board, Worker
from pbx.events.bus import Reader
from pbx.link import NoLink


class Office(NoLink):
    """A running PBX, as far as its door is concerned."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.workers = {0: Worker(0, 4711, True), 1: Worker(1, 4712, False)}

    def running(self) -> bool:
        return True

    def board(self) -> Board:
        return Board(workers=self.workers)

    def events(self) -> Reader:
        return Reader(asyncio.get_running_loop())

    def close_events(self, reader: Reader) -> None:
        pass

    async def settings_changed(self) -> None:
        self.told.append("settings")

    async def mailbox_changed(self, line: str) -> None:
        self.told.append(line)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Office]:
    """A PBX that answers at its door, on a thread of its own."""
    office = Office()
    ready = threading.Event()
    end: list[Callable[[], object]] = []

    async def serve() -> None:
        door, ending = Door(office, tmp_path), asyncio.Event()  # type: ignore[arg-type]
        await door.open()
        loop = asyncio.get_running_loop()
        end.append(lambda: loop.call_soon_threadsafe(ending.set))
        ready.set()
        await ending.wait()
        await door.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(10)
    yield office
    end[0]()
    thread.join(10)


def test_a_running_office_is_told(running: Office, tmp_path: Path) -> None:
    assert reach.tell(tmp_path, mailboxes=["201", "202"])
    assert running.told == ["settings", "201", "202"]


def test_without_an_office_nobody_is_waited_for(tmp_path: Path) -> None:
    assert not reach.tell(tmp_path)


def test_a_socket_that_a_crash_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "LIMIT", 0.1)
    (tmp_path / reach.SOCKET).touch()
    assert not reach.tell(tmp_path)
    assert reach.board(tmp_path) is None
    (finding,) = doctor.workers(Config(data=tmp_path))
    assert finding.state is State.BAD and "door" in finding.said


def test_the_doctor_counts_workers(running: Office, tmp_path: Path) -> None:
    first, *_ = doctor.workers(Config(data=tmp_path, media_workers=2))
    assert (first.state, first.said[:10]) == (State.BAD, "1 of 2 ali")
    first, *_ = doctor.workers(Config(data=tmp_path, media_workers=1))
    assert first.state is State.GOOD
