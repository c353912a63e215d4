"""A CSV file before it is an import: its encoding, its header, and which column means what.

Pure. What comes out (`mapped`) is a file with our columns, judged and taken over by the same code
as the command line's; every row stays on the line where an editor finds it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from officesmart.administration.rules import Fault
from officesmart.csv_rows import COLUMNS
from pbx.numbers import is_extension

MOST_COLUMNS = 40
SAMPLE = 40  # characters
SYNONYMS = {
    "extension": ("interno", "ext", "ext.", "int", "int.", "numero interno", "extension number"),
    "name": ("nome", "nome e cognome", "nominativo", "utente", "full name", "user", "cognome nome"),
    "email": ("e-mail", "mail", "posta", "indirizzo e-mail", "email address"),
    "password": ("password portale", "portal password"),
    "sip_password": ("password sip", "sip password", "sip", "secret"),
    "mailbox_pin": ("pin", "pin casella", "pin segreteria", "voicemail pin", "mailbox pin"),
    "number": ("numero", "telefono", "numero di telefono", "did", "phone", "phone number"),
    "site": ("sede", "ufficio", "luogo", "location", "office"),
    "role": ("ruolo", "profilo"),
    "language": ("lingua", "lang"),
    "mailbox": ("casella", "casella vocale", "segreteria", "voicemail"),
    "active": ("attiva", "attivo", "linea attiva", "stato", "enabled", "active line"),
    "rights": ("diritti", "permessi", "abilitazioni", "call rights", "permissions"),
}
"What people call our columns."


class Unreadable(Exception):
    """This is no file we can read; `fault` says what to do, `latin` that it is Latin-1."""

    def __init__(self, fault: Fault, *, latin: bool = False) -> None:
        super().__init__(fault.en)
        self.fault, self.latin = fault, latin


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as cells."""

    header: tuple[str, ...]
    "Empty names where the file has no header."
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    "Each with the line it begins on."
    headless: bool = False


LATIN = Fault(
    "Il file è in Latin-1 (Windows), non in UTF-8. Salvalo dal foglio di calcolo come «CSV UTF-8», "
    "oppure leggilo così com'è e controlla gli accenti nella prova",
    "The file is Latin-1 (Windows), not UTF-8. Save it from the spreadsheet as “CSV UTF-8”, or "
    "read it as it is and check the accents in the trial",
)
BINARY = Fault(
    "Non è un file CSV: se è un foglio di calcolo, salvalo come «CSV UTF-8»",
    "This is no CSV file: if it is a spreadsheet, save it as “CSV UTF-8”",
)
EMPTY = Fault("Il file è vuoto", "The file is empty")


def read(content: bytes, *, latin: bool = False) -> Sheet:
    """The cells of a file. Raises Unreadable.

    latin: read it as Latin-1 (Windows-1252) because somebody said so.
    """
    text = _text(content, latin)
    header = text.split("\n", 1)[0]
    separator = max(";,\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[tuple[int, tuple[str, ...]]] = []
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((begins, tuple(cell.strip() for cell in cells)))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(BINARY) from error
    if not rows:
        raise Unreadable(EMPTY)
    first = rows[0][1]
    if len(first) > MOST_COLUMNS:
        raise Unreadable(BINARY)
    if not any(suggest(first)) and any(is_extension(cell) for cell in first):
        return Sheet(("",) * len(first), tuple(rows), headless=True)
    return Sheet(first, tuple(rows[1:]))


def _text(content: bytes, latin: bool) -> str:
    if b"\0" in content:
        raise Unreadable(BINARY)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError:
            raise Unreadable(BINARY) from error
        if not latin:
            raise Unreadable(LATIN, latin=True) from error
        return text


def suggest(header: Sequence[str]) -> tuple[str, ...]:
    """What each column of a header seems to mean; "" for what we don't know."""
    chosen: list[str] = []
    for name in header:
        plain = name.strip().lower().replace("_", " ")
        means = next(
            (
                column
                for column in COLUMNS
                if plain == column.replace("_", " ") or plain in SYNONYMS[column]
            ),
            "",
        )
        chosen.append(means if means not in chosen else "")
    return tuple(chosen)


def complete(columns: Sequence[str]) -> Fault | None:
    """What is missing before rows can be read."""
    named = [column for column in columns if column]
    if len(set(named)) < len(named):
        return Fault(
            "Due colonne hanno lo stesso significato: lasciane una",
            "Two columns mean the same: leave one of them",
        )
    if "extension" not in named or "name" not in named:
        return Fault(
            "Indica almeno quale colonna è l'interno e quale il nome",
            "Say at least which column is the extension and which the name",
        )
    return None


def ragged(sheet: Sheet) -> dict[int, Fault]:
    """The rows that have more or fewer cells than the header, by line."""
    wide = len(sheet.header)
    return {
        line: Fault(
            f"La riga ha {len(cells)} celle e l'intestazione {wide}: controlla i separatori",
            f"The row has {len(cells)} cells and the header {wide}: check the separators",
        )
        for line, cells in sheet.rows
        if len(cells) != wide
    }


def mapped(sheet: Sheet, columns: Sequence[str], *, without: Collection[int] = ()) -> bytes:
    """The file with our header; rows stay on their lines (see `shift`).

    Ragged rows and those on the lines in `without` become empty lines.
    """
    kept = [(place, column) for place, column in enumerate(columns) if column]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column for _, column in kept])
    at, down = 2, shift(sheet)
    for line, cells in sheet.rows:
        if line in without or len(cells) != len(columns):
            continue
        out.write("\n" * (line + down - at))
        chosen = [cells[place] for place, _ in kept]
        writer.writerow(chosen)
        # A quoted cell keeps its own line breaks.
        at = line + down + 1 + sum(cell.count("\n") for cell in chosen)
    return out.getvalue().encode()


def shift(sheet: Sheet) -> int:
    """How far down rows move when a file without a header gets ours."""
    return 1 if sheet.headless else 0
