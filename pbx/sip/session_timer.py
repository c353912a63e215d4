"""Session timers (RFC 4028): who refreshes a call, how often, and when silence ends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pbx.sip.grammar import number
from pbx.sip.message import Message
from pbx.sip.timers import Timer, Timers

SMALLEST = 90  # seconds, RFC 4028 s.4: no interval may be shorter
LONGEST = 24 * 3600  # seconds; a longer interval is as good as none, and is shortened


@dataclass(frozen=True, slots=True)
class Interval:
    """A Session-Expires header."""

    seconds: int
    refresher: str = ""
    "'uac', 'uas' or '' when it is left open."

    def __str__(self) -> str:
        return f"{self.seconds};refresher={self.refresher}" if self.refresher else f"{self.seconds}"


def read(message: Message) -> Interval | None:
    """Their Session-Expires; None without one, or when it cannot be read."""
    text, _, params = message.get("Session-Expires").partition(";")
    try:
        seconds = number(text.strip())
    except ValueError:
        return None
    for param in params.split(";"):
        name, _, value = param.partition("=")
        if name.strip().lower() == "refresher" and value.strip().lower() in ("uac", "uas"):
            return Interval(seconds, value.strip().lower())
    return Interval(seconds)


def min_se(message: Message) -> int:
    """Their Min-SE, 90 at least (RFC 4028 s.5)."""
    try:
        return max(SMALLEST, number(message.get("Min-SE").partition(";")[0].strip()))
    except ValueError:
        return SMALLEST


def too_short(request: Message, smallest: int) -> bool:
    """Whether a request is to be refused with 422 (RFC 4028 s.9): it can take one, and asks less
    than `smallest`."""
    wish = read(request)
    return (
        wish is not None
        and wish.seconds < max(smallest, SMALLEST)
        and request.mentions("Supported", "timer")
    )


def answer_to(request: Message, ours: int, *, smallest: int) -> Interval | None:
    """What our 2xx is to say (RFC 4028 s.9); None: no timer on this session.

    We refresh unless they want to: a phone that does it badly would lose calls, and we do it well.
    When they know neither the timer nor UPDATE they are left in peace.
    """
    wish = read(request)
    knows = request.mentions("Supported", "timer") or request.mentions("Require", "timer")
    if not knows and not request.mentions("Allow", "UPDATE"):
        return None
    lowest = max(min_se(request), smallest, SMALLEST)
    seconds = max(min(wish.seconds if wish else ours, ours), lowest)
    if knows and wish is not None and wish.refresher == "uac":
        return Interval(seconds, "uac")
    return Interval(seconds, "uas")


class SessionTimer:
    """The two moments of a running session: our refresh at half time, the end when none came."""

    __slots__ = (
        "_end", "_expired", "_limit", "_refresh", "_timers", "interval", "smallest", "we_refresh",
    )  # fmt: skip

    def __init__(
        self, timers: Timers, *, refresh: Callable[[], None], expired: Callable[[], None]
    ) -> None:
        self._timers = timers
        self._refresh = refresh
        self._expired = expired
        self._end: Timer | None = None
        self._limit: Timer | None = None
        self.interval: Interval | None = None
        "What runs; refresher is 'uac' or 'uas' of the exchange that set it."
        self.we_refresh = False
        self.smallest = SMALLEST
        "The highest Min-SE that a 422 taught us."

    def agreed(self, interval: Interval | None, *, we_refresh: bool) -> None:
        """A 2xx to an INVITE or UPDATE was sent or came: begin anew, or run no more when None."""
        self.stop()
        self.interval = interval
        self.we_refresh = we_refresh
        if interval is None:
            return
        seconds = min(max(interval.seconds, SMALLEST), LONGEST)
        # RFC 4028 s.10: the end comes before the interval is over, 32 seconds or a third of it.
        self._limit = self._timers.after(seconds - min(32, seconds / 3), self._expired)
        if we_refresh:
            self._end = self._timers.after(seconds / 2, self._refresh)

    def request_headers(self) -> list[tuple[str, str]]:
        """What our re-INVITE or UPDATE says: who refreshes stays who it is (RFC 4028 s.7.4)."""
        if self.interval is None:
            return []
        seconds = max(self.interval.seconds, self.smallest)
        wish = Interval(seconds, "uac" if self.we_refresh else "uas")
        headers = [("Session-Expires", str(wish))]
        if self.smallest > SMALLEST:
            headers.append(("Min-SE", str(self.smallest)))
        return headers

    def refreshed(self, response: Message) -> None:
        """Our re-INVITE or UPDATE was answered 2xx (RFC 4028 s.7.2)."""
        given = read(response)
        if given is not None:
            self.agreed(given, we_refresh=given.refresher != "uas")
        elif self.we_refresh:
            # They know no timer: we go on asking, and hear it when they are gone.
            self.agreed(self.interval, we_refresh=True)
        else:
            self.agreed(None, we_refresh=False)

    def answer(self, request: Message, ours: int, *, smallest: int) -> list[tuple[str, str]]:
        """Take up what a request of theirs asks, and say what the 2xx to it is to say (s.9)."""
        interval = answer_to(request, ours, smallest=smallest)
        if interval is None:
            self.agreed(self.interval, we_refresh=self.we_refresh)
            return []
        self.agreed(interval, we_refresh=interval.refresher == "uas")
        headers = [("Session-Expires", str(interval))]
        if interval.refresher == "uac":
            headers.append(("Require", "timer"))
        return headers

    def stop(self) -> None:
        """No session any more."""
        for timer in (self._end, self._limit):
            if timer is not None:
                timer.cancel()
        self._end = self._limit = None
