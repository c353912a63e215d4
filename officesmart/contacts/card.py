"""One contact as people know it: what may stand in it, what it is called, how it is found."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from officesmart.administration.rules import Fault
from officesmart.administration.typed import at_most
from pbx import numbers
from pbx.printable import JOINERS, printable
from pbx.routing import written
from pbx.routing.typed import Typed as TypedNumber
from pbx.routing.typed import kept
from pbx.store.contacts import title

KINDS: Mapping[str, tuple[str, str]] = {
    "work": ("Lavoro", "Work"),
    "mobile": ("Cellulare", "Mobile"),
    "home": ("Casa", "Home"),
    "fax": ("Fax", "Fax"),
    "sip": ("SIP", "SIP"),
    "other": ("Altro", "Other"),
}
"Kinds of a number, in the order of offering."
PLACES: Mapping[str, tuple[str, str]] = {"work": ("Lavoro", "Work"), "home": ("Casa", "Home")}
"Kinds of an address."
PARTS = ("street", "city", "zip", "region", "country")
"Of an address."
MOST_NUMBERS, MOST_EMAILS, MOST_ADDRESSES = 6, 2, 2
LONGEST_NAME, LONGEST_NOTES, LONGEST_PART = 300, 4000, 120
SIP = re.compile(r"sips?:[^\s@<>\"]{1,40}@[A-Za-z0-9.\-:\[\]]{1,38}")
EMAIL = re.compile(r"[^@\s,;<>]{1,64}@[^@\s,;<>]{1,180}\.[^@\s,;<>.]{2,}")
WORD = re.compile(r"\w+")

NO_NUMBER = Fault(
    "Non è un numero: scrivilo come 02 5550 1201, +39 02 5550 1201, un interno, o sip:nome@dominio",
    "This is no number: write it like 02 5550 1201, +39 02 5550 1201, an extension, or "
    "sip:name@domain",
)
NO_EMAIL = Fault(
    "Non è un indirizzo e-mail: ha la forma nome@dominio.it",
    "This is no e-mail address: it looks like name@domain.com",
)
NO_NAME = Fault(
    "Scrivi almeno un nome, un cognome, un'azienda o un soprannome",
    "Give at least a first name, a last name, a company or a nickname",
)


@dataclass(frozen=True, slots=True)
class Number:
    """One way to call a contact."""

    kind: str
    number: str


@dataclass(frozen=True, slots=True)
class Address:
    """Where a contact is."""

    kind: str = "work"
    street: str = ""
    city: str = ""
    zip: str = ""
    region: str = ""
    country: str = ""

    @property
    def empty(self) -> bool:
        """Nothing stands in it."""
        return not any(getattr(self, part) for part in PARTS)


@dataclass(frozen=True, slots=True)
class Card:
    """A contact, as typed or as kept."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    role: str = ""
    nickname: str = ""
    numbers: tuple[Number, ...] = ()
    emails: tuple[str, ...] = ()
    addresses: tuple[Address, ...] = ()
    birthday: date | None = None
    notes: str = ""

    @property
    def title(self) -> str:
        """What the contact is called."""
        return title(self.first_name, self.last_name, self.company, self.nickname)


@dataclass(slots=True)
class Judged:
    """A card as it may be kept, and what is wrong with what was typed."""

    card: Card
    faults: dict[str, Fault] = field(default_factory=dict)
    "By field: 'first_name', 'number-0', 'email-1', 'address-0', ..."


def judge(typed: Card) -> Judged:
    """What may be kept of a typed card: numbers in E.164, empty rows left out.

    What is wrong is named by its field, so that a form can say it beside it.
    """
    faults: dict[str, Fault] = {}
    said = {
        name: _line(getattr(typed, name), name, LONGEST_NAME, faults)
        for name in ("first_name", "last_name", "company", "role", "nickname")
    }
    if not any(said[name] for name in ("first_name", "last_name", "company", "nickname")):
        faults.setdefault("first_name", NO_NAME)
    notes = _block(_with_extensions(typed), "notes", faults)
    return Judged(
        Card(
            **said,
            numbers=_numbers(typed.numbers, faults),
            emails=_emails(typed.emails, faults),
            addresses=_addresses(typed.addresses, faults),
            birthday=typed.birthday,
            notes=notes,
        ),
        faults,
    )


def reachable(text: str) -> str:
    """A typed number as it is kept: E.164, an extension, a national service or a SIP address; ""
    when it is none of them. It stands without the digit for an outside line (behaviour.md s.0)."""
    text = text.strip()
    if SIP.fullmatch(text):
        return text
    return _reached(text).number


def behind(text: str) -> str:
    """The extension at the other side that a typed number says, `int. 203`; "" for none."""
    text = text.strip()
    return "" if SIP.fullmatch(text) else _reached(text).after


def _unreachable(text: str) -> Fault:
    """Why a number cannot be kept, and what was probably meant."""
    found = _reached(text.strip())
    if found.wrong is None or found.wrong is written.NO_DIGITS:
        return NO_NUMBER
    offers = f": {', '.join(found.offers)}" if found.offers else ""
    return Fault(found.wrong.it + offers, found.wrong.en + offers)


@lru_cache(maxsize=1024)  # of one number several things are asked, one after the other
def _reached(text: str) -> TypedNumber:
    # A short string of digits is an extension before it is somebody's service number.
    plain = written.plain(text)
    if numbers.is_extension(plain) and not plain.startswith("0"):
        return TypedNumber(plain, plain, plain)
    return kept(text)


def tail(number: str) -> str:
    """The last nine digits, by which a number without its country is known again."""
    return "" if number.startswith("sip") else numbers.digits(number)[-numbers.LAST_DIGITS :]


def words_of(text: str) -> list[str]:
    """The words of a text without accents, capitals and punctuation: what searching compares."""
    if text.isascii():
        return WORD.findall(text.lower())
    bare = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return WORD.findall(plain)


def joined(text: str) -> list[str]:
    """Words that an apostrophe or a dash parts, in one: D'Angelo is also looked for as dangelo."""
    if text.isascii() and text.replace(" ", "").isalnum():
        return []
    found = ("".join(words_of(word)) for word in text.split())
    return [word for word in found if word and word not in words_of(text)]


def search_text(card: Card) -> str:
    """What a search looks through: each word behind a space, so that ` gi` finds a beginning.

    A number is found by its national digits, by those with its country, and as an extension.
    """
    found: list[str] = []
    names = [
        text for text in (card.first_name, card.last_name, card.company, card.nickname) if text
    ]
    for text in names:
        found += words_of(text)
    for text in names:
        found += joined(text)
    for each in card.numbers:
        plain = numbers.digits(each.number) if not each.number.startswith("sip") else ""
        found += [plain] if plain else words_of(each.number)
        if each.number.startswith("+39"):
            found += [plain[2:], f"00{plain}"]
        elif each.number.startswith("+"):
            found.append(f"00{plain}")
    kept = " " + " ".join(dict.fromkeys(found))
    return kept[:2000]


# --- the fields --------------------------------------------------------------------------------


def _visible(text: str) -> str:
    """Without the marks that nobody sees, which other programmes leave round names (U+202C).

    Joiners stay: a family in one emoji and names in Persian or Hindi are written with them.
    """
    if text.isprintable():  # as nearly every cell of an import is
        return text
    known = text.encode("utf-8", "replace").decode()
    kept = "".join(sign for sign in known if sign in JOINERS or unicodedata.category(sign) != "Cf")
    return kept if any(sign not in JOINERS and not sign.isspace() for sign in kept) else ""


def _line(text: str, name: str, most: int, faults: dict[str, Fault]) -> str:
    plain = " ".join(_visible(text).split())
    if len(plain) > most:
        faults.setdefault(name, at_most(most))
        return ""
    if not printable(plain):
        faults.setdefault(
            name,
            Fault(
                "Contiene un carattere che non si può mostrare: riscrivilo",
                "It has a character that cannot be shown: type it again",
            ),
        )
        return ""
    return plain


def _block(text: str, name: str, faults: dict[str, Fault]) -> str:
    """Text of several lines."""
    if not text:
        return ""
    lines = _visible(text).replace("\r\n", "\n").replace("\r", "\n")
    kept = "\n".join(
        "".join(sign if sign.isprintable() or sign in JOINERS else " " for sign in line)
        for line in lines.split("\n")
    ).strip()
    if len(kept) > LONGEST_NOTES:
        faults.setdefault(name, at_most(LONGEST_NOTES))
        return ""
    return kept


def _with_extensions(typed: Card) -> str:
    """The notes, with the extensions that stood behind numbers: nothing dials those, and whoever
    calls wants to ask for them."""
    said = [typed.notes.rstrip()] if typed.notes.strip() else []
    for each in typed.numbers[: 2 * MOST_NUMBERS]:
        extension = behind(each.number)
        number = reachable(each.number) if extension else ""
        if not number:
            continue
        line = f"{numbers.national(number)} int. {extension}"
        if line not in typed.notes:
            said.append(line)
    return "\n".join(said) if len(said) > 1 or not typed.notes.strip() else typed.notes


def _numbers(typed: tuple[Number, ...], faults: dict[str, Fault]) -> tuple[Number, ...]:
    kept: dict[str, Number] = {}
    for place, each in enumerate(typed):
        if not each.number.strip():
            continue
        number = reachable(each.number)
        if not number:
            faults.setdefault(f"number-{place}", _unreachable(each.number))
            continue
        kept.setdefault(number, Number(each.kind if each.kind in KINDS else "other", number))
    if len(kept) > MOST_NUMBERS:
        faults.setdefault(
            f"number-{MOST_NUMBERS}",
            Fault(
                f"Un contatto ha al massimo {MOST_NUMBERS} numeri: togline uno",
                f"A contact has at most {MOST_NUMBERS} numbers: remove one",
            ),
        )
    return tuple(kept.values())[:MOST_NUMBERS]


def _emails(typed: tuple[str, ...], faults: dict[str, Fault]) -> tuple[str, ...]:
    kept: list[str] = []
    for place, text in enumerate(typed):
        plain = text.strip()
        if not plain:
            continue
        if not EMAIL.fullmatch(plain) or not plain.isprintable():
            faults.setdefault(f"email-{place}", NO_EMAIL)
        elif plain.casefold() not in {each.casefold() for each in kept}:
            kept.append(plain)
    if len(kept) > MOST_EMAILS:
        faults.setdefault(
            f"email-{MOST_EMAILS}",
            Fault(
                f"Un contatto ha al massimo {MOST_EMAILS} e-mail: togline una",
                f"A contact has at most {MOST_EMAILS} e-mail addresses: remove one",
            ),
        )
    return tuple(kept[:MOST_EMAILS])


def _addresses(typed: tuple[Address, ...], faults: dict[str, Fault]) -> tuple[Address, ...]:
    kept = []
    for place, each in enumerate(typed):
        parts = {
            part: _line(getattr(each, part), f"address-{place}", LONGEST_PART, faults)
            for part in PARTS
        }
        address = Address(each.kind if each.kind in PLACES else "work", **parts)
        if not address.empty:
            kept.append(address)
    if len(kept) > MOST_ADDRESSES:
        faults.setdefault(
            f"address-{MOST_ADDRESSES}",
            Fault(
                f"Un contatto ha al massimo {MOST_ADDRESSES} indirizzi: togline uno",
                f"A contact has at most {MOST_ADDRESSES} addresses: remove one",
            ),
        )
    return tuple(kept[:MOST_ADDRESSES])
