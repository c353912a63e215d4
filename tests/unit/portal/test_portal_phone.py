"""The PBX behind the portal, and the honest word when there is none."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from officesmart import phone as module
from officesmart.phone import Phone, Why, service_running
from pbx.config import Config
from pbx.events.board import Board
from pbx.link import LinkDown
from pbx.service import AlreadyRunning, Lock, Service


class Up:
    """A link to a PBX that can be stopped."""

    up = True

    def running(self) -> bool:
        return self.up

    def board(self) -> Board:
        return Board()


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Phone:
    """The process's own phone, new."""
    monkeypatch.delenv("OFFICESMART_PBX", raising=False)
    fresh = Phone()
    monkeypatch.setattr(module, "phone", fresh)
    return fresh


def stand_in(service: type) -> SimpleNamespace:
    """The module of the PBX, with another service in it."""
    return SimpleNamespace(Service=service, AlreadyRunning=AlreadyRunning)


def during(config: Config, held: Phone) -> Why | None:
    """What the pages say while the portal runs."""

    async def story() -> Why | None:
        async with service_running(config):
            return held.why()

    return asyncio.run(story())


def test_without_a_link_every_command_says_so() -> None:
    phone = Phone()
    assert not phone.running() and phone.board() == Board() and phone.events() is None
    for command in (
        phone.call("201", "202", key="k"),
        phone.hang_up("c"),
        phone.sign_out_phone(1),
        phone.settings_changed(),
    ):
        with pytest.raises(LinkDown):
            asyncio.run(command)
    asyncio.run(phone.mailbox_changed("201"))  # no lamps: nothing is lost


def test_a_pbx_that_stops_is_noticed() -> None:
    phone, link = Phone(), Up()
    phone.use(link)  # type: ignore[arg-type]
    assert phone.running()
    link.up = False
    why = phone.why()
    assert why is not None and "fermato" in why.it and "stopped" in why.en
    with pytest.raises(LinkDown):
        asyncio.run(phone.hang_up("c"))


def test_a_lock_held_elsewhere_is_told_with_its_remedy(held: Phone, tmp_path: Path) -> None:
    lock = Lock(tmp_path)
    try:
        why = during(Config(data=tmp_path), held)
    finally:
        lock.release()
    assert why is not None
    assert "already answers" in why.en and "OFFICESMART_DATA" in why.it


def test_whatever_keeps_the_pbx_from_starting_is_told_and_the_portal_stays(
    held: Phone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def __init__(self, config: Config) -> None:
            raise OSError(98, "Address already in use")

    monkeypatch.setitem(sys.modules, "pbx.service", stand_in(Broken))
    why = during(Config(data=tmp_path), held)
    assert why is not None and "Address already in use" in why.it


def test_the_pbx_lives_as_long_as_the_portal(
    held: Phone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    class Fine:
        link = Up()

        def __init__(self, config: Config) -> None:
            told.append("made")

        def start(self) -> None:
            told.append("started")

        def stop(self) -> None:
            told.append("stopped")

    monkeypatch.setitem(sys.modules, "pbx.service", stand_in(Fine))
    assert during(Config(data=tmp_path), held) is None
    assert told == ["made", "started", "stopped"]
    assert not held.running()


def test_left_out_on_purpose_is_said_too(
    held: Phone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OFFICESMART_PBX", "off")
    why = during(Config(data=tmp_path), held)
    assert why is not None and "OFFICESMART_PBX" in why.it


def test_the_real_service_is_what_the_portal_expects() -> None:
    service = Service(Config())
    for name in ("start", "stop", "link"):
        assert hasattr(service, name)
    for name in ("running", "board", "events", "call", "hang_up", "mailbox_changed"):
        assert hasattr(service.link, name)
