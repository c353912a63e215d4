"""Who is shown to whom while it rings: the caller on the phones, and the phones on his.

Each line sees its own name for the caller (`naming.py`). A tag before that name says where the
call comes from, such as an orbit that nobody fetched it from.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from pbx.calls.leg import Leg
from pbx.calls.switch import Switch
from pbx.events.kinds import Party
from pbx.routing.office import Office


class Introduction:
    """Of one caller to the phones that ring for him."""

    def __init__(
        self, switch: Switch, caller: Leg | None, shown: Party, *, office: Office | None, tag: str
    ) -> None:
        """caller: None while nobody waits. shown: who calls, when nobody has a name of his own for
        him. office: whose names are asked; None: nobody's."""
        self._names = switch.names
        self._caller = caller
        self._shown = shown
        self._office = office
        self._tag = tag

    async def learn(self, lines: Collection[str]) -> None:
        """Who calls, in the words of those who are rung; and they, in the caller's."""
        caller, office = self._caller, self._office
        if caller is None or office is None:
            return
        pairs = [(line, caller.party.number) for line in lines]
        if caller.display:
            pairs += [(caller.display, line) for line in lines]
        await self._names.learn(office, pairs)

    def caller_for(self, line: str) -> Party:
        """Who calls, as the phones of this line display it."""
        shown, caller = self._shown, self._caller
        # Who withholds his number may be shown by the place where he waits: no contact's number.
        if self._office is not None and caller is not None and shown.number == caller.party.number:
            shown = self._names.seen_by(self._office, line, shown)
        if not self._tag:
            return shown
        who = shown.name or (caller.party.number if caller is not None else "")
        return replace(shown, name=f"{self._tag}: {who}" if who else self._tag)

    def for_caller(self, leg: Leg) -> list[tuple[str, str]]:
        """Whom the caller reaches, for his display; nothing when nobody waits."""
        if self._caller is None:
            return []
        return self._names.headers(self._office or Office(), leg, self._caller)
