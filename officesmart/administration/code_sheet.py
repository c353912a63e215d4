"""Short codes from and to CSV: a trial row by row, then all together or not at all.

The file is read as the lines' is (sheet.py); a code that is there already is changed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, select

from officesmart.administration import sheet as sheets
from officesmart.administration import short_codes
from officesmart.administration.audit import Author
from officesmart.administration.keeping import Refused
from officesmart.administration.rules import Fault
from officesmart.administration.short_codes import BOOK, CodeRow, CodeValues
from officesmart.cells import as_typed, plain
from pbx.tables import ShortCode

COLUMNS = ("code", "name", "number", "for_everybody")
SYNONYMS = {
    "code": ("codice", "codice breve", "short code"),
    "name": ("nome", "descrizione", "label"),
    "number": ("numero", "telefono", "phone", "destination"),
    "for_everybody": ("per tutti", "tutti", "for everybody", "everybody"),
}
YES = ("1", "x", "s", "si", "sì", "y", "yes", "true", "vero", "on")
MOST = 10_000  # rows
NO_COLUMNS = Fault(
    "Il file deve avere le colonne codice, nome e numero (e, se vuoi, per tutti)",
    "The file must have the columns code, name and number (and, if you like, for everybody)",
)
TOO_MANY = Fault(f"Più di {MOST} righe: dividi il file", f"More than {MOST} rows: split the file")


@dataclass(frozen=True, slots=True)
class Tried:
    """What one row would do."""

    line: int
    kind: str
    "'new', 'changed', 'same' or 'error'."
    values: CodeValues
    said: str
    "The code as the file has it."
    fault: Fault | None = None


def read(session: Session, content: bytes, *, latin: bool = False) -> list[Tried]:
    """What each row of a file would do. Raises sheet.Unreadable."""
    sheet = sheets.read(content, latin=latin)
    if len(sheet.rows) > MOST:
        raise sheets.Unreadable(TOO_MANY)
    columns = COLUMNS[: len(sheet.header)] if sheet.headless else _columns(sheet.header)
    if not {"code", "name", "number"} <= {*columns}:
        raise sheets.Unreadable(NO_COLUMNS)
    about = short_codes.around(session)
    known = {each.code: BOOK.read(each) for each in session.exec(select(ShortCode))}
    seen: dict[str, int] = {}
    tried = []
    for line, cells in sheet.rows:
        form: dict[str, object] = dict(zip(columns, cells, strict=False))
        form["name"] = as_typed(str(form.get("name", "")))
        form["for_everybody"] = str(form.get("for_everybody", "")).strip().casefold() in YES
        judged = short_codes.judge(form, prefix=about.prefix, extensions=about.extensions)
        values, code = judged.values, judged.values.code
        fault = next(iter(judged.faults.values()), None)
        if fault is None and code in seen:
            fault = Fault(
                f"{code} c'è già alla riga {seen[code]}: togli una delle due",
                f"{code} is on line {seen[code]} too: remove one of them",
            )
        seen.setdefault(code, line)
        if fault is None:
            fault = short_codes.against(about.plan, code, but=code if code in known else "")
        kind = "new" if code not in known else "same" if known[code] == values else "changed"
        said = str(form.get("code", ""))[:20]
        tried.append(Tried(line, kind if fault is None else "error", values, said, fault))
    return tried


def _columns(header: Sequence[str]) -> list[str]:
    chosen: list[str] = []
    for name in header:
        plain = name.strip().lower().replace("_", " ")
        means = next(
            (each for each in COLUMNS if plain in (each.replace("_", " "), *SYNONYMS[each])), ""
        )
        chosen.append(means if means not in chosen else "")
    return chosen


def take_over(session: Session, author: Author, tried: Sequence[Tried]) -> tuple[int, int]:
    """Make and change the codes of the right rows; answers how many of each.

    Raises Refused when the office has moved since the trial and one of them is taken now.
    """
    about = short_codes.around(session)
    rows = {each.code: each for each in session.exec(select(ShortCode))}
    made = changed = 0
    for each in tried:
        values = each.values
        if each.kind not in ("new", "changed"):
            continue
        row = rows.get(values.code)
        fault = short_codes.against(about.plan, values.code, but=values.code if row else "")
        if fault is not None:
            raise Refused({"": fault})
        before = BOOK.told(session, BOOK.read(row)) if row is not None else {}
        made, changed = made + (row is None), changed + (row is not None)
        row = row or ShortCode(code=values.code, name="", number="")
        row.name, row.number, row.for_everybody = values.name, values.number, values.for_everybody
        session.add(row)
        BOOK.note(session, author, "imported", values, before, BOOK.told(session, values))
    session.flush()
    return made, changed


def export(rows: Sequence[CodeRow]) -> str:
    """Every short code, as a file that the import reads."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow((row.title, plain(row.name), row.number, "1" if row.for_everybody else "0"))
    return out.getvalue()
