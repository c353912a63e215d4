"""Prova una chiamata while it is open: what is supposed, and what would become of it."""

from __future__ import annotations

from typing import Any

from officesmart.call_manager import supposing, trying
from officesmart.call_manager.supposing import Choice, Supposed
from officesmart.call_manager.trying import Tried
from officesmart.desk import desk
from officesmart.expected import standing
from officesmart.i18n import say
from officesmart.page import Portal, mine
from pbx.routing.rehearsal import BEHAVIOURS

LONGEST = 60  # characters of anything that is chosen
FIELDS = ("who", "colleague", "number", "listed", "reached", "at")


class Trial(Portal):
    """What is supposed, and what would become of it."""

    trying: bool = False
    who: str = "colleague"
    colleague: str = ""
    typed: str = ""
    listed: str = ""
    reached: str = ""
    at: str = ""
    "'2026-11-23T14:30' on the office's clock; empty: now."
    colleague_choices: list[Choice] = []
    number_choices: list[Choice] = []
    listed_choices: list[Choice] = []
    behaves: dict[str, str] = {}
    wrong: dict[str, str] = {}
    "What is wrong, by field."
    outcome: Tried = Tried()

    @mine(reads=True)
    async def open_trial(self) -> None:
        """The dialog opens; the first colleague calls, now, and phones are as they are."""
        assert self._person is not None
        here, extension = desk(), self._person.extension
        office = await here.database.read(here.offices.read)
        self.colleague_choices = supposing.colleagues(office, extension)
        self.number_choices = supposing.numbers(office, extension)
        self.listed_choices = supposing.listed(office, extension, self._language)
        self.who = "colleague" if self.colleague_choices else "anonymous"
        self.colleague = self.colleague_choices[0].value if self.colleague_choices else ""
        self.listed = self.listed_choices[0].value if self.listed_choices else ""
        self.typed = self.reached = self.at = ""
        self.behaves = {}
        self.trying = True
        await self._try()

    @mine(reads=True)
    async def close_trial(self) -> None:
        """Put it away."""
        self.trying = False

    @mine(reads=True)
    async def suppose(self, field: str, value: str) -> None:
        """One of the fields was chosen or typed."""
        if field not in FIELDS:
            return
        setattr(self, "typed" if field == "number" else field, value[:LONGEST])
        if field == "who":
            self.wrong, self.behaves = {}, {}
            if value == "number" and not self.typed:  # nothing to judge yet
                self.outcome = Tried()
                return
        await self._try()

    @mine(reads=True)
    async def another_time(self, moment: str) -> None:
        """Adesso, or a moment to choose."""
        here = desk()
        self.at = "" if moment == "now" else f"{here.now().astimezone(here.zone):%Y-%m-%dT%H:%M}"
        await self._try()

    @mine(reads=True)
    async def behave(self, number: str, does: str) -> None:
        """What a phone is supposed to do."""
        if does in BEHAVIOURS and any(each.number == number for each in self.outcome.phones):
            self.behaves = {**self.behaves, number: does}
            await self._try()

    @mine(reads=True)
    async def try_form(self, form: dict[str, Any]) -> None:
        """Enter was pressed in a field."""
        if "number" in form:
            self.typed = str(form["number"])[:LONGEST]
        await self._try()

    async def _try(self) -> None:
        """Judge what is supposed, and say what would become of it."""
        assert self._person is not None
        here, extension, language = desk(), self._person.extension, self._language
        office = await here.database.read(here.offices.read)
        supposed = Supposed(
            who=self.who,
            colleague=self.colleague,
            number=self.typed,
            listed=self.listed,
            reached=self.reached,
            at=self.at,
            behaves=self.behaves,
        )
        now = here.now()
        call, faults = supposing.facts_of(
            supposed, office, extension, now=now, standing=standing(here.phone.board(), now)
        )
        self.wrong = {
            field: say(language, it=fault.it, en=fault.en) for field, fault in faults.items()
        }
        self.outcome = (
            Tried() if call is None else trying.tried(call, supposed, office, extension, language)
        )
