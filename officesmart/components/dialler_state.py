"""What is done with the dialler: typing, choosing whom to call and from where, calling, hanging up.

Where the call is, is for `officesmart.dialling` to know, which every page shares.
"""

from __future__ import annotations

from typing import Any

from officesmart.desk import desk
from officesmart.dialling import LONGEST_NUMBER, telephone
from officesmart.expected import standing
from officesmart.i18n import initials, say
from officesmart.origins import OriginRow, judge, listed
from officesmart.page import Portal, mine
from officesmart.suggesting import Suggestion, everybody, suggest
from pbx.store import origins as kept

LONGEST_NAME = 120


class Dialler(Portal):
    """The dialler, on a page or in a window of its own."""

    suggested: list[Suggestion] = []
    "Who may be meant by what is typed."
    composed: int = 0
    "How often the field began anew: what is typed is the browser's, until then."
    choosing: bool = False
    "The choice of the origin is open."
    others: list[OriginRow] = []
    origin_wrong: str = ""
    "Why no call can begin at the telephone that was typed."
    origin_offers: list[str] = []
    origin_typed: str = ""
    renaming: str = ""
    "The number whose name is being changed."
    origin_stamp: int = 0
    "How often the field for a new one began anew."
    _new_origin: str = ""
    "What is typed there."

    @mine
    async def open_dialler(self) -> None:
        """The Chiamata button."""
        if self.dial_stage in ("", "ended"):
            self._begin()
        self.dialler = True

    @mine(reads=True)
    async def close_dialler(self) -> None:
        """Put the dialler away; a call goes on."""
        self.dialler, self.suggested = False, []

    @mine
    async def type_number(self, number: str) -> None:
        """What is typed into the dialler; the last keys may come after Componi, which brought
        them along."""
        if number[:LONGEST_NUMBER] == self.dialled or self.dial_stage not in ("", "ended"):
            return
        self._typed(number)
        await self._suggest()

    @mine(at_once=True)
    async def choose(self, dial: str, name: str) -> None:
        """One of the suggestions: ring the origin, then that number."""
        self._take(dial, name)
        self.suggested = []
        if await self._begins_at(self._new_origin):
            await self._dial()

    @mine(at_once=True)
    async def dial_typed(self, form: dict[str, Any]) -> None:
        """Componi: ring the origin, then the number; a name that is only one person's will do."""
        typed = form.get("number")
        if isinstance(typed, str):  # what was typed last may not have arrived yet
            self._typed(typed)
        if self.dial_stage not in ("", "ended"):
            return
        first = form.get("origin")  # there while the choice is open
        if not await self._begins_at(first if isinstance(first, str) else self._new_origin):
            return
        if not any(sign.isalpha() for sign in self.dialled):
            self.suggested = []
            await self._dial()
            return
        await self._suggest()
        only = {each.dial for each in self.suggested}
        if len(only) > 1:
            self._refuse_number(
                it="Più numeri hanno questo nome: scegli dall'elenco quale chiamare.",
                en="Several numbers have this name: choose from the list which one to call.",
            )
            return
        if only:
            self._take(self.suggested[0].dial, self.suggested[0].name)
            self.suggested = []
        await self._dial()
        if self.dial_fault == "number" and not any(sign.isdigit() for sign in self.dialled):
            self._refuse_number(
                it="Nessuno ha questo nome: scrivi un numero, o scegli dall'elenco.",
                en="Nobody has this name: type a number, or choose from the list.",
            )

    @mine(reads=True)
    async def offer_all(self) -> None:
        """The list under an empty field: whom I called lately, my contacts, my colleagues."""
        if self.suggested:
            self.suggested = []
            return
        if self.dialled.strip():
            await self._suggest()
            return
        assert self._person is not None
        line_id, language = self._person.line_id, self._language
        self.suggested = await desk().database.read(lambda s: everybody(s, line_id, language))

    @mine(reads=True)
    async def offer_none(self) -> None:
        """Escape: the list goes, what is typed stays."""
        self.suggested = []

    def _typed(self, number: str) -> None:
        self.dialled, self.dialled_name, self.dial_fault = number[:LONGEST_NUMBER], "", ""
        self.dial_wrong, self.dial_offers = "", []

    def _take(self, dial: str, name: str) -> None:
        """Call this one, from the origin that is chosen."""
        if self.dial_stage not in ("", "ended"):
            return
        origin = self.origin, self.origin_shown
        self._compose(dial[:LONGEST_NUMBER], name[:LONGEST_NAME])
        self.origin, self.origin_shown = origin

    def _begin(self, number: str = "", name: str = "") -> None:
        """A new call: my own number comes first again."""
        self._compose(number[:LONGEST_NUMBER], name[:LONGEST_NAME])
        self.composed, self.suggested = self.composed + 1, []
        self.choosing, self.renaming, self.origin_wrong = False, "", ""
        self.origin_offers, self.origin_typed, self._new_origin = [], "", ""

    async def _suggest(self) -> None:
        assert self._person is not None
        line_id, text, language = self._person.line_id, self.dialled, self._language
        self.suggested = await desk().database.read(
            lambda session: suggest(session, line_id, text, language)
        )

    @mine(at_once=True)
    async def dial_again(self) -> None:
        """Riprova: the same number, from the same telephone."""
        if self.dial_stage != "ended":
            return
        first, shown = self._dial_origin, self.dial_first
        self._compose(self.dialled, self.dialled_name)
        self.origin, self.origin_shown = first, shown
        await self._dial()

    @mine(at_once=True)
    async def dial_form(self, form: dict[str, Any]) -> None:
        """The field on the home page: open the dialler and call at once."""
        if self.dial_stage in ("", "ended"):
            self._begin(str(form.get("number", "")))
            await self._dial()
        self.dialler = True

    @mine(at_once=True)
    async def call_back(self, number: str, name: str) -> None:
        """Componi dal proprio numero: call somebody from a list."""
        if self.dial_stage in ("", "ended"):
            self._begin(number, name)
            await self._dial()
        self.dialler = True

    @mine
    async def compose_from_other(self, number: str, name: str) -> None:
        """Componi da un altro numero: the number is filled in, the origin is to be chosen."""
        if self.dial_stage in ("", "ended"):
            self._begin(number, name)
            await self._open_choice()
        self.dialler = True

    @mine
    async def compose_again(self) -> None:
        """After a call: another number."""
        if self.dial_stage in ("", "ended"):
            self._begin()

    @mine(acts=False, reads=True)
    async def was_calling(self, form: dict[str, Any]) -> None:
        """Sent by assets/dialler.js: this page showed a call, and the portal, which was started
        anew, knows nothing of that. Say what became of it; nobody is called."""
        if self.dial_stage not in ("", "ended"):  # the PBX went on, and so does the call
            self.dialler = True
            return
        number, name = form.get("number"), form.get("name")
        if not isinstance(number, str) or not isinstance(name, str):
            return
        self._begin(number, name)
        self.dialled_letters = initials(self.dialled_name)
        self.dial_stage, self.dial_end = "ended", "lost"

    @mine
    async def hang_up_dialled(self) -> None:
        """Chiudi: end the call made from this page."""
        await self._hang_up(self._dial_call)

    @mine
    async def hang_up(self, call: str) -> None:
        """End a call of mine."""
        await self._hang_up(call)

    # -- the origin -----------------------------------------------------------------------------

    @mine
    async def change_origin(self) -> None:
        """Modifica: open the choice, or put it away."""
        if self.choosing:
            self.choosing = False
        else:
            await self._open_choice()

    async def _open_choice(self) -> None:
        self.choosing, self.renaming, self.origin_wrong = True, "", ""
        self.origin_offers, self.origin_typed, self._new_origin = [], "", ""
        self.origin_stamp += 1
        await self._read_others()

    async def _read_others(self) -> None:
        assert self._person is not None
        line_id, language = self._person.line_id, self._language
        self.others = await desk().database.read(lambda s: listed(s, line_id, language))

    @mine
    async def choose_origin(self, number: str) -> None:
        """My own number (""), or one of my other numbers, for this call."""
        await self._read_others()
        found = next((each for each in self.others if each.number == number), None)
        if found is not None:
            self.origin, self.origin_shown = number, found.name or found.shown
        else:  # my own, or one that is not (any more) on the list
            self.origin = self.origin_shown = ""
        self.origin_wrong, self.origin_offers, self.origin_typed = "", [], ""
        self._new_origin = ""
        self.origin_stamp += 1  # what was typed beside it counts no longer

    @mine
    async def type_origin(self, text: str) -> None:
        """A new number was typed; it is judged when the call is asked for."""
        self._new_origin = text[:LONGEST_NUMBER]

    @mine
    async def use_offer(self, number: str) -> None:
        """What was probably meant."""
        await self._begins_at(number)

    async def _begins_at(self, text: str) -> bool:
        """A new telephone to call from, when one was typed; False, and why, when none can."""
        self._new_origin = text[:LONGEST_NUMBER]
        if not text.strip():
            self.origin_wrong, self.origin_offers = "", []
            return True
        assert self._person is not None
        here, extension = desk(), self._person.extension
        facts = standing(here.phone.board(), here.now())
        found = await here.database.read(
            lambda s: judge(text, extension, here.offices.read(s), facts)
        )
        self.origin_wrong = say(self._language, it=found.it, en=found.en) if found.it else ""
        self.origin_offers, self.origin_typed = list(found.offers), text[:LONGEST_NUMBER]
        if not found.number:
            self.choosing = True
            return False
        self.origin, self.origin_shown = found.number, telephone(found.number, self._language)
        self.choosing, self.origin_typed, self._new_origin = False, "", ""
        return True

    @mine
    async def begin_rename(self, number: str) -> None:
        """The pencil of one of my other numbers."""
        self.renaming = number

    @mine
    async def rename(self, form: dict[str, Any]) -> None:
        """Salva: its new name."""
        assert self._person is not None
        line_id, number, name = self._person.line_id, self.renaming, str(form.get("name", ""))
        if number:
            await desk().database.run(lambda s: kept.rename(s, line_id, number, name))
        self.renaming = ""
        await self._read_others()
        if self.origin == number:
            self.origin_shown = name.strip()[: kept.NAME] or telephone(number, self._language)

    @mine
    async def forget_origin(self, number: str) -> None:
        """The bin of one of my other numbers."""
        assert self._person is not None
        line_id = self._person.line_id
        await desk().database.run(lambda s: kept.forget(s, line_id, number))
        if self.origin == number:
            self.origin = self.origin_shown = ""
        await self._read_others()
