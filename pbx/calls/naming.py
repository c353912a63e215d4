"""What each line calls the other side of a call (behaviour.md s.10): its own contact, then the
extension, the short code, and what the network says.

Address books are asked for at most PATIENCE, and what they said holds until a setting moves: a call
never waits for a slow database longer than that. What is found stays with whoever it was found for:
a leg's own party, which records, lamps and providers are told, is never renamed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from pbx.calls.shown import caller_headers
from pbx.events.kinds import Party
from pbx.routing import who
from pbx.routing.office import Office

if TYPE_CHECKING:
    from pbx.calls.leg import Leg

log = logging.getLogger(__name__)
PATIENCE = 0.1  # seconds
KEPT = 4096  # names of one state of the settings; more is a scanner

Wanted = Collection[tuple[int, str]]
"A line's id, and a number."
Contacts = Callable[[Wanted], Awaitable[Mapping[tuple[int, str], str]]]
"The names that these lines' own contacts have; whatever goes wrong with it may be raised."


class Names:
    """The one desk that knows names; shared by all calls."""

    def __init__(self, contacts: Contacts | None = None) -> None:
        """contacts: the address books; None: there are none."""
        self._contacts = contacts
        self._kept: dict[tuple[int, str], str] = {}
        self._revision = 0

    async def learn(self, office: Office, pairs: Iterable[tuple[str, str]]) -> None:
        """Have the contacts ready with which these lines (extensions) name these numbers."""
        self._as_of(office)
        wanted = {key for pair in pairs for key in _keys(office, *pair)} - self._kept.keys()
        if not wanted or self._contacts is None:
            return
        try:
            async with asyncio.timeout(PATIENCE):
                began, found = -1, dict[tuple[int, str], str]()
                while began != self._revision:  # the settings moved while they were asked
                    began = self._revision
                    found = dict(await self._contacts(frozenset(wanted)))
        except Exception as error:  # whatever it is, a call is not the one to suffer
            log.warning("address books do not answer: %r", error)
            return
        if len(self._kept) + len(wanted) > KEPT:
            self._kept.clear()
        self._kept.update({key: found.get(key, "") for key in wanted})

    def of(self, office: Office, line: str, number: str, network: str = "") -> str:
        """What this line calls the number, by what was learned; else what the network says."""
        if not number:
            return network
        self._as_of(office)
        for key in _keys(office, line, number):
            if name := self._kept.get(key, ""):
                return name
        return who.name_of(number, office) or network

    def seen_by(self, office: Office, line: str, party: Party) -> Party:
        """The same party as this line's displays show it."""
        return replace(party, name=self.of(office, line, party.number, party.name))

    async def introduce(self, office: Office, one: Leg, other: Leg) -> None:
        """Have the names ready that these two lines have for each other."""
        pairs = ((one, other), (other, one))
        await self.learn(office, [(by.display, of.party.number) for by, of in pairs if by.display])

    def headers(
        self, office: Office, leg: Leg, viewer: Leg, *, network: str = ""
    ) -> list[tuple[str, str]]:
        """`leg` for the display of the viewer's phone, by what was learned (see `shown`).

        network: a name for a leg that has none of its own.
        """
        party = replace(leg.party, name=leg.party.name or network)
        return caller_headers(leg, viewer, self.seen_by(office, viewer.display, party))

    def _as_of(self, office: Office) -> None:
        """Forget what was said before the settings moved: a contact may be another's now."""
        if office.revision > self._revision or (office.revision and not self._revision):
            self._kept.clear()
            self._revision = office.revision


def _keys(office: Office, line: str, number: str) -> list[tuple[int, str]]:
    person = office.lines.get(line)
    if person is None or not number:
        return []
    return [(person.line_id, each) for each in who.spellings(number, office)]
