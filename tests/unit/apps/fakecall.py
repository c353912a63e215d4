"""A caller on paper: what he presses when he hears something, what he says after the beep.

`reactions` maps what is heard to what he does then, in order: keys, `HANG_UP`, or
`After(seconds, keys)` in the middle of a sound. What he heard stands in `heard`, prompt ids as they
are, a file as "sound", a tone by its name.
"""

from __future__ import annotations

import asyncio
import wave
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pbx.calls.api import HungUp, Words
from pbx.events.kinds import Party
from pbx.media.engine import File, Recorded, Tone

HANG_UP = "hang up"


class KillNine(BaseException):
    """The process died here."""


@dataclass(frozen=True)
class After:
    """Something done in the middle of a sound."""

    seconds: float
    do: str


@dataclass(frozen=True)
class Speaks:
    """What comes after a beep: so many seconds of sound, and how the recording ends."""

    seconds: float
    ended: str = "digit"
    error: str = ""
    "With 'failed'."


Reaction = str | After


class FakeCall:
    """Implements `calls.api.Call` without sound, without time, without waiting."""

    def __init__(
        self,
        *speaks: Speaks | BaseException,
        reactions: Mapping[str, Sequence[Reaction]] | None = None,
        caller: Party | None = None,
        language: str = "it",
        id: str = "c7f2",
    ) -> None:
        self.id = id
        self.caller = caller if caller is not None else Party("202", "Bianchi", "202")
        self.dialled = ""
        self.language = language
        self.heard: list[str] = []
        self.spoken_in: list[str] = []
        self.answered = False
        self.hung_up_by = ""
        self.transferred = ""
        self.seconds = 0.0
        "The call's own time; only sounds make it go on."
        self._speaks = deque(speaks)
        self._reactions = {heard: deque(does) for heard, does in (reactions or {}).items()}
        self._keys: deque[str] = deque()

    # --- the verbs -----------------------------------------------------------------------------

    async def answer(self) -> None:
        self._alive()
        self.answered = True

    async def deny(self, status: int = 603, reason: str = "Decline") -> None:
        self._alive()
        self.hung_up_by = "office"

    async def hangup(self) -> None:
        self.hung_up_by = self.hung_up_by or "office"

    async def play(self, *words: Words | Sequence[Words], stop_on: str = "0123456789*#") -> str:
        await asyncio.sleep(0)
        self._alive()
        for word in self._flat(words):
            if self._keys and self._keys[0] in stop_on:
                return self._keys[0]
            self._hear(word)
        return self._keys[0] if self._keys and self._keys[0] in stop_on else ""

    async def get_dtmf(self, length: int = 1, seconds: float = 5.0, *, end: str = "#") -> str:
        await asyncio.sleep(0)
        got = ""
        while len(got) < length:
            self._alive()
            if not self._keys:
                break
            key = self._keys.popleft()
            if key in end:
                return key if length == 1 else got
            got += key
        return got

    def forget_digits(self) -> None:
        self._keys.clear()

    async def record(
        self, path: Path, *, seconds: float = 180.0, stop: str = "#", silence: float = 10.0
    ) -> Recorded:
        self._alive()
        says = self._speaks.popleft()
        if isinstance(says, BaseException):
            write_sound(path, 7.0)
            raise says
        length = min(says.seconds, seconds)
        write_sound(path, length)
        if says.ended == "hung_up":
            self.hung_up_by = "caller"
        if says.ended == "digit":
            # As on a real line: the key ends the recording and is also heard by the next menu.
            self._keys.append(stop[0])
        digit = stop[0] if says.ended == "digit" else ""
        return Recorded(path, length, says.ended, digit, says.error, (10, 20, 30))

    async def echo(self, *, stop: str = "#") -> str:
        self._alive()
        self.heard.append("echo")
        for key in self._reactions.get("echo", ()):
            if isinstance(key, str) and key in stop:
                return key
        self.hung_up_by = "caller"
        raise HungUp

    async def transfer(self, number: str, *, payer: str = "", seconds: int = 0) -> None:
        self._alive()
        self.transferred = number

    # --- inside --------------------------------------------------------------------------------

    def _alive(self) -> None:
        if self.hung_up_by:
            raise HungUp

    def _hear(self, word: Words) -> None:
        if isinstance(word, File):
            name, length = "sound", length_of(word.path)
        elif isinstance(word, Tone):
            name, length = word.name, 0.5
        else:
            name, length = str(word), 1.0
        self.heard.append(name)
        self.spoken_in.append(self.language)
        does = self._reactions.get(name)
        if not does:
            self.seconds += length
            return
        reaction = does.popleft()
        if isinstance(reaction, After):
            self.seconds += reaction.seconds
            reaction = reaction.do
        else:
            self.seconds += length
        if reaction == HANG_UP:
            self.hung_up_by = "caller"
            raise HungUp
        self._keys.extend(reaction)

    def _flat(self, words: Sequence[Words | Sequence[Words]]) -> list[Words]:
        flat: list[Words] = []
        for word in words:
            if isinstance(word, str | File | Tone) or not isinstance(word, Sequence):
                flat.append(word)
            else:
                flat.extend(word)
        return flat


def write_sound(path: Path, seconds: float) -> None:
    """A WAV file of a quiet ramp, so long."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * round(8000 * seconds)))


def length_of(path: Path) -> float:
    """Its length in seconds."""
    with wave.open(str(path), "rb") as file:
        return file.getnframes() / file.getframerate()
