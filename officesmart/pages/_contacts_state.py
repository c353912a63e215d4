"""What Elenco contatti shows and does: the search, the open contact, the form, groups.

The pieces are in `contacts`, `_contact_rows` and `_contact_form`; the page is found by `contacts`.
"""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from officesmart.administration.clash import Clash, merged
from officesmart.administration.rules import Fault
from officesmart.contacts import book, doubles, groups
from officesmart.contacts.book import Wrong
from officesmart.contacts.card import MOST_NUMBERS, Card, Number, judge
from officesmart.contacts.last_time import last_time
from officesmart.desk import desk
from officesmart.i18n import say, when
from officesmart.naming import people_of
from officesmart.page import Portal, handler_of, mine
from officesmart.pages._contact_card import (
    ContactRow,
    Fact,
    GroupRow,
    NumberField,
    bad_day,
    facts_of,
    more_of,
    number_fields,
    row_of,
    typed,
    values_of,
)
from officesmart.pages._contact_doubles_state import ContactDoubles
from pbx.numbers import national

PAGE = book.PAGE
LONGEST_SEARCH = 200
ASKS = "nuovo"
"The parameter of the address that brings the number of a contact to be made."
NEW = -1
"As the contact that is edited: one that is not there yet."
BAD_DAY = Fault(
    "Non è una data: ha la forma 31/12/1980", "This is no date: it looks like 31/12/1980"
)


class Contacts(Portal):
    """The address book of whoever is signed in."""

    text: str = ""
    cleared: int = 0
    "How often the search was cleared: the field is then made anew."
    to_field: bool = False
    "It was cleared just now by who searches, whose cursor goes back into it."
    rows: list[ContactRow] = []
    total: int = 0
    everybody: int = 0
    start: int = 0
    "How many stand before the first that is shown."
    groups: list[GroupRow] = []
    group: int = 0
    "The group that the list is held to; 0: all."
    opened: int = 0
    "The contact that is expanded."
    facts: list[Fact] = []
    more: list[Fact] = []
    opened_groups: list[GroupRow] = []
    "Those of the contact that is expanded."
    edited: int = 0
    "The contact in the form; NEW; 0: no form."
    values: dict[str, str] = {}
    numbers: list[NumberField] = []
    faults: dict[str, str] = {}
    fault_count: int = 0
    "Moves with each refusal: the browser then focuses the first wrong field."
    clashes: int = 0
    "How often somebody else was faster: the form is then made anew."
    theirs: str = ""
    "Somebody changed the contact meanwhile: what they made of it."
    namesakes: list[ContactRow] = []
    "Contacts that have the very name of the new one: whose is the number?"
    _opened_with: Card | None = None
    _typed: Card | None = None
    _now: Card | None = None
    "What somebody else made of it meanwhile."
    _blank: Card = Card()
    "What the form was opened with."
    _members: dict[int, frozenset[int]] = {}
    "Of each group."

    @mine(acts=False, reads=True)
    async def enter(self) -> Any:
        """The page opens, or its connection is back."""
        assert self._person is not None
        await self._enter(self._person, handler_of(Contacts.news))
        asked, self.to_field = self.router.url.query_parameters, False
        await self._read()
        if (contact := asked.get("contatto", "")).isdecimal() and len(contact) < 16:
            await self._show_one(int(contact))
        if number := asked.get(ASKS, ""):
            await self._new_with(number[:80], asked.get("nome", "")[:300])
        return ContactDoubles.look

    @mine(acts=False, reads=True)
    async def news(self, topics: list[str]) -> Any:
        """Pushed: something moved."""
        assert self._person is not None
        await self._look(self._person, tuple(topics))
        if not {"contacts", "language"} & set(topics):
            return None
        await self._read()
        return ContactDoubles.look

    # -- the list -------------------------------------------------------------------------------

    @mine(reads=True)
    async def search(self, text: str) -> None:
        """A key was pressed in the search field."""
        self.text, self.start = text[:LONGEST_SEARCH], 0
        await self._read()

    @mine(reads=True)
    async def clear(self) -> None:
        """The cross in the search field."""
        self.text, self.start = "", 0
        self.cleared, self.to_field = self.cleared + 1, True
        await self._read()

    @mine(reads=True)
    async def turn(self, pages: int) -> None:
        """Successivi, Precedenti: another hundred."""
        self.start = min(max(self.start + (PAGE if pages > 0 else -PAGE), 0), book.MOST)
        await self._read()

    @mine(reads=True)
    async def show_group(self, group: int) -> None:
        """A group on the left; 0 for all."""
        self.group, self.start, self.opened = group, 0, 0
        await self._read()

    @mine(reads=True)
    async def expand(self, contact: int) -> None:
        """A row, or its arrow: open it, or close it again."""
        self.opened = 0 if self.opened == contact else contact
        await self._read_opened()

    # -- the form -------------------------------------------------------------------------------

    @mine
    async def create(self) -> None:
        """Nuovo contatto."""
        self._form(Card(), NEW)

    @mine
    async def edit(self, contact: int) -> None:
        """The pencil."""
        card = await self._card(contact)
        if card is not None:
            self._form(card, contact)

    @mine(reads=True)
    async def put_away(self) -> None:
        """Annulla, or the cross of the form."""
        self.edited, self.faults, self.theirs, self.namesakes = 0, {}, "", []

    @mine(reads=True)
    async def one_more_number(self) -> None:
        """Aggiungi un numero: another row."""
        if len(self.numbers) < MOST_NUMBERS:
            self.numbers = [*self.numbers, NumberField(len(self.numbers), "work", "")]

    @mine
    async def save(self, form: dict[str, Any]) -> None:
        """Continua."""
        self._typed = typed(form)
        self.namesakes = []
        if bad_day(form):
            self._refuse({"birthday": BAD_DAY}, self._typed)
            return
        if self.edited == NEW and await self._find_namesakes(self._typed):
            self.faults, self.theirs = {}, ""
            self._fields(self._typed)
            return
        await self._save(opened=self._opened_with)

    @mine
    async def create_anyway(self) -> None:
        """Crea comunque: two people of one name."""
        if self.edited == NEW and self.namesakes:
            self.namesakes = []
            await self._save(opened=None)

    @mine
    async def add_to(self, contact: int) -> None:
        """Aggiungi a: what was typed goes into the contact of that name that there is."""
        typed, there = self._typed, await self._card(contact)
        if typed is None or self.edited != NEW:
            return
        self.namesakes = []
        if there is None:
            await self._save(opened=None)
            return
        judged = judge(typed)
        if judged.faults:
            self._refuse(judged.faults, typed)
            return
        whole = doubles.joined(there, judged.card)
        self._form(whole, contact)
        self._opened_with, self._typed = there, whole
        if doubles.left_over(there, judged.card):
            self._refuse({"numbers": _no_room(whole, judged.card)}, whole)
            return
        await self._save(opened=there)

    async def _new_with(self, number: str, name: str) -> None:
        """Aggiungi ai contatti. The address stays when the page is loaded again: then the contact
        is there, or its form is open with what was typed."""
        assert self._person is not None
        line_id = self._person.line_id
        people = await desk().database.read(lambda s: people_of(s, line_id, [number]))
        if (known := people.contacts.get(number)) is not None:
            await self._show_one(known.contact_id)
            return
        first, _, last = name.strip().partition(" ")
        card = Card(first, last, numbers=(Number("work", number),))
        if self.edited == NEW and self._blank == card:
            return
        self._form(card, NEW)
        self._typed = self._blank
        await self._find_namesakes(self._blank)

    async def _find_namesakes(self, card: Card) -> bool:
        assert self._person is not None
        line_id = self._person.line_id
        found = await desk().database.read(lambda s: book.namesakes(s, line_id, card))
        self.namesakes = [row_of(each) for each in found]
        return bool(found)

    @mine
    async def keep_mine(self) -> None:
        """Tieni le mie: what I changed goes over what somebody else made of it."""
        typed, opened, now = self._typed, self._opened_with, self._now
        if not self.theirs or typed is None or opened is None or now is None:
            return
        # Judged, or a number that stands as it did would count as changed: it is shown otherwise.
        self._opened_with, self._typed = now, merged(opened, judge(typed).card, now)
        await self._save(opened=now)

    @mine
    async def keep_theirs(self) -> None:
        """Tieni le sue: the form shows what is kept now."""
        card = await self._card(self.edited)
        if card is None:
            self.edited = 0
        else:
            self._form(card, self.edited)

    async def _save(self, *, opened: Card | None) -> None:
        assert self._person is not None
        line_id, typed, edited = self._person.line_id, self._typed, self.edited
        if typed is None or not edited:
            return
        self.faults, self.theirs = {}, ""

        def keep(session: Session) -> int:
            if edited == NEW:
                return book.add(session, line_id, typed)
            book.change(session, line_id, edited, typed, opened=opened)
            return edited

        try:
            kept = await desk().database.run(keep)
        except Wrong as wrong:
            self._refuse(wrong.faults, typed)
            return
        except Clash as clash:
            self._now, self.theirs = clash.theirs, self._say_theirs(clash.theirs)
            self.clashes += 1
            self._fields(typed)
            return
        except LookupError:
            self._typed, self.edited = None, NEW
            self._fields(typed)
            self._toast(
                "warning",
                it="Il contatto era stato eliminato: Continua lo crea di nuovo",
                en="The contact had been deleted: Continue creates it again",
            )
            return
        self.edited, self.opened = 0, kept
        self._toast("available", it="Contatto salvato", en="Contact saved")
        await self._moved()

    def _refuse(self, faults: dict[str, Fault], typed: Card) -> None:
        self.faults = {
            field: say(self._language, it=fault.it, en=fault.en) for field, fault in faults.items()
        }
        self._fields(typed)
        self.fault_count += 1

    def _say_theirs(self, card: Card) -> str:
        numbers = ", ".join(national(each.number) for each in card.numbers)
        return say(
            self._language,
            it=f"Il contatto è cambiato mentre lo modificavi: ora è {card.title}, {numbers}",
            en=f"The contact changed while you edited it: now it is {card.title}, {numbers}",
        )

    # -- reading --------------------------------------------------------------------------------

    async def _moved(self) -> None:
        """Rows changed: this tab reads them now, the others of this person are told."""
        assert self._person is not None
        await self._read()
        desk().live.owe([self._person.extension], "contacts")

    async def _card(self, contact: int) -> Card | None:
        assert self._person is not None
        line_id = self._person.line_id
        return await desk().database.read(lambda s: book.read(s, line_id, contact))

    async def _read(self) -> None:
        assert self._person is not None
        line_id, text, start, group = self._person.line_id, self.text, self.start, self.group

        def read(session: Session) -> tuple[book.Found, int, tuple[groups.Group, ...], int, int]:
            known = groups.groups(session, line_id)
            held = group if any(each.id == group for each in known) else 0
            found, at = book.find(session, line_id, text, start=start, group=held), start
            if not found.rows and found.total:  # the last page has been emptied
                at = (found.total - 1) // PAGE * PAGE
                found = book.find(session, line_id, text, start=at, group=held)
            return found, book.count(session, line_id), known, held, at if found.total else 0

        found, self.everybody, known, self.group, self.start = await desk().database.read(read)
        tokens = book.tokens(text)
        self.rows = [row_of(each, tokens) for each in found.rows]
        self.total = found.total
        self.groups = [GroupRow(each.id, each.name, each.icon, len(each.members)) for each in known]
        self._members = {each.id: frozenset(each.members) for each in known}
        await self._read_opened()

    async def _show_one(self, contact: int) -> None:
        """One of them, opened; the search says how it was found."""
        card = await self._card(contact)
        if card is not None:
            title = f"{card.first_name} {card.last_name}".strip() or card.company or card.nickname
            self.text, self.group, self.cleared = title[:LONGEST_SEARCH], 0, self.cleared + 1
            self.to_field = False
            self.opened = contact
            await self._read()

    async def _read_opened(self) -> None:
        card = await self._card(self.opened) if self.opened else None
        if card is None:
            self.opened, self.facts, self.more, self.opened_groups = 0, [], [], []
            return
        assert self._person is not None
        line_id, here, language = self._person.line_id, desk(), self._language
        self.facts = facts_of(card, language)
        self.opened_groups = [
            each for each in self.groups if self.opened in self._members.get(each.id, ())
        ]
        numbers = [each.number for each in card.numbers]
        last = await here.database.read(lambda s: last_time(s, line_id, numbers))
        self.more = more_of(card, language)
        if last is not None:
            at = when(language, last.at, here.now(), here.zone)
            label = say(language, it="Ultima volta", en="Last time")
            self.more = [*self.more, Fact(label, f"{at}, {last.words(language)}")]

    def _form(self, card: Card, contact: int) -> None:
        self.edited, self.faults, self.theirs, self.namesakes = contact, {}, "", []
        self._opened_with = card if contact != NEW else None
        self._typed, self._blank = None, card
        self._fields(card)

    def _fields(self, card: Card) -> None:
        self.values = values_of(card)
        self.numbers = number_fields(card, self.faults)


def _no_room(whole: Card, more: Card) -> Fault:
    """What of a card the other has no room for, and what to do."""
    there = {each.number for each in whole.numbers}
    left = [national(each.number) for each in more.numbers if each.number not in there]
    left += [each for each in more.emails if each not in whole.emails]
    if not left:
        return Fault(
            "Il contatto non ha posto per tutti gli indirizzi e le note: guarda che cosa manca",
            "The contact has no room for all addresses and notes: see what is missing",
        )
    said = ", ".join(left)
    return Fault(
        f"Non c'è posto per {said}: scrivilo al posto di uno che non serve più",
        f"There is no room for {said}: put it in place of one that is not needed any more",
    )
