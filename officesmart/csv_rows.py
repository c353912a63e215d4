"""The rows of a CSV file of lines: read, and judged one by one.

Columns as in COLUMNS, in any order, separated by `,` or `;`, UTF-8 with or without BOM. Pure:
what a row means for this office is judged by import_csv.py.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from officesmart.cells import as_typed
from officesmart.enrol import Enrolment, Secrets
from pbx import credentials, numbers
from pbx.printable import printable
from pbx.routing import dialplan
from pbx.routing.rights import CLASSES
from pbx.routing.typed import e164_of

COLUMNS = (
    "extension",
    "name",
    "email",
    "password",
    "sip_password",
    "mailbox_pin",
    "number",
    "site",
    "role",
    "language",
    "rights",
    "mailbox",
    "active",
)
YES = frozenset({"yes", "y", "true", "on", "1", "si", "sì", "s", "x", "vero", "attiva", "active"})
NO = frozenset({"no", "n", "false", "off", "0", "falso", "sospesa", "suspended"})
"What people write for it; an export writes yes and no. Empty: as it is."
CALLED = ("name", "site")
"What people are called and where they are: written with whatever can be seen."
SECRET = ("password", "sip_password", "mailbox_pin")
ROLES = ("user", "admin")
LANGUAGES = ("it", "en")
NO_RIGHTS = "none"
"In the column rights: only free and emergency numbers."
RIGHTS = tuple(each.name for each in CLASSES)
EMERGENCY = dialplan.EMERGENCY
LONGEST = {"name": 120, "email": 254, "site": 80}
MOST_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class BadRow:
    """One thing wrong with the file."""

    line: int
    "As an editor counts it, from 1; the header is 1."
    column: str
    reason: str
    it: str = ""
    "The reason in Italian, where whoever found it knows it."

    def __str__(self) -> str:
        return f"line {self.line}: " + (f"{self.column}: " if self.column else "") + self.reason


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is right in itself."""

    line: int
    enrolment: Enrolment


def parse(content: bytes, *, allow_weak: bool = False) -> tuple[list[Row], list[BadRow]]:
    """The rows of a file that are right in themselves, and what is wrong with the others."""
    if len(content) > MOST_BYTES:
        return [], [BadRow(1, "", f"the file is larger than {MOST_BYTES // 1_000_000} MB")]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return [], [BadRow(line, "", "this is not UTF-8: save the file as CSV UTF-8")]
    rows: list[Row] = []
    faults: list[BadRow] = []
    try:
        for line, cells in _cells(text, faults):
            bad: list[BadRow] = []
            enrolment = _judge(line, cells, bad, allow_weak)
            faults.extend(bad)
            if not bad:
                rows.append(Row(line, enrolment))
    except csv.Error as error:
        faults.append(BadRow(1, "", f"this is no CSV file: {error}"))
    if not rows and not faults:
        faults.append(BadRow(1, "", "the file has no lines"))
    faults.extend(_doubles(rows))
    return rows, faults


def _cells(text: str, faults: list[BadRow]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row's cells by column, with the line it begins on."""
    header = text.split("\n", 1)[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if ";" in header else ",", strict=True
    )
    names = [name.strip().lower() for name in next(reader, [])]
    wrong = [f"unknown column {name!r}" for name in names if name not in COLUMNS]
    wrong += [f"no column {name!r}" for name in ("extension", "name") if name not in names]
    wrong += [f"column {name!r} twice" for name in {*names} if names.count(name) > 1]
    if wrong:
        told = "; ".join(wrong)
        faults.append(BadRow(1, "", f"{told} (columns are {','.join(COLUMNS)})"))
        return
    begins = reader.line_num + 1
    for cells in reader:
        line, begins = begins, reader.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(names):
            faults.append(BadRow(line, "", f"{len(cells)} cells, the header has {len(names)}"))
            continue
        by_name = dict(zip(names, (cell.strip() for cell in cells), strict=True))
        # A secret is what it is, to the letter.
        yield line, {n: cell if n in SECRET else as_typed(cell) for n, cell in by_name.items()}


def _judge(line: int, cells: dict[str, str], faults: list[BadRow], allow_weak: bool) -> Enrolment:
    def bad(column: str, reason: str) -> None:
        faults.append(BadRow(line, column, reason))

    extension, name = cells["extension"], cells["name"]
    if not numbers.is_extension(extension):
        bad("extension", f"{extension!r} is not 2 to 6 digits")
    elif extension in EMERGENCY:
        bad("extension", f"{extension} is an emergency number")
    if not name:
        bad("name", "is empty")
    for column, longest in LONGEST.items():
        if len(cells.get(column, "")) > longest:
            bad(column, f"has more than {longest} characters")
    for column, cell in cells.items():
        if not (printable(cell) if column in CALLED else cell.isprintable()):
            bad(column, "has a character that cannot be shown")
    email = cells.get("email", "")
    if email and not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+", email):
        bad("email", f"{email!r} is no mail address")
    number = e164_of(cells.get("number", ""))
    if cells.get("number") and not number:
        bad("number", f"{cells['number']!r} is no telephone number (as +390612345678)")
    for column, choices in (("role", ROLES), ("language", LANGUAGES)):
        if cells.get(column) and cells[column].lower() not in choices:
            bad(column, f"{cells[column]!r} is neither {' nor '.join(choices)}")
    rights = cells.get("rights", "").lower().split()
    for word in rights:
        if word not in RIGHTS and rights != [NO_RIGHTS]:
            bad("rights", f"{word[:40]!r} is neither {' nor '.join((*RIGHTS, NO_RIGHTS))}")
    for column in ("mailbox", "active"):
        if cells.get(column, "").lower() not in YES | NO | {""}:
            bad(column, f"{cells[column][:40]!r} is neither yes nor no")
    secrets = Secrets(*(cells.get(column, "") for column in SECRET))
    _judge_secrets(secrets, extension, name, number, bad, allow_weak)
    return Enrolment(
        extension=extension,
        name=name,
        email=cells.get("email"),
        number=number if "number" in cells else None,
        site=cells.get("site"),
        role=cells.get("role", "").lower() or None,
        language=cells.get("language", "").lower() or None,
        rights=" ".join(name for name in RIGHTS if name in rights) if rights else None,
        mailbox=_yes(cells.get("mailbox", "")),
        active=_yes(cells.get("active", "")),
        secrets=secrets,
    )


def _yes(said: str) -> bool | None:
    """None for an empty cell."""
    return said.lower() in YES if said else None


def _judge_secrets(
    secrets: Secrets,
    extension: str,
    name: str,
    number: str,
    bad: Callable[[str, str], None],
    allow_weak: bool,
) -> None:
    for column, secret in (
        ("password", secrets.password),
        ("sip_password", secrets.sip_password),
    ):
        if len(secret) > credentials.LONGEST:
            bad(column, f"has more than {credentials.LONGEST} characters")
        elif secret and not allow_weak:
            for fault in credentials.password_faults(
                secret, extension=extension, name=name, number=number
            ):
                bad(column, fault.en)
    if not secrets.pin:
        return
    if allow_weak:
        if not re.fullmatch(r"[0-9]{4,10}", secrets.pin):
            bad("mailbox_pin", "is not 4 to 10 digits")
        return
    for fault in credentials.pin_faults(secrets.pin, extension=extension, number=number):
        bad("mailbox_pin", fault.en)


def _doubles(rows: list[Row]) -> list[BadRow]:
    """What may stand only once in a file."""
    faults: list[BadRow] = []
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        for column in ("extension", "number"):
            value = getattr(row.enrolment, column)
            if not value:
                continue
            first = seen.setdefault((column, value), row.line)
            if first != row.line:
                faults.append(BadRow(row.line, column, f"{value} is on line {first} too"))
    return faults
