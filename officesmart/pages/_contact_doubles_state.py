"""Guarda e unisci: contacts that look like one, side by side, and what becomes of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from sqlmodel import Session

from officesmart.contacts import doubles, undoing
from officesmart.contacts.book import Wrong
from officesmart.contacts.card import KINDS, MOST_ADDRESSES, MOST_EMAILS, MOST_NUMBERS, Card
from officesmart.contacts.doubles import SideBySide
from officesmart.contacts.undoing import Remembered
from officesmart.desk import desk
from officesmart.i18n import initials, say
from officesmart.page import Portal, mine
from officesmart.pages._contact_card import place_words
from pbx.numbers import national

FIELDS = {
    "first_name": ("Nome", "First name"),
    "last_name": ("Cognome", "Last name"),
    "company": ("Azienda", "Company"),
    "role": ("Ruolo", "Role"),
    "nickname": ("Soprannome", "Nickname"),
    "birthday": ("Data di nascita", "Birthday"),
}


@dataclass(frozen=True)
class Side:
    """One of the contacts that are compared."""

    id: int
    title: str
    company: str
    letters: str
    known: str
    "Its numbers and e-mail addresses, for telling it from the others."
    chosen: bool = True
    "It is one of those that are merged."


@dataclass(frozen=True)
class Choice:
    """A value that a field may have, and whose it is."""

    field: str
    contact: int
    text: str
    chosen: bool


@dataclass(frozen=True)
class Field:
    """A field in which they differ."""

    name: str
    label: str
    choices: list[Choice]


@dataclass(frozen=True)
class Item:
    """A number or an address that the merged contact would have."""

    key: str
    label: str
    text: str
    kept: bool


class ContactDoubles(Portal):
    """The pairs that are offered one after the other."""

    many: int = 0
    "How many contacts look like another one."
    comparing: bool = False
    left: int = 0
    "How many offers are still to come after this one."
    sides: list[Side] = []
    stays: int = 0
    fields: list[Field] = []
    numbers: list[Item] = []
    emails: list[Item] = []
    addresses: list[Item] = []
    fault: str = ""
    merged: str = ""
    "What was just merged, while it can be undone."
    _offers: tuple[tuple[int, ...], ...] = ()
    _wins: dict[str, int] = {}
    _dropped: frozenset[str] = frozenset()
    _before: tuple[Remembered, ...] = ()

    @mine(reads=True)
    async def look(self) -> None:
        """The page opened, or contacts changed: are there doubles?"""
        await self._find()

    @mine(reads=True)
    async def compare(self) -> None:
        """Guarda e unisci."""
        await self._find()
        await self._next()

    @mine(reads=True)
    async def put_away(self) -> None:
        """Chiudi."""
        self.comparing, self.fault = False, ""

    @mine(reads=True)
    async def skip(self) -> None:
        """Decidi dopo: the next ones; these are offered again another time."""
        self._offers = self._offers[1:]
        await self._next()

    @mine
    async def keep(self, contact: int) -> None:
        """Which of them stays."""
        if any(each.id == contact and each.chosen for each in self.sides):
            self.stays = contact
            self._addresses_anew()
            await self._show()

    @mine
    async def include(self, contact: int) -> None:
        """One of several is ticked, or is none of them."""
        sides = [
            replace(each, chosen=not each.chosen) if each.id == contact else each
            for each in self.sides
        ]
        chosen = [each.id for each in sides if each.chosen]
        if len(chosen) >= 2:
            self.sides = sides
            self.stays = self.stays if self.stays in chosen else chosen[0]
            self._addresses_anew()
            await self._show()

    @mine
    async def prefer(self, field: str, contact: int) -> None:
        """Whose value a field has."""
        if field in FIELDS:
            self._wins = {**self._wins, field: contact}
            await self._show()

    @mine
    async def drop(self, key: str) -> None:
        """A number or an address is left out, or kept after all."""
        if any(each.key == key for each in (*self.numbers, *self.emails, *self.addresses)):
            self._dropped = self._dropped ^ {key}
            await self._show()

    @mine
    async def merge(self) -> None:
        """Unisci."""
        assert self._person is not None
        who, ids, wins, dropped = self._person, self._ids(), self._wins, self._dropped
        if not self.comparing or len(ids) < 2:
            return

        def deed(session: Session) -> tuple[Remembered, ...]:
            was = undoing.remember(session, who.line_id, ids)
            doubles.merge(session, who.line_id, ids, wins=wins, dropped=dropped)
            return was

        try:
            self._before = await desk().database.run(deed)
        except Wrong as wrong:
            self.fault = " ".join(
                say(self._language, it=f.it, en=f.en) + "." for f in wrong.faults.values()
            )
            return
        except LookupError:
            self._changed_meanwhile()
        else:
            name = self._before[0].card.title
            self.merged = say(
                self._language,
                it=f"{len(ids)} contatti uniti in {name}",
                en=f"{len(ids)} contacts merged into {name}",
            )
            desk().live.owe([who.extension], "contacts")
        self._offers = self._offers[1:]
        await self._next()

    @mine
    async def tell_apart(self) -> None:
        """Non sono doppi: they are not offered again."""
        assert self._person is not None
        who, ids = self._person, tuple(each.id for each in self.sides)
        await desk().database.run(lambda s: doubles.apart(s, who.line_id, ids))
        self._offers = self._offers[1:]
        await self._next()
        desk().live.owe([who.extension], "contacts")

    @mine
    async def undo(self) -> None:
        """Ripristina: they are several again."""
        assert self._person is not None
        who, before = self._person, self._before
        self._before, self.merged = (), ""
        if not before:
            return
        try:
            await desk().database.run(lambda s: undoing.put_back(s, who.line_id, before))
        except Wrong as wrong:
            fault = next(iter(wrong.faults.values()))
            self._toast("danger", it=fault.it, en=fault.en)
            return
        self._toast("available", it="Di nuovo divisi", en="Separate again")
        desk().live.owe([who.extension], "contacts")

    @mine(reads=True)
    async def forget(self) -> None:
        """The cross of what was merged: it stays so."""
        self._before, self.merged = (), ""

    # -- insides --------------------------------------------------------------------------------

    def _ids(self) -> list[int]:
        others = [each.id for each in self.sides if each.chosen and each.id != self.stays]
        return [self.stays, *others]

    def _addresses_anew(self) -> None:
        """Addresses are counted in the order of the contacts: another order, other keys."""
        kept = (each for each in self._dropped if not each.startswith("address-"))
        self._dropped = frozenset(kept)

    def _changed_meanwhile(self) -> None:
        self._toast(
            "info",
            it="Questi contatti sono cambiati nel frattempo",
            en="These contacts changed in the meantime",
        )

    async def _find(self) -> None:
        """On a thread of its own: a book of 20,000 must not hold up who asks for a name."""
        assert self._person is not None
        line_id, database = self._person.line_id, desk().database

        def found() -> tuple[tuple[int, ...], ...]:
            with database.reading() as session:
                return doubles.doubles(session, line_id)

        offers = await asyncio.to_thread(found)
        self.many = sum(len(each) for each in offers)
        if not self.comparing:
            self._offers = offers

    async def _next(self) -> None:
        self._wins, self._dropped, self.fault, self.sides = {}, frozenset(), "", []
        while self._offers:
            self.stays = self._offers[0][0]
            if await self._show():
                self.comparing, self.left = True, len(self._offers) - 1
                return
            self._offers = self._offers[1:]
        self.comparing = False
        await self._find()

    async def _show(self) -> bool:
        """The contacts of this offer as they would be merged; False when there are not two."""
        assert self._person is not None
        line_id, ids = self._person.line_id, list(self._offers[0]) if self._offers else []
        if self.sides:
            ids = self._ids()
        try:
            found = await desk().database.read(lambda s: doubles.side_by_side(s, line_id, ids))
        except LookupError:
            if self.sides:
                self._changed_meanwhile()
                self.comparing, self.sides = False, []
            return False
        if not self.sides:
            self.sides = [_side(known, card) for known, card in found.contacts]
        self.fault = ""
        self._say(found)
        return True

    def _say(self, found: SideBySide) -> None:
        language = self._language
        said = dict(found.contacts)
        self.fields = []
        for each in found.differs:
            winner = said.get(self._wins.get(each.field, 0))
            wins = doubles.said(winner, each.field) if winner is not None else ""
            wins = wins or each.values[0][1]
            choices = [
                Choice(each.field, known, _day(text, each.field), text == wins)
                for known, text in each.values
            ]
            label = say(language, it=FIELDS[each.field][0], en=FIELDS[each.field][1])
            self.fields.append(Field(each.field, label, choices))
        self.numbers = [
            Item(
                each.number,
                say(language, it=KINDS[each.kind][0], en=KINDS[each.kind][1]),
                national(each.number),
                each.number not in self._dropped,
            )
            for each in found.numbers
        ]
        self.emails = [
            Item(each, "E-mail", each, each not in self._dropped) for each in found.emails
        ]
        label = say(language, it="Indirizzo", en="Address")
        self.addresses = [
            Item(f"address-{n}", label, place_words(each), f"address-{n}" not in self._dropped)
            for n, each in enumerate(found.addresses)
        ]
        for items, most, it, en in (
            (self.numbers, MOST_NUMBERS, "numeri", "numbers"),
            (self.emails, MOST_EMAILS, "e-mail", "e-mail addresses"),
            (self.addresses, MOST_ADDRESSES, "indirizzi", "addresses"),
        ):
            more = sum(each.kept for each in items) - most
            if more > 0:
                self.fault = say(
                    language,
                    it=f"Un contatto ha al massimo {most} {it}: togline {more}",
                    en=f"A contact has at most {most} {en}: leave {more} out",
                )
                return


def _side(known: int, card: Card) -> Side:
    numbers = [national(each.number) for each in card.numbers]
    return Side(
        known,
        card.title,
        card.company if card.company != card.title else "",
        initials(card.title),
        ", ".join([*numbers, *card.emails]),
    )


def _day(text: str, field: str) -> str:
    return "/".join(reversed(text.split("-"))) if field == "birthday" else text
