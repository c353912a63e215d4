"""The plan for a call: immutable steps, tried in order until one holds the caller."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from pbx.routing.facts import CallFacts


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Leave a message."""

    line: str
    greeting: str = "unanswered"
    "Why the caller is here: 'unanswered', 'busy', 'unavailable', 'closed' or 'direct'."


@dataclass(frozen=True, slots=True)
class Outside:
    """Call a number outside the office, by the first trunk that can carry it."""

    number: str
    "E.164, or the digits of a national service or emergency number."
    trunks: tuple[int, ...]
    "Ids of trunks, in the order of trying."
    shown: str = ""
    "E.164 shown to the called party; empty: the trunk's main number."
    caller: str = ""
    """E.164 of who really calls, for a call that was forwarded and may say so; a trunk that tells
    diversions shows it instead of `shown`, others do not (it would be a foreign number)."""
    withheld: bool = False
    "The caller's number is not shown (CLIR)."
    seconds: int = 180
    emergency: bool = False
    "Passes limits of capacity, and is never anonymous."
    payer: str = ""
    "Extension whose limits it counts for (`routing.limits`); empty: the office's alone."
    kind: str = ""
    "Its class of `routing.rights`."
    forwarded: bool = False
    "Somebody's call goes on outside: it also counts as that."


@dataclass(frozen=True, slots=True)
class OutsidePhone:
    """A phone of a ring plan that is called outside."""

    out: Outside
    confirm: bool = True
    "Who answers presses 1 to take the call: a mobile's own mailbox never does."
    name: str = ""
    "As the ring plan calls it."


@dataclass(frozen=True, slots=True)
class Ring:
    """Ring all phones of these lines, and the phones outside, at once.

    Consecutive ones are the periods of one ring plan: a phone in two neighbouring periods keeps
    ringing (behaviour.md s.1.2), and a period whose phones are all gone is over at once.
    """

    lines: tuple[str, ...]
    "Extensions; may be empty when phones outside ring."
    seconds: int = 30
    outside: tuple[OutsidePhone, ...] = ()
    alert: str = ""
    "How it rings (Alert-Info): '' as ever, 'priority', 'splash', 'recall', or 'answer': by itself."
    hides_caller: bool = False
    "The line's own phones do not show who calls (option `shows_caller` of caller_id)."


@dataclass(frozen=True, slots=True)
class Splash:
    """Half a second of the line's own phones, then cancelled as completed elsewhere: the call is
    being forwarded (behaviour.md s.1.4). It never holds the caller; a Forward follows."""

    line: str


@dataclass(frozen=True, slots=True)
class Forward:
    """Somebody forwards the call: it is decided anew, as if its facts had come in."""

    call: CallFacts
    """Dialled, diverters and causes as they are then; who is registered and busy, and the moment,
    are to be those of the deed."""

    @property
    def number(self) -> str:
        """Where it goes: an extension or E.164."""
        return self.call.dialled

    @property
    def by(self) -> str:
        """Who forwards it."""
        return self.call.diverted_by[-1]

    @property
    def cause(self) -> int:
        """Why (RFC 4458 s.2.1)."""
        return self.call.causes[-1]


@dataclass(frozen=True, slots=True)
class Service:
    """An application answers: the echo, the mailbox menu."""

    app: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class PickUp:
    """Take, in their place, the call that has been ringing longest at one of these lines."""

    lines: tuple[str, ...]
    hunted: tuple[str, ...] = ()
    "Those of them whose calls from a hunt group may be taken too."


@dataclass(frozen=True, slots=True)
class Park:
    """Keep a call, with music, on the first of these orbits that is free."""

    orbits: tuple[str, ...]
    by: str
    "Extension of who parks it, and to whom it comes back."
    held: bool = False
    "It is the call that `by` keeps on hold; who dialled is told the orbit. Else who comes here."


@dataclass(frozen=True, slots=True)
class Retrieve:
    """Take the call that is parked there."""

    orbit: str = ""
    "Empty: the only one that is parked by one of these lines."
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Announce:
    """Play a prompt without answering for money, then end with this status."""

    prompt: str
    status: int
    reason: str
    rejects: bool = False
    "The line refuses this caller: its call is listed as rejected, not as missed."


@dataclass(frozen=True, slots=True)
class Reject:
    """End the call with this SIP status; `prompt` may be played as early media first."""

    status: int
    reason: str


Step = (
    Ring | Splash | Mailbox | Outside | Forward | Service
    | PickUp | Park | Retrieve | Announce | Reject
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Because:
    """Why the plan is as it is, in words a person understands."""

    feature: str
    it: str
    en: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in order, and the reasons. `on_busy` and `on_unavailable` replace the rest of the steps
    when the ringing ends because every phone of it was busy (486/600) or could not be reached,
    `on_declined` when the line itself declined (603; behaviour.md s.1.2)."""

    steps: tuple[Step, ...] = ()
    on_busy: tuple[Step, ...] | None = None
    on_unavailable: tuple[Step, ...] | None = None
    on_declined: tuple[Step, ...] | None = None
    because: tuple[Because, ...] = field(default=())
    to_line: str = ""
    "The extension this call is for, when it is for one."
    priority: bool = False
    "The caller is one whom the line always wants to hear (Chiamanti prioritari)."
    settled: bool = False
    "No later stage may change the steps."
    anew: CallFacts | None = None
    "What was dialled stands for something else: decide about these facts instead."
    meant: CallFacts | None = None
    "The facts that were decided about in the end, when they are not those that came in."

    def then(self, *steps: Step) -> Plan:
        """The same plan with further steps at its end."""
        return replace(self, steps=self.steps + steps)

    def noting(self, feature: str, *, it: str, en: str) -> Plan:
        """The same plan with one reason more."""
        return replace(self, because=(*self.because, Because(feature, it, en)))


def ringing_seconds(steps: tuple[Step, ...]) -> int:
    """How long phones ring in all."""
    return sum(step.seconds for step in steps if isinstance(step, Ring))


def cut(steps: tuple[Step, ...], seconds: int) -> tuple[Step, ...]:
    """The steps with at most `seconds` of ringing in all."""
    left = seconds
    kept: list[Step] = []
    for step in steps:
        if isinstance(step, Ring):
            step = replace(step, seconds=min(step.seconds, left))
            left -= step.seconds
            if not step.seconds:
                continue
        kept.append(step)
    return tuple(kept)


def prolonged(steps: tuple[Step, ...], line: str, more: int) -> tuple[Step, ...]:
    """The steps with so many seconds more at their end, in which the line's own phones ring alone.

    Unchanged when nothing rings at the end.
    """
    last = steps[-1] if steps else None
    if more <= 0 or not isinstance(last, Ring):
        return steps
    if last.lines == (line,) and not last.outside:
        return (*steps[:-1], replace(last, seconds=last.seconds + more))
    return (*steps, replace(last, lines=(line,), seconds=more, outside=()))


def briefly(plan: Plan, seconds: int) -> Plan:
    """The plan for a caller who comes back when nobody takes the call in so many seconds: no
    mailbox, no announcement, no longer ringing."""
    busy, away, declined = plan.on_busy, plan.on_unavailable, plan.on_declined
    return replace(
        plan,
        steps=_brief(plan.steps, seconds),
        on_busy=None if busy is None else _brief(busy, seconds),
        on_unavailable=None if away is None else _brief(away, seconds),
        on_declined=None if declined is None else _brief(declined, seconds),
    )


def _brief(steps: tuple[Step, ...], seconds: int) -> tuple[Step, ...]:
    kept: list[Step] = []
    for step in cut(steps, seconds):
        if isinstance(step, Outside):
            step = replace(step, seconds=min(step.seconds, seconds))
        elif isinstance(step, Announce):
            step = Reject(step.status, step.reason)
        if not isinstance(step, Mailbox):
            kept.append(step)
    return tuple(kept)


def with_outside(steps: tuple[Step, ...], change: Callable[[Outside], Outside]) -> tuple[Step, ...]:
    """The steps with every way out of a ring plan changed, once however often its phone rings."""
    if not any(isinstance(step, Ring) and step.outside for step in steps):
        return steps
    done: dict[int, OutsidePhone] = {}

    def changed(phone: OutsidePhone) -> OutsidePhone:
        if id(phone) not in done:
            done[id(phone)] = replace(phone, out=change(phone.out))
        return done[id(phone)]

    return tuple(
        replace(step, outside=tuple(map(changed, step.outside)))
        if isinstance(step, Ring) and step.outside
        else step
        for step in steps
    )
