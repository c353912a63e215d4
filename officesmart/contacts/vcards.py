"""Contacts as vCards: 3.0 (RFC 2426) and 4.0 (RFC 6350) read and written, 2.1 read.

Cards are read one by one: a broken one is named and leaves the others alone. Photos and sounds are
passed over before anything looks at them; they are what makes such files large.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import unquote

import vobject
import vobject.base
from vobject.vcard import Address as VAddress
from vobject.vcard import Name as VName

from officesmart.administration.rules import Fault
from officesmart.contacts.card import (
    MOST_ADDRESSES,
    MOST_EMAILS,
    MOST_NUMBERS,
    Address,
    Card,
    Number,
)
from officesmart.contacts.csv_file import day_of
from officesmart.contacts.incoming import MOST_BYTES, MOST_ROWS, BadFile, Incoming

log = logging.getLogger(__name__)
# It writes lines that it cannot read into the log: numbers and names of an address book.
logging.getLogger("vobject.base").setLevel(logging.CRITICAL)

HEAVY = re.compile(
    rb"^(?:[A-Za-z0-9-]+\.)?(?:PHOTO|LOGO|SOUND|KEY)[;:][^\r\n]*(?:\r?\n[ \t][^\r\n]*)*"
    # 2.1 ends its base64 with an empty line instead of folding it.
    rb"(?:\r?\n[A-Za-z0-9+/=]{20,})*",
    re.MULTILINE | re.IGNORECASE,
)
MOST_OF_A_CARD = 64_000
"Bytes of one card without its photos; vobject's time grows with the square of some of them."
NAME, VALUE = r"[A-Za-z0-9_-]+", r'(?:"[^"]*"|[^";:,]*)'
vobject.base.line_re = re.compile(
    rf"^(?:(?P<group>{NAME})\.)?(?P<name>{NAME})"
    rf"(?P<params>;?(?:;{NAME}(?:={VALUE})?(?:,{VALUE})*)*)"
    r":(?P<value>.*)$",
    re.DOTALL,
)
"""A line of a card. vobject's own pattern repeats what may be nothing: thirty commas without a
colon behind them keep it, and every other thread with it, busy for ever."""
KINDS = (
    ("fax", "fax"), ("cell", "mobile"), ("mobile", "mobile"), ("iphone", "mobile"),
    ("home", "home"), ("work", "work"), ("main", "work"), ("voice", "work"),
)  # fmt: skip
PHOTO = Fault("La foto non viene presa", "The photo is not taken over")
MORE = Fault(
    f"Si prendono al massimo {MOST_NUMBERS} numeri, {MOST_EMAILS} e-mail e {MOST_ADDRESSES} "
    "indirizzi: il resto no",
    f"At most {MOST_NUMBERS} numbers, {MOST_EMAILS} e-mail addresses and {MOST_ADDRESSES} "
    "addresses are taken over, the rest is not",
)
BROKEN = Fault("La scheda è rovinata: non si legge", "The card is broken: it cannot be read")


def read(content: bytes) -> list[Incoming]:
    """The contacts of a file of cards. Raises BadFile when there is none in it."""
    return list(cards(split(content)))


def split(content: bytes) -> list[bytes]:
    """The cards of a file, not read yet: 10,000 take a while. Raises BadFile."""
    if len(content) > MOST_BYTES:
        raise BadFile(
            f"Il file è più grande di {MOST_BYTES // 1_000_000} MB: esportalo senza le foto",
            f"The file is larger than {MOST_BYTES // 1_000_000} MB: export it without photos",
        )
    found = _cards(content)
    if not found:
        raise BadFile(
            "Nel file non c'è nessuna vCard: scegli un file .vcf",
            "There is no vCard in the file: choose a .vcf file",
        )
    if len(found) > MOST_ROWS:
        raise BadFile(
            f"Al massimo {MOST_ROWS} contatti: dividi il file",
            f"At most {MOST_ROWS} contacts: split the file",
        )
    return found


def cards(found: Iterable[bytes]) -> Iterator[Incoming]:
    """The contacts of a file that was `split`, read one by one."""
    for place, one in enumerate(found, 1):
        yield _incoming(place, one)


def write(found: Iterable[Card | tuple[Card, Sequence[str]]], *, version: str = "4.0") -> str:
    """Contacts, each with the names of its groups, as vCards; version: '3.0' for old programmes,
    else '4.0'."""
    pairs = (each if isinstance(each, tuple) else (each, ()) for each in found)
    return "".join(_written(card, groups, version) for card, groups in pairs)


# --- reading -----------------------------------------------------------------------------------


def _cards(content: bytes) -> list[bytes]:
    """The cards of a file, each from its first line to the end of its last; one more than may be
    at most. In one go: a pattern would search for the end anew from every beginning, and holds up
    all other threads meanwhile."""
    found: list[bytes] = []
    plain, at = content.upper(), 0
    while len(found) <= MOST_ROWS:
        begin = plain.find(b"BEGIN:VCARD", at)
        end = plain.find(b"END:VCARD", begin)
        if begin < 0 or end < 0:
            break
        at = end + len(b"END:VCARD")
        found.append(content[begin:at])
    return found


def _incoming(place: int, raw: bytes) -> Incoming:
    light = HEAVY.sub(b"", raw)
    lost = [PHOTO] if light != raw else []
    if len(light) > MOST_OF_A_CARD:
        return Incoming(str(place), Card(), (BROKEN,))
    try:
        text = light.decode("utf-8")
    except UnicodeDecodeError:
        text = light.decode("cp1252", "replace")
    try:
        card = vobject.readOne(text, allowQP=True, ignoreUnreadable=True)
    except Exception as wrong:  # whatever strangers' files make the library trip over
        log.info("vCard %d cannot be read: %r", place, wrong)
        return Incoming(str(place), Card(), (BROKEN,))
    made, whole = _card(card.contents)
    if not whole:
        lost.append(MORE)
    groups = [
        " ".join(name.split())
        for one in card.contents.get("categories", ())
        for name in (one.value if isinstance(one.value, list) else str(one.value).split(","))
    ]
    known = tuple(dict.fromkeys(each for each in groups if each and each != "myContacts"))
    return Incoming(made.title or str(place), made, tuple(lost), known)


def _card(contents: dict[str, list[Any]]) -> tuple[Card, bool]:
    """The card, and whether all of it fits."""
    name = _first(contents, "n")
    given = family = ""
    if isinstance(name, VName):
        given, family = _text(name.given), _text(name.family)
    whole = _text(_first(contents, "fn"))
    company = _text(_first(contents, "org"))
    if not (given or family) and whole != company:
        given, _, family = whole.partition(" ")
    tels = sorted(contents.get("tel", ()), key=_rank)
    numbers = [each for one in tels if (each := _number(one)) is not None]
    numbers += [
        Number("sip", _text(one.value))
        for one in contents.get("impp", ())
        if _text(one.value).startswith(("sip:", "sips:"))
    ]
    emails = [_text(one.value) for one in contents.get("email", ()) if _text(one.value)]
    places = [at for one in contents.get("adr", ()) if not (at := _address(one)).empty]
    card = Card(
        given,
        family,
        company,
        _text(_first(contents, "title")) or _text(_first(contents, "role")),
        _text(_first(contents, "nickname")),
        numbers=tuple(numbers[:MOST_NUMBERS]),
        emails=tuple(emails[:MOST_EMAILS]),
        addresses=tuple(places[:MOST_ADDRESSES]),
        birthday=day_of(_text(_first(contents, "bday"))),
        notes=_text(_first(contents, "note")),
    )
    fits = (
        len(numbers) <= MOST_NUMBERS
        and len(emails) <= MOST_EMAILS
        and len(places) <= MOST_ADDRESSES
    )
    return card, fits


def _first(contents: dict[str, list[Any]], name: str) -> Any:
    found = contents.get(name)
    return found[0].value if found else ""


def _text(value: Any) -> str:
    """Values are text, or lists of it (an organisation with its department)."""
    if isinstance(value, list | tuple):
        return " ".join(_text(each) for each in value if each).strip()
    return value.strip() if isinstance(value, str) else ""


def _types(one: Any) -> set[str]:
    said = {word.lower() for each in one.params.get("TYPE", ()) for word in each.split(",")}
    # vCard 2.1 writes TEL;WORK;VOICE: without TYPE=.
    return said | {word.lower() for word in getattr(one, "singletonparams", ())}


def _rank(one: Any) -> int:
    """The preferred one first (RFC 6350 s.5.3; TYPE=pref in 3.0); the others as they came."""
    said = "".join(one.params.get("PREF", ())[:1])
    if said.isdecimal():
        return int(said[:3])
    return 1 if "pref" in _types(one) else 101


def _number(one: Any) -> Number | None:
    text = _text(one.value)
    if text.lower().startswith("tel:"):
        text = unquote(text[4:].partition(";")[0])
    if not text:
        return None
    if text.startswith(("sip:", "sips:")):
        return Number("sip", text)
    types = _types(one)
    return Number(next((kind for word, kind in KINDS if word in types), "other"), text)


def _address(one: Any) -> Address:
    value = one.value
    if not isinstance(value, VAddress):
        return Address(street=_text(value))
    kind = "home" if "home" in _types(one) else "work"
    return Address(
        kind,
        *(_text(getattr(value, part)) for part in ("street", "city", "code", "region", "country")),
    )


# --- writing -----------------------------------------------------------------------------------

TYPES = {"work": "work", "mobile": "cell", "home": "home", "fax": "fax"}


def _written(card: Card, groups: Sequence[str], version: str) -> str:
    made = vobject.vCard()
    made.add("version").value = version
    made.add("fn").value = card.title
    made.add("n").value = VName(family=card.last_name, given=card.first_name)
    if card.company:
        made.add("org").value = [card.company]
    if card.role:
        made.add("title").value = card.role
    if card.nickname:
        made.add("nickname").value = card.nickname
    for n, each in enumerate(card.numbers):
        if each.kind == "sip" or each.number.startswith("sip"):
            made.add("impp").value = each.number
            continue
        line = made.add("tel")
        line.value = each.number
        types = [TYPES[each.kind]] if each.kind in TYPES else []
        if not n and version == "4.0":
            line.pref_param = "1"
        elif not n:
            types.append("pref")
        if types:
            line.type_param = types
    for email in card.emails:
        made.add("email").value = email
    for place in card.addresses:
        line = made.add("adr")
        line.value = VAddress(
            street=place.street,
            city=place.city,
            region=place.region,
            code=place.zip,
            country=place.country,
        )
        line.type_param = place.kind
    if card.birthday:
        made.add("bday").value = card.birthday.strftime(
            "%Y%m%d" if version == "4.0" else "%Y-%m-%d"
        )
    if groups:
        made.add("categories").value = list(groups)
    if card.notes:
        made.add("note").value = card.notes
    return str(made.serialize(validate=False))
