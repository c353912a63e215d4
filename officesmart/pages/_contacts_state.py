"""What Elenco contatti shows and does: the search, the open contact, the form, groups.

The pieces are in `contacts`, `_contact_rows` and `_contact_form`; the page is found by `contacts`.
"""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from officesmart.administration.clash import Clash
from officesmart.contacts import book, groups
from officesmart.contacts.book import Wrong
from officesmart.contacts.card import (
    KINDS,
    MOST_ADDRESSES,
    MOST_EMAILS,
    MOST_NUMBERS,
    PARTS,
    Address,
    Card,
    Number,
)
from officesmart.desk import desk
from officesmart.i18n import say
from officesmart.page import Portal, handler_of, mine
from officesmart.pages._contact_card import (
    ContactRow,
    Fact,
    GroupRow,
    NumberField,
    more_of,
    row_of,
    typed,
)
from pbx.numbers import national

PAGE = book.PAGE
LONGEST_SEARCH = 200
NEW = -1
"As the contact that is edited: one that is not there yet."


class Contacts(Portal):
    """The address book of whoever is signed in."""

    text: str = ""
    cleared: int = 0
    "How often the search was cleared: the field is then made anew."
    rows: list[ContactRow] = []
    total: int = 0
    everybody: int = 0
    shown: int = PAGE
    groups: list[GroupRow] = []
    group: int = 0
    "The group that the list is held to; 0: all."
    opened: int = 0
    "The contact that is expanded."
    facts: list[Fact] = []
    more: list[Fact] = []
    doubles: int = 0
    edited: int = 0
    "The contact in the form; NEW; 0: no form."
    values: dict[str, str] = {}
    numbers: list[NumberField] = []
    faults: dict[str, str] = {}
    fault_count: int = 0
    "Moves with each refusal: the browser then focuses the first wrong field."
    theirs: str = ""
    "Somebody changed the contact meanwhile: what they made of it."
    doomed: int = 0
    "The contact that is about to be deleted."
    doomed_name: str = ""
    _opened_with: Card | None = None
    _typed: Card | None = None

    @mine(acts=False, reads=True)
    async def enter(self) -> None:
        """The page opens, or its connection is back."""
        assert self._person is not None
        await self._enter(self._person, handler_of(Contacts.news))
        asked = self.router.url.query_parameters
        await self._read()
        if number := asked.get("nuovo", ""):
            self._form(Card(numbers=(Number("work", number[:80]),)), NEW)

    @mine(acts=False, reads=True)
    async def news(self, topics: list[str]) -> None:
        """Pushed: something moved."""
        assert self._person is not None
        await self._look(self._person, tuple(topics))
        if {"contacts", "language"} & set(topics):
            await self._read()

    # -- the list -------------------------------------------------------------------------------

    @mine(reads=True)
    async def search(self, text: str) -> None:
        """A key was pressed in the search field."""
        self.text, self.shown = text[:LONGEST_SEARCH], PAGE
        await self._read()

    @mine(reads=True)
    async def clear(self) -> None:
        """The cross in the search field."""
        self.text, self.shown = "", PAGE
        self.cleared += 1
        await self._read()

    @mine(reads=True)
    async def show_more(self) -> None:
        """The end of the list: more of it."""
        self.shown = min(self.shown + PAGE, book.MOST)
        await self._read()

    @mine(reads=True)
    async def show_group(self, group: int) -> None:
        """A group on the left; 0 for all."""
        self.group, self.shown, self.opened = group, PAGE, 0
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
        self.edited, self.faults, self.theirs = 0, {}, ""

    @mine(reads=True)
    async def one_more_number(self) -> None:
        """Aggiungi un numero: another row."""
        if len(self.numbers) < MOST_NUMBERS:
            self.numbers = [*self.numbers, NumberField(len(self.numbers), "work", "")]

    @mine
    async def save(self, form: dict[str, Any]) -> None:
        """Continua."""
        self._typed = typed(form)
        await self._save(opened=self._opened_with)

    @mine
    async def keep_mine(self) -> None:
        """Tieni le mie: over what somebody else made of it."""
        await self._save(opened=None)

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
            self.faults = {
                field: say(self._language, it=fault.it, en=fault.en)
                for field, fault in wrong.faults.items()
            }
            self._fields(typed)
            self.fault_count += 1
            return
        except Clash as clash:
            self.theirs = self._say_theirs(clash.theirs)
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

    def _say_theirs(self, card: Card) -> str:
        numbers = ", ".join(national(each.number) for each in card.numbers)
        return say(
            self._language,
            it=f"Il contatto è cambiato mentre lo modificavi: ora è {card.title}, {numbers}",
            en=f"The contact changed while you edited it: now it is {card.title}, {numbers}",
        )

    # -- deleting -------------------------------------------------------------------------------

    @mine
    async def doom(self, contact: int) -> None:
        """The bin: ask first."""
        card = await self._card(contact)
        if card is not None:
            self.doomed, self.doomed_name = contact, card.title

    @mine(reads=True)
    async def spare(self) -> None:
        """Annulla."""
        self.doomed = 0

    @mine
    async def delete(self) -> None:
        """Elimina."""
        assert self._person is not None
        line_id, doomed = self._person.line_id, self.doomed
        self.doomed = 0
        done = await desk().database.run(lambda s: book.remove(s, line_id, [doomed]))
        if done:
            self._toast("available", it="Contatto eliminato", en="Contact deleted")
        if self.opened == doomed:
            self.opened = 0
        await self._moved()

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
        line_id, text, shown, group = self._person.line_id, self.text, self.shown, self.group

        def read(session: Session) -> tuple[book.Found, int, tuple[groups.Group, ...], int]:
            known = groups.groups(session, line_id)
            chosen = next((each for each in known if each.id == group), None)
            within = None if chosen is None else chosen.members
            found = book.find(session, line_id, text, limit=shown, within=within)
            everybody = book.count(session, line_id)
            return found, everybody, known, chosen.id if chosen is not None else 0

        found, self.everybody, known, self.group = await desk().database.read(read)
        self.rows = [row_of(each) for each in found.rows]
        self.total = found.total
        self.groups = [GroupRow(each.id, each.name, each.icon, len(each.members)) for each in known]
        await self._read_opened()

    async def _read_opened(self) -> None:
        card = await self._card(self.opened) if self.opened else None
        if card is None:
            self.opened, self.facts, self.more = 0, [], []
            return
        language = self._language
        self.facts = [
            Fact(
                say(language, it=KINDS[each.kind][0], en=KINDS[each.kind][1]),
                national(each.number),
                each.number,
            )
            for each in card.numbers
        ]
        self.more = more_of(card, language)

    def _form(self, card: Card, contact: int) -> None:
        self.edited, self.faults, self.theirs = contact, {}, ""
        self._opened_with = card if contact != NEW else None
        self._typed = None
        self._fields(card)

    def _fields(self, card: Card) -> None:
        places = [*card.addresses, *[Address()] * MOST_ADDRESSES][:MOST_ADDRESSES]
        emails = [*card.emails, *[""] * MOST_EMAILS][:MOST_EMAILS]
        self.values = {
            **{
                name: getattr(card, name)
                for name in ("first_name", "last_name", "company", "role", "nickname", "notes")
            },
            **{f"email-{place}": email for place, email in enumerate(emails)},
            **{
                f"address-{place}-{part}": getattr(address, part)
                for place, address in enumerate(places)
                for part in ("kind", *PARTS)
            },
            "birthday": card.birthday.isoformat() if card.birthday else "",
        }
        filled = [place for place, each in enumerate(card.numbers, 1) if each.number.strip()]
        numbers = card.numbers[: max(filled, default=0)]  # an empty row in between keeps its place
        rows = [*numbers, Number("mobile" if numbers else "work", "")]
        self.numbers = [
            NumberField(
                place,
                each.kind,
                national(each.number) if each.number.startswith("+") else each.number,
                self.faults.get(f"number-{place}", ""),
            )
            for place, each in enumerate(rows[:MOST_NUMBERS])
        ]
