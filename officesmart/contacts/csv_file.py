"""Contacts as a CSV file: any programme's, by saying which column is what; and out again.

Files of people come as UTF-8, UTF-16 or in the old Windows coding, separated by commas, semicolons
or tabs, with headings in any language: what can be recognised is proposed, the person decides.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice, zip_longest

from officesmart.administration.rules import Fault
from officesmart.cells import as_typed, written
from officesmart.contacts.card import (
    KINDS,
    MOST_ADDRESSES,
    MOST_EMAILS,
    MOST_NUMBERS,
    PARTS,
    PLACES,
    Address,
    Card,
    Number,
    words_of,
)
from officesmart.contacts.incoming import MOST_BYTES, MOST_ROWS, BadFile, Incoming

MOST_COLUMNS = 200
LONGEST_CELL = 20_000
MOST_IN_A_CELL = 40
"Numbers, mail addresses or groups that are looked at."
FIRST_YEAR = 1850
BAD_DAY = Fault(
    "La data di nascita non si capisce: va scritta come 31/12/1980",
    "The birthday cannot be read: it is written like 31/12/1980",
)

FIELDS: Mapping[str, tuple[str, str]] = {
    "name": ("Nome e cognome", "Full name"),
    "first_name": ("Nome", "First name"),
    "last_name": ("Cognome", "Last name"),
    "company": ("Azienda", "Company"),
    "role": ("Ruolo", "Role"),
    "nickname": ("Soprannome", "Nickname"),
    "work": ("Telefono di lavoro", "Work number"),
    "mobile": ("Cellulare", "Mobile"),
    "home": ("Telefono di casa", "Home number"),
    "fax": ("Fax", "Fax"),
    "sip": ("Indirizzo SIP", "SIP address"),
    "other": ("Altro numero", "Other number"),
    "number": ("Numero (il tipo è in un'altra colonna)", "Number (its kind is another column)"),
    "kind": ("Tipo del numero", "Kind of number"),
    "email": ("E-mail", "E-mail"),
    "street": ("Via", "Street"),
    "city": ("Città", "City"),
    "zip": ("CAP", "Postal code"),
    "region": ("Provincia", "Province"),
    "country": ("Paese", "Country"),
    "address_kind": ("Tipo di indirizzo", "Kind of address"),
    "street2": ("Altro indirizzo: via", "Other address: street"),
    "city2": ("Altro indirizzo: città", "Other address: city"),
    "zip2": ("Altro indirizzo: CAP", "Other address: postal code"),
    "region2": ("Altro indirizzo: provincia", "Other address: province"),
    "country2": ("Altro indirizzo: paese", "Other address: country"),
    "address_kind2": ("Altro indirizzo: tipo", "Other address: kind"),
    "groups": ("Gruppi", "Groups"),
    "birthday": ("Data di nascita", "Birthday"),
    "notes": ("Note", "Notes"),
}
"What a column may be; '' is left out."

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "name": ("nome completo", "nome e cognome", "full name", "display name", "name", "nominativo"),
    "first_name": ("nome", "first name", "given name", "firstname", "forename", "vorname",
                   "middle name", "additional name", "secondo nome"),
    "last_name": ("cognome", "last name", "family name", "surname", "lastname", "nachname"),
    "company": ("azienda", "societa", "ditta", "company", "organization", "organisation",
                "organization name", "organization 1 name", "ragione sociale", "firma"),
    "role": ("ruolo", "posizione", "job title", "title", "qualifica", "organization title",
             "organization 1 title"),
    "nickname": ("soprannome", "nickname"),
    "mobile": ("cellulare", "mobile", "mobile phone", "cell", "cell phone", "handy",
               "telefono cellulare", "telefonino"),
    "home": ("casa", "home", "home phone", "abitazione", "telefono casa", "telefono abitazione",
             "telefono di casa", "telefono ab", "abitazione telefono"),
    "fax": ("fax", "business fax", "fax lavoro", "fax ufficio", "fax uff", "home fax", "fax ab"),
    "sip": ("sip", "sip address", "indirizzo sip"),
    "work": ("telefono", "phone", "tel", "ufficio", "lavoro", "business phone", "work phone",
             "telefono ufficio", "telefono di lavoro", "telefono lavoro", "telefono uff",
             "telephone", "company main phone", "primary phone", "telefono principale"),
    "other": ("altro", "other phone", "altro telefono", "altro numero", "car phone"),
    "number": ("numero", "number", "numero di telefono", "phone number", "phone value"),
    "kind": ("tipo numero", "tipo del numero", "kind of number", "phone type", "phone label"),
    "email": ("e mail", "email", "posta elettronica", "e mail address", "email address", "mail",
              "e mail value", "indirizzo di posta elettronica", "indirizzo posta elettronica",
              "pec"),
    "street": ("via", "indirizzo", "street", "address", "business street", "address 1 street",
               "via uff", "address 1 extended address"),
    "city": ("citta", "comune", "city", "business city", "address 1 city", "citta uff"),
    "zip": ("cap", "zip", "postal code", "zip code", "business postal code",
            "address 1 postal code", "cap uff"),
    "region": ("provincia", "regione", "state", "region", "business state", "address 1 region",
               "provincia uff"),
    "country": ("paese", "stato", "nazione", "country", "business country region",
                "business country", "address 1 country", "paese uff"),
    "address_kind": ("tipo indirizzo", "tipo di indirizzo", "kind of address", "address 1 type",
                     "address 1 label"),
    "street2": ("via 2", "altro indirizzo", "home street", "address 2 street", "via ab",
                "address 2 extended address"),
    "city2": ("citta 2", "home city", "address 2 city", "citta ab"),
    "zip2": ("cap 2", "home postal code", "address 2 postal code", "cap ab"),
    "region2": ("provincia 2", "home state", "address 2 region", "provincia ab"),
    "country2": ("paese 2", "home country region", "home country", "address 2 country",
                 "paese ab"),
    "address_kind2": ("tipo indirizzo 2", "address 2 type", "address 2 label"),
    "groups": ("gruppi", "gruppo", "groups", "group membership", "labels", "etichette",
               "categories", "categorie"),
    "birthday": ("data di nascita", "compleanno", "birthday", "nascita", "date of birth"),
    "notes": ("note", "notes", "annotazioni", "commenti"),
}  # fmt: skip
"""Headings by which a column is recognised, as `words_of` writes them: our own, and those of the
exports of Google, Outlook and address books of either language."""
ABOUT = frozenset(("type", "label", "tipo", "etichetta", "display", "formatted", "yomi"))
"A heading with one of these is about another column and holds no number or address itself."
KIND_WORDS = (
    ("fax", "fax"), ("mobile", "mobile"), ("cell", "mobile"), ("cellulare", "mobile"),
    ("home", "home"), ("casa", "home"), ("abitazione", "home"), ("sip", "sip"),
    ("work", "work"), ("lavoro", "work"), ("ufficio", "work"), ("main", "work"),
)  # fmt: skip
"Words that say the kind of a number or address, the telling ones first."
SEVERAL = re.compile(r";|,|\n|:::")
"Between several numbers or e-mail addresses in one cell."
NO_TABLES = (
    (b"PK\x03\x04", "Excel"), (b"\xd0\xcf\x11\xe0", "Excel"), (b"%PDF", "PDF"),
)  # fmt: skip
"How files begin that people take for a CSV file."


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as read: its headings and rows."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    coding: str = "utf-8"

    def guess(self) -> tuple[str, ...]:
        """What each column probably is, '' for what nobody knows."""
        return tuple(_guess(heading) for heading in self.headings)


def read(content: bytes) -> Sheet:
    """The rows of a file. Raises BadFile."""
    if len(content) > MOST_BYTES:
        raise BadFile(
            f"Il file è più grande di {MOST_BYTES // 1_000_000} MB: dividilo",
            f"The file is larger than {MOST_BYTES // 1_000_000} MB: split it",
        )
    for begins, what in NO_TABLES:
        if content.startswith(begins):
            raise BadFile(
                f"È un file {what}, non un CSV: aprilo e salvalo con nome come CSV",
                f"This is a file of {what}, not a CSV: open it and save it as CSV",
            )
    text, coding = _decoded(content)
    if "\0" in text:
        raise BadFile(
            "Non è un file di testo: esporta la rubrica come CSV o vCard",
            "This is no text file: export the address book as CSV or vCard",
        )
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip()) == len("sep=;"):
        mark, text = first[4], rest  # a spreadsheet's own word about its separator
    else:
        mark = max(";\t,|", key=first.count)
    csv.field_size_limit(MOST_BYTES)
    try:
        found = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
        # No more than says that there are too many: ten million short ones would fill the memory.
        rows = list(islice((row for row in found if any(row)), MOST_ROWS + 2))
    except csv.Error as wrong:
        raise BadFile(
            "Non è un file CSV: esportalo di nuovo come CSV", f"This is no CSV file: {wrong}"
        ) from wrong
    if len(rows) < 2:
        raise BadFile(
            "Il file non ha righe: la prima deve dare i nomi delle colonne, poi un contatto a riga",
            "The file has no rows: the first must name the columns, then one contact a row",
        )
    if len(rows) > MOST_ROWS + 1 or len(rows[0]) > MOST_COLUMNS:
        raise BadFile(
            f"Al massimo {MOST_ROWS} righe e {MOST_COLUMNS} colonne: dividi il file",
            f"At most {MOST_ROWS} rows and {MOST_COLUMNS} columns: split the file",
        )
    width = len(rows[0])
    body = [tuple((row + [""] * width)[:width]) for row in rows[1:]]
    return Sheet(tuple(cell.strip()[:120] for cell in rows[0]), tuple(body), coding)


def cards(sheet: Sheet, mapping: Sequence[str]) -> Iterator[Incoming]:
    """The contacts of a sheet; mapping: for each column a name of FIELDS, or ''."""
    for line, row in enumerate(sheet.rows, 2):
        card, groups, whole = _card(row, mapping)
        yield Incoming(str(line), card, () if whole else (BAD_DAY,), groups)


def write(found: Iterable[Card | tuple[Card, Sequence[str]]]) -> str:
    """Contacts, each with the names of its groups, as CSV (UTF-8 with its mark, for spreadsheets).

    No cell is a formula, and `read` gives back all of it.
    """
    pairs = (each if isinstance(each, tuple) else (each, ()) for each in found)
    return "".join(written(chain([_header()], (_cells(*each) for each in pairs))))


# --- reading -----------------------------------------------------------------------------------


def _decoded(content: bytes) -> tuple[str, str]:
    for mark, coding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            return content.decode(coding, "replace"), coding
    if len(content) > 8:  # UTF-16 without its mark: every other byte of plain letters is nothing
        for odd, coding in ((1, "utf-16-le"), (0, "utf-16-be")):
            some = content[odd:400:2]
            if some.count(0) > len(some) * 0.6:
                return content.decode(coding, "replace"), coding
    for coding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(coding), coding
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1"), "latin-1"


def _guess(heading: str) -> str:
    plain_words = " ".join(words_of(heading))
    if not plain_words:
        return ""
    for name, known in HEADINGS.items():
        if plain_words in known:
            return name
    numbered = re.sub(r"\s[0-9]+(?=\s)", "", plain_words)  # phone 3 value, e mail 2 address
    for name in ("number", "kind", "email"):
        if numbered in HEADINGS[name]:
            return name
    # "Numero 1 (cellulare)", "Phone - Work", "E-mail 2": the word that says most decides.
    bare = re.sub(r"\s*[0-9]+\s*$", "", plain_words).strip()
    for name, known in HEADINGS.items():
        if bare in known:
            return name
    if ABOUT & set(plain_words.split()):
        return ""
    for name in ("mobile", "fax", "home", "sip", "email"):
        if any(word in plain_words.split() for word in HEADINGS[name]):
            return name
    return ""


def _card(row: Sequence[str], mapping: Sequence[str]) -> tuple[Card, tuple[str, ...], bool]:
    """A row's card and groups, and whether its date could be read."""
    said: dict[str, list[str]] = {}
    paired: dict[str, list[str]] = {"number": [], "kind": []}
    for cell, name in zip(row, mapping, strict=False):
        text = as_typed(cell.strip())[:LONGEST_CELL]
        if name in paired:
            paired[name].append(text)
        elif name in FIELDS and text:
            said.setdefault(name, []).append(text)

    def one(name: str) -> str:
        return " ".join(said.get(name, ()))

    first, last = one("first_name"), one("last_name")
    if one("name") and not (first or last) and one("name") != one("company"):
        first, _, last = one("name").partition(" ")
    numbers = [
        Number(kind_of(kind) if kind else "work", text)
        for cell, kind in zip_longest(paired["number"], paired["kind"], fillvalue="")
        for text in _several(cell)
        if text
    ]
    numbers += [
        Number(kind, text)
        for kind in ("work", "mobile", "home", "fax", "sip", "other")
        for cell in said.get(kind, ())
        for text in _several(cell)
        if text
    ]
    emails = [text for cell in said.get("email", ()) for text in _several(cell) if text]
    addresses = [
        Address(
            _place(one(f"address_kind{which}"), usual),
            **{part: one(f"{part}{which}") for part in PARTS},
        )
        for which, usual in (("", "work"), ("2", "home"))
    ]
    day = day_of(one("birthday"))
    card = Card(
        first,
        last,
        one("company"),
        one("role"),
        one("nickname"),
        numbers=tuple(numbers),
        emails=tuple(emails),
        addresses=tuple(each for each in addresses if not each.empty),
        birthday=day,
        notes="\n".join(said.get("notes", ())),
    )
    none = not re.search("[1-9]|[^\\W\\d]", one("birthday"))  # 0/0/00 is Outlook's word for it
    return card, groups_of(one("groups")), day is not None or none


def _several(cell: str) -> list[str]:
    """What stands in a cell, and more of it than a contact may have, so that this is said. (Blanks
    in the pattern would take the square of a cell's length, and hold up all other threads.)"""
    return [piece.strip() for piece in SEVERAL.split(cell, MOST_IN_A_CELL)[:MOST_IN_A_CELL]]


def kind_of(text: str) -> str:
    """The kind of a number by the word that a person or a programme has for it."""
    said = words_of(text)
    return next((kind for word, kind in KIND_WORDS if word in said), "other")


def groups_of(text: str) -> tuple[str, ...]:
    """The groups in a cell: 'Fornitori; Clienti', or '* myContacts ::: Fornitori' as Google says.

    What begins with a star is that programme's own and no group that anybody made.
    """
    parts = text.split(":::") if ":::" in text else text.split(";")
    found = (" ".join(part.split()) for part in parts)
    named = dict.fromkeys(each for each in found if each and not each.startswith("*"))
    return tuple(named)[:MOST_IN_A_CELL]


def _place(text: str, usual: str) -> str:
    kind = kind_of(text)
    return kind if kind in PLACES else usual


def day_of(text: str) -> date | None:
    """A date as people and programmes write it: 31/12/1980, 1980-12-31, 19801231; None for none."""
    found = re.fullmatch(r"(\d{4})-?(\d{2})-?(\d{2})(?:T.*)?", text.strip())
    parts = (found[1], found[2], found[3]) if found else ()
    if not parts:
        turned = re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", text.strip())
        parts = (turned[3], turned[2], turned[1]) if turned else ()
    if not parts:
        return None
    try:
        found_day = date(*map(int, parts))
    except ValueError:
        return None
    # Apple writes a day whose year nobody gave as one of 1604.
    return found_day if found_day.year >= FIRST_YEAR else None


# --- writing -----------------------------------------------------------------------------------


def _header() -> list[str]:
    names = ["Nome", "Cognome", "Azienda", "Ruolo", "Soprannome"]
    for n in range(1, MOST_NUMBERS + 1):
        names += [f"Numero {n}", f"Tipo numero {n}"]
    names += [f"E-mail {n + 1}" for n in range(MOST_EMAILS)]
    for which in ("", " 2"):
        names += [f"Tipo indirizzo{which}", *(f"{FIELDS[part][0]}{which}" for part in PARTS)]
    return [*names, FIELDS["groups"][0], FIELDS["birthday"][0], FIELDS["notes"][0]]


def _cells(card: Card, groups: Sequence[str]) -> list[str]:
    cells = [card.first_name, card.last_name, card.company, card.role, card.nickname]
    for n in range(MOST_NUMBERS):
        number = card.numbers[n] if n < len(card.numbers) else None
        cells += [number.number, KINDS[number.kind][0]] if number else ["", ""]
    cells += [*card.emails, *[""] * MOST_EMAILS][:MOST_EMAILS]
    for n in range(MOST_ADDRESSES):
        place = card.addresses[n] if n < len(card.addresses) else None
        cells += (
            [PLACES[place.kind][0], *(getattr(place, part) for part in PARTS)]
            if place
            else [""] * (1 + len(PARTS))
        )
    said = " ::: ".join(groups) + (" :::" if len(groups) == 1 and ";" in groups[0] else "")
    return [*cells, said, card.birthday.isoformat() if card.birthday else "", card.notes]
