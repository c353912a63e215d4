"""What became of a step at the door; session_routes.py turns each into cookies and words."""

from __future__ import annotations

from dataclasses import dataclass

from officesmart.auth import Person
from pbx.credentials import Fault


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The door opened, perhaps only to its next step."""

    token: str
    "For the cookie only."
    person: Person
    waits_for: str = ""
    "What is still asked: 'factor', 'welcome', or nothing."
    browser_token: str | None = None
    "For the cookie of a remembered browser; '' takes it away, None leaves it as it is."


@dataclass(frozen=True, slots=True)
class Refused:
    """The door stayed shut; the same words for an unknown number and a wrong password."""

    seconds: float = 0.0
    "How long to wait before trying again; 0: at once."


@dataclass(frozen=True, slots=True)
class Over:
    """The session does not wait for this, or no longer: begin again at the sign-in page."""


@dataclass(frozen=True, slots=True)
class Faulty:
    """What was typed breaks rules; nothing was changed."""

    faults: tuple[tuple[str, Fault], ...]
    "Field and rule."


@dataclass(frozen=True, slots=True)
class Changed:
    """The password is new; these sessions ended."""

    ended: tuple[str, ...]
