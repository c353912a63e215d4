"""What the line test says to its child process and hears from it: a task, and steps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One thing tried: whether it worked, and that in words, in both languages."""

    name: str
    "'register', 'call', 'hear', 'keys', 'hangup', 'deregister', or 'start' when nothing ran."
    ok: bool
    it: str
    en: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Task:
    """What the child is told."""

    host: str
    port: int
    username: str
    password: str
    target: str
    keys: str
    echo: bool
    timeout: float
