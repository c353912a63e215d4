"""Providers' names: asked for in a thread, IPv4 first, never waited for without end."""

from __future__ import annotations

import asyncio
import socket
import threading
import time

import pytest

from pbx.peers import resolve


def answers(*found: tuple[socket.AddressFamily, str]) -> list[object]:
    return [(family, socket.SOCK_DGRAM, 17, "", (host, 0)) for family, host in found]


def test_an_address_is_itself() -> None:
    assert asyncio.run(resolve.resolve("192.0.2.7")) == ("192.0.2.7",)
    assert asyncio.run(resolve.resolve("[2001:db8::1]")) == ("2001:db8::1",)
    assert resolve.is_address("[::1]") and not resolve.is_address("sip.example")


def test_ipv4_comes_first_and_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    found = answers(
        (socket.AF_INET6, "2001:db8::1"),
        (socket.AF_INET, "192.0.2.7"),
        (socket.AF_INET, "192.0.2.8"),
        (socket.AF_INET, "192.0.2.7"),
    )
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **more: found)
    addresses = asyncio.run(resolve.resolve("sip.example"))
    assert addresses == ("192.0.2.7", "192.0.2.8", "2001:db8::1")


def test_a_name_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*asked: object, **more: object) -> None:
        raise socket.gaierror("unknown")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(OSError, match="unknown"):
        asyncio.run(resolve.resolve("sip.example"))


def test_a_slow_name_server_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()

    def slow(*asked: object, **more: object) -> list[object]:
        done.wait(5)
        return answers((socket.AF_INET, "192.0.2.7"))

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    monkeypatch.setattr(resolve, "PATIENCE", 0.05)

    async def story() -> int:
        turns = 0
        asking = asyncio.create_task(resolve.resolve("sip.example"))
        while not asking.done():
            await asyncio.sleep(0.001)
            turns += 1
        with pytest.raises(TimeoutError):
            await asking
        done.set()
        return turns

    began = time.monotonic()
    assert asyncio.run(story()) > 5
    assert time.monotonic() - began < 4
