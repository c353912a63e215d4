"""A leg in the hands of an application: the awaitable verbs of `calls/api.py`."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pbx.calls.api import HungUp, Words
from pbx.calls.keeper import Keeper
from pbx.calls.leg import Leg
from pbx.calls.switch import Switch
from pbx.events.kinds import Party
from pbx.media.engine import File, MediaGone, Recorded, Sound

T = TypeVar("T")
KEYS_KEPT = 64  # pressed ahead of the menus; more is a cat on the keyboard


class AppCall(Keeper):
    """One caller in one application (implements `calls.api.Call`)."""

    def __init__(
        self,
        switch: Switch,
        leg: Leg,
        *,
        call_id: str,
        dialled: str,
        language: str,
        on_answer: Callable[[], None],
        on_transfer: Callable[[str, str, int], Awaitable[bool]],
    ) -> None:
        self.switch = switch
        self.leg = leg
        self.id = call_id
        self.caller: Party = leg.party
        self.dialled = dialled
        self.language = language
        self._on_answer = on_answer
        self._transfer = on_transfer
        self._keys: deque[str] = deque(maxlen=KEYS_KEPT)
        self._pressed = asyncio.Event()
        self._stop_on = ""
        self._stop_recording_on = ""
        self.denied = 0
        "The status that the application refused the call with."
        self._gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        leg.keeper = self

    # --- verbs ---------------------------------------------------------------------------------

    async def answer(self) -> None:
        """Take the call (200 OK). Twice does no harm."""
        self._alive()
        await self._opened()
        self.leg.hush()
        self.leg.answer()
        self._on_answer()

    async def deny(self, status: int = 603, reason: str = "Decline") -> None:
        """Refuse the call unanswered; a caller already connected hears the busy tone."""
        self._alive()
        self.denied = status
        await self.leg.fail(status, reason)

    async def hangup(self) -> None:
        """End the call. Does not raise."""
        self.leg.end()

    async def play(self, *words: Words | Sequence[Words], stop_on: str = "0123456789*#") -> str:
        """Say prompts; see `calls.api.Call.play`."""
        self._alive()
        await self._opened()
        sounds = self._sounds(words)
        self._stop_on = stop_on
        try:
            await self._or_hung_up(self._play(sounds))
            return self._cutting()
        finally:
            self._stop_on = ""

    async def get_dtmf(self, length: int = 1, seconds: float = 5.0, *, end: str = "#") -> str:
        """Keys; see `calls.api.Call.get_dtmf`."""
        got = ""
        while len(got) < length:
            self._alive()
            if not self._keys and not await self._next_key(seconds):
                break
            key = self._keys.popleft()
            if key in end:
                return key if length == 1 else got
            got += key
        return got

    def forget_digits(self) -> None:
        """Throw away keys pressed too early."""
        self._keys.clear()

    async def record(
        self, path: Path, *, seconds: float = 180.0, stop: str = "#", silence: float = 10.0
    ) -> Recorded:
        """Record the caller; see `calls.api.Call.record`."""
        self._alive()
        await self._opened()
        assert self.leg.stream is not None
        self._stop_recording_on = stop
        try:
            return await self.leg.stream.record(
                path, max_seconds=seconds, silence_seconds=silence, stop_digits=stop
            )
        except MediaGone as gone:
            raise HungUp from gone
        finally:
            self._stop_recording_on = ""

    async def echo(self, *, stop: str = "#") -> str:
        """Send the caller's sound back; see `calls.api.Call.echo`."""
        self._alive()
        await self._opened()
        assert self.leg.stream is not None
        self.switch.media.connect(self.leg.stream, self.leg.stream)
        try:
            while True:
                if not self._keys:
                    self._pressed.clear()
                    await self._pressed.wait()
                self._alive()
                key = self._keys.popleft() if self._keys else ""
                if key and key in stop:
                    return key
        finally:
            self.switch.media.disconnect(self.leg.stream)

    async def transfer(self, number: str, *, payer: str = "", seconds: int = 0) -> None:
        """Hand the caller on; returns only when nobody took the call, the caller being back."""
        self._alive()
        taken = await self._transfer(number, payer, seconds)
        if taken:
            raise HungUp
        self.leg.keeper = self
        self.leg.hush()
        self._alive()

    # --- what the caller does ------------------------------------------------------------------

    def on_digit(self, leg: Leg, digit: str, *, in_band: bool) -> None:
        """Keep the key, and cut a prompt short that it may."""
        self._keys.append(digit)
        self._pressed.set()
        stream = self.leg.stream
        if stream is None:
            return
        if digit in self._stop_on:
            stream.stop_playing()
        if not in_band and digit in self._stop_recording_on:  # the stream heard the others itself
            stream.stop_recording()

    def on_gone(self, leg: Leg, why: str) -> None:
        """Every verb raises from now on, the one under way first."""
        if not self._gone.done():
            self._gone.set_result(None)
        self._pressed.set()

    # --- inside --------------------------------------------------------------------------------

    async def _play(self, sounds: Sequence[Sound]) -> None:
        # Begun a turn of the loop later than asked for: a key may have come in between.
        if not self._cutting():
            assert self.leg.stream is not None
            await self.leg.stream.play(sounds)

    def _cutting(self) -> str:
        """The first of the waiting keys that cuts what plays now short."""
        return next((key for key in self._keys if key in self._stop_on), "")

    def _alive(self) -> None:
        if self.leg.gone:
            raise HungUp

    async def _opened(self) -> None:
        if self.leg.stream is None:
            try:
                await self.leg.open()
            except MediaGone as gone:
                raise HungUp from gone

    async def _next_key(self, seconds: float) -> bool:
        self._pressed.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._pressed.wait()
        except TimeoutError:
            return False
        self._alive()
        return bool(self._keys)

    async def _or_hung_up(self, deed: Awaitable[T]) -> T:
        """The deed's answer, unless the caller leaves first."""
        task: asyncio.Future[T] = asyncio.ensure_future(deed)
        try:
            either: set[asyncio.Future[Any]] = {task, self._gone}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if self._gone.done() or self.leg.gone:
                raise HungUp
            return task.result()
        except MediaGone as gone:
            raise HungUp from gone
        finally:
            if not task.done():
                task.cancel()
            elif not task.cancelled():
                task.exception()  # looked at, so that nobody complains of it later

    def _sounds(self, words: Sequence[Words | Sequence[Words]]) -> list[Sound]:
        sounds: list[Sound] = []
        for word in words:
            if isinstance(word, str):
                sounds.append(File(self.switch.prompt(word, self.language)))
            elif isinstance(word, Sequence):
                sounds.extend(self._sounds(word))
            else:
                sounds.append(word)
        return sounds
