"""Signing in at somebody else's registrar (RFC 3261 s.10.2): how it stands, and when to ask again.

Pure: told answers and the time, it says when it wants to send and for how many seconds. Challenges
are answered below (`asking.py`); where the provider is, and the sending, is the trunk's.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from pbx.sip import uri as uris
from pbx.sip.headers import NameAddr, seconds
from pbx.sip.message import Response

SHORTEST = 30  # seconds between two refreshes at least, whatever a provider grants
AHEAD = 120.0  # seconds before the end at which a long registration is refreshed
FAILED_BASE, FAILED_MOST = 5.0, 300.0  # seconds: pauses after no answer or a fault of theirs
DENIED_BASE, DENIED_MOST = 60.0, 1800.0  # after a refusal: who insists is shut out for longer
RETRY_MOST = 3600  # seconds; of a Retry-After
MOST = 86_400  # seconds; no registration is asked for longer, whatever a 423 wishes


class Phase(Enum):
    """How the sign-in stands."""

    OFF = "off"
    TRYING = "trying"
    "Not up yet, and not refused either."
    UP = "up"
    DOWN = "down"


class Told(Enum):
    """What the machine can be told."""

    BEGIN = "begin"
    GRANTED = "granted"
    "2xx."
    FAILED = "failed"
    "No answer, no connection, 5xx."
    DENIED = "denied"
    "The rest of 3xx to 6xx."
    END = "end"


NEXT = {
    (Phase.OFF, Told.BEGIN): Phase.TRYING,
    (Phase.TRYING, Told.GRANTED): Phase.UP,
    (Phase.TRYING, Told.FAILED): Phase.DOWN,
    (Phase.TRYING, Told.DENIED): Phase.DOWN,
    (Phase.TRYING, Told.END): Phase.OFF,
    (Phase.UP, Told.GRANTED): Phase.UP,
    (Phase.UP, Told.FAILED): Phase.DOWN,
    (Phase.UP, Told.DENIED): Phase.DOWN,
    (Phase.UP, Told.END): Phase.OFF,
    (Phase.DOWN, Told.GRANTED): Phase.UP,
    (Phase.DOWN, Told.FAILED): Phase.DOWN,
    (Phase.DOWN, Told.DENIED): Phase.DOWN,
    (Phase.DOWN, Told.END): Phase.OFF,
}
"What is not here is ignored: a late answer after the end."


class Registration:
    """One sign-in through time. `due`: when to send the next REGISTER, or None."""

    def __init__(self, wish: int, *, random: Callable[[], float]) -> None:
        """wish: seconds to ask for. random: 0 up to 1, for the jitter."""
        self.phase = Phase.OFF
        self.due: float | None = None
        self.wish = wish
        "What is asked for; a 423 makes it more."
        self.until = 0.0
        "When the binding that the provider has runs out; 0: it has none."
        self._failures = 0
        self._denials = 0
        self._lengthened = 0
        self._random = random

    def begin(self, now: float) -> None:
        """Sign in from now on."""
        self._move(Told.BEGIN)
        self.due = now

    def hurry(self, at: float) -> None:
        """Ask at this moment at the latest; nothing while an answer is awaited, or when off."""
        if self.due is not None:
            self.due = min(self.due, at)

    def sent(self) -> None:
        """A REGISTER is on its way."""
        self.due = None

    def granted(self, expires: int, now: float) -> None:
        """2xx, for so many seconds."""
        if not self._move(Told.GRANTED):
            return
        self._failures = self._denials = self._lengthened = 0
        self.until = now + expires
        ahead = max(expires - AHEAD, expires / 2)
        # A little earlier each time: offices that begin together do not all ask together.
        self.due = now + max(SHORTEST, ahead * (0.9 + 0.1 * self._random()))

    def too_brief(self, smallest: int, now: float) -> bool:
        """423: once more with what the provider finds long enough (s.10.2.8). False: that is
        nonsense, and counts as a refusal."""
        if self.phase is Phase.OFF:
            return False
        if self.wish < smallest <= MOST and self._lengthened < 2:
            self._lengthened += 1
            self.wish = smallest
            self.due = now
            return True
        self.denied(now)
        return False

    def failed(self, now: float, *, retry_after: int = 0) -> None:
        """No answer, or a fault of theirs: again after a pause that grows."""
        if self._move(Told.FAILED):
            self._failures += 1
            pause = _growing(FAILED_BASE, FAILED_MOST, self._failures)
            self._wait(pause, retry_after, now)

    def denied(self, now: float, *, retry_after: int = 0) -> None:
        """They do not want us: again after a long pause, somebody may mend it there."""
        if self._move(Told.DENIED):
            self._denials += 1
            pause = _growing(DENIED_BASE, DENIED_MOST, self._denials)
            self._wait(pause, retry_after, now)

    def end(self, now: float) -> bool:
        """Sign in no more. True: the provider still has a binding, which a REGISTER for 0 seconds
        takes away."""
        self._move(Told.END)
        self.due = None
        bound, self.until = self.until > now, 0.0
        return bound

    def _wait(self, pause: float, retry_after: int, now: float) -> None:
        # Between half and all of it (RFC 5626 s.4.5), and never before they want to hear of us.
        pause *= 0.5 + 0.5 * self._random()
        self.due = now + max(pause, min(retry_after, RETRY_MOST))

    def _move(self, told: Told) -> bool:
        after = NEXT.get((self.phase, told))
        if after is None:
            return False
        self.phase = after
        return True


def _growing(base: float, most: float, times: int) -> float:
    return min(most, base * 2.0 ** min(times - 1, 16))


def granted_seconds(response: Response, contact: str, *, asked: int) -> int:
    """For how long a 2xx registers `contact`: its expires parameter, the Expires header, else what
    was asked for (s.10.2.4). Some providers write our Contact back with another address; then the
    shortest of those they name counts."""
    ours: list[int] = []
    others: list[int] = []
    for text in response.get_all("Contact"):
        try:
            one = NameAddr.parse(text)
            given = seconds(one.params.get("expires", "") or response.get("Expires"))
        except ValueError:
            continue
        (ours if _same(one.uri, contact) else others).append(given)
    try:
        found = min(ours or others or [seconds(response.get("Expires"))])
    except ValueError:
        found = asked
    return found if 0 < found <= MOST else asked


def _same(one: str, other: str) -> bool:
    try:
        return uris.same(uris.parse(one), uris.parse(other))
    except ValueError:
        return False


def number_in(response: Response, name: str) -> int:
    """The seconds that a header such as Min-Expires or Retry-After says; 0 without one."""
    try:
        return seconds(response.get(name))
    except ValueError:
        return 0
