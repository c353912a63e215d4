"""A contact for the browser: as the list and its opened row show it, as the form sends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from officesmart.contacts import book
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
from officesmart.contacts.csv_file import day_of
from officesmart.contacts.marking import Part, number_parts, parts_of
from officesmart.i18n import initials, say
from pbx.numbers import digits, national


@dataclass(frozen=True)
class ContactRow:
    """A contact in the list, for the browser."""

    id: int
    title: str
    company: str
    letters: str
    number: str
    "The first, or the one that was searched for, as people read it; '' for none."
    dial: str
    title_parts: list[Part]
    "The same, with what a search found in it."
    company_parts: list[Part]
    number_parts: list[Part]


@dataclass(frozen=True)
class Fact:
    """One thing known of the open contact."""

    label: str
    text: str
    dial: str = ""
    href: str = ""
    main: bool = False
    "The number that is called first."


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


def row_of(each: book.Row, tokens: Sequence[str] = ()) -> ContactRow:
    """A contact as the list shows it; tokens: what was searched for."""
    company = each.company if each.company != each.title else ""
    shown = [(number.number, _marked(number.number, tokens)) for number in each.numbers]
    first = next(
        (one for one in shown if any(part.found for part in one[1])),
        shown[0] if shown else ("", []),
    )
    return ContactRow(
        each.id,
        each.title,
        company,
        initials(each.title),
        national(first[0]),
        first[0],
        parts_of(each.title, tokens),
        parts_of(company, tokens),
        first[1],
    )


def _marked(number: str, tokens: Sequence[str]) -> list[Part]:
    plain = digits(number)
    forms = [plain, f"00{plain}"] if number.startswith("+") else [plain]
    return number_parts(national(number), forms, tokens)


def more_of(card: Card, language: str) -> list[Fact]:
    """What is known besides the numbers."""

    def words(it: str, en: str) -> str:
        return say(language, it=it, en=en)

    found = [Fact(words("E-mail", "E-mail"), each, href=f"mailto:{each}") for each in card.emails]
    for each in card.addresses:
        found.append(Fact(words("Indirizzo", "Address"), place_words(each)))
    for label, text in (
        (words("Ruolo", "Role"), card.role),
        (words("Soprannome", "Nickname"), card.nickname if card.nickname != card.title else ""),
        (words("Nascita", "Birthday"), f"{card.birthday:%d/%m/%Y}" if card.birthday else ""),
        (words("Note", "Notes"), card.notes),
    ):
        if text:
            found.append(Fact(label, text))
    return found


def place_words(each: Address) -> str:
    """An address in one line: 'Via dei Filatoi 8, 13011 Borgosesia (VC)'."""
    place = " ".join(part for part in (each.zip, each.city) if part)
    region = f"({each.region})" if each.region else ""
    whole = " ".join(part for part in (place, region) if part)
    return ", ".join(part for part in (each.street, whole, each.country) if part)


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


def bad_day(form: dict[str, Any]) -> bool:
    """Whether a birthday was sent that is no day."""
    said = form.get("birthday", "")
    return bool(said) and (not isinstance(said, str) or day_of(said[:40]) is None)


def facts_of(card: Card, language: str) -> list[Fact]:
    """The numbers, the first of several named as the main one."""
    return [
        Fact(
            say(language, it=KINDS[each.kind][0], en=KINDS[each.kind][1]),
            national(each.number),
            each.number,
            main=not place and len(card.numbers) > 1,
        )
        for place, each in enumerate(card.numbers)
    ]


def values_of(card: Card) -> dict[str, str]:
    """What the fields of the form hold, besides the numbers."""
    places = [*card.addresses, *[Address()] * MOST_ADDRESSES][:MOST_ADDRESSES]
    emails = [*card.emails, *[""] * MOST_EMAILS][:MOST_EMAILS]
    return {
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


def number_fields(card: Card, faults: Mapping[str, str]) -> list[NumberField]:
    """The rows of numbers, with an empty one at the end while there may be more."""
    filled = [place for place, each in enumerate(card.numbers, 1) if each.number.strip()]
    numbers = card.numbers[: max(filled, default=0)]  # an empty row in between keeps its place
    rows = [*numbers, Number("mobile" if numbers else "work", "")]
    return [
        NumberField(
            place,
            each.kind,
            national(each.number) if each.number.startswith("+") else each.number,
            faults.get(f"number-{place}", ""),
        )
        for place, each in enumerate(rows[:MOST_NUMBERS])
    ]
