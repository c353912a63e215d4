"""What a line may look like, said beside the field in both languages.

The rules are those of a row of the import (csv_rows.py): what a form says is judged as such a row,
so page, import and command line cannot disagree. Pure; what only this office can answer (whose
number is that?) is in lines.py.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from officesmart.csv_rows import COLUMNS, EMERGENCY, LONGEST, RIGHTS, ROLES, BadRow, parse
from pbx.numbers import national
from pbx.printable import printable
from pbx.routing.features import mailbox, ring_plan
from pbx.routing.typed import e164_of

LONGEST_TYPED = 400  # characters of any field; a longer one is no slip of the hand
LONGEST_LABEL = 60
LANGUAGES = ("it", "en")
RING = (5, 170)
MAILBOX_AFTER = (0, 420)
"Seconds: the bounds of ring_plan's and mailbox's options, which a test holds these to."
RING_DEFAULT = ring_plan.Options().longest_seconds
MAILBOX_DEFAULT = mailbox.Options().seconds


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a field, and what to do."""

    it: str
    en: str


@dataclass(frozen=True, slots=True)
class LineValues:
    """A line as an administrator sets it."""

    extension: str = ""
    name: str = ""
    email: str = ""
    number: str = ""
    "E.164, or empty."
    site: str = ""
    role: str = "user"
    language: str = "it"
    active: bool = True
    rights: str = "internal national mobile"
    "As `rights_of` writes them."
    mailbox: bool = True
    ring_seconds: int = RING_DEFAULT
    mailbox_seconds: int = MAILBOX_DEFAULT


LINE_NAMES = {
    "extension": ("interno", "extension"),
    "name": ("nome", "name"),
    "email": ("e-mail", "e-mail"),
    "number": ("numero", "number"),
    "site": ("sede", "site"),
    "role": ("ruolo", "role"),
    "language": ("lingua", "language"),
    "active": ("linea attiva", "active line"),
    "rights": ("diritti di chiamata", "call rights"),
    "mailbox": ("casella vocale", "mailbox"),
    "ring_seconds": ("durata dello squillo", "ringing time"),
    "mailbox_seconds": ("secondi prima della segreteria", "seconds before voicemail"),
}
"The fields of LineValues as sentences and the change log call them."
FIELDS = tuple(LineValues.__dataclass_fields__)
TYPED = ("extension", "name", "email", "number", "site", "role", "language")
"The fields that a row of the import has too."


def judge(typed: Mapping[str, object]) -> tuple[LineValues, dict[str, Fault]]:
    """A form as it was sent: the values of what is right, and what is wrong by field.

    A switch counts as on when it was sent at all and says nothing like "no".
    """
    cells = {name: _text(typed.get(name)) for name in TYPED}
    faults = {name: TOO_LONG for name, cell in cells.items() if len(cell) > LONGEST_TYPED}
    for name in faults:
        cells[name] = ""
    # What was cut away is wrong already; the placeholders let the rest of the row be judged.
    stand_in = {"extension": "999999", "name": "x"}
    row = cells | {name: value for name, value in stand_in.items() if name in faults}
    rows, bad = parse(_as_csv(row))
    for fault in bad:
        faults.setdefault(fault.column or "name", explain(fault, cells.get(fault.column, "")))
    values = LineValues(
        extension=cells["extension"],
        name=cells["name"],
        email=cells["email"],
        number=e164_of(cells["number"]),
        site=cells["site"],
        role=cells["role"].lower() if cells["role"].lower() in ROLES else "user",
        language=cells["language"] if cells["language"] in LANGUAGES else "it",
        active=_on(typed.get("active")),
        rights=rights_of(name for name in RIGHTS if _on(typed.get(f"right_{name}"))),
        mailbox=_on(typed.get("mailbox")),
    )
    for name, (least, most) in (("ring_seconds", RING), ("mailbox_seconds", MAILBOX_AFTER)):
        said = _text(typed.get(name))
        if said and re.fullmatch(r"[0-9]{1,4}", said) and least <= int(said) <= most:
            values = replace(values, **{name: int(said)})  # type: ignore[arg-type]
        elif said:
            faults[name] = Fault(
                f"Scrivi i secondi con un numero da {least} a {most}",
                f"Give the seconds as a number from {least} to {most}",
            )
    return values, faults


def rights_of(words: Iterable[str]) -> str:
    """Classes of calls as a line keeps them: each once, in their own order."""
    given = set(words)
    return " ".join(name for name in RIGHTS if name in given)


def label_fault(label: str) -> Fault | None:
    """What is wrong with the name of a SIP account; it may be empty."""
    if len(label) > LONGEST_LABEL:
        return Fault(
            f"Al massimo {LONGEST_LABEL} caratteri: accorcia il nome",
            f"At most {LONGEST_LABEL} characters: shorten the name",
        )
    if not printable(label):
        return UNPRINTABLE
    return None


UNPRINTABLE = Fault(
    "C'è un carattere che non si vede: cancella e riscrivi a mano",
    "There is a character that cannot be shown: delete it and type it again",
)
TOO_LONG = Fault("È troppo lungo: accorcialo", "It is too long: shorten it")


def explain(bad: BadRow, cell: str = "") -> Fault:
    """A fault of the import in both languages, with what to do about it."""
    said = bad.reason
    if bad.it:
        return Fault(bad.it, said)
    if said == "is empty":
        return Fault("Scrivi il nome di chi usa la linea", "Give the name of whoever uses the line")
    if said.endswith("is not 2 to 6 digits"):
        return Fault(
            "L'interno ha da 2 a 6 cifre e nient'altro, per esempio 204",
            "An extension has 2 to 6 digits and nothing else, such as 204",
        )
    if said.endswith("is an emergency number"):
        return Fault(
            f"{said.split()[0]} è un numero di emergenza: scegli un altro interno",
            f"{said.split()[0]} is an emergency number: choose another extension",
        )
    if said.startswith("has more than") and bad.column in LONGEST:
        most = LONGEST[bad.column]
        return Fault(
            f"Al massimo {most} caratteri: accorcialo", f"At most {most} characters: shorten it"
        )
    if said == "has a character that cannot be shown":
        return UNPRINTABLE
    if said.endswith("is no mail address"):
        return Fault(
            "Non è un indirizzo e-mail: scrivilo come nome@azienda.it",
            "This is no e-mail address: write it like name@company.com",
        )
    if "is no telephone number" in said:
        return Fault(
            "Non è un numero di telefono valido: scrivilo come 02 5550 1201 o +39 02 5550 1201",
            "This is no valid telephone number: write it like 02 5550 1201 or +39 02 5550 1201",
        )
    if owned := re.fullmatch(r"(\S+) is the number of (\S+)", said):
        return Fault(
            f"{national(owned[1])} è già il numero dell'interno {owned[2]}",
            f"{national(owned[1])} is already the number of extension {owned[2]}",
        )
    if account := re.fullmatch(r"a phone of (\S+) signs in as (\S+): .+", said):
        return Fault(
            f"Un telefono dell'interno {account[1]} entra come {account[2]}: togli prima "
            "quell'account, o scegli un altro interno",
            f"A phone of extension {account[1]} signs in as {account[2]}: remove that account "
            "first, or choose another extension",
        )
    if other := re.fullmatch(r"(\S+) reaches something else", said):
        return Fault(
            f"{national(other[1])} è un numero dell'ufficio e raggiunge altro: cambialo in Numeri",
            f"{national(other[1])} is a number of the office and reaches something else: change "
            "it in Numbers",
        )
    if said.startswith("there is no site "):
        site = said.removeprefix("there is no site ")
        return Fault(
            f"Non c'è una sede {site}: scrivine una che c'è, o lascia creare le sedi nuove",
            f"There is no site {site}: name one that is there, or let new sites be made",
        )
    if said == "no administrator would be left":
        return LAST_ADMIN
    if twice := re.fullmatch(r"(\S+) is on line (\d+) too", said):
        return Fault(
            f"{twice[1]} c'è già alla riga {twice[2]}: togli una delle due",
            f"{twice[1]} is on line {twice[2]} too: remove one of them",
        )
    if cells := re.fullmatch(r"(\d+) cells, the header has (\d+)", said):
        return Fault(
            f"La riga ha {cells[1]} celle e l'intestazione {cells[2]}: controlla i separatori",
            f"The row has {cells[1]} cells and the header {cells[2]}: check the separators",
        )
    if said.endswith("is neither yes nor no"):
        return Fault("Scrivi sì o no", "Write yes or no")
    if choice := re.search(r"is neither (.+)", said):
        words = choice[1].split(" nor ")
        return Fault(f"Scrivi {' o '.join(words)}", f"Write {' or '.join(words)}")
    if "larger than" in said:
        most_mb = re.sub(r"\D", "", said)
        return Fault(
            f"Il file supera {most_mb} MB: dividilo", f"The file is over {most_mb} MB: split it"
        )
    if "not UTF-8" in said:
        return NOT_UTF8
    if said.startswith("this is no CSV file"):
        return Fault(
            "Non è un file CSV: dal foglio di calcolo salva come «CSV UTF-8»",
            "This is no CSV file: save it from the spreadsheet as “CSV UTF-8”",
        )
    if said == "the file has no lines":
        return Fault(
            "Il file non ha righe sotto l'intestazione", "The file has no rows below its header"
        )
    if bad.column in ("password", "sip_password", "mailbox_pin"):
        return _secret(bad)
    return Fault(said, said)


LAST_ADMIN = Fault(
    "Non resterebbe nessun amministratore attivo: dai prima il ruolo a un'altra linea",
    "No active administrator would be left: give another line the role first",
)
NOT_UTF8 = Fault(
    "Il file non è in UTF-8: dal foglio di calcolo salva come «CSV UTF-8»",
    "The file is not UTF-8: save it from the spreadsheet as “CSV UTF-8”",
)
SECRET_WORDS = {
    "The password has fewer": "La password è troppo corta: almeno 10 caratteri",
    "The password has more": "La password è troppo lunga: al massimo 200 caratteri",
    "has more than": "È troppo lunga: al massimo 200 caratteri",
    "The password is among": "La password è tra le più usate e si indovina subito",
    "The password contains": "La password contiene il nome, il numero o l'interno",
    "The password has 4": "La password ha 4 o più caratteri uguali o in sequenza",
    "The PIN must": "Il PIN deve avere da 6 a 10 cifre",
    "The PIN is part": "Il PIN è una parte del proprio numero o contiene l'interno",
    "The PIN is a sequence": "Il PIN è una sequenza o ripete le stesse cifre",
    "The PIN looks": "Il PIN sembra una data di nascita",
}


def _secret(bad: BadRow) -> Fault:
    for start, it in SECRET_WORDS.items():
        if bad.reason.startswith(start):
            return Fault(it, bad.reason)
    return Fault(bad.reason, bad.reason)


def _as_csv(cells: Mapping[str, str]) -> bytes:
    out = io.StringIO()
    names = [name for name in COLUMNS if name in cells]
    writer = csv.DictWriter(out, names, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerow({name: cells[name] for name in names})
    return out.getvalue().encode()


def _text(value: object) -> str:
    # Half a surrogate pair cannot be kept; no browser sends one, a hand-made message may.
    return value.strip().encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _on(value: object) -> bool:
    return value is True or (isinstance(value, str) and value not in ("", "false", "off"))


__all__ = [
    "EMERGENCY",
    "FIELDS",
    "Fault",
    "LineValues",
    "explain",
    "judge",
    "label_fault",
]
