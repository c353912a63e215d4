"""A page whose form somebody else may save first: what is said then, and whose changes stay.

Mixins over Portal. A page gives `_show` and `_save`, says what its fields are called, and hands a
Clash to `_clashed`; clash_note (form_pieces.py) asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from officesmart.administration.clash import Clash, merged, told
from officesmart.desk import desk
from officesmart.page import Portal, admin


class Clashing(Portal, mixin=True):
    """Whoever is second is told, and chooses."""

    clash: str = ""
    "Who changed what meanwhile, as a sentence; empty when nobody did."
    _theirs: Any = None
    "The values as they are now."
    _mine_over: Any = None
    "The same, with what was changed here over it."

    def _show(self, values: Any) -> None:
        """The form shows these anew; nothing clashes any more."""
        raise NotImplementedError

    async def _save(self, base: Any, values: Any) -> None:
        """Keep `values`, which were made from `base`."""
        raise NotImplementedError

    def _called(self) -> Mapping[str, tuple[str, str]]:
        """The fields as people call them, in Italian and English."""
        raise NotImplementedError

    def _clashed(self, other: Clash, *, base: Any, mine: Any) -> None:
        """`mine`, made from `base`, was not kept."""
        # From `base`, not from what the form was opened with: the second time that somebody is
        # faster, what the first one changed is not mine.
        self._theirs, self._mine_over = other.theirs, merged(base, mine, other.theirs)
        self.clash = self._said_of(other)

    def _said_of(self, other: Clash) -> str:
        here = desk()
        return told(other, self._called(), self._language, now=here.now(), zone=here.zone)

    def _take_theirs(self) -> None:
        if self.clash:
            self._show(self._theirs)

    async def _take_mine(self) -> None:
        if self.clash:
            self.clash = ""
            await self._save(self._theirs, self._mine_over)


class AdminsClashing(Clashing, mixin=True):
    """The same on a page of administrators."""

    @admin
    async def keep_theirs(self) -> None:
        """Tieni le sue."""
        self._take_theirs()

    @admin
    async def keep_mine(self) -> None:
        """Tieni le mie: what I changed goes over what they saved."""
        await self._take_mine()
