"""A quale numero inoltrare while it is open: the list, what is typed below it, what was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from officesmart.administration.dialled import shown
from officesmart.administration.rules import Fault
from officesmart.call_manager import numbers
from officesmart.call_manager.numbers import Saved
from officesmart.desk import desk
from officesmart.i18n import say
from officesmart.page import Portal, mine
from pbx.numbers import is_extension
from pbx.routing.office import Office, Person

LONGEST_PURPOSE = 40


@dataclass(frozen=True)
class NumberRow:
    """A number to choose, for the browser."""

    id: int
    "0 for one that is used once and not saved."
    name: str
    number: str
    "As it is kept."
    led: str
    "The digit of the outside line; empty for an extension."
    written: str
    uses: int
    reason: str
    "Why calls would not get there now."


@dataclass(frozen=True)
class Removed:
    """What was taken off the list a moment ago."""

    name: str
    number: str


class NumberPicker(Portal):
    """The list, what is typed below it, and what was chosen."""

    showing: bool = False
    purpose: str = ""
    rows: list[NumberRow] = []
    saved: int = 0
    chosen: str = ""
    "The number that is ticked."
    explain: bool = False
    "This line has not been told yet what the list is good for."
    faults: dict[str, str] = {"name": "", "number": ""}
    offer: str = ""
    "The number that was probably meant, as it is to be typed."
    stamp: int = 0
    "Moves when the fields are to be empty again."
    once: bool = False
    nothing: bool = False
    "Conferma was pressed and nothing is chosen."
    asking: int = 0
    "The number that is in use, about which it is asked whether it may go."
    ask_words: str = ""
    removed: str = ""
    "What was deleted, to be put back."
    decided: str = ""
    decided_name: str = ""
    _removed: Removed | None = None
    _called: str = ""
    _typed: str = ""
    _typed_last: bool = False

    @mine(reads=True)
    async def open(self, purpose: str, number: str = "") -> None:
        """The dialog opens. purpose: who asks; number: what is in force there."""
        self._forget()
        self.purpose = purpose[:LONGEST_PURPOSE]
        await self._read()
        known = [row.number for row in self.rows]
        self.chosen = number if number in known else ""
        if number and number not in known and is_known(number):
            await self._once(number)
        self.showing = True

    @mine(reads=True)
    async def close(self) -> None:
        """Annulla."""
        self._forget()

    @mine(reads=True)
    async def choose(self, number: str) -> None:
        """A row is ticked."""
        if any(row.number == number for row in self.rows):
            self.chosen, self.nothing, self._typed_last = number, False, False

    @mine(reads=True)
    async def typed(self, number: str) -> None:
        """The field of the number was left: Conferma takes what stands in it."""
        self._typed, self._typed_last = number, bool(number.strip())

    @mine(reads=True)
    async def called(self, name: str) -> None:
        """The field of the name was left."""
        self._called = name

    @mine(reads=True)
    async def use_once(self, on: bool) -> None:
        """Usa una volta sola, senza salvarlo."""
        self.once = on

    @mine
    async def add(self, form: dict[str, Any]) -> None:
        """Aggiungi: save what is typed, or take it for this once, and tick it."""
        name, number = form.get("name"), form.get("number")
        self._called = name if isinstance(name, str) else ""
        self._typed = number if isinstance(number, str) else ""
        await self._take()

    @mine
    async def take_offer(self) -> None:
        """Usa 0 347...: the correction, with one click."""
        if self.offer:
            self._typed = self.offer
            await self._take()

    @mine
    async def understood(self) -> None:
        """Ho capito: the list need not be explained to this line again."""
        assert self._person is not None
        line_id = self._person.line_id
        await desk().database.run(lambda s: numbers.remember_explained(s, line_id))
        self.explain = False

    @mine
    async def remove(self, number_id: int) -> None:
        """The bin: at once, or first asked when services use the number."""
        row = next((row for row in self.rows if row.id == number_id and row.id), None)
        if row is None:
            return
        if row.uses and self.asking != number_id:
            here, who = desk(), self._person
            assert who is not None
            used = await here.database.read(
                lambda s: numbers.uses(s, who.line_id).get(row.number, ())
            )
            if used:
                words = numbers.words_of(used)
                self.asking, self.ask_words = number_id, self._said(words)
                return
        await self._remove(number_id)

    @mine(reads=True)
    async def keep(self) -> None:
        """Lascialo."""
        self.asking, self.ask_words = 0, ""

    @mine
    async def put_back(self) -> None:
        """Ripristina: what was deleted is in the list again."""
        if self._removed is not None:
            self._called, self._typed = self._removed.name, self._removed.number
            self._removed, self.removed = None, ""
            await self._take(kept=True)

    @mine
    async def confirm(self) -> None:
        """Conferma: tell the page what was chosen."""
        if self._typed_last and not await self._take():
            return
        row = next((row for row in self.rows if row.number == self.chosen), None)
        if row is None:
            self.nothing = True
            return
        if self.explain:
            assert self._person is not None
            line_id = self._person.line_id
            await desk().database.run(lambda s: numbers.remember_explained(s, line_id))
        self.decided, self.decided_name = row.number, row.name
        self.showing = False

    @mine(acts=False, reads=True)
    async def told(self) -> None:
        """The page knows what was chosen."""
        self._forget(but_purpose=True)

    # -- how ------------------------------------------------------------------------------------

    async def _take(self, *, kept: bool = False) -> bool:
        """Save what is typed, or take it for once; whether it was right.

        kept: it is a number as we keep it, not as somebody types it.
        """
        assert self._person is not None
        who, here, name, text = self._person, desk(), self._called, self._typed
        once = self.once and not kept

        def write(session: Session) -> tuple[Saved | None, dict[str, Fault], str]:
            office = here.offices.read(session)
            person = office.lines[who.extension]
            said = shown(text, office.outside_prefix) if kept else text
            if once:
                return numbers.take_once(person, office, name=name, number=said)
            return numbers.add(session, who.line_id, person, office, name=name, number=said)

        added, faults, self.offer = await here.database.run(write)
        self._fault(faults)
        if added is None:
            return False
        self._typed, self._called, self._typed_last, self.once = "", "", False, False
        self.nothing = False
        self.stamp += 1
        if once:
            await self._once(added.number, added.name)
        else:
            await self._read()
            self.chosen = added.number
        return True

    async def _once(self, number: str, name: str = "") -> None:
        """A number that is not saved stands above the others, ticked."""
        office, person = await self._office()
        reason = numbers.judge(number, person, office)
        fault = reason.fault or reason.warning
        saved = Saved(0, numbers.name_of(number, office, name), number, (), fault)
        others = [row for row in self.rows if row.id and row.number != number]
        mine = next((row for row in self.rows if row.id and row.number == number), None)
        self.rows = [mine or self._row(saved, office), *others]
        self.chosen = number

    async def _read(self) -> None:
        """The list as the database has it; a number used once stays."""
        assert self._person is not None
        who, here = self._person, desk()

        def read(session: Session) -> tuple[list[Saved], Office, bool]:
            office = here.offices.read(session)
            found = numbers.listed(session, who.line_id, office.lines[who.extension], office)
            return found, office, numbers.explained(session, who.line_id)

        found, office, told = await here.database.read(read)
        known = {each.number for each in found}
        once = [row for row in self.rows if not row.id and row.number not in known]
        self.rows = [*once, *(self._row(each, office) for each in found)]
        self.saved, self.explain = len(found), not told

    async def _remove(self, number_id: int) -> None:
        assert self._person is not None
        line_id = self._person.line_id
        self.asking, self.ask_words = 0, ""

        def remove(session: Session) -> Removed:
            row = numbers.remove(session, line_id, number_id)
            return Removed(row.name, row.number)

        gone = next((row for row in self.rows if row.id == number_id), None)
        try:
            self._removed = await desk().database.run(remove)
        except numbers.Gone:  # from another tab
            await self._read()
            return
        if gone is not None:
            self.removed = gone.name or f"{gone.led} {gone.written}".strip()
        if self.chosen == self._removed.number:
            self.chosen = ""
        await self._read()

    async def _office(self) -> tuple[Office, Person]:
        assert self._person is not None
        here, extension = desk(), self._person.extension
        office = await here.database.read(here.offices.read)
        return office, office.lines[extension]

    def _row(self, saved: Saved, office: Office) -> NumberRow:
        outside = not (is_extension(saved.number) or saved.number in office.short_codes)
        led = office.outside_prefix if outside else ""
        written = shown(saved.number, "")
        reason = self._said(saved.reason) if saved.reason is not None else ""
        name = saved.name
        return NumberRow(saved.id, name, saved.number, led, written, len(saved.uses), reason)

    def _fault(self, faults: Mapping[str, Fault]) -> None:
        said = {field: self._said(fault) for field, fault in faults.items()}
        self.faults = {"name": "", "number": ""} | said

    def _said(self, fault: Fault) -> str:
        return say(self._language, it=fault.it, en=fault.en)

    def _forget(self, *, but_purpose: bool = False) -> None:
        self.showing, self.rows, self.chosen, self.offer = False, [], "", ""
        self._fault({})
        self.purpose = self.purpose if but_purpose else ""
        self.once, self.nothing, self.asking, self.ask_words = False, False, 0, ""
        self.removed, self._removed, self.decided, self.decided_name = "", None, "", ""
        self._called = self._typed = ""
        self._typed_last = False
        self.stamp += 1


def is_known(number: str) -> bool:
    """Whether this can be a number as options keep it; a forged one may be anything."""
    return len(number) <= 32 and number.removeprefix("+").isascii() and number[-1:].isdigit()
