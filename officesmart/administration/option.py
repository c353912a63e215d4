"""One of a list to choose from in a form."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Option:
    """An entry of a list to choose from, for the browser."""

    value: str
    words: str
