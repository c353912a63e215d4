"""What became of a call, told step by step and kept at its end as one record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from pbx.events.kinds import End, Party, Why
from pbx.routing.plan import Because, Plan


@dataclass(slots=True)
class Tried:
    """One phone that was rung."""

    line: str
    phone: str
    status: int = 0
    "Its final SIP status; 0 while it rings, 487 when another took the call."
    reason: str = ""
    seconds: float = 0.0
    payer: str = ""
    "For a number outside: the extension that its limits count for."
    kind: str = ""
    "For a number outside: its class of `routing.rights`."
    name: str = ""
    "Whose it is, or what its owner calls it; empty when it is the line's own."


@dataclass(slots=True)
class CallStory:
    """Facts of one call, filled in as it goes."""

    id: str
    caller: Party
    dialled: str
    started_at: datetime
    callee: Party = field(default_factory=Party)
    to_line: str = ""
    from_line: str = ""
    "Whose call it is to pay for; empty for someone who was transferred."
    rang_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    answered_by: str = ""
    answered_line: str = ""
    forwarded: bool = False
    "The line that was called has sent it on."
    ended_by: str = ""
    status: int = 0
    end: End = End.FAILED
    from_web: bool = False
    origin: str = ""
    "Of a call from the portal: the other telephone that rings first, an extension or E.164."
    why: Why = Why()
    "Why that telephone could not ring."
    message_left: bool = False
    tried: list[Tried] = field(default_factory=list)
    because: list[Because] = field(default_factory=list)

    def planned(self, plan: Plan) -> None:
        """Keep the reasons of a plan; a second one adds to the first."""
        self.because.extend(plan.because)
        if plan.to_line and not self.to_line:
            self.to_line = plan.to_line

    def note(self, feature: str, *, it: str, en: str) -> None:
        """A reason that showed only on the way."""
        self.because.append(Because(feature, it, en))

    def lines(self) -> tuple[str, ...]:
        """Extensions whose pages show this call."""
        all_lines = (self.from_line, self.to_line, self.answered_line)
        return tuple(dict.fromkeys(line for line in all_lines if line))

    def answers(self) -> str:
        """What each phone answered, for the log."""
        return ", ".join(f"{one.phone}: {one.status} {one.reason}" for one in self.tried) or "none"
