"""Browsers without windows: what a tab of the portal says and hears, and nothing else.

A tab is a websocket that speaks Socket.IO 5 over Engine.IO 4 as the built pages do: the first
event travels with the connection, a later one is `42/_event,["event",{...}]`, and so is every
answer.
"""

from __future__ import annotations

import asyncio
import json
import time
import urllib.request
import uuid
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect

NAMESPACE = "/_event"
EVENT = f"42{NAMESPACE},"
HYDRATE = "reflex___state____state.hydrate_and_load"
READY = "ready_rx_state_"
PATIENCE = 20.0  # seconds until a tab that hears nothing is a failure


def sign_in(address: str, number: str, password: str) -> str:
    """The Cookie header of a new session. address: http://host:port."""
    request = urllib.request.Request(
        f"{address}/session/in",
        data=json.dumps({"number": number, "password": password}).encode(),
        headers={"Content-Type": "application/json", "Origin": address},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        cookies = answer.headers.get_all("Set-Cookie") or []
    return "; ".join(cookie.split(";", 1)[0] for cookie in cookies)


def sign_out(address: str, cookie: str) -> None:
    """End the session."""
    request = urllib.request.Request(
        f"{address}/session/out",
        data=b"{}",
        headers={"Content-Type": "application/json", "Origin": address, "Cookie": cookie},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        answer.read()


class Tab:
    """One open page."""

    def __init__(self, address: str, cookie: str, path: str = "/") -> None:
        self._address, self._cookie = address, cookie
        self._place = {"pathname": path, "asPath": path}
        self._socket: ClientConnection
        self._listening: asyncio.Task[None]
        self._heard: asyncio.Queue[tuple[float, dict[str, Any]]] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        """Open it, and wait until the page says who is there."""
        host = self._address.removeprefix("http://")
        self._socket = await connect(
            f"ws://{host}{NAMESPACE}/?token={uuid.uuid4()}&EIO=4&transport=websocket",
            origin=self._address,  # type: ignore[arg-type]
            additional_headers={"Cookie": self._cookie, "User-Agent": "Office Smart bench"},
            max_size=None,
            compression=None,
        )
        await self._socket.recv()  # Engine.IO's greeting
        event = {"name": HYDRATE, "payload": {}, "router_data": self._place}
        await self._socket.send(f"40{NAMESPACE}," + json.dumps({"event": event}))
        self._listening = asyncio.create_task(self._listen())
        await self.until(lambda delta: f'"{READY}": true' in json.dumps(delta))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listening.cancel()
        await self._socket.close()

    async def _listen(self) -> None:
        async for frame in self._socket:
            text = frame if isinstance(frame, str) else frame.decode()
            if text == "2":
                await self._socket.send("3")
            elif text.startswith(EVENT):
                told = json.loads(text[len(EVENT) :])[1]
                self._heard.put_nowait((time.perf_counter(), told.get("delta") or {}))

    async def until(self, enough: Any) -> float:
        """When the first news came of which `enough` holds; seconds of perf_counter."""
        async with asyncio.timeout(PATIENCE):
            while True:
                at, delta = await self._heard.get()
                if enough(delta):
                    return at

    def forget(self) -> None:
        """What was heard so far does not count."""
        while not self._heard.empty():
            self._heard.get_nowait()

    async def click(self, handler: str, payload: dict[str, Any] | None = None) -> float:
        """Call a handler of the page; seconds until its answer."""
        self.forget()
        event = {"name": handler, "payload": payload or {}, "router_data": self._place}
        began = time.perf_counter()
        await self._socket.send(EVENT + json.dumps(["event", event]))
        return await self.until(bool) - began
