"""How ringing ended: inside the office, outside, or for a phone of a ring plan."""

from __future__ import annotations

from dataclasses import dataclass

from pbx.calls.leg import Leg
from pbx.routing import plan as steps


@dataclass(slots=True)
class Rung:
    """How the ringing ended."""

    why: str
    """'answered', 'busy', 'declined', 'unavailable', 'no_answer', 'redirected', 'sent_on' or
    'caller_gone'."""
    leg: Leg | None = None
    status: int = 480
    contact: str = ""
    "Where a phone's own redirection (3xx) points."
    onward: steps.Step | None = None
    "Where whoever it rings for has sent the call meanwhile."
