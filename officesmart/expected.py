"""What would happen if somebody called a line now: the PBX's own decision, in words and as stops.

`decide` is the same function that a call goes through (docs/architecture.md); the path ends where
the call leaves the line. Pure but for `Offices`, which keeps the office that was read last.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from officesmart.i18n import say
from pbx.config import Config
from pbx.events.board import Board
from pbx.numbers import national
from pbx.routing.decide import decide
from pbx.routing.facts import CallFacts
from pbx.routing.forwarding import destination
from pbx.routing.office import Office
from pbx.routing.plan import (
    Announce,
    Forward,
    Mailbox,
    Outside,
    Park,
    PickUp,
    Plan,
    Reject,
    Retrieve,
    Ring,
    Service,
    Splash,
    Step,
)
from pbx.store import revision, snapshot

WHY = frozenset(
    (
        *("do_not_disturb", "forward_all", "forward_busy", "forward_no_answer"),
        *("forward_unavailable", "unavailable", "diversions"),
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

    def read(self, session: Session) -> Office:
        """The office at this session's moment."""
        if self._last is None or self._last.revision != revision.current(session):
            self._last = snapshot.build(
                session, language=self._config.language, zone=self._config.timezone
            )
        return self._last


def standing(board: Board, at: datetime) -> CallFacts:
    """How the lines of the office stand now, as facts of a call that nobody has made."""
    talking = (call for call in board.calls.values() if call.state in ("talking", "held"))
    sides = (side.line for call in talking for side in (call.caller, call.callee))
    return CallFacts(
        dialled="",
        at=at,
        registered=frozenset(phone.line for phone in board.phones.values()),
        in_call=frozenset(line for line in sides if line),
    )


def path_of(
    office: Office,
    extension: str,
    *,
    phones: int,
    registered: frozenset[str],
    at: datetime,
    language: str,
    own: bool = True,
) -> Path:
    """What a colleague's call to this extension meets; nothing for a line that is not there.

    phones: how many of the line's own are registered. own: said to whoever uses the line, as "your
    phone"; else to somebody else.
    """
    if extension not in office.lines:
        return Path()
    plan = decide(CallFacts(dialled=extension, at=at, registered=registered), office)
    arrives = say(language, it="Arriva", en="Arrives")
    stops = [Stop("arrives", say(language, it="Chiamata", en="A call"), "", arrives, True)]
    clauses: list[str] = []
    rung = 0
    for n, step in enumerate(plan.steps):
        goes_on = isinstance(step, Ring | Splash) and n + 1 < len(plan.steps)
        stop, clause = _told(step, office, extension, phones, language, own)
        stops.append(Stop(*stop, _after(rung, language), goes_on))
        later = say(language, it=f"dopo {rung} secondi", en=f"after {rung} seconds")
        clauses.append(f"{later} {clause}" if clauses else clause)
        rung += step.seconds if isinstance(step, Ring) else 0
        if not isinstance(step, Ring | Splash):
            break
    words = "; ".join(clauses)
    return Path(f"{words[:1].upper()}{words[1:]}.", stops, _why(plan, language))


def _why(plan: Plan, language: str) -> list[str]:
    return [say(language, it=each.it, en=each.en) for each in plan.because if each.feature in WHY]


def _after(seconds: int, language: str) -> str:
    if not seconds:
        return say(language, it="subito", en="at once")
    return say(language, it=f"dopo {seconds} s", en=f"after {seconds} s")


def _told(
    step: Step, office: Office, extension: str, phones: int, language: str, own: bool
) -> tuple[tuple[str, str, str], str]:
    """Kind, title and detail of a stop, and the same in a sentence."""

    def words(it: str, en: str) -> str:
        return say(language, it=it, en=en)

    match step:
        case Ring(lines=(only,), outside=()) if only == extension and own:
            together = phones > 1
            return (
                "rings",
                words("I tuoi telefoni", "Your phones")
                if together
                else words("Il tuo telefono", "Your phone"),
                words("squillano tutti insieme", "all ring together")
                if together
                else words("squilla", "rings"),
            ), (
                words(
                    f"squillano insieme i tuoi {phones} telefoni",
                    f"your {phones} phones ring together",
                )
                if together
                else words("squilla il tuo telefono", "your phone rings")
            )
        case Ring():
            phones_outside = (phone.name or national(phone.out.number) for phone in step.outside)
            names = ", ".join((*(office.lines[line].name for line in step.lines), *phones_outside))
            return ("rings", names, words("squillano", "ring")), (
                words(f"squillano i telefoni di {names}", f"the phones of {names} ring")
            )
        case Splash():
            return (
                *("rings", words("Un breve squillo", "A short ring")),
                words("avvisa dell'inoltro", "tells of the forward"),
            ), words("un breve squillo avvisa", "a short ring tells of it")
        case Mailbox():
            return (
                *("mailbox", words("Segreteria", "Voicemail")),
                words("il messaggio appare qui", "the message appears here"),
            ), words("risponde la segreteria", "voicemail answers")
        case Forward() | Outside():
            to = destination(step.number, office)
            it, en = (
                to.words(office)
                if to is not None
                else (f"al numero {national(step.number)}", f"to {national(step.number)}")
            )
            return ("forward", words("Inoltro", "Forward"), words(it, en)), (
                words(f"la chiamata va {it}", f"the call goes {en}")
            )
        case Service() | PickUp() | Park() | Retrieve():
            return (
                *("service", words("Un servizio risponde", "A service answers")),
                words("del centralino", "of the PBX"),
            ), words("risponde un servizio del centralino", "a service of the PBX answers")
        case Reject(status=486):
            return ("ends", words("Occupato", "Busy"), words("per chi chiama", "to callers")), (
                words("chi chiama sente che la linea è occupata", "callers hear a busy line")
            )
        case Announce():
            return (
                *("ends", words("Un annuncio", "An announcement")),
                words("poi la chiamata finisce", "then the call ends"),
            ), words(
                "chi chiama sente un annuncio e la chiamata finisce",
                "callers hear an announcement and the call ends",
            )
        case Reject():
            return (
                *("ends", words("La chiamata finisce", "The call ends")),
                words("senza risposta", "unanswered"),
            ), words("la chiamata finisce senza risposta", "the call ends unanswered")
