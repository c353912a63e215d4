"""A conflict of settings, and its remedies, as values: made by conflicts.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pbx.routing.names import name_of

Severity = Literal["ignored", "partly", "info"]
"""'ignored': completely, whoever calls; 'partly': some calls go elsewhere; 'info': good to know."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A remedy, one click away."""

    it: str
    en: str
    feature: str
    "Whose options change, or whose list loses an entry."
    values: Mapping[str, Any] | None = None
    "The options to set; None: the person chooses another number."
    remove_entry: int = 0
    "Id of the list's entry to remove; 0: none."


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two settings that do not go together."""

    on: str
    "The feature, or the list, that shows the warning."
    severity: Severity
    it: str
    en: str
    fixes: tuple[Fix, ...] = ()
    entry: int = 0
    "Id of the list's entry that is meant; 0: the service itself."


def off(feature: str) -> Fix:
    """Switch a service off."""
    it, en = name_of(feature)
    return Fix(f"Spegni «{it}»", f"Switch off “{en}”", feature, {"enabled": False})
