"""What would happen if somebody called a line now: the PBX's own decision, in words and as stops.

`decide` is the same function that a call goes through (docs/architecture.md); the path ends where
the call leaves the line. Pure but for `Offices`, which keeps the office that was read last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from officesmart.call_manager.path_words import Filters, after, changed, filters, same, told
from officesmart.i18n import say
from pbx.config import Config
from pbx.events.board import Board, Call
from pbx.routing.decide import decide
from pbx.routing.facts import APPEARANCES, CallFacts
from pbx.routing.office import Office
from pbx.routing.plan import (
    Plan,
    Ring,
    Splash,
    Step,
)
from pbx.store import revision, snapshot

REMEMBERED = 2000
"Paths; about a megabyte."
WHY = frozenset(
    (
        *("do_not_disturb", "forward_all", "forward_busy", "forward_no_answer"),
        *("forward_unavailable", "unavailable", "diversions", "busy"),
    )
)
"Features whose reasons say something that the stops don't."


@dataclass(frozen=True)
class Stop:
    """One stop of a call's path, for the browser."""

    kind: str
    "'arrives', 'rings', 'mailbox', 'forward', 'service' or 'ends'."
    title: str
    detail: str
    when: str
    goes_on: bool


@dataclass(frozen=True)
class Path:
    """What would happen: a sentence, its stops, and why."""

    sentence: str = ""
    stops: list[Stop] = field(default_factory=list)
    because: list[str] = field(default_factory=list)


class Offices:
    """The office as the database says, read again only when a setting moved."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._last: Office | None = None
        self._paths: dict[tuple[object, ...], Path] = {}

    @property
    def last(self) -> Office | None:
        """The office that was read last; good enough where only phones moved."""
        return self._last

    def read(self, session: Session) -> Office:
        """The office at this session's moment."""
        if self._last is None or self._last.revision != revision.current(session):
            self._last = snapshot.build(
                session, language=self._config.language, zone=self._config.timezone
            )
            self._paths = {}
        return self._last

    def path(
        self,
        office: Office,
        extension: str,
        *,
        phones: int,
        registered: frozenset[str],
        at: datetime,
        language: str,
        in_call: frozenset[str] = frozenset(),
        busy: frozenset[str] = frozenset(),
    ) -> Path:
        """`path_of`, remembered: two hundred open pages that a phone's coming wakes ask the same.

        Hours and limits look at the clock, so it is good for the minute.
        """
        minute = at.replace(second=0, microsecond=0)
        asked = (extension, phones, registered, in_call, busy, minute, language)
        known = self._paths
        if office is not self._last or asked not in known:
            found = path_of(
                *(office, extension),
                phones=phones,
                registered=registered,
                at=at,
                language=language,
                in_call=in_call,
                busy=busy,
            )
            if office is not self._last:
                return found
            if len(known) >= REMEMBERED:
                known.clear()
            known[asked] = found
        return known[asked]


def standing(board: Board, at: datetime) -> CallFacts:
    """How the lines of the office stand now, as facts of a call that nobody has made; a line is
    busy as `calls.occupied` counts it."""
    phones = Counter(phone.line for phone in board.phones.values())
    calls = Counter(line for call in board.calls.values() for line in _taken_up(call))
    return CallFacts(
        dialled="",
        at=at,
        registered=frozenset(phones),
        in_call=frozenset(calls),
        busy=frozenset(
            line for line, taken in calls.items() if taken >= APPEARANCES * max(1, phones[line])
        ),
    )


def _taken_up(call: Call) -> Iterator[str]:
    """The lines with a phone in this call: whoever calls, and whoever it rings at or who talks."""
    if call.caller.line:
        yield call.caller.line
    machine = call.answered_at is not None and call.answered_by != "person"
    if call.callee.line and call.state != "trying" and not machine:
        yield call.callee.line


def path_of(
    office: Office,
    extension: str,
    *,
    phones: int,
    registered: frozenset[str],
    at: datetime,
    language: str,
    own: bool = True,
    in_call: frozenset[str] = frozenset(),
    busy: frozenset[str] = frozenset(),
) -> Path:
    """What a colleague's call to this extension meets; nothing for a line that is not there.

    phones: how many of the line's own are registered. own: said to whoever uses the line, as "your
    phone"; else to somebody else. in_call, busy: lines that are (`standing`).
    """
    if extension not in office.lines:
        return Path()
    facts = CallFacts(dialled=extension, at=at, registered=registered, in_call=in_call, busy=busy)
    plan = decide(facts, office)
    about = filters(office, extension, language) if own else Filters()
    arrives = say(language, it="Arriva", en="Arrives")
    title = about.title or say(language, it="Chiamata", en="A call")
    stops = [Stop("arrives", title, about.detail, arrives, True)]
    clauses: list[str] = []
    rung = 0
    before: Step | None = None
    for n, step in enumerate(plan.steps):
        if isinstance(step, Ring) and isinstance(before, Ring) and same(before, step):
            rung += step.seconds  # nobody hears where one period ends and the next begins
            continue
        goes_on = isinstance(step, Ring | Splash) and n + 1 < len(plan.steps)
        stop, clause = told(step, office, extension, phones, language, own)
        if isinstance(step, Ring) and isinstance(before, Ring):
            clause = changed(before, step, office, extension, language, own) or clause
        stops.append(Stop(*stop, after(rung, language), goes_on))
        later = say(language, it=f"dopo {rung} secondi", en=f"after {rung} seconds")
        clauses.append(f"{later} {clause}" if rung else clause)
        rung += step.seconds if isinstance(step, Ring) else 0
        before = step
        if not isinstance(step, Ring | Splash):
            break
    words = "; ".join(clauses)
    sentence = " ".join((f"{words[:1].upper()}{words[1:]}.", *about.sentences))
    return Path(sentence, stops, _why(plan, language))


def _why(plan: Plan, language: str) -> list[str]:
    return [say(language, it=each.it, en=each.en) for each in plan.because if each.feature in WHY]
