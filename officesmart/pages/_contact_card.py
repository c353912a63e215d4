"""A contact for the browser: as the list and its opened row show it, as the form sends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from officesmart.contacts import book
from officesmart.contacts.card import (
    MOST_ADDRESSES,
    MOST_EMAILS,
    MOST_NUMBERS,
    PARTS,
    Address,
    Card,
    Number,
)
from officesmart.contacts.csv_file import day_of
from officesmart.i18n import initials, say
from pbx.numbers import national


@dataclass(frozen=True)
class ContactRow:
    """A contact in the list, for the browser."""

    id: int
    title: str
    company: str
    letters: str
    number: str
    "The first, as people read it; '' for none."
    dial: str


@dataclass(frozen=True)
class Fact:
    """One thing known of the open contact."""

    label: str
    text: str
    dial: str = ""
    href: str = ""


@dataclass(frozen=True)
class GroupRow:
    """A group, for the browser."""

    id: int
    name: str
    icon: str
    members: int


@dataclass(frozen=True)
class NumberField:
    """A row of the form."""

    place: int
    kind: str
    number: str
    fault: str = ""


def row_of(each: book.Row) -> ContactRow:
    first = each.numbers[0].number if each.numbers else ""
    return ContactRow(
        each.id,
        each.title,
        each.company if each.company != each.title else "",
        initials(each.title),
        national(first),
        first,
    )


def more_of(card: Card, language: str) -> list[Fact]:
    """What is known besides the numbers."""

    def words(it: str, en: str) -> str:
        return say(language, it=it, en=en)

    found = [Fact(words("E-mail", "E-mail"), each, href=f"mailto:{each}") for each in card.emails]
    for each in card.addresses:
        place = " ".join(part for part in (each.zip, each.city) if part)
        region = f"({each.region})" if each.region else ""
        whole = " ".join(part for part in (place, region) if part)
        text = ", ".join(part for part in (each.street, whole, each.country) if part)
        found.append(Fact(words("Indirizzo", "Address"), text))
    for label, text in (
        (words("Ruolo", "Role"), card.role),
        (words("Soprannome", "Nickname"), card.nickname if card.nickname != card.title else ""),
        (words("Nascita", "Birthday"), f"{card.birthday:%d/%m/%Y}" if card.birthday else ""),
        (words("Note", "Notes"), card.notes),
    ):
        if text:
            found.append(Fact(label, text))
    return found


def typed(form: dict[str, Any]) -> Card:
    """The card that a form says; what is no text counts as empty."""

    def said(name: str) -> str:
        value = form.get(name, "")
        return value[:20_000] if isinstance(value, str) else ""

    return Card(
        said("first_name"),
        said("last_name"),
        said("company"),
        said("role"),
        said("nickname"),
        numbers=tuple(Number(said(f"kind-{n}"), said(f"number-{n}")) for n in range(MOST_NUMBERS)),
        emails=tuple(said(f"email-{n}") for n in range(MOST_EMAILS)),
        addresses=tuple(
            Address(said(f"address-{n}-kind"), *(said(f"address-{n}-{part}") for part in PARTS))
            for n in range(MOST_ADDRESSES)
        ),
        birthday=day_of(said("birthday")),
        notes=said("notes"),
    )
