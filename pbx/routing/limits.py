"""Limits against toll fraud: how much may leave the office at once and in an hour.

Pure: what has been spent is an argument. Who counts, and takes a place the moment it is free, is
`calls/toll.py`. An emergency call is never asked about.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import Field

from pbx.numbers import national
from pbx.routing.feature import FeatureOptions, options_for
from pbx.routing.office import Office

NAME = "outside_limits"
DEAR = frozenset({"international", "premium"})
"Classes of `routing.rights` that cost enough to be counted by the hour."
HOUR = timedelta(hours=1)
LEAST_SECONDS = 60.0
"A dear call begins only while this much of the hour's allowance is left: less is no conversation."


class LimitOptions(FeatureOptions):
    """What a line, and the office as a whole, may have under way or spend in an hour.

    The defaults are meant to be met by nobody who works and by everybody who steals: a line of one
    person never has six calls outside at once, and a night of forged calls to satellites (some 5
    euros a minute) ends after the office's 120 minutes an hour instead of going on by the thousand.
    """

    calls: int = Field(default=6, ge=0, le=999)
    forwards: int = Field(default=3, ge=0, le=999)
    dear_calls: int = Field(default=20, ge=0, le=999)
    dear_minutes: int = Field(default=60, ge=0, le=9999)
    office_calls: int = Field(default=60, ge=0, le=9999)
    office_forwards: int = Field(default=20, ge=0, le=9999)
    office_dear_calls: int = Field(default=60, ge=0, le=9999)
    office_dear_minutes: int = Field(default=120, ge=0, le=99999)
    closed_bar: bool = False
    closed_hours: int = 0


OF_A_LINE = ("calls", "forwards", "dear_calls", "dear_minutes")
"The limits that a line may have of its own."


@dataclass(frozen=True, slots=True)
class Spent:
    """One call outside: who pays for it, and when it talked."""

    payer: str
    "Extension; empty: the office itself (a number of its own that goes on outside)."
    kind: str
    "A class of `routing.rights`."
    began: datetime
    "When it was allowed to leave, aware."
    answered: datetime | None = None
    ended: datetime | None = None

    @property
    def dear(self) -> bool:
        """Whether it counts by the hour."""
        return self.kind in DEAR

    def seconds(self, now: datetime) -> float:
        """For how long it talked within the hour before `now`."""
        if self.answered is None:
            return 0.0
        until = min(self.ended or now, now)
        return max(0.0, (until - max(self.answered, now - HOUR)).total_seconds())


@dataclass(frozen=True, slots=True)
class Use:
    """What one line, or the office, has under way and has spent in the last hour."""

    calls: int = 0
    forwards: int = 0
    dear_calls: int = 0
    dear_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A limit that was met."""

    limit: str
    "'calls', 'forwards', 'dear_calls' or 'dear_minutes'."
    most: int
    "Where it stands."
    line: str = ""
    "The extension that met its own limit; empty: the office's."
    payer: str = ""
    "Who would have paid."
    number: str = ""
    "What was to be called: E.164 or the digits of a service."
    ended: bool = False
    "A call under way was ended by it; else one was not let out."

    def words(self) -> tuple[str, str]:
        """What happened, in Italian and English."""
        who_it = f"l'interno {self.line}" if self.line else "l'ufficio"
        who_en = f"extension {self.line}" if self.line else "the office"
        it, en = _WORDS[self.limit]
        shown = national(self.number)
        does_it = "è stata chiusa" if self.ended else "non è partita"
        does_en = "was ended" if self.ended else "was not made"
        return (
            f"La chiamata al {shown} {does_it}: {who_it} ha raggiunto il limite di "
            f"{it.format(most=self.most)}",
            f"The call to {shown} {does_en}: {who_en} has reached the limit of "
            f"{en.format(most=self.most)}",
        )


_WORDS = {
    "calls": ("{most} chiamate esterne insieme", "{most} outside calls at once"),
    "forwards": (
        "{most} chiamate inoltrate all'esterno insieme",
        "{most} calls forwarded outside at once",
    ),
    "dear_calls": (
        "{most} chiamate costose in un'ora (internazionali e a pagamento)",
        "{most} expensive calls in an hour (international and premium)",
    ),
    "dear_minutes": (
        "{most} minuti di chiamate costose in un'ora (internazionali e a pagamento)",
        "{most} minutes of expensive calls in an hour (international and premium)",
    ),
}


def limits_for(office: Office, line: str = "") -> LimitOptions:
    """The limits in force for a line; those of the whole office without one."""
    return options_for(LimitOptions, NAME, office, line=line)


def may_forward_outside(office: Office, line: str) -> bool:
    """Whether this line's calls may be forwarded outside at all: 0 at once means never."""
    return limits_for(office, line).forwards > 0


def used(spent: Iterable[Spent], now: datetime, *, line: str | None = None) -> tuple[int, float]:
    """Dear calls begun and seconds talked within the hour, of one line or (None) of everybody."""
    calls, seconds = 0, 0.0
    for each in spent:
        if each.dear and line in (None, each.payer):
            calls += each.began > now - HOUR
            seconds += each.seconds(now)
    return calls, seconds


def hit(
    office: Office, payer: str, number: str, *, dear: bool, forwarded: bool, mine: Use, all_: Use
) -> Hit | None:
    """The first limit that stands against one call more; None when it may leave.

    mine: what the payer's line uses now; not looked at without a payer. all_: the whole office.
    """
    scopes: list[tuple[str, Use, tuple[int, int, int, int]]] = []
    if payer:
        own = limits_for(office, payer)
        most = (own.calls, own.forwards, own.dear_calls, own.dear_minutes)
        scopes.append((payer, mine, most))
    whole = limits_for(office)
    scopes.append(
        (
            "",
            all_,
            (
                whole.office_calls,
                whole.office_forwards,
                whole.office_dear_calls,
                whole.office_dear_minutes,
            ),
        )
    )
    for line, use, (calls, forwards, dear_calls, dear_minutes) in scopes:
        met = ""
        if use.calls >= calls:
            met, at = "calls", calls
        elif forwarded and use.forwards >= forwards:
            met, at = "forwards", forwards
        elif dear and use.dear_calls >= dear_calls:
            met, at = "dear_calls", dear_calls
        elif dear and dear_minutes * 60 - use.dear_seconds < LEAST_SECONDS:
            met, at = "dear_minutes", dear_minutes
        if met:
            return Hit(met, at, line=line, payer=payer, number=number)
    return None
