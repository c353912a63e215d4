"""How often a mailbox's PIN may be tried: growing pauses across calls, in memory.

Within a call there are three tries; this guards against calling again and again. The first calls
cost nothing (people mistype), then each further three wrong tries close the mailbox for a while.
The owner's own phone, which has signed in with its own password, is counted apart: nobody can
lock an owner out from elsewhere. A right PIN forgets everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

FREE = 9
"Wrong tries before the first pause: three whole calls."
EACH = 3
"Wrong tries between two pauses: one call."
PAUSES = (60, 300, 900, 3600)
"Seconds, as for sign-ins on the pages (behaviour.md s.2); the last one repeats."


@dataclass(slots=True)
class _Tries:
    wrong: int = 0
    closed_until: datetime | None = None


class PinGuard:
    """Counts wrong tries; bounded by the number of mailboxes, only real ones are counted."""

    def __init__(self) -> None:
        self._tries: dict[tuple[str, bool], _Tries] = {}

    def is_closed(self, mailbox: str, *, own_phone: bool, now: datetime) -> bool:
        """Whether no PIN is accepted from there at the moment, right or wrong."""
        tries = self._tries.get((mailbox, own_phone))
        return tries is not None and tries.closed_until is not None and now < tries.closed_until

    def wrong(self, mailbox: str, *, own_phone: bool, now: datetime) -> None:
        """A wrong PIN."""
        tries = self._tries.setdefault((mailbox, own_phone), _Tries())
        tries.wrong += 1
        beyond, odd = divmod(tries.wrong - FREE, EACH)
        if beyond >= 0 and odd == 0:
            pause = PAUSES[min(beyond, len(PAUSES) - 1)]
            tries.closed_until = now + timedelta(seconds=pause)

    def right(self, mailbox: str, *, own_phone: bool) -> None:
        """The right PIN."""
        self._tries.pop((mailbox, own_phone), None)
