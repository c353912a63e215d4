"""What is known of a call before anything is decided about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

APPEARANCES = 2
"Calls that one phone can have at once: the one it talks in, and one that waits or is held."


class Arrival(Enum):
    """How the call came to the line (behaviour: direct, hunt, recall, service)."""

    DIRECT = "direct"
    HUNT = "hunt"
    RECALL = "recall"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class CallFacts:
    """One call, as `decide` sees it."""

    dialled: str
    "What was dialled, as dialled: '202', '*86', '0612345678'."
    at: datetime
    "The moment of the decision, aware."
    from_line: str = ""
    "The caller's own extension; empty for a call from outside."
    caller_number: str = ""
    caller_name: str = ""
    from_trunk: int = 0
    "Id of the trunk it came by; 0 for a call from inside."
    withheld: bool = False
    "The caller chose not to be known; an unknown number alone is not that."
    arrival: Arrival = Arrival.DIRECT
    diverted_by: tuple[str, ...] = ()
    """Extensions that have already forwarded this call, first diverter first; a direct number of
    the office that goes on to another number stands here in E.164."""
    causes: tuple[int, ...] = ()
    "Why each of them did (RFC 4458 s.2.1: 302, 486, 408, 503); one for each of `diverted_by`."
    registered: frozenset[str] = frozenset()
    "Extensions with at least one phone registered now."
    busy: frozenset[str] = frozenset()
    "Extensions that can take no further call now: every appearance is taken."
    in_call: frozenset[str] = frozenset()
    "Extensions with at least one call now."
    needed_help: frozenset[str] = frozenset()
    "Extensions that called an emergency number within the last 60 minutes (behaviour.md s.1.1)."
    hides: bool | None = None
    "What the caller dialled before the number: hide mine (True), show it (False), nothing (None)."
    holds: bool = False
    "The caller's line keeps somebody on hold at this moment."
    orbit: str = ""
    "The call is parked on this orbit and comes back to who parked it, or to the operator."
    on_behalf: str = ""
    "Extension that sent the call here by a transfer: its rights count, not the caller's."
    granted: bool = False
    "Somebody who may has allowed this number to whoever comes here; rights are not asked."

    @property
    def from_outside(self) -> bool:
        """Whether it is a stranger's call, and still one: nobody of the office passed it on."""
        return bool(self.from_trunk) and not self.diverted_by and not self.on_behalf

    @property
    def payer(self) -> str:
        """The extension whose rights count for a call outside; "" for a stranger's call."""
        for by in reversed(self.diverted_by):
            if not by.startswith("+"):
                return by
        return self.on_behalf or self.from_line
