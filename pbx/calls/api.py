"""The call as an application sees it (`pbx/apps/`): awaitable verbs, and never a SIP message.

The verbs keep the names of pyVoIP's `VoIPCall` where they say the same thing (answer, deny,
hangup, get_dtmf). Every verb raises `HungUp` when the caller is gone, so an application needs no
timers and no states of its own: cleaning up is `finally`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from pbx.events.kinds import Party
from pbx.media.engine import Recorded, Sound


class HungUp(Exception):
    """The caller is gone; raised by whatever verb the application was in."""


Words = str | Sound
"A prompt id such as 'mailbox.welcome', or a sound made by pbx.media.prompts or of our own."


class Call(Protocol):
    """One caller in one application."""

    id: str
    "The short id of the call (logs, records and events carry the same)."
    caller: Party
    dialled: str
    language: str
    "'it' or 'en': which prompts are played; an application may change it."

    async def answer(self) -> None:
        """Take the call (200 OK). Twice does no harm."""
        ...

    async def deny(self, status: int = 603, reason: str = "Decline") -> None:
        """Refuse the call unanswered."""
        ...

    async def hangup(self) -> None:
        """End the call. Does not raise."""
        ...

    async def play(self, *words: Words | Sequence[Words], stop_on: str = "0123456789*#") -> str:
        """Say prompts or play sounds, one after the other; a key in `stop_on` cuts them short.

        Answers the key that did so, which stays in the keys waiting for `get_dtmf`; "" when played
        to the end. A key of `stop_on` that already waits skips the sound altogether: who knows the
        menu need not hear it.
        """
        ...

    async def get_dtmf(self, length: int = 1, seconds: float = 5.0, *, end: str = "#") -> str:
        """Up to `length` keys. Ends early on a key of `end` (not part of the answer, unless length
        is 1: then it is the answer), or when no key comes for `seconds`. "" when nothing came."""
        ...

    def forget_digits(self) -> None:
        """Throw away keys pressed too early."""
        ...

    async def record(
        self, path: Path, *, seconds: float = 180.0, stop: str = "#", silence: float = 10.0
    ) -> Recorded:
        """Record the caller into a file until a stop key, silence, the limit or the hang-up.

        The hang-up does not raise here: it is how people end a message, and the answer says so
        (ended='hung_up'). The next verb raises.
        """
        ...

    async def echo(self, *, stop: str = "#") -> str:
        """Send the caller's sound back until a key of `stop`, which is the answer."""
        ...

    async def transfer(self, number: str, *, payer: str = "", seconds: int = 0) -> None:
        """Blind transfer of the caller: the hub decides, as for any dialled number.

        payer: the extension whose rights count; without it the caller's own. seconds: how long
        somebody may take to answer, no mailbox being somebody; 0: as for any call. Returns when
        nobody took it; the caller hears the application again.
        """
        ...
