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

from officesmart.cells import as_typed, plain
from officesmart.contacts.card import (
    MOST_EMAILS,
    PARTS,
    Address,
    Card,
    Number,
    words_of,
)
from officesmart.contacts.incoming import MOST_BYTES, MOST_ROWS, BadFile, Incoming

MOST_COLUMNS = 200
LONGEST_CELL = 20_000

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
    "email": ("E-mail", "E-mail"),
    "street": ("Via", "Street"),
    "city": ("Città", "City"),
    "zip": ("CAP", "Postal code"),
    "region": ("Provincia", "Province"),
    "country": ("Paese", "Country"),
    "birthday": ("Data di nascita", "Birthday"),
    "notes": ("Note", "Notes"),
}
"What a column may be; '' is left out."

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "name": ("nome completo", "nome e cognome", "full name", "display name", "name", "nominativo"),
    "first_name": ("nome", "first name", "given name", "firstname", "forename", "vorname"),
    "last_name": ("cognome", "last name", "family name", "surname", "lastname", "nachname"),
    "company": ("azienda", "societa", "ditta", "company", "organization", "organisation",
                "organization name", "organization 1 name", "ragione sociale", "firma"),
    "role": ("ruolo", "posizione", "job title", "title", "qualifica", "organization title",
             "organization 1 title"),
    "nickname": ("soprannome", "nickname"),
    "mobile": ("cellulare", "mobile", "mobile phone", "cell", "cell phone", "handy",
               "telefono cellulare", "telefonino"),
    "home": ("casa", "home", "home phone", "abitazione", "telefono casa", "telefono abitazione"),
    "fax": ("fax", "business fax", "fax lavoro", "fax ufficio"),
    "sip": ("sip", "sip address", "indirizzo sip"),
    "work": ("telefono", "phone", "tel", "ufficio", "lavoro", "business phone", "work phone",
             "telefono ufficio", "telefono di lavoro", "telefono lavoro", "phone 1 value",
             "numero", "number", "telephone"),
    "other": ("altro", "other phone", "altro telefono", "altro numero", "phone 2 value",
              "phone 3 value", "business phone 2"),
    "email": ("e mail", "email", "posta elettronica", "e mail address", "email address", "mail",
              "e mail 1 value", "indirizzo di posta elettronica", "pec"),
    "street": ("via", "indirizzo", "street", "address", "business street", "address 1 street"),
    "city": ("citta", "comune", "city", "business city", "address 1 city"),
    "zip": ("cap", "zip", "postal code", "zip code", "business postal code"),
    "region": ("provincia", "regione", "state", "region", "business state"),
    "country": ("paese", "stato", "nazione", "country", "business country region"),
    "birthday": ("data di nascita", "compleanno", "birthday", "nascita", "date of birth"),
    "notes": ("note", "notes", "annotazioni", "commenti"),
}  # fmt: skip
"Headings by which a column is recognised, as `words_of` writes them."


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
    text, coding = _decoded(content)
    first = text.split("\n", 1)[0]
    mark = max(";\t,", key=first.count)
    csv.field_size_limit(MOST_BYTES)
    try:
        rows = [
            row for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark) if any(row)
        ]
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
        yield Incoming(str(line), _card(row, mapping))


def write(found: Iterable[Card]) -> str:
    """Contacts as CSV (UTF-8 with its mark, for spreadsheets); no cell is a formula."""
    out = io.StringIO(newline="")
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(_header())
    for card in found:
        writer.writerow([plain(cell) for cell in _cells(card)])
    return out.getvalue()


# --- reading -----------------------------------------------------------------------------------


def _decoded(content: bytes) -> tuple[str, str]:
    for mark, coding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
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
    # "Numero 1 (cellulare)", "Phone - Work", "E-mail 2": the word that says most decides.
    bare = re.sub(r"\s*[0-9]+\s*$", "", plain_words).strip()
    for name, known in HEADINGS.items():
        if bare in known:
            return name
    for name in ("mobile", "fax", "home", "sip", "email"):
        if any(word in plain_words.split() for word in HEADINGS[name]):
            return name
    return ""


def _card(row: Sequence[str], mapping: Sequence[str]) -> Card:
    said: dict[str, list[str]] = {}
    for cell, name in zip(row, mapping, strict=False):
        text = as_typed(cell.strip())[:LONGEST_CELL]
        if name in FIELDS and text:
            said.setdefault(name, []).append(text)

    def one(name: str) -> str:
        return " ".join(said.get(name, ()))

    first, last = one("first_name"), one("last_name")
    if one("name") and not (first or last):
        first, _, last = one("name").partition(" ")
    numbers = [
        Number(kind, text)
        for kind in ("work", "mobile", "home", "fax", "sip", "other")
        for cell in said.get(kind, ())
        for text in re.split(r"\s*(?:;|,|\n| ::: )\s*", cell)
        if text
    ]
    emails = [
        text
        for cell in said.get("email", ())
        for text in re.split(r"\s*(?:;|,|\n| ::: )\s*", cell)
        if text
    ]
    address = Address("work", **{part: one(part) for part in PARTS})
    return Card(
        first,
        last,
        one("company"),
        one("role"),
        one("nickname"),
        numbers=tuple(numbers),
        emails=tuple(emails),
        addresses=() if address.empty else (address,),
        birthday=day_of(one("birthday")),
        notes="\n".join(said.get("notes", ())),
    )


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
        return date(*map(int, parts))
    except ValueError:
        return None


# --- writing -----------------------------------------------------------------------------------


def _header() -> list[str]:
    names = ["Nome", "Cognome", "Azienda", "Ruolo", "Soprannome"]
    for kind in ("work", "mobile", "home", "fax", "sip", "other"):
        names.append(FIELDS[kind][0])
    names += [f"E-mail {n + 1}" for n in range(MOST_EMAILS)]
    names += [FIELDS[part][0] for part in PARTS]
    return [*names, FIELDS["birthday"][0], FIELDS["notes"][0]]


def _cells(card: Card) -> list[str]:
    cells = [card.first_name, card.last_name, card.company, card.role, card.nickname]
    for kind in ("work", "mobile", "home", "fax", "sip", "other"):
        cells.append("; ".join(each.number for each in card.numbers if each.kind == kind))
    cells += [*card.emails, *[""] * MOST_EMAILS][:MOST_EMAILS]
    address = card.addresses[0] if card.addresses else Address()
    cells += [getattr(address, part) for part in PARTS]
    return [*cells, card.birthday.isoformat() if card.birthday else "", card.notes]
