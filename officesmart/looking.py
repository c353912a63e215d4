"""Looking without touching: the database and the PBX as whoever may only read gets them.

Everything that is not named here as reading is refused, so what is added later is refused too.
"""

from __future__ import annotations

from typing import Any, cast

from officesmart.phone import Phone
from pbx.store.session import Database

READS = frozenset({"read", "reading", "data", "url", "is_sqlite"})
HEARS = frozenset({"why", "running", "board"})


class MayOnlyLook(RuntimeError):
    """Something would have been changed by somebody who may only look."""


class _LooksOnly:
    """What is named may be used; the rest raises MayOnlyLook."""

    __slots__ = ("_allowed", "_behind")

    def __init__(self, behind: object, allowed: frozenset[str]) -> None:
        self._behind, self._allowed = behind, allowed

    def __getattr__(self, name: str) -> Any:
        if name not in self._allowed:
            raise MayOnlyLook(name)
        return getattr(self._behind, name)


def may_look_into(database: Database) -> Database:
    """The same database, that refuses every session that may write."""
    return cast(Database, _LooksOnly(database, READS))


def may_look_through(phone: Phone) -> Phone:
    """The same PBX, that takes no command."""
    return cast(Phone, _LooksOnly(phone, HEARS))
